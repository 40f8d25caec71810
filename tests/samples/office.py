"""Office files, e-books and mail."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any


def docx(path: Path, paragraphs: Sequence[str] = ("Hello",), *, title: str = "") -> Path:
    import docx as python_docx

    document = python_docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def pptx(path: Path, slides: Sequence[str] = ("Hello",), *, title: str = "") -> Path:
    import pptx as python_pptx

    presentation = python_pptx.Presentation()
    presentation.core_properties.title = title
    for text in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        slide.shapes.title.text = text
    presentation.save(str(path))
    return path


def xlsx(path: Path, rows: Sequence[Sequence[Any]] = (("Rent", 1200),)) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def archive(path: Path, files: dict[str, str | bytes], *, compress: bool = True) -> Path:
    """A ZIP file: the shell of Office, ODF and EPUB."""
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def odt(path: Path, paragraphs: Sequence[str] = ("Hello",), *, title: str = "", locked: bool = False) -> Path:
    """An OpenDocument text; `locked`: as with a password."""
    office, text = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    return archive(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body>'
            f"<office:text>{body}</office:text></office:body></office:document-content>",
            "meta.xml": f'<office:document-meta xmlns:office="{office}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<office:meta><dc:title>{title}</dc:title></office:meta></office:document-meta>",
            "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>" if locked else "<manifest/>",
        },
    )


def epub(path: Path, chapters: Sequence[str] = ("Hello",), *, title: str = "A book") -> Path:
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
        "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for n, chapter in enumerate(chapters):
        files[f"c{n}.xhtml"] = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{chapter}</p></body></html>'
    return archive(path, files)


def eml(
    path: Path,
    subject: str = "Hello",
    body: str = "Hello",
    sender: str = "Anna <anna@example.org>",
    attachments: Sequence[Path] = (),
) -> Path:
    """A mail as it is sent and saved."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "Bob <bob@example.org>", subject
    mail["Date"] = "Mon, 01 Jan 2024 10:00:00 +0100"
    mail.set_content(body)
    for attachment in attachments:
        mail.add_attachment(
            attachment.read_bytes(), maintype="application", subtype="octet-stream", filename=attachment.name
        )
    path.write_bytes(mail.as_bytes())
    return path
