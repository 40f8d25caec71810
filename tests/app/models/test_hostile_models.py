"""A checkpoint from a stranger is data: nothing in it runs, nothing is fetched, and it is refused in one sentence."""

from __future__ import annotations

import json
import pickle
import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import app.models.install
from app.core.errors import UserError
from app.core.paths import AppDirs
from app.models.allow_list import checked_model_config, checked_text_tower, checked_tokenizer_config
from app.models.checkpoint import checked_copy, load_reference_tokenizer, read_checkpoint
from app.models.convert.preparation import prepare
from app.models.install import use
from app.models.registry import ModelRegistry
from tests.app.models.checkpoints import TINY_TIMM, TINY_VIT, TINY_XLM, make_unigram_tokenizer

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Conversion in this process, so that what a checkpoint does is seen; and no starter."""
    monkeypatch.setattr(app.models.install, "prepare", partial(prepare, isolated=False))
    monkeypatch.setattr("app.models.registry.starter_folder", lambda: tmp_path / "no-starter")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hostile"
    made.mkdir()
    return made


def write(folder: Path, model: dict[str, Any], weights: bytes = b"", **preprocess: Any) -> Path:
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": model, "preprocess_cfg": preprocess}))
    (folder / "open_clip_model.safetensors").write_bytes(weights or safetensors({}))
    return folder


def safetensors(header: dict[str, Any], body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def changed(model: dict[str, Any], tower: str, **entries: Any) -> dict[str, Any]:
    return {**model, tower: {**model[tower], **entries}}


class Touch:
    """A pickle that makes a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.marker,)


def tokenizer_kwargs(**entries: Any) -> Callable[[Path], object]:
    text = {"hf_tokenizer_name": "x", "tokenizer_kwargs": entries}
    return lambda folder: write(folder, changed(TINY_VIT, "text_cfg", **text))


def text_tower(**config: Any) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        (folder / "text_tower").mkdir()
        (folder / "text_tower" / "config.json").write_text(json.dumps(config))
        (folder / "text_tower" / "evil.py").write_text("import pathlib; pathlib.Path('ran').touch()")
        make_unigram_tokenizer(folder)
        write(folder, TINY_XLM)

    return make


def vision(**entries: Any) -> Callable[[Path], object]:
    return lambda folder: write(folder, changed(TINY_TIMM, "vision_cfg", **entries))


def raw(config: bytes) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        write(folder, TINY_VIT)
        (folder / "open_clip_config.json").write_bytes(config)

    return make


def weights(data: bytes) -> Callable[[Path], object]:
    return lambda folder: write(folder, TINY_VIT, data)


def pickled(folder: Path) -> None:
    write(folder, TINY_VIT)
    (folder / "open_clip_model.safetensors").unlink()
    (folder / "open_clip_pytorch_model.bin").write_bytes(pickle.dumps(Touch(folder / "ran")))


def names_a_hub_text_tower(folder: Path) -> None:
    make_unigram_tokenizer(folder)
    write(folder, changed(TINY_XLM, "text_cfg", hf_model_name="evil-org/evil"))


def without_weights(folder: Path) -> None:
    write(folder, TINY_VIT)
    (folder / "open_clip_model.safetensors").unlink()


