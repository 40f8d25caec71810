"""Why a list is empty, and what could help: one place that decides, so that it can be read and tested as a table."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.core.indexer_protocol import Progress
from app.core.paths import for_display
from app.core.settings import Settings
from app.query.library_api import LibraryStatus
from app.query.queries import Query, Results
from ui.i18n.backend_messages import localised
from ui.i18n.plurals import Counted

MEANT = "meant"
"""Key of the button that searches for what was meant."""
EmptyStateContent = tuple[str, str, str, list[tuple[str, str]]]


def empty_state(
    query: Query,
    results: Results,
    status: LibraryStatus | None,
    progress: Progress,
    settings: Settings,
    model_loading: bool = False,
) -> EmptyStateContent:
    """(drawing, title, text, [(key, button)]) for an answer without hits."""
    indexed = status is not None and status.photos + status.documents > 0
    if query.parts and indexed and results.model is None and model_loading:
        return _still_loading()
    if query.parts and indexed:
        return _nothing_found(query, results, status, progress)
    if progress.state in ("indexing", "scanning", "starting", "elsewhere") and settings.folders:
        return _still_indexing(progress)
    if progress.state == "no model" and settings.folders:
        return _no_model()
    if not settings.folders:
        return _no_folder()
    offline = [folder for folder in status.folders if not folder.online] if status is not None else []
    if offline:
        return _offline(offline[0].path)
    translate = QCoreApplication.translate
    if query.filters:
        return (
            "nothing",
            translate("Empty", "Nothing here"),
            translate("Empty", "No file passes these filters."),
            [("filters", translate("Empty", "Remove the filters"))],
        )
    return _nothing_there(status)


def did_you_mean(text: str) -> str:
    """The offer to search for what was meant."""
    return QCoreApplication.translate("Empty", "Did you mean “{query}”?").format(query=text)


def _still_loading() -> EmptyStateContent:
    translate = QCoreApplication.translate
    return (
        "waiting",
        translate("Empty", "One moment"),
        translate("Empty", "No file has these words. The model is being loaded; what fits by meaning follows."),
        [],
    )


def _no_folder() -> EmptyStateContent:
    translate = QCoreApplication.translate
    return (
        "welcome",
        translate("Empty", "No folder yet"),
        translate("Empty", "Tell Semblance where your photos and documents are. They stay where they are, unchanged."),
        [("folders", translate("Empty", "Choose folders"))],
    )


def _offline(folder: str) -> EmptyStateContent:
    translate = QCoreApplication.translate
    return (
        "waiting",
        translate("Empty", "The drive is not connected"),
        translate("Empty", "{folder} cannot be reached. Connect its drive, and its files are shown again.").format(
            folder=for_display(folder)
        ),
        [("folders", translate("Empty", "Show folders"))],
    )


def _no_model() -> EmptyStateContent:
    translate = QCoreApplication.translate
    return (
        "welcome",
        translate("Empty", "A model is needed first"),
        translate("Empty", "It is what understands pictures and words. Fetch one once; then your files are indexed."),
        [("folders", translate("Empty", "Choose a model"))],
    )


def _nothing_there(status: LibraryStatus | None) -> EmptyStateContent:
    translate = QCoreApplication.translate
    if status is not None and status.failed:
        return (
            "nothing",
            translate("Empty", "No file could be read"),
            Counted().failed(status.failed),
            [("folders", translate("Empty", "Show what failed"))],
        )
    return (
        "waiting",
        translate("Empty", "Nothing indexed yet"),
        translate(
            "Empty",
            "Your folders hold no photos or documents that Semblance can read, or they have not been looked at yet.",
        ),
        [("folders", translate("Empty", "Show folders"))],
    )


def _still_indexing(progress: Progress) -> EmptyStateContent:
    translate, locale = QCoreApplication.translate, QLocale()
    if progress.total:
        text = translate("Empty", "{done} of {total} files are indexed. Results appear as they come.").format(
            done=locale.toString(progress.done), total=locale.toString(progress.total)
        )
    elif progress.state == "starting":
        text = translate(
            "Empty", "The model is being prepared for this computer; the first time this takes a minute or two."
        )
    else:
        text = translate("Empty", "Looking through your folders. Results appear as they come.")
    return (
        "waiting",
        translate("Empty", "Indexing your files"),
        text,
        [("folders", translate("Empty", "Show progress"))],
    )


def _nothing_found(
    query: Query, results: Results, status: LibraryStatus | None, progress: Progress
) -> EmptyStateContent:
    translate = QCoreApplication.translate
    # Without a model the search was not a whole one: that comes first.
    hints = list(map(localised, results.notes))
    if query.filters:
        hints.append(translate("Empty", "Try removing a filter."))
    if progress.state == "indexing" and progress.total > progress.done:
        hints.append(Counted().left_to_index(progress.total - progress.done))
    if results.more:
        hints.append(Counted().weaker(results.more))
    hints.append(
        translate("Empty", "Try other words for it, or describe what the picture shows, or drop a similar picture.")
    )
    buttons = []
    if results.did_you_mean:
        buttons.append((MEANT, did_you_mean(results.did_you_mean)))
    if results.more:
        buttons.append(("all", translate("Empty", "Show less certain results")))
    if query.filters:
        buttons.append(("filters", translate("Empty", "Remove the filters")))
    assert status is not None
    return ("nothing", translate("Empty", "Nothing found"), " ".join(hints), buttons)
