"""The page that stands where the grid would be while there is nothing to show."""

from __future__ import annotations

from app.core.indexer_protocol import Progress
from app.query.library_api import LibraryStatus
from ui.runtime.context import Context
from ui.runtime.model_loader import ModelLoader
from ui.search.controller import SearchController
from ui.search.empty_states import empty_state
from ui.widgets.controls import EmptyState


class EmptyResultsPage(EmptyState):
    """Says why there is nothing, and says it anew as things change.

    Attributes:
        progress: the indexer's state; status: the library's counts, once known.
    """

    def __init__(self, context: Context, search: SearchController, model_loader: ModelLoader) -> None:
        super().__init__()
        self._context, self._search, self._model_loader = context, search, model_loader
        self.progress = Progress("starting")
        self.status: LibraryStatus | None = None
        model_loader.changed.connect(self.renew)

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
            model_loading, settings = self._model_loader.loading, self._context.settings
            self.say(*empty_state(self._search.query, answer, self.status, self.progress, settings, model_loading))
