"""Documents of every kind give their text, PDF and slides by page; bad ones say why not."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.core.failures import DecodeError
from app.documents import find_on_page, read_document, render_page
from app.documents.plain import html_to_text
from app.pictures import Limits
from tests import samples

SENTENCE = "The boat leaves at noon."


def text_of(path: Path) -> str:
    return "\n".join(part.text for part in read_document(path).parts)


def _rtf(path: Path) -> Path:
    path.write_bytes(rb"{\rtf1\ansi\ansicpg1252{\info{\title A plan}} The boat leaves at {\b noon}.\par}")
    return path


def _html(path: Path) -> Path:
    path.write_text("<html><title>A plan</title><script>no()</script><p>The boat <b>leaves</b> at noon.")
    return path


def _markdown(path: Path) -> Path:
    path.write_text("---\ndate: 2024\n---\n# A plan\n\nThe boat leaves at noon.\n")
    return path


def _flat_odt(path: Path) -> Path:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="{office}">'
        "<office:meta><dc:title>A plan</dc:title><meta:generator>no()</meta:generator></office:meta>"
        "<office:body><office:text><text:p>The boat <text:span>leaves</text:span> at noon.</text:p>"
        "<office:binary-data>no()</office:binary-data></office:text></office:body></office:document>"
    )
    return path


def _e_book(path: Path) -> Path:
    path.write_text(
        '<?xml version="1.0"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><description>'
        "<title-info><book-title>A plan</book-title></title-info></description>"
        "<body><section><p>The boat leaves at noon.</p></section></body></FictionBook>"
    )
    return path


WRITERS: dict[str, Callable[[Path], Path]] = {
    "pdf": lambda path: samples.pdf(path, [SENTENCE], title="A plan"),
    "docx": lambda path: samples.docx(path, [SENTENCE], title="A plan"),
    "docm": lambda path: samples.docx(path, [SENTENCE], title="A plan"),
    "pptx": lambda path: samples.pptx(path, [SENTENCE], title="A plan"),
    "odt": lambda path: samples.odt(path, [SENTENCE], title="A plan"),
    "epub": lambda path: samples.epub(path, [SENTENCE], title="A plan"),
    "eml": lambda path: samples.eml(path, "A plan", SENTENCE),
    "msg": lambda path: samples.msg(path, "A plan", SENTENCE),
    "rtf": _rtf,
    "html": _html,
    "md": _markdown,
    "fodt": _flat_odt,
    "fb2": _e_book,
}


def test_old_word_and_excel(tmp_path: Path) -> None:
    word = samples.doc(tmp_path / "old.doc", f"{SENTENCE}\nСегодня хорошая погода.\n")
    assert text_of(word).split("\n")[0] == SENTENCE
    assert "Сегодня хорошая погода." in text_of(word)
    assert "Größe 1200.5" in text_of(samples.xls(tmp_path / "old.xls", [("Größe", 1200.5)]))


def test_an_old_document_without_a_word_is_no_failure(tmp_path: Path) -> None:
    assert text_of(samples.doc(tmp_path / "old.doc", "")) == ""


@pytest.mark.parametrize("ending", WRITERS)
def test_text_and_title_of_every_kind(tmp_path: Path, ending: str) -> None:
    path = WRITERS[ending](tmp_path / f"plan.{ending}")
    document = read_document(path)
    text = " ".join(" ".join(part.text for part in document.parts).split())
    assert SENTENCE in text
    assert document.title == "A plan"
    assert "no()" not in text
    assert "date: 2024" not in text


def test_cells_of_a_spreadsheet(tmp_path: Path) -> None:
    text = text_of(samples.xlsx(tmp_path / "costs.xlsx", [("Rent", 1200.5), ("Heating", None)]))
    assert all(word in text for word in ("Rent", "1200.5", "Heating"))


def test_a_mail_says_who_and_whom(tmp_path: Path) -> None:
    text = text_of(samples.eml(tmp_path / "mail.eml", "Grüße", "Bis bald", "Jörg <joerg@example.org>"))
    assert all(word in text for word in ("Grüße", "Jörg", "joerg@example.org", "bob@example.org", "Bis bald"))


def test_a_mail_is_found_by_what_is_attached(tmp_path: Path) -> None:
    letter = samples.docx(tmp_path / "Rental contract.docx", ["Two rooms with a balcony."])
    text = text_of(samples.eml(tmp_path / "mail.eml", "See attached", "As promised.", attachments=[letter]))
    assert "Rental contract.docx" in text
    assert "Two rooms with a balcony." in text


def test_a_web_page_saved_as_one_file(tmp_path: Path) -> None:
    path = tmp_path / "page.mhtml"
    path.write_bytes(
        b"From: <Saved by Blink>\r\nSubject: A plan\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n--B\r\n'
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<html><body><p>The boat leaves =\r\nat noon.</p></body></html>\r\n--B--\r\n"
    )
    assert SENTENCE in text_of(path)
    assert read_document(path).title == "A plan"


def test_pages_of_a_pdf_have_numbers_text_and_pictures(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["First page", "Second page", ""])
    document = read_document(path, picture_side=300)
    parts = list(document.parts)
    assert document.pages == 3
    assert [(part.page, part.text.strip()) for part in parts] == [(1, "First page"), (2, "Second page"), (3, "")]
    for part in parts:
        assert part.picture is not None
        assert (part.picture.mode, min(part.picture.size)) == ("RGB", 300)
    assert [np.asarray(part.picture).min() < 128 for part in parts] == [True, True, False]


def test_slides_have_numbers(tmp_path: Path) -> None:
    document = read_document(samples.pptx(tmp_path / "talk.pptx", ["Öffnung", "Schluß"]))
    assert document.pages == 2
    assert [(part.page, part.text.strip()) for part in document.parts] == [(1, "Öffnung"), (2, "Schluß")]


def test_only_the_first_pages_become_pictures(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "long.pdf", [f"Page {number}" for number in range(40)])
    parts = list(read_document(path, limits=Limits(page_pictures=3)).parts)
    assert [part.picture is not None for part in parts] == [True] * 3 + [False] * 37
    assert parts[39].text.strip() == "Page 39"


def test_a_walk_through_a_document_may_end_early(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "long.pdf", [f"Page {number}" for number in range(40)])
    document = read_document(path)
    assert len(list(itertools.islice(document.parts, 2))) == 2


def test_bytes_do_as_well_as_a_path(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["Hello"])
    document = read_document("named.pdf", data=path.read_bytes())
    assert [part.text.strip() for part in document.parts] == ["Hello"]


def test_names_that_are_not_text(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / 'caf\udce9 "quoted"\n.pdf', ["Hello"])
    assert text_of(path).strip() == "Hello"
    assert render_page(path, 1, 100).height == 100


def test_a_word_document_that_is_really_a_web_page(tmp_path: Path) -> None:
    assert SENTENCE in text_of(_html(tmp_path / "export.doc"))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_words_are_found_where_they_are_drawn(tmp_path: Path, rotate: int) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["Some words before\nthe Invoice number"], rotate=rotate)
    (box,) = find_on_page(path, 1, ["invoice", "missing", " "])
    picture = render_page(path, 1, 1200).convert("L")
    width, height = picture.size
    left, top, right, bottom = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    inside = np.asarray(picture.crop((int(left), int(top), int(right) + 1, int(bottom) + 1)))
    assert inside.min() < 100
    assert (right - left) * (bottom - top) < 0.01 * width * height
    assert (right - left > bottom - top) == (rotate in (0, 180))


def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["Hello"])
    with pytest.raises(DecodeError):
        render_page(path, 2, 100)
    with pytest.raises(FileNotFoundError):
        read_document(tmp_path / "gone.pdf")


def test_a_page_as_long_as_a_till_roll_is_bounded(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["Hello"], size=(20, 14000))
    (part,) = read_document(path, picture_side=300).parts
    assert part.picture is not None
    assert max(part.picture.size) <= 8 * 300 + 1


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Schöne Grüße aus Köln, bis bald – Jörg", "cp1252"),
        ("Schöne Grüße", "utf-8"),
        ("Schöne Grüße", "utf-8-sig"),
        ("Schöne Grüße", "utf-16"),
        ("Сегодня хорошая погода, и мы идём гулять.", "cp1251"),
        ("今日は天気がいい。散歩に行きましょう。", "shift_jis"),
        ("今天天气很好，我们去公园散步吧。", "gb18030"),
        ("plain", "ascii"),
    ],
)
def test_text_in_the_encodings_of_its_time(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(text.encode(encoding))
    assert text_of(path) == text


def test_web_pages_as_they_are_written() -> None:
    title, text = html_to_text(
        "<html><head><title>A &amp; B</title><style>p{}</style><body><p>One<p>Two &eacute;<ul><li>x<li>y</ul>"
        "<table><tr><td>1<td>2</table><img alt='a cat'><!-- no --><br/>end<script>var a = '<p>no</p>'</script>"
    )
    assert title == "A & B"
    assert text.split() == ["One", "Two", "é", "x", "y", "|", "1", "|", "2", "a", "cat", "end"]


def test_text_beyond_the_limit_is_cut_and_not_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("line of a log\n" * 10_000)
    (part,) = read_document(path, limits=Limits(characters=1000)).parts
    assert len(part.text) == 1000


def test_a_pdf_with_one_broken_page_keeps_the_others(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["one", "two", "three"])
    data = path.read_bytes().replace(b"6 0 obj\n<< /Type /Page ", b"6 0 obj\n<< /Type /Nope ")
    path.write_bytes(data)
    pages = {part.page: part.text.strip() for part in read_document(path).parts}
    assert pages[1] == "one"
    assert pages[3] == "three"
