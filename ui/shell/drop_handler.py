"""Takes what is dropped, pasted or picked, and makes it part of the query."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import UserError
from app.core.paths import to_stored
from app.files.watched_folders import add_folders
from app.query.queries import ImagePart
from ui.results import dropped_data
from ui.runtime.context import Context
from ui.shell.library_page import LibraryPage
from ui.widgets.questions import ask

MOST = 6


class Intake(QObject):
    """Everything that comes into the window from outside.

    Signals:
        library_wanted(): the library page is to be shown.
    """

    library_wanted = Signal()

    def __init__(self, context: Context, page: LibraryPage, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._page, self._window = context, page, window

    def acted(self, key: str) -> None:
        """The action of a banner was chosen."""
        verb, _, what = key.partition(":")
        if verb == "fetch":
            self.fetch(what)
        elif verb == "page":
            self._page.page_wanted.emit(what)

    def _search_for(self, text: str) -> None:
        self.library_wanted.emit()
        self._page.ask(text)

    def paste(self) -> None:
        """Ctrl+V: a picture becomes part of the query, words go on the line."""
        data = QGuiApplication.clipboard().mimeData()
        found = dropped_data.read(data) if data is not None else dropped_data.DroppedData()
        if found.pictures or found.raw or found.folders or found.files or found.web:
            self._use(found)
        elif self._page.bar.line.hasFocus():
            self._page.bar.line.paste()
            self._page.bar.typed.emit()
        elif found.text:
            self._search_for(found.text)

    def take(self, data: QMimeData) -> None:
        """Use what was dropped."""
        self._use(dropped_data.read(data))

    def _use(self, found: dropped_data.DroppedData) -> None:
        if not found.folders:
            self.library_wanted.emit()
        for number, part in enumerate(found.pictures[:6]):
            self._page.bar.add_part(part)
            if part.unit_id is not None and number < len(found.thumbnails):
                self._page.items.fetch_chip(part, found.thumbnails[number])
            else:
                self._thumbnail_for(part)
        for image in found.raw[:2]:
            self._encode(image)
        if found.folders:
            self._offer_folders(found.folders)
        elif found.web and not found.pictures:
            self._offer_web(found.web[0])
        elif found.files and not found.pictures:
            name = Path(found.files[0]).name
            self._page.banner.say(
                self.tr("“{name}” is not a picture. Drop a picture to search with it, or a folder to add it.").format(
                    name=name
                ),
                passing=True,
            )
        elif found.text and not found.pictures:
            self._search_for(found.text)
        elif not found:
            self._page.banner.say(self.tr("There was no picture in what was dropped or pasted."), passing=True)

    def _encode(self, image: QImage) -> None:
        self._context.tasks.submit(lambda: dropped_data.encode_png(image), self._encoded)

    def _encoded(self, data: bytes) -> None:
        part = ImagePart(data=data)
        self._page.bar.add_part(part)
        self._thumbnail_for(part)

    def _thumbnail_for(self, part: ImagePart) -> None:
        from ui.results.image_loader import chip_thumbnail

        self._context.tasks.submit(lambda: (part, chip_thumbnail(part)), self._chip_picture, self._bad_picture)

    def _chip_picture(self, answer: tuple[ImagePart, bytes]) -> None:
        self._page.bar.set_picture(*answer)

    def _bad_picture(self, error: Exception) -> None:
        words = self.tr("The picture could not be read ({why}).").format(why=error)
        self._page.banner.say(words, level="error", passing=True)

    def pick(self) -> None:
        suffixes = " ".join(f"*.{suffix}" for suffix in sorted(dropped_data.PICTURES))
        dialog = QFileDialog(
            self._window, self.tr("Search with a picture"), "", self.tr("Pictures ({list})").format(list=suffixes)
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._picked)
        dialog.open()

    def _picked(self, paths: list[str]) -> None:
        self._use(dropped_data.DroppedData(pictures=tuple(ImagePart(path=to_stored(path)) for path in paths)))

    def _offer_folders(self, folders: tuple[str, ...]) -> None:
        new = [folder for folder in folders if folder not in self._context.settings.folders]
        names = ", ".join(f"“{Path(folder).name}”" for folder in new)
        if not new:
            self._page.banner.say(self.tr("This folder is already being searched."), passing=True)
            return
        if ask(
            self._window,
            "folderQuestion",
            self.tr("Search in {names} from now on?").format(names=names),
            self.tr("Its files stay where they are, unchanged."),
            self.tr("Add to the search"),
        ):
            try:
                self._context.change(
                    folders=add_folders(self._context.settings.folders, [Path(folder) for folder in new])
                )
            except UserError as error:
                self._context.problem.emit(error)
                return
            self._context.notice.emit(self.tr("Folder added; indexing begins."))

    def _offer_web(self, address: str) -> None:
        host = address.split("/")[2] if address.count("/") >= 2 else address
        self._page.banner.say(
            self.tr("This picture is on the web ({host}). Semblance fetches nothing by itself.").format(host=host),
            action=(f"fetch:{address}", self.tr("Fetch it this once")),
        )

    def fetch(self, address: str) -> None:
        """Fetch one picture, after the person said yes to this very address."""
        from ui.results.image_loader import fetch

        self._context.tasks.submit(lambda: fetch(address), self._encoded, self._bad_picture)
