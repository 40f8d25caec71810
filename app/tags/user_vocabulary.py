"""The user's vocabulary file: labels and groups added, changed, switched off, removed.

The file keeps its comments and its order (tomlkit) and is replaced atomically.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from app.annotations.user_tags import normalise_label
from app.core.atomic_write import write_atomically
from app.core.errors import UserError
from app.core.system_errors import os_error_reason
from app.tags.keyword_list import ListedKeyword, parse_keyword_list
from app.tags.vocabulary import OWN_GROUP, Vocabulary
from app.tags.vocabulary_files import FILE_NAME as FILE_NAME
from app.tags.vocabulary_files import load_vocabulary

_HEAD = (
    "Your own tags, and changes to the shipped ones.",
    'dinghy = { group = "own", parent = "boat", descriptions = ["a small rubber boat on a lake"] }',
    "dog = { enabled = false }",
)


class UserVocabulary:
    """Reads and changes the user's file. Every change is on disk when the method returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Vocabulary:
        return load_vocabulary(self.path)

    def change_label(
        self,
        name: str,
        *,
        group: str | None = None,
        descriptions: Sequence[str] | None = None,
        enabled: bool | None = None,
        parent: str | None = None,
        synonyms: Sequence[str] | None = None,
    ) -> Vocabulary:
        """Add a label, or change what is given of one."""
        clean = normalise_label(name)
        if not clean:
            raise UserError("A tag needs a name.", "Type a name and try again.")
        given = {"group": group, "parent": parent, "descriptions": descriptions, "synonyms": synonyms}
        values: dict[str, Any] = {
            key: value if isinstance(value, str) else [text for text in map(normalise_label, value) if text]
            for key, value in given.items()
            if value is not None
        }
        if enabled is not None:
            values["enabled"] = enabled
        known = self.load().labels.get(clean)
        values = {key: value for key, value in values.items() if known is None or _differs(known, key, value)}
        document = self._document()
        section = _section(document, "labels")
        if known is None or values:
            _merge(section, clean, values)
        return self._save(document)

    def remove_label(self, name: str) -> Vocabulary:
        """Drop an own label; a shipped one goes back to what it was, and is switched off."""
        clean = normalise_label(name)
        document = self._document()
        section = _section(document, "labels")
        section.pop(clean, None)
        if clean in load_vocabulary(None).labels:
            _merge(section, clean, {"enabled": False})
        return self._save(document)

    def switch_group(self, name: str, enabled: bool) -> Vocabulary:
        """Switch all labels of a group on or off at once."""
        document = self._document()
        _merge(_section(document, "groups"), normalise_label(name), {"enabled": enabled})
        return self._save(document)

    def import_list(self, text: str, *, group: str = OWN_GROUP) -> tuple[Vocabulary, int]:
        """Add the keywords of a plain list that are not known yet; returns how many."""
        return self.add_keywords(parse_keyword_list(text), group=group)

    def add_keywords(self, keywords: Iterable[ListedKeyword], *, group: str = OWN_GROUP) -> tuple[Vocabulary, int]:
        known = self.load()
        document = self._document()
        section = _section(document, "labels")
        added = 0
        for keyword in keywords:
            if known.find(keyword.name) is not None or keyword.name in section:
                continue
            values: dict[str, Any] = {"group": group}
            if keyword.parent:
                values["parent"] = keyword.parent
            if keyword.synonyms:
                values["synonyms"] = list(keyword.synonyms)
            _merge(section, keyword.name, values)
            added += 1
        return self._save(document), added

    # ---- inside

    def _document(self) -> Any:
        import tomlkit
        import tomlkit.exceptions

        try:
            return tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
            for line in _HEAD:
                document.add(tomlkit.comment(line))
            return document
        except (OSError, UnicodeDecodeError, tomlkit.exceptions.ParseError) as error:
            raise UserError(
                f"Your vocabulary could not be changed, because {self.path} cannot be read ({os_error_reason(error)}).",
                "Repair the file or move it away, and try again.",
            ) from error

    def _save(self, document: Any) -> Vocabulary:
        import tomlkit

        write_atomically(self.path, tomlkit.dumps(document).encode("utf-8"))
        return self.load()


def _differs(known: object, key: str, value: Any) -> bool:
    have = getattr(known, key)
    return bool((list(have) if isinstance(have, tuple) else have) != value)


def _section(document: Any, key: str) -> Any:
    import tomlkit

    if not isinstance(document.get(key), MutableMapping):
        document[key] = tomlkit.table()
    return document[key]


def _merge(section: Any, name: str, values: dict[str, Any]) -> None:
    import tomlkit

    if not isinstance(section.get(name), MutableMapping):
        section[name] = tomlkit.inline_table()
    for key, value in values.items():
        section[name][key] = value
