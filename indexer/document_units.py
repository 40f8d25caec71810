"""From the parts of a document to its units: page pictures, and passages that fit the text encoder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.records import DecodedUnit, UnitType

if TYPE_CHECKING:
    from app.documents import DocumentPart
    from indexer.decode import DecodeJob

_LONGEST_TOKEN = 64


class DocumentUnits:
    """Turns the parts of one document into units.

    Args:
        end: processor time of this process after which what was read so far has to do.

    Attributes:
        units: page pictures and passages, in reading order.
        thumbnail: of the first page that has a picture.
        cut: there was more text than is kept.
        too_slow: its time was over before it was read to its end.
    """

    def __init__(self, job: DecodeJob, fits: Callable[[str], bool], end: float) -> None:
        self._job = job
        self._fits = fits
        self._end = end
        self._characters = job.limits.characters
        self.units: list[DecodedUnit] = []
        self.thumbnail: bytes | None = None
        self.cut = self.too_slow = False

    def add(self, part: DocumentPart) -> bool:
        """Take the units of a part; False when there is no time or no room for another one."""
        from app.pictures import jpeg_bytes
        from app.text.chunking import passages

        if not self._goes_on():
            return False
        if part.picture is not None:
            if self.thumbnail is None:
                self.thumbnail = jpeg_bytes(part.picture, self._job.thumbnail_side)
            pixels = self._job.preprocess.apply(part.picture)
            self.units.append(DecodedUnit(UnitType.PAGE, part.page, pixels))
        text = part.text[: self._characters]
        self.cut = self.cut or len(text) < len(part.text)
        self._characters -= len(text)
        for passage in passages(text, self._fits):
            if not self._goes_on():
                return False
            self.units.append(DecodedUnit(UnitType.PASSAGE, part.page, text=passage))
        return True

    def note(self, *, cut: bool) -> str:
        """What of the document is not searched, in one sentence; `cut`: its reader left something out."""
        if self.too_slow:
            return "Reading it takes so long that only its beginning is searched."
        if len(self.units) >= self._job.limits.units:
            return f"Only the first {self._job.limits.units:,} passages are searched."
        return f"Only the first {self._job.limits.characters:,} characters are searched." if cut or self.cut else ""

    def _goes_on(self) -> bool:
        """Whether there is time and room for another unit; the first one is always worth waiting for."""
        self.too_slow = bool(self.units) and time.process_time() > self._end
        return not self.too_slow and len(self.units) < self._job.limits.units


@lru_cache(maxsize=2)
def length_check(tokenizer_file: Path | None, context_length: int, clean: str = "lower") -> Callable[[str], bool]:
    """Whether a passage fits the text tower: counted by the model's tokenizer; without one, estimated."""
    if tokenizer_file is None:
        return lambda text: 2 + sum(1 + len(word) // 3 for word in text.split()) <= context_length
    from tokenizers import Tokenizer

    from app.models.tokenizer.tokenizer import CLEANING

    tokenizer = Tokenizer.from_file(os.fspath(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    cleaned = CLEANING[clean]

    def fits(text: str) -> bool:
        # No endless word is ever counted whole.
        return len(text) <= _LONGEST_TOKEN * context_length and len(tokenizer.encode(cleaned(text))) <= context_length

    return fits
