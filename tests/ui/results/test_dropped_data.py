"""Every odd way in which a picture can be dropped or pasted."""

from __future__ import annotations

import base64

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QImage

from tests.fakes import photo
from ui.results import dropped_data
from ui.results.model import as_mime


@pytest.fixture
def png() -> bytes:
    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(0x3366CC)
    return dropped_data.encode_png(image)


def of(**formats: bytes) -> QMimeData:
    data = QMimeData()
    for name, value in formats.items():
        data.setData(name.replace("__", "/").replace("_", "-"), QByteArray(value))
    return data


def raw(kind: str, value: bytes) -> QMimeData:
    data = QMimeData()
    data.setData(kind, QByteArray(value))
    return data


@pytest.mark.parametrize(
    "kind", ["image/png", "application/octet-stream", 'application/x-qt-windows-mime;value="FileContents"']
)
def test_encoded_bytes_under_any_name(png, kind):
    data = raw(kind, png)
    assert not data.hasImage()
    (part,) = dropped_data.read(data).pictures
    assert part.data == png


def test_bytes_that_are_no_picture_are_not_taken():
    assert not dropped_data.read(raw("application/octet-stream", b"hello" * 20))


def test_a_decoded_picture_is_left_for_later():
    data = QMimeData()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    data.setImageData(image)
    assert len(dropped_data.read(data).raw) == 1


def test_files_folders_and_documents(tmp_path, png):
    picture, folder, text = tmp_path / "Bild ä#1.PNG", tmp_path / "Ordner", tmp_path / "a.txt"
    picture.write_bytes(png)
    folder.mkdir()
    text.write_text("x")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) for p in (picture, folder, text, tmp_path / "gone.png")])
    found = dropped_data.read(data)
    assert [part.path for part in found.pictures] == [picture.as_posix()]
    assert found.folders == (str(folder),)
    assert found.files == (str(text),)


def test_a_picture_without_a_suffix_is_told_by_its_beginning(tmp_path, png):
    (tmp_path / "cache-entry").write_bytes(png)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "cache-entry"))])
    assert dropped_data.read(data).pictures


def test_files_copied_in_gnome(tmp_path, png):
    (tmp_path / "a.png").write_bytes(png)
    url = QUrl.fromLocalFile(str(tmp_path / "a.png")).toString()
    assert dropped_data.read(raw("x-special/gnome-copied-files", f"copy\n{url}".encode())).pictures


def test_an_address_from_firefox_in_utf16():
    data = raw("text/x-moz-url", "https://example.org/a.jpg\nA picture".encode("utf-16-le"))
    assert dropped_data.read(data).web == ("https://example.org/a.jpg",)


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_a_data_address_in_html(png, quote):
    data = QMimeData()
    address = "data:image/png;base64," + base64.b64encode(png).decode().rstrip("=" if not quote else "")
    address += "=" * (-len(address.split(",")[1]) % 4)
    data.setHtml(f"<meta charset=utf-8><p>hi<img alt=x src={quote}{address}{quote} width=4>")
    (part,) = dropped_data.read(data).pictures
    assert part.data == png


def test_a_file_address_in_html(tmp_path, png):
    (tmp_path / "a.png").write_bytes(png)
    data = QMimeData()
    data.setHtml(f'<img src="{QUrl.fromLocalFile(str(tmp_path / "a.png")).toString()}">')
    assert dropped_data.read(data).pictures


def test_a_web_picture_is_reported_not_fetched():
    data = QMimeData()
    data.setHtml('<img src="https://example.org/p.jpg?a=1&amp;b=2">')
    assert dropped_data.read(data).web == ("https://example.org/p.jpg?a=1&b=2",)


def test_bytes_win_over_the_web_address_beside_them(png):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/p.jpg")])
    data.setHtml('<img src="https://example.org/p.jpg">')
    data.setData("application/octet-stream", QByteArray(png))
    found = dropped_data.read(data)
    assert found.pictures
    assert not found.web


def test_a_path_as_text(tmp_path, png):
    (tmp_path / "a.png").write_bytes(png)
    data = QMimeData()
    data.setText(str(tmp_path / "a.png"))
    assert dropped_data.read(data).pictures


@pytest.mark.parametrize("text", ["dog on a\nbeach", "see https://example.org now", "/not/a/file here"])
def test_words_stay_words(text):
    data = QMimeData()
    data.setText(text)
    found = dropped_data.read(data)
    assert found.text == " ".join(text.split())
    assert not found.web


@pytest.mark.parametrize(
    "html", ["", "<img>", "<img src=''>", "<img src='data:image/png;base64,@@@'>", "<b>no picture"]
)
def test_html_without_a_picture_is_harmless(html):
    data = QMimeData()
    data.setHtml(html)
    assert not dropped_data.read(data).pictures


def test_library_items_come_back_as_units():
    found = dropped_data.read(as_mime([photo(1), photo(2)]))
    assert [part.unit_id for part in found.pictures] == ["u1", "u2"]
    assert found.thumbnails == ("photo-1", "photo-2")


def test_nothing_is_nothing():
    assert not dropped_data.read(QMimeData())
    assert not dropped_data.accepts(QMimeData())
