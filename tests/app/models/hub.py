"""A model hub on this machine, with the hub's own answers and the network's own faults."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """Serves the files of folders as repositories.

    Attributes:
        cut_after: bytes after which each answer breaks off, or None.
        ranges: whether it continues a file in the middle.
        lie: names whose published checksum is wrong.
        asked: the (path, Range) of each request, in order.
    """

    def __init__(self, **repositories: Path) -> None:
        self.repositories = {name.replace("__", "/"): folder for name, folder in repositories.items()}
        self.cut_after: int | None = None
        self.ranges = True
        self.lie: set[str] = set()
        self.asked: list[tuple[str, str | None]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def listing(self, repository: str) -> dict[str, Any]:
        """What the hub's API says: large files with their SHA-256, small ones with git's digest."""
        siblings = []
        for file in sorted(self.repositories[repository].rglob("*")):
            if file.is_file():
                data = file.read_bytes()
                name = file.relative_to(self.repositories[repository]).as_posix()
                sha256 = "0" * 64 if name in self.lie else hashlib.sha256(data).hexdigest()
                small = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
                large = {"lfs": {"sha256": sha256, "size": len(data), "pointerSize": 134}} if len(data) > 10_000 else {}
                siblings.append({"rfilename": name, "size": len(data), "blobId": small, **large})
        return {"sha": COMMIT, "siblings": siblings}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments: Any) -> None:
                pass

            def do_GET(self) -> None:
                wanted = self.headers.get("Range")
                hub.asked.append((self.path, wanted))
                for repository, folder in hub.repositories.items():
                    if self.path == f"/api/models/{repository}/revision/main?blobs=true":
                        return self._send(json.dumps(hub.listing(repository)).encode())
                    prefix = f"/{repository}/resolve/{COMMIT}/"
                    if self.path.startswith(prefix):
                        # As the hub does: weights are on another address.
                        self.send_response(302)
                        self.send_header("Location", f"{hub.address}/cdn/{repository}/{self.path[len(prefix) :]}")
                        self.end_headers()
                        return None
                    if self.path.startswith(f"/cdn/{repository}/"):
                        name = self.path.removeprefix(f"/cdn/{repository}/")
                        return self._send((folder / name).read_bytes(), wanted, cut=True)
                return self.send_error(404)

            def _send(self, data: bytes, wanted: str | None = None, *, cut: bool = False) -> None:
                start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and hub.ranges else 0
                body = data[start:]
                self.send_response(206 if start else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: hub.cut_after] if cut and hub.cut_after is not None else body)
                self.close_connection = True

        return Handler
