"""Questions and notices in a dialog of their own, all made in one way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QInputDialog, QLabel, QMessageBox, QWidget

WIDE = 420


def message_box(parent: QWidget, name: str, text: str, more: str = "") -> QMessageBox:
    """A dialog that asks or tells: one sentence, and in a second line what it means. Buttons are the caller's."""
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setText(text)
    box.setInformativeText(more)
    # Qt measures its labels before the style sheet makes their font larger: unwrapped, the end would be cut off.
    for part in ("qt_msgbox_label", "qt_msgbox_informativelabel"):
        found = box.findChild(QLabel, part)
        if found is not None:
            found.setWordWrap(True)
    return box


def ask(parent: QWidget, name: str, text: str, more: str, yes: str, *, destructive: bool = False) -> bool:
    """Whether the button `yes` was pressed; Escape and Cancel are no. What destroys something is not the default."""
    box = message_box(parent, name, text, more)
    role = QMessageBox.ButtonRole.DestructiveRole if destructive else QMessageBox.ButtonRole.AcceptRole
    agreed = box.addButton(yes, role)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel if destructive else agreed)
    box.exec()
    box.deleteLater()
    return box.clickedButton() is agreed


def ask_text(parent: QWidget, name: str, title: str, prompt: str, text: str, known: Sequence[str] = ()) -> str | None:
    """A line of text, or one of what is `known`; None when the dialog was cancelled or the line left empty."""
    dialog = QInputDialog(parent)
    dialog.setObjectName(name)
    dialog.setWindowTitle(title)
    dialog.setLabelText(prompt)
    if known:
        dialog.setComboBoxItems(["", *known])
        dialog.setComboBoxEditable(True)
    dialog.setTextValue(text)
    dialog.resize(WIDE, dialog.sizeHint().height())
    agreed = dialog.exec() == QDialog.DialogCode.Accepted
    answer = dialog.textValue().strip()
    dialog.deleteLater()
    return answer if agreed and answer else None
