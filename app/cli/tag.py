"""`tag`: zero-shot tags for any files or the library, teaching, writing to XMP, export."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.beginnings import next_step_in
from app.cli.console import console, counted, print_json
from app.cli.parser import DONE, NOTHING_FOUND
from app.errors import UserError
from app.paths import Places, for_display, to_stored

if TYPE_CHECKING:
    from app.decisions import Decisions
    from app.model import Encoder
    from app.table import IndexReader, IndexWriter
    from app.tags.tagged_files import FileTags
    from app.tags.tagger import Tagger
    from app.tags.xmp_writing import XmpChange

SHOWN = 5
OpenWriter = Callable[[ExitStack, "Encoder"], "IndexWriter"]
"""Takes the index's lock and opens its writer; both end with the stack."""


def run(arguments: argparse.Namespace, places: Places, open_writer: OpenWriter) -> int:
    from app.decisions import Decisions

    with ExitStack() as stack:
        decisions = stack.enter_context(closing(Decisions(places.decisions_file)))
        if arguments.export:
            return _export(arguments, places, decisions)
        if arguments.write_xmp:
            return _write_xmp(arguments, places, decisions)
        if arguments.dry_run:
            raise UserError("--dry-run belongs to --write-xmp.", "Add --write-xmp.")
        if arguments.teach:
            return _teach(arguments, places, decisions, stack)
        if arguments.examples or arguments.negatives:
            raise UserError("Examples need the name of the tag they teach.", "Add --teach NAME.")
        if arguments.file:
            return _files(arguments, places, decisions, stack)
        return _library(arguments, places, decisions, stack, open_writer)


def _encoder(places: Places, stack: ExitStack) -> Encoder:
    from app.model import load
    from app.model.passages import beside, current
    from app.settings import SettingsFile

    settings = SettingsFile(places.settings_file).load()
    encoder = stack.enter_context(closing(load(places, device=settings.device)))
    passages = current(places, settings.passages, encoder.info)
    return stack.enter_context(closing(beside(encoder, passages, idle_seconds=60.0 * settings.model_idle_minutes)))


def _reader(places: Places) -> IndexReader | None:
    from app.table import open_for_reading

    return open_for_reading(places)


def _tagger(arguments: argparse.Namespace, places: Places, decisions: Decisions, encoder: Encoder) -> Tagger:
    from app.tags.opening import open_tagger
    from app.tags.vocabulary_choice import vocabulary_from

    chosen = vocabulary_from(Path(arguments.vocabulary)) if arguments.vocabulary else None
    return open_tagger(places, encoder, _reader(places), decisions, vocabulary=chosen, progress=_progress(arguments))


