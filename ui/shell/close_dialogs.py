"""What is asked or said when the window is closed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from ui.runtime.context import Context


def ask_keep_running(context: Context, window: QWidget) -> bool | None:
    """Whether to stay in the tray; None when the person would rather not close at all."""
    translate = QCoreApplication.translate
    box = QMessageBox(window)
    box.setObjectName("keepQuestion")
    box.setText(translate("Closing", "Keep watching your folders?"))
    box.setInformativeText(
        translate(
            "Closing", "Semblance can stay in the tray and notice new files, or end now and catch up the next time."
        )
    )
    stay = box.addButton(translate("Closing", "Stay in the tray"), QMessageBox.ButtonRole.AcceptRole)
    leave = box.addButton(translate("Closing", "Quit"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    again = QCheckBox(translate("Closing", "Remember my choice"))
    again.setChecked(True)
    box.setCheckBox(again)
    box.exec()
    if box.clickedButton() not in (stay, leave):
        return None
    keep = box.clickedButton() is stay
    if again.isChecked():
        context.change(keep_in_tray=keep)
    return keep


def show_quit_notice(context: Context, window: QWidget) -> None:
    """Say once that without a tray nothing watches when the window is gone."""
    translate = QCoreApplication.translate
    box = QMessageBox(window)
    box.setObjectName("quitNotice")
    box.setText(translate("Closing", "Semblance stops watching when its window is closed."))
    box.setInformativeText(
        translate(
            "Closing",
            "This desktop has no tray to stay in. New files are found the next time Semblance starts.",
        )
    )
    box.exec()
    context.state.values["quit_told"] = True
    context.touch_state()
