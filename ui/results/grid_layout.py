"""Where every tile of the grid lies: pure arithmetic over sections of equal squares."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect

from ui.results.model import Section

MARGIN = 24
GAP = 12
HEADING = 44


@dataclass(frozen=True, slots=True)
class Block:
    """Where a section lies: `top` is above its heading, `tiles` where its first line of tiles begins."""

    title: str
    first: int
    count: int
    top: int
    tiles: int


class GridLayout:
    """The layout for one width, size and list of sections.

    Attributes:
        side: side of a tile; columns: tiles in a line; height: of the whole content; blocks: the sections.
    """

    def __init__(self, sections: Sequence[Section], width: int, wanted: int) -> None:
        room = max(1, width - 2 * MARGIN)
        self.columns = max(1, round((room + GAP) / (wanted + GAP)))
        # Tiles fill the width; a lonely column does not grow without end.
        self.side = max(48, min((room - GAP * (self.columns - 1)) // self.columns, wanted * 2))
        self.blocks: list[Block] = []
        top = 8
        for section in sections:
            tiles = top + (HEADING if section.title else 0)
            self.blocks.append(Block(section.title, section.first, section.count, top, tiles))
            top = tiles + -(-section.count // self.columns) * (self.side + GAP) + 8
        self.height = top + MARGIN
        self._firsts = [block.first for block in self.blocks]
        self._tops = [block.top for block in self.blocks]

    @property
    def step(self) -> int:
        return self.side + GAP

    def block(self, row: int) -> Block | None:
        at = bisect_right(self._firsts, row) - 1
        return self.blocks[at] if at >= 0 else None

    def blocks_between(self, top: int, bottom: int) -> list[Block]:
        """Sections of which something lies between two heights; there may be hundreds in all."""
        return self.blocks[max(0, bisect_right(self._tops, top) - 1) : bisect_right(self._tops, bottom)]

    def rect(self, row: int) -> QRect:
        """Where a row lies in the whole content."""
        block = self.block(row)
        if block is None:
            return QRect()
        line, column = divmod(row - block.first, self.columns)
        return QRect(MARGIN + column * self.step, block.tiles + line * self.step, self.side, self.side)

    def rows_between(self, top: int, bottom: int) -> list[range]:
        """Rows that lie between two heights of the content, one range per section."""
        found = []
        for block in self.blocks_between(top, bottom):
            lines = -(-block.count // self.columns)
            first = max(0, (top - block.tiles) // self.step)
            last = min(lines - 1, (bottom - block.tiles) // self.step)
            if first <= last:
                end = min(block.count, (last + 1) * self.columns)
                found.append(range(block.first + first * self.columns, block.first + end))
        return found

    def row_at(self, x: int, y: int) -> int | None:
        """The row whose tile covers a point of the content."""
        for rows in self.rows_between(y, y):
            for row in rows:
                if self.rect(row).contains(x, y):
                    return row
        return None

    def vertical(self, row: int, lines: int) -> int:
        """The row `lines` lines further in the same column, across headings."""
        for _ in range(abs(lines)):
            row = self._line(row, 1 if lines > 0 else -1)
        return row

    def _line(self, row: int, way: int) -> int:
        block = self.block(row)
        if block is None:
            return row
        beyond = row + way * self.columns
        if block.first <= beyond < block.first + block.count:
            return beyond
        column, place = (row - block.first) % self.columns, bisect_right(self._firsts, row) - 1
        last_line = block.first + (block.count - 1) // self.columns * self.columns
        if way > 0 and row < last_line:
            return block.first + block.count - 1
        if way > 0 and place + 1 < len(self.blocks):
            after = self.blocks[place + 1]
            return after.first + min(column, after.count - 1)
        if way < 0 and place > 0:
            before = self.blocks[place - 1]
            start = before.first + (before.count - 1) // self.columns * self.columns
            return min(start + column, before.first + before.count - 1)
        return row
