"""The text of a PDF page in reading order where columns stand side by side but were written row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

_MOST_RUNS = 2000
_FEWEST_ROWS = 4
_SHORTEST = 12  # characters in the middle line of a column; cells of tables are shorter
_MOST_DIGITS = 0.2
_SAME_ROW = 0.5  # of a line's height that two runs share


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that stand close together on a line; edges in points, `top` above `bottom`."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def in_columns(text_page: Any) -> str | None:
    """The text column by column; None where the page is not written row by row across columns."""
    count = text_page.count_rects()
    if not 2 * _FEWEST_ROWS <= count <= _MOST_RUNS:
        return None
    runs: list[Run] = []
    for index in range(count):
        left, bottom, right, top = text_page.get_rect(index)
        runs.append(Run(text_page.get_text_bounded(left, bottom, right, top).strip(), left, bottom, right, top))
    return ordered([run for run in runs if run.text])


def ordered(runs: Sequence[Run]) -> str | None:
    """Runs as they follow each other in the file, put into columns; None where they stand in none."""
    rows = _rows(runs)
    written: list[str] = []
    start, changed = 0, False
    while start < len(rows):
        end = start
        gutters: list[tuple[float, float]] = []
        while end < len(rows) and (narrowed := _common(gutters, rows[end], end == start)):
            gutters, end = narrowed, end + 1
        columns = list(zip(*rows[start:end], strict=True)) if end - start >= _FEWEST_ROWS else []
        if columns and all(_is_prose(column) for column in columns):
            written.append("\n\n".join("\n".join(run.text for run in column) for column in columns))
            start, changed = end, True
        else:
            written.append(" ".join(run.text for run in rows[start]))
            start += 1
    return "\n".join(written) if changed else None


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that follow each other on the same line, from left to right."""
    rows: list[list[Run]] = []
    for run in runs:
        last = rows[-1][-1] if rows else None
        if last is not None and run.left >= last.right and _shared(last, run) >= _SAME_ROW:
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows


def _shared(first: Run, second: Run) -> float:
    height = min(first.top - first.bottom, second.top - second.bottom)
    return (min(first.top, second.top) - max(first.bottom, second.bottom)) / height if height > 0 else 0.0


def _common(gutters: list[tuple[float, float]], row: list[Run], first: bool) -> list[tuple[float, float]]:
    """The white strips between columns that this row leaves, too; empty where it has other columns."""
    gaps = [(before.right, after.left) for before, after in pairwise(row)]
    if first:
        return gaps
    if len(gaps) != len(gutters):
        return []
    common = [(max(a[0], b[0]), min(a[1], b[1])) for a, b in zip(gutters, gaps, strict=True)]
    return common if all(right > left for left, right in common) else []


def _is_prose(column: Sequence[Run]) -> bool:
    letters = "".join(run.text for run in column)
    digits = sum(character.isdigit() for character in letters)
    return median(len(run.text) for run in column) >= _SHORTEST and digits <= _MOST_DIGITS * len(letters)
