"""The keys of the main window, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from app.core import indexer_protocol
from ui.runtime.indexer_process import IndexerProcess
from ui.widgets.controls import bind_key

if TYPE_CHECKING:
    from ui.shell.window import Window


def install(window: Window, indexer: IndexerProcess) -> None:
    """Bind every key of the main window."""
    page = window.page
    files, hits, slider, grid = page.files, page.chosen_hits, page.header.slider, page.grid
    keys: list[tuple[str | QKeySequence.StandardKey, Callable[[], object]]] = [
        (QKeySequence.StandardKey.Find, window.focus_search),
        ("Ctrl+K", window.focus_search),
        ("Ctrl+I", lambda: page.header.details.toggle()),
        ("Ctrl+L", lambda: files.more_like(hits())),
        ("Ctrl+T", lambda: files.tag(hits())),
        ("Ctrl+Shift+C", lambda: files.copy_path(hits())),
        ("Ctrl+O", window.drop_handler.pick),
        ("Ctrl+S", window.saved.ask),
        ("Ctrl+,", lambda: window.go("settings")),
        (QKeySequence.StandardKey.Undo, window.undo),
        (QKeySequence.StandardKey.Quit, window.quit_requested.emit),
        (QKeySequence.StandardKey.Close, window.close),
        ("Ctrl++", lambda: slider.setValue(slider.value() + 24)),
        ("Ctrl+=", lambda: slider.setValue(slider.value() + 24)),
        ("Ctrl+-", lambda: slider.setValue(slider.value() - 24)),
        ("Esc", window.escape),
        ("F5", lambda: indexer.send(indexer_protocol.Rescan())),
        ("Ctrl+1", lambda: window.go("all")),
        ("Ctrl+2", lambda: window.go("photo")),
        ("Ctrl+3", lambda: window.go("document")),
        ("Ctrl+4", lambda: window.go("tags")),
        ("Ctrl+5", lambda: window.go("folders")),
    ]
    for key, slot in keys:
        bind_key(key, window, slot, Qt.ShortcutContext.WindowShortcut)
    in_grid = Qt.ShortcutContext.WidgetShortcut
    bind_key(QKeySequence.StandardKey.Copy, grid, lambda: files.copy(hits()), in_grid)
    bind_key(QKeySequence.StandardKey.Paste, grid, window.drop_handler.paste, in_grid)
    bind_key(QKeySequence.StandardKey.Delete, grid, lambda: files.throw_away(hits()), in_grid)
