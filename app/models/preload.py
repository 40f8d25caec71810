"""The text tower, loaded while the program is still being imported.

A search from the command line takes a quarter of a second to import what it is made of, by one core and the
interpreter; the runtime needs as long to load a tower, and no interpreter. Side by side they take half the time.
"""

from __future__ import annotations

import logging
import threading

from app.core.errors import UserError
from app.core.paths import AppDirs
from app.models.encoder import current, load
from app.models.lazy import LazyEncoder

log = logging.getLogger(__name__)


def preload_text_tower(
    dirs: AppDirs, fingerprint: str, *, device: str = "auto", idle_seconds: float = 300.0
) -> LazyEncoder | None:
    """The text tower of the current model, being loaded in another thread.

    Whoever asks it before it is loaded waits; `close` does, too. None where the model is not prepared yet, or has
    another fingerprint.
    """
    try:
        info = current(dirs)
    except UserError:  # words alone are searched; it is said when the tower is asked for
        return None
    if not info.prepared or info.fingerprint != fingerprint:
        return None  # converting it takes its time and says so; another one serves while an index is made anew
    # One core: the interpreter has the other, and a query is one short text.
    tower = LazyEncoder(info, lambda: load(dirs, device=device, threads=1, towers=("text",)), idle_seconds)
    threading.Thread(target=_load, args=(tower,), name="model-loading", daemon=True).start()
    return tower


def _load(tower: LazyEncoder) -> None:
    try:
        tower.warm()
    except Exception:  # whoever uses it meets it again
        log.info("the model could not be loaded ahead", exc_info=True)
