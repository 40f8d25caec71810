"""Fetches a model's files from the model hub: the only network traffic of this program, and only after a yes.

A small client of its own instead of the hub's: a file is one GET with a Range, a checksum and a rename, which can be
tested against any HTTP server; no telemetry headers, no token, no cache of symlinks. `HF_ENDPOINT` names another hub.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import json
import os
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any

from app.core.errors import NoConnection, UserError

Progress = Callable[[str, float], None]
"""What is being done, for people, and how much of it is done, 0 to 1."""

DEFAULT_ENDPOINT = "https://huggingface.co"
BY_HAND = (
    "Fetch the checkpoint on another machine, then run "
    "`semblance model use /path/to/checkpoint --architecture {architecture}`."
)
_BLOCK = 1 << 20
_TIMEOUT_SECONDS = 30.0
_TRIES = 5
_RESERVE_BYTES = 200 << 20


class _ConnectionLost(Exception):
    """The connection broke; what has arrived is kept."""


@dataclass(frozen=True)
class HubFile:
    """One file of a repository.

    Attributes:
        url: pinned to a commit, so that a resumed download continues the same bytes.
        size: bytes. `digest`: hex, over the file's bytes. `algorithm`: "sha256", or "git" (git's blob SHA-1), which
            is what the hub publishes for small files.
    """

    name: str
    url: str
    size: int
    digest: str
    algorithm: str


class _HttpsOnlyRedirects(urllib.request.HTTPRedirectHandler):
    """Follows the hub to its storage, but never from an encrypted connection to an open one."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise urllib.error.HTTPError(newurl, code, "refused to leave https", headers, None)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def endpoint() -> str:
    """The model hub's address."""
    return os.environ.get("HF_ENDPOINT", DEFAULT_ENDPOINT).rstrip("/")


def list_repository(repository: str, architecture: str) -> dict[str, HubFile]:
    """The files of a repository's newest commit, with their checksums.

    Raises:
        UserError: the hub cannot be reached, or does not know the repository.
    """
    url = f"{endpoint()}/api/models/{urllib.parse.quote(repository)}/revision/main?blobs=true"
    try:
        with _open(url) as response:
            facts = json.load(response)
        return {file.name: file for file in _files(repository, facts)}
    except urllib.error.HTTPError as error:
        raise UserError(
            f"The model hub has no {repository} for us (HTTP {error.code}).", BY_HAND.format(architecture=architecture)
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(architecture, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{endpoint()} did not answer like a model hub.", BY_HAND.format(architecture=architecture)
        ) from error


def _files(repository: str, facts: Any) -> Iterable[HubFile]:
    base = f"{endpoint()}/{urllib.parse.quote(repository)}/resolve/{facts['sha']}"
    for file in facts["siblings"]:
        name, size, large = file["rfilename"], file.get("size"), file.get("lfs")
        digest = large["sha256"] if large else file.get("blobId")
        if size is not None and digest:
            url = f"{base}/{urllib.parse.quote(name)}"
            yield HubFile(name, url, int(size), digest, "sha256" if large else "git")


def fetch_file(file: HubFile, target: Path, architecture: str, progress: Progress) -> None:
    """Bring one file to `target`, whole and checked, or not at all. What arrived before an interruption is used again.

    Raises:
        UserError: no network, no room, or a file that is not what the hub says it is.
    """
    part = target.with_name(f"{target.name}.{file.digest[:12]}.part")
    _check_disk_space(target.parent, file.size - (part.stat().st_size if part.exists() else 0))
    for attempt in range(_TRIES):
        before = part.stat().st_size if part.exists() else 0
        try:
            _resume(file, part, progress)
            break
        except (_ConnectionLost, OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise _disk_full(target.parent, file.size) from error
            after = part.stat().st_size if part.exists() else 0
            permanent = isinstance(error, urllib.error.HTTPError) and error.code < 500 and error.code != 429
            if permanent or attempt == _TRIES - 1 or (after == before and attempt > 0):
                raise _unreachable(architecture, error) from error
            time.sleep(min(8.0, 0.5 * 2**attempt))
    if part.stat().st_size != file.size or _digest(part, file) != file.digest:
        part.unlink()
        raise UserError(
            f"{file.name} arrived damaged: its checksum is not the one the model hub publishes.",
            "Please download it again; if that does not help, "
            + _lower_first(BY_HAND.format(architecture=architecture)),
        )
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    part.replace(target)


def _resume(file: HubFile, part: Path, progress: Progress) -> None:
    """Append what is missing to the part file."""
    have = part.stat().st_size if part.exists() else 0
    if have > file.size:
        part.unlink()
        have = 0
    if have == file.size:
        part.touch()
        return
    with _open(file.url, {"Range": f"bytes={have}-"} if have else {}) as response:
        if have and response.status != http.client.PARTIAL_CONTENT:
            have = 0  # the server starts over, so do we
        with part.open("ab" if have else "wb") as stream:
            while block := response.read(min(_BLOCK, file.size + 1 - have)):
                stream.write(block)
                have += len(block)
                progress(f"Downloading {file.name}", min(1.0, have / file.size))
                if have > file.size:
                    return  # too long: the checksum will say so
    if have < file.size:
        raise _ConnectionLost(f"{have} of {file.size} bytes")


def _open(url: str, headers: dict[str, str] | None = None) -> Any:
    request = urllib.request.Request(url, headers={"User-Agent": "semblance", "Accept-Encoding": "identity"})
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    return urllib.request.build_opener(_HttpsOnlyRedirects).open(request, timeout=_TIMEOUT_SECONDS)


def _digest(path: Path, file: HubFile) -> str:
    digest = hashlib.sha256() if file.algorithm == "sha256" else hashlib.sha1(usedforsecurity=False)
    if file.algorithm == "git":
        digest.update(b"blob %d\0" % file.size)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _check_disk_space(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed + _RESERVE_BYTES:
        raise _disk_full(folder, needed)


def _disk_full(folder: Path, needed: int) -> UserError:
    return UserError(
        f"The model needs {needed / 1e6:,.0f} MB, and {folder} has not that much room.",
        "Please free some space, or set SEMBLANCE_HOME to a folder on a larger drive.",
    )


def _unreachable(architecture: str, error: BaseException) -> UserError:
    host = urllib.parse.urlsplit(endpoint()).netloc
    if isinstance(error, OSError) and not isinstance(error, urllib.error.HTTPError):
        return NoConnection(f"No connection to {host}.", BY_HAND.format(architecture=architecture))
    reason = getattr(error, "reason", None) or error
    what = f"{host} could not be reached ({str(reason).rstrip('.') or type(error).__name__})."
    return UserError(what, BY_HAND.format(architecture=architecture))


def _lower_first(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
