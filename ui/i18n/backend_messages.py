"""What the program without a face says, in the language of the window.

`app` and `indexer` say finished English sentences: they know no Qt, their words travel as JSON and stand in rows of the
table and in the log, and the command line shows them as they are. So they are not marked where they are said. Here
they are recognised by the templates they were made from, whatever was filled in, and said again in the window's
language; what is filled in may be a part that is translated itself ("a PDF document"). A test reads the sources of
both and fails when a text is missing here, or in German.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from app.core.errors import UserError
from ui.i18n import backend_messages_files, backend_messages_library, backend_messages_models, backend_messages_system

_SOURCES = (backend_messages_files, backend_messages_library, backend_messages_models, backend_messages_system)
TEXTS: tuple[str, ...] = tuple(str(text) for source in _SOURCES for text in source.TEXTS)
_FIELD = re.compile(r"\{(\w+)\}")


def localised(text: str) -> str:
    """A text of `app` in the window's language; one that is not known stays as it is."""
    return _whole(text) or _in_pieces(text) or text


def localised_error(error: UserError) -> str:
    """What happened and what to do, in the window's language."""
    return f"{localised(error.what)} {localised(error.remedy)}".strip()


def _in_pieces(text: str) -> str | None:
    """Several sentences in a row, of which all are known."""
    for end in re.finditer(r"[.?] ", text):
        first = _whole(text[: end.start() + 1])
        if first is not None:
            rest = text[end.end() :]
            following = _whole(rest) or _in_pieces(rest)
            if following is not None:
                return f"{first} {following}"
    return None


def _whole(text: str) -> str | None:
    """One text, if it was made from a template that is known."""
    if text in _plain():
        return _translated(text)
    for pattern, source in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return _filled(source, [_part(part) for part in found.groups()])
    return None


def _filled(source: str, parts: list[str]) -> str:
    """The translated template with the parts of the original in their places."""
    by_field = dict(zip(_FIELD.findall(source), parts, strict=True))
    return _FIELD.sub(lambda field: by_field[field[1]], _translated(source))


def _part(text: str) -> str:
    """What was filled in: a known part, a sentence that lost its full stop, or something to be left as it is."""
    if text in _plain():
        return _translated(text)
    sentence = _whole(f"{text}.")
    return sentence.rstrip(".") if sentence is not None else localised(text)


def _translated(source: str) -> str:
    return QCoreApplication.translate("Said", source)


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    return frozenset(TEXTS)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Templates as patterns; the one that says most by itself comes first."""
    sources = sorted(filter(_FIELD.search, TEXTS), key=lambda source: -len(_FIELD.sub("", source)))
    return tuple((re.compile("".join(_pieces(source)), re.DOTALL), source) for source in sources)


def _pieces(source: str) -> Iterator[str]:
    for number, piece in enumerate(_FIELD.split(source)):
        yield "(.+?)" if number % 2 else re.escape(piece)