HOSTILE: dict[str, Callable[[Path], object]] = {
    "trust_remote_code": tokenizer_kwargs(trust_remote_code=True),
    "tokenizer argument that is not known": tokenizer_kwargs(cache_dir="/etc", use_fast=False),
    "cleaning by another name": tokenizer_kwargs(clean="__import__('os')"),
    "text tower on the hub": names_a_hub_text_tower,
    "text tower with code": text_tower(model_type="evil", auto_map={"AutoModel": "evil.Evil"}),
    "text tower of numbers out of bounds": text_tower(model_type="roberta", hidden_size=10**30, vocab_size=-5),
    "image tower on the hub": vision(timm_model_name="hf_hub:evil-org/evil"),
    "image tower in a folder": vision(timm_model_name="local-dir:/evil"),
    "image tower that timm does not know": vision(timm_model_name="evil_tower"),
    "entry that open_clip would hand on": vision(timm_model_kwargs={"exec": "x"}),
    "a wide embedding": raw(json.dumps({"model_cfg": {**TINY_VIT, "embed_dim": 10**12}}).encode()),
    "a large vocabulary": lambda folder: write(folder, changed(TINY_VIT, "text_cfg", vocab_size=10**11)),
    "a negative size": lambda folder: write(folder, changed(TINY_VIT, "vision_cfg", image_size=-224)),
    "a million layers": lambda folder: write(folder, changed(TINY_VIT, "text_cfg", layers=10**6)),
    "a list instead of a table": raw(b"[1, 2, 3]"),
    "a text instead of a tower": raw(json.dumps({"model_cfg": {**TINY_VIT, "text_cfg": "x"}}).encode()),
    "nested a hundred thousand times": raw(b"[" * 100_000),
    "two megabytes of configuration": raw(b'{"a": "' + b"x" * (2 << 20) + b'"}'),
    "no text at all": raw(b"\xff\xfe\x00"),
    "infinite numbers": raw(b'{"model_cfg": {"embed_dim": Infinity, "vision_cfg": {}, "text_cfg": {}}}'),
    "a pickle that runs": pickled,
    "a header of four exabytes": weights(struct.pack("<Q", 1 << 62) + b"{}"),
    "tensors beyond the end": weights(safetensors({"x": {"dtype": "F32", "shape": [4], "data_offsets": [0, 1 << 60]}})),
    "weights of another architecture": weights(safetensors({})),
    "no weights": without_weights,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_checkpoint_is_refused_and_leaves_nothing(
    kind: str, folder: Path, places: AppDirs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    HOSTILE[kind](folder)
    monkeypatch.setattr("socket.socket.connect", _no_network)
    with pytest.raises(UserError) as refused:
        use(places, str(folder))
    assert "\n" not in refused.value.what
    assert "Traceback" not in refused.value.what
    assert refused.value.remedy
    assert not list(tmp_path.rglob("ran")), "something in it ran"
    assert ModelRegistry(places).installed() == []
    assert [file.name for file in places.models.glob("*") if file.is_dir()] == []


def _no_network(*_arguments: object) -> None:
    raise AssertionError("the network was asked")


def test_a_tokenizer_that_names_code_is_read_without_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vocabulary of such a model may be sound; its code never runs, and nobody is asked whether it may."""
    monkeypatch.chdir(folder)
    make_unigram_tokenizer(folder)
    (folder / "evil.py").write_text(f"import pathlib; pathlib.Path({str(folder / 'ran')!r}).touch()\nclass T: pass")
    facts = json.loads((folder / "tokenizer_config.json").read_text())
    facts |= {"auto_map": {"AutoTokenizer": ["evil.T", None]}, "trust_remote_code": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(facts))
    checkpoint = read_checkpoint(write(folder, changed(TINY_VIT, "text_cfg", hf_tokenizer_name="x")))
    monkeypatch.setattr("builtins.input", _no_network)
    tokenizer = load_reference_tokenizer(checkpoint)
    assert tokenizer(["the dog"], context_length=8).shape == (1, 8)
    assert not (folder / "ran").exists()


def test_libraries_see_checked_copies_only(folder: Path) -> None:
    make_unigram_tokenizer(folder)
    (folder / "text_tower").mkdir()
    facts = {
        "model_type": "roberta",
        "hidden_size": 32,
        "auto_map": {"AutoModel": "evil.Evil"},
        "_name_or_path": "/etc",
    }
    (folder / "text_tower" / "config.json").write_text(json.dumps(facts))
    (folder / "modeling_evil.py").write_text("boom")
    with checked_copy(read_checkpoint(write(folder, TINY_XLM))) as copy:
        names = sorted(str(file.relative_to(copy)) for file in copy.rglob("*") if file.is_file())
        assert names == ["open_clip_config.json", "text_tower/config.json", "tokenizer.json", "tokenizer_config.json"]
        assert json.loads((copy / "text_tower/config.json").read_text()) == {"model_type": "roberta", "hidden_size": 32}
        text = json.loads((copy / "open_clip_config.json").read_text())["model_cfg"]["text_cfg"]
        assert text["hf_model_name"] == str(copy / "text_tower")
        assert text["hf_model_pretrained"] is False
    assert not copy.exists()


def test_all_architectures_of_open_clip_are_known() -> None:
    import open_clip

    configs = Path(open_clip.__file__).parent / "model_configs"
    for file in sorted(configs.glob("*.json")):
        model = json.loads(file.read_text())
        assert checked_model_config({"model_cfg": model}) == model, file.name


def test_the_starter_s_own_text_tower_is_known() -> None:
    sizes = {
        "byte_pairs": 49408,
        "width": 256,
        "heads": 4,
        "layers": 4,
        "pieces": 128010,
        "channels": 256,
        "hidden": 768,
    }
    model = changed(TINY_VIT, "text_cfg", multilingual=sizes)
    assert checked_model_config({"model_cfg": model}) == model


def test_what_tokenizers_and_text_towers_say_of_themselves_stays() -> None:
    tokenizer = {"tokenizer_class": "XLMRobertaTokenizer", "pad_token": "<pad>", "padding_side": "right"}
    written = {**tokenizer, "bos_token": {"content": "<s>", "lstrip": False}, "model_max_length": 1e30, "auto_map": {}}
    assert checked_tokenizer_config(written) == {**tokenizer, "bos_token": "<s>"}
    tower = {"model_type": "xlm-roberta", "hidden_size": 768, "layer_norm_eps": 1e-5, "vocab_size": 250_002}
    assert checked_text_tower({**tower, "architectures": ["X"], "torch_dtype": "float32"}) == tower


def test_a_model_of_the_same_name_outlives_a_refused_one(folder: Path, places: AppDirs) -> None:
    kept = places.models / "local--hostile"
    kept.mkdir(parents=True)
    (kept / "model.json").write_text("what was there before")
    HOSTILE["a pickle that runs"](folder)
    with pytest.raises(UserError):
        use(places, str(folder))
    assert (kept / "model.json").read_text() == "what was there before"
