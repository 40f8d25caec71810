"""What is asked or said when the window is closed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from app.core.indexer_protocol import Progress
from ui.i18n.plurals import Counted
from ui.runtime.context import Context
from ui.widgets.questions import message_box


def ask_keep_running(context: Context, window: QWidget) -> bool | None:
    """Whether to stay in the tray; None when the person would rather not close at all."""
    translate = QCoreApplication.translate
    box = message_box(
        window,
        "keepQuestion",
        translate("Closing", "Keep watching your folders?"),
        translate(
            "Closing", "Semblance can stay in the tray and notice new files, or end now and catch up the next time."
        ),
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


def agree_to_quit(context: Context, window: QWidget, progress: Progress) -> bool:
    """Say once that without a tray nothing watches when the window is gone; whether it is to close all the same."""
    translate = QCoreApplication.translate
    words = translate("Closing", "This desktop has no tray to stay in. New files are found the next time it starts.")
    left = progress.total - progress.done
    if progress.state in ("indexing", "scanning") and left > 0:
        words = f"{Counted().left_to_index(left)} {words}"
    title = translate("Closing", "Semblance stops watching your folders when its window is closed.")
    box = message_box(window, "quitNotice", title, words)
    box.setDefaultButton(box.addButton(translate("Closing", "Quit"), QMessageBox.ButtonRole.AcceptRole))
    stay = box.addButton(translate("Closing", "Keep open"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    box.deleteLater()
    if box.clickedButton() is stay:
        return False
    context.state.values["quit_told"] = True
    context.touch_state()
    return True
