"""A circle on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius of the WGS 84 ellipsoid, for great-circle (haversine) distances."""


@dataclass(frozen=True, slots=True)
class GeoCircle:
    """A circle: degrees WGS 84, kilometres.

    Attributes:
        place: the city it was drawn around ("Paris, France", as `app.geo.gazetteer` writes it), "" for bare
            coordinates.
    """

    latitude: float
    longitude: float
    radius_km: float
    place: str = ""
