"""Photos with tags, made, written and read back."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.xmp.containers import with_packet
from app.xmp.writing import TaggedFile, XmpChange, write_xmp

EXIFTOOL, EXIV2 = shutil.which("exiftool"), shutil.which("exiv2")
needs_exiftool = pytest.mark.skipif(EXIFTOOL is None, reason="exiftool is not installed")
needs_exiv2 = pytest.mark.skipif(EXIV2 is None, reason="exiv2 is not installed")
DOG = (("animal", "dog"),)
FORMATS = ("jpg", "png", "webp")


def make_picture(path: Path) -> Path:
    noise = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8).repeat(3, 0)
    Image.fromarray(noise).save(path, **({"lossless": True} if path.suffix == ".webp" else {}))
    return path


def exiftool(*arguments: str | Path) -> str:
    assert EXIFTOOL is not None
    command = [EXIFTOOL, "-charset", "filename=utf8", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout


def described(path: Path) -> dict[str, Any]:
    """What exiftool reads, by group, without the file system's facts."""
    found = json.loads(exiftool("-j", "-G1", "-struct", path))[0]
    return {key: value for key, value in found.items() if not key.startswith(("System:", "ExifTool:", "SourceFile"))}


def change(path: Path, **options: Any) -> XmpChange:
    tags = options.pop("tags", DOG)
    (made,) = write_xmp([TaggedFile(str(path), tags, options.pop("keywords", ()))], **options)
    return made


def digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def without_packet(data: bytes) -> bytes:
    """The file with a packet of a fixed length, so that only the packet is left out of the comparison."""
    return with_packet(data, b"<same/>")
