"""The program's own line icons (`resources/icons/line/*.svg`), tinted by the palette and sharp at any scale."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.style import theme


@lru_cache(maxsize=128)
def _source(name: str, folder: str) -> str:
    return (files("resources") / "icons" / folder / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, side: int, ratio: float = 1.0, folder: str = "line") -> QPixmap:
    """One icon drawn with `currentColor` as `colour`, `side` logical pixels wide."""
    made = QImage(round(side * ratio), round(side * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    _renderer(name, colour, folder).render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    picture = QPixmap.fromImage(made)
    picture.setDevicePixelRatio(ratio)
    return picture


def _renderer(name: str, colour: str, folder: str) -> QSvgRenderer:
    tokens = theme.tokens()
    text = _source(name, folder).replace("currentColor", colour)
    # Illustrations name the tokens they use, so that they follow light and dark.
    for token in ("accent", "tint", "line", "muted", "raised", "sunken", "ground", "mark"):
        text = text.replace(f"var(--{token})", str(getattr(tokens, token)))
    return QSvgRenderer(QByteArray(text.encode()))


class _Engine(QIconEngine):
    """Draws an icon in the colour its state calls for, each time in the tokens in force."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def _tint(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        tokens = theme.tokens()
        if mode is QIcon.Mode.Disabled:
            return tokens.line
        if self._colour.startswith("#"):
            return self._colour
        if state is QIcon.State.On:
            return tokens.accent
        return str(getattr(tokens, self._colour))

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, state: QIcon.State) -> None:
        area = QRectF(rect)  # type: ignore[call-overload]
        side = min(area.width(), area.height())
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        area = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        drawn = pixmap(self._name, self._tint(mode, state), round(side), ratio)
        painter.drawPixmap(area, drawn, QRectF(drawn.rect()))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(self._name, self._tint(mode, state), min(size.width(), size.height()))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # The size is in logical pixels: the picture has `scale` times as many.
        return pixmap(self._name, self._tint(mode, state), min(size.width(), size.height()), scale)

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour)


def icon(name: str, colour: str = "muted") -> QIcon:
    """An icon that follows light and dark by itself; `colour` names a token or is #rrggbb."""
    return QIcon(_Engine(name, colour))


def illustration(name: str, side: int, ratio: float = 1.0) -> QPixmap:
    """One of the drawings of the empty pages, in the colours in force."""
    return _illustration(name, side, ratio, theme.tokens())


@lru_cache(maxsize=32)
def _illustration(name: str, side: int, ratio: float, tokens: theme.Tokens) -> QPixmap:
    return pixmap.__wrapped__(name, tokens.muted, side, ratio, "empty")


def app_icon() -> QIcon:
    """The program's icon, from its drawn sizes."""
    made = QIcon()
    for side in (16, 32, 48, 64, 128, 256):
        path = files("resources") / "icons" / f"semblance-{side}.png"
        made.addFile(str(path), QSize(side, side))
    return made
