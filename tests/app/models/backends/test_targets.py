"""Other devices for pictures: chosen only when faster and right, and the CPU is there whenever they are not.

There is no graphics card in a test machine. OpenVINO's own composite devices, ONNX Runtime on its CPU and PyTorch on
the CPU stand in for one: other code, other files, the same questions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import app.models.convert.preparation
from app.core.errors import UserError
from app.core.records import FloatArray, PixelArray
from app.models.backends import openvino, selection, targets
from app.models.backends.device_benchmark import ProbeSet, build_probe_set
from app.models.backends.openvino import OpenVinoEncoder, cpu_image_tower, other_devices
from app.models.backends.selection import choose_target
from app.models.backends.targets import CpuFallback, crash_guard, open_target, save_golden_vectors
from app.models.convert.preparation import benchmark
from app.models.encoder import open_encoder
from app.models.encoding import Encoder
from app.models.manifest import ExecutionTarget, ModelInfo, read_manifest
from app.models.registry import ModelRegistry, save_model

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)

HETERO = ExecutionTarget("openvino", "hetero:cpu", "fp32")
MISSING = ExecutionTarget("openvino", "gpu.7", "fp16")


def silent(_what: str, _share: float) -> None:
    pass


@pytest.fixture
def info(own_registry: ModelRegistry) -> ModelInfo:
    return own_registry.current()


@pytest.fixture(scope="module")
def probe(tiny: ModelInfo) -> ProbeSet:
    """What the tiny model in fp32 says."""
    with closing(OpenVinoEncoder(replace(tiny, precision="fp32", text_precision="fp32"))) as reference:
        return build_probe_set(tiny, reference, silent)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever agrees is taken, however slow a tiny model is there."""
    monkeypatch.setattr(selection, "_GAIN", 0.0)


def agrees(encoder: Encoder, probe: ProbeSet) -> bool:
    """Any number of pictures, also one more than a batch, gives the reference's vectors."""
    found = [encoder.encode_images(probe.pixels[:count]) for count in (0, 1, 17)]
    assert [len(vectors) for vectors in found] == [0, 1, 17]
    cosines = [(vectors * probe.images[: len(vectors)]).sum(axis=1) for vectors in found]
    return all((one > 0.999).all() for one in cosines)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("device", ["HETERO:CPU", "BATCH:CPU", "AUTO"])
def test_a_device_that_agrees_is_taken(
    device: str, own_registry: ModelRegistry, info: ModelInfo, probe: ProbeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "other_devices", lambda: {device: ["fp16", "fp32"]})
    monkeypatch.setattr(selection, "images_acceptable", lambda precision, _agreement: precision == "fp32")
    chosen = choose_target(info, targets.openvino_targets(info), probe, silent)
    assert chosen.seat == ExecutionTarget("openvino", device.lower(), "fp32")
    assert [(one.precision, one.accepted) for one in chosen.measurements[-2:]] == [("fp16", False), ("fp32", True)]
    assert chosen.chosen == chosen.measurements[-1]
    save_model(chosen)
    assert read_manifest(chosen.folder) == chosen
    with closing(open_encoder(own_registry, own_registry.current())) as encoder:
        assert encoder.info.device == device.lower()
        assert agrees(encoder, probe)
    for device_asked in ("cpu", "auto"):
        with closing(open_encoder(own_registry, chosen, device=device_asked, towers=("image",))) as encoder:
            assert encoder.info.device == "cpu", "one picture is encoded before another device is ready"


def test_a_device_that_is_hardly_faster_is_not_worth_it(
    info: ModelInfo, probe: ProbeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "_GAIN", 1e9)
    chosen = choose_target(info, [HETERO], probe, silent)
    assert (chosen.seat, chosen.device) == (None, "cpu")
    assert chosen.measurements[-1].device == "hetero:cpu"
    assert chosen.chosen in info.measurements


@pytest.mark.usefixtures("eager")
def test_pytorch_on_a_device_is_measured_like_the_others(info: ModelInfo, probe: ProbeSet) -> None:
    chosen = choose_target(info, [ExecutionTarget("torch", "cpu", "fp32")], probe, silent)
    assert chosen.measurements[-1].runtime == "torch"
    assert chosen.measurements[-1].accepted


