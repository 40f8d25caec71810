"""Makes an encoder of passages ready for this machine: tokenizer, converted tower, a precision that agrees."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.records import FloatArray
from app.models.backends.openvino import precisions
from app.models.convert.conversion import NotConvertible, convert
from app.models.convert.parity import probe_texts
from app.models.manifest import TextInput
from app.models.passages.catalog import PassageEncoderEntry
from app.models.passages.encoder import SENTENCE_TOWER, OpenVinoPassageEncoder
from app.models.passages.manifest import PassageEncoderInfo, write_passage_manifest
from app.models.passages.sentence_tower import sentence_tower
from app.models.tokenizer.tokenizer import TokenArray, Tokenizer

MIN_COSINE = 0.999
"""Cosine to the reference that a converted encoder must reach for every probe text."""
_TOKENIZER = "tokenizer.json"
_WEIGHTS = "model.safetensors"
_BLOCK = 1 << 20

Progress = Callable[[str, float], None]


def convert_encoder(entry: PassageEncoderEntry, source: Path, folder: Path, progress: Progress) -> PassageEncoderInfo:
    """The encoder whose weights are in `source`, converted into `folder`. Imports torch.

    Raises:
        UserError: it cannot be read or converted, or does not agree with the reference.
    """
    progress("Reading the encoder", 0.0)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / _TOKENIZER, folder / _TOKENIZER)
    text_input = _text_input(folder / _TOKENIZER)
    info = PassageEncoderInfo(
        name=entry.name,
        fingerprint=_fingerprint(source, entry),
        width=entry.dimension,
        dimension=entry.dimension,
        context_length=entry.longest,
        folder=folder,
        text_input=text_input,
        licence=entry.licence,
        languages=entry.languages,
    )
    tower = sentence_tower(source, text_input.pad)
    tokens = Tokenizer(folder / _TOKENIZER, text_input, entry.longest).encode(probe_passages())
    progress("Converting the encoder", 0.3)
    try:
        convert(tower, _tensor(tokens[:2]), [-1, -1], folder / SENTENCE_TOWER)
        progress("Asking the original for comparison", 0.6)
        info = _choose_precision(info, _reference(tower, tokens), progress)
    except NotConvertible as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UserError(
            f"The encoder {entry.name} cannot be used on this machine ({error}).",
            "Passages go on being encoded by the model itself.",
        ) from error
    write_passage_manifest(info)
    progress("Ready", 1.0)
    return info


def _choose_precision(info: PassageEncoderInfo, reference: FloatArray, progress: Progress) -> PassageEncoderInfo:
    """The first precision, likely fastest first, that agrees with the reference."""
    texts = probe_passages()
    for number, precision in enumerate(candidates := precisions()):
        progress(f"Trying {precision}", 0.7 + 0.3 * number / len(candidates))
        encoder = OpenVinoPassageEncoder(replace(info, precision=precision))
        try:
            cosines = (encoder.encode_texts(texts) * reference).sum(axis=1)
            started = time.perf_counter()
            encoder.encode_texts(texts)
            rate = len(texts) / (time.perf_counter() - started)
        finally:
            encoder.close()
        if float(cosines.min()) >= MIN_COSINE:
            _remove_unused_caches(info.folder, precision)
            mean, worst = round(float(cosines.mean()), 6), round(float(cosines.min()), 6)
            return replace(
                info, precision=precision, cosine_mean=mean, cosine_worst=worst, texts_per_second=round(rate, 1)
            )
    raise NotConvertible("it does not agree with the reference")


def _remove_unused_caches(folder: Path, used: str) -> None:
    for cache in folder.glob("cache-*"):
        if cache.name != f"cache-{used}":
            shutil.rmtree(cache, ignore_errors=True)


def _reference(tower: Any, tokens: TokenArray) -> FloatArray:
    """(n, d) what torch says to (n, length) tokens, in fp32."""
    import torch

    with torch.inference_mode():
        result: FloatArray = tower(_tensor(tokens)).numpy()
    return result


def _tensor(tokens: TokenArray) -> Any:
    import torch

    return torch.from_numpy(tokens)


def _text_input(tokenizer: Path) -> TextInput:
    """BERT's conventions, with the numbers of this vocabulary."""
    from tokenizers import Tokenizer as Backend

    backend: Any = Backend.from_file(str(tokenizer))
    pad, end = backend.token_to_id("[PAD]"), backend.token_to_id("[SEP]")
    return TextInput(kind="json", clean="whitespace", pad=pad or 0, end=end, trim=True)


def _fingerprint(source: Path, entry: PassageEncoderEntry) -> str:
    """16 hex digits over weights, tokenizer and how much of a text is read."""
    digest = hashlib.blake2b(str(entry.longest).encode(), digest_size=8)
    for name in (_WEIGHTS, "config.json", _TOKENIZER):
        with (source / name).open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def probe_passages() -> list[str]:
    """Short texts as people type them, and passages as documents have them, up to longer than an encoder reads."""
    short = probe_texts()
    long = [". ".join(short[i : i + count]) for i, count in ((0, 4), (4, 8), (12, 12), (24, 16), (0, 80))]
    return [*short[::2], *long, "Grüße aus Köln; crème brûlée & naïve façade", "寿司と東京タワーの夜景", "x"]
