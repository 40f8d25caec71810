"""A model that is there when it is needed and gone when it has not been for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from app.core.records import FloatArray, PixelArray
from app.models.encoding import Encoder
from app.models.manifest import ModelInfo
from app.models.preprocess import ImagePreprocess


class Closable(Protocol):
    def close(self) -> None: ...


_Result = TypeVar("_Result")
_Model = TypeVar("_Model", bound=Closable)


class LazyModel(Generic[_Model]):
    """Loads on first use, lets the model go after a while without use, loads again when it is wanted again.

    One thread waits for the idle time; `close` ends and joins it.
    """

    def __init__(
        self,
        loader: Callable[[], _Model],
        idle_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loader = loader
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._encoder: _Model | None = None
        self._users = 0
        self._last_used = 0.0
        self._closed = False
        self._changed = threading.Condition()
        self._loading = threading.Lock()
        self._watcher: threading.Thread | None = None

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory now."""
        return self._encoder is not None

    def warm(self) -> None:
        """Load now, so that the first use does not wait."""
        self._use(lambda _encoder: None)

    def close(self) -> None:
        """Let the model go for good and end the watching thread. May be called twice."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.join()
        with self._changed:
            self._changed.wait_for(lambda: self._users == 0)
            self._drop()

    def _use(self, ask: Callable[[_Model], _Result]) -> _Result:
        with self._changed:
            if self._closed:
                raise ValueError("the encoder is closed")
            self._users += 1
        try:
            return ask(self._loaded())
        finally:
            with self._changed:
                self._users -= 1
                self._last_used = self._clock()
                self._changed.notify_all()

    def _loaded(self) -> _Model:
        with self._loading:  # one thread loads, the others wait for it
            if self._encoder is None:
                encoder = self._loader()
                self._is_loaded(encoder)
                with self._changed:
                    self._encoder = encoder
                    if self._watcher is None and not self._closed:
                        self._watcher = threading.Thread(target=self._watch, name="idle model", daemon=True)
                        self._watcher.start()
            return self._encoder

    def _is_loaded(self, model: _Model) -> None:
        """For those who want to know more of the model than was known before."""

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                if self._encoder is None or self._users:
                    self._changed.wait()
                    continue
                left = self._last_used + self._idle_seconds - self._clock()
                if left > 0:
                    self._changed.wait(left)
                else:
                    self._drop()

    def _drop(self) -> None:
        """Close the model; the caller holds the lock and nobody is using it."""
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            encoder.close()


class LazyEncoder(LazyModel[Encoder]):
    """It is an `Encoder` itself.

    Attributes:
        info: the model, known before it is loaded.
    """

    passages = None

    def __init__(
        self,
        info: ModelInfo,
        loader: Callable[[], Encoder],
        idle_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(loader, idle_seconds, clock)
        self.info = info

    @property
    def preprocess(self) -> ImagePreprocess:
        return self.info.preprocess

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length."""
        return self._use(lambda encoder: encoder.encode_texts(texts))

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        return self._use(lambda encoder: encoder.encode_images(pixels))

    def _is_loaded(self, model: Encoder) -> None:
        self.info = model.info
