"""The library, open for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from app.paths import Places

if TYPE_CHECKING:
    from app.model import IdleEncoder
    from app.search import LocalLibrary
    from app.settings import Settings


@contextmanager
def opened_library(places: Places, *, for_text: bool = False) -> Iterator[LocalLibrary]:
    """The real library with the person's settings, closed afterwards.

    Args:
        for_text: a text will be searched: its tower is loaded while the rest is imported.
    """
    from app.settings import SettingsFile

    settings = SettingsFile(places.settings_file).load
    with ExitStack() as stack:
        ahead = _text_tower(places, settings()) if for_text else None
        if ahead is not None:
            stack.callback(ahead.close)
        from app.search import LocalLibrary
        from app.search.encoders import installed_towers

        towers = installed_towers(places, settings, ahead)
        yield stack.enter_context(closing(LocalLibrary(places, settings, open_tower=towers)))


def _text_tower(places: Places, settings: Settings) -> IdleEncoder | None:
    from app.model.ahead import load_ahead
    from app.table.catalogue import read

    serving = read(places.index).serving
    if serving is None:
        return None
    wanted, idle_seconds = serving.space.model_fingerprint, 60.0 * settings.model_idle_minutes
    return load_ahead(places, wanted, device=settings.device, idle_seconds=idle_seconds)
