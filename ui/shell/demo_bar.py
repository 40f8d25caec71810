"""What to try on the sample files, and the way out of the demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.paths import to_stored
from app.query.queries import Filters, ImagePart, Query
from ui.runtime.context import Context
from ui.shell.library_page import LibraryPage
from ui.widgets.controls import button, label
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from ui.shell.window import Window

EXAMPLE = "photos/IMG_2031.jpg"


class DemoBar(QFrame):
    """Four questions to click.

    Signals:
        page_wanted(str): show a page by its key; left(): end the demo.
    """

    page_wanted = Signal(str)
    left = Signal()

    def __init__(self, context: Context, page: LibraryPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._context, self._page = context, page
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        words = self.tr("These are sample files. Nothing of yours is read, and all of it goes away with this window.")
        column.addWidget(label(words, "muted", wrap=True))
        holder = QWidget()
        row = FlowLayout(holder, spacing=6)
        column.addWidget(holder)
        for text, slot, name in (
            (self.tr("Photos of “a cat”"), lambda: self._ask("a cat"), "demoWords"),
            (self.tr("“cat”, but not “rent”"), lambda: self._ask("cat -rent"), "demoMinus"),
            (self.tr("Pictures like this portrait"), self._picture, "demoPicture"),
            (self.tr("Review proposed tags"), lambda: self.page_wanted.emit("tags"), "demoTags"),
        ):
            row.addWidget(button(text, slot, name=name))
        row.addWidget(button(self.tr("Leave the demo"), self.left.emit, role="link", name="demoLeave"))

    def _ask(self, text: str) -> None:
        self.page_wanted.emit("all")
        self._page.ask(text)

    def _picture(self) -> None:
        self.page_wanted.emit("all")
        for folder in self._context.settings.folders[:1]:
            part = ImagePart(path=to_stored(Path(folder) / EXAMPLE))
            self._page.bar.set_query(Query((part,), Filters()))
            self._page.items.fetch_file_chip(part)

    def row_in(self, window: Window) -> QHBoxLayout:
        """The bar with its margins, connected with the window that it stands in."""
        self.page_wanted.connect(window.go)
        self.left.connect(window.quit_requested)
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 20, 0)
        row.addWidget(self)
        return row
