"""The library, open for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from app.core.paths import AppDirs

if TYPE_CHECKING:
    from app.core.settings import Settings
    from app.models import LazyEncoder
    from app.search import LocalLibrary


@contextmanager
def open_library(dirs: AppDirs, *, for_text: bool = False) -> Iterator[LocalLibrary]:
    """The real library with the user's settings, closed afterwards.

    Args:
        for_text: a text will be searched: its tower is loaded while the rest is imported.
    """
    from app.core.settings import SettingsFile

    settings = SettingsFile(dirs.settings_file).load
    with ExitStack() as stack:
        ahead = _preload_text_tower(dirs, settings()) if for_text else None
        if ahead is not None:
            stack.callback(ahead.close)
        from app.search import LocalLibrary
        from app.search.query_towers import installed_towers

        towers = installed_towers(dirs, settings, ahead)
        yield stack.enter_context(closing(LocalLibrary(dirs, settings, open_tower=towers)))


def _preload_text_tower(dirs: AppDirs, settings: Settings) -> LazyEncoder | None:
    from app.models.preload import preload_text_tower
    from app.table.index_manifest import read

    serving = read(dirs.index).serving
    if serving is None:
        return None
    wanted, idle_seconds = serving.space.model_fingerprint, 60.0 * settings.model_idle_minutes
    return preload_text_tower(dirs, wanted, device=settings.device, idle_seconds=idle_seconds)