class Broken:
    """An image tower on a device with a bad driver."""

    def __init__(self, info: ModelInfo, way: str) -> None:
        self._tower, self._way = cpu_image_tower(info, None), way

    def __call__(self, pixels: PixelArray) -> FloatArray:
        vectors = self._tower(pixels)
        if self._way == "raises":
            raise RuntimeError("CL_OUT_OF_RESOURCES")
        if self._way == "not numbers":
            vectors[0, 0] = np.nan
        if self._way == "nonsense":
            return np.roll(vectors, 1, axis=1)
        return np.zeros_like(vectors) if self._way == "nothing" else vectors


WAYS = ("raises", "not numbers", "nonsense", "nothing")


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("way", WAYS)
def test_a_broken_device_is_never_chosen(
    way: str, info: ModelInfo, probe: ProbeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "open_image_tower", lambda info, _seat: Broken(info, way))
    chosen = choose_target(info, [ExecutionTarget("openvino", "npu", "fp16")], probe, silent)
    assert (chosen.seat, chosen.device) == (None, "cpu")
    assert not [one for one in chosen.measurements if one.device == "npu" and one.accepted]


class Cores:
    """OpenVINO on a machine with two graphics cards, one of them with a bad driver, and a neural processor."""

    available_devices = ("CPU", "GPU.0", "GPU.1", "NPU")

    def get_property(self, device: str, name: str) -> list[str]:
        assert name == "OPTIMIZATION_CAPABILITIES"
        if device == "GPU.1":
            raise RuntimeError("CL_DEVICE_NOT_FOUND")
        return {"GPU.0": ["FP32", "BIN", "FP16", "INT8"], "NPU": ["FP16", "INT8", "EXPORT_IMPORT"]}[device]


