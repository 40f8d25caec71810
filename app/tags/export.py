"""All tags of a library as CSV or JSON, for other programs and for keeps."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.annotations.store import AnnotationStore
from app.core.paths import from_stored
from app.core.records import TagRow

CSV_COLUMNS = ("path", "label", "status", "certainty", "group")
_UNWRITABLE = "surrogateescape"


@dataclass(frozen=True, slots=True)
class ExportedTag:
    """`status`: "own" (the user's or the file's), "confirmed", "proposed" or "rejected"; `certainty` of proposals."""

    label: str
    status: str
    certainty: float | None = None
    group: str = ""


def exported_tags(
    blocks: Iterable[Sequence[TagRow]],
    decisions: AnnotationStore,
    group_of: Callable[[str], str] = lambda _: "",
    *,
    rejected: bool = False,
) -> Iterator[tuple[str, tuple[ExportedTag, ...]]]:
    """(path as the system opens it, its tags) of every file that has any, in order of path."""
    files: dict[str, tuple[str, set[str], dict[str, float]]] = {}
    for block in blocks:
        for row in block:
            _, keywords, proposed = files.setdefault(row.path, (row.content_hash, set(), {}))
            keywords.update(row.keywords)
            for label, certainty in zip(row.tags, row.tag_scores, strict=True):
                proposed[label] = max(certainty, proposed.get(label, 0.0))
    decisions_by_hash = decisions.all_user_tags()
    for path in sorted(files):
        content_hash, keywords, proposed = files[path]
        decision = decisions_by_hash.get(content_hash)
        own = {*keywords, *(decision.own if decision else ())} - set(decision.rejected if decision else ())
        confirmed = set(decision.confirmed if decision else ()) - own
        refused = set(decision.rejected if decision else ())
        tags = [ExportedTag(label, "own", group=group_of(label)) for label in sorted(own)]
        tags += [ExportedTag(label, "confirmed", group=group_of(label)) for label in sorted(confirmed)]
        tags += [
            ExportedTag(label, "proposed", round(certainty, 3), group_of(label))
            for label, certainty in sorted(proposed.items(), key=lambda item: -item[1])
            if label not in own | confirmed | refused
        ]
        if rejected:
            tags += [ExportedTag(label, "rejected", group=group_of(label)) for label in sorted(refused)]
        if tags:
            yield from_stored(path), tuple(tags)


def csv_lines(files: Iterable[tuple[str, Sequence[ExportedTag]]]) -> Iterator[str]:
    """Lines with their ends, the heading first; RFC 4180, so that spreadsheets read any name."""
    yield _line(CSV_COLUMNS)
    for path, tags in files:
        for tag in tags:
            certainty = "" if tag.certainty is None else f"{tag.certainty:.3f}"
            yield _line((_encodable(path), tag.label, tag.status, certainty, tag.group))


def json_lines(files: Iterable[tuple[str, Sequence[ExportedTag]]]) -> Iterator[str]:
    """One JSON object a file and line: {"path", "tags": [{"label", "status", "certainty", "group"}]}."""
    for path, tags in files:
        listed = [
            {"label": tag.label, "status": tag.status, "certainty": tag.certainty, "group": tag.group} for tag in tags
        ]
        yield json.dumps({"path": _encodable(path), "tags": listed}, ensure_ascii=False) + "\n"


def _line(values: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue()


def _encodable(path: str) -> str:
    """Undecodable bytes of a file name cannot be written as UTF-8: they become U+FFFD."""
    return path.encode("utf-8", _UNWRITABLE).decode("utf-8", "replace")
