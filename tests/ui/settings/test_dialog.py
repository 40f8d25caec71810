"""The dialog is generated from the declaration; changes act at once and reach the file."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QSlider

from app.core.settings import SettingsFile, declarations
from ui.settings.dialog import SettingsDialog


@pytest.fixture
def dialog(context, qtbot):
    made = SettingsDialog(context)
    qtbot.addWidget(made)
    return made


def test_every_setting_has_a_control_with_its_name_and_help(dialog):
    assert list(dialog.controls) == list(declarations())
    for name, setting in declarations().items():
        assert dialog.controls[name].accessibleName() == setting.label
        assert dialog.controls[name].accessibleDescription() == setting.help


def test_a_change_acts_at_once_and_is_written(dialog, context, places, qtbot):
    changes: list[object] = []
    context.settings_changed.connect(lambda new, _old: changes.append(new))
    slider, box = dialog.controls["strictness"], dialog.controls["pause_on_battery"]
    assert isinstance(slider, QSlider)
    assert isinstance(box, QCheckBox)
    slider.setValue(80)
    box.click()
    assert changes[-1].strictness == 80
    assert changes[-1].pause_on_battery is False
    qtbot.waitUntil(lambda: SettingsFile(places.settings_file).load().pause_on_battery is False)
    assert SettingsFile(places.settings_file).load().strictness == 80


def test_choices_and_lists(dialog, context):
    theme, ignore = dialog.controls["theme"], dialog.controls["ignore"]
    assert isinstance(theme, QComboBox)
    assert isinstance(ignore, QPlainTextEdit)
    theme.setCurrentIndex(theme.findData("dark"))
    theme.activated.emit(theme.currentIndex())
    assert context.settings.theme == "dark"
    ignore.setPlainText("*.tmp\n\n  raw/ ")
    assert context.settings.ignore == ()
    dialog.close()
    assert context.settings.ignore == ("*.tmp", "raw/")


def test_an_undecided_setting_is_decided_by_a_click(dialog, context):
    box = dialog.controls["keep_in_tray"]
    assert box.isTristate()
    box.click()
    assert context.settings.keep_in_tray in (True, False)
    assert not box.isTristate()
