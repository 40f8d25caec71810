"""What is left out of the watched folders: patterns for names, some of which hold only where the content agrees.

A folder of one's own may be called "CVs", "Caches" or "Great.app". Such a pattern names something that is in what it
means and in nothing else: `CVS/ if Entries`, `*.app/ if Contents/Info.plist`.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache


@lru_cache(maxsize=1)
def default_patterns() -> tuple[str, ...]:
    """The ignore list that ships with the program, one pattern each."""
    from importlib import resources

    text = (resources.files("resources") / "ignore.txt").read_text("utf-8")
    return tuple(parse_patterns(text))


def parse_patterns(text: str) -> list[str]:
    """Patterns of an ignore file: one a line, `#` starts a comment line, blank lines do not count."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


class IgnoreRules:
    """Names that are never looked at, in the manner of gitignore, judged one path component at a time.

    `name` matches files and folders, `name/` folders only, `*`, `?` and `[...]` as in a shell, `!name` takes a name
    back in; the last matching pattern wins, the user's come after the defaults. Case does not matter. `name/ if A|B`
    matches a folder only if A or B, paths relative to it, are there.
    """

    def __init__(self, own: Iterable[str] = (), *, hidden: bool = False, defaults: bool = True) -> None:
        """
        Args:
            own: the user's patterns.
            hidden: whether hidden files and folders are looked at too.
            defaults: whether the list that ships with the program applies.
        """
        self._hidden = hidden
        patterns = [_parse(pattern) for pattern in (*(default_patterns() if defaults else ()), *own)]
        self._patterns = patterns[::-1]
        self._files = _compile(pattern for pattern in patterns if not pattern.is_folder)
        self._folders = _compile(pattern for pattern in patterns if not pattern.markers)
        self._cached = lru_cache(maxsize=20_000)(self._judge)

    def ignores(self, name: str, is_dir: bool, folder: str = "") -> bool:
        """Whether an entry of a folder is left out.

        Args:
            name: its last path component.
            folder: its path, where it is a folder: patterns with a condition look into it, and do not match without.
        """
        if not self._hidden and name.startswith("."):
            return True
        if not is_dir:
            return _last_match(self._files, name)
        # Folder names repeat endlessly (node_modules, 2024, ...), file names hardly ever do.
        ignored, conditional = self._cached(name)
        return self.reason(name, folder) != "" if conditional else ignored

    def reason(self, name: str, folder: str = "") -> str:
        """The pattern by which a folder is left out; empty where it is not, or is hidden."""
        lowered = name.lower()
        for pattern in self._patterns:
            if fnmatch.fnmatchcase(lowered, pattern.name) and (not pattern.markers or _has(folder, pattern.markers)):
                return "" if pattern.keeps else pattern.text
        return ""

    def _judge(self, name: str) -> tuple[bool, bool]:
        """Whether a folder of this name is left out whatever is in it, and whether that depends on what is in it."""
        lowered = name.lower()
        conditional = any(p.markers and fnmatch.fnmatchcase(lowered, p.name) for p in self._patterns)
        return _last_match(self._folders, name), conditional


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One pattern: `name` in lower case, without slashes; `text` as it was written."""

    text: str
    name: str
    keeps: bool
    is_folder: bool
    markers: tuple[str, ...]


def _parse(text: str) -> _Pattern:
    bare, _, condition = text.partition("/ if ")
    keeps = bare.startswith("!")
    bare = bare[1:] if keeps else bare
    markers = tuple(marker.strip() for marker in condition.split("|") if marker.strip())
    is_folder = bool(markers) or bare.endswith("/")
    return _Pattern(text, bare.strip("/").lower(), keeps, is_folder, markers)


def _has(folder: str, markers: Sequence[str]) -> bool:
    return folder != "" and any(os.path.lexists(f"{folder}{os.sep}{marker}") for marker in markers)


@dataclass(frozen=True, slots=True)
class _PatternGroup:
    """Neighbouring patterns of equal sense, sorted by how fast they can be judged: the order within is of no matter."""

    keeps: bool
    names: frozenset[str]
    suffixes: frozenset[str]
    others: re.Pattern[str] | None

    def matches(self, name: str, suffix: str) -> bool:
        if name in self.names or suffix in self.suffixes:
            return True
        return self.others is not None and self.others.match(name) is not None


def _compile(patterns: Iterable[_Pattern]) -> tuple[_PatternGroup, ...]:
    """Runs of patterns, the last (that is, the strongest) first."""
    runs: list[tuple[bool, list[str]]] = []
    for pattern in patterns:
        if not runs or runs[-1][0] != pattern.keeps:
            runs.append((pattern.keeps, []))
        runs[-1][1].append(pattern.name)
    return tuple(_pattern_group(keeps, names) for keeps, names in reversed(runs))


def _pattern_group(keeps: bool, patterns: Iterable[str]) -> _PatternGroup:
    names, suffixes, others = set(), set(), []
    for pattern in patterns:
        if not _MAGIC.search(pattern):
            names.add(pattern)
        elif pattern.startswith("*.") and not _MAGIC.search(pattern[2:]) and "." not in pattern[2:]:
            suffixes.add(pattern[2:])
        else:
            others.append(fnmatch.translate(pattern))
    expression = re.compile("|".join(others)) if others else None
    return _PatternGroup(keeps, frozenset(names), frozenset(suffixes), expression)


def _last_match(runs: tuple[_PatternGroup, ...], name: str) -> bool:
    lowered = name.lower()
    suffix = lowered.rpartition(".")[2] if "." in lowered else ""
    for run in runs:
        if run.matches(lowered, suffix):
            return not run.keeps
    return False


_MAGIC = re.compile(r"[*?\[]")
