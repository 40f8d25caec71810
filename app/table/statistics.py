"""What is known of all vectors of a table without reading it: means, counts and a fair sample per modality.

Ranking needs them (the mean closes the modality gap, arXiv 2507.19054; the sample tells how a query scores against
its background), tagging calibrates on them. They live in a small file beside the table, written by the indexer when
enough rows have changed. The sample is fair and stable because it takes the rows with the smallest ids, and ids are
hashes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.core.atomic_write import write_atomically
from app.core.records import FloatArray, UnitType

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE_SIZE = 4096
IMAGE, TEXT = "image", "text"
MODALITIES: Mapping[str, tuple[UnitType, ...]] = {
    IMAGE: (UnitType.PHOTO, UnitType.PAGE),
    TEXT: (UnitType.PASSAGE,),
}
"""Which tower a unit's vector came from."""


PRIOR_CORRELATION = 0.40
"""What stands in for passages that are not there: see `Statistics.agreement`."""


@dataclass(frozen=True)
class Statistics:
    """Per modality ("image", "text"; absent when there is no such unit).

    Attributes:
        means: (d,) mean of all unit vectors, not normalised.
        counts: number of vectors.
        samples: (n, d) float32, n <= SAMPLE_SIZE.
        rows: rows of the table when these were computed.
        agreement: how far the vectors of passages agree with their words (`app.table.lexical_semantic`); None where
            an older program computed all this.
        text_ids: of the first passages of the sample; not kept on disk.
    """

    means: Mapping[str, FloatArray] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[str, FloatArray] = field(default_factory=dict)
    rows: int = 0
    agreement: float | None = None
    text_ids: Sequence[str] = ()


def file_of(index: Path, table_name: str) -> Path:
    return index / f"{table_name}.statistics.npz"


COLUMNS = ("id", "unit", "vector")
CONDITION = "vector IS NOT NULL"
BLOCK_ROWS = 8192


def compute(batches: Iterable[pa.RecordBatch], rows: int) -> Statistics:
    """One pass over the vectors in blocks: memory is one block and the samples.

    Args:
        batches: `COLUMNS` of all rows that meet `CONDITION`.
        rows: of the table.
    """
    sums: dict[str, FloatArray] = {}
    counts: dict[str, int] = {}
    kept: dict[str, tuple[list[str], FloatArray]] = {}
    modality_of = {unit.value: modality for modality, units in MODALITIES.items() for unit in units}
    for batch in batches:
        if batch.num_rows == 0:
            continue
        ids = batch.column("id").to_pylist()
        block = vectors_of(batch.column("vector"))
        modalities = np.array([modality_of.get(unit, "") for unit in batch.column("unit").to_pylist()])
        for modality in MODALITIES:
            mine = np.flatnonzero(modalities == modality)
            if mine.size:
                part = block[mine]
                sums[modality] = sums.get(modality, 0) + part.sum(axis=0, dtype=np.float64)
                counts[modality] = counts.get(modality, 0) + len(part)
                kept[modality] = _with_smallest_ids(kept.get(modality), [ids[i] for i in mine], part)
    means = {modality: (total / counts[modality]).astype(np.float32) for modality, total in sums.items()}
    samples = {modality: sample for modality, (_, sample) in kept.items()}
    return Statistics(means, counts, samples, rows, text_ids=tuple(kept[TEXT][0]) if TEXT in kept else ())


def _with_smallest_ids(
    have: tuple[list[str], FloatArray] | None, ids: list[str], vectors: FloatArray
) -> tuple[list[str], FloatArray]:
    """The SAMPLE_SIZE rows with the smallest ids of what was kept and what is new."""
    if have is not None:
        if len(have[0]) >= SAMPLE_SIZE and min(ids) > have[0][-1]:
            return have
        ids = have[0] + ids
        vectors = np.concatenate([have[1], vectors])
    order = sorted(range(len(ids)), key=ids.__getitem__)[:SAMPLE_SIZE]
    return [ids[i] for i in order], vectors[order]


def vectors_of(column: object) -> FloatArray:
    """A fixed-size-list column without nulls as (n, d) float32."""
    import pyarrow as pa

    assert isinstance(column, pa.FixedSizeListArray | pa.ChunkedArray)
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    width = array.type.list_size
    # Not `flatten`: it imports pyarrow.compute, a tenth of the time of a cold search.
    flat = array.values.slice(array.offset * width, len(array) * width).to_numpy(zero_copy_only=False)
    result: FloatArray = np.ascontiguousarray(flat, dtype=np.float32).reshape(-1, width)
    return result


def save(path: Path, statistics: Statistics) -> None:
    arrays: dict[str, Any] = {"rows": np.array(statistics.rows)}
    if statistics.agreement is not None:
        arrays["agreement"] = np.array(statistics.agreement)
    for modality, mean in statistics.means.items():
        arrays[f"mean_{modality}"] = mean
        arrays[f"count_{modality}"] = np.array(statistics.counts[modality])
        arrays[f"sample_{modality}"] = statistics.samples[modality].astype(np.float16)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    write_atomically(path, buffer.getvalue())


def load(path: Path) -> Statistics:
    """The statistics of a file; empty ones where there is none or it is unreadable (it is rebuilt)."""
    from zipfile import BadZipFile  # imported by `np.load`

    try:
        with np.load(path, allow_pickle=False) as data:
            present = [modality for modality in MODALITIES if f"mean_{modality}" in data]
            return Statistics(
                means={m: data[f"mean_{m}"] for m in present},
                counts={m: int(data[f"count_{m}"]) for m in present},
                samples={m: data[f"sample_{m}"].astype(np.float32) for m in present},
                rows=int(data["rows"]),
                agreement=float(data["agreement"]) if "agreement" in data else None,
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return Statistics()
