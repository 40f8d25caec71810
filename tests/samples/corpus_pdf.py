"""PDF documents with words in every place, written by hand: see `tests.samples.corpus`."""

# ruff: noqa: E501  markup as it stands in files

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.samples.pdf import assembled

Give = Callable[[str], str]


def _text(value: str) -> str:
    """A text string as PDF writes what is not ASCII: UTF-16 in hexadecimal."""
    return f"<feff{value.encode('utf-16-be').hex()}>"


def _shown(lines: list[str]) -> bytes:
    pieces = " T* ".join(f"({line}) Tj" for line in lines)
    content = f"BT /F1 12 Tf 16 TL 40 780 Td {pieces} ET".encode("cp1252")
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _pdf(path: Path, words: Give) -> Path:
    """Text, form fields, annotations, bookmarks, an attachment, document information."""
    annotations = [
        f"<< /Type /Annot /Subtype /Text /Rect [300 600 320 620] /Contents {_text(words('note'))} /T {_text(words('reviewer'))} >>",
        f"<< /Type /Annot /Subtype /FreeText /Rect [300 500 500 540] /Contents {_text(words('free text'))} /DA (/F1 12 Tf) >>",
        f"<< /Type /Annot /Subtype /Highlight /Rect [40 770 90 790] /QuadPoints [40 790 90 790 40 770 90 770] "
        f"/Contents {_text(words('highlight note'))} >>",
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V {_text(words('form value') + ' ' + words('form value'))} "
        "/DA (/F1 12 Tf 0 g) /Rect [40 300 240 320] /P 4 0 R >>",
        f"<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (city) /Opt [{_text(words('form choice'))}] "
        "/DA (/F1 12 Tf 0 g) /Rect [40 260 240 280] /P 4 0 R >>",
    ]
    choice = annotations[4]
    annotations[4] = choice.replace("/Opt", f"/V {choice[choice.index('[') + 1 : choice.index(']')]} /Opt")
    body = [" ".join(words("body") for _ in range(6)) for _ in range(6)]
    attached = words("attachment name")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [9 0 R 10 0 R] /DR << /Font << /F1 3 0 R >> >> "
        b"/DA (/F1 12 Tf 0 g) >> /Outlines 11 0 R /Names << /EmbeddedFiles << /Names [(a) 14 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R "
        b"/Annots [6 0 R 7 0 R 8 0 R 9 0 R 10 0 R] >>",
        _shown(body),
        *(annotation.encode() for annotation in annotations),
        b"<< /Type /Outlines /First 12 0 R /Last 12 0 R /Count 1 >>",
        f"<< /Title {_text(words('bookmark'))} /Parent 11 0 R /Dest [4 0 R /Fit] /First 13 0 R /Last 13 0 R /Count 1 >>".encode(),
        f"<< /Title {_text(words('bookmark'))} /Parent 12 0 R /Dest [4 0 R /Fit] >>".encode(),
        f"<< /Type /Filespec /F (file.csv) /UF {_text(attached + '.csv')} /EF << /F 15 0 R >> >>".encode(),
        b"<< /Type /EmbeddedFile /Length 3 >>\nstream\na;b\nendstream",
        f"<< /Title {_text(words('title'))} /Author {_text(words('author'))} /Subject {_text(words('subject'))} "
        f"/Keywords {_text(words('keyword') + ', ' + words('keyword'))} >>".encode(),
    ]
    path = path.with_suffix(".pdf")
    path.write_bytes(assembled(objects, info=True))
    return path


def _hyphens(path: Path, words: Give) -> Path:
    """A word broken at the end of a line."""
    broken = words("hyphenated")
    lines = [
        f"{words('body')} {broken[:4]}\u00ad",
        f"{broken[4:]} {words('body')}",
    ]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
        _shown(lines),
    ]
    path = path.with_suffix(".pdf")
    path.write_bytes(assembled(objects))
    return path


MAKERS = {"pdf": _pdf, "pdf hyphens": _hyphens}
