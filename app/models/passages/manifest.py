"""What is known of an encoder of passages before any of it is loaded: one JSON file in its folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.models.manifest import CONVERSION_VERSION, TextInput, write_versioned_json

MANIFEST_FILE = "passages.json"


@dataclass(frozen=True)
class PassageEncoderInfo:
    """An encoder of passages that is ready on this machine.

    Attributes:
        fingerprint: hex digest of weights and tokenizer, and of the space its vectors are fitted into.
        width: length of its own vectors. `dimension`: of those it gives, filled up with zeros, which changes no cosine.
        context_length: tokens it reads, start and end included.
        folder: where its converted tower and its tokenizer are.
        cosine_mean, cosine_worst: to the reference, on the probe texts; `texts_per_second` on the same.
    """

    name: str
    fingerprint: str
    width: int
    dimension: int
    context_length: int
    folder: Path
    text_input: TextInput = field(default_factory=TextInput)
    licence: str = ""
    languages: tuple[str, ...] = ()
    precision: str = "fp32"
    cosine_mean: float = 1.0
    cosine_worst: float = 1.0
    texts_per_second: float = 0.0

    def fitted(self, dimension: int) -> PassageEncoderInfo:
        """The encoder for a table whose vectors have this length.

        Raises:
            UserError: they are shorter than its own.
        """
        if dimension < self.width:
            raise UserError(
                f"{self.name} needs vectors of {self.width} numbers, and those of this model have {dimension}.",
                "Please choose a larger model, or switch it off with `semblance model passages off`.",
            )
        if dimension == self.dimension:
            return self
        text = f"{self.fingerprint} in {dimension}".encode()
        digest = hashlib.blake2b(text, digest_size=8).hexdigest()
        return replace(self, dimension=dimension, fingerprint=digest)

    def as_json(self) -> dict[str, Any]:
        """Everything for people and programs, plain values only."""
        return {**asdict(self), "folder": str(self.folder)}


def write_passage_manifest(info: PassageEncoderInfo) -> None:
    """Write `passages.json` into the encoder's folder, whole or not at all."""
    facts = info.as_json()
    del facts["folder"]
    write_versioned_json(info.folder / MANIFEST_FILE, facts)


def read_passage_manifest(folder: Path) -> PassageEncoderInfo | None:
    """The encoder in a folder, or None where there is none, or one that an older program converted."""
    try:
        facts = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if facts.pop("conversion") != CONVERSION_VERSION:
            return None
        facts["text_input"] = TextInput(**facts["text_input"])
        facts["languages"] = tuple(facts["languages"])
        return PassageEncoderInfo(folder=folder, **facts)
    except (OSError, ValueError, KeyError, TypeError):
        return None
