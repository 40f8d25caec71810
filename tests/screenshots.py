"""The pictures of the README, made by one command: `python -m tests.screenshots [NAME ...]`.

The real window on a library made up of pictures that may be shown: scikit-image's own photographs, and landscapes
and letters drawn here. Each picture stays below 150 KB in `resources/screenshots/`.
"""

from __future__ import annotations

import io
import math
import os
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.core import indexer_protocol
from app.core.indexer_protocol import Progress
from app.core.paths import AppDirs
from app.core.records import Failure
from app.core.settings import SettingsFile
from app.query.library_api import FolderStatus
from app.query.queries import Filters, Hit, ImagePart, Query, Reason, TextPart
from tests.fakes import FakeEntry, FakeLibrary, FakeProposal, FakeTagger, document, failed_file, photo
from ui.i18n.language import translate
from ui.models.model_list import Model
from ui.runtime.context import Context
from ui.runtime.indexer_process import IndexerProcess
from ui.shell.window import Window
from ui.style.theme import Theme

if TYPE_CHECKING:
    import numpy.typing as npt

OUT = Path(__file__).parents[1] / "resources" / "screenshots"
SIZE = (1280, 800)
LIMIT = 150_000
PHOTOGRAPHS = (
    "chelsea", "astronaut", "coffee", "rocket", "motorcycle_left", "moon", "hubble_deep_field", "coins", "camera",
    "grass", "brick", "gravel",
)  # fmt: skip
SKIES = (
    ((255, 196, 150), (112, 120, 190), (60, 62, 110)),
    ((255, 222, 180), (250, 150, 130), (90, 50, 90)),
    ((190, 220, 245), (90, 150, 215), (40, 80, 120)),
    ((240, 240, 250), (150, 180, 210), (70, 100, 130)),
    ((255, 180, 120), (200, 90, 110), (50, 30, 70)),
    ((180, 230, 210), (70, 150, 150), (20, 60, 80)),
    ((40, 50, 100), (20, 24, 60), (8, 10, 26)),
)
CROPS = ((0, 0, 1, 1), (0.1, 0.2, 0.7, 1), (0.4, 0.1, 1, 0.9), (0.2, 0, 0.9, 0.8))
LETTERS = (
    ("Motorcycle insurance 2026", "Insurance.pdf",
     "We confirm that your motorcycle is insured against theft and damage up to 9,400 euros, riders over 23 only.",
     ("motorcycle", "insured")),
    ("Repair invoice no. 114", "Invoice 114.pdf",
     "New brake pads and chain for the motorcycle, two hours of labour. Please transfer the amount by 1 June.",
     ("motorcycle",)),
    ("Loire tour, packing list", "Loire.docx",
     "Day 4: from Amboise along the river, 120 km. Two panniers on each motorcycle, rain clothes on top.",
     ("motorcycle",)),
    ("Driving licence, copy", "Licence.pdf", "Category A: motorcycles without limit of power, valid until 2033.",
     ("motorcycles",)),
)  # fmt: skip


def ridge(rng: random.Random, width: int, base: float, rough: float) -> list[tuple[int, float]]:
    """The skyline of a range of hills: a sum of sines with a little noise."""
    waves = [(rng.uniform(0.5, 1.2) / n, rng.uniform(0.6, 1.6) * n, rng.uniform(0, 7)) for n in range(1, 9)]
    return [
        (x, base + rough * sum(a * math.sin(f * x / width * 6.3 + p) for a, f, p in waves) * 0.35)
        for x in range(0, width + 1, 2)
    ]


