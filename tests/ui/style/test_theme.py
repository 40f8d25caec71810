"""Contrast of every text colour on every ground it stands on, light and dark, with any accent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.style.stylesheet import stylesheet
from ui.style.theme import DARK, LIGHT, contrast, with_accent

GROUNDS = ("ground", "side", "raised", "sunken")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["text", "muted", "accent", "good", "warn", "bad"])
def test_text_is_legible(tokens, ground, text):
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_tints_is_legible(tokens):
    assert contrast(tokens.accent, tokens.tint) >= 4.5
    assert contrast(tokens.text, tokens.tint) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.text, tokens.mark) >= 4.5


@given(st.integers(0, 0xFFFFFF), st.sampled_from([LIGHT, DARK]))
def test_any_accent_of_a_desktop_becomes_legible(colour, tokens):
    made = with_accent(tokens, f"#{colour:06x}")
    assert contrast(made.on_accent, made.accent) >= 4.5
    for ground in (*GROUNDS, "tint"):
        assert contrast(made.accent, getattr(made, ground)) >= 4.4


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_style_sheet_has_no_hole():
    for tokens in (LIGHT, DARK):
        assert "{" in stylesheet(tokens)
        assert "{{" not in stylesheet(tokens)
