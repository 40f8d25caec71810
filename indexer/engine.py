"""The parts that turn files into rows, put together for one model and taken apart again."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from app.errors import UserError
from app.files import kind_of
from app.messages import Notice
from app.paths import Places
from app.records import DecodedFile, EmbeddingSpace, FileState, Kind
from app.settings import Settings
from app.thumbnails import Thumbnails
from indexer.counts import Counts
from indexer.encoding import Encoder
from indexer.inheritance import Inheritance
from indexer.journal import Journal
from indexer.looks import Looks
from indexer.parts import Callbacks
from indexer.pipeline import Pipeline
from indexer.quarantine import Quarantine
from indexer.tagging import Tagging
from indexer.writing import Writer, WriterThread

if TYPE_CHECKING:
    from app.model import Encoder as Installed
    from app.model import ModelInfo

log = logging.getLogger(__name__)

EncoderFactory = Callable[[Places, Settings], Encoder]


class Engine:
    """Writer, encoder, decoders and pipeline for one model.

    Attributes:
        info: the model.
        pipeline, writer: for work and for questions to the table.
        notices: what people should know of how they were put together.
    """

    def __init__(
        self,
        places: Places,
        settings: Settings,
        record: tuple[Journal, Quarantine],
        callbacks: Callbacks,
        counts: Counts,
        *,
        rebuild: bool = False,
        encoder_for: EncoderFactory | None = None,
        workers: int | None = None,
    ) -> None:
        from app.model.passages import space_of

        self.notices: list[Notice] = []
        self._encoder = encoder_for(places, settings) if encoder_for else self._installed(places, settings)
        self.info = self._encoder.info
        space = space_of(self._encoder)
        # A stand-in encoder's vectors mean nothing that could be tagged.
        self._tagging = Tagging(places, self._encoder) if settings.tags and encoder_for is None else None
        self._thumbnails = Thumbnails(places.thumbnails_file)
        self.writer = WriterThread(
            lambda: _open(places, space, rebuild),
            thumbnails=self._thumbnails,
            tagging=self._tagging,
            heirs=Inheritance(places.decisions_file, self._thumbnails, Looks(places.state / "looks.sqlite")),
        )
        decoders = JobDecoders(self.info, workers or worker_count())
        self.pipeline = Pipeline(self.writer, self._encoder, decoders, *record, callbacks, counts=counts)

    def _installed(self, places: Places, settings: Settings) -> Encoder:
        """The current model, with the encoder of passages that the settings name, where it can be had."""
        encoder = idle_encoder(places, settings)
        try:
            return with_passages(encoder, places, settings)
        except UserError as error:
            self.notices.append(Notice("warning", error.what, error.remedy))
            return encoder

    def start(self) -> None:
        """Open the table and begin; raises what is wrong with the table."""
        self.writer.start()
        self.pipeline.start()

    def settle(self, writer: Writer, offline: Sequence[str], *, for_good: bool) -> int:
        """In the writer's thread, when all there is is in the table: it takes over from an older one, and is tagged.

        Args:
            for_good: nothing follows; what else waits for a quiet moment is done now.

        Returns:
            files of the `offline` folders that came along from the older one, without vectors.
        """
        adopted = 0
        if not writer.is_serving:
            adopted = writer.adopt(offline)
            writer.complete()
        if for_good:
            self.writer.rest(writer)
        else:
            self.writer.catch_up(writer)
        return adopted

    def tidy(self) -> None:
        """Drop the small pictures of files that are gone, when the writer has time."""
        self.writer.call(self._drop_thumbnails)

    def _drop_thumbnails(self, writer: Writer) -> None:
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


class JobDecoders:
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

    def submit(self, state: FileState) -> Future[DecodedFile]:
        from indexer.decode import DecodeJob

        job = DecodeJob(
            state,
            kind_of(state.path) or Kind.DOCUMENT,
            self._info.preprocess,
            tokenizer_file=self._info.tokenizer_file,
            context_length=self._info.context_length,
            clean=self._info.text_input.clean,
            limits=self._limits,
        )
        return self._pool.submit(job)

    def close(self) -> None:
        self._pool.close()


def worker_count() -> int:
    """Files decoded at once: one per core, but never so many that their memory matters."""
    return max(1, min(os.cpu_count() or 1, 8))


def idle_encoder(places: Places, settings: Settings) -> Installed:
    """The current model; it is loaded when first needed and leaves memory when it has not been for a while."""
    from app.model import IdleEncoder, current, load

    info = current(places)
    if not info.prepared:
        _in_a_process(_load_once, places, settings.device)
        info = current(places)
    return IdleEncoder(
        info,
        lambda: load(places, device=settings.device),
        idle_seconds=60.0 * settings.model_idle_minutes,
    )


def with_passages(encoder: Installed, places: Places, settings: Settings) -> Installed:
    """The model with the encoder of passages that the settings name beside it, or the model alone.

    Raises:
        UserError: it is not installed, or does not fit.
    """
    from app.model.passages import beside, current, is_convertible

    if is_convertible(places, settings.passages):
        _in_a_process(_convert_passages, places, settings.passages)
    info = current(places, settings.passages, encoder.info)
    return beside(encoder, info, idle_seconds=60.0 * settings.model_idle_minutes)


def _in_a_process(target: Callable[..., None], *arguments: object) -> None:
    """Convert in a process of its own: what that takes in memory (PyTorch) goes away with it."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        log.warning("preparing the model ended with status %s; it is tried again in this process", process.exitcode)


def _load_once(places: Places, device: str) -> None:
    from app.model import load

    load(places, device=device).close()


def _convert_passages(places: Places, name: str) -> None:
    from app.model.passages import prepare

    prepare(places, name)


def _open(places: Places, space: EmbeddingSpace, rebuild: bool) -> Writer:
    from app.table import open_for_writing

    return open_for_writing(places, space, rebuild=rebuild)
