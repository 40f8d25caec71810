"""The question on screen and its answer: asked when the person pauses, paged as they scroll, repeated as files come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import UserError
from app.query.filter_edits import merge_filters
from app.query.filter_input import QueryError
from app.query.library_api import Library
from app.query.queries import Filters, Query, QueryPart, Results, Sort
from ui.results.model import PAGE, ResultsModel
from ui.runtime.context import Context

DEBOUNCE_MS = 250
REFRESH_INTERVAL_MS = 2000
HOLD_MS = 350
"""While somebody types, an empty answer is shown only after this further pause: half a word finds nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that decides an answer: chips, filters and the words still being typed."""

    parts: tuple[QueryPart, ...] = ()
    filters: Filters = field(default_factory=Filters)
    text: str = ""
    sort: Sort = Sort.RELEVANCE
    strictness: int = 50
    all_hits: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library said to a question.

    Attributes:
        query: the question as it was understood; without parts it only browses.
        problem: what in the words was not understood and left out, if anything.
        pages: number of the page -> its results; always page 0.
    """

    question: Question
    query: Query
    problem: QueryError | None
    pages: dict[int, Results]

    def same_list(self, other: Answer | None) -> bool:
        """Whether `other` answers the same, with more or fewer results: the reader's place in the list is kept."""
        return other is not None and (self.query, self.question.sort) == (other.query, other.question.sort)


class SearchController(QObject):
    """Holds the question and feeds the model with its answer.

    Attributes:
        question: what was last asked; answer: the first page of what is on screen, or None before the first.
        query: the question on screen as it was understood; problem: what of it was not.

    Signals:
        replacing(): the model is about to get the list of another question.
        answered(Results): a new answer is in the model; failed(UserError): there is none, and why.
        began(): a question was sent.
    """

    replacing = Signal()
    answered = Signal(object)
    failed = Signal(object)
    began = Signal()

    def __init__(self, context: Context, model: ResultsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._model = context, model
        self.question = Question(strictness=context.settings.strictness)
        self.answer: Results | None = None
        self.query = Query()
        self.problem: QueryError | None = None
        self._shown: Answer | None = None
        self._typing = False
        self._held: Answer | None = None
        self._hold = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._hold.timeout.connect(self._release)
        self._visible: range = range(0)
        self._generation = 0
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self._ask_typed)
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
        self._hold.stop()
        if typing:
            self._pause.start()
        else:
            self.ask()

    def ask(self) -> None:
        """Ask now."""
        self._pause.stop()
        self._typing = False
        self._send(range(0))

    def _ask_typed(self) -> None:
        self._typing = True
        self._send(range(0))

    @property
    def is_due(self) -> bool:
        """Whether the question is waiting for a pause in the typing."""
        return self._pause.isActive()

    @property
    def searching(self) -> bool:
        """Whether the list on screen is of something looked for, or the library only browsed."""
        return bool(self.query.parts)

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
        question = self.question
        numbers = {0, *(row // PAGE for row in visible[:: max(1, PAGE // 2)]), *(row // PAGE for row in visible[-1:])}
        self.began.emit()

        def work(library: Library) -> Answer:
            query, problem = query_of(library, question)
            pages = {number: answer(library, question, query, number) for number in sorted(numbers)}
            return Answer(question, query, problem, pages)

        self._context.ask(work, self._take, self._fail, topic="search")

    def _take(self, answer: Answer) -> None:
        if self._typing and not answer.pages[0].total and self._model.total:
            self._held = answer
            self._hold.start()
        else:
            self._show(answer)

    def _release(self) -> None:
        if self._held is not None:
            self._show(self._held)

    def _show(self, answer: Answer) -> None:
        self._hold.stop()
        self._held = None
        self.answer, self.query, self.problem = answer.pages[0], answer.query, answer.problem
        if not answer.same_list(self._shown):
            self.replacing.emit()
        self._shown = answer
        self._model.show(answer.pages, banded=self.searching and answer.question.sort is Sort.RELEVANCE)
        self.answered.emit(answer.pages[0])

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self.failed.emit(error)

    def _page(self, number: int) -> None:
        question, generation = self.question, self._generation

        def work(library: Library) -> tuple[int, int, Results]:
            query, _ = query_of(library, question)
            return generation, number, answer(library, question, query, number)

        self._context.ask(work, self._add)

    def _add(self, answer: tuple[int, int, Results]) -> None:
        generation, number, results = answer
        if generation == self._generation:
            self._model.add_page(number, results)
        else:
            self._model.page_failed(number)


def understood(library: Library, text: str) -> tuple[Query, QueryError | None]:
    """What of the words can be understood, and the first thing that cannot: it is left out of the query."""
    problem: QueryError | None = None
    while text.strip():
        try:
            return library.parse(text), problem
        except QueryError as error:
            problem = problem or error
            start = text.rfind(" ", 0, error.start + 1) + 1
            end = max(error.end, error.start + 1)
            rest = text[:start] + " " * (end - start) + text[end:]  # blanks: what follows keeps its place
            if rest == text:
                break
            text = rest
    return Query(), problem


def query_of(library: Library, question: Question) -> tuple[Query, QueryError | None]:
    """The whole query, of chips and of what is typed; and what of the words is not understood."""
    typed, problem = understood(library, question.text)
    return Query((*question.parts, *typed.parts), merge_filters(question.filters, typed.filters)), problem


def answer(library: Library, question: Question, query: Query, number: int) -> Results:
    """One page of the answer; runs on the library's thread."""
    sort = question.sort
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
