"""Stand-ins for what is slow: an encoder whose vectors come from a hash, and a table in memory."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from app.core.paths import AppDirs, from_stored
from app.core.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    Failure,
    FileState,
    FloatArray,
    IndexedFile,
    Kind,
    PixelArray,
    RefreshedPhoto,
    Status,
    UnitType,
)
from app.core.settings import Settings
from app.models import ImagePreprocess, ModelInfo
from indexer.decode import FileVanished, NeedsLonger

DIMENSION = 16


def model_info(*, fingerprint: str = "0123456789abcdef", batch: int = 8) -> ModelInfo:
    """A model that is installed and prepared, as far as anybody can tell."""
    return ModelInfo(
        name="fake",
        architecture="fake",
        fingerprint=fingerprint,
        dimension=DIMENSION,
        context_length=32,
        preprocess=ImagePreprocess(size=32),
        folder=Path("/nowhere"),
        source=Path("/nowhere"),
        weights="none",
        text_input=replace(ModelInfo.__dataclass_fields__["text_input"].default_factory(), kind="open_clip"),  # type: ignore[misc,call-arg]
        runtime="openvino",
        batch=batch,
    )


class HashEncoder:
    """Vectors that depend on the content and nothing else.

    Attributes:
        images, texts: how many were encoded.
        batches: their sizes.
        passages: another encoder for passages.
        go: clear it to hold the work back until a test has seen what it wants to see of it.
    """

    passages: HashEncoder | None = None

    def __init__(self, info: ModelInfo | None = None) -> None:
        self.info = info or model_info()
        self.images = self.texts = 0
        self.batches: list[int] = []
        self.closed = False
        self.go = threading.Event()
        self.go.set()
        self._lock = threading.Lock()

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        self.go.wait()
        with self._lock:
            self.images += len(pixels)
            self.batches.append(len(pixels))
        return np.stack([vector_of(picture.tobytes()) for picture in pixels])

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        self.go.wait()
        with self._lock:
            self.texts += len(texts)
            self.batches.append(len(texts))
        return np.stack([vector_of(text.encode("utf-8", "surrogatepass")) for text in texts])

    def close(self) -> None:
        self.closed = True


def vector_of(data: bytes) -> FloatArray:
    seed = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())
    vector = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return vector / np.linalg.norm(vector)


def fake_encoder(_places: AppDirs, _settings: Settings) -> HashEncoder:
    return HashEncoder()


@dataclass(slots=True)
class MemoryWriter:
    """A table in memory, with the same methods as `app.table`'s writer.

    Attributes:
        files: by path, with their vectors.
        commits: names of the changes made, in order.
    """

    files: dict[str, tuple[IndexedFile, FloatArray | None, str]] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    is_serving: bool = True
    closed: bool = False

    def listing(self, prefix: str = "") -> list[IndexedFile]:
        below = (file for path, (file, _, _) in self.files.items() if path.startswith(prefix))
        return sorted(below, key=lambda file: file.state.path)

    def states(self, prefixes: Sequence[str] = ()) -> tuple[list[tuple[str, int, int, int, int]], dict[str, int]]:
        states = [
            (path, file.state.size, file.state.mtime_ns, file.state.inode, file.state.ctime_ns)
            for path, (file, _, _) in self.files.items()
            if not prefixes or any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)
        ]
        return states, {}

    def indexed(self, paths: Sequence[str]) -> dict[str, IndexedFile]:
        return {path: self.files[path][0] for path in paths if path in self.files}

    def refresh(self, photos: Sequence[RefreshedPhoto]) -> None:
        self.commits += ["refresh"] if photos else []

    def due(self, now_ns: int, *, adopted: bool = False) -> list[str]:  # noqa: ARG002
        return sorted(path for path, (file, _, _) in self.files.items() if 0 < file.retry_at_ns <= now_ns)

    def sizes(self) -> frozenset[int]:
        return frozenset(file.state.size for file, _, _ in self.files.values() if file.content_hash)

    def by_hash(self, content_hash: str) -> str | None:
        for path, (file, _, _) in self.files.items():
            if file.content_hash == content_hash and file.status is Status.OK:
                return path
        return None

    def write(self, files: Sequence[EmbeddedFile]) -> list[EmbeddedFile]:
        self.commits.append("write")
        for file in files:
            decoded = file.decoded
            status = Status.OK if decoded.failure is None else Status.FAILED
            known = IndexedFile(decoded.state, decoded.content_hash, status, file.retry_at_ns, file.attempts)
            self.files[decoded.state.path] = (known, file.vectors, file.root)
        return []

    def copy(self, pairs: Sequence[tuple[str, FileState, str]]) -> None:
        self.commits.append("copy")
        copies = {state.path: (self.files[old], state, root) for old, state, root in pairs if old in self.files}
        for path, ((file, vectors, _), state, root) in copies.items():
            self.files[path] = (replace(file, state=state), vectors, root)

    def stamp(self, states: Sequence[FileState]) -> None:
        self.commits.append("stamp")
        for state in states:
            file, vectors, root = self.files[state.path]
            self.files[state.path] = (replace(file, state=state), vectors, root)

    def move(self, pairs: Sequence[tuple[str, FileState, str]]) -> None:
        self.copy(pairs)
        kept = {state.path for _, state, _ in pairs}
        self.remove([old for old, _, _ in pairs if old not in kept])

    def remove(self, paths: Sequence[str]) -> int:
        self.commits.append("remove")
        return sum(self.files.pop(path, None) is not None for path in paths)

    def maintain(self, *, idle: bool = False) -> None:
        pass

    def carry_over(self, roots: Sequence[str]) -> int:
        return 0 * len(roots)

    def complete(self) -> None:
        self.is_serving = True

    def close(self) -> None:
        self.closed = True


class TextDecoders:
    """Reads files in a thread of the test: each line is a unit. "BAD" files fail, "CRASH" files crash,
    "SLOW" ones need more than a turn.

    Attributes:
        read: paths, in the order in which they were begun.
        gate: nothing is read while it is not set.
        most: how many were under way at the same time at most.
    """

    workers = 2

    def __init__(self) -> None:
        self.read: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.most = 0
        self._under_way = 0
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="fake-decoder")

    def submit(self, state: FileState, *, first_turn: bool) -> Future[DecodedFile]:
        with self._lock:
            self.read.append(state.path)
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            self._changed.notify_all()
        return self._pool.submit(self._decode, state, first_turn)

    def wait_read(self, files: int) -> None:
        """Wait until so many were begun."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.read) >= files, 30.0), f"{len(self.read)} files were begun"

    def close(self) -> None:
        self.gate.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _decode(self, state: FileState, first_turn: bool) -> DecodedFile:
        self.gate.wait()
        with self._lock:
            self._under_way -= 1
        try:
            data = Path(from_stored(state.path)).read_bytes()
        except OSError as error:
            raise FileVanished(state.path) from error
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        if data.startswith(b"SLOW") and first_turn:
            raise NeedsLonger(state.path)
        if data.startswith(b"BAD"):
            return DecodedFile(state, Kind.DOCUMENT, digest, failure=Failure.CORRUPT, failure_text="It is bad.")
        if data.startswith(b"CRASH"):
            return DecodedFile(state, Kind.DOCUMENT, failure=Failure.CRASH, failure_text="It crashes.")
        units = [DecodedUnit(UnitType.PASSAGE, text=line) for line in data.decode().splitlines()]
        return DecodedFile(state, Kind.DOCUMENT, digest, units=tuple(units))
