"""The filters: one table that the query language, the command line, the window and the SQL conditions come from.

A new filter is a field of `Filters`, a row of `FILTERS` and, where its values are of a new kind, a reader in
`app.query.filter_values`. docs/how-to/add-a-filter.md shows it step by step.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.records import Kind
from app.core.translation import QT_TRANSLATE_NOOP
from app.geo.circle import GeoCircle
from app.query import filter_values as values
from app.query.filter_input import Reader


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that a file must meet before it is ranked; None or () for no condition.

    `after` is inclusive, `before` exclusive, both in the file's wall clock (taken time for photos that have one, else
    modification time). Sizes are bytes, ratings 1-5 stars; both bounds are inclusive. A file need be in one of
    `folders` and of one of `formats`, but carry all `tags`.
    """

    kind: Kind | None = None
    folders: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    camera: str | None = None
    near: GeoCircle | None = None
    tags: tuple[str, ...] = ()
    size_min: int | None = None
    size_max: int | None = None
    rating_min: int | None = None
    rating_max: int | None = None
    formats: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


class Comparison(enum.Enum):
    """How a field is compared with a column of the table; `app.table.where` writes each as SQL."""

    EQUALS = enum.auto()
    AT_LEAST = enum.auto()
    AT_MOST = enum.auto()
    BELOW = enum.auto()
    CONTAINS = enum.auto()  # case aside
    IN_FOLDER = enum.auto()  # in any of them, or below
    OF_FORMAT = enum.auto()  # its name ends as files of any of these formats do
    WITHIN = enum.auto()  # a circle
    TAGGED = enum.auto()  # with all of them


class ValueType(enum.Enum):
    """What a field's value is: how it is stored as JSON and written on a chip."""

    TEXT = enum.auto()
    KIND = enum.auto()
    FOLDER = enum.auto()  # stored path
    MOMENT = enum.auto()
    CIRCLE = enum.auto()
    BYTES = enum.auto()
    NUMBER = enum.auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of `Filters`: what it is compared with, and how a chip says it.

    Attributes:
        chip: what the chip of a value says; `{value}` stands for the value. Translated in the window.
    """

    name: str
    column: str
    comparison: Comparison
    type: ValueType = ValueType.TEXT
    chip: str = "{value}"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as people know it.

    Attributes:
        key: what stands before the colon in the query language.
        read: makes values of fields out of a text.
        label: name in the window's menu; translated there.
        help: what follows the option in `semblance search --help`, and the documentation's row.
        examples: values to write, for the help, the advice of an error and completion.
        option: the command line's, without its dashes, where it differs from the key; `metavar` as its help shows it.
        choices: (text of the menu's item, value as it is typed; "" for none), where a fixed list does.
        exclude: makes values of fields for the filter with a minus, where that means something.
        icon: in the window.
    """

    key: str
    fields: tuple[Field, ...]
    read: Reader
    label: str
    help: str
    examples: tuple[str, ...]
    option: str = ""
    metavar: str = "VALUE"
    choices: tuple[tuple[str, str], ...] = ()
    exclude: Reader | None = None
    icon: str = "filter"

    @property
    def repeatable(self) -> bool:
        """Whether a second value adds to the first; otherwise it takes its place."""
        return any(isinstance(getattr(_NO_FILTERS, field.name), tuple) for field in self.fields)

    @property
    def advice(self) -> str:
        """ "kind:photo or kind:document"."""
        written = [f"{self.key}:{example}" for example in self.examples]
        return " or ".join(filter(None, [", ".join(written[:-1]), written[-1]]))


_NO_FILTERS = Filters()
_AFTER = Field("after", "at", Comparison.AT_LEAST, ValueType.MOMENT, QT_TRANSLATE_NOOP("Filters", "From {value}"))
_BEFORE = Field("before", "at", Comparison.BELOW, ValueType.MOMENT, QT_TRANSLATE_NOOP("Filters", "Before {value}"))
_DATES = ("2023", "2024-06-15", "last summer")

