"""docs/formats.md, made from the one list of formats that the program has.

python -m tests.format_table
"""

from __future__ import annotations

from pathlib import Path

from app.core.records import Kind
from app.files.types import FORMATS, kind_of

PAGE = Path(__file__).parent.parent / "docs" / "formats.md"
DESCRIBED = {
    "jpeg": ("JPEG", "picture, EXIF, XMP, IPTC, comment; the first of several pictures (MPO)"),
    "png": ("PNG", "picture (the first frame), EXIF, XMP, texts"),
    "webp": ("WebP", "picture (the first frame), EXIF, XMP"),
    "gif": ("GIF", "picture (the first frame), comment"),
    "tiff": ("TIFF, BigTIFF", "picture (the first page) of 1 to 64 bits, floating point, planes; EXIF, XMP, IPTC"),
    "bmp": ("BMP", "picture"),
    "avif": ("AVIF", "picture (the first frame), EXIF, XMP"),
    "heic": ("HEIC, HEIF", "picture, EXIF, XMP"),
    "jpeg2000": ("JPEG 2000", "picture"),
    "jpegxl": ("JPEG XL", "picture, EXIF, XMP; not on Linux with ARM processors"),
    "photoshop": ("Photoshop", "merged picture or preview, XMP, IPTC; no layers"),
    "svg": ("SVG", "drawing, title, words"),
    "targa": ("Targa", "picture"),
    "netpbm": ("PPM, PGM, PBM", "picture"),
    "raw": ("Camera RAW", "embedded preview, else a quick development; EXIF, XMP"),
    "word": ("Word", "body, headers, footers, notes, comments, text boxes, controls, charts, diagrams, properties"),
    "excel": ("Excel", "cells as shown, hidden sheets, comments, text boxes, charts, headers, properties"),
    "powerpoint": ("PowerPoint", "slides, tables, charts, diagrams, notes, comments, properties"),
    "opendocument": (
        "OpenDocument",
        "body, headers, notes, annotations, text boxes, charts, forms, properties",
    ),
    "rtf": ("RTF", "text, properties"),
    "iwork": ("Pages, Numbers, Keynote", "the preview: pages as pictures, text where it is a PDF"),
    "text": ("Text", "text in some thirty charsets"),
    "markdown": ("Markdown", "text; title, tags, author of the front matter"),
    "csv": ("CSV, TSV", "text"),
    "json": ("JSON", "names and values; Google Takeout's belong to their photos"),
    "subtitles": ("Subtitles", "what is said"),
    "calendar": ("Calendar", "summaries, descriptions, places, people, dates"),
    "contacts": ("Contacts", "names, addresses, notes"),
    "mailbox": ("Mailbox", "as mail, mail after mail"),
    "pdf": ("PDF", "text and pictures of pages, form values, comments, bookmarks, names of attachments, properties"),
    "djvu": ("DjVu", "text and pictures of pages"),
    "epub": ("EPUB", "chapters, title, author, subjects"),
    "fb2": ("FictionBook", "text, title, author"),
    "comic": ("Comic book", "pages as pictures"),
    "html": ("Web page", "title, text, alternative texts, description"),
    "xml": ("XML", "text"),
    "mail": ("Mail", "subject, people, date, text, names and text of attachments"),
}


_MADE = "Made from the program's list of formats (`app/files/types.py`) by `python -m tests.format_table`."
_TOLD = "Files are told by their content, whatever their ending. What is not read is counted in `semblance status`."


def page() -> str:
    """The page as it should stand in docs/."""
    lines = ["# Formats", "", _MADE, ""]
    for kind, title in ((Kind.PHOTO, "Photos"), (Kind.DOCUMENT, "Documents")):
        lines += [f"## {title}", "", "| `type:` | format | endings | what is read |", "|---|---|---|---|"]
        for name, endings in FORMATS.items():
            if kind_of(f"x.{min(endings)}") is kind:
                called, read = DESCRIBED[name]
                lines.append(f"| {name} | {called} | {' '.join(sorted(endings))} | {read} |")
        lines.append("")
    lines.append(_TOLD)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
