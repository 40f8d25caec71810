"""Files whose content is known already: their vectors are copied, none is computed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import Future

from app.core.paths import from_stored
from app.core.records import FileState, Status
from app.files.types import kind_of
from app.pictures.limits import Limits
from indexer.backlog import WorkItem
from indexer.scan import state_of
from indexer.writer_thread import TableWriter

log = logging.getLogger(__name__)

LARGEST_HASHED = Limits().file_bytes
"""Bytes of a file that may be a copy; larger ones are refused when they are read."""
_BLOCK = 1 << 20
# Beyond so many questions one look at the whole table is faster.
_MAX_LOOKUPS = 16


def content_hash(path: str) -> str | None:
    """blake2b-128 of a file's bytes, hex, as decoding computes it; None when it cannot be read or has no end."""
    import hashlib

    digest, left = hashlib.blake2b(digest_size=16), LARGEST_HASHED
    try:
        with open(from_stored(path), "rb") as file:
            while left >= 0 and (block := file.read(_BLOCK)):
                left -= len(block)
                digest.update(block)
    except (OSError, ValueError):
        return None
    return None if left < 0 else digest.hexdigest()


def hash_result(future: Future[str | None], state: FileState) -> str | None:
    """What `content_hash` found in another thread; None where it stumbled over the file."""
    try:
        return future.result()
    except Exception:
        log.exception("%r could not be read through", state.path)
        return None


class ContentInFlight:
    """Content that is being embedded right now, and the other files that turned out to have the same."""

    def __init__(self) -> None:
        self._leaders: dict[str, str] = {}
        self._followers: dict[str, list[WorkItem]] = {}

    def claim(self, digest: str, work: WorkItem) -> bool:
        """Whether `work` is the first with this content; otherwise it waits for the first."""
        if not digest or self._leaders.setdefault(digest, work.state.path) == work.state.path:
            return True
        self._followers.setdefault(digest, []).append(work)
        return False

    def wait_if_claimed(self, digest: str, work: WorkItem) -> bool:
        """Let `work` wait if its content is being embedded right now."""
        if digest not in self._leaders:
            return False
        self._followers.setdefault(digest, []).append(work)
        return True

    def release(self, digest: str, path: str) -> list[WorkItem]:
        """The leader is through, well or not: who waited for it."""
        if self._leaders.get(digest) != path:
            return []
        del self._leaders[digest]
        return self._followers.pop(digest, [])


def copy_known_rows(writer: TableWriter, wanted: Sequence[tuple[str, FileState, str]]) -> Collection[str]:
    """Give files (content hash, state, root) the rows of files with the same content, where there are any.

    Runs in the writer thread, so that what is found is still there when it is copied.

    Returns:
        the paths that need nothing more.
    """
    sources = _sources(writer, {digest for digest, _, _ in wanted})
    pairs = []
    for digest, state, root in wanted:
        source = sources.get(digest)
        if source is None or kind_of(source) != kind_of(state.path) or state_of(state.path) != state:
            continue
        pairs.append((source, state, root))
    if pairs:
        writer.copy(pairs)
    return {state.path for _, state, _ in pairs}


def _sources(writer: TableWriter, digests: Collection[str]) -> dict[str, str]:
    """A file with each of these contents, where the table has one."""
    if len(digests) > _MAX_LOOKUPS:
        files = (f for f in writer.listing() if f.status is Status.OK and f.attempts >= 0)
        return {file.content_hash: file.state.path for file in files if file.content_hash in digests}
    found = ((digest, writer.by_hash(digest)) for digest in digests)
    return {digest: path for digest, path in found if path is not None}