def test_devices_say_what_they_can(info: ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CPU" not in other_devices()
    runtime = SimpleNamespace(Core=Cores)
    monkeypatch.setattr(openvino, "import_openvino_runtime", lambda: runtime)
    found = [
        ExecutionTarget("openvino", "gpu.0", "fp16"),
        ExecutionTarget("openvino", "gpu.0", "fp32"),
        ExecutionTarget("openvino", "npu", "fp16"),
    ]
    assert targets.openvino_targets(info) == found


def test_drivers_that_fail_when_they_are_listed_are_none(info: ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("Cannot load library libopenvino_intel_gpu_plugin.so")

    monkeypatch.setattr(targets, "other_devices", fail)
    assert targets.openvino_targets(info) == []


@pytest.mark.usefixtures("eager")
def test_a_device_that_is_named_and_not_there_is_a_line_in_the_log(info: ModelInfo, probe: ProbeSet) -> None:
    assert choose_target(info, [MISSING], probe, silent) == info


@pytest.mark.parametrize(
    "seat", [MISSING, ExecutionTarget("onnxruntime", "coreml", "fp16"), ExecutionTarget("torch", "mps", "fp32")]
)
def test_an_unplugged_device_gives_way_to_the_cpu(
    seat: ExecutionTarget,
    own_registry: ModelRegistry,
    info: ModelInfo,
    probe: ProbeSet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_golden_vectors(info, probe.pixels, probe.images)
    save_model(replace(info, seat=seat, device=seat.device))
    monkeypatch.setattr(app.models.convert.preparation, "prepare", None)  # nothing is prepared again
    with closing(open_encoder(own_registry, own_registry.current())) as encoder:
        assert (encoder.info.device, encoder.info.seat) == ("cpu", None)
        assert agrees(encoder, probe)
    assert own_registry.current().seat == seat, "it is used again when it is back"


@pytest.mark.parametrize("way", WAYS)
def test_a_device_whose_driver_broke_since_is_not_used(
    way: str, info: ModelInfo, probe: ProbeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_golden_vectors(info, probe.pixels, probe.images)
    monkeypatch.setattr(targets, "open_image_tower", lambda info, _seat, _threads: Broken(info, "works"))
    assert open_target(info, HETERO, None) is not None
    monkeypatch.setattr(targets, "open_image_tower", lambda info, _seat, _threads: Broken(info, way))
    assert open_target(info, HETERO, None) is None


@pytest.mark.parametrize("way", ["raises", "not numbers"])
def test_a_device_that_fails_at_work_is_relieved(way: str, info: ModelInfo, probe: ProbeSet) -> None:
    opened = []

    def relief() -> targets.ImageTower:
        opened.append(way)
        return cpu_image_tower(info, None)

    with closing(OpenVinoEncoder(info, image=CpuFallback(Broken(info, way), relief))) as encoder:
        assert agrees(encoder, probe)
    assert opened == [way], "the device is not asked again"


def test_a_device_is_asked_for_by_name(own_registry: ModelRegistry, info: ModelInfo, probe: ProbeSet) -> None:
    with pytest.raises(UserError, match="no usable npu device"):
        open_encoder(own_registry, info, device="npu")
    tried = choose_target(info, [HETERO], probe, silent)
    known = replace(tried, measurements=tuple(replace(one, device="gpu.7") for one in tried.measurements))
    with pytest.raises(UserError, match=r"no usable gpu\.7 device"):
        open_encoder(own_registry, known, device="gpu")
    with pytest.raises(UserError, match="no usable npu device"):
        open_encoder(own_registry, replace(info, runtime="torch"), device="npu")
    open_encoder(own_registry, info, device="npu", towers=("text",)).close()  # texts are encoded on the CPU anyway


def crash(info: ModelInfo) -> None:
    """A driver ends the program in the middle of an attempt."""
    code = f"""
import os
from pathlib import Path
from app.models.backends.targets import crash_guard
from app.models.manifest import ExecutionTarget
with crash_guard(Path({str(info.folder)!r}), {HETERO!r}):
    os._exit(139)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 139


@pytest.mark.usefixtures("eager")
def test_a_device_that_takes_the_program_down_does_so_twice_at_most(
    own_registry: ModelRegistry, info: ModelInfo, probe: ProbeSet
) -> None:
    crash(info)
    crash(info)
    assert choose_target(info, [HETERO], probe, silent) == info
    save_model(replace(info, seat=HETERO, device=HETERO.device))
    with closing(open_encoder(own_registry, own_registry.current())) as encoder:
        assert encoder.info.device == "cpu"
    targets.clear_crash_marks(info.folder)  # as a benchmark does
    again = choose_target(info, [HETERO], probe, silent)
    assert again.seat == HETERO
    crash(info)  # somebody ended the program
    assert open_target(again, HETERO, None) is not None
    assert not list(info.folder.glob("trying-*")), "it works, so the one before is forgotten"


def test_two_programs_may_open_a_device_at_once(info: ModelInfo) -> None:
    other = info.folder / f"trying-{HETERO.runtime}-hetero-cpu.{os.getppid()}"
    other.touch()
    with crash_guard(info.folder, HETERO):
        pass
    assert [note.name for note in info.folder.glob("trying-*")] == [other.name]


@pytest.mark.usefixtures("eager")
def test_a_benchmark_compares_them_all(
    own_registry: ModelRegistry, info: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "other_devices", lambda: {"HETERO:CPU": ["fp32"], "GPU.7": ["fp16"]})
    said: list[str] = []
    best = benchmark(own_registry, info, lambda what, _share: said.append(what), isolated=False)
    found = {(one.runtime, one.device) for one in best.measurements}
    assert found == {("torch", "cpu"), ("openvino", "cpu"), ("openvino", "hetero:cpu"), ("onnxruntime", "cpu")}
    assert "Trying fp32 (hetero:cpu)" in said
    assert best.chosen is not None
    assert best.seat == best.chosen.seat
    assert own_registry.current() == best


OLD = ({"device": "cpu"}, {"device": "cuda"}, {"device": "mps"})


@pytest.mark.parametrize("facts", OLD)
def test_what_an_earlier_program_wrote_is_read(
    facts: dict[str, str], info: ModelInfo, own_registry: ModelRegistry
) -> None:
    import json

    file = info.folder / "model.json"
    written = json.loads(file.read_text())
    del written["seat"]
    for measurement in written["measurements"]:
        del measurement["device"]
    file.write_text(json.dumps({**written, **facts}))
    read = own_registry.current()
    assert read.measurements == info.measurements
    expected = {
        "cpu": None,
        "cuda": ExecutionTarget("torch", "cuda", "fp16"),
        "mps": ExecutionTarget("torch", "mps", "fp32"),
    }
    assert read.seat == expected[facts["device"]]
    assert read.on_cpu() == info


def test_a_search_by_words_wakes_no_device(info: ModelInfo) -> None:
    save_model(replace(info, seat=MISSING, device=MISSING.device))
    search = f"""
import sys
from pathlib import Path
from app.models.encoder import open_encoder
from app.models.manifest import read_manifest
info = read_manifest(Path({str(info.folder)!r}))
assert info.seat is not None
encoder = open_encoder(None, info, towers=("text",))
assert len(encoder.encode_texts(["a dog"])) == 1
encoder.close()
heavy = ("app.models.backends.targets", "app.models.backends.onnx", "onnxruntime", "torch")
assert not [name for name in heavy if name in sys.modules]
"""
    subprocess.run([sys.executable, "-c", search], check=True)
