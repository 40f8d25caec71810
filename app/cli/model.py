"""`model`: the catalogue, the current model, choosing, fetching and comparing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.cli.console import bytes_for_people, console, print_json
from app.cli.parser import DONE
from app.paths import Places

if TYPE_CHECKING:
    from app.model.info import Measurement, ModelInfo
    from app.model.install import Listed, Offer

Progress = Callable[[str, float], None]


def run(arguments: argparse.Namespace, places: Places) -> int:
    action = arguments.action or "list"
    if action == "passages":
        from app.cli import passages

        return passages.run(arguments, places, progress_shown)
    return {"list": _list, "info": _info, "use": _use, "download": _download, "benchmark": _benchmark}[action](
        arguments, places
    )


def _list(arguments: argparse.Namespace, places: Places) -> int:
    from app.model.install import list_models

    models = list_models(places)
    if arguments.json:
        print_json({"models": [_listed_as_json(model) for model in models]})
        return DONE
    page = console()
    for model in models:
        page.print(_described(model))
    page.print("● in use  ○ installed   “semblance model download NAME” fetches one, after asking", style="dim")
    return DONE


def _listed_as_json(model: Listed) -> dict[str, object]:
    from dataclasses import asdict

    entry = {**asdict(model.entry), "download_bytes": model.entry.download_bytes} if model.entry else None
    return {"name": model.name, "installed": model.info is not None, "in_use": model.chosen, "catalogue": entry}


def _described(model: Listed) -> str:
    """Two lines: what it is called and costs, and what it is good for."""
    entry, info = model.entry, model.info
    mark = "●" if model.chosen else "○" if info else " "
    languages = entry.languages if entry else info.languages if info else ()
    facts = [
        entry.licence if entry else info.licence if info else "",
        bytes_for_people(entry.download_bytes) if entry else "",
        f"{entry.dimension if entry else info.dimension if info else '?'}-d",
        ", ".join(languages) if len(languages) <= 3 else f"{len(languages)} languages",
        f"COCO R@1 {entry.coco:g} %" if entry and entry.coco else "",
    ]
    good_for = entry.good_for if entry else "Ships with Semblance." if model.name == "starter" else ""
    return f"{mark} [bold]{model.name}[/]\n  [dim]{' · '.join(fact for fact in facts if fact)}[/]\n  {good_for}"


def _info(arguments: argparse.Namespace, places: Places) -> int:
    from app.cli.passages import described_setting
    from app.model import current

    info, passages = current(places), described_setting(places)
    if arguments.json:
        print_json({**info.as_json(), "passages": passages})
        return DONE
    _show(arguments, info)
    if passages:
        state = "" if passages["ready"] else ", not ready on this machine"
        console().print(f"passages of documents: {passages['name']}{state}", style="dim")
    return DONE


def _use(arguments: argparse.Namespace, places: Places) -> int:
    from app.model.install import use

    before = _fingerprint(places)
    with progress_shown(arguments) as progress:
        info = use(places, arguments.name, architecture=arguments.architecture, progress=progress)
    _show(arguments, info)
    if info.fingerprint != before:
        _say_rebuild(arguments)
    return DONE


def _fingerprint(places: Places) -> str:
    """Of the model in use; "" where there is none."""
    from app.errors import UserError
    from app.model import current

    try:
        return current(places).fingerprint
    except UserError:
        return ""


def _download(arguments: argparse.Namespace, places: Places) -> int:
    from app.model.catalog import CATALOG
    from app.model.install import download

    def consent(offer: Offer) -> bool:
        return bool(arguments.yes) or _asked(offer)

    name = arguments.name or CATALOG[0].name
    with progress_shown(arguments) as progress:
        info = download(places, name, consent=consent, progress=progress)
    _show(arguments, info)
    _say_rebuild(arguments)
    return DONE


def _asked(offer: Offer) -> bool:
    """Ask on the terminal; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    size = f" ({bytes_for_people(offer.download_bytes)})" if offer.download_bytes else ""
    sys.stderr.write(f"Fetch {offer.name}{size}, licence {offer.licence}, from {offer.repository}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "j", "ja")


def _benchmark(arguments: argparse.Namespace, places: Places) -> int:
    from app.model import current
    from app.model.preparation import benchmark
    from app.model.shelf import Shelf

    with progress_shown(arguments) as progress:
        info = benchmark(Shelf(places), current(places), progress)
    _show(arguments, info)
    return DONE


def _show(arguments: argparse.Namespace, info: ModelInfo) -> None:
    if arguments.json:
        print_json(info.as_json())
        return
    page = console()
    architecture = "" if info.architecture == info.name else f"{info.architecture}, "
    page.print(f"{info.name}  [dim]{architecture}{info.dimension}-d, licence {info.licence}[/]")
    if not info.prepared:
        page.print("It is prepared for this machine at its first use.", style="dim")
    for measured in info.measurements:
        page.print(_measured(measured, measured == info.chosen))
    if info.note:
        page.print(info.note, style="dim")


def _measured(measured: Measurement, chosen: bool) -> str:
    agreement = measured.agreement
    close = (
        f"  agrees {agreement.image_mean:.4f} (worst {agreement.image_worst:.4f}), same top 10 {agreement.top10:.0%}"
        if agreement
        else "  the reference"
    )
    refused = "" if measured.accepted else "  [yellow]refused[/]"
    speed = f"{measured.images_per_second:7.1f} images/s {measured.texts_per_second:7.1f} texts/s"
    where = f"{measured.runtime:<11} {measured.device:<8} {measured.precision:<5}"
    return f"{'●' if chosen else ' '} {where} {speed}[dim]{close}[/]{refused}"


def _say_rebuild(arguments: argparse.Namespace) -> None:
    if not arguments.json:
        print("The index for it is built at the next indexing; search goes on with the present one until then.")


@contextmanager
def progress_shown(arguments: argparse.Namespace) -> Iterator[Progress]:
    """A bar on stderr where there is a terminal, silence otherwise."""
    if arguments.json or not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)
