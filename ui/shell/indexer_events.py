"""What the indexer tells, brought to where it is shown: side bar, list, banner."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

from app.annotations.restore_notice import take_notice
from app.core import indexer_protocol
from app.core.indexer_protocol import FolderState, Notice, Progress
from app.query.library_api import Library, LibraryStatus
from ui.i18n.backend_messages import localised
from ui.runtime.context import Context
from ui.runtime.indexer_process import IndexerProcess
from ui.shell.library_page import LibraryPage
from ui.shell.sidebar import Sidebar

STATUS_MS = 2000
BUSY_S = 5.0


class IndexerNews(QObject):
    """Connects the indexer with the page and the side bar."""

    def __init__(
        self, context: Context, indexer: IndexerProcess, page: LibraryPage, side: Sidebar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._indexer, self._page, self._side = context, indexer, page, side
        self._made_way = 0.0
        self._online: dict[str, bool] = {}
        self._status_later = QTimer(self, singleShot=True, interval=STATUS_MS)
        self._status_later.timeout.connect(self.ask_status)
        side.status.pause_requested.connect(self._pause)
        side.status.resume_requested.connect(self._resume)
        indexer.progressed.connect(self._progressed)
        indexer.committed.connect(self._committed)
        indexer.folder_changed.connect(self._folder_changed)
        indexer.noticed.connect(self._noticed)
        indexer.ended.connect(self._indexer_ended)
        context.model_changed.connect(self._model_changed)
        context.vocabulary_changed.connect(self._reload)
        page.search.began.connect(self._make_way)

    def _pause(self) -> None:
        self._indexer.send(indexer_protocol.Pause())

    def _resume(self) -> None:
        self._indexer.send(indexer_protocol.Resume())

    def _reload(self) -> None:
        self._indexer.send(indexer_protocol.ReloadSettings())

    def _folder_changed(self, state: FolderState) -> None:
        if self._online.get(state.path, state.online) is not state.online:
            self._page.search.refresh()  # the tiles say whether their drive is there
        self._online[state.path] = state.online
        if not self._status_later.isActive():
            self._status_later.start()

    def ask_status(self) -> None:
        decisions = self._context.places.annotations_file

        def work(library: Library) -> tuple[LibraryStatus, str]:
            return library.status(), take_notice(decisions)

        self._context.ask(work, self._status, topic="status")

    def _status(self, answer: tuple[LibraryStatus, str]) -> None:
        status, note = answer
        self._page.empty.set_status(status)
        if note:
            # Whoever of us found the decisions broken has brought them back; said once, until it is dismissed.
            self._page.banner.say(localised(note), level="info")

    def _progressed(self, progress: Progress) -> None:
        self._side.status.show_progress(progress)
        self._page.empty.set_progress(progress)
        if progress.state == "elsewhere":
            # What another Semblance writes is not told to us: it is looked for as often as that one is.
            self._committed(None)

    def _committed(self, _committed: object) -> None:
        self._page.search.refresh()
        if not self._status_later.isActive():
            self._status_later.start()

    def _model_changed(self) -> None:
        self._reload()
        self._page.banner.say(self.tr("The new model is ready; your files are indexed with it now."), passing=True)
        self._page.search.refresh()

    def _make_way(self) -> None:
        """The person is at work: the indexer takes fewer cores for a while."""
        if self._indexer.running and time.monotonic() - self._made_way > BUSY_S / 2:
            self._made_way = time.monotonic()
            self._indexer.send(indexer_protocol.Busy(BUSY_S))

    def _noticed(self, notice: Notice) -> None:
        self._page.banner.say(
            f"{localised(notice.what)} {localised(notice.remedy)}".strip(),
            level=notice.level,
            passing=notice.level == "info",
        )

    def _indexer_ended(self, what: str) -> None:
        words = self.tr("{what} It is started again; searching goes on meanwhile.").format(what=what)
        self._page.banner.say(words, level="warning", passing=True)
