"""Tags for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.annotations.store import AnnotationStore
from app.core.paths import to_stored
from app.core.records import TagRow, UnitType
from app.tags.export import CSV_COLUMNS, csv_lines, exported_tags, json_lines

ODD = 'a "quoted", name\nwith a break.jpg'


@pytest.fixture
def decisions(tmp_path: Path) -> Iterator[AnnotationStore]:
    with AnnotationStore(tmp_path / "decisions.sqlite") as said:
        said.confirm(["h1"], "dog")
        said.reject(["h1"], "wolf")
        said.add_own(["h1"], "Rocky")
        yield said


def row(path: str, content: str, tags: dict[str, float], keywords: tuple[str, ...] = (), part: int = 0) -> TagRow:
    return TagRow(path + str(part), path, part, UnitType.PHOTO, content, tuple(tags), tuple(tags.values()), keywords)


ROWS = [
    row("/b.jpg", "h2", {}),
    row(to_stored(ODD), "h1", {"wolf": 0.9, "dog": 0.8, "grass": 0.6}, ("holiday",)),
    row("/a.pdf", "h3", {"receipt": 0.5}, part=1),
    row("/a.pdf", "h3", {"receipt": 0.7}, part=2),
]


def test_statuses_tell_who_said_it(decisions: AnnotationStore) -> None:
    found = dict(exported_tags([ROWS], decisions, lambda label: "animals" if label == "dog" else ""))
    assert list(found) == ["/a.pdf", ODD], "in order, and nothing of files without tags"
    assert [(tag.label, tag.status, tag.certainty) for tag in found[ODD]] == [
        ("Rocky", "own", None),
        ("holiday", "own", None),
        ("dog", "confirmed", None),
        ("grass", "proposed", 0.6),
    ]
    assert [(tag.label, tag.certainty) for tag in found["/a.pdf"]] == [("receipt", 0.7)]
    everything = dict(exported_tags([ROWS], decisions, rejected=True))
    assert ("wolf", "rejected") in [(tag.label, tag.status) for tag in everything[ODD]]


def test_csv_reads_back(decisions: AnnotationStore) -> None:
    text = "".join(csv_lines(exported_tags([ROWS], decisions)))
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(lines[0]) == CSV_COLUMNS
    assert [ODD, "grass", "proposed", "0.600", ""] in lines


def test_json_lines_read_back(decisions: AnnotationStore) -> None:
    lines = [json.loads(line) for line in json_lines(exported_tags([ROWS], decisions))]
    assert [line["path"] for line in lines] == ["/a.pdf", ODD]
    assert lines[0]["tags"] == [{"label": "receipt", "status": "proposed", "certainty": 0.7, "group": ""}]


def test_names_that_are_no_text_can_still_be_written(decisions: AnnotationStore) -> None:
    rows = [row(to_stored("/\udcff.jpg"), "h9", {"dog": 0.7})]
    "".join(csv_lines(exported_tags([rows], decisions))).encode()
    "".join(json_lines(exported_tags([rows], decisions))).encode()
