"""The panel beside the grid: what is said of a file, and deciding on its tags by mouse and key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from app.query.queries import Reason
from tests.fakes import document, photo
from ui.results.details import Details, TagButton
from ui.results.file_facts import facts, reason_text
from ui.widgets.controls import Button
from ui.widgets.texts import TextBlock


@pytest.fixture
def details(context, qtbot):
    made = Details(context)
    qtbot.addWidget(made)
    made.show()
    return made


def show(details, hits):
    details.show_hits(hits)
    QApplication.processEvents()  # what is new in a layout is shown with the next turn of the loop


def said(details):
    texts = [*details.findChildren(QLabel), *details.findChildren(TextBlock)]
    return [text.text() for text in texts if not text.isHidden()]


def tag(details, name):
    return next(button for button in details.findChildren(TagButton) if button.text() == name and button.isVisible())


def test_everything_known_is_said(details):
    show(details, [photo(3)])
    words = said(details)
    for expected in ("IMG_00003.jpg", "Fujifilm X-T5 · XF 23 mm F2", "46.5000° N, 11.3500° E", "Why it was found"):
        assert expected in words
    assert any("4032 × 3024" in text for text in words)


@pytest.mark.parametrize(
    ("where", "place", "near"),
    [((48.15, 11.60), "Munich, Germany", ("Munich, Germany", 17)),
     ((47.42, 10.985), "near Garmisch-Partenkirchen, Germany", ("", 10)),
     ((0.0, -30.0), None, ("", 10))],
)  # fmt: skip
def test_the_place_is_said_in_words_and_leads_to_all_from_there(details, qtbot, where, place, near):
    show(details, [replace(photo(1), latitude=where[0], longitude=where[1])])
    name = details.findChild(QLabel, "placeName")
    qtbot.waitUntil(lambda: name.isVisible() or place is None)
    assert (name.text() or None, name.isVisible()) == (place, place is not None)
    with qtbot.waitSignal(details.place_clicked) as clicked:
        details.findChild(Button, "placeAll").click()
    assert (clicked.args[0].place, clicked.args[0].radius_km) == near


def test_a_document_says_its_page_and_passage(details):
    show(details, [document(1)])
    words = said(details)
    assert "Letter about the bicycle 1" in words
    assert "page 2" in words
    assert any(text.startswith("“The invoice") for text in words)


def test_an_offline_drive_is_said(details):
    show(details, [replace(photo(1), online=False)])
    assert "Its drive is not connected." in said(details)


def test_several_are_counted(details):
    show(details, [photo(1), photo(2)])
    assert "2 files selected" in said(details)


def test_tags_are_confirmed_rejected_and_added(details, tagger, qtbot):
    show(details, [photo(1)])
    tag(details, "dog").click()
    assert tagger.journal[-1] == ("confirm", "dog", (photo(1).path,))
    qtbot.keyClick(tag(details, "beach"), Qt.Key.Key_Delete)
    assert tagger.journal[-1] == ("reject", "beach", (photo(1).path,))
    line = details.findChild(QLineEdit, "ownTagLine")
    line.setText("holiday")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert tagger.journal[-1] == ("add", "holiday", (photo(1).path,))


def test_an_own_tag_leads_to_all_that_have_it(details, qtbot):
    show(details, [document(1)])
    with qtbot.waitSignal(details.tag_clicked) as clicked:
        tag(details, "bills").click()
    assert clicked.args == ["bills"]


def test_reasons_are_words():
    assert reason_text(Reason("words", "bicycle")) == "Words in it: bicycle"
    assert reason_text(Reason("something new", "")) == "something new"
    assert facts(replace(photo(1), camera=None, lens=None, latitude=None, size=0, width=None))


@pytest.mark.parametrize(
    "name", ["030904-A-2140D-006_" + "x" * 90 + ".jpg", "Donaudampfschifffahrt" * 8 + ".jpg", "a.jpg"]
)
def test_no_name_is_too_long_for_the_panel(details, name):
    hit = photo(1)
    hit = replace(
        hit, path=f"/home/{'y' * 100}/{name}", own_tags=("z" * 80,), why=(Reason("name", name),), camera="C" * 90
    )
    details.resize(296, 900)
    show(details, [hit])
    QApplication.processEvents()
    body = details.findChild(QWidget, "detailsBody")
    assert body.width() <= details.width()
    for widget in body.findChildren(QWidget):
        if widget.isVisible():
            right = widget.mapTo(body, widget.rect().topRight()).x()
            assert right <= body.width(), widget
    assert name in said(details)


def test_a_text_without_a_page_has_no_hole_where_its_picture_would_be(details, context, library):
    library.thumbnails = lambda _keys: {}
    context.ask(lambda library: library.status())
    QApplication.processEvents()
    show(details, [replace(document(1), path="/home/ada/notes.txt", page=None)])
    QApplication.processEvents()
    assert details._picture.isHidden()
