"""Office and Outlook files of the nineties, by hand: no library writes them any more."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path


def msg(path: Path, subject: str = "Hello", body: str = "Hello", sender: str = "Anna") -> Path:
    """A mail as Outlook saves it."""
    texts = {"0037": subject, "1000": body, "0C1A": sender}
    streams = {f"__substg1.0_{tag}001F": text.encode("utf-16-le") for tag, text in texts.items()}
    properties = b"\0" * 32 + b"".join(
        struct.pack("<HHIII", 0x001F, int(tag, 16), 6, len(text) * 2 + 2, 0) for tag, text in texts.items()
    )
    return ole(path, {"__properties_version1.0": properties, **streams}, fill=" ".encode("utf-16-le"))


def ole(path: Path, streams: dict[str, bytes], *, fill: bytes = b"\0") -> Path:
    """A compound file: the shell of old Office and Outlook. Streams are filled up to 4096 bytes, so that they need
    not go into the mini stream. [MS-CFB]"""
    end, free, fat_sector, nothing = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    bodies = [streams[name] + fill * max(0, (4096 - len(streams[name])) // len(fill)) for name in names]
    directory_sectors = -(-(len(names) + 1) // 4)
    fat = [fat_sector, *range(2, directory_sectors + 1), end]
    starts, data = [], b""
    for body in bodies:
        count = -(-len(body) // 512)
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + count), end]
        data += body.ljust(count * 512, b"\0")
    assert len(fat) <= 128, "one sector of allocation table is enough for samples"

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        encoded = (name + "\0").encode("utf-16-le")
        return struct.pack(
            "<64sHBB3I16sI8s8sIQ", encoded, len(encoded), kind, 1, nothing, right, child, b"", 0, b"", b"", start, size
        )

    entries = entry("Root Entry", 5, nothing, 1 if names else nothing, end, 0)
    for number, (name, start, body) in enumerate(zip(names, starts, bodies, strict=True), 1):
        entries += entry(name, 2, number + 1 if number < len(names) else nothing, nothing, start, len(body))
    blank = struct.pack("<64sHBB3I16sI8s8sIQ", b"", 0, 0, 0, nothing, nothing, nothing, b"", 0, b"", b"", 0, 0)
    entries += blank * (directory_sectors * 4 - len(names) - 1)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *([free] * 108))
    path.write_bytes(header + struct.pack("<128I", *(fat + [free] * (128 - len(fat)))) + entries + data)
    return path


def doc(path: Path, text: str = "Hello") -> Path:
    """A Word 97 document: FIB, text as UTF-16, piece table. [MS-DOC]"""
    start, table_start = 0x600, 64
    fib = bytearray(start)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", fib, 10, 0x1200)  # fExtChar, fWhichTblStm
    for offset, count in ((32, 14), (62, 22), (152, 93)):
        struct.pack_into("<H", fib, offset, count)
    struct.pack_into("<i", fib, 0x4C, len(text))
    pieces = struct.pack("<IIHIH", 0, len(text), 0, start, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x1A2, table_start, len(table))
    body = text.replace("\n", "\r").encode("utf-16-le")
    return ole(path, {"WordDocument": bytes(fib) + body, "1Table": bytes(table_start) + table})


def xls(path: Path, rows: Sequence[Sequence[str | float]] = (("Rent", 1200),)) -> Path:
    """An Excel 97 workbook: one sheet of labels and numbers. [MS-XLS]"""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def cell(row: int, column: int, value: str | float) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            return record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        return record(0x0203, place + struct.pack("<d", value))

    def beginning(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 6))

    def sheet_entry(start: int) -> bytes:
        return record(0x85, struct.pack("<IHBB", start, 0, 6, 0) + b"Sheet1")

    end = record(0x0A)
    cells = b"".join(cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    head = beginning(5) + record(0x42, struct.pack("<H", 1200))
    start = len(head) + len(sheet_entry(0)) + len(end)
    return ole(path, {"Workbook": head + sheet_entry(start) + end + beginning(0x10) + cells + end})
