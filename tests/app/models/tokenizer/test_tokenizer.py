"""The light tokenizers give open_clip's own numbers, on text as wild as people's files hold."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.checkpoint import CONFIG_FILE, Checkpoint
from app.models.manifest import ModelInfo, TextInput
from app.models.tokenizer.bpe_cache import read_vocabulary
from app.models.tokenizer.export import PROBE_TEXTS, export_tokenizer
from app.models.tokenizer.tokenizer import CLEANING, Tokenizer, load_tokenizer, trim_padding
from tests.app.models.checkpoints import make_unigram_tokenizer

WORDS = [
    "dog",
    "<end_of_text>",
    "'s",
    "&amp;",
    "é",
    "寿司",
    "👩‍👩‍👧",
    "\x00",
    "\x1b[1m",
    "ſ",
    "²",
    "ﬁ",
    "\u2028",
    "Ã©",
    "_",
    "!!!",
    " ",
]
wild = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=60).map("".join)


class Pair:
    """A tokenizer of open_clip and the light one made from it."""

    def __init__(self, folder: Path, text_config: dict[str, Any], reference: Any) -> None:
        text_config = {"context_length": reference.context_length, **text_config}
        config = {"model_cfg": {"embed_dim": 8, "vision_cfg": {}, "text_cfg": text_config}}
        checkpoint = Checkpoint(folder, folder / "none", config)
        self.reference = reference
        self.file = folder / "light.json"
        self.text_input = export_tokenizer(checkpoint, reference, self.file)
        self.light = Tokenizer(self.file, self.text_input, reference.context_length)

    def check(self, text: str) -> None:
        expected = self.reference([text]).numpy()[0]
        assert np.array_equal(expected, self.light.encode([text])[0]), repr(text)


def open_clip() -> Any:
    import open_clip

    return open_clip


@pytest.fixture(scope="module", params=["lower", "whitespace", "canonicalize"])
def clip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    reference = open_clip().SimpleTokenizer(context_length=32, clean=request.param)
    return Pair(tmp_path_factory.mktemp("clip"), {"tokenizer_kwargs": {"clean": request.param}}, reference)


@pytest.fixture(scope="module", params=["canonicalize", "whitespace"])
def hugging_face(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A small unigram vocabulary with an end token, padded on the right: SigLIP's form."""
    folder = tmp_path_factory.mktemp("unigram")
    make_unigram_tokenizer(folder)
    text = {"hf_tokenizer_name": "nowhere", "tokenizer_kwargs": {"clean": request.param}, "context_length": 16}
    config = {"model_cfg": {"embed_dim": 8, "vision_cfg": {}, "text_cfg": text}}
    (folder / CONFIG_FILE).write_text(json.dumps(config))
    return Pair(folder, text, open_clip().get_tokenizer(f"local-dir:{folder}"))


@pytest.mark.parametrize("text", PROBE_TEXTS, ids=lambda text: repr(text[:12]))
def test_probes_are_equal(clip: Pair, hugging_face: Pair, text: str) -> None:
    assert clip.text_input.kind == "bpe"
    clip.check(text)
    assert hugging_face.text_input.kind == "json"
    hugging_face.check(text)


@given(text=wild)
@settings(max_examples=150, deadline=None)
def test_wild_text_is_equal(clip: Pair, text: str) -> None:
    clip.check(text)


@given(text=wild)
@settings(max_examples=60, deadline=None)
def test_wild_text_is_equal_for_other_vocabularies(hugging_face: Pair, text: str) -> None:
    hugging_face.check(text)


def test_the_file_is_an_ordinary_one(clip: Pair) -> None:
    """The `tokenizers` library reads the file of `BytePairs` and agrees."""
    library = Tokenizer(clip.file, replace(clip.text_input, kind="json"), clip.light.context_length)
    assert np.array_equal(library.encode(PROBE_TEXTS), clip.light.encode(PROBE_TEXTS))


