"""Plain lists of keywords, as people have them from other programs.

One name a line; `#` begins a comment; "animal/dog" or "animal|dog" is a hierarchy, and so is indenting with tabs (the
form that Lightroom and Photo Mechanic export: tabs for levels, {braces} for synonyms, [brackets] for mere
categories). "dog; puppy; hound" gives synonyms too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.annotations.user_tags import normalise_label


@dataclass(frozen=True, slots=True)
class ListedKeyword:
    """A line of such a list. `parent` may be a path."""

    name: str
    parent: str | None = None
    synonyms: tuple[str, ...] = ()


def parse_keyword_list(text: str) -> list[ListedKeyword]:
    """All keywords of a list, each name once, in order."""
    found: dict[str, ListedKeyword] = {}
    levels: list[str] = []
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw.split("#", 1)[0].rstrip()
        depth = len(line) - len(line.lstrip("\t"))
        line = line.strip()
        if not line:
            continue
        if line.startswith("{") and line.endswith("}"):  # a synonym of the line above
            if found:
                last = next(reversed(found.values()))
                found[last.name] = ListedKeyword(last.name, last.parent, (*last.synonyms, normalise_label(line[1:-1])))
            continue
        category = line.startswith("[") and line.endswith("]")
        names = [normalise_label(part) for part in (line[1:-1] if category else line).split(";")]
        steps = [step for part in re.split(r"[/|]", names[0]) if (step := normalise_label(part))]
        if not steps:
            continue
        above = [*levels[:depth], *steps[:-1]]
        levels = [*levels[:depth], "/".join(steps)]
        if not category and steps[-1] not in found:
            parent = "/".join(above) or None
            found[steps[-1]] = ListedKeyword(steps[-1], parent, tuple(name for name in names[1:] if name))
    return list(found.values())
