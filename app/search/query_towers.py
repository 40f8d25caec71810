"""The encoder that fits the index: loaded when a query needs it, in a thread where the query must not wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from app.core.errors import UserError
from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace, FloatArray, PixelArray
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.models import LazyEncoder

log = logging.getLogger(__name__)


class QueryTower(Protocol):
    """What search needs of an encoder; `app.models.LazyEncoder` is one."""

    @property
    def loaded(self) -> bool: ...

    def warm(self) -> None: ...

    def encode_texts(self, texts: list[str]) -> FloatArray: ...

    def encode_images(self, pixels: PixelArray) -> FloatArray: ...

    @property
    def preprocess(self) -> ImagePreprocess: ...

    def close(self) -> None: ...


class ImagePreprocess(Protocol):
    """Makes the pixels a model wants of a Pillow picture."""

    def apply(self, image: object) -> PixelArray: ...


PASSAGE = "passage"
"""The encoder of passages beside the model's own towers "text" and "image", in a space that has one."""
OpenTower = Callable[[EmbeddingSpace, str], QueryTower]
"""(space, "text", "image" or "passage") -> the tower; raises `UserError` where the model is not there."""


def installed_towers(dirs: AppDirs, settings: Callable[[], Settings], ahead: LazyEncoder | None = None) -> OpenTower:
    """Towers of the models on this machine.

    Args:
        ahead: a text tower that is being loaded already (`app.models.preload`).
    """

    def open_tower(space: EmbeddingSpace, tower: str) -> QueryTower:
        if ahead is not None and (tower, space.model_fingerprint) == ("text", ahead.info.fingerprint):
            return ahead  # type: ignore[return-value]
        if tower == PASSAGE:
            return _passage_tower(dirs, space, settings)
        from app.models import Encoder, LazyEncoder, current, load, load_named
        from app.models.registry import ModelRegistry

        info = current(dirs)
        if info.fingerprint == space.model_fingerprint:

            def loader() -> Encoder:
                return load(dirs, device=settings().device, towers=(tower,))

        else:
            # Another model has been chosen and its index is being built: this one still serves.
            info = ModelRegistry(dirs).find(space.name) or info

            def loader() -> Encoder:
                return load_named(dirs, space.name, device=settings().device, towers=(tower,))

        if info.fingerprint != space.model_fingerprint:
            raise UserError(
                f"The model {space.name}, with which the index was made, is not installed any more.",
                "Words are still found; the index is made anew the next time files are indexed.",
            )
        return LazyEncoder(info, loader, idle_seconds=60.0 * settings().model_idle_minutes)  # type: ignore[return-value]

    return open_tower


def _passage_tower(dirs: AppDirs, space: EmbeddingSpace, settings: Callable[[], Settings]) -> QueryTower:
    """The encoder that made the vectors of a space's passages, whatever the settings say by now."""
    from app.models.passages.encoder import LazyPassageEncoder
    from app.models.passages.registry import find_passage_encoder, load_passage_encoder

    known = find_passage_encoder(dirs, space.passages)
    info = known.fitted(space.dimension) if known is not None else None
    if info is None or info.fingerprint != space.passage_fingerprint:
        raise UserError(
            f"The encoder {space.passages}, with which passages were indexed, is not there any more.",
            f"Please run `semblance model passages use {space.passages}`.",
        )
    idle_seconds = 60.0 * settings().model_idle_minutes
    return LazyPassageEncoder(info, lambda: load_passage_encoder(info), idle_seconds)  # type: ignore[return-value]


class QueryTowers:
    """The towers of the index's embedding space, one load at a time.

    Attributes:
        problem: why there is no tower, for people; empty while all is well.
    """

    def __init__(self, open_tower: OpenTower) -> None:
        self.problem = ""
        self._open = open_tower
        self._lock = threading.Lock()
        self._towers: dict[tuple[str, str], QueryTower] = {}
        self._loading: threading.Thread | None = None

    def tower(self, space: EmbeddingSpace, name: str) -> QueryTower | None:
        """The tower of that name of a space, perhaps not loaded yet; None, with `problem` set, without a model."""
        with self._lock:
            key = (space.fingerprint, name)
            if key not in self._towers:
                try:
                    self._towers[key] = self._open(space, name)
                except UserError as error:
                    self.problem = str(error)
                    return None
            self.problem = ""
            return self._towers[key]

    def load_in_background(self, *towers: QueryTower) -> None:
        """Begin to load towers, one after the other; returns at once, does nothing while a load runs."""
        self.begin(*(tower.warm for tower in towers))

    def begin(self, *work: Callable[[], object]) -> bool:
        """Begin work with towers in another thread; False, and it is not done, while other work runs there."""
        with self._lock:
            if self._loading is not None and self._loading.is_alive():
                return False
            self._loading = threading.Thread(target=_run_all, args=work, name="model-loading", daemon=True)
            self._loading.start()
            return True

    def close(self) -> None:
        """Let all towers go; waits for a load that runs."""
        with self._lock:
            loading, towers = self._loading, list(self._towers.values())
            self._towers.clear()
        if loading is not None:
            loading.join()
        for tower in towers:
            tower.close()


def _run_all(*work: Callable[[], object]) -> None:
    for one in work:
        try:
            one()
        except Exception:
            log.exception("the model could not be loaded")