def test_the_short_form_says_the_same(clip: Pair) -> None:
    short = clip.file.with_suffix(".pairs")
    assert short.is_file()
    again = Tokenizer(clip.file, clip.text_input, clip.light.context_length)
    vocabulary = read_vocabulary(clip.file)
    assert vocabulary.first_made is not None
    assert len(vocabulary.numbers) < 600  # it was read from the short form
    assert np.array_equal(again.encode(PROBE_TEXTS), clip.light.encode(PROBE_TEXTS))


@pytest.mark.parametrize(
    "damage",
    [
        lambda short, _file: short.write_bytes(b"{}"),
        lambda short, _file: short.write_bytes(b"\xff\xfe"),
        lambda short, _file: short.write_bytes(short.read_bytes()[:100]),
        lambda short, _file: short.write_bytes(short.read_bytes()[:-9]),
        lambda short, _file: short.unlink(),
        lambda _short, file: os.utime(file, (1, 1)),  # another tokenizer came in its place
    ],
    ids=["foreign", "not text", "cut", "without its end", "gone", "stale"],
)
def test_a_short_form_that_is_no_use_is_made_anew(
    damage: Callable[[Path, Path], object], clip: Pair, tmp_path: Path
) -> None:
    file = Path(shutil.copy(clip.file, tmp_path / "tokenizer.json"))
    whole = read_vocabulary(file)
    damage(file.with_suffix(".pairs"), file)
    assert len(read_vocabulary(file).numbers) > 600
    assert read_vocabulary(file).ranks == whole.ranks
    assert len(read_vocabulary(file).numbers) < 600


@pytest.mark.parametrize(
    ("pairs", "parts"),
    [
        (["a b", "ab c"], ["a", "b", "c", "abc", "ab"]),
        (["a b", "b c"], ["a", "b", "c", "ab"]),
        (["a bc", "ab c"], ["a", "b", "c", "abc"]),
        ([], ["a"]),
    ],
    ids=["another order", "one missing", "two ways to one part", "no pairs"],
)
def test_a_vocabulary_in_another_order_is_read_as_it_is(pairs: list[str], parts: list[str], tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    numbers = {part: number for number, part in enumerate(["<s>", "</s>", *parts])}
    tokens = [{"content": "<s>"}, {"content": "</s>"}]
    ends = {name: {"ids": [numbers[name]]} for name in ("<s>", "</s>")}
    facts = {"model": {"vocab": numbers, "merges": pairs}, "added_tokens": tokens}
    file.write_text(json.dumps({**facts, "post_processor": {"special_tokens": ends}}))
    read = read_vocabulary(file)
    assert (read.numbers, list(read.ranks), read.first_made) == (numbers, pairs, None)
    assert not file.with_suffix(".pairs").exists()


def test_a_long_text_keeps_its_end(tiny: ModelInfo) -> None:
    tokens = load_tokenizer(tiny).encode(["dog " * 500, "dog"])
    assert tokens.shape == (2, tiny.context_length)
    assert tokens[0, -1] == tokens[1, 2] == tiny.text_input.end


def test_trimmed_keeps_padding_inside() -> None:
    tokens = np.array([[5, 0, 9, 0, 0], [5, 9, 0, 0, 0]], dtype=np.int64)
    assert trim_padding(tokens, 0).tolist() == [[5, 0, 9, 0], [5, 9, 0, 0]]
    assert trim_padding(np.zeros((1, 4), np.int64), 0).shape == (1, 2)


def test_a_tokenizer_that_cannot_be_copied_is_kept(tmp_path: Path) -> None:
    reference = open_clip().SimpleTokenizer(context_length=16, reduction_mask="simple")
    text = SimpleNamespace(model_config={"text_cfg": {}}, context_length=16)
    assert export_tokenizer(text, reference, tmp_path / "t.json") == TextInput(kind="open_clip")  # type: ignore[arg-type]


@given(text=st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=80))
@settings(max_examples=300, deadline=None)
def test_plain_text_needs_no_mending(text: str) -> None:
    """The short cut past ftfy and HTML changes nothing."""
    from open_clip.tokenizer import get_clean_fn

    for name, clean in CLEANING.items():
        assert clean(text) == get_clean_fn(name)(text)
