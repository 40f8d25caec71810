"""Places as people read them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.geo.circle import GeoCircle


def coordinates(latitude: float, longitude: float, *, digits: int = 4) -> str:
    """48.8566° N, 2.3522° E."""
    translate, locale = QCoreApplication.translate, QLocale()
    north = translate("Places", "N") if latitude >= 0 else translate("Places", "S")
    east = translate("Places", "E") if longitude >= 0 else translate("Places", "W")
    degrees = [locale.toString(float(abs(value)), "f", digits) for value in (latitude, longitude)]
    return f"{degrees[0]}° {north}, {degrees[1]}° {east}"


def around(near: GeoCircle) -> str:
    """A circle on the map: within 5 km of 48.86° N, 2.35° E, or of Paris, France."""
    radius = QLocale().toString(float(f"{near.radius_km:.3g}"), "g", 6)
    place = local_place(near.place) if near.place else coordinates(near.latitude, near.longitude, digits=2)
    return QCoreApplication.translate("Places", "within {radius} km of {place}").format(radius=radius, place=place)


def language() -> str:
    """That places are said in: "de" or "en"."""
    return "de" if QLocale().language() == QLocale.Language.German else "en"


def local_place(place: str) -> str:
    """A city as the gazetteer says it, in the window's language."""
    if language() == "en":
        return place
    from app.geo.gazetteer import find_city

    city = find_city(place)
    return city.display_name(language()) if city is not None else place
