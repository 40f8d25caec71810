"""Which tables the index folder holds: one per embedding space, one of them serving, perhaps one being built.

`index.json` is replaced atomically; readers look at it before a query (one `stat`), so a finished rebuild takes over
at once and search goes on with the old table until then.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.core.atomic_write import write_atomically
from app.core.errors import IndexUnusable
from app.core.records import EmbeddingSpace
from app.table.schema import INDEX_VERSION, LAYOUT

FILE_NAME = "index.json"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table and the space of its vectors.

    Attributes:
        id: drawn when the table was made, so that files derived from it are told from those of another table of the
            same name; "" until the indexer has opened a table of an earlier version.
        layout: of its columns: see `app.table.schema.LAYOUT`.
    """

    name: str
    space: EmbeddingSpace
    id: str = ""
    layout: int = 1


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """The content of `index.json`.

    Attributes:
        generation: counts tables made so far, so that a rebuild for the same model gets a name of its own.
    """

    serving: TableEntry | None = None
    building: TableEntry | None = None
    generation: int = 0
    version: int = INDEX_VERSION

    def with_new_table(self, space: EmbeddingSpace) -> IndexManifest:
        """A table for `space` is begun: serving at once if there is none yet, else built beside the serving one."""
        from uuid import uuid4  # only the writer makes tables

        number = self.generation + 1
        entry = TableEntry(f"units-{space.fingerprint[:12]}-{number}", space, uuid4().hex, LAYOUT)
        if self.serving is None:
            return replace(self, serving=entry, generation=number)
        return replace(self, building=entry, generation=number)

    def replaced(self, entry: TableEntry) -> IndexManifest:
        """Other facts about a table of the same name."""
        serving, building = self.serving, self.building
        if serving is not None and serving.name == entry.name:
            serving = entry
        if building is not None and building.name == entry.name:
            building = entry
        return replace(self, serving=serving, building=building)

    def with_staged_active(self) -> IndexManifest:
        """The table being built takes over."""
        if self.building is None:
            return self
        return replace(self, serving=self.building, building=None)


def manifest_path(index: Path) -> Path:
    return index / FILE_NAME


def read(index: Path) -> IndexManifest:
    """The catalogue of an index folder; an empty one where there is none, or where it is unreadable (a cache can be
    rebuilt). One written by a newer program is refused."""
    try:
        data = json.loads(manifest_path(index).read_text(encoding="utf-8"))
        manifest = _from_json(data)
    except FileNotFoundError:
        return IndexManifest()
    except (ValueError, KeyError, TypeError):
        return IndexManifest()
    if manifest.version > INDEX_VERSION:
        raise IndexUnusable(
            "The index was written by a newer version of Semblance.",
            f"Update Semblance, or delete the folder {index} to have it built anew.",
        )
    if manifest.version < INDEX_VERSION:
        # Rows of an older layout: a table is built beside them under the new one; names go on counting.
        return IndexManifest(generation=manifest.generation)
    return manifest


def write(index: Path, manifest: IndexManifest) -> None:
    write_atomically(manifest_path(index), json.dumps(asdict(manifest), indent=1).encode())


def _entry(data: dict[str, Any] | None) -> TableEntry | None:
    if data is None:
        return None
    space = EmbeddingSpace(**data["space"])
    return TableEntry(str(data["name"]), space, str(data.get("id", "")), int(data.get("layout", 1)))


def _from_json(data: dict[str, Any]) -> IndexManifest:
    return IndexManifest(
        serving=_entry(data["serving"]) if int(data["version"]) <= INDEX_VERSION else None,
        building=_entry(data["building"]) if int(data["version"]) <= INDEX_VERSION else None,
        generation=int(data["generation"]),
        version=int(data["version"]),
    )
