"""The messages of app and indexer, read from their sources: the texts that `ui.i18n.backend_messages` must know.

`python -m tests.ui.said` prints what is missing there, ready to be pasted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.core.system_errors import REASONS
from app.files.signatures import _MARKUP, _SIGNATURES
from app.models.catalog import CATALOG
from app.search.language_note import LANGUAGE_NAMES
from ui.i18n import settings_texts

ROOT = Path(__file__).parents[2]
# Spoken in the terminal only, or known as the texts of settings already (`ui.i18n.settings_texts`).
ELSEWHERE = ("app/cli/", "app/models/evaluation.py", "app/__main__.py")
# Not for people: the heads of files we write, and a sample for tokenizers.
NOT_SAID = ("Semblance settings. Changes", "Your own tags, and changes to", "Two  DOGS")
SQL = re.compile(r"^(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|WHERE|PRAGMA) | = \?")
# Whose first (or, of `unreadable_error`, last) text argument becomes part of a sentence.
PARTS = ("progress", "error", "unreadable_error")


def template(node: ast.AST) -> str | None:
    """A text as written, with {0}, {1}, … for what is filled in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        pieces = [piece.value if isinstance(piece, ast.Constant) else None for piece in node.values]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant):
        pieces = [node.left.value, None]
    else:
        return None
    numbers = iter(range(len(pieces)))
    return "".join(piece if isinstance(piece, str) else f"{{{next(numbers)}}}" for piece in pieces)


def is_sentence(text: str) -> bool:
    if SQL.search(text) or text.startswith(NOT_SAID) or not re.match(r"[A-Z“{]", text):
        return False
    words = re.sub(r"\{\w+\}", "", text).split()
    return (text.endswith((".", "?")) and len(words) > 1) or (text.endswith("}") and len(words) > 3)


def spoken(tree: ast.AST, path: str) -> Iterator[str]:
    unsaid: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # docstrings
            unsaid.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            unsaid.update(map(id, node.values))
        elif isinstance(node, ast.BinOp):
            unsaid.add(id(node.left))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                unsaid.update(map(id, node.args) if node.func.value.id == "log" else ())
            if name in PARTS or (name == "ValueError" and path == "app/core/settings.py"):
                yield from (text for text in map(template, node.args) if text and re.search("[a-z]", text))
        if id(node) not in unsaid and (text := template(node)) is not None and is_sentence(text):
            yield text


def _errors(tree: ast.AST) -> Iterator[str]:
    """What functions of the window without `tr` raise, in words of the same kind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "UserError":
            yield from filter(None, map(template, node.args))


def everything() -> set[str]:
    """All texts, of sources and tables, but those that are known as texts of settings."""
    found: set[str] = set()
    for file in sorted([*ROOT.glob("app/**/*.py"), *ROOT.glob("indexer/**/*.py")]):
        path = file.relative_to(ROOT).as_posix()
        if not path.startswith(ELSEWHERE):
            found.update(spoken(ast.parse(file.read_text(encoding="utf-8")), path))
    for file in set(ROOT.glob("ui/**/*.py")) - {ROOT / "ui/shell/display_check.py"}:  # it speaks where no window can be
        found.update(_errors(ast.parse(file.read_text(encoding="utf-8"))))
    found -= set(settings_texts.TEXTS)
    found |= {name for _, _, name in _SIGNATURES} | {name for _, name in _MARKUP} | {"plain text", "file", "files"}
    found |= set(REASONS) | set(LANGUAGE_NAMES.values())
    found |= {language for entry in CATALOG for language in entry.languages}
    found |= {"confirmed", "rejected", "added", "removed", "{0} “{1}” on {2} {3}"}  # `Step.what`
    return found


if __name__ == "__main__":
    from ui.i18n.backend_messages import TEXTS

    for text in sorted(everything() - set(TEXTS)):
        print(f'    QT_TRANSLATE_NOOP("Said", {text!r}),')
