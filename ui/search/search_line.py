"""The line for words: offers recent searches and values of filters, underlines what is not understood, and has keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QInputMethodEvent, QKeyEvent, QKeySequence, QTextCharFormat
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from app.query.completion import completions
from app.query.filter_input import QueryError
from ui.runtime.window_state import RECENT
from ui.style import theme


class SearchLine(QLineEdit):
    """A line edit.

    Signals:
        typed(): the words changed by hand, or a recent search was chosen. submitted(): Enter; kept(): Shift+Enter.
        undo_requested(): Ctrl+Z with no typing to take back; paste_requested(): Ctrl+V.
        left_downwards(): the arrow key leads to the results; backspaced(): Backspace with nothing to delete.
    """

    typed = Signal()
    submitted = Signal()
    kept = Signal()
    undo_requested = Signal()
    paste_requested = Signal()
    left_downwards = Signal()
    backspaced = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchLine")
        self.setAccessibleName(self.tr("Search"))
        # What is dropped belongs to the window, which knows pictures and files as well as words.
        self.setAcceptDrops(False)
        self.setPlaceholderText(self.tr("Search by meaning, or drop a picture"))
        self.textEdited.connect(self._offer)
        self.textEdited.connect(self.typed)
        self._marked = False
        self._recent_texts: list[str] = []
        self._recent = QStringListModel(self)
        self.recents = QCompleter(self)
        self.recents.setModel(self._recent)
        self.recents.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.recents.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.recents.setMaxVisibleItems(RECENT)
        self.recents.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(self.recents)
        popup = self.recents.popup()
        if popup is not None:
            popup.setObjectName("recentSearches")
            popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            popup.setAccessibleName(self.tr("Recent searches"))
        self.recents.activated.connect(self._recent_chosen)
        self.recents.highlighted.connect(self._recent_chosen)

    def set_recent(self, texts: list[str]) -> None:
        """What is offered."""
        self._recent_texts = texts
        self._recent.setStringList(texts)

    def _offer(self, text: str) -> None:
        """Recent searches, and before them the values of a filter that is being typed."""
        offered = [*completions(text), *self._recent_texts]
        if offered != self._recent.stringList():
            self._recent.setStringList(offered)

    def mark(self, problem: QueryError | None) -> None:
        """Underline the words that were not understood; None takes the line away."""
        if problem is None and not self._marked:
            return
        self._marked = problem is not None
        formats = []
        if problem is not None:
            wave = QTextCharFormat()
            wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            wave.setUnderlineColor(QColor(theme.tokens().bad))
            # A line edit has no formats of its own but those an input method sets, counted from the cursor.
            kind = QInputMethodEvent.AttributeType.TextFormat
            start = problem.start - self.cursorPosition()
            formats.append(QInputMethodEvent.Attribute(kind, start, problem.end - problem.start, wave))
        QCoreApplication.sendEvent(self, QInputMethodEvent("", formats))

    def _recent_chosen(self, _text: str) -> None:
        # The words are put on the line after this signal.
        QTimer.singleShot(0, self, self.typed.emit)

    def _choosing(self) -> bool:
        popup = self.recents.popup()
        return popup is not None and popup.isVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
            self.undo_requested.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            kept = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.kept if kept else self.submitted).emit()
        elif key == Qt.Key.Key_Down and not self._choosing():
            if self.text() or not self._recent.rowCount():
                self.left_downwards.emit()
            else:
                self.recents.setCompletionPrefix("")
                self.recents.complete()
        elif key == Qt.Key.Key_Backspace and not self.text():
            self.backspaced.emit()
        else:
            super().keyPressEvent(event)
