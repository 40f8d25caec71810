"""What is known of the chosen file, beside the grid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.core.records import Kind
from app.files.thumbnails import STORED_SIDE
from app.query.library_api import Library
from app.query.queries import Hit
from ui.results.file_facts import fact_row, facts, reason_text
from ui.results.model import name_of
from ui.results.place_fact import PlaceFact
from ui.runtime.context import Context
from ui.runtime.tagger_api import TaggerApi
from ui.widgets.controls import Button, clear_layout, data_size, label, separator
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.texts import TextBlock

PICTURE = (STORED_SIDE, 176)
"""Room for the picture in logical pixels: as wide as what is stored, and not so high that the facts go out of sight."""


class TagButton(Button):
    """A tag; clicked it is confirmed or shown, and the right button or Delete drops it.

    Signals:
        dropped(): reject or remove it.
    """

    dropped = Signal()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: ARG002
        self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.dropped.emit()
        else:
            super().keyPressEvent(event)


class Details(QFrame):
    """The panel beside the grid.

    Signals:
        tag_clicked(str): look for everything with this tag.
        place_clicked(GeoCircle): look for everything near this place.
    """

    tag_clicked = Signal(str)
    place_clicked = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setFixedWidth(296)
        self._context = context
        self._hits: tuple[Hit, ...] = ()
        self._picture: QLabel | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setObjectName("detailsBody")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(20, 20, 20, 20)
        self._column.setSpacing(8)
        area.setWidget(body)
        outer.addWidget(area)
        context.decided.connect(self._renew)
        self.show_hits(())

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show one file, or how many are chosen."""
        self._hits = tuple(hits)
        clear_layout(self._column)
        self._picture = None
        if not hits:
            self._column.addWidget(label(self.tr("Select a file to see its details."), "muted", wrap=True))
        elif len(hits) > 1:
            self._column.addWidget(label(self.tr("%Ln file(s) selected", "", len(hits)), "heading", wrap=True))
            size = data_size(sum(hit.size for hit in hits))
            self._column.addWidget(label(size, "muted"))
            self._tags_of(None)
        else:
            self._one(hits[0])
        self._column.addStretch(1)

    def _one(self, hit: Hit) -> None:
        self._picture = QLabel()
        self._picture.setFixedSize(*PICTURE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(self.tr("Picture"))
        self._column.addWidget(self._picture)
        self._ask_picture(hit)
        title = hit.title if hit.kind is Kind.DOCUMENT and hit.title else name_of(hit.path)
        self._column.addWidget(TextBlock(title, "heading", name="detailsName"))
        if title != name_of(hit.path):
            self._column.addWidget(TextBlock(name_of(hit.path), "muted", name="detailsFile"))
        if not hit.online:
            self._column.addWidget(label(self.tr("Its drive is not connected."), "bad", wrap=True))
        self._column.addSpacing(4)
        for icon, what, value in facts(hit):
            self._column.addWidget(self._place(hit, what) if icon == "place" else fact_row(icon, what, value))
        if hit.why:
            self._section(self.tr("Why it was found"))
            for why in hit.why:
                self._column.addWidget(TextBlock(reason_text(why)))
        if hit.snippet:
            self._column.addWidget(TextBlock(f"“{hit.snippet.strip()}”", "muted"))
        self._tags_of(hit)

    def _place(self, hit: Hit, what: str) -> PlaceFact:
        assert hit.latitude is not None
        assert hit.longitude is not None
        made = PlaceFact(self._context.tasks, what, hit.latitude, hit.longitude)
        made.clicked.connect(self.place_clicked)
        return made

    def _section(self, text: str) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(separator())
        self._column.addSpacing(4)
        self._column.addWidget(label(text, "section"))

    def _tags_of(self, hit: Hit | None) -> None:
        self._section(self.tr("Tags"))
        box = QWidget()
        flow = FlowLayout(box, spacing=6)
        for tag in hit.own_tags if hit is not None else ():
            flow.addWidget(self._tag(tag, proposed=False))
        for tag in hit.tags[:5] if hit is not None else ():
            if tag not in hit.own_tags:  # type: ignore[union-attr]
                flow.addWidget(self._tag(tag, proposed=True))
        self._column.addWidget(box)
        if not self._context.has_tagger:
            return
        line = QLineEdit()
        line.setObjectName("ownTagLine")
        line.setPlaceholderText(self.tr("Add a tag"))
        line.setAccessibleName(self.tr("Add a tag"))
        line.returnPressed.connect(self._add_tag)
        self._line = line
        self._column.addWidget(line)
        if hit is not None and hit.tags:
            hint = self.tr("Dashed tags are proposals: click one to confirm it, right click or Delete to reject it.")
            self._column.addWidget(label(hint, "small", wrap=True))

    def _tag(self, tag: str, *, proposed: bool) -> TagButton:
        made = TagButton(self.fontMetrics().elidedText(tag, Qt.TextElideMode.ElideMiddle, 200))
        made.setObjectName("tag")
        made.setProperty("proposed", proposed)
        if proposed and self._context.has_tagger:
            made.setAccessibleName(self.tr("Proposed tag {tag}: confirm").format(tag=tag))
            made.clicked.connect(lambda: self._decide(tag, "confirm"))
            made.dropped.connect(lambda: self._decide(tag, "reject"))
        else:
            made.setAccessibleName(self.tr("Tag {tag}: show all").format(tag=tag))
            made.clicked.connect(lambda: self.tag_clicked.emit(tag))
            made.dropped.connect(lambda: self._decide(tag, "remove"))
            made.setToolTip(self.tr("Click to see all; right click to remove"))
        if made.text() != tag:
            made.setToolTip(f"{tag}\n{made.toolTip()}".strip())
        return made

    def _decide(self, tag: str, verb: str) -> None:
        paths = [hit.path for hit in self._hits]

        def work(tagger: TaggerApi) -> None:
            getattr(tagger, verb)(tag, paths)

        self._context.ask_tagger(work, self._decided)

    def _add_tag(self) -> None:
        text = self._line.text().strip()
        if text and self._hits:
            self._line.clear()
            self._decide(text, "add")

    def _decided(self, _answer: object) -> None:
        self._context.decided.emit()

    def _renew(self) -> None:
        if len(self._hits) == 1:
            path = self._hits[0].path
            self._context.ask(lambda library: library.hit(path), self._renewed, topic="details-hit")

    def _renewed(self, hit: Hit | None) -> None:
        if hit is not None and len(self._hits) == 1 and hit.path == self._hits[0].path:
            from dataclasses import replace

            self.show_hits((replace(self._hits[0], tags=hit.tags, own_tags=hit.own_tags),))

    def _ask_picture(self, hit: Hit) -> None:
        library = self._context.library
        if library is None:
            return
        known: Library = library
        self._context.tasks.submit(
            lambda: known.thumbnails([hit.thumbnail]),
            self._take_picture,
            self._no_picture,
            lane="thumbnails",
            topic="details",
        )

    def _take_picture(self, found: dict[str, bytes]) -> None:
        if self._picture is None:
            return
        picture = QPixmap()
        picture.loadFromData(next(iter(found.values()), b""))
        self._picture.setVisible(not picture.isNull())  # a text has none: no hole where it would be
        if not picture.isNull():
            self._picture.setPixmap(fitted(picture, *PICTURE))

    def _no_picture(self, _error: Exception) -> None:
        """The panel does without."""


def fitted(picture: QPixmap, width: int, height: int) -> QPixmap:
    """A picture scaled into a box, with round corners."""
    from PySide6.QtGui import QPainter, QPainterPath

    ratio = 2
    scaled = picture.scaled(
        width * ratio, height * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    made = QPixmap(scaled.size())
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(0, 0, made.width(), made.height(), 10 * ratio, 10 * ratio)
    painter.setClipPath(path)
    painter.drawPixmap(0, 0, scaled)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
