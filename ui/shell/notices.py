"""Brings what the parts of the window have to say into the banner that is in sight."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from app.core.errors import UserError
from ui.i18n.backend_messages import localised_error
from ui.runtime.context import Context
from ui.shell.library_page import LibraryPage
from ui.widgets.banner import Banner


class Notices(QObject):
    """Connects the context's notices and problems with two banners: the library page has one of its own.

    The slots are bound methods: what outlives the window lets go of them with it, which a lambda is not let go of.
    """

    def __init__(self, context: Context, pages: QStackedWidget, page: LibraryPage, banner: Banner) -> None:
        super().__init__(pages)
        self._pages, self._page, self._banner = pages, page, banner
        context.problem.connect(self._show_problem)
        context.notice.connect(self._show_notice)
        context.download_failed.connect(self._download_failed)
        pages.currentChanged.connect(self._banner.hide)

    def _in_sight(self) -> Banner:
        return self._page.banner if self._pages.currentWidget() is self._page else self._banner

    def _show_notice(self, text: str) -> None:
        self._in_sight().say(text, passing=True)

    def _show_problem(self, error: UserError) -> None:
        self._in_sight().show_error(error)

    def _download_failed(self, error: UserError) -> None:
        """Where models are listed the list says it; on the library page the banner does."""
        if self._in_sight() is self._page.banner:
            action = ("page:folders", self.tr("Show models"))
            self._page.banner.say(localised_error(error), level="error", action=action)
