"""What a person does with the window, with real key presses and clicks: run by `test_window.py` under Xvfb.

`python -m tests.end_to_end.window_scenario first|again` starts the whole program (its own `main`), and a player beside
it. It prints one JSON line per step and ends the program as a person does, with Ctrl+Q.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import ui.shell.application
from app.__main__ import main
from app.core.records import Kind
from tests.end_to_end.hands import Condition, Player, Steps, click, drag_file, press, say, write
from ui.shell.window import Window

PICTURES = int(os.environ["SEMBLANCE_PICTURES"])
DOCUMENTS = int(os.environ["SEMBLANCE_DOCUMENTS"])


def shown(window: Window) -> list[str]:
    hits = [window.page.model.hit(row) for row in range(min(10, window.page.model.total))]
    return [Path(hit.path).name for hit in hits if hit is not None]


def settled(window: Window) -> Condition:
    """True once what was asked is answered, with the model, and nothing is under way."""
    search = window.page.search
    return lambda: (
        not search._pause.isActive()
        and not search._hold.isActive()  # an empty answer waits there while the former list is still shown
        and search.answer is not None
        and search.answer.model is not None
        and window._context.tasks.running == 0
    )


def look_for(window: Window, words: str) -> Steps:
    """Type a search from wherever the keyboard is, and wait for its answer."""
    yield from press("ctrl+f")
    yield window.page.bar.line.hasFocus
    yield from write(words)
    yield lambda: window.page.search.question.text == words
    yield settled(window)


def put_away(window: Window) -> Steps:
    """Escape in the search field takes back one thing at a time; the whole library is there again."""
    yield from press("ctrl+f")
    yield window.page.bar.line.hasFocus
    while not window.page.bar.is_empty():
        before = (window.page.bar.text, window.page.bar.parts, window.page.bar.filters)
        yield from press("Escape")
        yield lambda before=before: (window.page.bar.text, window.page.bar.parts, window.page.bar.filters) != before
    yield settled(window)
    yield lambda: not window.page.model.banded


def first(program: ui.shell.application.Program) -> Steps:
    yield lambda: program.window is not None and program.window.isActiveWindow() and "first" in program.window._made
    window = program.window
    assert window is not None
    page: Any = window._made["first"]
    counts = [f"{PICTURES} photos", f"{DOCUMENTS} documents"]
    yield lambda: [counted.text() for counted in page._counts.values()] == counts
    say("first run", folders=len(page.chosen()))
    yield from click(page.start)
    yield lambda: window.pages.currentWidget() is window.page
    yield lambda: window.page.model.total > 0
    say("first files", total=window.page.model.total)
    yield lambda: program.indexer.progress.state == "idle" and window.page.model.total == PICTURES + DOCUMENTS
    say("indexed", total=window.page.model.total)
    yield from searching(window)
    yield from by_picture(window)
    yield from filtering(window)
    yield from deciding(window)
    yield from looking(window)
    yield from press("ctrl+q")
    yield lambda: False


def searching(window: Window) -> Steps:
    yield from look_for(window, "a cat")
    say("text", found=shown(window), total=window.page.model.total)
    yield from put_away(window)
    yield from look_for(window, "bicycle insurance")
    say("document", found=shown(window))
    yield from put_away(window)


def by_picture(window: Window) -> Steps:
    path = os.environ["SEMBLANCE_EXAMPLE"]
    yield from drag_file(path, window.page.grid.viewport(), window.page.grid.viewport().rect().center())
    yield lambda: len(window.page.bar.parts) == 1 and window.page.model.banded
    yield settled(window)
    say("picture", found=shown(window), example=Path(path).name)
    grid = window.page.grid
    yield from click(grid.viewport(), grid.visualRect(window.page.model.index(1)).center())
    yield lambda: grid.currentIndex().row() == 1
    example = shown(window)[1]
    yield from press("ctrl+l")
    yield lambda: getattr(window.page.bar.parts[0], "unit_id", None) is not None
    yield settled(window)
    say("more like this", found=shown(window), example=example)


def filtering(window: Window) -> Steps:
    yield from put_away(window)
    yield from click(window.side._buttons["document"])
    yield lambda: window.page.search.question.filters.kind is Kind.DOCUMENT
    yield settled(window)
    hits = [window.page.model.hit(row) for row in range(window.page.model.total)]
    say("filter", total=len(hits), kinds=sorted({hit.kind.value for hit in hits if hit is not None}))
    yield from click(window.side._buttons["all"])
    yield lambda: window.page.model.total == PICTURES + DOCUMENTS


def deciding(window: Window) -> Steps:
    """Confirm the first proposal of the review queue, with the key."""
    yield from click(window.side._buttons["tags"])
    yield lambda: "tags" in window._made and window._made["tags"].review.model.rowCount() > 0  # type: ignore[attr-defined]
    page: Any = window._made["tags"].review  # type: ignore[attr-defined]
    yield settled(window)
    decided = page.model.proposal(0)
    yield from click(page.view.viewport(), page.view.visualRect(page.model.index(0)).center())
    yield page.view.hasFocus
    yield from press("y")
    yield lambda: page.model.rowCount() == 0 or page.model.proposal(0) is not decided
    yield settled(window)
    say("tag", label=decided.label, path=decided.path)


def looking(window: Window) -> Steps:
    yield from click(window.side._buttons["photo"])
    yield lambda: window.page.model.total == PICTURES
    yield settled(window)
    grid = window.page.grid
    yield from click(grid.viewport(), grid.visualRect(window.page.model.index(1)).center())
    yield lambda: grid.hasFocus() and grid.currentIndex().row() == 1
    yield from press("space")
    yield (
        lambda: (
            window.preview.preview is not None
            and window.preview.preview.isVisible()
            and window.preview.preview._sharpness > 0
        )
    )
    preview = window.preview.preview
    assert preview is not None
    say("preview", width=preview.canvas.picture().width())
    yield from press("Right")
    yield lambda: preview.row == 2
    yield from press("Escape")
    yield preview.isHidden


def again(program: ui.shell.application.Program) -> Steps:
    """The second start: the library is there at once, and so is what was said."""
    yield lambda: program.window is not None and program.window.page.model.total > 0
    window = program.window
    assert window is not None
    assert "first" not in window._made
    say("again", total=window.page.model.total)
    yield lambda: program.indexer.progress.state == "idle"
    yield window.isActiveWindow
    label = os.environ["SEMBLANCE_LABEL"]
    yield from look_for(window, f'tag:"{label}"')
    hits = [window.page.model.hit(row) for row in range(window.page.model.total)]
    say("tagged", paths=[hit.path for hit in hits if hit is not None and label in hit.own_tags])
    yield from press("ctrl+q")
    yield lambda: False


def play(which: str) -> int:
    made = ui.shell.application.Program.__init__
    players: list[Player] = []

    def record(self: ui.shell.application.Program, *arguments: object) -> None:
        made(self, *arguments)  # type: ignore[arg-type]
        # A program without a tray says at its first end, in a dialog, that nothing is watched from now on.
        self.context.state.values["quit_told"] = True
        players.append(Player({"first": first, "again": again}[which](self), Path(os.environ["SEMBLANCE_HOME"])))

    ui.shell.application.Program.__init__ = record  # type: ignore[assignment, method-assign]
    status = main([])
    say("quit", status=status)
    return status


if __name__ == "__main__":
    sys.exit(play(sys.argv[1]))
