"""`search`: words, example pictures, minus parts and filters; a table for people, one JSON object for programs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.commands import Services
from app.cli.console import load_settings, print_json
from app.cli.library import open_library
from app.cli.onboarding import next_step
from app.cli.parser import EXIT_NOTHING_FOUND, EXIT_OK
from app.cli.search_output import print_no_results, print_results
from app.core.errors import UserError
from app.core.paths import AppDirs
from app.query.filters import FILTERS, Filters
from app.query.queries import ImagePart, Query, Sort, TextPart

if TYPE_CHECKING:
    from app.query.library_api import Library
    from app.query.queries import Results


def configure(parser: argparse.ArgumentParser, _name: str) -> None:
    words = 'words; "a phrase", -without, kind:photo, in:holiday, after:2023 …'
    parser.add_argument("text", nargs="*", metavar="TEXT", help=words)
    parser.add_argument("--image", action="append", default=[], metavar="FILE", help="an example picture; repeatable")
    parser.add_argument(
        "--minus", action="append", default=[], metavar="TEXT", help="what must not be in it; repeatable"
    )
    for row in FILTERS:
        parser.add_argument(
            f"--{row.option or row.key}",
            dest=f"filter_{row.key}",
            action="append",
            default=[],
            metavar=row.metavar,
            help=row.help.replace("%", "%%"),
        )
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="how many results (default 20)")
    parser.add_argument("--offset", type=int, default=0, metavar="N", help="skip so many results first")
    parser.add_argument(
        "--sort",
        choices=[sort.value for sort in Sort],
        default=Sort.RELEVANCE.value,
        help="without words, relevance means the newest first",
    )
    parser.add_argument("--all", action="store_true", help="go on past the point where the evidence ends")


def run(arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    if arguments.limit < 1 or arguments.offset < 0:
        raise UserError("--limit and --offset count results.", "Give --limit at least 1 and --offset at least 0.")
    _check_folders(arguments, dirs)
    with open_library(dirs, for_text=bool(arguments.text)) as library:
        query = _query(arguments, library)
        library.prefetch(query)
        results = library.search(
            query,
            limit=arguments.limit,
            offset=arguments.offset,
            sort=Sort(arguments.sort),
            all_hits=arguments.all,
        )
        next_step_text = "" if results.hits or results.more else next_step(library.status())
    if arguments.json:
        print_json(_as_json(_query_text(arguments), results))
    elif results.hits:
        print_results(results, offset=arguments.offset, with_weak=arguments.all, scored=bool(query.parts))
    elif next_step_text:
        print(next_step_text)
    else:
        print_no_results(results, _asked(arguments), offset=arguments.offset, with_weak=arguments.all)
    return EXIT_OK if results.hits else EXIT_NOTHING_FOUND


def _check_folders(arguments: argparse.Namespace, dirs: AppDirs) -> None:
    """A folder that no watched one has to do with holds nothing, for certain: mostly its name is misspelt."""
    if not arguments.filter_in:
        return
    watched = [Path(folder) for folder in load_settings(dirs).folders]
    for folder in map(_resolved, arguments.filter_in):
        if not any(folder.is_relative_to(root) or root.is_relative_to(folder) for root in watched):
            raise UserError(f"{folder} is not in a watched folder.", "“semblance folders” lists all that are.")


def _resolved(folder: str) -> Path:
    """As the index knows it: no links on the way.

    Raises:
        UserError: no folder can be called so.
    """
    try:
        return Path(folder).expanduser().resolve()
    except (RuntimeError, ValueError, OSError) as error:
        raise UserError(f"The folder {folder} does not exist.", "Check its name and try again.") from error


def _query(arguments: argparse.Namespace, library: Library) -> Query:
    """The words' query, with the options' filters and examples."""
    from app.query.filter_edits import merge_filters

    query = library.parse(" ".join(arguments.text))
    parts = [*query.parts, *(ImagePart(path=str(_picture(name))) for name in arguments.image)]
    parts += [TextPart.typed(text, -1.0) for text in arguments.minus]
    filters = merge_filters(query.filters, _filters(arguments))
    if not parts and not filters:
        raise UserError(
            "There is nothing to search for.", "Give words, --image FILE, or a filter such as --kind photo."
        )
    return Query(tuple(parts), filters)


def _picture(name: str) -> Path:
    try:
        path = Path(name).expanduser().absolute()
        exists = path.is_file()
    except (RuntimeError, ValueError, OSError):
        exists = False
    if not exists:
        raise UserError(f"The picture {name} does not exist.", "Check its name and try again.")
    return path


def _filters(arguments: argparse.Namespace) -> Filters:
    """The filters of the options, read as those of the query language are."""
    from app.query.filter_edits import add
    from app.query.filter_input import FilterContext, FilterValue

    filters = Filters()
    for key, option, text in _filter_options(arguments):
        value = FilterValue(key, str(_resolved(text)) if key == "in" else text, quoted=True, option=option)
        filters, _ = add(filters, value, FilterContext())
    return filters


def _filter_options(arguments: argparse.Namespace) -> list[tuple[str, str, str]]:
    """(key, option, value as typed) of every filter that was given as an option."""
    return [
        (row.key, f"--{row.option or row.key}", text)
        for row in FILTERS
        for text in getattr(arguments, f"filter_{row.key}")
    ]


def _query_text(arguments: argparse.Namespace) -> str:
    """The query as it was asked, in one line."""
    images = [f"[{Path(name).name}]" for name in arguments.image]
    return " ".join([*arguments.text, *images, *(f"-{text}" for text in arguments.minus)])


def _asked(arguments: argparse.Namespace) -> str:
    """The query with the options' filters, as the query language writes them."""
    options = _filter_options(arguments)
    filters = [f'{key}:"{text}"' if " " in text else f"{key}:{text}" for key, _, text in options]
    return " ".join(filter(None, [_query_text(arguments), *filters]))


def _as_json(query: str, results: Results) -> dict[str, object]:
    return {
        "query": query,
        "model": results.model,
        "took_ms": round(results.took_ms, 1),
        "total": results.total,
        "more": results.more,
        "closest": results.closest > 0,
        "did_you_mean": results.did_you_mean or None,
        "notes": list(results.notes),
        "hits": [hit.as_json() for hit in results.hits],
    }
