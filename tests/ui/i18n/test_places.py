"""Coordinates as people read them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale

from app.geo.circle import GeoCircle
from ui.i18n.places import around, coordinates


@pytest.mark.parametrize(
    ("latitude", "longitude", "said"),
    [(48.8566, 2.3522, "48.8566° N, 2.3522° E"), (-34, 151.2094, "34.0000° S, 151.2094° E"),
     (0.0, -0.1278, "0.0000° N, 0.1278° W")],
)  # fmt: skip
def test_coordinates(latitude, longitude, said):
    assert coordinates(latitude, longitude) == said


@pytest.mark.parametrize(("radius", "said"), [(5.0, "5"), (0.25, "0.25"), (1234.4, "1,230")])
def test_a_circle(radius, said):
    assert around(GeoCircle(48.8566, 2.3522, radius)) == f"within {said} km of 48.86° N, 2.35° E"


@pytest.mark.parametrize(
    ("locale", "place", "said"),
    [("en_US", "Munich, Germany", "within 17 km of Munich, Germany"),
     ("de", "Munich, Germany", "within 17 km of München, Deutschland"),
     ("de", "Atlantis, Nowhere", "within 17 km of Atlantis, Nowhere")],
)  # fmt: skip
def test_a_circle_around_a_city(qapp, locale, place, said):  # noqa: ARG001
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    assert around(GeoCircle(48.14, 11.58, 17.0, place)) == said
    QLocale.setDefault(before)


def test_in_german_numbers_have_a_comma(qapp):  # noqa: ARG001
    before = QLocale()
    QLocale.setDefault(QLocale("de"))
    assert coordinates(48.8566, 2.3522) == "48,8566° N, 2,3522° E"
    QLocale.setDefault(before)
