"""The page of tags: those that files have, those that are proposed, and the words that may be proposed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.runtime.context import Context
from ui.tagging.browser import TagBrowser
from ui.tagging.review import ReviewPane
from ui.tagging.vocabulary_editor import VocabularyEditor
from ui.widgets.controls import Button, label


class TaggingPage(QWidget):
    """Three views, of which one is shown.

    Attributes:
        review, browser, editor: the views.

    Signals:
        tag_chosen(str): show everything with this tag in the library.
        preview_wanted(list, int), menu_wanted(list, QPoint): see `ReviewPane`.
    """

    tag_chosen = Signal(str)
    preview_wanted = Signal(list, int)
    menu_wanted = Signal(list, QPoint)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.review, self.browser, self.editor = ReviewPane(context), TagBrowser(context), VocabularyEditor(context)
        self._stack = QStackedWidget()
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(True)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(label(self.tr("Tags"), "title"))
        top.addSpacing(16)
        for number, (view, text, name) in enumerate(
            (
                (self.review, self.tr("Proposals"), "proposalsButton"),
                (self.browser, self.tr("My tags"), "myTagsButton"),
                (self.editor, self.tr("Vocabulary"), "vocabularyButton"),
            )
        ):
            self._stack.addWidget(view)
            button = Button(text)
            button.setObjectName(name)
            button.setAccessibleName(text)
            button.setProperty("role", "nav")
            button.setCheckable(True)
            self._buttons.addButton(button, number)
            top.addWidget(button)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 28, 24, 0)  # the pictures go on below the edge, as those of a search do
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        self._buttons.idToggled.connect(self._toggled)
        self._buttons.button(0).setChecked(True)
        self.review.tag_chosen.connect(self.tag_chosen)
        self.browser.tag_chosen.connect(self.tag_chosen)
        self.review.preview_wanted.connect(self.preview_wanted)
        self.review.menu_wanted.connect(self.menu_wanted)
        self.review.vocabulary_wanted.connect(self.show_vocabulary)

    def show_vocabulary(self) -> None:
        self._buttons.button(2).setChecked(True)

    def undo_last(self) -> None:
        """Take the last decision back (Ctrl+Z)."""
        self.review.undo_last()

    def _toggled(self, number: int, checked: bool) -> None:
        if checked:
            self._stack.setCurrentIndex(number)
            self._reload()

    def _reload(self) -> None:
        view = self._stack.currentWidget()
        if view is not self.review and isinstance(view, TagBrowser | VocabularyEditor):
            view.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._reload()
