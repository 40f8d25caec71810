"""HTML as a stream of tokens, in time that grows with its size however broken it is.

`html.parser` is quadratic on comments, tags and declarations that never end (CVE-2025-6069, mended in Python 3.11.14
and later); the tree of a real HTML5 parser takes many times the memory of the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TypeAlias

Attributes: TypeAlias = dict[str, str]

_TAG = re.compile(r"</?([A-Za-z][^\s/>]{0,100})")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=\"'][^\s/>=]{0,200})(?:\s*=\s*(?:([\"'])|([^\s>\"'][^\s>]*)))?")
_LEFT = re.compile(r"[^>]*>")
# Their content is no markup: only their own end tag ends it.
_RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"))


class Tokens:
    """Walks through a page and hands on what it meets.

    Attributes:
        stopped: set it to leave early.
    """

    def __init__(
        self,
        markup: str,
        start: Callable[[str, Attributes, bool], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> None:
        """
        Args:
            start: called with name (lower case), attributes, and whether the tag closes itself.
            end: called with the name of an end tag.
            text: called with text, character references replaced.
        """
        self.stopped = False
        self._markup = markup
        self._on_start, self._on_end, self._on_text = start, end, text
        self._missing: set[str] = set()

    def run(self) -> None:
        """To the end of the page, or until `stopped`."""
        markup, position = self._markup, 0
        while not self.stopped:
            at = markup.find("<", position)
            if at < 0:
                self._text(markup[position:])
                return
            if at > position:
                self._text(markup[position:at])
            position = self._after(at)

    def _after(self, at: int) -> int:
        """Handle what begins with "<" at this place; where to go on."""
        markup = self._markup
        if markup.startswith("<!--", at):
            return self._behind("-->", at + 4, at + 4)
        if markup.startswith("<![CDATA[", at):
            end = self._find("]]>", at)
            self._on_text(markup[at + 9 : end] if end >= 0 else "")
            return end + 3 if end >= 0 else at + 9
        if markup.startswith(("<!", "<?"), at):
            return self._behind(">", at + 2, at + 2)
        match = _TAG.match(markup, at)
        if match is None:
            self._on_text("<")
            return at + 1
        return self._tag(match, markup.startswith("</", at))

    def _tag(self, match: re.Match[str], closing: bool) -> int:
        name, position = match[1].lower(), match.end()
        attributes, position = self._attributes(position)
        left = _LEFT.match(self._markup, position) if self._find(">", position) >= 0 else None
        closed = left is not None and left[0].endswith("/>")
        position = left.end() if left is not None else len(self._markup)
        if closing:
            self._on_end(name)
            return position
        self._on_start(name, attributes, closed)
        return self._raw(name, position) if name in _RAW and not closed else position

    def _attributes(self, position: int) -> tuple[Attributes, int]:
        found: Attributes = {}
        while match := _ATTRIBUTE.match(self._markup, position):
            value, position = match[3] or "", match.end()
            if match[2]:
                end = self._find(match[2], position)
                if end < 0:
                    return found, position
                value, position = self._markup[position:end], end + 1
            found.setdefault(match[1].lower(), html.unescape(value))
        return found, position

    def _raw(self, name: str, position: int) -> int:
        end = re.compile(f"</{name}", re.IGNORECASE).search(self._markup, position)
        content = self._markup[position : end.start() if end else len(self._markup)]
        self._on_text(html.unescape(content) if name in ("textarea", "title") else content)
        return end.start() if end else len(self._markup)

    def _text(self, text: str) -> None:
        self._on_text(html.unescape(text) if "&" in text else text)

    def _behind(self, mark: str, position: int, otherwise: int) -> int:
        end = self._find(mark, position)
        return end + len(mark) if end >= 0 else otherwise

    def _find(self, mark: str, position: int) -> int:
        """Where the mark comes next, or -1: once there is none, there is none from any later place."""
        if mark in self._missing:
            return -1
        found = self._markup.find(mark, position)
        if found < 0:
            self._missing.add(mark)
        return found
