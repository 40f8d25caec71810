"""Reading the vocabulary: the shipped TOML files, and the user's file over them.

A file of either kind looks like this; what the user's file says of a shipped label or group replaces just that:

    [groups.boats]
    title = "Boats"
    templates = ["a photo of {}"]
    enabled = true

    [labels]
    dinghy = { group = "boats", parent = "boat", descriptions = ["a small rubber boat"], synonyms = ["tender"] }
    dog = { enabled = false }
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from app.annotations.user_tags import normalise_label
from app.core.errors import UserError
from app.core.records import Kind
from app.core.system_errors import os_error_reason
from app.tags.keyword_list import parse_keyword_list
from app.tags.vocabulary import OWN_GROUP, Group, Label, Vocabulary, article

GROUP_FILES = (
    "people", "activities", "animals", "plants", "food", "objects", "places", "events", "weather", "style", "documents",
)  # fmt: skip
FILE_NAME = "vocabulary.toml"
"""The user's file, in the folder of the settings."""
TRANSLATED = ("de",)
"""Languages in which shipped labels have names."""
_LISTS = ("descriptions", "synonyms", "templates", "kinds")
_GROUP_KEYS = {"title", "templates", "kinds", "enabled", "shows"}
_LABEL_KEYS = {"group", "parent", "phrase", "descriptions", "synonyms", "enabled"}


def load_vocabulary(own_file: Path | None = None) -> Vocabulary:
    """The shipped vocabulary with the user's changes. Milliseconds; never fails because of the user's file."""
    groups, labels = _shipped()
    shipped = dict(labels)
    groups, labels = dict(groups), dict(labels)
    groups[OWN_GROUP] = Group(OWN_GROUP, "My tags")
    problems: list[str] = []
    for entry in _read_user_file(own_file, problems):
        kind, name, values = entry
        try:
            if kind == "group":
                groups[name] = _group(name, values, groups.get(name))
            else:
                labels[name] = _user_label(name, values, labels.get(name))
        except ValueError as error:
            problems.append(f"“{name}” in the vocabulary file {error}; it is left out.")
    for label in labels.values():
        if label.group not in groups:
            groups[label.group] = Group(label.group, label.group.capitalize())
    return Vocabulary(groups, labels, shipped, tuple(problems), _translations())


@cache
def _shipped() -> tuple[Mapping[str, Group], Mapping[str, Label]]:
    groups: dict[str, Group] = {}
    labels: dict[str, Label] = {}
    folder = resources.files("resources") / "vocabulary"
    for name in GROUP_FILES:
        table = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        for group, values in table["groups"].items():
            groups[group] = _group(group, values, None)
        for label, values in table["labels"].items():
            labels[label] = _label(label, {"group": name, "phrase": article(label), **values}, None)
    return groups, labels


@cache
def _translations() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The names of shipped labels in other languages: `names.LANGUAGE.toml` beside the groups' files."""
    folder = resources.files("resources") / "vocabulary"
    made = {}
    for language in TRANSLATED:
        table = tomllib.loads((folder / f"names.{language}.toml").read_text(encoding="utf-8"))
        made[language] = {label: tuple(names) for label, names in table["labels"].items()}
    return made


def _read_user_file(path: Path | None, problems: list[str]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """("group" or "label", name, values) of the user's file, groups first."""
    if path is None:
        return
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(
            f"The vocabulary file {path} could not be read ({os_error_reason(error)}); the shipped one is used."
        )
        return
    for kind, key in (("group", "groups"), ("label", "labels")):
        section = table.get(key, {})
        if not isinstance(section, dict):
            problems.append(f"“{key}” in the vocabulary file must be a table; it is left out.")
            continue
        for name, values in section.items():
            clean = normalise_label(name)
            if clean and isinstance(values, dict):
                yield kind, clean, values
            else:
                problems.append(f"“{name}” in the vocabulary file must be a table; it is left out.")


def _validated(values: Mapping[str, Any], allowed: set[str]) -> dict[str, Any]:
    """Values of the right types with lists as tuples, or a ValueError with a phrase for people."""
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in allowed:
            raise ValueError(f"has an unknown entry “{key}”")
        if key in _LISTS:
            given = [value] if isinstance(value, str) else value
            if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
                raise ValueError(f"needs a list of texts for “{key}”")
            checked[key] = tuple(clean for item in given if (clean := normalise_label(item)))
        elif key == "enabled":
            if not isinstance(value, bool):
                raise ValueError("needs true or false for “enabled”")
            checked[key] = value
        elif isinstance(value, str):
            checked[key] = normalise_label(value)
        else:
            raise ValueError(f"needs a text for “{key}”")
    return checked


def _group(name: str, values: Mapping[str, Any], known: Group | None) -> Group:
    checked = _validated(values, _GROUP_KEYS)
    if any("{}" not in template for template in checked.get("templates", ())):
        raise ValueError("has a template without {}")
    if "kinds" in checked:
        try:
            checked["kinds"] = frozenset(Kind(kind) for kind in checked["kinds"])
        except ValueError:
            raise ValueError("may have “photo” and “document” as kinds") from None
    return replace(known or Group(name, name.capitalize()), **checked)


def _label(name: str, values: Mapping[str, Any], known: Label | None) -> Label:
    checked = _validated(values, _LABEL_KEYS)
    if not checked.get("group", "x"):
        del checked["group"]
    if not checked.get("parent", "x"):
        checked["parent"] = None
    return replace(known or Label(name, OWN_GROUP), **checked)


def _user_label(name: str, values: Mapping[str, Any], known: Label | None) -> Label:
    """A label of the user's file: only switched off or on, it is still the shipped one."""
    made = _label(name, values, known)
    return replace(made, own=known is None or set(values) - {"enabled"} != set())


# ---- a vocabulary for one occasion: only the labels of a file


def vocabulary_from(file: Path) -> Vocabulary:
    """The labels of a TOML vocabulary or of a plain list; a name that the shipped vocabulary knows keeps its captions.

    Raises:
        UserError: the file cannot be read, or holds no label.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"The vocabulary {file} could not be read ({os_error_reason(error)}).", "Save it as a UTF-8 file."
        ) from error
    chosen = _chosen_from_toml(file, text) if file.suffix.lower() == ".toml" else _chosen_from_list(text)
    if not chosen.active:
        raise UserError(f"The vocabulary {file} holds no label.", "Write one label a line, or a TOML vocabulary.")
    return chosen


def _chosen_from_toml(file: Path, text: str) -> Vocabulary:
    try:
        named = set(tomllib.loads(text).get("labels", {}))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"The vocabulary {file} is not valid TOML: {error}.", "Correct it and try again.") from error
    whole = load_vocabulary(file)
    if whole.problems:
        raise UserError(whole.problems[0], "Correct the file and try again.")
    return _only(whole, {name for name in whole.labels if name in named})


def _chosen_from_list(text: str) -> Vocabulary:
    whole = load_vocabulary(None)
    labels = dict(whole.labels)
    chosen: set[str] = set()
    for keyword in parse_keyword_list(text):
        known = whole.labels.get(keyword.name)
        if known is None:
            labels[keyword.name] = Label(keyword.name, OWN_GROUP, keyword.parent, "", (), keyword.synonyms, own=True)
        chosen.add(keyword.name)
    return _only(replace(whole, labels=labels), chosen)


def _only(whole: Vocabulary, names: set[str]) -> Vocabulary:
    return replace(whole, labels={name: label for name, label in whole.labels.items() if name in names})
