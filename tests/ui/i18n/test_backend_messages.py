"""What the program without a face says is understood in the window's language, whatever was filled in."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.annotations.user_tags import UndoEntry, Verdict
from app.core.failures import advice
from app.core.records import Failure
from app.core.system_errors import os_error_reason
from app.files.signatures import unreadable_error
from app.models.catalog import CATALOG
from app.query.language import QueryParser
from tests.ui.said import everything
from ui.i18n.backend_messages import TEXTS, localised, localised_error
from ui.i18n.language import translate


@pytest.fixture
def german(qapp: QApplication):
    translate(qapp, "de")
    yield
    translate(qapp, "en_US")


def test_every_text_of_the_program_is_known():
    """`python -m tests.ui.said` prints what is to be added; German then follows (see test_translation)."""
    said = everything()
    assert said - set(TEXTS) == set()
    assert set(TEXTS) - said == set(), "not said any more"
    assert len(TEXTS) == len(set(TEXTS))


@pytest.mark.parametrize(
    ("said", "german_text"),
    [
        ("The file is empty.", "Die Datei ist leer."),
        (advice(Failure.TRUNCATED), "Kopiere sie noch einmal vom Original; sie wird gelesen, sobald sie sich ändert."),
        ("The folder /home/ada/a (b). {x} is not there at the moment; what is known of it is kept.",
         "Der Ordner /home/ada/a (b). {x} ist zurzeit nicht da; was über ihn bekannt ist, bleibt."),
        (unreadable_error(b"%PDF-1.7 ", 9, "a picture").text,
         "Dem Namen nach ist das ein Bild, dem Inhalt nach aber ein PDF-Dokument."),
        (UndoEntry(Verdict.CONFIRMED, "a “b” c", 1200).what, "„a “b” c“ bei 1,200 Dateien bestätigt"),
        (UndoEntry(Verdict.REJECTED, "dog", 1).what, "„dog“ bei 1 Datei verworfen"),
        ("Only words are searched: No model is installed yet. Please choose another model.",
         "Es werden nur Wörter gesucht: Es ist noch kein Modell installiert. Wähle ein anderes Modell."),
        ("The file is empty. Choose another one.", "Die Datei ist leer. Wähle ein anderes."),
        (CATALOG[0].good_for, "Der beste Ausgleich von Tempo und Güte für eine Sammlung auf Englisch."),
        (f"The folder cannot be listed ({os_error_reason(PermissionError(13, 'Permission denied'))}).",
         "Der Ordner kann nicht aufgelistet werden (keine Berechtigung)."),
        (f"/home/ada/settings.toml could not be written ({os_error_reason(OSError(28, 'No space left on device'))}). "
         "Make room on the disk or check its permissions, and try again.",
         "/home/ada/settings.toml konnte nicht geschrieben werden (das Laufwerk ist voll). "
         "Schaffe Platz auf der Festplatte oder prüfe ihre Rechte, und versuche es noch einmal."),
        ("IMG_1.jpg could not be moved to the trash "
         f"({os_error_reason(OSError(16, 'Device or resource busy'))}); "
         "2 of 5 were moved.", "IMG_1.jpg konnte nicht in den Papierkorb verschoben werden "
         "(ein anderes Programm benutzt sie gerade); 2 von 5 wurden verschoben."),
        ("Nobody has ever said this.", "Nobody has ever said this."),
        ("The file is empty. Nobody has ever said this.", "The file is empty. Nobody has ever said this."),
        ("", ""),
    ],
)  # fmt: skip
def test_german(german, said, german_text):  # noqa: ARG001
    assert localised(said) == german_text


def test_a_query_that_is_not_understood_in_german(german):  # noqa: ARG001
    from app.query.filter_input import QueryError

    with pytest.raises(QueryError) as caught:
        QueryParser(picture=lambda _name: None, folders=lambda _name: ()).parse("kind:cow")
    assert localised_error(caught.value) == (
        "„kind:cow“ ist nicht verständlich: es gibt Fotos und Dokumente (bei Zeichen 6). "
        "Schreibe zum Beispiel kind:photo or kind:document."
    )


@pytest.mark.parametrize("text", [text for text in TEXTS if not text.startswith("{0}")])
def test_in_english_nothing_changes(text):
    filled = text.replace("{0}", "one").replace("{1}", "two").replace("{2}", "three").replace("{3}", "four")
    assert localised(filled) == filled
    assert localised(f"{filled} The file is empty.") == f"{filled} The file is empty."
