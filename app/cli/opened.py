"""The library, open for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from app.paths import Places

if TYPE_CHECKING:
    from app.search import LocalLibrary


@contextmanager
def opened_library(places: Places) -> Iterator[LocalLibrary]:
    """The real library with the person's settings, closed afterwards."""
    from app.search import LocalLibrary
    from app.settings import SettingsFile

    with closing(LocalLibrary(places, SettingsFile(places.settings_file).load)) as library:
        yield library
