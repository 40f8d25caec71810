"""New and changed files get their proposed tags with their rows; everything else gets them when things are quiet.

All in the writer's thread. The tagger is put together at the first quiet moment, because it is calibrated on what is
in the table by then; from there on proposals are part of a file's commit and cost a matrix product a batch.
"""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.paths import AppDirs
from app.core.records import EmbeddedFile

if TYPE_CHECKING:
    from app.table import IndexWriter
    from app.tags.tagger import Tagger

log = logging.getLogger(__name__)


class IndexingTagger:
    """Proposes tags with the vocabulary, taught tags and calibration of the time it was last put together.

    Args:
        encoder: gives the labels' vectors that the cache lacks.
    """

    def __init__(self, dirs: AppDirs, encoder: Any) -> None:
        self._dirs = dirs
        self._encoder = encoder
        self._tagger: Tagger | None = None
        self._stopped = threading.Event()

    def tagged(self, file: EmbeddedFile) -> EmbeddedFile:
        """The file with proposals for its units; unchanged while there is no tagger."""
        if self._tagger is None or file.vectors is None or not len(file.vectors):
            return file
        proposals = self._tagger.propose(file.vectors, [unit.unit for unit in file.decoded.units])
        tags = tuple(tuple((proposal.label, proposal.certainty) for proposal in unit) for unit in proposals)
        return replace(file, tags=tags, tag_fingerprint=self._tagger.fingerprint)

    def catch_up(self, writer: IndexWriter) -> None:
        """Tag every row that the present tagger has not seen; at once done when there is none."""
        from app.annotations.store import AnnotationStore
        from app.tags.retagging import retag_library
        from app.tags.tagger_factory import open_tagger

        if self._stopped.is_set() or not writer.count_files():
            return
        reader = writer.reading()
        with closing(AnnotationStore(self._dirs.annotations_file)) as decisions:
            self._tagger = open_tagger(self._dirs, self._encoder, reader, decisions)
        done = retag_library(reader, writer, self._tagger, self._dirs.cache, stop=self._stopped.is_set)
        if done.changed:
            log.info("tagged %d units, %d of them otherwise than before", done.units, done.changed)

    def stop(self) -> None:
        """Leave a long tagging run after the block at hand; the next start goes on. From any thread."""
        self._stopped.set()
