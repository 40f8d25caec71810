"""Where models stand: one folder each under the program's data, the starter inside the program, and which is chosen.

Nothing here is heavy: small JSON files only, so that a command knows its model in a few milliseconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.atomic_write import write_atomically
from app.core.errors import ModelMissing, UserError
from app.core.paths import AppDirs
from app.core.private_folder import make_private_folder
from app.models.checkpoint import CONFIG_FILE, Checkpoint, read_checkpoint
from app.models.manifest import ModelInfo, read_manifest, write_manifest

STARTER = "starter"
INSTALLING = "installing-"
"""How folders begin whose model is not usable yet; a process number follows."""
_CHOICE_FILE = "chosen.json"
_STARTER_FINGERPRINT = "starter.json"
# Preparing a large model takes minutes on a slow machine; whoever waits longer than this gives up.
_LOCK_TIMEOUT_SECONDS = 1800.0
_STARTER_LICENCE = "Apache-2.0"
_STARTER_LANGUAGES = (
    "English", "Arabic", "Chinese", "Dutch", "French", "German", "Italian", "Japanese", "Korean", "Polish",
    "Portuguese", "Russian", "Spanish", "Thai", "Turkish",
)  # fmt: skip


def starter_folder() -> Path:
    """Where the starter ships inside the program."""
    import resources

    return Path(next(iter(resources.__path__))) / "starter"


def folder_name(name: str) -> str:
    """A model's name as a folder's: "ViT-B-32/openai" -> "ViT-B-32--openai"."""
    return re.sub(r"[^\w.+-]", "_", name.replace("/", "--"))


class ModelRegistry:
    """The models of one installation.

    Attributes:
        folder: `places.models`.
        starter_source: the starter's folder inside the program (it need not be there).
    """

    def __init__(self, dirs: AppDirs, starter_source: Path | None = None) -> None:
        self.folder = dirs.models
        self.starter_source = starter_source or starter_folder()

    def installed(self) -> list[ModelInfo]:
        """Every usable model, the starter last."""
        found = []
        for entry in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            is_model = entry.is_dir() and not entry.name.startswith(INSTALLING)
            info = read_manifest(entry) if is_model else None
            if info is not None and info.name != STARTER and (info.source / info.weights).is_file():
                found.append(info)
        starter = self.starter()
        return [*found, starter] if starter else found

    def find(self, name: str) -> ModelInfo | None:
        """The installed model of that name."""
        if name == STARTER:
            return self.starter()
        info = read_manifest(self.folder / folder_name(name))
        return info if info is not None and (info.source / info.weights).is_file() else None

    def current(self) -> ModelInfo:
        """The chosen model; the starter while none is chosen or the chosen one is gone.

        Raises:
            ModelMissing: there is neither.
        """
        name = self._chosen_name()
        info = (self.find(name) if name else None) or self.starter()
        if info is None:
            raise ModelMissing(
                "No model is installed yet.",
                "Please run `semblance model download ViT-B-32-256` once; search by words works without it.",
            )
        return info

    def choose(self, name: str) -> ModelInfo:
        """From now on this model is the current one."""
        info = self.find(name)
        if info is None:
            raise not_installed(name)
        write_atomically(self.folder / _CHOICE_FILE, json.dumps({"name": name}).encode())
        return info

    def starter(self) -> ModelInfo | None:
        """The model inside the program, or None where it does not ship."""
        if not (self.starter_source / CONFIG_FILE).is_file():
            return None
        try:
            checkpoint = read_checkpoint(self.starter_source)
        except UserError:
            return None
        fingerprint = self._starter_fingerprint(checkpoint)
        folder = self.folder / f"{STARTER}-{fingerprint}"
        known = read_manifest(folder)
        if known is not None and known.source == self.starter_source:
            return known
        languages = _STARTER_LANGUAGES if checkpoint.is_multilingual_starter else _STARTER_LANGUAGES[:1]
        return unprepared_model(checkpoint, folder, STARTER, STARTER, fingerprint, _STARTER_LICENCE, languages)

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Held while a model is prepared, so that window, indexer and command line do not all convert it at once.

        An SQLite transaction: it ends with the process that holds it, on every platform.
        """
        import sqlite3

        make_private_folder(self.folder)
        connection = sqlite3.connect(self.folder / "lock.sqlite", timeout=_LOCK_TIMEOUT_SECONDS, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
            yield
        except sqlite3.OperationalError as error:
            raise UserError(
                "Another Semblance has been preparing a model for half an hour.", "Please close it and try again."
            ) from error
        finally:
            connection.close()

    def _chosen_name(self) -> str | None:
        try:
            name = json.loads((self.folder / _CHOICE_FILE).read_text(encoding="utf-8"))["name"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return name if isinstance(name, str) else None

    def _starter_fingerprint(self, checkpoint: Checkpoint) -> str:
        """The starter's fingerprint, computed once for each version of its files (40 MB are read for it)."""
        state = [
            [file.stat().st_size, file.stat().st_mtime_ns]
            for file in (checkpoint.weights, checkpoint.folder / CONFIG_FILE)
        ]
        seen_file = self.folder / _STARTER_FINGERPRINT
        try:
            seen = json.loads(seen_file.read_text(encoding="utf-8"))
            if seen["state"] == state:
                return str(seen["fingerprint"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        fingerprint = checkpoint.fingerprint()
        with suppress(UserError):  # nothing can be written: it is computed again next time
            write_atomically(seen_file, json.dumps({"state": state, "fingerprint": fingerprint}).encode())
        return fingerprint


def unprepared_model(
    checkpoint: Checkpoint,
    folder: Path,
    name: str,
    architecture: str,
    fingerprint: str,
    licence: str,
    languages: tuple[str, ...],
) -> ModelInfo:
    """What is known of a checkpoint before it is prepared."""
    return ModelInfo(
        name=name,
        architecture=architecture,
        fingerprint=fingerprint,
        dimension=checkpoint.dimension,
        context_length=checkpoint.context_length,
        preprocess=checkpoint.preprocess,
        folder=folder,
        source=checkpoint.folder,
        weights=checkpoint.weights.name,
        licence=licence,
        languages=languages,
    )


def not_installed(name: str) -> UserError:
    """What to say of a model that is not there, whether it exists or its name is misspelt."""
    return UserError(
        f"The model {name} is not installed.",
        "Please run `semblance model list` to see which are, and which can be downloaded.",
    )


def save_model(info: ModelInfo) -> None:
    """Write what is known of a model into its folder."""
    make_private_folder(info.folder)
    write_manifest(info)
