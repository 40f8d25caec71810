"""Makes an installed model ready for this machine: tokenizer, converted towers, the fastest precision that agrees."""

from __future__ import annotations

import contextlib
import logging
import shutil
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.core.errors import UserError
from app.core.records import FloatArray
from app.models.backends.device_benchmark import ProbeSet, Progress, build_probe_set, throughput_of_towers
from app.models.backends.onnx import ONNX_FOLDER, export_image_tower, onnx_targets
from app.models.backends.open_clip import OpenClipEncoder, best_device
from app.models.backends.openvino import IMAGE_TOWER_FILES, OpenVinoEncoder, cache_folder, precisions
from app.models.backends.selection import choose_target
from app.models.backends.targets import clear_crash_marks, openvino_targets, torch_targets
from app.models.bundled import unpack_bundle
from app.models.checkpoint import load_reference, load_reference_tokenizer, read_checkpoint
from app.models.convert.conversion import IMAGE_TOWER, NotConvertible, can_trim, convert_image_tower, convert_text_tower
from app.models.convert.isolation import BENCHMARK, CONVERT, run_isolated
from app.models.convert.mixed_precision import write_mixed_precision_tower
from app.models.convert.parity import acceptable, compare_vectors, images_acceptable, same_retrieval, texts_acceptable
from app.models.convert.quantization import quantize_image_tower
from app.models.manifest import ExecutionTarget, Measurement, ModelInfo, ParityReport
from app.models.registry import ModelRegistry, save_model
from app.models.tokenizer.export import PROBE_TEXTS, export_tokenizer
from app.models.tokenizer.tokenizer import open_tokenizer

log = logging.getLogger(__name__)

# Enough to tell a broken precision, and little enough for the very first start of the program.
_BUNDLED_PROBE_PICTURES = 24

_CALIBRATION_PICTURES = 16
_INT8_GAIN = 1.5


@dataclass(frozen=True)
class PrecisionTrial:
    """A precision tried on the probe set: `images` and `words` are its vectors, (n, d) float32."""

    measurement: Measurement
    agreement: ParityReport
    images: FloatArray
    words: FloatArray


def _no_progress(_what: str, _share: float) -> None:
    pass


def prepare(
    registry: ModelRegistry,
    info: ModelInfo,
    progress: Progress = _no_progress,
    *,
    again: bool = False,
    isolated: bool = True,
) -> ModelInfo:
    """The model, ready to load; at once when it was prepared before (unless `again`).

    Args:
        isolated: convert in a process of its own without network (`app.models.convert.isolation`); else torch is
            imported here.

    Raises:
        UserError: the weights cannot be loaded.
    """
    if info.prepared and not again:
        return info
    with registry.preparing():
        known = registry.find(info.name)
        if known is not None and known.fingerprint == info.fingerprint and known.prepared and not again:
            return known  # another process did it while we waited
        return _save(_prepare(registry, info, progress, isolated), progress)


def benchmark(
    registry: ModelRegistry, info: ModelInfo, progress: Progress = _no_progress, *, isolated: bool = True
) -> ModelInfo:
    """Measure every way to run a model on this machine, PyTorch too, and keep the fastest that agrees.

    PyTorch is for comparison, and for a graphics card that has come since the model was prepared.
    """
    ready = prepare(registry, info, progress, isolated=isolated).on_cpu()
    with registry.preparing():
        measure = partial(run_isolated, BENCHMARK) if isolated else benchmark_here
        return _save(measure(ready, progress), progress)


def benchmark_here(info: ModelInfo, progress: Progress) -> ModelInfo:
    """Measure every way to run a prepared model in this process. Imports torch."""
    model = load_reference(read_checkpoint(info.source, info.weights))
    reference = OpenClipEncoder(replace(info, runtime="torch"), device="cpu", model=model)
    try:
        probe = build_probe_set(info, reference, progress)
        progress("Measuring PyTorch", 0.5)
        original = Measurement("torch", "fp32", *throughput_of_towers(reference, probe))
    finally:
        reference.close()
    clear_crash_marks(info.folder)
    targets = torch_targets()
    if info.runtime == "openvino":
        info = _choose_precision(info, probe, progress, all_of_them=True)
        targets += _other_targets(info, model, all_of_them=True)
    else:
        info = replace(info, measurements=())
    info = replace(info, measurements=(original, *info.measurements))
    return choose_target(info, targets, probe, progress, all_of_them=True)


