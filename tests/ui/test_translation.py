"""German is complete, plurals are right, placeholders survive, and the declared settings are known to the tools."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator

from app.core.settings import declarations
from ui.i18n.settings_texts import TEXTS

I18N = Path(str(files("resources") / "i18n"))
ROOT = Path(__file__).parents[2]


def messages(name: str) -> list[tuple[str, str, ET.Element]]:
    tree = ET.parse(I18N / name)
    return [
        (context.findtext("name", ""), message.findtext("source", ""), message)
        for context in tree.getroot().findall("context")
        for message in context.findall("message")
    ]


def test_german_has_every_text():
    unfinished = [
        source for _, source, message in messages("semblance_de.ts") if message.find("translation[@type]") is not None
    ]
    assert unfinished == []


def test_the_files_know_every_text_of_the_program(tmp_path):
    """What the tools find in the sources today is what was translated."""
    fresh = tmp_path / "fresh.ts"
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    sources = sorted(
        str(path)
        for path in [*(ROOT / "ui").rglob("*.py"), ROOT / "app/query/filters.py", ROOT / "app/query/queries.py"]
    )
    subprocess.run([str(tool), *sources, "-ts", str(fresh)], check=True, capture_output=True)
    found = {
        (context.findtext("name"), message.findtext("source"))
        for context in ET.parse(fresh).getroot().findall("context")
        for message in context.findall("message")
    }
    assert found == {(context, source) for context, source, _ in messages("semblance_de.ts")}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} | set(re.findall(r"%L?n", text))


@pytest.mark.parametrize("name", ["semblance_de.ts", "semblance_en.ts"])
def test_placeholders_survive(name):
    for _, source, message in messages(name):
        translation = message.find("translation")
        texts = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
        for text in texts:
            assert fields(text) == fields(source), source


@pytest.mark.parametrize(
    ("language", "one", "many"), [("de", "1 Foto", "12.400 Fotos"), ("en_US", "1 photo", "12,400 photos")]
)
def test_plurals(qapp, language, one, many):
    from ui.i18n.plurals import Counted

    before = QLocale()
    translator = QTranslator()
    assert translator.load(QLocale(language), "semblance", "_", str(I18N))
    QLocale.setDefault(QLocale(language))
    qapp.installTranslator(translator)
    assert (Counted().photos(1), Counted().photos(12_400)) == (one, many)
    qapp.removeTranslator(translator)
    QLocale.setDefault(before)


def test_every_declared_setting_is_known_to_the_tools():
    declared = []
    for setting in declarations().values():
        for text in (setting.group, setting.label, setting.help, *(setting.choices or {}).values()):
            if text and text not in declared:
                declared.append(text)
    assert list(TEXTS) == declared


def test_compiled_files_are_there_and_newer_languages_can_follow():
    for language in ("en", "de"):
        assert (I18N / f"semblance_{language}.qm").stat().st_size > 100
