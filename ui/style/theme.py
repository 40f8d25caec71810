"""Colours, sizes and type: a handful of tokens, light and dark, from which palette and style sheet are made.

Lengths are multiples of a 4-pixel grid. Every text colour has a contrast of at least 4.5 on every ground it stands
on; `tests/ui/style/test_theme.py` computes it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

GRID = 4
RADIUS = 10
FADE_MS = 140

# What Fusion answers where the desktop has no accent of its own.
_NO_ACCENT = {"#308cc6", "#000000", "#ffffff"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one appearance, as #rrggbb.

    Attributes:
        ground: the window; side: the side bar; raised: cards, fields, menus; sunken: wells and hovered rows.
        line: hairlines; text, muted: primary and secondary text; accent: the one colour; on_accent: text on it.
        tint: the accent, faint, behind chosen things; mark: behind words that were found.
    """

    dark: bool
    ground: str
    side: str
    raised: str
    sunken: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    tint: str
    mark: str
    good: str
    warn: str
    bad: str


LIGHT = Tokens(
    dark=False,
    ground="#ffffff",
    side="#f6f6f9",
    raised="#ffffff",
    sunken="#f0f0f5",
    line="#e3e3ea",
    text="#1a1a21",
    muted="#5f606e",
    accent="#5650d6",
    on_accent="#ffffff",
    tint="#ecebfc",
    mark="#ffe9a8",
    good="#12703f",
    warn="#8a5300",
    bad="#b3261e",
)
DARK = Tokens(
    dark=True,
    ground="#17171b",
    side="#1e1e23",
    raised="#26262c",
    sunken="#222228",
    line="#34343c",
    text="#ededf2",
    muted="#a5a6b3",
    accent="#a29ff8",
    on_accent="#15131f",
    tint="#312f52",
    mark="#5c4a12",
    good="#6fd39b",
    warn="#f0b55c",
    bad="#ff9d94",
)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2."""
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def with_accent(tokens: Tokens, accent: str) -> Tokens:
    """The tokens with the desktop's accent, made legible on every ground it is used on as text."""
    colour = QColor(accent)
    hue, saturation, lightness = colour.hslHueF(), colour.hslSaturationF(), colour.lightnessF()
    step = 0.02 if tokens.dark else -0.02
    grounds = (tokens.ground, tokens.side, tokens.raised, tokens.sunken)
    share = 0.22 if tokens.dark else 0.11
    tint = _mix(colour.name(), tokens.ground, share)
    while min(contrast(colour.name(), ground) for ground in (*grounds, tint)) < 4.5 and 0 <= lightness + step <= 1:
        lightness += step
        colour = QColor.fromHslF(max(hue, 0.0), saturation, lightness)
        tint = _mix(colour.name(), tokens.ground, share)
    on_accent = max(("#ffffff", "#15131f"), key=lambda c: contrast(c, colour.name()))
    return replace(tokens, accent=colour.name(), on_accent=on_accent, tint=tint)


def _mix(colour: str, ground: str, share: float) -> str:
    one, other = QColor(colour), QColor(ground)
    return QColor(
        round(one.red() * share + other.red() * (1 - share)),
        round(one.green() * share + other.green() * (1 - share)),
        round(one.blue() * share + other.blue() * (1 - share)),
    ).name()


_current: list[Tokens] = [LIGHT]


def tokens() -> Tokens:
    """The tokens in force: for whatever paints itself."""
    return _current[0]


def font(points: float = 0.0, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The window's font, `points` larger or smaller than its base size."""
    made = QFont(QApplication.font())
    made.setPointSizeF(made.pointSizeF() + points)
    made.setWeight(weight)
    return made


def base_font() -> QFont:
    """The desktop's own font; where it names none, a legible one instead of the X server's default."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if sys.platform.startswith("linux") and made.family().lower() in {
        "",
        "sans",
        "sans serif",
        "sans-serif",
        "dejavu sans",
    }:
        known = set(QFontDatabase.families())
        family = next((name for name in ("Inter", "Cantarell", "Noto Sans", "Open Sans") if name in known), None)
        if family is not None:
            made.setFamily(family)
            made.setPointSizeF(10)
    return made


class Theme(QObject):
    """Keeps the program's look in step with the desktop and the setting.

    Signals:
        changed(): the tokens in force are others; whoever paints or tints icons does it again.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._accent = app.palette().accent().color().name()
        app.setStyle("Fusion")
        app.setFont(base_font())
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Follow the desktop ("system"), or stay "light" or "dark"."""
        self._choice = choice
        scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(choice, Qt.ColorScheme.Unknown)
        self._app.styleHints().setColorScheme(scheme)
        self._follow()

    def _follow(self) -> None:
        dark = self._choice == "dark"
        if self._choice == "system":
            dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        chosen = DARK if dark else LIGHT
        if self._accent not in _NO_ACCENT:
            chosen = with_accent(chosen, self._accent)
        use(self._app, chosen)
        self.changed.emit()


def use(app: QApplication, chosen: Tokens) -> None:
    """Put tokens in force: palette, style sheet, and what paints itself."""
    from ui.style.stylesheet import stylesheet

    _current[0] = chosen
    app.setPalette(palette(chosen))
    app.setStyleSheet(stylesheet(chosen))


def palette(chosen: Tokens) -> QPalette:
    """The Qt palette, for whatever the style sheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, chosen.ground),
        (role.Base, chosen.raised),
        (role.AlternateBase, chosen.sunken),
        (role.Button, chosen.raised),
        (role.WindowText, chosen.text),
        (role.Text, chosen.text),
        (role.ButtonText, chosen.text),
        (role.ToolTipBase, chosen.raised),
        (role.ToolTipText, chosen.text),
        (role.PlaceholderText, chosen.muted),
        (role.Highlight, chosen.accent),
        (role.HighlightedText, chosen.on_accent),
        (role.Link, chosen.accent),
        (role.Accent, chosen.accent),
        (role.Mid, chosen.line),
    ):
        made.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(_mix(chosen.muted, chosen.ground, 0.6)))
    return made