def landscape(seed: int, width: int = 900, height: int = 675) -> Image.Image:
    """Hills at some hour of the day."""
    rng = random.Random(seed)
    low, high, dark = SKIES[seed % len(SKIES)]
    rows = np.linspace(0, 1, height)[:, None, None]
    sky = (np.array(high) * (1 - rows) + np.array(low) * rows).repeat(width, axis=1)
    picture = Image.fromarray(sky.astype(np.uint8))
    glow = Image.new("RGB", (width, height))
    x, y = rng.uniform(0.2, 0.8) * width, rng.uniform(0.25, 0.5) * height
    draw = ImageDraw.Draw(glow)
    for radius, shade in ((150, 26), (90, 40), (36, 190)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(shade, shade, int(shade * 0.85)))
    picture = Image.fromarray(
        np.clip(np.asarray(picture, np.int16) + np.asarray(glow.filter(ImageFilter.GaussianBlur(14))), 0, 255).astype(
            np.uint8
        )
    )
    draw = ImageDraw.Draw(picture)
    layers = rng.randint(3, 5)
    for layer in range(layers):
        near = (layer + 1) / layers
        colour = tuple(int(low[c] * (1 - near) * 0.85 + dark[c] * near) for c in range(3))
        line = ridge(rng, width, height * (0.45 + 0.13 * layer), height * (0.16 - 0.02 * layer))
        draw.polygon([(0, height), *line, (width, height)], fill=colour)
    if seed % 3 == 0:
        water = int(height * 0.8)
        mirror = picture.crop((0, water - (height - water), width, water)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        picture.paste(
            Image.blend(mirror, Image.new("RGB", mirror.size, high), 0.25).filter(ImageFilter.GaussianBlur(3)),
            (0, water),
        )
    grain = np.random.default_rng(seed).normal(0, 2.5, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def photograph(name: str) -> Image.Image:
    """One of scikit-image's own photographs."""
    import skimage.data

    pixels: npt.NDArray[np.uint8] = getattr(skimage.data, name)() if hasattr(skimage.data, name) else _file(name)
    return Image.fromarray(pixels).convert("RGB")


def _file(name: str) -> npt.NDArray[np.uint8]:
    import skimage.data

    folder = Path(skimage.data.__file__).parent
    return np.asarray(Image.open(next(folder.glob(f"{name}.*"))))


def letter(title: str, seed: int) -> Image.Image:
    """A page of a letter, as a thumbnail shows it."""
    page = Image.new("RGB", (420, 594), "white")
    draw, rng = ImageDraw.Draw(page), random.Random(seed)
    draw.text((40, 44), title, font=ImageFont.load_default(24), fill=(30, 32, 48))
    for y in range(104, 540, 18):
        if rng.random() < 0.12:
            continue
        draw.rounded_rectangle((40, y, 40 + rng.randint(210, 340), y + 6), 3, fill=(196, 198, 208))
    return page


def jpeg(picture: Image.Image, side: int = 512) -> bytes:
    small, out = picture.copy(), io.BytesIO()
    small.thumbnail((side, side))
    small.save(out, "JPEG", quality=88)
    return out.getvalue()


class Stage:
    """A library, a window, and what a scene does with them."""

    def __init__(self, folder: Path, *, dark: bool = False, fresh: bool = False) -> None:
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        self.app = app
        translate(app, "en_US")
        self.theme = Theme(app, "dark" if dark else "light")
        places = AppDirs(folder / "config", folder / "data", folder / "cache")
        places.create()
        if not fresh:
            SettingsFile(places.settings_file).change(folders=("/home/ada/Pictures", "/home/ada/Documents"))
        self.library, self.tagger = FakeLibrary(hits=[]), FakeTagger()
        self.pictures: dict[str, Image.Image] = {}
        self.folder = folder
        self.context = Context(places, lambda: self.library, tagger=lambda: self.tagger)
        self.indexer = IndexerProcess()
        self.window = Window(self.context, self.indexer)
        self.window.resize(*SIZE)
        self.indexer._say(Progress("idle"))

    def add(self, key: str, picture: Image.Image) -> None:
        self.library.pictures[key] = jpeg(picture)
        self.pictures[key] = picture

    def show(self, hits: list[Hit]) -> None:
        self.library._hits, self.library.count = hits, len(hits)
        self.window.show()
        self.window.page.search.ask()
        self.window.indexer_events.ask_status()
        self.turn(700)

    def turn(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def close(self) -> None:
        self.window.hide()
        self.context.close()
        self.context.tasks.close(wait=True)
        self.window.deleteLater()
        self.turn(20)


def photos(stage: Stage, count: int = 48) -> list[Hit]:
    """Landscapes with the photographs among them."""
    hits = []
    for number in range(count):
        picture = photograph(PHOTOGRAPHS[number // 4 % len(PHOTOGRAPHS)]) if number % 4 == 2 else landscape(number)
        hit = replace(
            photo(number), tags=("mountains", "sunrise", "lake"), why=(Reason("picture", ""),), own_tags=("Dolomites",)
        )
        stage.add(hit.thumbnail, picture)
        hits.append(hit)
    return hits


def letters(stage: Stage) -> list[Hit]:
    hits = []
    for number, (title, name, text, words) in enumerate(LETTERS):
        hit = replace(
            document(number),
            path=f"/home/ada/Documents/{name}",
            title=title,
            snippet=text,
            marks=tuple((text.index(word), text.index(word) + len(word)) for word in words),
            unit_id=f"letter{number}",
            thumbnail=f"letter-{number}",
            page=None if name.endswith("docx") else number + 1,
            why=(Reason("words", words[0]), Reason("passage", "")),
        )
        stage.add(hit.thumbnail, letter(title, number))
        hits.append(hit)
    return hits


def results(stage: Stage) -> QWidget:
    hits = [hit for number, hit in enumerate(photos(stage, 60)) if number % 4 != 2]
    stage.show(hits)
    page = stage.window.page
    page.bar.set_query(
        Query((TextPart("mountains at sunrise"), TextPart("snow", -1.0)), Filters(camera="Fujifilm X-T5"))
    )
    stage.turn(900)
    page.grid.setCurrentIndex(page.model.index(1))
    page.enter_grid()
    stage.turn(500)
    return stage.window


def motorcycle(stage: Stage, number: int) -> Hit:
    """A piece of the photograph of a motorcycle."""
    picture = photograph("motorcycle_left")
    left, top, right, bottom = (
        int(share * side) for share, side in zip(CROPS[number], (*picture.size, *picture.size), strict=True)
    )
    hit = replace(photo(number), thumbnail=f"ride-{number}", unit_id=f"ride{number}", tags=("motorcycle", "garage"))
    stage.add(hit.thumbnail, picture.crop((left, top, right, bottom)))
    return hit


def mixed(stage: Stage) -> QWidget:
    rides, written = [motorcycle(stage, number) for number in range(len(CROPS))], letters(stage)
    others = photos(stage, 22)[8:]
    order = [rides[0], written[0], rides[1], written[1], written[2], rides[2], written[3], rides[3]]
    stage.show([*order, *others])
    page = stage.window.page
    part = ImagePart(unit_id="ride0", weight=0.5)
    page.bar.set_query(Query((TextPart("motorcycle"), part)))
    page.bar.set_picture(part, stage.library.pictures["ride-0"])
    stage.turn(900)
    page.grid.setCurrentIndex(page.model.index(1))
    page.enter_grid()
    stage.turn(500)
    return stage.window


def preview(stage: Stage) -> QWidget:
    hits = photos(stage, 12)
    path = stage.folder / "IMG_2041 Chelsea.jpg"
    photograph("chelsea").resize((1353, 900)).save(path, quality=92)
    stage.add(hits[0].thumbnail, photograph("chelsea"))
    stage.show([replace(hits[0], path=path.as_posix()), *hits[1:]])
    stage.window.preview.show_row(0)
    stage.turn(900)
    shown = stage.window.preview.preview
    assert shown is not None
    from PySide6.QtCore import QRectF

    shown._cut.setChecked(True)
    shown.canvas.selection = QRectF(0.36, 0.14, 0.34, 0.5)
    shown.canvas.selected.emit()
    stage.turn(200)
    return stage.window


def tagging(stage: Stage) -> QWidget:
    names = {"mountains": 31, "sunset": 24, "lake": 18, "cat": 6, "coffee": 4, "spacecraft": 3, "letter": 12}
    stage.tagger.entries = {name: FakeEntry(name) for name in names}
    hits = photos(stage, 60)
    hills = [hit for number, hit in enumerate(hits) if number % 4 != 2]
    for name, count in names.items():
        stage.tagger.waiting[name] = [
            FakeProposal(hit.path, hit.thumbnail, name, 0.98 - 0.021 * place) for place, hit in enumerate(hills[:count])
        ]
    stage.show(hits)
    stage.window.go("tags")
    stage.turn(600)
    page = stage.window._made["tags"].review  # type: ignore[attr-defined]
    page.labels.setCurrentRow(1)  # type: ignore[attr-defined]
    stage.turn(900)
    return stage.window


def indexing(stage: Stage) -> QWidget:
    stage.library.folders = (
        FolderStatus("/home/ada/Pictures", True, 11_243, 0, None, 2),
        FolderStatus("/home/ada/Documents", True, 12, 1_145, None, 1),
    )
    for path, pending in (("/home/ada/Pictures", 27_480), ("/home/ada/Documents", 120)):
        stage.indexer._take(indexer_protocol.encode_message(indexer_protocol.FolderState(path, True, pending)).encode())
    stage.library.failed = [
        failed_file("/home/ada/Pictures/2019/IMG_2041.jpg"),
        replace(
            failed_file("/home/ada/Documents/Tax 2018.pdf", Failure.ENCRYPTED),
            reason="It is protected with a password.",
            advice="Save a copy without one, if you may.",
        ),
    ]
    stage.show(photos(stage, 12))
    stage.window.go("folders")
    stage.indexer._say(
        Progress("indexing", 12_400, 40_000, 3, 38.0, 726.0, "/home/ada/Pictures/2021/Dolomites/IMG_7312.heic")
    )
    page = stage.window._made["folders"]
    page.models.show_models(models())  # type: ignore[attr-defined]
    stage.turn(600)
    page.models.show_models(models())  # type: ignore[attr-defined]
    stage.turn(100)
    return stage.window


def models() -> list[Model]:
    return [
        Model(
            "starter", "Starter", "Ships with Semblance and works at once.", "Apache-2.0", ("English",), 0, True, True,
        ),
        Model(
            "b", "ViT-B-32-256", "The best balance of speed and quality for a library in English.", "MIT", ("English",),
            605_160_000, False, False,
        ),
        Model(
            "s", "ViT-B-32-SigLIP2-256", "Better finds and many languages at nearly the same speed.", "Apache-2.0",
            ("about 100 languages",), 1_507_000_000, False, False,
        ),
    ]  # fmt: skip


def nothing(stage: Stage) -> QWidget:
    stage.show(photos(stage, 12))
    stage.window.page.view.show_details(False)
    stage.window.page.ask("a unicorn in the rain")
    stage.turn(900)
    return stage.window


def first_run(stage: Stage) -> QWidget:
    for name, files in (("Pictures", 412), ("Documents", 86)):
        folder = stage.folder / name
        folder.mkdir()
        for number in range(files):
            (folder / f"{number}.{'jpg' if name == 'Pictures' else 'pdf'}").touch()
    stage.window.show_first_run()
    page = stage.window._made["first"]
    for name in ("Pictures", "Documents"):
        page.add(str(stage.folder / name))  # type: ignore[attr-defined]
    stage.window.resize(1280, 980)
    stage.window.show()
    stage.turn(1500)
    page.models.show_models(models()[:2])  # type: ignore[attr-defined]
    stage.turn(200)
    return stage.window


def palette(stage: Stage) -> QWidget:
    from ui.search.palette import Palette

    found = [motorcycle(stage, 0), *letters(stage)[:2], motorcycle(stage, 1), *letters(stage)[2:], motorcycle(stage, 2)]
    stage.library._hits, stage.library.count = found, len(found)
    made = Palette(stage.context)
    made.show_centred()
    made.line.setText("motorcycle")
    made._typed()
    stage.turn(1500)
    return made


Scene = Callable[[Stage], QWidget]
SCENES: dict[str, tuple[Scene, dict[str, bool]]] = {
    "first-run": (first_run, {"fresh": True}),
    "results": (results, {}),
    "results-dark": (results, {"dark": True}),
    "mixed": (mixed, {}),
    "preview": (preview, {}),
    "tagging": (tagging, {}),
    "indexing": (indexing, {}),
    "nothing-found": (nothing, {}),
    "palette": (palette, {}),
}


def save(widget: QWidget, name: str) -> Path:
    """The widget as PNG where that is small enough, else as the best JPEG that is."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")  # type: ignore[call-overload]
    shot = Image.open(io.BytesIO(bytes(data.data()))).convert("RGBA")
    # The palette floats: it is shown on a plain desk.
    margin = 24 if shot.getpixel((0, 0))[3] == 0 else 0
    picture = Image.new("RGB", (shot.width + 2 * margin, shot.height + 2 * margin), (214, 215, 226))
    picture.paste(shot, (margin, margin), shot)
    for suffix in (".png", ".jpg"):
        (OUT / f"{name}{suffix}").unlink(missing_ok=True)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    path = OUT / f"{name}.png"
    quality = 92
    while len(out.getvalue()) > LIMIT:
        out, path = io.BytesIO(), OUT / f"{name}.jpg"
        picture.save(out, "JPEG", quality=quality, optimize=True, subsampling=0 if quality > 84 else 2)
        quality -= 3
    path.write_bytes(out.getvalue())
    return path


def main(names: list[str]) -> None:
    OUT.mkdir(exist_ok=True)
    for name, (scene, options) in SCENES.items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory(prefix="semblance-") as folder:
            stage = Stage(Path(folder), **options)
            path = save(scene(stage), name)
            print(f"{path.name}: {path.stat().st_size // 1000} KB")
            stage.close()


if __name__ == "__main__":
    main(sys.argv[1:])
