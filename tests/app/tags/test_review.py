"""The review queue and the window's side of tagging."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from app.annotations.store import AnnotationStore
from app.core.errors import UserError
from app.core.paths import AppDirs
from app.core.records import TagRow, UnitType
from app.tags.review import PROPOSAL_COLUMNS, ReviewQueue, proposal_table
from app.tags.review_session import ReviewSession


def row(
    name: str, tags: dict[str, float], *, part: int = 0, keywords: tuple[str, ...] = (), content: str = ""
) -> TagRow:
    unit = UnitType.PHOTO if part == 0 else UnitType.PAGE
    path = f"/photos/{name}"
    return TagRow(
        f"{name}#{part}", path, part, unit, content or f"hash-{name}", tuple(tags), tuple(tags.values()), keywords
    )


ROWS = [
    row("a.jpg", {"dog": 0.9, "animal": 0.9}),
    row("b.jpg", {"animal": 0.8, "dog": 0.6}),
    row("c.jpg", {"cat": 0.7, "animal": 0.7}, keywords=("cat",)),
    row("d.pdf", {"receipt": 0.5}, part=1),
    row("d.pdf", {"receipt": 0.8}, part=2),
    row("copy of a.jpg", {"dog": 0.9, "animal": 0.9}, content="hash-a.jpg"),
]


def arrow(rows: list[TagRow]) -> pa.Table:
    """Rows as the index gives them, in two chunks."""
    kinds = [pa.string(), pa.string(), pa.list_(pa.string()), pa.list_(pa.float32()), pa.list_(pa.string())]
    schema = pa.schema([pa.field(name, kind) for name, kind in zip(PROPOSAL_COLUMNS, kinds, strict=True)])
    parts = (rows[:2], rows[2:])
    return pa.concat_tables(
        pa.Table.from_pylist([{name: getattr(row, name) for name in PROPOSAL_COLUMNS} for row in part], schema)
        for part in parts
    )


def review_of(rows: list[TagRow], decisions: AnnotationStore) -> ReviewQueue:
    return ReviewQueue(proposal_table(arrow(rows)), decisions)


class FakeReader:
    def __init__(self, rows: list[TagRow]) -> None:
        self.rows = rows
        self.read = 0

    def columns(self, names: Sequence[str], condition: str | None = None) -> pa.Table:
        """Rows with proposals, or the hash of the one file that has none."""
        if tuple(names) == PROPOSAL_COLUMNS:
            self.read += 1
            return arrow([row for row in self.rows if row.tags])
        there = "'/photos/untagged.jpg'" in (condition or "")
        return pa.table(
            {"path": ["/photos/untagged.jpg"] * there, "content_hash": ["hash-elsewhere"] * there},
            schema=pa.schema([("path", pa.string()), ("content_hash", pa.string())]),
        )


@pytest.fixture
def decisions(tmp_path: Path) -> Iterator[AnnotationStore]:
    with AnnotationStore(tmp_path / "decisions.sqlite") as said:
        yield said


@pytest.fixture
def desk(places: AppDirs) -> Iterator[ReviewSession]:
    made = ReviewSession(places, lambda: FakeReader(ROWS))
    yield made
    made.close()


def counts(desk: ReviewSession) -> dict[str, tuple[int, int]]:
    return {count.label: (count.proposed, count.confirmed) for count in desk.labels()}


class TestReview:
    def test_the_surest_come_first_and_pages_do_not_overlap(self, decisions: AnnotationStore) -> None:
        review = review_of(ROWS, decisions)
        assert [(w.path, w.certainty) for w in review.page("dog")] == [
            ("/photos/a.jpg", pytest.approx(0.9)),
            ("/photos/copy of a.jpg", pytest.approx(0.9)),
            ("/photos/b.jpg", pytest.approx(0.6)),
        ]
        pages = [review.page(limit=3, offset=start) for start in (0, 3, 6)]
        everything = [(w.path, w.label) for page in pages for w in page]
        assert len(everything) == len(set(everything)) == 8
        values = [w.certainty for page in pages for w in page]
        assert values == sorted(values, reverse=True)

    def test_a_document_speaks_by_its_best_page(self, decisions: AnnotationStore) -> None:
        (only,) = review_of(ROWS, decisions).page("receipt")
        assert only.certainty == pytest.approx(0.8)

    def test_what_a_file_says_itself_does_not_wait(self, decisions: AnnotationStore) -> None:
        assert review_of(ROWS, decisions).page("cat") == []

    def test_decisions_of_others_are_followed(self, decisions: AnnotationStore) -> None:
        review = review_of(ROWS, decisions)
        decisions.confirm(["hash-a.jpg"], "dog")
        assert [w.path for w in review.page("dog")] == ["/photos/b.jpg"], "the copy has the same content"
        decisions.undo()
        assert len(review.page("dog")) == 3

    def test_an_empty_index(self, decisions: AnnotationStore) -> None:
        review = review_of([], decisions)
        assert review.counts() == []
        assert review.page() == []
        assert review.of_file("/photos/a.jpg") == []

    def test_ten_thousand_proposals_are_decided_one_by_one(self, decisions: AnnotationStore) -> None:
        rows = [row(f"{n:05d}.jpg", {"dog": 1 - n / 20_000, "animal": 0.9}) for n in range(10_000)]
        review = review_of(rows, decisions)
        for step in range(30):
            (first,) = review.page("dog", limit=1)
            assert first.path == f"/photos/{step:05d}.jpg"
            decisions.confirm([first.thumbnail], "dog")
            review.settle("dog", [first.thumbnail])
        assert {count.label: count.proposed for count in review.counts()} == {"animal": 10_000, "dog": 9_970}


class TestDesk:
    def test_labels_with_counts(self, desk: ReviewSession) -> None:
        assert counts(desk) == {"animal": (4, 0), "dog": (3, 0), "receipt": (1, 0)}
        assert {count.label: count.group for count in desk.labels()}["dog"] == "animals"

    def test_confirm_reject_and_undo(self, desk: ReviewSession) -> None:
        desk.confirm("dog", ["/photos/a.jpg"])
        desk.reject("dog", ["/photos/b.jpg"])
        assert counts(desk)["dog"] == (0, 1)
        assert desk.undo() == "rejected “dog” on 1 file"
        assert [w.path for w in desk.proposals("dog")] == ["/photos/b.jpg"]
        assert desk.redo() == "rejected “dog” on 1 file"
        desk.undo()
        desk.undo()
        assert desk.undo() is None

    def test_own_tags_on_any_file(self, desk: ReviewSession) -> None:
        desk.add("our trip", ["/photos/untagged.jpg", "/photos/a.jpg", "/photos/unknown.jpg"])
        assert desk.decisions.labels() == {"our trip": 2}
        desk.remove("our trip", ["/photos/a.jpg"])
        assert desk.decisions.labels() == {"our trip": 1}

    def test_proposals_of_one_file(self, desk: ReviewSession) -> None:
        assert [w.label for w in desk.proposed_for("/photos/b.jpg")] == ["animal", "dog"]
        desk.reject("animal", ["/photos/b.jpg"])
        assert [w.label for w in desk.proposed_for("/photos/b.jpg")] == ["dog"]
        assert desk.proposed_for("/photos/none.jpg") == []

    def test_paging_does_not_read_the_index_again(self, places: AppDirs) -> None:
        reader, now = FakeReader(ROWS), [100.0]
        desk = ReviewSession(places, lambda: reader, clock=lambda: now[0])
        desk.labels()
        now[0] += 60
        desk.proposals("dog")
        assert reader.read == 1
        desk.labels()
        assert reader.read == 2
        desk.labels()
        assert reader.read == 2
        desk.close()

    def test_a_tag_gets_another_name_on_all_its_files(self, desk: ReviewSession) -> None:
        desk.add("rex", ["/photos/a.jpg", "/photos/b.jpg"])
        desk.add("my dog", ["/photos/b.jpg", "/photos/c.jpg"])
        desk.rename_tag("rex", "my dog")
        assert {name: files for name, (_, files) in counts(desk).items() if files} == {"my dog": 3}
        desk.rename_tag("my dog", " my dog ")
        assert counts(desk)["my dog"][1] == 3, "the same name takes nothing away"

    def test_a_tag_is_taken_off_all_its_files(self, desk: ReviewSession) -> None:
        desk.add("rex", ["/photos/a.jpg", "/photos/b.jpg"])
        desk.delete_tag("rex")
        assert "rex" not in counts(desk)
        assert desk.undo() is not None
        assert counts(desk)["rex"][1] == 2

    def test_before_anything_is_indexed(self, places: AppDirs) -> None:
        desk = ReviewSession(places, lambda: None)
        assert desk.labels() == []
        assert desk.proposals(None) == []
        desk.confirm("dog", ["/photos/a.jpg"])
        assert desk.decisions.count() == 0
        desk.close()

    def test_the_vocabulary_is_edited_and_the_indexer_told(self, places: AppDirs, tmp_path: Path) -> None:
        told: list[int] = []
        desk = ReviewSession(places, lambda: None, changed=lambda: told.append(1))
        desk.change_entry("our boat", group="own", descriptions=["a white sailing boat"], enabled=True)
        entries = {entry.label: entry for entry in desk.vocabulary()}
        assert entries["our boat"].own
        assert not entries["dog"].own
        assert entries["dog"].descriptions
        desk.remove_entry("our boat")
        assert "our boat" not in {entry.label for entry in desk.vocabulary()}
        desk.switch_group("style", False)
        assert not any(entry.enabled for entry in desk.vocabulary() if entry.group == "style")
        assert {group.group: group.enabled for group in desk.groups()}["style"] is False
        listed = tmp_path / "list.txt"
        listed.write_text("dinghy\nyawl\n", encoding="utf-8")
        assert desk.import_list(str(listed)) == 2
        with pytest.raises(UserError):
            desk.import_list(str(tmp_path / "none.txt"))
        assert len(told) == 4
        assert desk.problems() == ()
        desk.close()

    def test_teaching_from_the_grid(self, desk: ReviewSession) -> None:
        desk.teach("Rocky", ["/photos/a.jpg"], ["/photos/b.jpg"])
        assert desk.taught() == ("Rocky",)
        assert {(e.content_hash, e.positive) for e in desk.decisions.examples("Rocky")} == {
            ("hash-a.jpg", True),
            ("hash-b.jpg", False),
        }
        desk.forget_taught("Rocky")
        assert desk.taught() == ()
