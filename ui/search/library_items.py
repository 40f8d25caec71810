"""Files of the library as parts of the query, with their small pictures on the chips."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.query.library_api import Library
from app.query.queries import Filters, ImagePart, Query
from ui.results.image_loader import chip_thumbnail
from ui.runtime.context import Context
from ui.search.searchbar import SearchBar


class LibraryItems(QObject):
    """Puts library items into the search bar."""

    def __init__(self, context: Context, bar: SearchBar, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._bar = context, bar

    def add(self, part: ImagePart, thumbnail: str, fresh: bool) -> None:
        """Begin a new query with an item, or add it to the present one."""
        if fresh:
            self._bar.set_query(Query((part,), Filters(kind=self._bar.filters.kind)))
        else:
            self._bar.add_part(part)
        self.fetch_chip(part, thumbnail)

    def fetch_chip(self, part: ImagePart, thumbnail: str) -> None:
        """Get the small picture for a chip from the thumbnails."""

        def work(library: Library) -> tuple[ImagePart, bytes]:
            return part, library.thumbnails([thumbnail]).get(thumbnail, b"")

        self._context.ask(work, self._show)

    def fetch_file_chip(self, part: ImagePart) -> None:
        """Get the small picture for a chip from the file itself."""
        self._context.tasks.submit(lambda: (part, chip_thumbnail(part)), self._show)

    def _show(self, answer: tuple[ImagePart, bytes]) -> None:
        if answer[1]:
            self._bar.set_picture(*answer)
