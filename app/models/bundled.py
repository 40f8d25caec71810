"""The starter's converted towers, shipped beside its weights, so that the first start imports no torch.

Converted towers hold the same numbers as the checkpoint, so shipping them whole would ship everything twice. A pack
holds the graphs (compressed), the few numbers that the conversion changed, and a recipe: which pieces of the
checkpoint and of those numbers, in which order, are each tower's file of weights. `unpack` joins them, in a blink.

`python -m app.models.bundled FOLDER` packs the checkpoint in FOLDER; run it whenever the starter is trained anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app.core.atomic_write import write_atomically
from app.models.checkpoint import PACKED_PIECES_FILE
from app.models.convert.conversion import IMAGE_TOWER, TEXT_TOWER
from app.models.manifest import CONVERSION_VERSION, ModelInfo, TextInput
from app.models.tokenizer.tokenizer import PIECES_FILE

BUNDLE_FOLDER = "converted"
_BUNDLE_FILE = "pack.json"
_CONSTANTS_FILE = "constants.bin"
_TOKENIZER = "tokenizer.json"
_TOWERS = (IMAGE_TOWER, TEXT_TOWER)
# Smaller constants (scalars, shapes) are not worth a look-up.
_MIN_SHARED_BYTES = 256

Piece = tuple[int, int, int]
"""0 for the checkpoint or 1 for the changed numbers, offset, length, in bytes."""


def unpack_bundle(info: ModelInfo) -> ModelInfo | None:
    """Write the towers and the tokenizer into the model's folder; None where no fitting pack ships."""
    folder = info.source / BUNDLE_FOLDER
    try:
        pack = json.loads((folder / _BUNDLE_FILE).read_text(encoding="utf-8"))
        if (pack["conversion"], pack["fingerprint"]) != (CONVERSION_VERSION, info.fingerprint):
            return None
        sources = ((info.source / info.weights).read_bytes(), (folder / _CONSTANTS_FILE).read_bytes())
        for tower in _TOWERS:
            pieces: list[Piece] = pack["towers"][tower]
            weights = b"".join(sources[source][offset : offset + size] for source, offset, size in pieces)
            if hashlib.sha256(weights).hexdigest() != pack["digests"][tower]:
                return None
            write_atomically(info.folder / Path(tower).with_suffix(".bin"), weights)
            write_atomically(info.folder / tower, gzip.decompress((folder / f"{tower}.gz").read_bytes()))
        write_atomically(info.folder / _TOKENIZER, gzip.decompress((folder / f"{_TOKENIZER}.gz").read_bytes()))
        text_input = TextInput(**pack["text_input"])
        if text_input.kind == "pair":
            write_atomically(
                info.folder / PIECES_FILE, lzma.decompress((info.source / PACKED_PIECES_FILE).read_bytes())
            )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return replace(info, runtime="openvino", precision="fp32", device="cpu", text_input=text_input)


def pack(prepared: ModelInfo) -> Path:
    """Write the pack of a prepared model beside its checkpoint; the pack's folder."""
    folder = prepared.source / BUNDLE_FOLDER
    folder.mkdir(exist_ok=True)
    checkpoint = (prepared.source / prepared.weights).read_bytes()
    known = _tensors(checkpoint)
    changed = bytearray()
    facts: dict[str, Any] = {"conversion": CONVERSION_VERSION, "fingerprint": prepared.fingerprint}
    facts |= {"text_input": asdict(prepared.text_input), "towers": {}, "digests": {}}
    for tower in _TOWERS:
        graph = (prepared.folder / tower).read_bytes()
        weights = (prepared.folder / tower).with_suffix(".bin").read_bytes()
        facts["towers"][tower] = list(_pieces(graph, weights, known, changed))
        facts["digests"][tower] = hashlib.sha256(weights).hexdigest()
        (folder / f"{tower}.gz").write_bytes(gzip.compress(graph, mtime=0))
    tokenizer = (prepared.folder / _TOKENIZER).read_bytes()
    (folder / f"{_TOKENIZER}.gz").write_bytes(gzip.compress(tokenizer, mtime=0))
    (folder / _CONSTANTS_FILE).write_bytes(changed)
    (folder / _BUNDLE_FILE).write_text(json.dumps(facts), encoding="utf-8")
    return folder


def _tensors(checkpoint: bytes) -> dict[bytes, int]:
    """Digest of each tensor's bytes in a safetensors file -> its offset in the file."""
    header = int.from_bytes(checkpoint[:8], "little")
    start = 8 + header
    facts: Mapping[str, Any] = json.loads(checkpoint[8:start])
    spans = [tensor["data_offsets"] for name, tensor in facts.items() if name != "__metadata__"]
    return {_digest(checkpoint[start + first : start + last]): start + first for first, last in spans}


def _pieces(graph: bytes, weights: bytes, known: Mapping[bytes, int], changed: bytearray) -> Iterator[Piece]:
    """A tower's weights as pieces of the checkpoint where they are the same, and of `changed`, which grows."""
    position = 0
    for offset, size in [*_constants(graph), (len(weights), 0)]:
        if offset < position:
            continue  # a constant that is used twice
        if offset > position:
            yield _append(weights[position:offset], changed)
        if size:
            found = known.get(_digest(weights[offset : offset + size])) if size >= _MIN_SHARED_BYTES else None
            yield _append(weights[offset : offset + size], changed) if found is None else (0, found, size)
        position = offset + size


def _append(data: bytes, changed: bytearray) -> Piece:
    changed.extend(data)
    return 1, len(changed) - len(data), len(data)


def _constants(graph: bytes) -> list[tuple[int, int]]:
    """(offset, size) of each constant in the weights of an OpenVINO graph, by offset."""
    from xml.etree import ElementTree

    layers = ElementTree.fromstring(graph).iterfind("./layers/layer[@type='Const']/data")
    return sorted({(int(data.get("offset", 0)), int(data.get("size", 0))) for data in layers})


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def main(arguments: list[str]) -> int:
    """Prepare the checkpoint in the folder given, from scratch, and write its pack."""
    from app.core.paths import AppDirs
    from app.models.convert.preparation import prepare
    from app.models.registry import ModelRegistry

    source = Path(arguments[0]).absolute()
    for old in (source / BUNDLE_FOLDER).glob("*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        registry = ModelRegistry(AppDirs(config=base, data=base, cache=base), source)
        folder = pack(prepare(registry, registry.current(), lambda what, _share: print(what)))
    print(f"{folder}: {sum(file.stat().st_size for file in folder.iterdir()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
