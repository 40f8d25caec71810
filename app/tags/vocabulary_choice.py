"""A vocabulary for one occasion: only the labels of a file that the person names on the command line."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from app.core.errors import UserError
from app.core.system_errors import os_error_reason
from app.tags.keyword_list import parse_keyword_list
from app.tags.vocabulary import OWN_GROUP, Label, Vocabulary
from app.tags.vocabulary_files import load_vocabulary


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
    chosen = _from_toml(file, text) if file.suffix.lower() == ".toml" else _from_list(text)
    if not chosen.active:
        raise UserError(f"The vocabulary {file} holds no label.", "Write one label a line, or a TOML vocabulary.")
    return chosen


def _from_toml(file: Path, text: str) -> Vocabulary:
    try:
        named = set(tomllib.loads(text).get("labels", {}))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"The vocabulary {file} is not valid TOML: {error}.", "Correct it and try again.") from error
    whole = load_vocabulary(file)
    if whole.problems:
        raise UserError(whole.problems[0], "Correct the file and try again.")
    return _only(whole, {name for name in whole.labels if name in named})


def _from_list(text: str) -> Vocabulary:
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
