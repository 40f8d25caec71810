"""Every word that a person sees in a document is read, and nothing else is."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.core.failures import DecodeError
from app.documents import read_document
from app.documents.document import searchable
from app.documents.number_formats import shown
from tests import samples
from tests.samples.corpus import MAKERS, Specimen, corpus
from tests.samples.corpus_office import add_parts
from tests.samples.pdf import assembled
from tests.samples.recall import Recall


def _text(path: Path) -> str:
    return "\n".join(part.text for part in read_document(path).parts)


@pytest.fixture(scope="module")
def specimens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Specimen]:
    folder = tmp_path_factory.mktemp("corpus")
    return {specimen.kind: specimen for specimen in corpus(folder, len(MAKERS), seed=2)}


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_all_words_of_a_document_and_no_others(specimens: dict[str, Specimen], kind: str) -> None:
    recall = Recall()
    recall.add(specimens[kind])
    assert (recall.missing, recall.false) == ({}, [])


def _docx(path: Path, body: str, parts: dict[str, tuple[str, str, str]] | None = None) -> Path:
    """A Word file with this markup in its body."""
    samples.docx(path, [])
    with zipfile.ZipFile(path) as old:
        content: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    xml = bytes(content["word/document.xml"]).decode()  # type: ignore[arg-type]
    start = xml.index("<w:body>") + len("<w:body>")
    content["word/document.xml"] = xml[:start] + body + xml[start:]
    samples.archive(path, content)
    return add_parts(path, "word/document.xml", parts) if parts else path


def _run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(_run("<w:t>one</w:t><w:tab/><w:t>two</w:t>"), ["one", "two"], id="tab"),
        pytest.param(_run("<w:t>one</w:t><w:ptab/><w:t>two</w:t>"), ["one", "two"], id="tab to a position"),
        pytest.param(_run("<w:t>one</w:t><w:br w:type='page'/><w:t>two</w:t>"), ["one", "two"], id="page break"),
        pytest.param(_run("<w:t>one</w:t><w:cr/><w:t>two</w:t>"), ["one", "two"], id="carriage return"),
        pytest.param(_run("<w:t>R&amp;D &lt;x&gt; 5&#x3E;3</w:t>"), ["R&D", "<x>", "5>3"], id="entities"),
        pytest.param(_run("<w:t>Kraft\u00adfahr</w:t><w:softHyphen/><w:t>zeug</w:t>"), ["Kraftfahrzeug"], id="soft"),
        pytest.param(_run("<w:t>zero\u200bwidth\u2060joined\ufeffhere</w:t>"), ["zerowidthjoinedhere"], id="zero"),
        pytest.param(
            "<w:p><w:r><w:t>split</w:t></w:r><w:r><w:t>ted</w:t></w:r></w:p>", ["splitted"], id="a word in two runs"
        ),
        pytest.param(
            "<w:p><w:ruby><w:rt><w:r><w:t>tou</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東</w:t></w:r></w:rubyBase></w:ruby>"
            "<w:r><w:t>京</w:t></w:r></w:p>",
            ["東京"],
            id="readings above a word",
        ),
        pytest.param(
            "<w:p><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t>"
            "</w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:r><w:t>kept</w:t></w:r></w:p>",
            ["kept"],
            id="moved away, hidden and deleted",
        ),
        pytest.param(
            _run("<w:fldChar w:fldCharType='begin'/><w:instrText>DATE</w:instrText><w:t>Friday</w:t>"), ["Friday"],
            id="a field shows its result",
        ),
        pytest.param("<w:p><w:fldSimple w:instr='X'><w:r><w:t>simple</w:t></w:r></w:fldSimple></w:p>", ["simple"]),
    ],
)  # fmt: skip
def test_word_markup(tmp_path: Path, body: str, words: list[str]) -> None:
    assert _text(_docx(tmp_path / "a.docx", body)).replace("python-docx", "").split() == words


def test_a_text_box_is_read_once_and_does_not_cut_its_paragraph(tmp_path: Path) -> None:
    inner = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    body = (
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><w:t>be</w:t></w:r><w:r>'
        f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>fore</w:t></w:r></w:p>"
    )
    assert _text(_docx(tmp_path / "a.docx", body)).split()[:2] == ["before", "boxed"]


def test_a_header_that_stands_on_every_kind_of_page_is_read_once(tmp_path: Path) -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    header = f'<w:hdr xmlns:w="{w}"><w:p><w:r><w:t>letterhead</w:t></w:r></w:p></w:hdr>'
    parts = {f"word/header{n}.xml": ("wordprocessingml.header", "header", header) for n in range(3)}
    assert _text(_docx(tmp_path / "a.docx", "", parts)).split().count("letterhead") == 1


@pytest.mark.parametrize("tag", ["!DOCTYPE x [<!ENTITY a 'b'>]", "!DOCTYPE x SYSTEM 'file:///etc/passwd'"])
def test_entities_are_never_expanded(tmp_path: Path, tag: str) -> None:
    path = samples.archive(
        tmp_path / "a.docx", {"[Content_Types].xml": "<Types/>", "word/document.xml": f"<{tag}><x>&a;</x>"}
    )
    with pytest.raises(DecodeError):
        read_document(path)


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        ("45368", "dd.mm.yyyy", "17.03.2024"),
        ("45368", "DD/MM/YY", "17/03/24"),
        ("45368.5", "d. mmmm yyyy h:mm", "17. March 2024 12:00"),
        ("45368.75", "m/d/yy h:mm AM/PM", "3/17/24 6:00 PM"),
        ("45368", '[$-407]dddd", "d/m/yy;@', "Sunday, 17/3/24"),
        ("0.5", "[h]:mm", "12:00"),
        ("1.25", "[h]:mm:ss", "30:00:00"),
        ("60", "yyyy-mm-dd", "1900-02-28"),
        ("0.19", "0%", "19%"),
        ("0.195", "0.0%", "19.5%"),
        ("1234.5", "#,##0.00", "1234.5"),
        ("0.30000000000000004", "", "0.3"),
        ("4915112345678", "General", "4915112345678"),
        ("-1", "dd.mm.yyyy", "-1"),
        ("99999999", "dd.mm.yyyy", "99999999"),
        ("#REF!", "0", "#REF!"),
    ],
)
def test_numbers_as_a_sheet_shows_them(number: str, code: str, expected: str) -> None:
    assert shown(number, code) == expected


def test_dates_that_count_from_1904() -> None:
    assert shown("43906", "dd.mm.yyyy", from_1904=True) == "17.03.2024"


def test_a_mail_has_its_own_date(tmp_path: Path) -> None:
    assert read_document(samples.eml(tmp_path / "a.eml")).written_at == datetime(
        2024, 1, 1, 10, tzinfo=timezone(timedelta(hours=1))
    )


@pytest.mark.parametrize("date", [b"yesterday", b"", b"Mon, 99 Jan 2024 10:00:00", b"Thu, 01 Jan 1902 00:00:00 +0000"])
def test_a_mail_without_a_date_that_can_be(tmp_path: Path, date: bytes) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(b"Subject: x\r\nDate: " + date + b"\r\n\r\nbody\r\n")
    document = read_document(path)
    assert document.written_at is None
    assert "body" in "".join(part.text for part in document.parts)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?q?_aus?= Wien\r\n", "Grüße aus Wien"),
        ("Subject: Straßenfest\r\n", "Straßenfest"),
        ("Subject: first line\r\n second line\r\n", "first line second line"),
        ("Subject: =?gb2312?B?x+vXsg==?=\r\n", "请撞"),
        ("Subject: =?nonsense?Q?abc?=\r\n", "abc"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_subjects_of_mails(tmp_path: Path, head: str, words: str, encoding: str) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(f"{head}From: a@example.org\r\n\r\nbody\r\n".encode(encoding))
    assert f"Subject: {words}\n" in _text(path)


def test_chapters_with_percent_encoded_names(tmp_path: Path) -> None:
    specimen = next(s for s in corpus(tmp_path, len(MAKERS)) if s.kind == "epub")
    assert len([part for part in read_document(specimen.path).parts if part.text.strip()]) == 4


def test_columns_of_a_pdf_are_read_one_after_the_other(tmp_path: Path) -> None:
    rows = [("Alpha the gardener", "Beta the mechanic"), ("planted seventeen", "repaired a violet")]
    rows += [("tulips beside the", "bicycle near the"), ("old brick wall", "harbour crane")]
    text = " ".join(
        f"1 0 0 1 {x} {780 - 20 * n} Tm ({cell}) Tj"
        for n, row in enumerate(rows)
        for x, cell in zip((50, 300), row)  # noqa: B905
    )
    path = tmp_path / "a.pdf"
    path.write_bytes(_page(text))
    read = _text(path)
    assert "violet\nbicycle" in read
    assert "gardener Beta" not in read


def test_rows_of_a_table_stay_together(tmp_path: Path) -> None:
    rows = [("Rent", "1200"), ("Heating", "85"), ("Water", "17"), ("Electricity", "96"), ("Internet", "30")]
    text = " ".join(
        f"1 0 0 1 {x} {780 - 20 * n} Tm ({cell}) Tj"
        for n, row in enumerate(rows)
        for x, cell in zip((50, 300), row)  # noqa: B905
    )
    path = tmp_path / "a.pdf"
    path.write_bytes(_page(text))
    assert "Heating 85" in _text(path)


def _page(content: str) -> bytes:
    stream = f"BT /F1 12 Tf {content} ET".encode("cp1252")
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents 5 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    )


_BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAUA"


@pytest.mark.parametrize(
    "noise",
    [
        f"![x](data:image/png;base64,{_BASE64 * 400_000})",
        _BASE64 * 400_000,
        "\n".join([_BASE64 * 2 + _BASE64[:20]] * 20_000) + "\n" + _BASE64,
        "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22" + "%20x" * 1_000_000,
        "ä" * 5_000_000,
        "x.y," * 100_000,
    ],
    ids=["picture in a note", "one long line", "lines of equal length", "drawing", "one letter", "points and commas"],
)
def test_data_in_a_note_is_no_text(tmp_path: Path, noise: str) -> None:
    path = tmp_path / "note.md"
    path.write_text(f"Intro about a heron.\n\n{noise}\n\nClosing words about a grebe.\n", "utf-8")
    words = _text(path).split()  # runs into the time limit of tests, where any of it is quadratic
    assert words[:4] == ["Intro", "about", "a", "heron."]
    assert words[-4:] == ["words", "about", "a", "grebe."]
    assert max(map(len, words)) < 1000


def test_long_addresses_keep_their_words() -> None:
    address = "https://example.org/" + "-".join(["garden", "spring", "onion"] * 12)
    assert "onion" in searchable(f"See {address} there")


@pytest.mark.parametrize(
    "markup",
    ["<a" * 300_000, "<!--" * 200_000, "<![CDATA[" * 200_000, "&#" * 300_000, "<p " * 200_000, "<" * 300_000,
     "</" * 200_000, "<?" * 200_000, "<script>" * 100_000, '<a href="' * 200_000],
)  # fmt: skip
def test_broken_pages_are_read_in_time_that_grows_with_their_size(tmp_path: Path, markup: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<p>begin</p>{markup}")
    assert "begin" in _text(path)  # runs into the time limit of tests, where it is quadratic


def test_a_million_cells_are_read_piece_by_piece(tmp_path: Path) -> None:
    path = samples.xlsx(tmp_path / "a.xlsx", [["first", 1]])
    with zipfile.ZipFile(path) as old:
        content: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    row = '<row><c t="inlineStr"><is><t>wombat</t></is></c><c><v>7</v></c></row>'
    sheet = bytes(content["xl/worksheets/sheet1.xml"]).decode()  # type: ignore[arg-type]
    content["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", row * 20_000 + "</sheetData>")
    parts = read_document("a.xlsx", data=samples.archive(tmp_path / "b.xlsx", content).read_bytes()).parts
    first = next(parts)
    assert "wombat" in first.text
    assert len(first.text) < 300_000
    assert sum(part.text.count("wombat") for part in parts) + first.text.count("wombat") == 20_000


def test_a_comic_book_is_pages_with_pictures(tmp_path: Path) -> None:
    out = io.BytesIO()
    samples.photo(size=(90, 60)).save(out, "JPEG")
    pages: dict[str, str | bytes] = {f"page {n}.jpg": out.getvalue() for n in (10, 9, 1)}
    document = read_document(samples.archive(tmp_path / "a.cbz", {**pages, "page 2.jpg": b"broken", "info.txt": "x"}))
    assert document.pages == 4
    assert [part.page for part in document.parts if part.picture is not None] == [1, 3, 4]


def test_what_a_chart_counts_is_no_word(tmp_path: Path) -> None:
    specimen = next(s for s in corpus(tmp_path, len(MAKERS)) if s.kind == "docx")
    assert "4.3" not in _text(specimen.path)
    assert "General" not in _text(specimen.path)
