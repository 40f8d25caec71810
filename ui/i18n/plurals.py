"""Counts in words, with the right plural: the translation tools see plurals in methods of a QObject only."""

from __future__ import annotations

from PySide6.QtCore import QObject


class Counted(QObject):
    """One method per thing that is counted outside of widgets."""

    def photos(self, count: int) -> str:
        return self.tr("%Ln photo(s)", "", count)

    def documents(self, count: int) -> str:
        return self.tr("%Ln document(s)", "", count)

    def minutes_left(self, count: int) -> str:
        return self.tr("%Ln minute(s) left", "", count)

    def hours_left(self, count: int) -> str:
        return self.tr("%Ln hour(s) left", "", count)

    def failed(self, count: int) -> str:
        return self.tr("%Ln file(s) failed; each says why and what to do.", "", count)

    def left_to_index(self, count: int) -> str:
        return self.tr("%Ln file(s) are still to be indexed.", "", count)

    def weaker(self, count: int) -> str:
        return self.tr("%Ln less certain result(s) are hidden.", "", count)
