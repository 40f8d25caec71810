"""Marks texts that the window translates, so that Qt's tools find them in modules that know nothing of Qt."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """The text itself. The name is the one that `lupdate` looks for; the window translates the text in that context."""
    return text
