"""`search`: words, example pictures, minus parts and filters; a table for people, one JSON object for programs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.console import console, count_of, print_json
from app.cli.library import open_library
from app.cli.onboarding import next_step
from app.cli.parser import EXIT_NOTHING_FOUND, EXIT_OK
from app.core.errors import UserError
from app.core.paths import AppDirs, for_display, from_stored
from app.core.settings import SettingsFile

if TYPE_CHECKING:
    from app.query.filters import Filters
    from app.query.library_api import Library
    from app.query.queries import Hit, Query, Results

_SNIPPET = 72
_BAND_STYLES = {"strong": "bold green", "maybe": "yellow", "weak": "dim"}


def run(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.query.queries import Sort

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
        _print_results(results, arguments, scored=bool(query.parts))
    else:
        _print_no_results(results, arguments, next_step_text)
    return EXIT_OK if results.hits else EXIT_NOTHING_FOUND


def _check_folders(arguments: argparse.Namespace, dirs: AppDirs) -> None:
    """A folder that no watched one has to do with holds nothing, for certain: mostly its name is misspelt."""
    if not arguments.filter_in:
        return
    watched = [Path(folder) for folder in SettingsFile(dirs.settings_file).load().folders]
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
    from app.query.queries import ImagePart, Query, TextPart

    query = library.parse(" ".join(arguments.text))
    parts = list(query.parts)
    for name in arguments.image:
        path = Path(name).expanduser()
        if not path.is_file():
            raise UserError(f"The picture {name} does not exist.", "Check its name and try again.")
        parts.append(ImagePart(path=str(path.absolute())))
    parts += [TextPart(text, -1.0) for text in arguments.minus]
    filters = merge_filters(query.filters, _filters(arguments))
    if not parts and not filters:
        raise UserError(
            "There is nothing to search for.", "Give words, --image FILE, or a filter such as --kind photo."
        )
    return Query(tuple(parts), filters)


def _filters(arguments: argparse.Namespace) -> Filters:
    """The filters of the options, read as those of the query language are."""
    from app.query.filter_edits import add
    from app.query.filter_input import FilterContext, FilterValue
    from app.query.filters import Filters

    filters = Filters()
    for key, option, text in _filter_options(arguments):
        value = FilterValue(key, str(_resolved(text)) if key == "in" else text, quoted=True, option=option)
        filters, _ = add(filters, value, FilterContext())
    return filters


def _filter_options(arguments: argparse.Namespace) -> list[tuple[str, str, str]]:
    """(key, option, value as typed) of every filter that was given as an option."""
    from app.query.filters import FILTERS

    return [
        (row.key, f"--{row.option or row.key}", text)
        for row in FILTERS
        for text in getattr(arguments, f"filter_{row.key}")
    ]


def _query_text(arguments: argparse.Namespace) -> str:
    """The query as it was asked, in one line."""
    images = [f"[{Path(name).name}]" for name in arguments.image]
    return " ".join([*arguments.text, *images, *(f"-{text}" for text in arguments.minus)])


def _as_json(query: str, results: Results) -> dict[str, object]:
    return {
        "query": query,
        "model": results.model,
        "took_ms": round(results.took_ms, 1),
        "total": results.total,
        "more": results.more,
        "notes": list(results.notes),
        "hits": [hit.as_json() for hit in results.hits],
    }


def _print_no_results(results: Results, arguments: argparse.Namespace, next_step_text: str) -> None:
    page = console()
    if next_step_text:
        page.print(next_step_text)
        return
    for note in results.notes:
        page.print(note, style="dim")
    available = results.total + (results.more if arguments.all else 0)
    if available:
        page.print(f"There is no result {arguments.offset + 1:,}: {count_of(available, 'file')} found.")
        return
    given = _filter_options(arguments)
    filters = (f'{key}:"{text}"' if " " in text else f"{key}:{text}" for key, _, text in given)
    page.print(f"Nothing found for “{' '.join(filter(None, [_query_text(arguments), *filters]))}”.", markup=False)
    if results.more and not arguments.all:
        verb, them = ("is", "it") if results.more == 1 else ("are", "them")
        candidates = count_of(results.more, "weak candidate")
        page.print(f"{candidates} {verb} left out; --all shows {them}.", style="dim")


def _print_results(results: Results, arguments: argparse.Namespace, *, scored: bool) -> None:
    """A page of results; without scores where nothing was searched for and filters alone say what is shown."""
    from rich.table import Table

    page = console()
    for note in results.notes:
        page.print(note, style="dim")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", justify="right", no_wrap=True)
    if scored:
        table.add_column("score", justify="right", no_wrap=True)
        table.add_column("band", no_wrap=True)
    # On an endless page a path stays whole, and a snippet is as wide as the longest of them.
    table.add_column("file", overflow="fold", max_width=max(_SNIPPET, *map(_width, results.hits)))
    if scored:
        table.add_column("why", overflow="fold")
    for number, hit in enumerate(results.hits, start=arguments.offset + 1):
        if scored:
            table.add_row(str(number), f"{hit.score:.2f}", _band(hit), _hit_cell(hit), _reasons(hit))
        else:
            table.add_row(str(number), _hit_cell(hit))
    page.print(table)
    page.print(f"{_range_summary(results, arguments)} · {results.took_ms:.0f} ms", style="dim")


def _width(hit: Hit) -> int:
    from rich.text import Text

    return Text.from_markup(_file_line(hit)).cell_len


def _range_summary(results: Results, arguments: argparse.Namespace) -> str:
    """Which results of how many."""
    first, last = arguments.offset + 1, arguments.offset + len(results.hits)
    shown = str(last) if first == last else f"{first:,}–{last:,}"
    if not results.more:
        return f"{shown} of {results.total:,}"
    if arguments.all:
        return f"{shown} of {results.total + results.more:,}, {results.more:,} of them weak"
    return f"{shown} of {results.total:,}, {results.more:,} weaker with --all"


def _band(hit: Hit) -> str:
    return f"[{_BAND_STYLES[hit.band.value]}]{hit.band.value}[/]"


def _hit_cell(hit: Hit) -> str:
    return f"{_file_line(hit)}\n[dim]{_snippet_markup(hit)}[/]" if hit.snippet else _file_line(hit)


def _file_line(hit: Hit) -> str:
    from rich.markup import escape

    page = f" [cyan]p. {hit.page}[/]" if hit.page else ""
    offline = "" if hit.online else " [dim](offline)[/]"
    return escape(for_display(from_stored(hit.path))) + page + offline


def _snippet_markup(hit: Hit) -> str:
    """The snippet with the words found underlined."""
    from rich.markup import escape

    text, shown, end = hit.snippet or "", "", 0
    for start, stop in hit.marks:
        shown += escape(text[end:start]) + "[underline]" + escape(text[start:stop]) + "[/underline]"
        end = stop
    return " ".join((shown + escape(text[end:])).split())


def _reasons(hit: Hit) -> str:
    from rich.markup import escape

    # The detail of a page is "page 2" already.
    told = (r.detail if r.detail.startswith(r.kind) else f"{r.kind} {r.detail}".strip() for r in hit.why)
    return "[dim]" + escape(", ".join(dict.fromkeys(told))) + "[/]"