FILTERS: tuple[Filter, ...] = (
    Filter(
        key="kind",
        fields=(Field("kind", "kind", Comparison.EQUALS, ValueType.KIND),),
        read=values.read_kind,
        exclude=values.read_other_kind,
        label=QT_TRANSLATE_NOOP("Filters", "Kind"),
        help="only photos, or only documents",
        examples=("photo", "document"),
        metavar="KIND",
        choices=(
            (QT_TRANSLATE_NOOP("Filters", "Everything"), ""),
            (QT_TRANSLATE_NOOP("Filters", "Photos"), "photo"),
            (QT_TRANSLATE_NOOP("Filters", "Documents"), "document"),
        ),
        icon="all",
    ),
    Filter(
        key="type",
        fields=(Field("formats", "path", Comparison.OF_FORMAT),),
        read=values.read_format,
        label=QT_TRANSLATE_NOOP("Filters", "File type"),
        help="only files of this format, by its name or ending; repeatable",
        examples=("pdf", "jpeg", "raw"),
        metavar="FORMAT",
        choices=(
            ("JPEG", "jpeg"),
            ("PNG", "png"),
            ("HEIC", "heic"),
            ("RAW", "raw"),
            ("PDF", "pdf"),
            ("Word", "word"),
            ("Excel", "excel"),
            ("PowerPoint", "powerpoint"),
        ),
        icon="document",
    ),
    Filter(
        key="in",
        fields=(Field("folders", "path", Comparison.IN_FOLDER, ValueType.FOLDER),),
        read=values.read_folder,
        label=QT_TRANSLATE_NOOP("Filters", "Folder"),
        help="only in this folder; repeatable",
        examples=("Pictures", '"~/My pictures"'),
        option="folder",
        metavar="FOLDER",
        icon="folder",
    ),
    Filter(
        key="after",
        fields=(_AFTER,),
        read=values.read_after,
        label=QT_TRANSLATE_NOOP("Filters", "After"),
        help="taken or changed on or after this date (2023, June 2024, 2024-06-01)",
        examples=_DATES,
        metavar="DATE",
        icon="calendar",
    ),
    Filter(
        key="before",
        fields=(_BEFORE,),
        read=values.read_before,
        label=QT_TRANSLATE_NOOP("Filters", "Before"),
        help="taken or changed before this date",
        examples=("2023", "June 2024", "yesterday"),
        metavar="DATE",
        icon="calendar",
    ),
    Filter(
        key="date",
        fields=(_AFTER, _BEFORE),
        read=values.read_date,
        label=QT_TRANSLATE_NOOP("Filters", "Date"),
        help="taken or changed in this period",
        examples=("2023", "last summer"),
        metavar="DATE",
        icon="calendar",
    ),
    Filter(
        key="camera",
        fields=(Field("camera", "camera", Comparison.CONTAINS),),
        read=values.read_camera,
        label=QT_TRANSLATE_NOOP("Filters", "Camera"),
        help="taken with this camera; a part of its name will do",
        examples=("fuji",),
        metavar="NAME",
        icon="camera",
    ),
    Filter(
        key="near",
        fields=(Field("near", "", Comparison.WITHIN, ValueType.CIRCLE),),
        read=values.read_near,
        label=QT_TRANSLATE_NOOP("Filters", "Place"),
        help="taken around this city or point (paris; springfield,us,20km; 48.86,2.35)",
        examples=("paris", '"springfield, illinois, 20km"', "48.86,2.35,5km"),
        metavar="PLACE[,KM]",
        icon="place",
    ),
    Filter(
        key="tag",
        fields=(Field("tags", "tags", Comparison.TAGGED),),
        read=values.read_tag,
        label=QT_TRANSLATE_NOOP("Filters", "Tag"),
        help="carries this tag; repeatable",
        examples=("holiday", '"birthday party"'),
        metavar="TAG",
        icon="tag",
    ),
    Filter(
        key="rating",
        fields=(
            Field("rating_min", "rating", Comparison.AT_LEAST, ValueType.NUMBER, "★ ≥ {value}"),
            Field("rating_max", "rating", Comparison.AT_MOST, ValueType.NUMBER, "★ ≤ {value}"),
        ),
        read=values.read_rating,
        label=QT_TRANSLATE_NOOP("Filters", "Rating"),
        help="rated with at least so many stars; =4, <3 and 2..4 are understood too",
        examples=("4", "=5", "2..4"),
        metavar="STARS",
        choices=tuple((f"★ ≥ {stars}", str(stars)) for stars in (5, 4, 3, 2, 1)),
        icon="star",
    ),
    Filter(
        key="size",
        fields=(
            Field("size_min", "size", Comparison.AT_LEAST, ValueType.BYTES, "≥ {value}"),
            Field("size_max", "size", Comparison.AT_MOST, ValueType.BYTES, "≤ {value}"),
        ),
        read=values.read_size,
        label=QT_TRANSLATE_NOOP("Filters", "Size"),
        help="size of the file, such as >2MB or <500KB",
        examples=(">2MB", "<500kB", "1MB..5MB"),
        metavar="SIZE",
    ),
)

BY_KEY: Mapping[str, Filter] = {row.key: row for row in FILTERS}
FIELDS: tuple[Field, ...] = tuple({field.name: field for row in FILTERS for field in row.fields}.values())
"""Each field of `Filters`, once."""
