"""Fetches or prepares a model in a process of its own.

Usage: `python -m ui.models.download_process download|use NAME [ARCHITECTURE]`.

Preparing a model imports torch for half a minute; in the window's own process that would cost its memory for good and
its smoothness meanwhile. One JSON object a line on stdout: {"what", "share"} while it works, then {"done"} or
{"what", "remedy", "failed": true, "kind"}. It dies with its parent (stdin ends) and can be killed at any time: a broken
download goes on where it was.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from app.core.errors import UserError
from app.core.paths import app_dirs


def _say(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)


def _die_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(130)


def main(arguments: list[str]) -> int:
    """Run one order; the exit status."""
    verb, name, *architecture = arguments
    threading.Thread(target=_die_with_parent, daemon=True).start()
    from app.models import install

    last = 0.0

    def progress(what: str, share: float) -> None:
        nonlocal last
        if time.monotonic() - last > 0.2 or share >= 1:
            last = time.monotonic()
            _say({"what": what, "share": share})

    try:
        if verb == "download":
            install.download(app_dirs(), name, consent=lambda _offer: True, progress=progress)
        else:
            install.use(app_dirs(), name, architecture=architecture[0] if architecture else None, progress=progress)
    except UserError as error:
        _say({"what": error.what, "remedy": error.remedy, "failed": True, "kind": type(error).__name__})
        return 2
    _say({"done": True})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
