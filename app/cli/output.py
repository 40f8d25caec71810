"""The process's output, whatever it goes to: a terminal of any encoding, a pipe that closes early, a full disk."""

from __future__ import annotations

import errno
import io
import os
import sys

from app.core.errors import UserError
from app.core.system_errors import os_error_reason


class Output:
    """Prepares stdout and stderr for a process, and tells at its end whether everything was written."""

    def __init__(self) -> None:
        _fill_closed_descriptors()
        # What the encoding of a terminal or a file lacks is shown as "?", never as a traceback.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace" if stream is sys.stdout else "backslashreplace")
        self._closed = sys.stdout is None
        if self._closed:
            sys.stdout = io.StringIO()
        if sys.stderr is None:
            sys.stderr = io.StringIO()

    def fault(self) -> UserError | None:
        """Why what was printed could not be written, if it could not; nothing more is written then.

        Raises:
            BrokenPipeError: whoever read it has read enough.
        """
        if self._closed:
            unread = isinstance(sys.stdout, io.StringIO) and sys.stdout.getvalue()
            return UserError("Nothing can be printed: the output is closed.", _REMEDY) if unread else None
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            self.discard()
            return UserError(f"The output could not be written ({os_error_reason(error)}).", _REMEDY)
        return None

    def fault_of(self, error: OSError) -> UserError | None:
        """What to say of an error while something was printed; None where it was about something else."""
        if error.filename is None and error.errno in _WRITE_ERRORS:
            self.discard()
            return UserError(f"The output could not be written ({os_error_reason(error)}).", _REMEDY)
        return self.fault()

    def check(self, status: int) -> int:
        """The exit status of a process whose output was written.

        Raises:
            UserError: it was not.
        """
        if (fault := self.fault()) is not None:
            raise fault
        return status

    def discard(self) -> None:
        """Send what is still to be written nowhere: the interpreter would try once more when it ends."""
        if not self._closed:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_WRITE_ERRORS = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
_REMEDY = "Print to a terminal, or to a file where there is room."


def _fill_closed_descriptors() -> None:
    """Closed standard descriptors would be given to the next files that are opened, and printed into."""
    handle = os.open(os.devnull, os.O_RDWR)
    while handle <= 2:
        handle = os.open(os.devnull, os.O_RDWR)
    os.close(handle)
