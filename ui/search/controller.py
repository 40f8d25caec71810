"""The question on screen and its answer: asked when the person pauses, paged as they scroll, repeated as files come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import UserError
from app.query.library_api import Library
from app.query.queries import Filters, Query, QueryPart, Results, Sort
from ui.results.model import PAGE, ResultsModel
from ui.runtime.context import Context

DEBOUNCE_MS = 250
REFRESH_INTERVAL_MS = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that decides an answer: chips, filters and the words still being typed."""

    parts: tuple[QueryPart, ...] = ()
    filters: Filters = field(default_factory=Filters)
    text: str = ""
    sort: Sort = Sort.RELEVANCE
    strictness: int = 50
    all_hits: bool = False

    @property
    def searching(self) -> bool:
        """Whether anything is looked for, or the library only browsed."""
        return bool(self.parts) or bool(self.text.strip())


def merge_filters(chips: Filters, typed: Filters) -> Filters:
    """Filters of chips and of typed words together; what is typed wins where only one value can hold."""
    return Filters(
        kind=typed.kind or chips.kind,
        folders=typed.folders or chips.folders,
        after=typed.after or chips.after,
        before=typed.before or chips.before,
        camera=typed.camera or chips.camera,
        near=typed.near or chips.near,
        tags=tuple(dict.fromkeys((*chips.tags, *typed.tags))),
        size_min=typed.size_min if typed.size_min is not None else chips.size_min,
        size_max=typed.size_max if typed.size_max is not None else chips.size_max,
    )


class SearchController(QObject):
    """Holds the question and feeds the model with its answer.

    Attributes:
        question: what was last asked; answer: the first page of what is on screen, or None before the first.

    Signals:
        answered(Results): a new answer is in the model; failed(UserError): there is none, and why.
        began(): a question was sent.
    """

    answered = Signal(object)
    failed = Signal(object)
    began = Signal()

    def __init__(self, context: Context, model: ResultsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._model = context, model
        self.question = Question(strictness=context.settings.strictness)
        self.answer: Results | None = None
        self._visible: range = range(0)
        self._generation = 0
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self.ask)
        self._repeat = QTimer(self, singleShot=True, interval=REFRESH_INTERVAL_MS)
        self._repeat.timeout.connect(self._again)
        self._stale = False
        model.page_needed.connect(self._page)

    def change(self, *, typing: bool = False, **changes: object) -> None:
        """Change the question; while typing it is asked after a pause."""
        changed = replace(self.question, **changes)  # type: ignore[arg-type]
        if changed == self.question:
            return
        if changed.all_hits == self.question.all_hits:
            changed = replace(changed, all_hits=False)
        self.question = changed
        if typing:
            self._pause.start()
        else:
            self.ask()

    def ask(self) -> None:
        """Ask now."""
        self._pause.stop()
        self._send(range(0))

    def look(self, visible: range) -> None:
        """Which rows are on screen: they are renewed with the first page when files come in."""
        self._visible = visible

    def refresh(self) -> None:
        """Files were indexed: ask again, at most every two seconds."""
        if self._repeat.isActive():
            self._stale = True
        else:
            self._repeat.start()
            self._send(self._visible)

    def _again(self) -> None:
        if self._stale:
            self._stale = False
            self._repeat.start()
            self._send(self._visible)

    def _send(self, visible: range) -> None:
        self._generation += 1
        question, generation = self.question, self._generation
        numbers = {0, *(row // PAGE for row in visible[:: max(1, PAGE // 2)]), *(row // PAGE for row in visible[-1:])}
        self.began.emit()

        def work(library: Library) -> tuple[int, dict[int, Results], bool]:
            pages = {number: answer(library, question, number) for number in sorted(numbers)}
            return generation, pages, question.searching

        self._context.ask(work, self._show, self._fail, topic="search")

    def _show(self, answer: tuple[int, dict[int, Results], bool]) -> None:
        _, pages, searching = answer
        self.answer = pages[0]
        self._model.show(pages, banded=searching and self.question.sort is Sort.RELEVANCE)
        self.answered.emit(pages[0])

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self.failed.emit(error)

    def _page(self, number: int) -> None:
        question, generation = self.question, self._generation

        def work(library: Library) -> tuple[int, int, Results]:
            return generation, number, answer(library, question, number)

        self._context.ask(work, self._add)

    def _add(self, answer: tuple[int, int, Results]) -> None:
        generation, number, results = answer
        if generation == self._generation:
            self._model.add_page(number, results)
        else:
            self._model.page_failed(number)


def query_of(library: Library, question: Question) -> Query:
    """The whole query: chips and what is typed."""
    typed = library.parse(question.text) if question.text.strip() else Query()
    return Query((*question.parts, *typed.parts), merge_filters(question.filters, typed.filters))


def answer(library: Library, question: Question, number: int) -> Results:
    """One page of the answer; runs on the library's thread."""
    sort = question.sort
    query = query_of(library, question)
    if not query.parts and sort is Sort.RELEVANCE:
        sort = Sort.NEWEST
    results = library.search(
        query,
        limit=PAGE,
        offset=number * PAGE,
        sort=sort,
        strictness=question.strictness,
        all_hits=question.all_hits,
    )
    if question.all_hits and query.parts:
        # `total` counts what the evidence supports: the weaker ones are rows as well now.
        return replace(results, total=results.total + results.more, more=0)
    return results
