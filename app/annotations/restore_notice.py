"""What happened to the annotations, left in a file beside them for whichever process talks to the user next.

The store is opened by the window, the indexer and the command line; the one that finds it damaged and restores it may
have nobody to tell. Needs neither SQLite nor Qt.
"""

from __future__ import annotations

import logging
from pathlib import Path

log = logging.getLogger(__name__)


def leave_notice(store: Path, what: str) -> str:
    """Leave a sentence for the user; returns it."""
    try:
        _file(store).write_text(what, encoding="utf-8")
    except OSError as error:
        log.warning("the notice beside the annotations could not be written: %s", error)
    return what


def take_notice(store: Path) -> str:
    """The sentence that was left, once; empty where there is none."""
    try:
        what = _file(store).read_text(encoding="utf-8")
        _file(store).unlink()
    except (OSError, ValueError):
        return ""
    return what


def _file(store: Path) -> Path:
    return store.with_name(f"{store.stem}.note.txt")
