"""What the panel beside the grid says of a file, in words."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.paths import for_display
from app.query.queries import Hit, Reason
from ui.i18n.places import coordinates
from ui.widgets.controls import IconLabel, data_size
from ui.widgets.texts import TextBlock


def facts(hit: Hit) -> list[tuple[str, str, str]]:
    """(icon, name, value) for what is known, in the order people look for it."""
    translate, locale, made = QCoreApplication.translate, QLocale(), []
    made.append(("folder", translate("Details", "Folder"), for_display(str(PurePosixPath(hit.path).parent))))
    long = QLocale.FormatType.LongFormat
    if hit.taken_at is not None:
        taken = locale.toString(hit.taken_at.date(), long) + hit.taken_at.strftime(", %H:%M")  # type: ignore[call-overload]
        made.append(("calendar", translate("Details", "Taken"), taken))
    elif hit.modified_ns:
        changed = datetime.fromtimestamp(hit.modified_ns / 1e9)
        made.append(("calendar", translate("Details", "Changed"), locale.toString(changed.date(), long)))  # type: ignore[call-overload]
    if hit.camera or hit.lens:
        made.append(("camera", translate("Details", "Camera"), " · ".join(filter(None, (hit.camera, hit.lens)))))
    if hit.latitude is not None and hit.longitude is not None:
        made.append(("place", translate("Details", "Place"), coordinates(hit.latitude, hit.longitude)))
    size = [data_size(hit.size)] if hit.size else []
    if hit.width and hit.height:
        size.insert(0, f"{hit.width} × {hit.height}")
    if size:
        made.append(("info", translate("Details", "Size"), " · ".join(size)))
    if hit.page is not None:
        made.append(
            ("document", translate("Details", "Page"), translate("Details", "page {page}").format(page=hit.page))
        )
    return made


def reason_text(why: Reason) -> str:
    """Why a file was found, in words."""
    translate = QCoreApplication.translate
    names = {
        "words": translate("Details", "Words in it"),
        "picture": translate("Details", "Looks like your search"),
        "page": translate("Details", "A page looks like your search"),
        "passage": translate("Details", "A passage about it"),
        "tag": translate("Details", "Tag"),
        "name": translate("Details", "Name"),
        "place": translate("Details", "Where it was taken"),
    }
    name = names.get(why.kind, why.kind)
    return f"{name}: {why.detail}" if why.detail else name


def fact_row(icon: str, what: str, value: str) -> QWidget:
    """One line of the panel."""
    made = QWidget()
    made.setToolTip(what)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 2, 0, 2)
    row.setSpacing(10)
    sign = IconLabel(icon, 18)
    sign.setAccessibleName(what)
    text = TextBlock(value)
    text.setAccessibleName(f"{what}: {value}")
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return made
