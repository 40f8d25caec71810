"""Indexing against rclip: its own package, the same architecture, the same weights, the same files.

    python -m tests.benchmarks.bench_rclip [--photos 500] [--rounds 3]

rclip runs ViT-B-32-256 and nothing else, as an ONNX file that it fetches from a model hub. Here that file is exported
from the checkpoint with fixed random weights that our own encoder is converted from, and laid where rclip looks for it
(RCLIP_DATADIR). Both run as a process of their own that indexes the folder from nothing, from its start to its end:
rclip by `init_rclip`, which its command runs before every search, ours by `semblance index --once` without proposing
tags, which rclip does not. Ours makes thumbnails and reads metadata besides. In turns; the medians count.
Goal: twice as fast. The vectors of both are compared, too, so that it is known that they did the same.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from app.core.paths import AppDirs, app_dirs, to_stored
from app.core.records import FloatArray
from app.core.settings import SettingsFile
from app.models.install import use
from tests.app.models.checkpoints import VIT_B_32_256, make_checkpoint
from tests.benchmarks.bench_indexing import Cost, make_photos, median

# What rclip's command does before it searches.
RCLIP = """
import sys
from rclip.main import init_rclip
rclip, model, database = init_rclip(sys.argv[1], 8)
rclip.close(), model.close(), database.close()
"""
SEMBLANCE = [sys.executable, "-m", "app", "index", "--once"]


def export(checkpoint: Path, datadir: Path) -> None:
    """The image tower as rclip wants it: normalised float pixels in, features out, any number at once."""
    import open_clip
    import torch
    from rclip import model_download
    from torch.onnx._internal.torchscript_exporter import onnx_proto_utils

    model: Any = open_clip.create_model(f"local-dir:{checkpoint}").eval()
    model.forward = model.encode_image
    target = datadir / model_download.MODEL_SUBDIR / model_download.VISUAL_ONNX
    target.parent.mkdir(parents=True)
    torch.backends.mha.set_fastpath_enabled(False)
    # The last step of exporting needs the package onnx, and does nothing where no operator is of one's own making.
    onnx_proto_utils._add_onnxscript_fn = lambda data, _operators: data
    with torch.inference_mode():
        torch.onnx.export(
            model,
            (torch.zeros(2, 3, 256, 256),),
            str(target),
            input_names=["input"],
            output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
    # Indexing looks whether these are there, and does not open them.
    for name in (f"{model_download.MODEL_SUBDIR}/{model_download.TEXTUAL_ONNX}", model_download.TOKENIZER_VOCAB):
        (datadir / name).parent.mkdir(exist_ok=True)
        (datadir / name).touch()


def cost(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Of a process and all it starts."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


class Rclip:
    """rclip with a folder of its own."""

    name = f"rclip {metadata.version('rclip')}"

    def __init__(self, base: Path, checkpoint: Path) -> None:
        self._datadir = base / "rclip"
        export(checkpoint, self._datadir)

    def index(self, folder: Path) -> Cost:
        for file in self._datadir.glob("db.sqlite3*"):
            file.unlink()
        return cost([sys.executable, "-c", RCLIP, str(folder)], {"RCLIP_DATADIR": str(self._datadir)})

    def vectors(self) -> dict[str, FloatArray]:
        """By the files' names."""
        with closing(sqlite3.connect(self._datadir / "db.sqlite3")) as database:
            rows = database.execute("SELECT filepath, vector FROM images").fetchall()
        return {Path(path).name: np.frombuffer(vector, np.float32) for path, vector in rows}


class Semblance:
    """Ours with a home of its own."""

    name = "semblance"

    def __init__(self, base: Path, checkpoint: Path, folder: Path) -> None:
        # The clock should not measure what else the machine does: rclip runs at normal priority, too.
        self._environment = {"SEMBLANCE_HOME": str(base / "home"), "SEMBLANCE_PRIORITY": "normal"}
        os.environ.update(self._environment)
        self._places: AppDirs = app_dirs()
        self._places.create()
        SettingsFile(self._places.settings_file).change(folders=(str(folder),), tags=False)
        use(self._places, str(checkpoint), progress=lambda what, _share: print(f"  … {what}", file=sys.stderr))

    def index(self, _folder: Path) -> Cost:
        for trace in (self._places.index, self._places.thumbnails_file, self._places.state):
            shutil.rmtree(trace) if trace.is_dir() else trace.unlink(missing_ok=True)
        return cost(SEMBLANCE, self._environment)

    def vectors(self, folder: Path) -> dict[str, FloatArray]:
        """By the files' names."""
        from app.table import open_for_reading

        reader = open_for_reading(self._places)
        found = {}
        for path in folder.iterdir():
            (row,) = reader.file_units(to_stored(path))
            found[path.name] = reader.vectors([row.id])[0]
        reader.close()
        return found


def agreement(one: Mapping[str, FloatArray], other: Mapping[str, FloatArray]) -> tuple[float, float]:
    """Mean and least cosine of the vectors of the same file."""
    assert one.keys() == other.keys(), (len(one), len(other))
    cosines = [float(one[name] @ other[name]) for name in one]
    return statistics.mean(cosines), min(cosines)


def measure(base: Path, count: int, rounds: int) -> None:
    folder, checkpoint = base / "photos", make_checkpoint(base / "checkpoint", VIT_B_32_256)
    make_photos(folder, count)
    theirs, ours = Rclip(base, checkpoint), Semblance(base, checkpoint, folder)
    costs: dict[str, list[Cost]] = {theirs.name: [], ours.name: []}
    for number in range(rounds):
        costs[theirs.name].append(theirs.index(folder))
        costs[ours.name].append(ours.index(folder))
        for name, spent in costs.items():
            one = spent[-1]
            print(f"round {number + 1} {name:<12}{one.clock:7.1f} s {one.cores:7.1f} s of processor time", flush=True)
    for name, spent in costs.items():
        one = median(spent)
        each = 1000 * one.cores / count
        print(f"{name:<12}{count / one.clock:7.1f} photos/s {each:7.1f} ms of processor time each")
    one, other = median(costs[theirs.name]), median(costs[ours.name])
    print(f"ratio: {one.clock / other.clock:.2f} (goal: at least 2), of processor time {one.cores / other.cores:.2f}")
    mean, least = agreement(theirs.vectors(), ours.vectors(folder))
    print(f"cosine of both vectors of a photo: {mean:.4f}, at worst {least:.4f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="semblance-rclip-"))
    try:
        measure(base, options.photos, options.rounds)
    finally:
        shutil.rmtree(base)
    return 0


if __name__ == "__main__":
    sys.exit(main())