def _progress(arguments: argparse.Namespace) -> Callable[[int, int], None]:
    if arguments.json or not sys.stderr.isatty():
        return lambda *_: None

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\rReading the vocabulary: {done:,} of {total:,}" if done < total else "\r\x1b[K")

    return show


def _files(arguments: argparse.Namespace, places: Places, decisions: Decisions, stack: ExitStack) -> int:
    from app.tags.tagged_files import tag_files

    encoder = _encoder(places, stack)
    tagger = _tagger(arguments, places, decisions, encoder)
    found = False
    for tags in tag_files(arguments.file, encoder, tagger, decisions):
        found = found or bool(tags.tags or tags.own)
        if arguments.json:
            print_json(tags.as_json())
        else:
            _show(tags)
    return DONE if found else NOTHING_FOUND


def _show(tags: FileTags) -> None:
    from rich.markup import escape

    page = console()
    page.print(f"[bold]{escape(for_display(tags.path))}[/]")
    if tags.failure:
        page.print(f"  {escape(tags.failure)}", style="dim")
    for own in tags.own:
        page.print(f"   own  {escape(own)}")
    for tag in tags.tags[:SHOWN]:
        page.print(f"  {tag.certainty:4.0%}  {escape(tag.label)}  [dim]{escape(tag.group)}[/]")
    if not (tags.tags or tags.own or tags.failure):
        page.print("  no tag is sure enough", style="dim")


def _library(
    arguments: argparse.Namespace, places: Places, decisions: Decisions, stack: ExitStack, open_writer: OpenWriter
) -> int:
    from app.tags.opening import open_tagger
    from app.tags.rescoring import tag_library

    if arguments.vocabulary:
        raise UserError(
            "The library is tagged with your own vocabulary.",
            "Name files to try another one, or change yours in the window.",
        )
    if missing := next_step_in(places):
        print_json({"units": 0, "changed": 0}) if arguments.json else print(missing)
        return NOTHING_FOUND
    encoder = _encoder(places, stack)
    writer = open_writer(stack, encoder)
    reader = writer.reading()
    tagger = open_tagger(places, encoder, reader, decisions, progress=_progress(arguments))
    result = tag_library(reader, writer, tagger, places.cache)
    writer.maintain(idle=True)
    if arguments.json:
        print_json({"units": result.units, "changed": result.changed})
    elif not result.units:
        print("All proposals are up to date: indexing tags files as it goes.")
    else:
        print(f"{result.units:,} pictures and passages looked at, the proposals of {result.changed:,} changed.")
    return DONE


def _teach(arguments: argparse.Namespace, places: Places, decisions: Decisions, stack: ExitStack) -> int:
    from app.table import Statistics
    from app.tags.lessons import Lessons
    from app.tags.tagged_files import content_hash, embedder
    from app.verdicts import Example

    if not arguments.examples:
        raise UserError("A tag is taught by examples.", "Add --examples FILE… and perhaps --not FILE….")
    for name in (*arguments.examples, *arguments.negatives):
        if not Path(name).is_file():
            raise UserError(f"The example {name} does not exist.", "Check its name and try again.")
    examples = [
        Example(content_hash(name), positive, to_stored(Path(name).absolute()))
        for names, positive in ((arguments.examples, True), (arguments.negatives, False))
        for name in names
    ]
    decisions.teach(arguments.teach, examples)
    encoder = _encoder(places, stack)
    reader = _reader(places)
    fits = reader is not None and reader.space.model_fingerprint == encoder.info.fingerprint
    statistics = reader.statistics() if reader is not None and fits else Statistics()
    lessons = Lessons(decisions, encoder.info.fingerprint, places.cache, reader if fits else None, embedder(encoder))
    lesson = lessons.lesson(arguments.teach, statistics)
    if lesson is None:
        raise UserError("None of the examples could be read.", "Give pictures as examples.")
    if arguments.json:
        print_json({"tag": arguments.teach, "examples": len(examples), "quality": lesson.quality.sentence})
    else:
        print(f"“{arguments.teach}” is taught. {lesson.quality.sentence}")
        print("The indexer proposes it from now on; “semblance tag --library” does so at once.")
    return DONE


def _write_xmp(arguments: argparse.Namespace, places: Places, decisions: Decisions) -> int:
    from app.settings import SettingsFile
    from app.tags.confirmed import tagged_files, write_confirmed
    from app.tags.own_vocabulary import FILE_NAME, OwnVocabulary

    reader = _reader(places)
    if missing := next_step_in(places):
        print(missing, file=sys.stderr if arguments.json else sys.stdout)
        return NOTHING_FOUND
    assert reader is not None
    only = {_as_indexed(name) for name in arguments.file} or None
    vocabulary = OwnVocabulary(places.config / FILE_NAME).load()
    changes = write_confirmed(
        tagged_files(reader.tag_rows(), decisions, vocabulary, only),
        decisions,
        into=SettingsFile(places.settings_file).load().tag_write,
        dry_run=arguments.dry_run,
    )
    return _show_changes(arguments, changes)


def _as_indexed(name: str) -> str:
    """The stored path of a file as the indexer came to it: folders without links on the way, the file by its name."""
    path = Path(name).expanduser()
    return to_stored(path.parent.resolve() / path.name)


def _show_changes(arguments: argparse.Namespace, changes: Iterator[XmpChange]) -> int:
    count = 0
    for change in changes:
        count += 1
        told = change.as_json()
        if arguments.json:
            print_json(told)
        elif told["problem"]:
            print(f"{for_display(told['target'])}: {told['problem']}")
        else:
            added = "; ".join(f"{name} + {', '.join(values)}" for name, values in told["adds"].items() if values)
            print(f"{for_display(told['target'])}: {added or 'nothing new'}")
    files = counted(count, "file")
    if not (count or arguments.json):
        print("None of these files has a confirmed tag." if arguments.file else "No file has a confirmed tag yet.")
    elif not arguments.json:
        print(f"{files} looked at, nothing written." if arguments.dry_run else f"{files} done.")
    return DONE if count else NOTHING_FOUND


def _export(arguments: argparse.Namespace, places: Places, decisions: Decisions) -> int:
    from app.tags.export import as_csv, as_json, exported
    from app.tags.own_vocabulary import FILE_NAME, OwnVocabulary

    reader = _reader(places)
    vocabulary = OwnVocabulary(places.config / FILE_NAME).load()
    groups = {label.name: label.group for label in vocabulary.active}
    files = exported(reader.tag_rows() if reader else (), decisions, lambda label: groups.get(label, ""))
    for line in as_csv(files) if arguments.export == "csv" else as_json(files):
        sys.stdout.write(line)
    return DONE
