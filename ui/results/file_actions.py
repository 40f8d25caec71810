"""What can be done with chosen files: open, show, copy, look for more, tag, throw away."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.core.errors import UserError
from app.core.paths import for_display, from_stored
from app.query.library_api import Library
from app.query.queries import Hit, ImagePart
from ui.results import trash
from ui.results.model import as_mime, name_of
from ui.runtime.context import Context
from ui.runtime.tagger_api import TaggerApi
from ui.style import icons
from ui.widgets.questions import ask, ask_text

MOST = 50


class FileActions(QObject):
    """Acts on hits for whichever view shows them.

    Signals:
        query_wanted(ImagePart, str, bool): a library item as a query part, its thumbnail key, and whether it begins a
            new query or joins the present one.
        preview_wanted(str): show this path large.
        removed(list): these files, by path, went to the trash; none where they cannot come back.
    """

    query_wanted = Signal(object, str, bool)
    preview_wanted = Signal(str)
    removed = Signal(list)

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window

    def menu(self, hits: Sequence[Hit], place: QPoint) -> QMenu:
        """The context menu for some hits, shown at a point of the screen."""
        menu = QMenu(self._window)
        menu.setObjectName("fileMenu")
        one = hits[0] if len(hits) == 1 else None

        def add(icon: str, text: str, slot: Callable[[], object], shortcut: str = "", enabled: bool = True) -> None:
            action = menu.addAction(icons.icon(icon), text)
            action.setEnabled(enabled)
            if shortcut:
                # Shown only: the window owns the real shortcuts.
                action.setText(f"{text}\t{shortcut}")
            action.triggered.connect(lambda: slot())

        online = all(hit.online for hit in hits)
        add("open", self.tr("Open"), lambda: self.open(hits), self.tr("Enter"), online)
        if one is not None:
            add("eye", self.tr("Preview"), lambda: self.preview_wanted.emit(one.path), self.tr("Space"))
        add("folder", self.tr("Show in folder"), lambda: self.show_in_folder(hits[0]), "", online)
        menu.addSeparator()
        add("similar", self.tr("More like this"), lambda: self.more_like(hits), "Ctrl+L")
        add("plus", self.tr("Add to the search"), lambda: self.add_to_query(hits, 1.0))
        add("minus", self.tr("Search without this"), lambda: self.add_to_query(hits, -1.0))
        menu.addSeparator()
        add("copy", self.tr("Copy"), lambda: self.copy(hits), "Ctrl+C")
        add("link", self.tr("Copy path"), lambda: self.copy_path(hits), "Ctrl+Shift+C")
        if self._context.has_tagger:
            add("tag", self.tr("Tag…"), lambda: self.tag(hits), "Ctrl+T")
        menu.addSeparator()
        add(
            "trash",
            self.tr("Move to {trash}…").format(trash=trash_name()),
            lambda: self.throw_away(hits),
            self.tr("Del"),
            online,
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
        return menu

    def menu_of_paths(self, paths: Sequence[str], place: QPoint) -> None:
        """The context menu of files that are not on screen as results, by their stored paths."""

        def work(library: Library) -> tuple[list[Hit], QPoint]:
            return [hit for hit in map(library.hit, paths[:MOST]) if hit is not None], place

        self._context.ask(work, self._show_menu, topic="menu")

    def _show_menu(self, answer: tuple[list[Hit], QPoint]) -> None:
        hits, place = answer
        if hits:
            self.menu(hits, place)

    def open(self, hits: Sequence[Hit]) -> None:
        """Open with the programs the desktop has for them; at most a handful at once."""
        for hit in hits[:10]:
            self.open_path(hit.path)

    def open_path(self, stored: str) -> None:
        """Open one file, by its stored path."""
        path = from_stored(stored)
        self._context.tasks.submit(lambda: _present(path), self._open_path)

    def _open_path(self, path: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self._context.problem.emit(
                UserError(
                    self.tr("No program could open {name}.").format(name=name_of(path)),
                    self.tr("Choose one for this kind of file in the settings of your desktop."),
                )
            )

    def show_in_folder(self, hit: Hit) -> None:
        self.show_path(hit.path)

    def show_path(self, stored: str) -> None:
        """Show one file in its folder, by its stored path."""
        path = from_stored(stored)
        self._context.tasks.submit(lambda: _present(path), self._show_path)

    def _show_path(self, path: str) -> None:
        if sys.platform == "darwin":
            subprocess.Popen(["open", "-R", path])
        elif sys.platform == "win32":
            subprocess.Popen(["explorer", "/select,", path])
        elif not _ask_file_manager(path):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))

    def more_like(self, hits: Sequence[Hit]) -> None:
        for place, hit in enumerate(hits[:5]):
            self.query_wanted.emit(ImagePart(unit_id=hit.unit_id), hit.thumbnail, place == 0)

    def add_to_query(self, hits: Sequence[Hit], weight: float) -> None:
        for hit in hits[:5]:
            self.query_wanted.emit(ImagePart(unit_id=hit.unit_id, weight=weight), hit.thumbnail, False)

    def copy(self, hits: Sequence[Hit]) -> None:
        """Files on the clipboard, as file managers take them."""
        QGuiApplication.clipboard().setMimeData(as_mime(hits))
        self._context.notice.emit(self.tr("%Ln file(s) copied", "", len(hits)))

    def copy_path(self, hits: Sequence[Hit]) -> None:
        QGuiApplication.clipboard().setText("\n".join(from_stored(hit.path) for hit in hits))
        self._context.notice.emit(self.tr("%Ln path(s) copied", "", len(hits)))

    def tag(self, hits: Sequence[Hit]) -> None:
        """Ask for a tag and put it on all of them."""
        if not self._context.has_tagger or not hits:
            return
        known = sorted({tag for hit in hits for tag in (*hit.own_tags, *hit.tags)})
        prompt = self.tr("Tag for %Ln file(s):", "", len(hits))
        label, paths = (
            ask_text(self._window, "tagDialog", self.tr("Tag"), prompt, "", known),
            [hit.path for hit in hits],
        )
        if label:

            def work(tagger: TaggerApi) -> None:
                tagger.add(label, paths)

            self._context.ask_tagger(work, self._tagged)

    def _tagged(self, _answer: object) -> None:
        self._context.decided.emit()

    def throw_away(self, hits: Sequence[Hit]) -> None:
        """Move to the desktop's wastebasket, after a yes."""
        if not hits:
            return
        bin_name = trash_name()
        question = (
            self.tr("Move “{name}” to the {trash}?").format(name=name_of(hits[0].path), trash=bin_name)
            if len(hits) == 1
            else self.tr("Move %Ln file(s) to the {trash}?", "", len(hits)).format(trash=bin_name)
        )
        more = self.tr("You can take them back from the {trash} of your desktop.").format(trash=bin_name)
        yes = self.tr("Move to {trash}").format(trash=bin_name)
        if ask(self._window, "trashQuestion", question, more, yes, destructive=True):
            paths = [from_stored(hit.path) for hit in hits]
            self._context.tasks.submit(lambda: (trash.move_to_trash(paths), paths)[1], self._thrown)

    def _thrown(self, paths: list[str]) -> None:
        self.removed.emit(paths if trash.CAN_RESTORE else [])
        words = self.tr("%Ln file(s) moved to the {trash}", "", len(paths)).format(trash=trash_name())
        if trash.CAN_RESTORE:
            words += " · " + self.tr("Ctrl+Z takes them back")
        self._context.notice.emit(words)


def _present(path: str) -> str:
    """The path, if there is something; runs off the GUI thread, since a sleeping drive may take seconds."""
    if not Path(path).exists():
        raise UserError(
            f"{for_display(Path(path).name)} is not there any more.",
            "Connect its drive, or let Semblance look for changes under Folders and indexing.",
        )
    return path


def trash_name() -> str:
    """What the desktop calls the place for files that were thrown away."""
    translate = QCoreApplication.translate
    return translate("FileActions", "Recycle Bin") if sys.platform == "win32" else translate("FileActions", "Trash")


def _ask_file_manager(path: str) -> bool:
    """Ask the Linux file manager over D-Bus to show the file itself; False where there is none to ask."""
    url = QUrl.fromLocalFile(path).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    try:
        subprocess.Popen(
            [
                "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.FileManager1",
                "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1.ShowItems",
                f"array:string:{url}", "string:",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return False
    return True