def _save(info: ModelInfo, progress: Progress) -> ModelInfo:
    save_model(info)
    remove_unused_files(info)
    progress("Ready", 1.0)
    return info


def remove_unused_files(info: ModelInfo) -> None:
    """Remove what was made for precisions and seats that are not used: hundreds of megabytes for a large model."""
    used = {cache_folder("CPU", info.precision), cache_folder("CPU", info.text_precision)}
    used |= {cache_folder(info.seat.device, info.seat.precision)} if info.seat else set()
    # A device that agrees and is slower may still be asked for by name.
    exported = any(one.runtime == "onnxruntime" and one.accepted and one.device != "cpu" for one in info.measurements)
    if exported or (info.seat and info.seat.runtime == "onnxruntime"):
        used.add(ONNX_FOLDER)
    for folder in (*info.folder.glob("cache-*"), *info.folder.glob("onnx-*")):
        if info.runtime != "openvino" or folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)
    for precision, file in IMAGE_TOWER_FILES.items():
        for suffix in (".xml", ".bin") if precision != info.precision else ():
            # Another process may still use it (Windows refuses then): the next preparation removes it.
            with contextlib.suppress(OSError):
                (info.folder / file).with_suffix(suffix).unlink(missing_ok=True)


def _prepare(registry: ModelRegistry, info: ModelInfo, progress: Progress, isolated: bool) -> ModelInfo:
    progress("Reading the model", 0.0)
    info.folder.mkdir(parents=True, exist_ok=True)
    info = replace(info.on_cpu(), runtime="", measurements=(), note="")
    remove_unused_files(info)
    try:
        unpacked = unpack_bundle(info)
        if unpacked is not None:
            return _choose_for_bundled(unpacked, progress)
        return run_isolated(CONVERT, info, progress) if isolated else convert_here(info, progress)
    except PermissionError as error:
        raise UserError(
            f"The model's files in {info.folder} cannot be written.",
            f"Please close other Semblance windows, and check the permissions of {registry.folder}.",
        ) from error


def _choose_for_bundled(info: ModelInfo, progress: Progress) -> ModelInfo:
    """A pack agreed with the original in fp32 when it was made; a faster precision must agree with that.

    Other devices are left to `benchmark`: the first start is to be quick, and this small model waits for decoders.
    """
    if precisions()[0] == "fp32":
        return info
    reference = OpenVinoEncoder(info)
    try:
        probe = build_probe_set(info, reference, progress, _BUNDLED_PROBE_PICTURES)
    finally:
        reference.close()
    return _choose_precision(info, probe, progress)


def convert_here(info: ModelInfo, progress: Progress) -> ModelInfo:
    """Convert the checkpoint of a model in this process. Imports torch."""
    checkpoint = read_checkpoint(info.source, info.weights)
    model = load_reference(checkpoint)
    tokenizer = load_reference_tokenizer(checkpoint)
    text_input = export_tokenizer(checkpoint, tokenizer, info.folder / "tokenizer.json")
    on_torch = replace(info, runtime="torch", device=best_device(), text_input=text_input)
    if text_input.kind == "open_clip":
        return replace(on_torch, note="Its tokenizer has no light form, so this model runs on PyTorch.")
    tokens = open_tokenizer(info.folder / "tokenizer.json", text_input, info.context_length).encode(PROBE_TEXTS)
    trim = can_trim(model, tokens, text_input.pad)
    try:
        progress("Converting the image tower", 0.2)
        convert_image_tower(model, info.preprocess, info.folder)
        progress("Converting the text tower", 0.4)
        convert_text_tower(model, tokens, trim, info.folder)
        converted = replace(on_torch, runtime="openvino", device="cpu", text_input=replace(text_input, trim=trim))
        probe = build_probe_set(info, OpenClipEncoder(on_torch, model=model), progress)
        chosen = _choose_precision(converted, probe, progress)
    except NotConvertible:
        return replace(on_torch, note="This architecture cannot be converted, so it runs on PyTorch.")
    return choose_target(chosen, torch_targets() + _other_targets(chosen, model), probe, progress)


def _other_targets(info: ModelInfo, model: Any, *, all_of_them: bool = False) -> list[ExecutionTarget]:
    """Where the image tower of open_clip's model may run without PyTorch; ONNX Runtime's CPU for `all_of_them`."""
    seats, onnx = openvino_targets(info), onnx_targets(cpu=all_of_them)
    if onnx:
        try:
            export_image_tower(model, info)
            seats += onnx
        except Exception:  # an exporter that does not know the architecture, a full disk
            log.info("%s has no form for ONNX Runtime", info.name, exc_info=True)
    return seats


