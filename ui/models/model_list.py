"""The models there are, as cards: licence, size, languages, what each is good for; fetched only after a yes."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.paths import AppDirs
from ui.i18n.backend_messages import localised, localised_error
from ui.runtime.context import Context
from ui.widgets.controls import button, clear_layout, data_size, label
from ui.widgets.questions import ask


@dataclass(frozen=True, slots=True)
class Model:
    """What a person needs to choose a model.

    Attributes:
        name: for the engine; title: for people; bytes: of the download, 0 where it ships with the program.
    """

    name: str
    title: str
    good_for: str
    licence: str
    languages: tuple[str, ...]
    bytes: int
    installed: bool
    chosen: bool


def list_models(places: AppDirs) -> list[Model]:
    """Everything installed and everything on offer; reads files, so not on the GUI thread."""
    install: Any = importlib.import_module("app.models.install")
    return [_model(listed) for listed in install.list_models(places)]


def _title(architecture: str) -> str:
    """What a model is chosen for; those that nobody has named are called by their architecture."""
    translate = QCoreApplication.translate
    return {
        "starter": translate("Models", "Starter"),
        "ViT-B-32-256": translate("Models", "Balanced"),
        "ViT-B-32-SigLIP2-256": translate("Models", "Many languages"),
        "ViT-B-16-SigLIP2": translate("Models", "Fine detail, many languages"),
        "ViT-B-16": translate("Models", "Fine detail"),
        "ViT-L-14": translate("Models", "Most exact"),
    }.get(architecture, architecture)


def _model(listed: Any) -> Model:
    translate, entry, info = QCoreApplication.translate, listed.entry, listed.info
    starter = listed.name == "starter"
    return Model(
        name=listed.name,
        title=_title(listed.name.partition("/")[0]),
        good_for=translate("Models", "Ships with Semblance and works at once.")
        if starter
        else localised(getattr(entry, "good_for", "")),
        licence=str(getattr(entry or info, "licence", "") or ""),
        languages=tuple(map(localised, getattr(entry or info, "languages", ()) or ())),
        bytes=0 if starter else int(getattr(entry, "download_bytes", 0) or 0),
        installed=info is not None,
        chosen=listed.chosen,
    )


class ModelList(QWidget):
    """Cards of models with one button each.

    Attributes:
        fetch: the download under way, if any.
    """

    def __init__(self, context: Context, parent: QWidget | None = None, *, shown: int = 6) -> None:
        super().__init__(parent)
        self._context, self._shown = context, shown
        self._models: list[Model] = []
        self.fetch = context.fetch
        self.fetch.progressed.connect(self._progressed)
        self.fetch.ended.connect(self._ended)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._bar: QProgressBar | None = None
        self._column.addWidget(label(self.tr("Loading the list of models…"), "muted"))
        self.reload()

    def reload(self) -> None:
        places = self._context.places
        self._context.tasks.submit(
            lambda: list_models(places), self.show_models, self._no_list, topic=f"models{id(self)}"
        )

    def show_models(self, models: list[Model]) -> None:
        focused = QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        self._models = models
        clear_layout(self._column)
        self._bar = None
        for model in models[: self._shown]:
            made = self._card(model)
            self._column.addWidget(made)
            if inside and model.name == self.fetch.name:
                made.show()
                self._focus(made)  # the button that was pressed is gone: the keyboard stays with its model

    @staticmethod
    def _focus(holder: QWidget) -> None:
        buttons = holder.findChildren(QPushButton)
        if buttons:
            buttons[-1].setFocus()

    def _no_list(self, error: Exception) -> None:
        clear_layout(self._column)
        self._column.addWidget(label(localised(str(error)), "muted", wrap=True))

    def _card(self, model: Model) -> QFrame:
        made = QFrame()
        made.setProperty("role", "card")
        row = QHBoxLayout(made)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(label(model.title, "strong"))
        if model.good_for:
            text.addWidget(label(model.good_for, wrap=True))
        size = data_size(model.bytes)
        technical = model.name.partition("/")[0]
        facts = [
            technical if technical not in (model.title, "starter") else "",
            ", ".join(model.languages),
            size if model.bytes else "",
            model.licence,
        ]
        text.addWidget(label(" · ".join(filter(None, facts)), "small", wrap=True))
        row.addLayout(text, 1)
        if self.fetch.running and self.fetch.name == model.name:
            self._bar = QProgressBar()
            self._bar.setRange(0, 1000)
            self._bar.setTextVisible(False)
            self._bar.setAccessibleName(self.tr("Download progress"))
            self._what = label(self.tr("Starting…"), "small")
            text.addSpacing(6)
            text.addWidget(self._bar)
            text.addWidget(self._what)
            row.addWidget(button(self.tr("Stop"), self.fetch.cancel, name="modelStop"))
        elif model.chosen:
            row.addWidget(label(self.tr("In use"), "good"))
        elif model.installed:
            row.addWidget(button(self.tr("Use"), lambda: self._start("use", model), name="modelUse"))
        else:
            again = self.fetch.error is not None and self.fetch.name == model.name
            words = self.tr("Try again…") if again else self.tr("Download…")
            row.addWidget(button(words, lambda: self._ask(model), name="modelDownload"))
        self._add_failure(text, model)
        return made

    def _add_failure(self, column: QVBoxLayout, model: Model) -> None:
        """Why the last download of this model failed, and the way without a network, where it was started."""
        if self.fetch.error is None or self.fetch.name != model.name:
            return
        column.addSpacing(6)
        column.addWidget(label(localised_error(self.fetch.error), "bad", wrap=True, name="modelError"))
        if not model.installed:
            words = self.tr("Use a downloaded file…")
            column.addWidget(button(words, lambda: self._pick(model), role="link", name="modelFile"))

    def _pick(self, model: Model) -> None:
        dialog = QFileDialog(self, self.tr("Use a downloaded file"), str(Path.home()))
        dialog.setNameFilters([self.tr("Checkpoints (*.safetensors *.bin *.pt)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._use_file(model, path))
        dialog.open()

    def _use_file(self, model: Model, path: str) -> None:
        self.fetch.start("use", model.name, file=path, architecture=model.name.partition("/")[0])
        self.show_models(self._models)

    def _ask(self, model: Model) -> None:
        size = data_size(model.bytes)
        more = self.tr(
            "It comes from the model hub under the licence {licence}. None of your data is sent. Searching goes on "
            "with the present model until the new index is complete."
        ).format(licence=model.licence)
        question = self.tr("Download {name} ({size})?").format(name=model.title, size=size)
        if ask(self, "downloadQuestion", question, more, self.tr("Download")):
            self._start("download", model)

    def _start(self, verb: str, model: Model) -> None:
        self.fetch.start(verb, model.name)
        self.show_models(self._models)

    def _progressed(self, what: str, share: float) -> None:
        if self._bar is not None:
            self._bar.setValue(round(share * 1000))
            self._what.setText(localised(what))

    def _ended(self, _error: object) -> None:
        self.reload()
