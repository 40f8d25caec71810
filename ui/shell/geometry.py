"""Where a window may lie on its screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def fit_screen(window: QWidget) -> None:
    """Never larger than the screen, nor beside it: what was remembered may be of another one."""
    room = window.screen().availableGeometry()
    frame = window.frameGeometry().size() - window.size()
    size = window.size().boundedTo(room.size() - frame)
    if size != window.size():
        window.resize(size)
    if not room.contains(window.frameGeometry()):
        left = min(max(window.x(), room.left()), room.right() + 1 - size.width())
        top = min(max(window.y(), room.top()), room.bottom() + 1 - size.height())
        window.move(left, top)
