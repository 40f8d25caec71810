"""A small window of another program, out of which one file can be dragged: `python -m … FILE`."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

PLACE = (0, 0, 80, 40)


class Source(QLabel):
    """What is dragged out of it is a file."""

    def __init__(self, path: str) -> None:
        above = Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.FramelessWindowHint
        super().__init__("drag me", None, above | Qt.WindowType.X11BypassWindowManagerHint)
        self._path = path
        self.setGeometry(*PLACE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            drag, data = QDrag(self), QMimeData()
            data.setUrls([QUrl.fromLocalFile(self._path)])
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)
            print("dropped", flush=True)


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    source = Source(sys.argv[1])
    source.show()
    source.windowHandle().requestUpdate()
    print("shown", flush=True)
    sys.exit(app.exec())
