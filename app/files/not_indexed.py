"""What the watched folders hold and the index does not, with why: folders that are left out, and kinds not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.core.atomic_write import write_atomically

MAX_FOLDERS = 1000
_SHOWN_KINDS = 8


@dataclass(frozen=True, slots=True)
class LeftOutFolder:
    """A folder that is not looked into.

    Attributes:
        path: stored form.
        pattern: the ignore pattern that it meets; empty for a drive that is mounted there.
    """

    path: str
    pattern: str = ""

    @property
    def is_mount(self) -> bool:
        return not self.pattern


@dataclass(frozen=True, slots=True)
class NotIndexed:
    """What a walk over all watched folders passed by.

    Attributes:
        folders: at most `MAX_FOLDERS`, by path; hidden ones are not among them.
        kinds: number of files by ending, lower case and with its dot ("" for none), of files that cannot be read.
    """

    folders: tuple[LeftOutFolder, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        data = {"folders": [[folder.path, folder.pattern] for folder in self.folders], "kinds": dict(self.kinds)}
        write_atomically(path, json.dumps(data).encode("ascii"))

    @classmethod
    def load(cls, path: Path) -> NotIndexed:
        """What `save` wrote; nothing where that is missing or damaged: the next walk writes it again."""
        try:
            data = json.loads(path.read_bytes())
            folders = tuple(LeftOutFolder(str(folder), str(pattern)) for folder, pattern in data["folders"])
            return cls(folders, {str(ending): int(files) for ending, files in data["kinds"].items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls()


def kinds_sentence(kinds: Mapping[str, int]) -> str:
    """ "312 files of 14 kinds are not read: .mp4 210, .mov 41, …", the most frequent first; empty for none."""
    if not kinds:
        return ""
    frequent = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{ending or 'without ending'} {files:,}" for ending, files in frequent[:_SHOWN_KINDS])
    files, more = sum(kinds.values()), ", …" if len(frequent) > _SHOWN_KINDS else ""
    of = "file of 1 kind is" if files == 1 else f"files of {len(kinds)} {'kinds' if len(kinds) > 1 else 'kind'} are"
    return f"{files:,} {of} not read: {listed}{more}"
