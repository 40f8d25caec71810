"""What the window remembers by itself (size, last searches, saved searches): apart from what the person set."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.core.atomic_write import write_atomically
from app.query.filter_edits import as_json, from_json
from app.query.queries import ImagePart, Query, TextPart

RECENT = 12
log = logging.getLogger(__name__)


def query_as_json(query: Query) -> dict[str, Any]:
    """A query as plain data; picture bytes as base64."""
    parts = []
    for part in query.parts:
        plain = asdict(part)
        if isinstance(part, ImagePart) and part.data is not None:
            plain["data"] = base64.b64encode(part.data).decode("ascii")
        parts.append(plain)
    return {"parts": parts, "filters": as_json(query.filters)}


def query_from_json(plain: Mapping[str, Any]) -> Query:
    """The query behind `query_as_json`; raises ValueError, TypeError or KeyError for anything else."""
    parts: list[TextPart | ImagePart] = []
    for part in plain["parts"]:
        if "text" in part:
            parts.append(_text_part(part))
            continue
        data = base64.b64decode(part["data"]) if part.get("data") else None
        crop = tuple(part["crop"]) if part.get("crop") else None
        parts.append(ImagePart(part.get("path"), data, part.get("unit_id"), float(part["weight"]), crop))
    return Query(tuple(parts), from_json(plain["filters"]))


def _text_part(plain: Mapping[str, Any]) -> TextPart:
    text, weight = str(plain["text"]), float(plain["weight"])
    if "phrases" not in plain:  # an earlier version kept the quotes in the text
        return TextPart.typed(text, weight)
    return TextPart(text, weight, tuple((int(start), int(end)) for start, end in plain["phrases"]))


class WindowState:
    """The window's memory, one small JSON file.

    Attributes:
        values: geometry and the like, plain JSON values.
        recent: words searched for, newest first.
        saved: name -> query.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, Any] = {}
        self.recent: list[str] = []
        self.saved: dict[str, Query] = {}
        self._load()

    def _load(self) -> None:
        try:
            plain = json.loads(self.path.read_text(encoding="utf-8"))
            self.values = dict(plain.get("values", {}))
            self.recent = [str(text) for text in plain.get("recent", [])][:RECENT]
            self.saved = {str(name): query_from_json(query) for name, query in plain.get("saved", {}).items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            # Nothing of value is lost with a window's size: begin anew.
            log.warning("window state not read: %s", error)

    def remember(self, text: str) -> None:
        """Put words on top of the recent searches."""
        text = text.strip()
        if text:
            self.recent = [text, *(other for other in self.recent if other != text)][:RECENT]

    def as_bytes(self) -> bytes:
        saved = {name: query_as_json(query) for name, query in self.saved.items()}
        plain = {"values": self.values, "recent": self.recent, "saved": saved}
        return json.dumps(plain, indent=1).encode()

    def save(self) -> None:
        """Write the file; blocks for a moment."""
        write_atomically(self.path, self.as_bytes())
