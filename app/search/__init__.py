"""Search over the index: `LocalLibrary` is what window and command line ask."""

from app.search.local_library import LocalLibrary

__all__ = ["LocalLibrary"]
