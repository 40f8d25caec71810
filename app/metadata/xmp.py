"""What an XMP packet tells, inside a picture or in a sidecar beside it.

https://developer.adobe.com/xmp/docs/ : RDF in which a value is an attribute, an element, or a list of `rdf:li`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_XAP = "{http://ns.adobe.com/xap/1.0/}"
_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_EXTENSION = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_MICROSOFT = "{http://ns.microsoft.com/photo/1.0/}"
_REGIONS = "{http://www.metadataworkinggroup.com/schemas/regions/}"
_ACDSEE = "{http://ns.acdsee.com/iptc/1.0/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_FLAT = (f"{_DC}subject", f"{_MICROSOFT}LastKeywordXMP", f"{_ACDSEE}keywords")
# Hierarchies as one text: Lightroom "Places|France", digiKam and Microsoft "Places/France".
_HIERARCHIES = (
    ("{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject", "|"),
    ("{http://www.digikam.org/ns/1.0/}TagsList", "/"),
    (f"{_MICROSOFT}LastKeywordXMP", "/"),
    ("{http://www.mediapro.com/MediaPro/1.0/}CatalogSets", "|"),
)
_TITLE = f"{_DC}title"
_CAPTIONS = (
    f"{_DC}description", f"{_PHOTOSHOP}Headline", f"{_EXIF}UserComment", "{http://ns.adobe.com/tiff/1.0/}ImageDescription",
    f"{_CORE}AltTextAccessibility", f"{_CORE}ExtDescrAccessibility", f"{_ACDSEE}caption", f"{_ACDSEE}notes",
)  # fmt: skip
# From the narrowest to the widest.
_PLACES = (
    f"{_CORE}Location", f"{_EXTENSION}Sublocation", f"{_EXTENSION}LocationName", f"{_PHOTOSHOP}City",
    f"{_EXTENSION}City", f"{_PHOTOSHOP}State", f"{_EXTENSION}ProvinceState", f"{_PHOTOSHOP}Country",
    f"{_EXTENSION}CountryName",
)  # fmt: skip
_PEOPLE = (
    f"{_EXTENSION}PersonInImage", f"{_EXTENSION}PersonName", "{http://www.mediapro.com/MediaPro/1.0/}People",
    "{http://ns.microsoft.com/photo/1.2/t/Region#}PersonDisplayName",
)  # fmt: skip
_ORIGINAL = (f"{_EXIF}DateTimeOriginal", f"{_PHOTOSHOP}DateCreated")
_DIGITIZED = (f"{_EXIF}DateTimeDigitized", f"{_XAP}CreateDate")
_LENSES = ("{http://ns.adobe.com/exif/1.0/aux/}Lens", "{http://cipa.jp/exif/1.0/}LensModel")
_GPS = (f"{_EXIF}GPSLatitude", f"{_EXIF}GPSLongitude")
_FACES = ("Face", "Pet")


@dataclass(frozen=True, slots=True)
class Xmp:
    """What is of use in a packet; texts as they stand there.

    Attributes:
        titles: the default language first; captions and the names of places and people likewise as they come.
        taken: when the picture was taken; digitized: when it became a file. Texts, as written.
        taken_utc: a time that is known in UTC alone.
        place: latitude and longitude as texts; position: as numbers.
    """

    keywords: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    caption: str = ""
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    taken: str | None = None
    digitized: str | None = None
    taken_utc: str | None = None
    lens: str | None = None
    place: tuple[str, str] | None = None
    position: tuple[float, float] | None = None
    rating: str | None = None


def parse_xmp(packet: bytes) -> Xmp:
    """Read a packet; an unreadable one is as good as none."""
    text = _as_text(packet)
    # Entities are the one way in which XML can blow up or reach out; XMP never has any.
    if not text or "<!DOCTYPE" in text or "<!ENTITY" in text:
        return Xmp()
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError):
        return Xmp()
    values: dict[str, list[str]] = {}
    people: list[str] = []
    for element in root.iter():
        people.extend(_face(element))
        if element.tag == f"{_RDF}Description" or element.get(f"{_RDF}parseType") == "Resource" or _is_struct(element):
            for name, value in element.attrib.items():
                values.setdefault(name, []).append(value)
            for inner in element:
                values.setdefault(inner.tag, []).extend(_texts(inner))
    return _from_properties(values, people)


def _as_text(packet: bytes) -> str:
    """UTF-8, or UTF-16 in either order, as a sidecar may be."""
    if packet.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = packet.decode("utf-16", "replace")
    elif packet[:2] == b"<\0" or packet[:2] == b"\0<":
        text = packet.decode("utf-16-le" if packet[:1] == b"<" else "utf-16-be", "replace")
    else:
        text = packet.decode("utf-8-sig", "replace")
    return text.strip("\0 \t\r\n\ufeff")


def _is_struct(element: ElementTree.Element) -> bool:
    """An item of a list of structures."""
    return element.tag == f"{_RDF}li" and (len(element) > 0 or len(element.attrib) > 1)


def _face(element: ElementTree.Element) -> Iterator[str]:
    """The name in a region of the Metadata Working Group: of a face, not of a bar code or a focus point."""
    name = element.get(f"{_REGIONS}Name") or element.findtext(f"{_REGIONS}Name")
    kind = element.get(f"{_REGIONS}Type") or element.findtext(f"{_REGIONS}Type")
    if name and (kind is None or kind in _FACES):
        yield name


def _texts(element: ElementTree.Element) -> Iterator[str]:
    items = [item for item in element.iter(f"{_RDF}li") if len(item) == 0]
    items.sort(key=lambda item: item.get(_LANGUAGE) != "x-default" and item.get(_LANGUAGE) is not None)
    for item in items or ([element] if len(element) == 0 else []):
        if item.text and item.text.strip():
            yield item.text


def _from_properties(values: dict[str, list[str]], people: list[str]) -> Xmp:
    def all_of(names: tuple[str, ...]) -> list[str]:
        return [value for name in names for value in values.get(name, ())]

    keywords = all_of(_FLAT)
    for name, separator in _HIERARCHIES:
        for path in values.get(name, ()):
            keywords.extend(reversed(path.split(separator)))
    latitude, longitude = (next(iter(values.get(name, ())), "") for name in _GPS)
    return Xmp(
        keywords=tuple(keywords),
        titles=tuple(dict.fromkeys(values.get(_TITLE, ()))),
        caption="\n\n".join(dict.fromkeys(all_of(_CAPTIONS))),
        people=tuple(dict.fromkeys([*people, *all_of(_PEOPLE)])),
        places=tuple(dict.fromkeys(all_of(_PLACES))),
        taken=next(iter(all_of(_ORIGINAL)), None),
        digitized=next(iter(all_of(_DIGITIZED)), None),
        lens=next(iter(all_of(_LENSES)), None),
        place=(latitude, longitude) if latitude and longitude else None,
        rating=next(iter(values.get(f"{_XAP}Rating", ())), None),
    )
