"""The two kinds of trouble: the world's faults, which people can do something about, and our bugs.

A `UserError` says in one sentence what happened and in one sentence what to do. It is shown as it is, in the
window and on the command line. Every other exception is a bug: it goes to the log, with a dialog or a traceback.
"""

from __future__ import annotations


class UserError(Exception):
    """A fault of the world, with its remedy.

    Attributes:
        what: one sentence that says what happened, ending with a full stop.
        remedy: one sentence that says what the user can do about it.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


class ModelMissing(UserError):
    """No usable model is installed: search by words alone still works."""


class NoConnection(UserError):
    """The model hub cannot be reached."""


class IndexUnusable(UserError):
    """The index on disk cannot be read by this program (newer version, broken beyond repair, unfit file system)."""


class AlreadyRunning(UserError):
    """Another process owns this index (or this window)."""
