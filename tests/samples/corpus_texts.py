"""Texts, web pages, mail and the like with words in every place: see `tests.samples.corpus`."""

# ruff: noqa: E501  markup as it stands in files

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from tests.samples.office import docx

Give = Callable[[str], str]
_NOISE = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAAAUA" * 400


def _body(words: Give, count: int = 40) -> str:
    given = [words("body") for _ in range(count)]
    return ".\n".join(" ".join(given[start : start + 8]) for start in range(0, count, 8)) + ".\n"


def _encoded(encoding: str) -> Callable[[Path, Give], Path]:
    def make(path: Path, words: Give) -> Path:
        path = path.with_suffix(".txt")
        path.write_bytes(_body(words).encode(encoding))
        return path

    return make


def _markdown(path: Path, words: Give) -> Path:
    path = path.with_suffix(".md")
    text = (
        f"---\ntitle: {words('title')}\ntags: [{words('keyword')}, {words('keyword')}]\n---\n# {words('heading')}\n\n"
    )
    text += f"{_body(words)}\n- **{words('list')}**\n- [{words('link')}](https://example.org)\n\n"
    text += (
        f"![{words('alternative')}]({_NOISE})\n\n| {words('cell')} | {words('cell')} |\n|---|---|\n\n{_body(words, 8)}"
    )
    path.write_text(text, "utf-8")
    return path


def _html(path: Path, words: Give) -> Path:
    path = path.with_suffix(".html")
    soft = words("soft hyphen")
    text = f"<html><head><meta charset=iso-8859-1><title>{words('title')}</title>"
    text += f'<meta name="keywords" content="{words("keyword")}"><meta name=description content="{words("remark")}">'
    text += "<style>p{color:red}</style><script>var hidden = 'x'</script></head><body>"
    text += f"<h1>{words('heading')}</h1><p>{_body(words)}<p>{words('entity')}&amp;{words('entity')}"
    text += f"<p>{soft[:4]}&shy;{soft[4:]}<ul><li>{words('list')}<li>{words('list')}</ul><table><tr><td>{words('cell')}"
    text += f"<td>{words('cell')}</table><img alt='{words('alternative')}' src='{_NOISE}'><!-- comment -->"
    text += f"<textarea>{words('form value')}</textarea></body></html>"
    path.write_bytes(text.encode("cp1252"))
    return path


def _csv(path: Path, words: Give) -> Path:
    path = path.with_suffix(".csv")
    rows = [f"{words('cell')};{words('cell')};{words('cell')}" for _ in range(12)]
    path.write_bytes("\r\n".join(rows).encode("cp1252"))
    return path


def _eml(path: Path, words: Give) -> Path:
    path = path.with_suffix(".eml")
    mail = EmailMessage()
    mail["Subject"], mail["From"] = f"{words('title')} {words('title')}", f"{words('sender')} <a@example.org>"
    mail["To"], mail["Cc"] = f"{words('receiver')} <b@example.org>", f"{words('receiver')} <c@example.org>"
    mail["Date"] = "Tue, 02 Jan 2018 10:00:00 +0100"
    text = _body(words)
    mail.set_content(text, cte="base64")
    mail.add_alternative(f"<html><body><p>{text}</p></body></html>", subtype="html")
    attached = path.with_suffix(".tmp.docx")
    data = docx(attached, [words("attached document")]).read_bytes()
    attached.unlink()
    mail.add_attachment(
        data, maintype="application", subtype="octet-stream", filename=f"{words('attachment name')}.docx"
    )
    picture = f"{words('attachment name')}.jpg"
    mail.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename=picture)
    inner = EmailMessage()
    inner["Subject"], inner["From"] = words("forwarded subject"), "d@example.org"
    inner.set_content(words("forwarded"))
    mail.add_attachment(inner)
    path.write_bytes(mail.as_bytes())
    return path


def _latin_mail(path: Path, words: Give) -> Path:
    path = path.with_suffix(".eml")
    head = f"Subject: {words('title')}\r\nFrom: {words('sender')} <a@example.org>\r\nContent-Type: text/plain\r\n\r\n"
    path.write_bytes((head + _body(words)).encode("cp1252"))
    return path


def _mhtml(path: Path, words: Give) -> Path:
    path = path.with_suffix(".mht")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "<Saved by a browser>", words("title")
    mail.set_content(f"<html><body><p>{_body(words)}</p></body></html>", subtype="html", cte="quoted-printable")
    mail.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<x>")
    path.write_bytes(mail.as_bytes())
    return path


