"""What can be typed. Hardly anything but argparse is imported here: `semblance --help` answers at once."""

from __future__ import annotations

import argparse

from app.query.filters import FILTERS

EXIT_OK, EXIT_NOTHING_FOUND, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130

EPILOG = """\
first search:
  semblance add ~/Pictures ~/Documents
  semblance index --once
  semblance search a dog running on the beach

Without a command the window opens. SEMBLANCE_HOME moves settings, index, thumbnails and models under one folder.
"""

_JSON = "print JSON for programs"


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command-line contract; `arguments.command` is None for the window."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=_JSON)
    common.add_argument("--verbose", action="store_true", help="show the log on stderr")
    parser = argparse.ArgumentParser(
        prog="semblance",
        description="Find the photos and documents on your own computer by what they mean. Nothing leaves it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="show the version")
    parser.add_argument("--background", action="store_true", help="start in the tray only, for autostart")
    parser.add_argument("--verbose", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", parents=[common])

    add = command("add", "watch folders")
    add.add_argument("folder", nargs="+", metavar="FOLDER", help="with all that is below it")
    remove = command("remove", "stop watching a folder and forget its files")
    remove.add_argument("folder", metavar="FOLDER", help="as “semblance folders” shows it; its files stay as they are")
    command("folders", "list the watched folders")
    _index(command("index", "index the watched folders in the foreground"))
    _search(command("search", "search by words, by example picture, or both"))
    _tag(command("tag", "propose tags for files, or tag the whole library"))
    command("status", "show what is indexed")
    command("failures", "show which files could not be read, why, and what to do")
    _model(command("model", "show, choose, fetch and compare models"))
    _evaluate(command("evaluate", "measure the current model on your own labelled pictures"))
    quick = command("quick", "open the small search palette")
    quick.add_argument("text", nargs="*", metavar="TEXT", help="what to search for at once")
    return parser


def _index(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="stop when everything is indexed (the default)")
    how.add_argument("--watch", action="store_true", help="go on watching for changes until interrupted")
    parser.add_argument(
        "--reread", nargs="*", metavar="PATH", help="read all files again, or those in PATH, changed or not"
    )


def _search(parser: argparse.ArgumentParser) -> None:
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
        choices=["relevance", "newest", "oldest", "name"],
        default="relevance",
        help="without words, relevance means the newest first",
    )
    parser.add_argument("--all", action="store_true", help="go on past the point where the evidence ends")


def _tag(parser: argparse.ArgumentParser) -> None:
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


def _model(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, text in (("list", "the catalogue"), ("info", "the current model"), ("benchmark", "compare runtimes")):
        action = what.add_parser(name, help=text)
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=_JSON)
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
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=_JSON)


def _evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--images", required=True, metavar="DIR", help="the folder the pictures are in")
    truth = parser.add_mutually_exclusive_group(required=True)
    truth.add_argument("--captions", metavar="CSV", help="columns file,caption_no,caption")
    truth.add_argument("--labels", metavar="CSV", help="columns file,label")
