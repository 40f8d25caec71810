"""Which files are ours: their kind by name, what is ignored, what is hidden, what is only a cloud placeholder.

Pure and light: called once for every directory entry of every watched folder.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping

from app.core.records import Kind


def _suffixes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PICTURE_FORMATS = {
    "jpeg": _suffixes("jpg jpeg jpe jfif mpo"),
    "png": _suffixes("png apng"),
    "webp": _suffixes("webp"),
    "gif": _suffixes("gif"),
    "tiff": _suffixes("tif tiff"),
    "bmp": _suffixes("bmp dib"),
    "avif": _suffixes("avif avifs"),
    "heic": _suffixes("heic heics heif heifs hif"),
    "jpeg2000": _suffixes("jp2 j2k jpx jpf jpm j2c"),
    "jpegxl": _suffixes("jxl"),
    "photoshop": _suffixes("psd"),
    "svg": _suffixes("svg svgz"),
    "targa": _suffixes("tga"),
    "netpbm": _suffixes("ppm pgm pbm pnm"),
}
RAW_SUFFIXES = _suffixes(
    "3fr arw cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf ori pef raf rw2 rwl sr2 srf srw x3f"
)
_OFFICE_FORMATS = {
    "word": _suffixes("doc docx docm dot dotx dotm"),
    "excel": _suffixes("xls xlsx xlsm xlsb xltx"),
    "powerpoint": _suffixes("ppt pptx pptm pps ppsx pot potx"),
    "opendocument": _suffixes("odt ott ods ots odp otp odg fodt fods fodp fodg"),
    "rtf": _suffixes("rtf"),
    "iwork": _suffixes("pages numbers key"),
}
_TEXT_FORMATS = {
    "text": _suffixes("txt text rst org adoc tex log"),
    "markdown": _suffixes("md markdown mdown"),
    "csv": _suffixes("csv tsv"),
    "json": _suffixes("json"),
    "subtitles": _suffixes("srt vtt"),
    "calendar": _suffixes("ics"),
    "contacts": _suffixes("vcf"),
    "mailbox": _suffixes("mbox"),
}
_OTHER_FORMATS = {
    "pdf": _suffixes("pdf"),
    "djvu": _suffixes("djvu djv"),
    "epub": _suffixes("epub"),
    "fb2": _suffixes("fb2"),
    "comic": _suffixes("cbz"),
    "html": _suffixes("html htm xhtml"),
    "xml": _suffixes("xml"),
    "mail": _suffixes("mht mhtml eml msg"),
}
FORMATS: Mapping[str, frozenset[str]] = {
    **_PICTURE_FORMATS, "raw": RAW_SUFFIXES, **_OFFICE_FORMATS, **_TEXT_FORMATS, **_OTHER_FORMATS
}  # fmt: skip
"""The formats that are read: name -> the endings of its files, without dots."""


def _union(formats: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*formats.values())


PICTURE_SUFFIXES = _union(_PICTURE_FORMATS)
PHOTO_SUFFIXES = PICTURE_SUFFIXES | RAW_SUFFIXES
TEXT_SUFFIXES = _union(_TEXT_FORMATS)
OFFICE_SUFFIXES = _union(_OFFICE_FORMATS)
DOCUMENT_SUFFIXES = OFFICE_SUFFIXES | TEXT_SUFFIXES | _union(_OTHER_FORMATS)


def suffix_of(name: str) -> str:
    """The ending without its dot, lower case; empty where there is none (".png" alone is a hidden name)."""
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and stem.strip(".") else ""


def kind_of(name: str) -> Kind | None:
    """What a file is, judged by its name alone; None when it is not ours."""
    suffix = suffix_of(name)
    if suffix in PHOTO_SUFFIXES:
        return Kind.PHOTO
    return Kind.DOCUMENT if suffix in DOCUMENT_SUFFIXES else None


# Windows: FILE_ATTRIBUTE_HIDDEN, _SYSTEM; macOS: UF_HIDDEN (chflags hidden).
_WINDOWS_HIDDEN = stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM


def is_hidden(name: str, entry_stat: os.stat_result) -> bool:
    """Hidden by a leading dot or by the platform's own attribute."""
    if name.startswith("."):
        return True
    if getattr(entry_stat, "st_file_attributes", 0) & _WINDOWS_HIDDEN:
        return True
    return bool(getattr(entry_stat, "st_flags", 0) & stat.UF_HIDDEN)


# https://learn.microsoft.com/windows/win32/fileio/file-attribute-constants: OneDrive, Dropbox and iCloud for Windows
# mark files that are not here with RECALL_ON_DATA_ACCESS; RECALL_ON_OPEN and OFFLINE are older storage tiers.
_RECALL_ON_OPEN, _RECALL_ON_DATA_ACCESS = 0x00040000, 0x00400000
_WINDOWS_AWAY = stat.FILE_ATTRIBUTE_OFFLINE | _RECALL_ON_OPEN | _RECALL_ON_DATA_ACCESS
# sys/stat.h of macOS 10.15+: SF_DATALESS, File Provider items (iCloud Drive, OneDrive, Dropbox) whose data is away.
_SF_DATALESS = 0x40000000
# Linux has no common mark. Nextcloud and ownCloud name virtual files like this; the abraunegg OneDrive client and
# Insync keep whole files.
_PLACEHOLDER_SUFFIXES = (".nextcloud", ".owncloud", ".opencloud", ".icloud", ".cloud", ".cloudf")
# OneDriver, rclone mounts, Google Drive streams and the like are FUSE file systems that report no blocks for what is
# not cached; 0 blocks alone also means "inline" (btrfs, small files) or "sparse", so a size that no file system
# keeps inline is required too, and an extended attribute that says so.
_CLOUD_ATTRIBUTES = ("user.onedriver.online", "user.cloud.placeholder", "user.nextcloud.placeholder")
_LARGEST_INLINE = 64 * 1024


def is_placeholder(entry_stat: os.stat_result, path: str | os.PathLike[str]) -> bool:
    """Whether a file's content is in the cloud only, so that opening it would download it."""
    if getattr(entry_stat, "st_file_attributes", 0) & _WINDOWS_AWAY:
        return True
    if getattr(entry_stat, "st_flags", 0) & _SF_DATALESS:
        return True
    if os.fspath(path).lower().endswith(_PLACEHOLDER_SUFFIXES):
        return True
    blocks = getattr(entry_stat, "st_blocks", None)
    if sys.platform != "linux" or blocks != 0 or entry_stat.st_size <= _LARGEST_INLINE:
        return False
    return _has_cloud_attribute(path)


def _has_cloud_attribute(path: str | os.PathLike[str]) -> bool:
    if sys.platform != "linux":
        return False
    try:
        return not set(os.listxattr(path)).isdisjoint(_CLOUD_ATTRIBUTES)
    except OSError:
        return False
