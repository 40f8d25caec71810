"""Takes from the process that converts a model what it does not need: the network, and writing outside its folder.

On Linux the kernel sees to it where it can: Landlock (from 5.13 on) for files, a seccomp filter for sockets. Everywhere
an audit hook refuses Python's own sockets, and the libraries' caches are kept inside the model's folder. Restrictions
hold for this thread and all that it starts, so they are made before anything heavy is imported.
"""

from __future__ import annotations

import ctypes
import logging
import os
import platform
import struct
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

log = logging.getLogger(__name__)

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
# Removing and making of any kind (bits 4 to 12), then what later kernels know: linking elsewhere, truncating.
_MAKE_AND_REMOVE = sum(1 << bit for bit in range(4, 13))
_BY_ABI = ((2, 1 << 13), (3, _TRUNCATE))
_TCP = 0b11
_TCP_ABI = 4
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
# (audit architecture, number of socket(2)); io_uring_setup(2) is 425 on both.
_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_IO_URING_SETUP = 425
_X32 = 0x40000000
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # errno 13: EACCES
_CACHES = ("HF_HOME", "HF_HUB_CACHE", "HF_MODULES_CACHE", "TORCH_HOME", "XDG_CACHE_HOME", "TMPDIR", "TEMP", "TMP")
_SOCKETS = frozenset(("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"))


def restrict(folder: Path, scratch: Path) -> tuple[str, ...]:
    """From now on this process writes into `folder` only, and has no network. Returns what the kernel enforces.

    Args:
        scratch: inside `folder`, for temporary files and for caches of the libraries.
    """
    _keep_caches_in(scratch)
    sys.addaudithook(_refuse_sockets)
    if sys.platform != "linux":
        return ()
    steps: dict[str, Callable[[], None]] = {"files": partial(_restrict_files, folder), "network": _refuse_network}
    enforced = []
    for name, step in steps.items():
        try:
            step()
            enforced.append(name)
        except OSError as error:  # an older kernel, or one that does not allow it
            log.info("the kernel does not restrict %s: %s", name, error)
    return tuple(enforced)


def _keep_caches_in(scratch: Path) -> None:
    """What libraries would keep in the home folder goes to one that is removed afterwards."""
    os.environ.update(dict.fromkeys(_CACHES, str(scratch)))


def _refuse_sockets(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _SOCKETS:
        raise PermissionError(13, "a model is converted without the network")


def _restrict_files(folder: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    abi = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if abi < 1:
        raise _last_error()
    handled = _WRITE_FILE | _MAKE_AND_REMOVE
    handled |= sum(bit for since, bit in _BY_ABI if abi >= since)
    attributes = struct.pack("=QQ", handled, _TCP if abi >= _TCP_ABI else 0)
    attributes = attributes if abi >= _TCP_ABI else attributes[:8]
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        raise _last_error()
    try:
        _allow(libc, ruleset, folder, handled)
        _allow(libc, ruleset, Path("/dev"), handled & (_WRITE_FILE | _TRUNCATE))  # graphics cards are files here
        if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(_RESTRICT_SELF, ruleset, 0):
            raise _last_error()
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, handle), 0):
            raise _last_error()
    finally:
        os.close(handle)


def _refuse_network() -> None:
    """Sockets within this machine (AF_UNIX) stay; others are refused, and io_uring, which could make them, too."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        raise OSError("no filter for this architecture")
    architecture, socket = known
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    program = b"".join(
        struct.pack("=HBBI", *instruction)
        for instruction in (
            (load, 0, 0, 4),  # 0: the architecture
            (equal, 0, 6, architecture),  # 1: another one: refused
            (load, 0, 0, 0),  # 2: the call's number
            (at_least, 4, 0, _X32),  # 3: x32: refused
            (equal, 3, 0, _IO_URING_SETUP),  # 4
            (equal, 0, 3, socket),  # 5: any other call: allowed
            (load, 0, 0, 16),  # 6: the address family
            (equal, 1, 0, 1),  # 7: AF_UNIX: allowed
            (answer, 0, 0, _REFUSE),  # 8
            (answer, 0, 0, _ALLOW),  # 9
        )
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong]
    if libc.prctl(_NO_NEW_PRIVS, 1, None, 0, 0) or libc.prctl(_SET_SECCOMP, _FILTER, header, 0, 0):
        raise _last_error()


def _last_error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
