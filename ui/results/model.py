"""The list on screen as a Qt model: as many rows as the answer has hits, of which a few pages are in memory."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from pathlib import PurePosixPath

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QDate,
    QLocale,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    QUrl,
    Signal,
)

from app.core.paths import for_display, from_stored
from app.core.records import Kind
from app.query.queries import Band, Hit, Month, Results

PAGE = 200
KEPT_PAGES = 40
FEW = 6
"""Fewer files a month than this on average: the list gets headings by year."""
UNIT_FORMAT = "application/x-semblance-unit"

Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """Data beyond Qt's own roles."""

    HIT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading; an empty title has none."""

    title: str
    first: int
    count: int


def date_sections(months: Sequence[Month], total: int) -> list[Section]:
    """Headings for a list sorted by date: a month each, or a year each where months hold but a few files.

    None where the months do not add up to the list, which may have changed between the two.
    """
    if not months or sum(month.files for month in months) != total:
        return []
    by_year = total / len(months) < FEW
    made: list[Section] = []
    first = 0
    for key, run in groupby(months, key=lambda month: (month.year, 0 if by_year else month.month)):
        count = sum(month.files for month in run)
        day = QDate(key[0], key[1] or 1, 1)
        made.append(Section(QLocale().toString(day, "yyyy" if by_year else "MMMM yyyy"), first, count))
        first += count
    return made


def name_of(path: str) -> str:
    """The file's name as people read it."""
    return for_display(PurePosixPath(path).name)


def accessible_text(hit: Hit) -> str:
    """One hit in a sentence, for screen readers."""
    translate = QCoreApplication.translate
    kind = translate("Results", "Photo") if hit.kind is Kind.PHOTO else translate("Results", "Document")
    words = [f"{kind} {name_of(hit.path)}"]
    if hit.title:
        words.append(hit.title)
    if hit.page is not None:
        words.append(translate("Results", "page {page}").format(page=hit.page))
    if hit.taken_at is not None:
        words.append(QLocale().toString(hit.taken_at.date(), QLocale.FormatType.LongFormat))  # type: ignore[call-overload]
    if hit.band is Band.MAYBE:
        words.append(translate("Results", "a maybe"))
    if not hit.online:
        words.append(translate("Results", "its drive is not connected"))
    return ", ".join(words)


class ResultsModel(QAbstractListModel):
    """Hits by row, loaded page by page as they are looked at.

    Attributes:
        total: number of rows; banded: whether rows carry bands and scores (a search, not a browse).

    Signals:
        page_needed(int): a row of this page is on screen and not in memory.
        sections_changed(): the band boundary was found or moved.
    """

    page_needed = Signal(int)
    sections_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.total = 0
        self.banded = False
        self._pages: OrderedDict[int, Sequence[Hit]] = OrderedDict()
        self._first: dict[Band, int] = {}
        self._closest = False
        self._months: tuple[Month, ...] = ()
        self._wanted: deque[int] = deque(maxlen=3)
        self._asked: set[int] = set()
        self._ask_soon = QTimer(self, singleShot=True, interval=0)
        self._ask_soon.timeout.connect(self._ask)

    def show(self, pages: dict[int, Results], *, banded: bool) -> None:
        """Take a new answer; `pages` holds page 0 and maybe those on screen."""
        first = pages[0]
        same = (
            banded == self.banded
            and first.total == self.total
            and first.months == self._months
            and (first.closest > 0) == self._closest
            and all(
                self._paths(self._pages.get(number, ())) == self._paths(page.hits) for number, page in pages.items()
            )
        )
        self._wanted.clear()
        self._asked.clear()
        if same:
            self._pages.update((number, page.hits) for number, page in pages.items())
            if self.total:
                self.dataChanged.emit(self.index(0), self.index(self.total - 1))
            return
        self.beginResetModel()
        self.total, self.banded, self._months = first.total, banded, first.months
        self._pages = OrderedDict((number, page.hits) for number, page in pages.items())
        self._first, self._closest = {}, first.closest > 0
        self._find_boundaries()
        self.endResetModel()
        self.sections_changed.emit()

    def add_page(self, number: int, results: Results) -> None:
        """A page that was needed has come."""
        self._asked.discard(number)
        self._pages[number] = results.hits
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        boundaries = dict(self._first)
        self._find_boundaries()
        if boundaries != self._first:
            self.sections_changed.emit()
        first = number * PAGE
        last = min(first + PAGE, self.total) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first), self.index(last))

    def page_failed(self, number: int) -> None:
        self._asked.discard(number)

    def hit(self, row: int) -> Hit | None:
        """The hit in a row, or None while its page is on its way."""
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is not None:
            self._pages.move_to_end(number)
            return page[place] if place < len(page) else None
        if number not in self._asked and number not in self._wanted:
            self._wanted.append(number)
            self._ask_soon.start()
        return None

    def row_of(self, path: str) -> int | None:
        """The row of a file among those in memory."""
        for number, page in self._pages.items():
            for place, hit in enumerate(page):
                if hit.path == path:
                    return number * PAGE + place
        return None

    def loaded(self, rows: Sequence[int]) -> list[Hit]:
        """The hits of rows that are in memory."""
        return [hit for row in rows if (hit := self.hit(row)) is not None]

    def sections(self) -> list[Section]:
        if not self.total:
            return []
        if not self.banded:
            return date_sections(self._months, self.total) or [Section("", 0, self.total)]
        translate = QCoreApplication.translate
        weak = translate("Results", "Closest matches") if self._closest else translate("Results", "Less certain")
        titles = {
            Band.STRONG: translate("Results", "Strong matches"),
            Band.MAYBE: translate("Results", "Maybe"),
            Band.WEAK: weak,
        }
        starts = sorted((row, band) for band, row in self._first.items())
        ends = [row for row, _ in starts[1:]] + [self.total]
        return [Section(titles[band], first, end - first) for (first, band), end in zip(starts, ends, strict=True)] or [
            Section(titles[Band.STRONG], 0, self.total)
        ]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self.total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        hit = self.hit(index.row())
        if role == Role.HIT:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return name_of(hit.path) if hit else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return accessible_text(hit) if hit else QCoreApplication.translate("Results", "Loading")
        if role == Qt.ItemDataRole.ToolTipRole and hit is not None:
            return for_display(from_stored(hit.path))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list", UNIT_FORMAT]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Dragged out as files; dropped on the search bar as library items."""
        return as_mime(self.loaded([index.row() for index in indexes]))

    def supportedDragActions(self) -> Qt.DropAction:
        # Never a move: the files stay where they are.
        return Qt.DropAction.CopyAction

    def _ask(self) -> None:
        # Newest first: what is on screen now was looked at last.
        while self._wanted:
            number = self._wanted.pop()
            self._asked.add(number)
            self.page_needed.emit(number)

    def _find_boundaries(self) -> None:
        """Where each band begins, as far as pages are in memory: hits are in order of their bands."""
        if not self.banded:
            self._first = {}
            return
        for number in sorted(self._pages):
            for place, hit in enumerate(self._pages[number]):
                at = number * PAGE + place
                self._first[hit.band] = min(at, self._first.get(hit.band, at))

    @staticmethod
    def _paths(hits: Sequence[Hit]) -> list[tuple[str, Band, float]]:
        return [(hit.path, hit.band, hit.score) for hit in hits]


def as_mime(hits: Sequence[Hit]) -> QMimeData:
    """Files for other programs, library items for this one."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(from_stored(hit.path)) for hit in hits])
    data.setData(UNIT_FORMAT, "\n".join(f"{hit.unit_id}\t{hit.thumbnail}" for hit in hits).encode())
    return data
