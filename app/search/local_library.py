"""The real library: search, browse and report over the index on this machine."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.annotations.store import AnnotationStore
from app.annotations.user_tags import UserTags
from app.core.errors import UserError
from app.core.paths import AppDirs, from_stored
from app.core.records import UnitRow, UnitType
from app.core.settings import Settings
from app.files.not_indexed import NotIndexed
from app.files.thumbnails import ThumbnailStore
from app.query.language import QueryParser
from app.query.library_api import FailedFile, FilterChoices, LibraryStatus
from app.query.queries import Filters, Hit, ImagePart, Month, Query, Results, Sort, TextPart
from app.ranking.probability import QueryWords
from app.search import library_reports
from app.search.candidates import fetch_rows, shown_units
from app.search.hit_builder import build_browse_hit, build_hit
from app.search.keyword_search import KeywordSearch
from app.search.name_resolver import NameResolver
from app.search.paging import PageRequest, count_months, exact_copies
from app.search.query_embedding import QueryEmbedding, QueryEncoder, text_towers
from app.search.query_terms import parse_terms
from app.search.query_towers import OpenTower, QueryTowers, installed_towers
from app.search.query_words import QueryReader
from app.search.ranker import RankedFiles, Ranker, SearchRequest
from app.table import IndexReader, open_for_reading
from app.table.index_manifest import read as open_catalogue
from app.tags.vocabulary_files import FILE_NAME

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _RankedQuery:
    """The ranking of a query, and what is said of it; `key` is all that it depends on."""

    key: tuple[object, ...]
    ranking: RankedFiles
    request: SearchRequest
    model: str | None
    notes: tuple[str, ...]
    did_you_mean: str


class LocalLibrary:
    """Implements `app.query.library_api.Library`.

    Any thread may call; one search runs at a time, thumbnails never wait for it.
    """

    def __init__(
        self,
        dirs: AppDirs,
        settings: Callable[[], Settings],
        *,
        wait_for_model: bool = True,
        open_tower: OpenTower | None = None,
    ) -> None:
        """
        Args:
            wait_for_model: load the model within the first search. Without it a search answers from words alone
                while the model loads, and `warm_up`, in another thread, tells when it has.
            open_tower: how towers are opened; the installed models' by default.
        """
        self._dirs = dirs
        self._settings = settings
        self._wait = wait_for_model
        self._encoders = QueryTowers(open_tower or installed_towers(dirs, settings))
        self._queries = QueryEncoder(self._encoders, dirs.cache)
        self._thumbnails = ThumbnailStore(dirs.thumbnails_file)
        self._last: _RankedQuery | None = None
        self._words = QueryReader(dirs.config / FILE_NAME)
        self._reader: IndexReader | None = None
        self._decisions: AnnotationStore | None = None
        self._lock = threading.RLock()

    # ---- search

    def search(
        self,
        query: Query,
        *,
        limit: int = 200,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        strictness: int | None = None,
        all_hits: bool = False,
    ) -> Results:
        """See `app.query.library_api.Library.search`."""
        began = time.perf_counter()
        with self._lock:
            reader = self._open()
            if reader is None:
                return Results((), 0, 0, _ms(began), None, (_NOTHING_INDEXED,))
            if not query.parts:
                return self._browse(reader, query.filters, sort, limit, offset, began)
            strict = self._settings().strictness if strictness is None else strictness
            wanted = offset + limit if all_hits else 0
            ranked = self._ranked(reader, query, strict, wanted)
            page = PageRequest(limit, offset, sort, all_hits)
            found = self._answer(reader, ranked.ranking, ranked.request, page, began, ranked.model, ranked.notes)
            return replace(found, did_you_mean=ranked.did_you_mean)

    def _ranked(self, reader: IndexReader, query: Query, strictness: int, wanted: int) -> _RankedQuery:
        """The ranking of a query, computed once for a question and a state of the library: pages are slices of it."""
        said = self._decisions.version() if self._decisions is not None else 0
        key = (reader.state, said, self._words.stamp, query, strictness)
        last = self._last
        if last is not None and last.key == key and last.ranking.reaches(wanted):
            return last
        made = self._rank(reader, query, strictness, wanted, key)
        # Without the model the answer is not a whole one; with an example its file may change.
        whole = made.model is not None and not any(isinstance(part, ImagePart) for part in query.parts)
        self._last = made if whole else None
        return made

    def _rank(
        self, reader: IndexReader, query: Query, strictness: int, wanted: int, key: tuple[object, ...]
    ) -> _RankedQuery:
        # Words first: they are looked up while the query is encoded.
        positive = query.wanted
        terms = parse_terms(positive.text, positive.phrases)
        words = KeywordSearch(reader, terms, query.filters, self._decisions)
        vector, model, notes = self._vector(reader, self._words.for_model(query))
        said, unread = self._read_words(reader, query, vector)
        request = SearchRequest(
            text=positive.text,
            phrases=positive.phrases,
            vector=vector,
            strictness=strictness,
            filters=query.filters,
            minus=query.subtracted,
            wanted=wanted,
            words=said,
        )
        ranking = Ranker(reader, self._decisions).rank(request, words)
        meant = self._words.did_you_mean(query, ranking.words_as_written)
        return _RankedQuery(key, ranking, request, model, (*notes, *unread), meant)

    def parse(self, text: str) -> Query:
        """See `app.query.language`."""
        with self._lock:
            names = NameResolver(self._open)
            return QueryParser(picture=names.picture, folders=names.folders).parse(text)

    def similar(self, unit_id: str, *, limit: int = 200, filters: Filters | None = None) -> Results:
        """More like this item, without itself and its exact copies; copies among the others are shown once."""
        began = time.perf_counter()
        with self._lock:
            reader = self._open()
            rows = reader.units([unit_id]) if reader is not None else []
            if reader is None or not rows:
                return Results((), 0, 0, _ms(began), None, ("The item is not in the library any more.",))
            vector = self._queries.encode(reader, (ImagePart(unit_id=unit_id),), reader.statistics())
            request = SearchRequest(
                "", vector, self._settings().strictness, filters or Filters(), wanted=limit + 1, interleave=False
            )
            ranking = Ranker(reader).rank(request)
            ranking = ranking.with_facts(reader, ranking.files)
            found = ranking.without(exact_copies(ranking.files, rows[0]))
            page = PageRequest(limit, 0, Sort.RELEVANCE, True)
            return self._answer(reader, found, request, page, began, reader.space.name, ())

    def hit(self, path: str) -> Hit | None:
        """Everything known of one file, by its stored path."""
        with self._lock:
            reader = self._open()
            rows = reader.file_units(path) if reader is not None else []
            if not rows:
                return None
            own = rows[0]
            shown = build_browse_hit(
                own, online=self._is_online(own), decisions=self._said([own]).get(own.content_hash)
            )
            with_vector = next((row for row in rows if row.unit is not UnitType.FILE), own)
            return replace(shown, unit_id=with_vector.id)

    def text(self, path: str) -> str:
        """See `app.query.library_api.Library.text`."""
        with self._lock:
            reader = self._open()
            rows = reader.file_units(path) if reader is not None else []
            return "\n\n".join(row.text for row in rows if row.unit is UnitType.PASSAGE and row.text)

    def thumbnails(self, keys: Sequence[str]) -> dict[str, bytes]:
        """JPEG bytes by key; missing keys are absent."""
        return self._thumbnails.get_many(keys)

    # ---- reports

    def status(self) -> LibraryStatus:
        """See `app.query.library_api.Library.status`."""
        with self._lock:
            reader = self._open()
            size = reader.size_bytes() if reader is not None else 0
            status = library_reports.library_status(reader, self._settings(), self._model_name(reader), size)
            return replace(status, not_indexed=NotIndexed.load(self._dirs.not_indexed_file))

    def failures(self) -> Sequence[FailedFile]:
        """What could not be read, why, and what to do."""
        with self._lock:
            reader = self._open()
            return library_reports.failed_files(reader) if reader is not None else ()

    def choices(self) -> FilterChoices:
        """What the filters can be set to."""
        with self._lock:
            reader = self._open()
            if reader is None:
                return FilterChoices()
            return library_reports.filter_choices(reader, self._decisions.labels().items() if self._decisions else ())

    def prefetch(self, query: Query) -> None:
        """Begin to load the towers of a query's texts and to encode them, in another thread; it will be searched."""
        serving = open_catalogue(self._dirs.index).serving
        if serving is not None:
            with self._lock:
                self._queries.prefetch(serving.space, self._words.for_model(query).parts)

    def warm_up(self) -> None:
        """Load table and text towers; blocks until they are there. Without a model it only opens the table."""
        with self._lock:
            reader = self._open()
            names = text_towers(reader.space) if reader is not None else ()
            towers = [self._encoders.tower(reader.space, name) for name in names] if reader is not None else []
        if reader is None or None in towers:
            return
        for tower in towers:
            if tower is not None:
                tower.warm()
        with self._lock:
            self._queries.encode(reader, (TextPart("a photo"),), reader.statistics())

    def close(self) -> None:
        """Let everything go."""
        self._encoders.close()
        with self._lock:
            self._thumbnails.close()
            if self._decisions is not None:
                self._decisions.close()
            if self._reader is not None:
                self._reader.close()
            self._reader = self._decisions = None

    # ---- inside

    def _open(self) -> IndexReader | None:
        """The reader of the serving table, or None while nothing is indexed."""
        if self._reader is not None and not self._reader.is_current():
            # The index was deleted under us: nothing is indexed until the indexer has made another.
            self._reader.close()
            self._reader = None
        if self._reader is None:
            self._reader = open_for_reading(self._dirs, follows=False)
            if self._reader is not None and self._decisions is not None:
                self._reader.decided = self._decisions.hashes_by_label
        else:
            self._reader.refresh()
        if self._reader is not None and self._decisions is None and self._dirs.annotations_file.exists():
            self._decisions = AnnotationStore(self._dirs.annotations_file)
            self._reader.decided = self._decisions.hashes_by_label
        return self._reader

    def _vector(self, reader: IndexReader, query: Query) -> tuple[QueryEmbedding | None, str | None, tuple[str, ...]]:
        """The query's vector, the model's name, and notes; None for both where words alone must do."""
        pictured = any(isinstance(part, ImagePart) for part in query.parts)
        if not self._queries.ready(reader.space, query.parts, wait=self._wait or pictured):
            problem = self._encoders.problem
            if pictured:
                raise UserError("Pictures cannot be compared without a model.", problem or "Wait until it is loaded.")
            return None, None, (f"Only words are searched: {problem}" if problem else _STILL_LOADING,)
        try:
            vector = self._queries.encode(reader, query.parts, reader.statistics())
        except UserError as error:
            if pictured:
                raise
            return None, None, (f"Only words are searched: {self._encoders.problem or error}",)
        return vector, reader.space.name, ()

    def _read_words(
        self, reader: IndexReader, query: Query, vector: QueryEmbedding | None
    ) -> tuple[QueryWords | None, tuple[str, ...]]:
        """What is known of the query's words, and notes on them."""
        if vector is None:
            return self._words.read(query), ()
        return self._words.read_for(query, reader.space.name, self._queries.languages(reader.space))

    def _browse(
        self, reader: IndexReader, filters: Filters, sort: Sort, limit: int, offset: int, began: float
    ) -> Results:
        order = Sort.NEWEST if sort is Sort.RELEVANCE else sort
        rows, total = reader.browse(filters, sort=order, limit=limit, offset=offset)
        said = self._said(rows)
        hits = [
            build_browse_hit(row, online=self._is_online(row), decisions=said.get(row.content_hash)) for row in rows
        ]
        months: tuple[Month, ...] = ()
        if offset == 0 and order is not Sort.NAME:
            months = count_months(reader.dates(filters), newest_first=order is Sort.NEWEST)
        return Results(hits, total, 0, _ms(began), reader.space.name, months=months)

    def _answer(
        self,
        reader: IndexReader,
        ranking: RankedFiles,
        request: SearchRequest,
        page: PageRequest,
        began: float,
        model: str | None,
        notes: tuple[str, ...],
    ) -> Results:
        if page.needs_rows:
            ranking = ranking.with_facts(reader, page.among(ranking))
        files = page.of(ranking)
        fetch_rows(reader, shown_units(files))
        files = [file for file in files if file.shown <= file.rows.keys()]  # one may have gone meanwhile
        said = self._said([file.row for file in files])
        hits = [
            build_hit(
                file,
                ranking.keywords,
                typos=ranking.typos,
                online=self._is_online(file.row),
                decisions=said.get(file.row.content_hash),
            )
            for file in files
        ]
        reachable = len(ranking.files)
        if not ranking.complete:
            reachable = max(reachable, reader.count_files(request.filters))
        more = reachable - ranking.listed
        months = page.months(ranking)
        if ranking.closest and not ranking.supported:
            notes += (f"Nothing stands out for “{request.text}”.",)
        return Results(hits, ranking.listed, more, _ms(began), model, notes, months, ranking.closest)

    def _said(self, rows: Sequence[UnitRow]) -> Mapping[str, UserTags]:
        if self._decisions is None:
            return {}
        return self._decisions.of({row.content_hash for row in rows})

    def _is_online(self, row: UnitRow) -> bool:
        return library_reports.is_folder_online(from_stored(row.root)) if row.root else True

    def _model_name(self, reader: IndexReader | None) -> str | None:
        if reader is not None:
            return reader.space.name
        from app.models import current

        try:
            return current(self._dirs).name
        except UserError:
            return None


def _ms(began: float) -> float:
    return 1000.0 * (time.perf_counter() - began)


_NOTHING_INDEXED = "Nothing is indexed yet: add a folder and let it be indexed."
_STILL_LOADING = "Only words are searched while the model loads."
