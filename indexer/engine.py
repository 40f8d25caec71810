"""The parts that turn files into rows, put together for one model and taken apart again."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.core.indexer_protocol import Notice
from app.core.paths import AppDirs
from app.core.records import DecodedFile, EmbeddingSpace, FileState, Kind
from app.core.settings import Settings
from app.files.thumbnails import ThumbnailStore
from app.files.types import kind_of
from indexer.annotation_transfer import AnnotationTransfer
from indexer.content_snapshots import SnapshotStore
from indexer.crash_recovery import Journal, Quarantine
from indexer.encoder_thread import IndexingEncoder
from indexer.pipeline import IndexingPipeline
from indexer.pipeline_types import PipelineCallbacks
from indexer.stats import RunCounts
from indexer.tag_proposals import IndexingTagger
from indexer.writer_thread import TableWriter, WriterThread

if TYPE_CHECKING:
    from app.models import Encoder as Installed
    from app.models import ModelInfo

log = logging.getLogger(__name__)

EncoderFactory = Callable[[AppDirs, Settings], IndexingEncoder]


class Engine:
    """Writer, encoder, decoders and pipeline for one model.

    Attributes:
        info: the model.
        pipeline, writer: for work and for questions to the table.
        notices: what people should know of how they were put together.
    """

    def __init__(
        self,
        dirs: AppDirs,
        settings: Settings,
        record: tuple[Journal, Quarantine],
        callbacks: PipelineCallbacks,
        counts: RunCounts,
        *,
        rebuild: bool = False,
        encoder_for: EncoderFactory | None = None,
        workers: int | None = None,
    ) -> None:
        from app.models.passages.registry import embedding_space_of

        self.notices: list[Notice] = []
        self._encoder = encoder_for(dirs, settings) if encoder_for else self._installed(dirs, settings)
        self.info = self._encoder.info
        space = embedding_space_of(self._encoder)
        # A stand-in encoder's vectors mean nothing that could be tagged.
        self._tagging = IndexingTagger(dirs, self._encoder) if settings.tags and encoder_for is None else None
        self._thumbnails = ThumbnailStore(dirs.thumbnails_file)
        self.writer = WriterThread(
            lambda: _open(dirs, space, rebuild),
            thumbnails=self._thumbnails,
            tagging=self._tagging,
            annotations=AnnotationTransfer(
                dirs.annotations_file, self._thumbnails, SnapshotStore(dirs.state / "looks.sqlite")
            ),
        )
        decoders = ModelDecoders(self.info, workers or worker_count())
        self.pipeline = IndexingPipeline(self.writer, self._encoder, decoders, *record, callbacks, counts=counts)

    def _installed(self, dirs: AppDirs, settings: Settings) -> IndexingEncoder:
        """The current model, with the encoder of passages that the settings name, where it can be had."""
        encoder = lazy_encoder(dirs, settings)
        try:
            return with_passages(encoder, dirs, settings)
        except UserError as error:
            self.notices.append(Notice("warning", error.what, error.remedy))
            return encoder

    def start(self) -> None:
        """Open the table and begin; raises what is wrong with the table."""
        self.writer.start()
        self.pipeline.start()

    def finish_round(self, writer: TableWriter, offline: Sequence[str], *, for_good: bool) -> int:
        """In the writer's thread, when all there is is in the table: it takes over from an older one, and is tagged.

        Args:
            for_good: nothing follows; what else waits for a quiet moment is done now.

        Returns:
            files of the `offline` folders that came along from the older one, without vectors.
        """
        adopted = 0
        if not writer.is_serving:
            adopted = writer.carry_over(offline)
            writer.complete()
        if for_good:
            self.writer.run_idle_work(writer)
        else:
            self.writer.catch_up(writer)
        return adopted

    def tidy(self) -> None:
        """Drop the small pictures of files that are gone, when the writer has time."""
        self.writer.call(self._drop_thumbnails)

    def _drop_thumbnails(self, writer: TableWriter) -> None:
        if not writer.is_serving:
            return  # the table that serves meanwhile may know more files
        try:
            dropped = self._thumbnails.delete_except({file.content_hash for file in writer.listing()})
            log.info("dropped %d small pictures of files that are gone", dropped)
        except (OSError, sqlite3.Error):
            log.exception("small pictures could not be dropped")

    def close(self) -> None:
        """Finish the commit at hand and let everything go."""
        if self._tagging is not None:
            self._tagging.stop()
        self.pipeline.close()
        self.writer.close()
        self._encoder.close()


class ModelDecoders:
    """The decoder pool, fed with what one model needs."""

    def __init__(self, info: ModelInfo, workers: int) -> None:
        from app.pictures import Limits
        from indexer.decoders import DecoderPool

        self._info = info
        self._limits = Limits.for_machine(workers)
        self._pool = DecoderPool(workers)

    @property
    def workers(self) -> int:
        return self._pool.workers

    def submit(self, state: FileState, *, first_turn: bool) -> Future[DecodedFile]:
        from indexer.decode import DecodeJob

        job = DecodeJob(
            state,
            kind_of(state.path) or Kind.DOCUMENT,
            self._info.preprocess,
            tokenizer_file=self._info.tokenizer_file,
            context_length=self._info.context_length,
            clean=self._info.text_input.clean,
            limits=self._limits,
            first_turn=first_turn,
        )
        return self._pool.submit(job)

    def close(self) -> None:
        self._pool.close()


def worker_count() -> int:
    """Files decoded at once: one per core, but never so many that their memory matters. Two at least, so that a file
    that takes minutes leaves a way past it."""
    return max(2, min(os.cpu_count() or 1, 8))


def lazy_encoder(dirs: AppDirs, settings: Settings) -> Installed:
    """The current model; it is loaded when first needed and leaves memory when it has not been for a while."""
    from app.models import LazyEncoder, current, load

    info = current(dirs)
    if not info.prepared:
        _run_in_process(_load_once, dirs, settings.device)
        info = current(dirs)
    return LazyEncoder(
        info,
        lambda: load(dirs, device=settings.device),
        idle_seconds=60.0 * settings.model_idle_minutes,
    )


def with_passages(encoder: Installed, dirs: AppDirs, settings: Settings) -> Installed:
    """The model with the encoder of passages that the settings name beside it, or the model alone.

    Raises:
        UserError: it is not installed, or does not fit.
    """
    from app.models.passages.registry import current_passage_encoder, is_convertible, with_passage_encoder

    if is_convertible(dirs, settings.passages):
        _run_in_process(_convert_passages, dirs, settings.passages)
    info = current_passage_encoder(dirs, settings.passages, encoder.info)
    return with_passage_encoder(encoder, info, idle_seconds=60.0 * settings.model_idle_minutes)


def _run_in_process(target: Callable[..., None], *arguments: object) -> None:
    """Convert in a process of its own: what that takes in memory (PyTorch) goes away with it."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        log.warning("preparing the model ended with status %s; it is tried again in this process", process.exitcode)


def _load_once(dirs: AppDirs, device: str) -> None:
    from app.models import load

    load(dirs, device=device).close()


def _convert_passages(dirs: AppDirs, name: str) -> None:
    from app.models.passages.registry import prepare_passage_encoder

    prepare_passage_encoder(dirs, name)


def _open(dirs: AppDirs, space: EmbeddingSpace, rebuild: bool) -> TableWriter:
    from app.table import open_for_writing

    return open_for_writing(dirs, space, rebuild=rebuild)