def _choose_precision(info: ModelInfo, probe: ProbeSet, progress: Progress, *, all_of_them: bool = False) -> ModelInfo:
    """The fastest precision of each tower that agrees with the reference.

    The likely fastest is tried first and taken if both towers agree, and next bf16 with half of the image tower in
    fp32; the others, int8 too, are measured only where neither agrees, or where the first is plain fp32, or for
    `all_of_them`.
    """
    trials: list[PrecisionTrial] = []
    more = True
    for number, precision in enumerate(candidates := precisions()):
        progress(f"Trying {precision}", 0.6 + 0.4 * number / len(candidates))
        trials.append(_try(replace(info, precision=precision, text_precision=precision), probe))
        if precision == "bf16" and not images_acceptable(precision, trials[-1].agreement):
            trials += _try_mixed(info, probe)
        agrees = any(one.measurement.accepted for one in trials)
        more = all_of_them or number > 0 or not agrees or precision == "fp32"
        if not more:
            break
    images = [one for one in trials if images_acceptable(one.measurement.precision, one.agreement)]
    texts = [one for one in trials if texts_acceptable(one.measurement.precision, one.agreement)]
    if not images or not texts:
        raise NotConvertible("the converted towers do not agree with the reference")
    image = max(images, key=lambda one: one.measurement.images_per_second)
    text = max(texts, key=lambda one: one.measurement.texts_per_second)
    if not same_retrieval(compare_vectors(image.images, text.words, probe.images, probe.words)):
        image = text = trials[-1]  # fp32, or what agrees as a whole
    info = replace(
        info, precision=image.measurement.precision, text_precision=_text_precision_for(text.measurement.precision)
    )
    int8 = _try_int8(info, probe, progress) if more else None
    if int8 is not None:
        trials.append(int8)
        if _worth_int8(int8, image):
            info = replace(info, precision="int8")
    return replace(info, measurements=tuple(one.measurement for one in trials))


def _text_precision_for(precision: str) -> str:
    """The text tower's precision beside an image tower in this one."""
    return "bf16" if precision == "mixed" else precision


def _try_mixed(info: ModelInfo, probe: ProbeSet) -> list[PrecisionTrial]:
    """The image tower in bf16 with its first half in fp32, beside the text tower in bf16; none where it cannot be."""
    try:
        write_mixed_precision_tower(info.folder / IMAGE_TOWER)
        return [_try(replace(info, precision="mixed", text_precision=_text_precision_for("mixed")), probe)]
    except (RuntimeError, ValueError):
        log.info("%s has no mixed form", info.name, exc_info=True)
        return []


def _try_int8(info: ModelInfo, probe: ProbeSet, progress: Progress) -> PrecisionTrial | None:
    """The image tower in int8 beside the text tower as chosen; None where it cannot be written so."""
    progress("Trying int8", 0.9)
    try:
        quantize_image_tower(info.folder / IMAGE_TOWER, probe.pixels[:_CALIBRATION_PICTURES])
        trial = _try(replace(info, precision="int8"), probe)
    except (RuntimeError, ValueError):
        log.info("%s has no int8 form", info.name, exc_info=True)
        return None
    accepted = images_acceptable("int8", trial.agreement) and same_retrieval(trial.agreement)
    return replace(trial, measurement=replace(trial.measurement, accepted=accepted))


def _worth_int8(int8: PrecisionTrial, exact: PrecisionTrial) -> bool:
    """Int8 is coarser, so it must be much faster, not a little: finding the right thing comes before speed."""
    rate, exact_rate = int8.measurement.images_per_second, exact.measurement.images_per_second
    return int8.measurement.accepted and rate >= _INT8_GAIN * exact_rate


def _try(info: ModelInfo, probe: ProbeSet) -> PrecisionTrial:
    encoder = OpenVinoEncoder(info)
    try:
        images, words = encoder.encode_images(probe.pixels), encoder.encode_texts(probe.texts)
        agreement = compare_vectors(images, words, probe.images, probe.words)
        accepted = acceptable(info.precision, agreement)
        measurement = Measurement(
            "openvino", info.precision, *throughput_of_towers(encoder, probe), agreement, accepted
        )
        return PrecisionTrial(measurement, agreement, images, words)
    finally:
        encoder.close()
