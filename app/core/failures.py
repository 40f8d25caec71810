"""Why files cannot be read: the sentences for people, and when to try again.

A failing file is a row like any other: it is never retried for ever, and never forgotten.
"""

from __future__ import annotations

from app.core.records import Failure

SECOND_NS = 1_000_000_000
HOUR_NS = 3600 * SECOND_NS


class DecodeError(Exception):
    """A file that cannot be read, with the reason's kind and one sentence for people.

    Raised while reading (`app.pictures`, `app.documents`); `indexer.decode` turns it into a row.
    """

    def __init__(self, failure: Failure, text: str) -> None:
        super().__init__(text)
        self.failure = failure
        self.text = text

    def __reduce__(self) -> tuple[type[DecodeError], tuple[Failure, str]]:
        # The default would hand `args` to __init__ and lose the failure when crossing processes.
        return type(self), (self.failure, self.text)


_ADVICE = {
    Failure.EMPTY: "Delete it, or copy it again from where it came from.",
    Failure.TRUNCATED: "Copy it again from the original; it will be read as soon as it changes.",
    Failure.CORRUPT: "Open it in another program to see whether it still works, or restore it from a backup.",
    Failure.WRONG_TYPE: "Give it the ending that fits its content, or ignore it.",
    Failure.UNSUPPORTED: "Convert it to a common format such as JPEG or PDF to make it searchable.",
    Failure.TOO_LARGE: "Save a smaller copy beside it to make it searchable.",
    Failure.BOMB: "Do not open it unless you trust where it came from.",
    Failure.ENCRYPTED: "Save a copy without a password to make it searchable.",
    Failure.PERMISSION: "Give yourself the right to read it; it will be tried again.",
    Failure.IO: "Check the drive or the network connection; it will be tried again.",
    Failure.TIMEOUT: "It will be tried again later; if it keeps failing, save it anew in another program.",
    Failure.CRASH: "It is left alone until it changes; save it anew in another program to make it searchable.",
    Failure.LONG_PATH: "Move it nearer to the top of its drive, or shorten the names of the folders it is in.",
    Failure.MEMORY: "Close other programs or save a smaller copy; it will be tried again.",
}

# What may have nothing to do with the bytes is tried again, at growing pauses: the first pause, how often, and by how
# much each pause is longer than the one before. Everything else is read again only when the file changes. A truncated
# file may be a copy that is still running; what took minutes or all memory costs as much at each try.
_RETRY_RULES: dict[Failure, tuple[int, int, int]] = {
    Failure.TRUNCATED: (60 * SECOND_NS, 6, 2),
    Failure.EMPTY: (60 * SECOND_NS, 3, 2),
    Failure.PERMISSION: (HOUR_NS, 10, 2),
    Failure.IO: (60 * SECOND_NS, 20, 2),
    Failure.TIMEOUT: (24 * HOUR_NS, 3, 7),
    Failure.MEMORY: (24 * HOUR_NS, 4, 7),
}
_MAX_BACKOFF_NS = 28 * 24 * HOUR_NS


def advice(failure: Failure) -> str:
    """One sentence: what the user can do about it."""
    return _ADVICE[failure]


def next_retry_ns(failure: Failure, attempts: int, now_ns: int) -> int:
    """When a file that failed `attempts` times (>= 1) is tried again without having changed.

    Returns:
        ns since the epoch; 0 for never. Pauses grow with each attempt, up to four weeks.
    """
    rule = _RETRY_RULES.get(failure)
    if rule is None or attempts > rule[1]:
        return 0
    pause: int = rule[0] * rule[2] ** (max(attempts, 1) - 1)
    return now_ns + min(pause, _MAX_BACKOFF_NS)
