"""What the operating system says when a file cannot be used, in words of our own that the window has in its language.

The commonest reasons only; whatever is rare stays as the system says it. `REASONS` stand in brackets or after a colon.
"""

from __future__ import annotations

import errno

_NO_PERMISSION = "no permission"
_NOT_THERE = "it is not there"
_FULL = "the drive is full"
_READ_ONLY = "the drive is read-only"
_FAULT = "the drive reports a fault"
_LONG_NAME = "the name is too long"
_MANY_FILES = "too many files are open"
_LOOP = "its links lead in a circle"
_SLOW = "the drive does not answer"
_DISCONNECTED = "the network drive is not connected"
_IN_USE = "another program is using it"
_FOLDER = "it is a folder"
_NO_TEXT = "it is no text in UTF-8"

REASONS = (
    _NO_PERMISSION, _NOT_THERE, _FULL, _READ_ONLY, _FAULT, _LONG_NAME, _MANY_FILES, _LOOP, _SLOW, _DISCONNECTED,
    _IN_USE, _FOLDER, _NO_TEXT,
)  # fmt: skip

_BY_NAME = {
    _NO_PERMISSION: ("EACCES", "EPERM"),
    _NOT_THERE: ("ENOENT", "ENOTDIR"),
    _FULL: ("ENOSPC", "EDQUOT"),
    _READ_ONLY: ("EROFS",),
    _FAULT: ("EIO",),
    _LONG_NAME: ("ENAMETOOLONG",),
    _MANY_FILES: ("EMFILE", "ENFILE"),
    _LOOP: ("ELOOP",),
    _SLOW: ("ETIMEDOUT",),
    _DISCONNECTED: ("ENOTCONN", "ESTALE", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENODEV", "ENXIO"),
    _IN_USE: ("EBUSY", "ETXTBSY"),
    _FOLDER: ("EISDIR",),
}
# Not every system has each of them.
_BY_NUMBER = {getattr(errno, name): text for text, names in _BY_NAME.items() for name in names if hasattr(errno, name)}
# Windows tells more by its own numbers than by the errno that Python makes of them (mostly "no permission").
# https://learn.microsoft.com/windows/win32/debug/system-error-codes
_BY_WINDOWS = {
    19: _READ_ONLY,
    21: _DISCONNECTED,  # not ready
    23: _FAULT,  # cyclic redundancy check
    32: _IN_USE,  # sharing violation
    33: _IN_USE,  # lock violation
    39: _FULL,
    53: _DISCONNECTED,
    59: _DISCONNECTED,
    64: _DISCONNECTED,
    67: _DISCONNECTED,
    112: _FULL,
    121: _SLOW,
    206: _LONG_NAME,
    1231: _DISCONNECTED,
}


def os_error_reason(error: Exception) -> str:
    """Why, as a phrase without its full stop; what the error says itself where it is none that we know."""
    if isinstance(error, UnicodeDecodeError):
        return _NO_TEXT
    if not isinstance(error, OSError):
        return str(error)
    known = _BY_WINDOWS.get(getattr(error, "winerror", None) or 0) or _BY_NUMBER.get(error.errno or 0)
    return known or error.strerror or str(error)
