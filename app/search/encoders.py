"""The encoder that fits the index: loaded when a query needs it, in a thread where the query must not wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from app.errors import UserError
from app.paths import Places
from app.records import EmbeddingSpace, FloatArray, PixelArray
from app.settings import Settings

if TYPE_CHECKING:
    from app.model import IdleEncoder

log = logging.getLogger(__name__)


class Tower(Protocol):
    """What search needs of an encoder; `app.model.IdleEncoder` is one."""

    @property
    def loaded(self) -> bool: ...

    def warm(self) -> None: ...

    def encode_texts(self, texts: list[str]) -> FloatArray: ...

    def encode_images(self, pixels: PixelArray) -> FloatArray: ...

    @property
    def preprocess(self) -> Preparation: ...

    def close(self) -> None: ...


class Preparation(Protocol):
    """Makes the pixels a model wants of a Pillow picture."""

    def apply(self, image: object) -> PixelArray: ...


PASSAGE = "passage"
"""The encoder of passages beside the model's own towers "text" and "image", in a space that has one."""
OpenTower = Callable[[EmbeddingSpace, str], Tower]
"""(space, "text", "image" or "passage") -> the tower; raises `UserError` where the model is not there."""


def installed_towers(places: Places, settings: Callable[[], Settings], ahead: IdleEncoder | None = None) -> OpenTower:
    """Towers of the models on this machine.

    Args:
        ahead: a text tower that is being loaded already (`app.model.ahead`).
    """

    def open_tower(space: EmbeddingSpace, tower: str) -> Tower:
        if ahead is not None and (tower, space.model_fingerprint) == ("text", ahead.info.fingerprint):
            return ahead  # type: ignore[return-value]
        if tower == PASSAGE:
            return _passage_tower(places, space, settings)
        from app.model import Encoder, IdleEncoder, current, load, load_named
        from app.model.shelf import Shelf

        info = current(places)
        if info.fingerprint == space.model_fingerprint:

            def loader() -> Encoder:
                return load(places, device=settings().device, towers=(tower,))

        else:
            # Another model has been chosen and its index is being built: this one still serves.
            info = Shelf(places).find(space.name) or info

            def loader() -> Encoder:
                return load_named(places, space.name, device=settings().device, towers=(tower,))

        if info.fingerprint != space.model_fingerprint:
            raise UserError(
                f"The model {space.name}, with which the index was made, is not installed any more.",
                "Words are still found; the index is made anew the next time files are indexed.",
            )
        return IdleEncoder(info, loader, idle_seconds=60.0 * settings().model_idle_minutes)  # type: ignore[return-value]

    return open_tower


def _passage_tower(places: Places, space: EmbeddingSpace, settings: Callable[[], Settings]) -> Tower:
    """The encoder that made the vectors of a space's passages, whatever the settings say by now."""
    from app.model.passage_encoder import IdlePassageEncoder
    from app.model.passages import find, load_passages

    known = find(places, space.passages)
    info = known.fitted(space.dimension) if known is not None else None
    if info is None or info.fingerprint != space.passage_fingerprint:
        raise UserError(
            f"The encoder {space.passages}, with which passages were indexed, is not there any more.",
            f"Please run `semblance model passages use {space.passages}`.",
        )
    idle_seconds = 60.0 * settings().model_idle_minutes
    return IdlePassageEncoder(info, lambda: load_passages(info), idle_seconds)  # type: ignore[return-value]


class Encoders:
    """The towers of the index's embedding space, one load at a time.

    Attributes:
        problem: why there is no tower, for people; empty while all is well.
    """

    def __init__(self, open_tower: OpenTower) -> None:
        self.problem = ""
        self._open = open_tower
        self._lock = threading.Lock()
        self._towers: dict[tuple[str, str], Tower] = {}
        self._loading: threading.Thread | None = None

    def tower(self, space: EmbeddingSpace, name: str) -> Tower | None:
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

    def load_in_background(self, *towers: Tower) -> None:
        """Begin to load towers, one after the other; returns at once, does nothing while a load runs."""
        self.begin(*(tower.warm for tower in towers))

    def begin(self, *work: Callable[[], object]) -> bool:
        """Begin work with towers in another thread; False, and it is not done, while other work runs there."""
        with self._lock:
            if self._loading is not None and self._loading.is_alive():
                return False
            self._loading = threading.Thread(target=_done, args=work, name="model-loading", daemon=True)
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


def _done(*work: Callable[[], object]) -> None:
    for one in work:
        try:
            one()
        except Exception:
            log.exception("the model could not be loaded")
