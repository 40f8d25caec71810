"""What is known of a model before any of it is loaded: one JSON file in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from app.core.atomic_write import write_atomically
from app.models.preprocess import ImagePreprocess

MANIFEST_FILE = "model.json"
# Raised when converted towers of an older program must be made anew. It is not part of the fingerprint: the vectors
# stay comparable, because converted towers are accepted only if they agree with the reference.
CONVERSION_VERSION = 1


@dataclass(frozen=True)
class TextInput:
    """How words become the numbers the text tower reads.

    Attributes:
        kind: "bpe" (CLIP's byte pairs) or "json" (any other) for a `tokenizer.json` that equals open_clip's
            tokenizer; "pair" for byte pairs and the pieces beside them (the starter); "open_clip" where only
            open_clip's itself will do.
        clean: open_clip's cleaning before it: "lower", "whitespace" or "canonicalize".
        pad: the token that fills up to the context length.
        end: the token that stays last when a text is cut, or None.
        trim: whether the padding may be left out without changing the vector.
        strip: a token replaced by 0 afterwards (open_clip's `strip_sep_token`), or None.
    """

    kind: str = "json"
    clean: str = "lower"
    pad: int = 0
    end: int | None = None
    trim: bool = False
    strip: int | None = None


@dataclass(frozen=True)
class ParityReport:
    """How close towers are to the reference on the probe set: cosines, and the share of the top 10 they share."""

    image_mean: float
    image_worst: float
    text_mean: float
    text_worst: float
    top10: float


@dataclass(frozen=True)
class ExecutionTarget:
    """Where an image tower runs.

    Attributes:
        runtime: "openvino", "onnxruntime" or "torch".
        device: "cpu"; OpenVINO's others as it calls them, in small letters ("gpu", "gpu.1", "npu"); "coreml" or
            "directml" (ONNX Runtime); "cuda" or "mps" (PyTorch).
        precision: "fp32", "bf16", "mixed", "fp16" or "int8".
    """

    runtime: str
    device: str
    precision: str


@dataclass(frozen=True)
class Measurement:
    """One way to run the model on this machine: rates per second, and how well it agrees (None for the reference).

    `device` is where the image tower runs; texts stay on the CPU but for PyTorch's devices.
    """

    runtime: str
    precision: str
    images_per_second: float
    texts_per_second: float
    agreement: ParityReport | None = None
    accepted: bool = True
    device: str = "cpu"

    @property
    def seat(self) -> ExecutionTarget:
        return ExecutionTarget(self.runtime, self.device, self.precision)


@dataclass(frozen=True)
class ModelInfo:
    """A model that is installed, or the starter that ships with the program.

    Attributes:
        name: "ViT-B-32-256/datacomp_s34b_b86k", "starter", or the name given to a local checkpoint.
        fingerprint: hex digest of weights, configuration and preprocessing. Vectors of equal fingerprints are
            comparable; another fingerprint means another table.
        dimension: length of a vector. `context_length`: tokens the text tower reads, start and end included.
        folder: where its converted towers and `tokenizer.json` are (`model.json` too).
        source: where its `open_clip_config.json` and weights are; the same folder except for the starter.
        weights: file name of the weights in `source`.
        runtime: "openvino" or "torch"; empty while the model has not been prepared for this machine.
        precision: "fp32", "bf16", "mixed" (see
            `app.models.convert.mixed_precision`), "fp16" or "int8", of the image tower on the CPU;
            `text_precision` of the text tower.
        seat: what encodes pictures faster than the converted tower on the CPU, and agrees; None where nothing does.
            Wherever it is gone, the CPU takes its place.
        device: where pictures are encoded: the seat's device, or "cpu", or PyTorch's "cuda" or "mps".
        batch: pictures the image tower takes at once, by measurement.
        measurements: what was compared on this machine when the choice was made; the chosen one among them.
        note: a sentence for people where something is not as it could be (runs on PyTorch, say).
    """

    name: str
    architecture: str
    fingerprint: str
    dimension: int
    context_length: int
    preprocess: ImagePreprocess
    folder: Path
    source: Path
    weights: str
    text_input: TextInput = field(default_factory=TextInput)
    licence: str = ""
    languages: tuple[str, ...] = ()
    runtime: str = ""
    precision: str = "fp32"
    text_precision: str = "fp32"
    device: str = "cpu"
    seat: ExecutionTarget | None = None
    batch: int = 16
    measurements: tuple[Measurement, ...] = ()
    note: str = ""

    @property
    def tokenizer_file(self) -> Path | None:
        """The light tokenizer, or None before the model is prepared or where only open_clip's own will do."""
        return self.folder / "tokenizer.json" if self.runtime and self.text_input.kind != "open_clip" else None

    @property
    def prepared(self) -> bool:
        """Whether the towers were converted (or found not to be convertible) on this machine."""
        return bool(self.runtime)

    @property
    def chosen(self) -> Measurement | None:
        """The measurement of what is used."""
        seat = self.seat or ExecutionTarget(self.runtime, self.device, self.precision)
        return next((measurement for measurement in self.measurements if measurement.seat == seat), None)

    def on_cpu(self) -> ModelInfo:
        """The same model without its seat: what runs on every machine."""
        return replace(self, seat=None, device="cpu")

    def as_json(self) -> dict[str, Any]:
        """Everything for people and programs, plain values only."""
        facts = asdict(self)
        facts["folder"], facts["source"] = str(self.folder), str(self.source)
        return facts


def write_manifest(info: ModelInfo) -> None:
    """Write `model.json` into the model's folder, whole or not at all. Folders are stored relative to it."""
    facts = info.as_json()
    del facts["folder"]
    facts["source"] = "." if info.source == info.folder else str(info.source)
    write_versioned_json(info.folder / MANIFEST_FILE, facts)


def write_versioned_json(target: Path, facts: Mapping[str, Any]) -> None:
    """Write facts about something converted, whole or not at all, with the conversion they hold for."""
    write_atomically(target, json.dumps({**facts, "conversion": CONVERSION_VERSION}, indent=1).encode())


def read_manifest(folder: Path) -> ModelInfo | None:
    """The model in a folder, or None where there is none or it cannot be read. Reads one small file."""
    try:
        facts = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        info = _from_json(facts, folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if facts.get("conversion") != CONVERSION_VERSION:
        return replace(info, runtime="", measurements=())
    return info


def _from_json(facts: Mapping[str, Any], folder: Path) -> ModelInfo:
    values = {key: value for key, value in facts.items() if key != "conversion"}
    values["folder"] = folder
    values["source"] = folder if facts["source"] == "." else Path(facts["source"])
    values["preprocess"] = preprocess_from_json(facts["preprocess"])
    values["text_input"] = TextInput(**facts["text_input"])
    values["languages"] = tuple(facts["languages"])
    values["measurements"] = tuple(_measurement_from_json(entry) for entry in facts["measurements"])
    values["seat"] = _target_from_json(facts)
    return ModelInfo(**values)


def _target_from_json(facts: Mapping[str, Any]) -> ExecutionTarget | None:
    """The seat; earlier programs chose PyTorch's devices only, and wrote nothing but their name."""
    if facts.get("seat") is not None:
        return ExecutionTarget(**facts["seat"])
    if facts["runtime"] == "openvino" and facts["device"] != "cpu" and "seat" not in facts:
        return ExecutionTarget("torch", facts["device"], "fp16" if facts["device"] == "cuda" else "fp32")
    return None


def preprocess_from_json(facts: Mapping[str, Any]) -> ImagePreprocess:
    """The reverse of `dataclasses.asdict` after JSON has made lists of the tuples."""
    mean, std = (tuple(float(value) for value in facts[key]) for key in ("mean", "std"))
    rest = {key: facts[key] for key in ("size", "mode", "interpolation", "fill")}
    return ImagePreprocess(mean=(mean[0], mean[1], mean[2]), std=(std[0], std[1], std[2]), **rest)


def _measurement_from_json(facts: Mapping[str, Any]) -> Measurement:
    agreement = facts["agreement"]
    return Measurement(**{**facts, "agreement": None if agreement is None else ParityReport(**agreement)})
