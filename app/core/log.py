"""One rotating log file for all processes, and tracebacks only there."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
from types import TracebackType

from app.core.paths import AppDirs

_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class _LogFile(logging.handlers.RotatingFileHandler):
    """The log file. Where it cannot be written (a full or read-only disk), the program goes on without."""

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def configure(dirs: AppDirs, *, verbose: bool = False) -> None:
    """Send records of this process to the log file (1 MB, three kept); with `verbose` to stderr as well."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    file = _LogFile(
        dirs.log_file,
        maxBytes=1_000_000,
        backupCount=3,
        encoding="utf-8",
        errors="backslashreplace",
        delay=True,
    )
    file.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(file)
    if verbose:
        console = logging.StreamHandler(sys.stderr)
        console.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(console)
    for noisy in ("PIL", "fsspec", "urllib3", "httpx", "httpcore", "filelock", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("semblance").critical("uncaught exception", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is SystemExit or args.exc_value is None:
        return
    name = args.thread.name if args.thread else "?"
    logging.getLogger("semblance").critical(
        "uncaught exception in thread %s", name, exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
    )
