"""Keywords, title and dates out of an XMP packet, inside a picture or in a sidecar beside it.

https://developer.adobe.com/xmp/docs/ : RDF in which a value is an attribute, an element, or a list of `rdf:li`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FLAT = (f"{_DC}subject", "{http://ns.microsoft.com/photo/1.0}LastKeywordXMP")
# Hierarchies as one text: Lightroom "Places|France", digiKam and Microsoft "Places/France".
_HIERARCHIES = (
    ("{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject", "|"),
    ("{http://www.digikam.org/ns/1.0/}TagsList", "/"),
    ("{http://ns.microsoft.com/photo/1.0/}LastKeywordXMP", "/"),
    ("{http://www.mediapro.com/MediaPro/1.0/}CatalogSets", "|"),
)
_TITLE = f"{_DC}title"
_DATES = (
    "{http://ns.adobe.com/exif/1.0/}DateTimeOriginal",
    "{http://ns.adobe.com/photoshop/1.0/}DateCreated",
    "{http://ns.adobe.com/exif/1.0/}DateTimeDigitized",
    "{http://ns.adobe.com/xap/1.0/}CreateDate",
)
_LENS = "{http://ns.adobe.com/exif/1.0/aux/}Lens"
_RATING = "{http://ns.adobe.com/xap/1.0/}Rating"
_GPS = ("{http://ns.adobe.com/exif/1.0/}GPSLatitude", "{http://ns.adobe.com/exif/1.0/}GPSLongitude")


@dataclass(frozen=True, slots=True)
class Xmp:
    """What is of use in a packet; texts as they stand there."""

    keywords: tuple[str, ...] = ()
    title: str | None = None
    taken: str | None = None
    lens: str | None = None
    place: tuple[str, str] | None = None
    rating: str | None = None


def parse_xmp(packet: bytes) -> Xmp:
    """Read a packet; an unreadable one is as good as none."""
    # Entities are the one way in which XML can blow up or reach out; XMP never has any.
    if not packet or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return Xmp()
    try:
        root = ElementTree.fromstring(packet.strip(b"\0 \t\r\n"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return Xmp()
    values: dict[str, list[str]] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            values.setdefault(name, []).append(value)
        for element in description:
            values.setdefault(element.tag, []).extend(_texts(element))
    return _from_properties(values)


def _texts(element: ElementTree.Element) -> Iterator[str]:
    items = list(element.iter(f"{_RDF}li"))
    for item in items or [element]:
        if item.text and item.text.strip():
            yield item.text


def _from_properties(values: dict[str, list[str]]) -> Xmp:
    keywords = [value for name in _FLAT for value in values.get(name, ())]
    for name, separator in _HIERARCHIES:
        for path in values.get(name, ()):
            keywords.extend(reversed(path.split(separator)))
    latitude, longitude = (next(iter(values.get(name, ())), "") for name in _GPS)
    return Xmp(
        keywords=tuple(keywords),
        title=next(iter(values.get(_TITLE, ())), None),
        taken=next((value for name in _DATES for value in values.get(name, ())), None),
        lens=next(iter(values.get(_LENS, ())), None),
        place=(latitude, longitude) if latitude and longitude else None,
        rating=next(iter(values.get(_RATING, ())), None),
    )
