"""Mail as it is sent and saved (.eml, .mht, .mbox): headers, text, what is attached. RFC 5322, 2045-2049, 2557."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from app.documents.charsets import decode
from app.documents.document import Document, DocumentPart, tidy_title
from app.documents.plain import decode_markup, html_to_text

_SHOWN = ("Subject", "From", "To", "Cc", "Date")
_DEEPEST = 4
_ENVELOPE = re.compile(rb"^From [^\r\n]*\r?\n(?=[A-Za-z-]+:)", re.MULTILINE)

ReadAttached = Callable[[str, bytes], str]
"""The text of an attached document, by its name and bytes; empty where there is none."""


@dataclass
class _Letter:
    """What was found in a mail so far."""

    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def read_mail(data: bytes, read_attached: ReadAttached) -> Document:
    """One mail, or a web page saved as one."""
    message = _parsed(data)
    return Document(
        title=tidy_title(_header(message, "Subject")),
        pages=None,
        parts=iter([DocumentPart(None, _text(message, read_attached, 0))]),
        written_at=_date(message),
    )


def read_mailbox(data: bytes, read_attached: ReadAttached) -> Document:
    """A mailbox: mail after mail."""
    envelopes = list(_ENVELOPE.finditer(data))
    starts = [match.end() for match in envelopes] or [0]
    ends = [*(match.start() for match in envelopes[1:]), len(data)]

    def parts() -> Iterator[DocumentPart]:
        for start, end in zip(starts, ends, strict=True):
            yield DocumentPart(None, _text(_parsed(data[start:end]), read_attached, 0))

    return Document(title=None, pages=None, parts=parts())


def _parsed(data: bytes) -> Message:
    return BytesParser(policy=email.policy.compat32).parsebytes(data)


def _text(message: Message, read_attached: ReadAttached, depth: int) -> str:
    head = [f"{name}: {value}" for name in _SHOWN if (value := _header(message, name))]
    letter = _Letter()
    _collect(message, letter, read_attached, depth)
    return "\n\n".join(["\n".join(head), *letter.texts, *(f"{name}." for name in letter.names)])


def _collect(message: Message, letter: _Letter, read_attached: ReadAttached, depth: int) -> None:
    if depth > _DEEPEST:
        return
    kind, name = message.get_content_type(), _file_name(message)
    if name:
        letter.names.append(name)
    if message.is_multipart():
        parts = [part for part in message.get_payload() if isinstance(part, Message)]
        if kind == "message/rfc822":
            letter.texts.extend(_text(part, read_attached, depth + 1) for part in parts)
            return
        for part in _preferred(parts) if kind == "multipart/alternative" else parts:
            _collect(part, letter, read_attached, depth + 1)
        return
    payload, charset = _payload(message), message.get_content_charset()
    if kind == "text/html":
        letter.texts.append(html_to_text(decode_markup(payload, charset))[1].strip())
    elif kind.startswith("text/") and message.get_content_disposition() != "attachment":
        letter.texts.append(decode(payload, charset).strip())
    elif name and payload:
        letter.texts.append(read_attached(name, payload))


def _preferred(parts: list[Message]) -> list[Message]:
    """Of several forms of the same text the plain one, where it says anything."""
    plain = [part for part in parts if part.get_content_type() == "text/plain" and _payload(part).strip()]
    return plain[:1] or parts


def _payload(message: Message) -> bytes:
    with suppress(Exception):  # whatever a broken encoding provokes
        payload = message.get_payload(decode=True)
        if isinstance(payload, bytes):
            return payload
    return b""


def _file_name(message: Message) -> str:
    with suppress(Exception):
        return _decoded(message.get_filename() or "")
    return ""


def _header(message: Message, name: str) -> str:
    with suppress(Exception):
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return _decoded(str(raw))
    return ""


def _decoded(value: str) -> str:
    """A header in words: encoded words, or bytes of some charset as they stand."""
    if not value.isascii():
        value = decode(value.encode("utf-8", "surrogateescape"))
    pieces = [
        piece if isinstance(piece, str) else decode(piece, charset) if charset else piece.decode("raw-unicode-escape")
        for piece, charset in decode_header(value)
    ]
    return " ".join("".join(pieces).split())


def _date(message: Message) -> datetime | None:
    with suppress(Exception):
        when = parsedate_to_datetime(_header(message, "Date"))
        return when if 1970 < when.year < 2200 else None
    return None