def _mbox(path: Path, words: Give) -> Path:
    path = path.with_suffix(".mbox")
    mails = []
    for _ in range(3):
        mail = EmailMessage()
        mail["Subject"], mail["From"] = words("title"), f"{words('sender')} <a@example.org>"
        mail.set_content(_body(words, 8))
        mails.append(b"From a@example.org Mon Jan  1 00:00:00 2024\n" + mail.as_bytes())
    path.write_bytes(b"\n".join(mails))
    return path


def _ics(path: Path, words: Give) -> Path:
    path = path.with_suffix(".ics")
    folded = words("description")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//y//EN",
        "BEGIN:VEVENT",
        "UID:0000-1111",
        "DTSTAMP:20240101T000000Z",
    ]
    lines += [f"SUMMARY;LANGUAGE=de:{words('summary')}\\, {words('summary')}", f"LOCATION:{words('location')}"]
    lines += [f"DESCRIPTION:{words('description')}\\n{folded[:4]}", f" {folded[4:]}"]
    lines += [
        f"ATTENDEE;CN={words('attendee')};RSVP=TRUE:mailto:a@example.org",
        "DTSTART;TZID=Europe/Berlin:20240317T100000",
    ]
    path.write_text("\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]), "utf-8", newline="")
    return path


def _vcf(path: Path, words: Give) -> Path:
    path = path.with_suffix(".vcf")
    first, last = words("name"), words("name")
    quoted = "".join(f"={byte:02X}" for byte in words("remark").encode())
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{last};{first};;;", f"FN:{first} {last}", f"ORG:{words('organization')}"]
    lines += [
        f"ADR;TYPE=HOME:;;{words('street')} 5;{words('city')};;12345;",
        f"NOTE;ENCODING=QUOTED-PRINTABLE:{quoted}",
    ]
    lines += ["PHOTO;ENCODING=b;TYPE=JPEG:" + "/9j/4AAQSkZJRgABAQAAAQABAAD" * 20, "END:VCARD", ""]
    path.write_text("\r\n".join(lines), "utf-8", newline="")
    return path


def _srt(path: Path, words: Give) -> Path:
    path = path.with_suffix(".srt")
    blocks = [
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},500\n<i>{words('said')}</i> {words('said')}\n"
        for n in range(1, 12)
    ]
    path.write_bytes("\n".join(blocks).encode("cp1252"))
    return path


def _json(path: Path, words: Give) -> Path:
    path = path.with_suffix(".json")
    items = [
        {words("key"): words("value"), "x": [words("value"), {words("key"): f"{words('value')} {words('value')}"}]}
    ]
    path.write_text(json.dumps({words("key"): items * 1, "x": _NOISE}), "ascii")
    return path


def _log(path: Path, words: Give) -> Path:
    path = path.with_suffix(".log")
    path.write_text("\n".join(f"2024-01-01 10:00:00 {words('message')} {words('message')}" for _ in range(10)), "utf-8")
    return path


def _fb2(path: Path, words: Give) -> Path:
    path = path.with_suffix(".fb2")
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><description>'
        f"<title-info><author><first-name>{words('author')}</first-name></author><book-title>{words('title')}</book-title>"
        f"</title-info></description><body><section><title><p>{words('heading')}</p></title><p>{_body(words)}</p></section>"
        f'</body><binary id="a.jpg" content-type="image/jpeg">{"/9j/4AAQSkZJRgABAQAAAQABAAD" * 50}</binary></FictionBook>',
        "utf-8",
    )
    return path


def djvu(path: Path, text: str) -> Path:
    """A DjVu page without a picture, with a text layer that is not compressed. Lizardtech's DjVu 3 specification."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack(">I", len(content)) + content + b"\0" * (len(content) % 2)

    info = struct.pack(">HH", 300, 400) + bytes((24, 0)) + struct.pack("<H", 300) + bytes((22, 1))
    layer = text.encode()
    page = b"DJVU" + chunk(b"INFO", info) + chunk(b"TXTa", len(layer).to_bytes(3, "big") + layer + b"\1")
    path.write_bytes(b"AT&T" + chunk(b"FORM", page))
    return path


def _djvu(path: Path, words: Give) -> Path:
    return djvu(path.with_suffix(".djvu"), _body(words))


MAKERS = {
    **{f"txt {name}": _encoded(name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "mac-roman")},
    "md": _markdown, "html": _html, "csv": _csv, "eml": _eml, "eml 8 bit": _latin_mail, "mht": _mhtml, "mbox": _mbox,
    "ics": _ics, "vcf": _vcf, "srt": _srt, "json": _json, "log": _log, "fb2": _fb2, "djvu": _djvu,
}  # fmt: skip
