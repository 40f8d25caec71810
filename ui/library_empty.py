"""The page that stands where the grid would be while there is nothing to show."""

from __future__ import annotations

from app.library import LibraryStatus
from app.messages import Progress
from ui.context import Context
from ui.emptiness import emptiness
from ui.pieces import Empty
from ui.search import Search
from ui.warmth import Warmth


class LibraryEmpty(Empty):
    """Says why there is nothing, and says it anew as things change.

    Attributes:
        progress: the indexer's state; status: the library's counts, once known.
    """

    def __init__(self, context: Context, search: Search, warmth: Warmth) -> None:
        super().__init__()
        self._context, self._search, self._warmth = context, search, warmth
        self.progress = Progress("starting")
        self.status: LibraryStatus | None = None
        warmth.changed.connect(self.renew)

    def set_status(self, status: LibraryStatus) -> None:
        self.status = status
        self.renew()

    def set_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.renew()

    def renew(self) -> None:
        """Find the words for the answer on screen, if it is empty."""
        answer = self._search.answer
        if answer is not None and answer.total == 0:
            warming, settings = self._warmth.warming, self._context.settings
            self.say(*emptiness(self._search.question, answer, self.status, self.progress, settings, warming))
