"""Results as people read them: a table on a terminal, a line and its details where that is too narrow, or a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.cli.console import console, count_of
from app.core.paths import for_display, from_stored

if TYPE_CHECKING:
    from rich.console import Console

    from app.query.queries import Hit, Results

_SNIPPET = 72
_NARROWEST_TABLE = 60
"""Columns of a terminal below which a table would leave no room for the names of files."""
_BAND_STYLES = {"strong": "bold green", "maybe": "yellow", "weak": "dim"}


def _offer(results: Results) -> None:
    """What may have been meant."""
    if results.did_you_mean:
        console().print(f"Did you mean “{results.did_you_mean}”?", markup=False, highlight=False)


def print_results(results: Results, *, offset: int, with_weak: bool, scored: bool) -> None:
    """A page of results; without scores where nothing was searched for and filters alone say what is shown."""
    page = console()
    for note in results.notes:
        page.print(note, style="dim")
    _offer(results)
    as_table = sys.stdout.isatty() and page.width >= _NARROWEST_TABLE
    (_print_table if as_table else _print_lines)(page, results, offset, scored)
    page.print(f"{_range_summary(results, offset, with_weak)} · {results.took_ms:.0f} ms", style="dim")


def print_no_results(results: Results, asked: str, *, offset: int, with_weak: bool) -> None:
    """That there is nothing, or nothing any more."""
    page = console()
    for note in results.notes:
        page.print(note, style="dim")
    _offer(results)
    available = results.total + (results.more if with_weak else 0)
    if available:
        page.print(f"There is no result {offset + 1:,}: {count_of(available, 'file')} found.")
        return
    page.print(f"Nothing found for “{asked}”.", markup=False)
    if results.more and not with_weak:
        verb, them = ("is", "it") if results.more == 1 else ("are", "them")
        candidates = count_of(results.more, "weak candidate")
        page.print(f"{candidates} {verb} left out; --all shows {them}.", style="dim")


def _print_table(page: Console, results: Results, offset: int, scored: bool) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", justify="right", no_wrap=True)
    if scored:
        table.add_column("score", justify="right", no_wrap=True)
        table.add_column("band", no_wrap=True)
    table.add_column("file", overflow="fold", max_width=max(_SNIPPET, *map(_width, results.hits)))
    if scored:
        table.add_column("why", overflow="fold")
    for number, hit in enumerate(results.hits, start=offset + 1):
        if scored:
            table.add_row(str(number), f"{hit.score:.2f}", _band(hit), _hit_cell(hit), f"[dim]{_reasons(hit)}[/]")
        else:
            table.add_row(str(number), _hit_cell(hit))
    page.print(table)


def _print_lines(page: Console, results: Results, offset: int, scored: bool) -> None:
    """A line for each hit, and indented below it what carried it and the snippet."""
    for number, hit in enumerate(results.hits, start=offset + 1):
        page.print(f"{number}. {_file_line(hit)}")
        if scored:
            page.print(f"   {_band(hit)} {hit.score:.2f}  [dim]{_reasons(hit)}[/]")
        if hit.snippet:
            page.print(f"   [dim]{_snippet_markup(hit)}[/]")


def _width(hit: Hit) -> int:
    from rich.text import Text

    return Text.from_markup(_file_line(hit)).cell_len


def _range_summary(results: Results, offset: int, with_weak: bool) -> str:
    """Which results of how many."""
    first, last = offset + 1, offset + len(results.hits)
    shown = str(last) if first == last else f"{first:,}–{last:,}"
    if not results.more:
        return f"{shown} of {results.total:,}"
    if with_weak:
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
    reasons = (r.detail if r.detail.startswith(r.kind) else f"{r.kind} {r.detail}".strip() for r in hit.why)
    return escape(", ".join(dict.fromkeys(reasons)))
