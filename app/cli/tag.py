"""`tag`: zero-shot tags for any files or the library, teaching, writing to XMP, export."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.commands import Services
from app.cli.console import console, count_of, print_json
from app.cli.onboarding import next_step_for
from app.cli.parser import EXIT_NOTHING_FOUND, EXIT_OK
from app.core.errors import UserError
from app.core.paths import AppDirs, for_display, to_stored

if TYPE_CHECKING:
    from app.annotations.store import AnnotationStore
    from app.models import Encoder
    from app.table import IndexReader
    from app.tags.file_tagging import FileTags
    from app.tags.tagger import Tagger
    from app.xmp.writing import XmpChange

SHOWN = 5


def configure(parser: argparse.ArgumentParser, _name: str) -> None:
    parser.add_argument("file", nargs="*", metavar="FILE", help="any pictures or documents; none: the library")
    parser.add_argument("--library", action="store_true", help="tag everything that is indexed")
    parser.add_argument("--vocabulary", metavar="FILE", help="use the labels of this file (TOML, or one label a line)")
    parser.add_argument("--write-xmp", action="store_true", help="write confirmed tags to XMP")
    parser.add_argument("--dry-run", action="store_true", help="with --write-xmp: only show what would change")
    parser.add_argument("--teach", metavar="NAME", help="teach a tag by examples")
    parser.add_argument("--examples", nargs="+", default=[], metavar="F", help="with --teach: files that have it")
    parser.add_argument(
        "--not", dest="negatives", nargs="+", default=[], metavar="F", help="with --teach: that have not"
    )
    parser.add_argument("--export", choices=["csv", "json"], help="print all tags of the library")


def run(arguments: argparse.Namespace, dirs: AppDirs, services: Services) -> int:
    from app.annotations.store import AnnotationStore

    with ExitStack() as stack:
        decisions = stack.enter_context(closing(AnnotationStore(dirs.annotations_file)))
        if arguments.export:
            return _export(arguments, dirs, decisions)
        if arguments.write_xmp:
            return _write_xmp(arguments, dirs, decisions)
        if arguments.dry_run:
            raise UserError("--dry-run belongs to --write-xmp.", "Add --write-xmp.")
        if arguments.teach:
            return _teach(arguments, dirs, decisions, stack)
        if arguments.examples or arguments.negatives:
            raise UserError("Examples need the name of the tag they teach.", "Add --teach NAME.")
        if arguments.file:
            return _files(arguments, dirs, decisions, stack)
        return _library(arguments, dirs, decisions, stack, services)


def _encoder(dirs: AppDirs, stack: ExitStack) -> Encoder:
    from app.core.settings import SettingsFile
    from app.models import load
    from app.models.passages.registry import current_passage_encoder, with_passage_encoder

    settings = SettingsFile(dirs.settings_file).load()
    encoder = stack.enter_context(closing(load(dirs, device=settings.device)))
    passages = current_passage_encoder(dirs, settings.passages, encoder.info)
    return stack.enter_context(
        closing(with_passage_encoder(encoder, passages, idle_seconds=60.0 * settings.model_idle_minutes))
    )


def _reader(dirs: AppDirs) -> IndexReader | None:
    from app.table import open_for_reading

    return open_for_reading(dirs)


def _tagger(arguments: argparse.Namespace, dirs: AppDirs, decisions: AnnotationStore, encoder: Encoder) -> Tagger:
    from app.tags.tagger_factory import open_tagger
    from app.tags.vocabulary_files import vocabulary_from

    chosen = vocabulary_from(Path(arguments.vocabulary)) if arguments.vocabulary else None
    return open_tagger(dirs, encoder, _reader(dirs), decisions, vocabulary=chosen, progress=_progress(arguments))


def _progress(arguments: argparse.Namespace) -> Callable[[int, int], None]:
    if arguments.json or not sys.stderr.isatty():
        return lambda *_: None

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\rReading the vocabulary: {done:,} of {total:,}" if done < total else "\r\x1b[K")

    return show


def _files(arguments: argparse.Namespace, dirs: AppDirs, decisions: AnnotationStore, stack: ExitStack) -> int:
    from app.tags.file_tagging import tag_files

    encoder = _encoder(dirs, stack)
    tagger = _tagger(arguments, dirs, decisions, encoder)
    found = False
    for tags in tag_files(arguments.file, encoder, tagger, decisions):
        found = found or bool(tags.tags or tags.own)
        if arguments.json:
            print_json(tags.as_json())
        else:
            _show(tags)
    return EXIT_OK if found else EXIT_NOTHING_FOUND


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
    arguments: argparse.Namespace, dirs: AppDirs, decisions: AnnotationStore, stack: ExitStack, services: Services
) -> int:
    from app.tags.retagging import retag_library
    from app.tags.tagger_factory import open_tagger

    if arguments.vocabulary:
        raise UserError(
            "The library is tagged with your own vocabulary.",
            "Name files to try another one, or change yours in the window.",
        )
    if missing := next_step_for(dirs):
        print_json({"units": 0, "changed": 0}) if arguments.json else print(missing)
        return EXIT_NOTHING_FOUND
    encoder = _encoder(dirs, stack)
    writer = services.open_writer(dirs, encoder, stack)
    reader = writer.reading()
    tagger = open_tagger(dirs, encoder, reader, decisions, progress=_progress(arguments))
    result = retag_library(reader, writer, tagger, dirs.cache)
    writer.maintain(idle=True)
    if arguments.json:
        print_json({"units": result.units, "changed": result.changed})
    elif not result.units:
        print("All proposals are up to date: indexing tags files as it goes.")
    else:
        print(f"{result.units:,} pictures and passages looked at, the proposals of {result.changed:,} changed.")
    return EXIT_OK


def _teach(arguments: argparse.Namespace, dirs: AppDirs, decisions: AnnotationStore, stack: ExitStack) -> int:
    from app.annotations.user_tags import TagExample
    from app.table import Statistics
    from app.tags.few_shot_cache import FewShotCache
    from app.tags.file_tagging import content_hash, file_embedder

    if not arguments.examples:
        raise UserError("A tag is taught by examples.", "Add --examples FILE… and perhaps --not FILE….")
    for name in (*arguments.examples, *arguments.negatives):
        if not Path(name).is_file():
            raise UserError(f"The example {name} does not exist.", "Check its name and try again.")
    examples = [
        TagExample(content_hash(name), positive, to_stored(Path(name).absolute()))
        for names, positive in ((arguments.examples, True), (arguments.negatives, False))
        for name in names
    ]
    decisions.teach(arguments.teach, examples)
    encoder = _encoder(dirs, stack)
    reader = _reader(dirs)
    fits = reader is not None and reader.space.model_fingerprint == encoder.info.fingerprint
    statistics = reader.statistics() if reader is not None and fits else Statistics()
    lessons = FewShotCache(
        decisions, encoder.info.fingerprint, dirs.cache, reader if fits else None, file_embedder(encoder)
    )
    lesson = lessons.lesson(arguments.teach, statistics)
    if lesson is None:
        raise UserError("None of the examples could be read.", "Give pictures as examples.")
    if arguments.json:
        print_json({"tag": arguments.teach, "examples": len(examples), "quality": lesson.quality.sentence})
    else:
        print(f"“{arguments.teach}” is taught. {lesson.quality.sentence}")
        print("The indexer proposes it from now on; “semblance tag --library” does so at once.")
    return EXIT_OK


def _write_xmp(arguments: argparse.Namespace, dirs: AppDirs, decisions: AnnotationStore) -> int:
    from app.core.settings import SettingsFile
    from app.tags.accepted_tags import files_with_accepted_tags, write_accepted_tags
    from app.tags.user_vocabulary import FILE_NAME, UserVocabulary

    reader = _reader(dirs)
    if missing := next_step_for(dirs):
        print(missing, file=sys.stderr if arguments.json else sys.stdout)
        return EXIT_NOTHING_FOUND
    assert reader is not None
    only = {_as_indexed(name) for name in arguments.file} or None
    vocabulary = UserVocabulary(dirs.config / FILE_NAME).load()
    changes = write_accepted_tags(
        files_with_accepted_tags(reader.tag_rows(), decisions, vocabulary, only),
        decisions,
        into=SettingsFile(dirs.settings_file).load().tag_write,
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
    files = count_of(count, "file")
    if not (count or arguments.json):
        print("None of these files has a confirmed tag." if arguments.file else "No file has a confirmed tag yet.")
    elif not arguments.json:
        print(f"{files} looked at, nothing written." if arguments.dry_run else f"{files} done.")
    return EXIT_OK if count else EXIT_NOTHING_FOUND


def _export(arguments: argparse.Namespace, dirs: AppDirs, decisions: AnnotationStore) -> int:
    from app.tags.export import csv_lines, exported_tags, json_lines
    from app.tags.user_vocabulary import FILE_NAME, UserVocabulary

    reader = _reader(dirs)
    vocabulary = UserVocabulary(dirs.config / FILE_NAME).load()
    groups = {label.name: label.group for label in vocabulary.active}
    files = exported_tags(reader.tag_rows() if reader else (), decisions, lambda label: groups.get(label, ""))
    for line in csv_lines(files) if arguments.export == "csv" else json_lines(files):
        sys.stdout.write(line)
    return EXIT_OK
