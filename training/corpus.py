"""The sentences the text tower learns from: captions, names of things, plain words, documents, short queries.

The captions alone would teach a language of a few thousand words. People also search for words no caption holds,
and the passages of their documents go through the same tower, so it also imitates the teacher on every common
word and on running technical English: the documentation strings of the installed Python packages, which every
machine that trains has anyway.
"""

from __future__ import annotations

import ast
import re
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

# Packages with long, careful English in their documentation strings.
DOCUMENTED = ("numpy", "scipy", "sklearn", "skimage", "PIL", "pyarrow")
LONGEST_PASSAGE = 60  # words; about the 77 tokens of the tower's context

PROMPTS = (
    "{}",
    "a photo of {}",
    "a picture of {}",
    "an image of {}",
    "a close-up photo of {}",
    "a photo of one {}",
    "a photo of the {}",
    "a blurry photo of {}",
    "there is {} in the picture",
    "{} in a photo",
    "a good photo of {}",
    "a small photo of {}",
)


def article(name: str) -> str:
    """A noun with its article: `a dog`, `an owl`; plurals and mass nouns are left alone as far as the form tells."""
    last = name.split(" ")[-1]
    if (last.endswith("s") and not last.endswith("ss")) or last.endswith("ing"):
        return name
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def prompts(name: str) -> list[str]:
    """Every way this project says a label, without and with its article."""
    return [p.format(name if p == "{}" or "the {" in p or "one {" in p else article(name)) for p in PROMPTS]


def imagenet_names(path: Path) -> list[tuple[str, ...]]:
    """The names of the teacher's 1,001 classes, each with its synonyms; the first class is the background."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [tuple(name.strip() for name in line.split(",") if name.strip()) for line in lines if line.strip()]


def passages(random: Random, roots: Iterable[Path] | None = None) -> list[str]:
    """Passages of documentation: whole paragraphs and single sentences, each at most `LONGEST_PASSAGE` words."""
    found: dict[str, None] = {}
    for paragraph in _paragraphs(roots if roots is not None else _documented_roots()):
        words = paragraph.split()
        for sentence in re.split(r"(?<=[.!?]) ", paragraph):
            if 4 <= len(sentence.split()) <= LONGEST_PASSAGE:
                found[sentence] = None
        if len(words) > LONGEST_PASSAGE:
            start = random.randrange(len(words) - LONGEST_PASSAGE)
            words = words[start : start + LONGEST_PASSAGE]
        if len(words) >= 12:
            found[" ".join(words)] = None
    return list(found)


FRAMES = (
    "notes on {}",
    "a letter about {}",
    "invoice for {}",
    "the history of {}",
    "how to choose {}",
    "a report on {} from last year",
    "This chapter explains {}.",
    "We would like to thank you for {}.",
    "Please find attached the document about {}.",
    "What is the best way to deal with {}?",
    "The results show that {} matter more than expected.",
    "Minutes of the meeting: {}.",
    "{}",
    "{}",
    "{}.",
)


def bags(words: Sequence[str], count: int, random: Random) -> list[str]:
    """Random words in the frames of everyday documents, so that no common word is new to the tower."""
    found: dict[str, None] = {}
    for _ in range(count):
        # Commoner words come first in the vocabulary and are drawn more often.
        picked = [words[int(len(words) * random.random() ** 1.5)] for _ in range(random.randint(1, 7))]
        listing = " ".join(picked) if random.random() < 0.5 or len(picked) < 2 else _listing(picked)
        found[random.choice(FRAMES).format(listing)] = None
    return list(found)


def _listing(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def fragments(texts: Sequence[str], count: int, random: Random) -> list[str]:
    """Short pieces of sentences, as people type them into a search bar: two to six neighbouring or picked words."""
    found: dict[str, None] = {}
    for _ in range(count):
        words = random.choice(texts).strip(" .").split()
        length = random.randint(2, 6)
        if len(words) <= length:
            continue
        if random.random() < 0.6:
            start = random.randrange(len(words) - length)
            picked = words[start : start + length]
        else:
            picked = [words[i] for i in sorted(random.sample(range(len(words)), length))]
        found[" ".join(picked)] = None
    return list(found)


def running_text(folder: Path, random: Random, most: int) -> list[str]:
    """What the text tower reads in the end: the `.txt` files of a folder, a paragraph a line, and short pieces of them.

    Args:
        folder: any English prose; the more kinds, the better.
        random: picks.
        most: paragraphs of one file, so that no manual outweighs the rest.
    """
    found: dict[str, None] = {}
    for path in sorted(folder.glob("*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for line in random.sample(lines, min(most, len(lines))):
            words = line.split()
            start = random.randrange(len(words) - LONGEST_PASSAGE + 1) if len(words) > LONGEST_PASSAGE else 0
            found[" ".join(words[start : start + LONGEST_PASSAGE])] = None
    texts = list(found)
    return list(dict.fromkeys([*texts, *fragments(texts, len(texts) // 5, random)]))


def _documented_roots() -> Iterator[Path]:
    paths = sysconfig.get_paths()
    yield Path(paths["stdlib"])
    for name in DOCUMENTED:
        yield Path(paths["purelib"]) / name


def _paragraphs(roots: Iterable[Path]) -> Iterator[str]:
    """The prose paragraphs of the documentation strings below some folders, on one line each."""
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            if {"tests", "test", "site-packages", "idlelib", "lib2to3"} & set(path.relative_to(root).parts):
                continue
            for text in _docstrings(path):
                yield from (p for p in map(_one_line, re.split(r"\n\s*\n", text)) if _is_prose(p))


def _docstrings(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, OSError):  # some packages carry broken files on purpose
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield text


def _one_line(paragraph: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[`*_]{1,3}", "", paragraph)).strip()


def _is_prose(paragraph: str) -> bool:
    """Running text rather than code, tables or doctests: mostly words, and a sentence's length."""
    if len(paragraph) < 25 or paragraph.startswith((">>>", "..", "-", "=")):
        return False
    plain = sum(c.isalpha() or c in " ,.'" for c in paragraph)
    return plain / len(paragraph) > 0.94


@dataclass(frozen=True)
class Amounts:
    """How many generated sentences of each kind."""

    passages: int = 50_000
    fragments: int = 60_000
    bags: int = 60_000


def build(
    captions: Sequence[str], names: Sequence[str], words: Sequence[str], amounts: Amounts, seed: int = 7
) -> list[str]:
    """Everything the text tower learns from, distinct and in a fixed order."""
    random = Random(seed)
    running = passages(random) if amounts.passages else []
    running = random.sample(running, min(len(running), amounts.passages))
    texts = dict.fromkeys(captions)
    texts |= dict.fromkeys(prompt for name in names for prompt in prompts(name))
    texts |= dict.fromkeys(words)
    texts |= dict.fromkeys(running)
    texts |= dict.fromkeys(fragments([*captions, *running], amounts.fragments, random))
    texts |= dict.fromkeys(bags(words, amounts.bags, random))
    return list(texts)
