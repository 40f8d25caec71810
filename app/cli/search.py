"""`search`: words, example pictures, minus parts and filters; a table for people, one JSON object for programs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.console import console, print_json
from app.cli.opened import opened_library
from app.cli.parser import DONE, NOTHING_FOUND
from app.errors import UserError
from app.paths import Places, for_display, from_stored

if TYPE_CHECKING:
    from app.library import Library
    from app.records import Hit, Query, Results

_BAND_STYLES = {"strong": "bold green", "maybe": "yellow", "weak": "dim"}


def run(arguments: argparse.Namespace, places: Places) -> int:
    from app.records import Sort

    if arguments.limit < 1 or arguments.offset < 0:
        raise UserError("--limit and --offset count results.", "Give --limit at least 1 and --offset at least 0.")
    with opened_library(places, for_text=bool(arguments.text)) as library:
        query = _query(arguments, library)
        library.expect(query)
        results = library.search(
            query,
            limit=arguments.limit,
            offset=arguments.offset,
            sort=Sort(arguments.sort),
            all_hits=arguments.all,
        )
    if arguments.json:
        print_json(_as_json(_spoken(arguments), results))
    else:
        _show(_spoken(arguments), results, arguments.offset)
    return DONE if results.hits else NOTHING_FOUND


def _query(arguments: argparse.Namespace, library: Library) -> Query:
    """Options are written in the query language, so that both mean the same and complain alike."""
    from dataclasses import replace

    from app.records import ImagePart, TextPart

    filters = [f"{key}:{_quoted(str(value))}" for key, value in _filters(arguments)]
    query = library.parse(" ".join([*arguments.text, *filters]))
    parts = list(query.parts)
    for name in arguments.image:
        path = Path(name).expanduser()
        if not path.is_file():
            raise UserError(f"The picture {name} does not exist.", "Check its name and try again.")
        parts.append(ImagePart(path=str(path.absolute())))
    parts += [TextPart(text, -1.0) for text in arguments.minus]
    if not parts and not query.filters:
        raise UserError(
            "There is nothing to search for.", "Give words, --image FILE, or a filter such as --kind photo."
        )
    return replace(query, parts=tuple(parts))


def _filters(arguments: argparse.Namespace) -> list[tuple[str, object]]:
    folders = [("in", Path(folder).expanduser().absolute()) for folder in arguments.folder]
    tags = [("tag", tag) for tag in arguments.tag]
    single = [(key, getattr(arguments, key)) for key in ("kind", "after", "before", "camera", "near", "size")]
    return [*folders, *tags, *((key, value) for key, value in single if value is not None)]


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _spoken(arguments: argparse.Namespace) -> str:
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


def _show(query: str, results: Results, offset: int) -> None:
    from rich.table import Table

    page = console()
    for note in results.notes:
        page.print(note, style="dim")
    if not results.hits:
        page.print(f"Nothing found for “{query}”.", markup=False)
        if results.more:
            page.print(f"{results.more} weak candidates are left out; --all shows them.", style="dim")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name, justify in (("", "right"), ("score", "right"), ("band", "left"), ("file", "left"), ("why", "left")):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for number, hit in enumerate(results.hits, start=offset + 1):
        table.add_row(str(number), f"{hit.score:.2f}", _band(hit), _described(hit), _why(hit))
    page.print(table)
    shown = offset + len(results.hits)
    rest = f", {results.more} weaker with --all" if results.more else ""
    page.print(f"{offset + 1}–{shown} of {results.total}{rest} · {results.took_ms:.0f} ms", style="dim")


def _band(hit: Hit) -> str:
    return f"[{_BAND_STYLES[hit.band.value]}]{hit.band.value}[/]"


def _described(hit: Hit) -> str:
    from rich.markup import escape

    page = f" [cyan]p. {hit.page}[/]" if hit.page else ""
    offline = "" if hit.online else " [dim](offline)[/]"
    lines = [escape(for_display(from_stored(hit.path))) + page + offline]
    if hit.snippet:
        lines.append(f"[dim]{_marked(hit)}[/]")
    return "\n".join(lines)


def _marked(hit: Hit) -> str:
    """The snippet with the words found underlined."""
    from rich.markup import escape

    text, shown, end = hit.snippet or "", "", 0
    for start, stop in hit.marks:
        shown += escape(text[end:start]) + "[underline]" + escape(text[start:stop]) + "[/underline]"
        end = stop
    return " ".join((shown + escape(text[end:])).split())


def _why(hit: Hit) -> str:
    from rich.markup import escape

    return "[dim]" + escape(", ".join(dict.fromkeys(f"{r.kind} {r.detail}".strip() for r in hit.why))) + "[/]"
