"""From the command line to a command and its arguments, and the exit statuses."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from app.cli.commands import BY_NAME, COMMANDS, OPEN_WINDOW, Command
from app.core.errors import UserError

EXIT_OK, EXIT_NOTHING_FOUND, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130
JSON_HELP = "print JSON for programs"

_EPILOG = """\
commands:
{commands}

first search:
  semblance add ~/Pictures ~/Documents
  semblance index --once
  semblance search a dog running on the beach

Without a command the window opens. SEMBLANCE_HOME moves settings, index, thumbnails and models under one folder.
"""
# argparse takes a word that begins with a minus for an option: such words are parsed with this character in front,
# which no argument of a process can hold.
_GUARD = "\0"


class Parser(argparse.ArgumentParser):
    """Reports wrong use as a `UserError`."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message[0].upper()}{message[1:].rstrip('.')}.", f"“{self.prog} --help” shows what there is.")


def parse(given: list[str]) -> tuple[Command, argparse.Namespace]:
    """The command that was typed, and what stands before it (`version`, `background`, `verbose`) and after it (`rest`).

    Raises:
        UserError: there is no such command or option.
        SystemExit: help was asked for, and printed.
    """
    at = next((position for position, word in enumerate(given) if not word.startswith("-")), len(given))
    general = _general_parser().parse_args(given[:at])
    general.rest = given[at + 1 :]
    if at == len(given):
        return OPEN_WINDOW, general
    command = BY_NAME.get(given[at])
    if command is None:
        raise UserError(f"There is no command “{given[at]}”.", f"The commands are {', '.join(BY_NAME)}.")
    return command, general


def parse_arguments(command: Command, general: argparse.Namespace) -> argparse.Namespace:
    """The arguments of a command, `json` and `verbose` among them.

    Raises:
        UserError: they make no sense.
        SystemExit: help was asked for, and printed.
    """
    parser = Parser(
        prog=f"semblance {command.name}".rstrip(), description=f"{command.help[0].upper()}{command.help[1:]}."
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.add_argument("--verbose", action="store_true", default=general.verbose, help="show the log on stderr")
    parser.set_defaults(background=general.background, command=command.name)
    command.configure(parser)
    if not command.free_words:
        return parser.parse_args(general.rest)
    arguments = parser.parse_intermixed_args(_guarded(general.rest))
    return argparse.Namespace(**{name: _unguarded(value) for name, value in vars(arguments).items()})


def _guarded(words: list[str]) -> list[str]:
    """The words, with the guard before those that are no options though they begin with a minus: "-people"."""
    end = words.index("--") if "--" in words else len(words)
    guarded = [_GUARD + word if _is_negated(word) else word for word in words[:end]]
    return [*guarded, *(_GUARD + word for word in words[end + 1 :])]


def _is_negated(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--") and word not in ("-", "-h")


def _unguarded(value: Any) -> Any:
    if isinstance(value, list):
        return [_unguarded(one) for one in value]
    return value.removeprefix(_GUARD) if isinstance(value, str) else value


def _general_parser() -> Parser:
    width = max(len(command.name) for command in COMMANDS)
    parser = Parser(
        prog="semblance",
        usage="semblance [-h] [--version] [--background] [COMMAND ...]",
        description="Find the photos and documents on your own computer by what they mean. Nothing leaves it.",
        epilog=_EPILOG.format(commands="\n".join(f"  {row.name:<{width}}  {row.help}" for row in COMMANDS)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="show the version")
    parser.add_argument("--background", action="store_true", help="start in the tray only, for autostart")
    parser.add_argument("--verbose", action="store_true", help=argparse.SUPPRESS)
    return parser
