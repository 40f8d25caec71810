"""Writing confirmed tags where other programs find them: an XMP sidecar beside the file, or the file itself.

Nothing is written unless the user asked, a dry run tells what would be, and what is not a keyword stays byte for
byte. Every file is replaced whole: a copy beside it is written and synced, then takes its name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.system_errors import os_error_reason
from app.xmp.containers import NotEmbeddable, embeddable, packet_of, with_packet
from app.xmp.keywords import XmpKeywords
from app.xmp.packet_editor import EditedPacket, PacketEditor, PacketError

SIDECAR, IN_FILE = "sidecar", "file"
"""The values of the setting `tag_write`."""
_DATE = re.compile(rb"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class TaggedFile:
    """What is to be written of one file.

    Attributes:
        path: as the system opens it.
        tags: the hierarchy of each tag, outermost first.
        keywords: what the file says of itself in other places (IPTC), merged into the flat list.
    """

    path: str
    tags: tuple[tuple[str, ...], ...]
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class XmpChange:
    """What happened, or in a dry run would happen, to one file.

    Attributes:
        target: the sidecar or the file itself; `adds` what it gets; nothing where it has all tags already.
        written: False in a dry run, where nothing was to be added, and where `problem` says why not.
        hashes: content hash before and after, where the file itself was written.
    """

    path: str
    target: str
    adds: XmpKeywords = field(default_factory=XmpKeywords)
    written: bool = False
    problem: str = ""
    hashes: tuple[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "target": self.target,
            "adds": {
                "dc:subject": list(self.adds.subject),
                "lr:hierarchicalSubject": list(self.adds.hierarchical),
                "digiKam:TagsList": list(self.adds.tags_list),
            },
            "written": self.written,
            "problem": self.problem or None,
        }


def write_xmp(files: Iterable[TaggedFile], *, into: str = SIDECAR, dry_run: bool = False) -> Iterator[XmpChange]:
    """Write the tags of each file, one after the other; a file that cannot be written says why and harms no other.

    `into` "file" writes into JPEG, PNG and WebP files; all others get a sidecar even then.
    """
    with PacketEditor() as editor:
        for file in files:
            target = file.path
            try:
                if into == IN_FILE and _takes_tags(file.path):
                    try:
                        yield _into_file(file, editor, dry_run)
                        continue
                    except NotEmbeddable:
                        pass  # a sidecar serves
                target = sidecar_of(file.path)
                yield _into_sidecar(file, target, editor, dry_run)
            except PacketError as error:
                yield XmpChange(file.path, target, problem=f"Nothing was written, because {error}.")
            except OSError as error:
                yield XmpChange(file.path, target, problem=f"Nothing was written ({os_error_reason(error)}).")


def sidecar_of(path: str) -> str:
    """The sidecar that is there, else the name digiKam, darktable and Immich use: `photo.jpg.xmp`.

    `photo.xmp` (Lightroom) is taken only where no other file of that stem could own it.
    """
    picture = Path(path)
    full, short = picture.with_name(picture.name + ".xmp"), picture.with_suffix(".xmp")
    if os.path.lexists(full) or not os.path.lexists(short):
        return str(full)
    owners = {entry.name for entry in picture.parent.iterdir() if entry.stem == picture.stem} - {short.name}
    return str(short if owners == {picture.name} else full)


def _takes_tags(path: str) -> bool:
    with open(path, "rb") as file:
        return embeddable(file.read(16))


def _into_sidecar(file: TaggedFile, target: str, editor: PacketEditor, dry_run: bool) -> XmpChange:
    if not Path(file.path).exists():
        raise FileNotFoundError(errno.ENOENT, "the file is not there")
    packet = Path(target).read_bytes() if os.path.lexists(target) else None
    edited = _edited(file, packet, editor)
    adds = edited.after.without(edited.before)
    if not adds or dry_run:
        return XmpChange(file.path, target, adds)
    replace_file(os.path.realpath(target), edited.packet)
    return XmpChange(file.path, target, adds, written=True)


def _into_file(file: TaggedFile, editor: PacketEditor, dry_run: bool) -> XmpChange:
    path = os.path.realpath(file.path)
    before = os.stat(path)
    if before.st_nlink > 1:
        raise NotEmbeddable("it is linked from several places")
    data = Path(path).read_bytes()
    edited = _edited(file, packet_of(data), editor)
    adds = edited.after.without(edited.before)
    made = with_packet(data, edited.packet)
    if not adds or dry_run:
        return XmpChange(file.path, file.path, adds)
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is write-protected")
    replace_file(path, made, unchanged_since=before, keep_time=not _has_camera_date(data))
    return XmpChange(file.path, file.path, adds, written=True, hashes=(_hash(data), _hash(made)))


def _edited(file: TaggedFile, packet: bytes | None, editor: PacketEditor) -> EditedPacket:
    return editor.edit(packet, list(file.tags), file.keywords)


def _has_camera_date(data: bytes) -> bool:
    """Whether a camera's date stands in the file's head.

    Backup programs expect a new modification time on a file that was written. But where that time is the only date
    a photo has, people (and Semblance) sort by it: then it is kept, and the new size tells the backup.
    """
    return _DATE.search(data, 0, 1 << 18) is not None


def replace_file(
    path: str, data: bytes, *, unchanged_since: os.stat_result | None = None, keep_time: bool = False
) -> None:
    """Give `path` new bytes, whole or not at all; mode, owner and extended attributes stay."""
    target = Path(path)
    handle, name = tempfile.mkstemp(prefix=".semblance-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            _copy_attributes(path, name, keep_time)
        else:
            temporary.chmod(0o666 & ~_umask())
        if unchanged_since is not None:
            now = target.stat()
            if (now.st_mtime_ns, now.st_size) != (unchanged_since.st_mtime_ns, unchanged_since.st_size):
                raise OSError(errno.EAGAIN, "another program has just changed the file")
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _copy_attributes(source: str, target: str, keep_time: bool) -> None:
    written = os.stat(target)
    with suppress(OSError):
        shutil.copystat(source, target)
    if not keep_time:
        os.utime(target, ns=(written.st_atime_ns, written.st_mtime_ns))
    if hasattr(os, "chown"):
        owner = os.stat(source)
        with suppress(OSError):  # another person's file in a shared folder stays ours then
            os.chown(target, owner.st_uid, owner.st_gid)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hash(data: bytes) -> str:
    """The content hash as the index has it."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
