"""The language of the window: its own texts and those of Qt."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

_translators: list[QTranslator] = []


def translate(app: QApplication, language: str) -> None:
    """Install the translations of the language set, or of the desktop."""
    locale = QLocale(language) if language else QLocale.system()
    if locale.language() is QLocale.Language.C:
        # A system that names no language: numbers and plurals would follow none either.
        locale = QLocale("en_US")
    QLocale.setDefault(locale)
    for former in _translators:
        app.removeTranslator(former)
    _translators.clear()
    for name, folder in (
        ("semblance", str(files("resources") / "i18n")),
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
    ):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            _translators.append(translator)
