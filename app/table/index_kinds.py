"""What describes an index to LanceDB's compiled half, which goes by the names of classes and attributes.

`lancedb.index` has the same; importing it imports all of LanceDB.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BTree:
    """For ranges of values that are mostly different."""


@dataclass(frozen=True)
class Bitmap:
    """For a few values."""


@dataclass(frozen=True)
class LabelList:
    """For lists of labels."""


@dataclass(frozen=True)
class IvfRq:
    """For vectors: partitions, and a few bits a dimension."""

    distance_type: str = "l2"
    num_partitions: int | None = None
    num_bits: int = 1
    max_iterations: int = 50
    sample_rate: int = 256
    target_partition_size: int | None = None
    accelerator: str | None = None


@dataclass(frozen=True)
class FTS:
    """For words."""

    with_position: bool = False
    base_tokenizer: str = "simple"
    language: str = "English"
    max_token_length: int | None = 40
    lower_case: bool = True
    stem: bool = True
    remove_stop_words: bool = True
    ascii_folding: bool = True
    ngram_min_length: int = 3
    ngram_max_length: int = 3
    prefix_only: bool = False
    block_size: int = 128
    custom_stop_words: list[str] | None = None
    memory_limit: int | None = None
    num_workers: int | None = None
    document_granularity: str = "row"


IndexKind = BTree | Bitmap | LabelList | IvfRq | FTS
