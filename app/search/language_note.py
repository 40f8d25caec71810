"""What to say where the model in use does not read the language of a query."""

from __future__ import annotations

from collections.abc import Collection

from app.models.catalog import CATALOG, ENGLISH
from app.text.language import query_language

LANGUAGE_NAMES = {
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
_SHARED_SCRIPT = {"zh": frozenset(("zh", "ja")), "uk": frozenset(("uk", "ru"))}


def unread_language(text: str, read: Collection[str]) -> str:
    """The ISO 639-1 code of a query's language where it is not among those that the model reads, else ""."""
    language = query_language(text)
    return "" if _SHARED_SCRIPT.get(language, frozenset((language,))).intersection(read) else language


def language_note(model: str, language: str) -> str:
    """One sentence: what the model does not read, and which one does."""
    other = next(entry.name for entry in CATALOG if entry.languages != ENGLISH)
    return f"The model {model} does not read {LANGUAGE_NAMES[language]}; {other} does."
