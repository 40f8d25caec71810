"""Whether the model is at hand: it is loaded when a search finds it missing, and the search is asked again then.

The library answers from words alone while the model is not in memory (at the start, and after it was let go when
idle); what it answered meanwhile must not be taken for all there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import UserError
from app.query.library_api import Library
from app.query.queries import Results
from ui.runtime.context import Context

# A model that will not come (none installed, say) is not asked for with every key press.
RETRY_S = 20.0


class ModelLoader(QObject):
    """Loads the model when it is needed.

    Attributes:
        warming: it is being loaded now.

    Signals:
        changed(): loading began or ended; warm(): it ended well, ask again; failed(UserError): it did not.
    """

    changed = Signal()
    loaded = Signal()
    failed = Signal(object)

    def __init__(
        self, context: Context, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._context, self._clock = context, clock
        self._tried = -RETRY_S
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._retry)
        self.loading = False

    def watch(self, results: Results) -> None:
        """An answer to a search came: without a model it is not the last word."""
        if results.model is not None:
            self._later.stop()
            self._tried = -RETRY_S
            return
        wait = self._tried + RETRY_S - self._clock()
        if wait <= 0:
            self._retry()
        elif not self._later.isActive():
            self._later.start(round(wait * 1000))

    def _retry(self) -> None:
        # Only what a search asked for counts: at the first start there is nothing to load a model for yet, and the
        # first search a few seconds later must not wait for it.
        self._tried = self._clock()
        self.load()

    def load(self) -> None:
        """Load the model, whatever was tried before."""
        if not self.loading:
            self.loading = True
            self.changed.emit()
            self._context.ask(lambda library: library, self._begin, self._fail)

    def _begin(self, library: Library) -> None:
        # Not on the library's own thread: searches by words go on meanwhile.
        self._context.tasks.submit(library.warm_up, self._done, self._fail)

    def _done(self, _answer: object) -> None:
        self._end()
        self.loaded.emit()

    def _fail(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, UserError):
            raise error
        self.failed.emit(error)

    def _end(self) -> None:
        self.loading = False
        self.changed.emit()
