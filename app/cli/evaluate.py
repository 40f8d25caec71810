"""`evaluate`: recall@k or zero-shot accuracy of the current model on the user's own pictures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.commands import Services
from app.cli.console import console, print_json
from app.cli.parser import EXIT_OK
from app.core.errors import UserError
from app.core.paths import AppDirs

if TYPE_CHECKING:
    from app.models.evaluation import CaptionResult, LabelResult


def configure(parser: argparse.ArgumentParser, _name: str) -> None:
    parser.add_argument("--images", required=True, metavar="DIR", help="the folder the pictures are in")
    truth = parser.add_mutually_exclusive_group(required=True)
    truth.add_argument("--captions", metavar="CSV", help="columns file,caption_no,caption")
    truth.add_argument("--labels", metavar="CSV", help="columns file,label")


def run(arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    from app.core.settings import SettingsFile
    from app.models import load
    from app.models.evaluation import evaluate_captions, evaluate_labels

    images = Path(arguments.images).expanduser()
    if not images.is_dir():
        raise UserError(f"The folder {images} does not exist.", "Give the folder of the pictures with --images.")
    with closing(load(dirs, device=SettingsFile(dirs.settings_file).load().device)) as encoder:
        name = encoder.info.name
        result: CaptionResult | LabelResult
        if arguments.captions:
            result = evaluate_captions(encoder, images, Path(arguments.captions).expanduser(), _progress(arguments))
        else:
            result = evaluate_labels(encoder, images, Path(arguments.labels).expanduser(), _progress(arguments))
    if arguments.json:
        print_json(result.as_json())
    else:
        _show(name, result.as_json())
    return EXIT_OK


def _progress(arguments: argparse.Namespace) -> Callable[[int, int], None]:
    """A bar on stderr where there is a terminal."""
    shown = not arguments.json and sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if shown:
            filled = round(30 * done / max(1, total))
            end = "\r\x1b[K" if done >= total else ""
            sys.stderr.write(f"\r{'█' * filled}{'░' * (30 - filled)} {done:,} of {total:,} pictures{end}")
            sys.stderr.flush()

    return show


def _show(name: str, result: dict[str, object]) -> None:
    page = console()
    page.print(f"[bold]{name}[/]")
    for key, value in result.items():
        if isinstance(value, dict):
            told = "  ".join(f"{rank.upper()} {share:.1f} %" for rank, share in value.items())
            page.print(f"{key.replace('_', ' '):<15} {told}")
        elif isinstance(value, float):
            page.print(f"{key:<15} {value:.1f} %")
        else:
            page.print(f"{key:<15} {value:,}")
