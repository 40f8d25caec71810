"""Messages about the system and its errors: see `ui.i18n.backend_messages`."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("Said", "Check whether the file is in use or its drive is read-only."),
    QT_TRANSLATE_NOOP("Said", "Connect its drive, or let Semblance look for changes under Folders and indexing."),
    QT_TRANSLATE_NOOP("Said", "Connect its drive, or look whether it was moved."),
    QT_TRANSLATE_NOOP("Said", "Remove it by hand."),
    QT_TRANSLATE_NOOP("Said", "Save it to a file and drop that file."),
    QT_TRANSLATE_NOOP("Said", "Save the picture to a file and drop that file."),
    QT_TRANSLATE_NOOP("Said", "The address is not one of the web."),
    QT_TRANSLATE_NOOP("Said", "The pasted picture could not be read."),
    QT_TRANSLATE_NOOP("Said", "The picture could not be fetched ({0})."),
    QT_TRANSLATE_NOOP("Said", "What the address holds is not a picture."),
    QT_TRANSLATE_NOOP("Said", "another program is using it"),
    QT_TRANSLATE_NOOP("Said", "it is a folder"),
    QT_TRANSLATE_NOOP("Said", "it is no text in UTF-8"),
    QT_TRANSLATE_NOOP("Said", "it is not there"),
    QT_TRANSLATE_NOOP("Said", "its links lead in a circle"),
    QT_TRANSLATE_NOOP("Said", "no permission"),
    QT_TRANSLATE_NOOP("Said", "the drive does not answer"),
    QT_TRANSLATE_NOOP("Said", "the drive is full"),
    QT_TRANSLATE_NOOP("Said", "the drive is read-only"),
    QT_TRANSLATE_NOOP("Said", "the drive reports a fault"),
    QT_TRANSLATE_NOOP("Said", "the name is too long"),
    QT_TRANSLATE_NOOP("Said", "the network drive is not connected"),
    QT_TRANSLATE_NOOP("Said", "too many files are open"),
    QT_TRANSLATE_NOOP("Said", "{0} cannot be reached."),
    QT_TRANSLATE_NOOP("Said", "{0} could not be moved to the trash ({1}); {2} of {3} were moved."),
    QT_TRANSLATE_NOOP("Said", "{0} could not be removed ({1})."),
    QT_TRANSLATE_NOOP("Said", "{0} is not there any more."),
)
