"""`model passages`: which encoder reads the text of documents."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from app.cli.console import bytes_for_people, console, print_json
from app.cli.parser import DONE
from app.paths import Places
from app.settings import SettingsFile

if TYPE_CHECKING:
    from app.model.passages import Listed

Shown = Callable[[argparse.Namespace], AbstractContextManager[Callable[[str, float], None]]]


def run(arguments: argparse.Namespace, places: Places, progress_shown: Shown) -> int:
    action = arguments.passages_action or "list"
    if action == "use":
        return _use(arguments, places, progress_shown)
    return {"list": _list, "off": _off, "info": _info}[action](arguments, places)


def described_setting(places: Places) -> dict[str, Any] | None:
    """The encoder that the settings name, and whether it is ready; None where they name none."""
    from app.model.passages import find

    name = SettingsFile(places.settings_file).load().passages
    if not name:
        return None
    info = find(places, name)
    return {**(info.as_json() if info is not None else {"name": name}), "ready": info is not None}


def _list(arguments: argparse.Namespace, places: Places) -> int:
    from app.model.passages import list_passages

    listed = list_passages(places, SettingsFile(places.settings_file).load().passages)
    if arguments.json:
        print_json({"passages": [_as_json(one) for one in listed]})
        return DONE
    page = console()
    for one in listed:
        page.print(_described(one))
    page.print("● in use  ○ installed   “semblance model passages use NAME” chooses one, “off” none", style="dim")
    return DONE


def _as_json(one: Listed) -> dict[str, Any]:
    from dataclasses import asdict

    entry = asdict(one.entry)
    return {**entry, "installed": one.available, "ready": one.info is not None, "in_use": one.chosen}


def _described(one: Listed) -> str:
    """Three lines: what it is called and costs, what it is good for, and how to get it."""
    entry = one.entry
    mark = "●" if one.chosen else "○" if one.available else " "
    facts = [
        entry.licence,
        bytes_for_people(entry.download_bytes),
        f"{entry.parameters:g} M parameters",
        f"{entry.dimension}-d",
        ", ".join(entry.languages),
    ]
    install = "" if one.available else f"\n  [dim]install it with: {entry.command}[/]"
    return f"{mark} [bold]{entry.name}[/]\n  [dim]{' · '.join(facts)}[/]\n  {entry.good_for}{install}"


def _use(arguments: argparse.Namespace, places: Places, progress_shown: Shown) -> int:
    from app.model import current
    from app.model.passages import prepare

    with progress_shown(arguments) as progress:
        info = prepare(places, arguments.name, progress)
    info.fitted(current(places).dimension)  # says so where it does not fit
    return _choose(arguments, places, info.name)


def _off(arguments: argparse.Namespace, places: Places) -> int:
    return _choose(arguments, places, "")


def _choose(arguments: argparse.Namespace, places: Places, name: str) -> int:
    file = SettingsFile(places.settings_file)
    changed = file.load().passages != name
    file.change(passages=name)
    _info(arguments, places)
    if changed and not arguments.json:
        print("The index for it is built at the next indexing; search goes on with the present one until then.")
    return DONE


def _info(arguments: argparse.Namespace, places: Places) -> int:
    found = described_setting(places)
    if arguments.json:
        print_json({"passages": found})
        return DONE
    page = console()
    if found is None:
        page.print("Passages of documents are read by the model itself.")
    elif not found["ready"]:
        page.print(f"{found['name']} is chosen and not ready on this machine.")
    else:
        page.print(
            f"{found['name']}  [dim]{found['width']}-d, licence {found['licence']}[/]\n"
            f"● openvino {found['precision']}  {found['texts_per_second']:.1f} texts/s"
            f"[dim]  agrees {found['cosine_mean']:.4f} (worst {found['cosine_worst']:.4f})[/]"
        )
    return DONE
