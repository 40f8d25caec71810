"""`model`: the catalogue, the current model, choosing, fetching and comparing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.cli.commands import Services
from app.cli.console import console, format_bytes, print_json
from app.cli.parser import EXIT_OK, JSON_HELP
from app.core.paths import AppDirs

if TYPE_CHECKING:
    from app.models.install import DownloadOffer, ModelListing
    from app.models.manifest import Measurement, ModelInfo

Progress = Callable[[str, float], None]


def configure(parser: argparse.ArgumentParser, _name: str) -> None:
    what = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, text in (("list", "the catalogue"), ("info", "the current model"), ("benchmark", "compare runtimes")):
        action = what.add_parser(name, help=text)
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=JSON_HELP)
    use = what.add_parser("use", help="choose an installed model, or a checkpoint by path")
    use.add_argument("name", metavar="NAME", help="as “semblance model list” shows it, or a checkpoint's path")
    use.add_argument("--architecture", metavar="NAME", help="open_clip architecture of a checkpoint given by path")
    download = what.add_parser("download", help="fetch a model of the catalogue")
    download.add_argument("name", nargs="?", metavar="NAME", help="of the catalogue; none: the first one")
    download.add_argument("--yes", action="store_true", help="do not ask")
    passages = what.add_parser("passages", help="show and choose the encoder of passages beside the model")
    how = passages.add_subparsers(dest="passages_action", metavar="ACTION")
    below = [
        how.add_parser("list", help="the encoders there are"),
        how.add_parser("use", help="let one of them read the text of documents"),
        how.add_parser("off", help="let the model itself read it"),
        how.add_parser("info", help="the one in use"),
    ]
    below[1].add_argument("name", metavar="NAME", help="as “semblance model passages list” shows it")
    for action in (use, download, passages, *below):
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=JSON_HELP)


def run(arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    action = arguments.action or "list"
    if action == "passages":
        from app.cli import model_passages

        return model_passages.run(arguments, dirs, progress_bar)
    return {"list": _list, "info": _info, "use": _use, "download": _download, "benchmark": _benchmark}[action](
        arguments, dirs
    )


def _list(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.models.install import list_models

    models = list_models(dirs)
    if arguments.json:
        print_json({"models": [_listed_as_json(model) for model in models]})
        return EXIT_OK
    page = console()
    for model in models:
        page.print(_described(model))
    page.print("● in use  ○ installed   “semblance model download NAME” fetches one, after asking", style="dim")
    return EXIT_OK


def _listed_as_json(model: ModelListing) -> dict[str, object]:
    from dataclasses import asdict

    entry = {**asdict(model.entry), "download_bytes": model.entry.download_bytes} if model.entry else None
    return {"name": model.name, "installed": model.info is not None, "in_use": model.chosen, "catalogue": entry}


def _described(model: ModelListing) -> str:
    """Two lines: what it is called and costs, and what it is good for."""
    entry, info = model.entry, model.info
    mark = "●" if model.chosen else "○" if info else " "
    languages = entry.languages if entry else info.languages if info else ()
    facts = [
        entry.licence if entry else info.licence if info else "",
        format_bytes(entry.download_bytes) if entry else "",
        f"{entry.dimension if entry else info.dimension if info else '?'}-d",
        ", ".join(languages) if len(languages) <= 3 else f"{len(languages)} languages",
        f"COCO R@1 {entry.coco:g} %" if entry and entry.coco else "",
    ]
    good_for = entry.good_for if entry else "Ships with Semblance." if model.name == "starter" else ""
    return f"{mark} [bold]{model.name}[/]\n  [dim]{' · '.join(fact for fact in facts if fact)}[/]\n  {good_for}"


def _info(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.cli.model_passages import described_setting
    from app.models import current

    info, passages = current(dirs), described_setting(dirs)
    if arguments.json:
        print_json({**info.as_json(), "passages": passages})
        return EXIT_OK
    _show(arguments, info)
    if passages:
        state = "" if passages["ready"] else ", not ready on this machine"
        console().print(f"passages of documents: {passages['name']}{state}", style="dim")
    return EXIT_OK


def _use(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.models.install import use

    before = _fingerprint(dirs)
    with progress_bar(arguments) as progress:
        info = use(dirs, arguments.name, architecture=arguments.architecture, progress=progress)
    _show(arguments, info)
    if info.fingerprint != before:
        _print_rebuild_notice(arguments)
    return EXIT_OK


def _fingerprint(dirs: AppDirs) -> str:
    """Of the model in use; "" where there is none."""
    from app.core.errors import UserError
    from app.models import current

    try:
        return current(dirs).fingerprint
    except UserError:
        return ""


def _download(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.models.catalog import CATALOG
    from app.models.install import download

    def consent(offer: DownloadOffer) -> bool:
        return bool(arguments.yes) or _confirm_download(offer)

    name = arguments.name or CATALOG[0].name
    with progress_bar(arguments) as progress:
        info = download(dirs, name, consent=consent, progress=progress)
    _show(arguments, info)
    _print_rebuild_notice(arguments)
    return EXIT_OK


def _confirm_download(offer: DownloadOffer) -> bool:
    """Ask on the terminal; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    size = f" ({format_bytes(offer.download_bytes)})" if offer.download_bytes else ""
    sys.stderr.write(f"Fetch {offer.name}{size}, licence {offer.licence}, from {offer.repository}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "j", "ja")


def _benchmark(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.models import current
    from app.models.convert.preparation import benchmark
    from app.models.registry import ModelRegistry

    with progress_bar(arguments) as progress:
        info = benchmark(ModelRegistry(dirs), current(dirs), progress)
    _show(arguments, info)
    return EXIT_OK


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


def _print_rebuild_notice(arguments: argparse.Namespace) -> None:
    if not arguments.json:
        print("The index for it is built at the next indexing; search goes on with the present one until then.")


@contextmanager
def progress_bar(arguments: argparse.Namespace) -> Iterator[Progress]:
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
