"""The encoder against stock open_clip in the same run: `python -m tests.benchmarks.bench_encoder [--starter-only]`.

Prints pictures and texts per second of PyTorch fp32 and of what the program chose on this machine, their ratio (goal:
at least 3 for pictures), the agreement, and what a cold start of the text tower costs. The rounds of both alternate,
so that whatever else the machine does meets both; each figure is the median of its rounds. On a machine that has other
work, the ratio of core seconds is the steadier one.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.core.paths import AppDirs
from app.models.convert.parity import probe_pixels, probe_texts
from app.models.convert.preparation import prepare
from app.models.encoder import open_encoder
from app.models.encoding import Encoder
from app.models.manifest import ModelInfo
from app.models.registry import ModelRegistry, starter_folder
from tests.app.models.checkpoints import VIT_B_32_256, make_checkpoint

PICTURES = 16
ROUNDS = 3
START = """
import sys, time
started = time.perf_counter()
from pathlib import Path
from app.models.registry import ModelRegistry
from app.models.encoder import open_encoder
from app.core.paths import AppDirs
base, source = map(Path, sys.argv[1:])
registry = ModelRegistry(AppDirs(base, base, base), source)
encoder = open_encoder(registry, registry.current(), towers=("text",))
encoder.encode_texts(["a dog running on the beach"])
print(time.perf_counter() - started)
"""


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """By the clock on the wall, and of all cores together."""
    started, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - used


def compare(title: str, ours: Encoder, stock: Encoder, count: int, work: Callable[[Encoder], object]) -> float:
    """Print both rates; how many times faster ours is."""
    pairs = [(seconds(lambda: work(ours)), seconds(lambda: work(stock))) for _ in range(ROUNDS)]
    own, own_cores = (statistics.median(values) for values in zip(*(mine for mine, _ in pairs), strict=True))
    other, other_cores = (statistics.median(values) for values in zip(*(stock for _, stock in pairs), strict=True))
    print(
        f"  {title:<22} {count / own:8.1f}/s   torch fp32 {count / other:8.1f}/s   ratio {other / own:5.2f}"
        f"   (core seconds {other_cores / own_cores:5.2f})",
        flush=True,
    )
    return other / own


def measure(title: str, base: Path, source: Path) -> None:
    registry = ModelRegistry(AppDirs(config=base, data=base, cache=base), source)
    info = prepare(registry, registry.current(), lambda what, _share: print(f"  … {what}", file=sys.stderr))
    ours = open_encoder(registry, info, device="cpu")
    stock = open_encoder(registry, replace(info, runtime="torch"), device="cpu")
    pixels = probe_pixels(info.preprocess, PICTURES)
    texts = probe_texts()[:48]
    precisions = f"pictures {info.precision}, texts {info.text_precision}"
    print(f"{title}: {info.runtime}, {precisions}, {info.dimension}-d, {info.preprocess.size} px", flush=True)
    for encoder in (ours, stock):
        encoder.encode_images(pixels[:16])
        encoder.encode_texts(texts)
    compare(f"pictures, {PICTURES} at once", ours, stock, PICTURES, lambda one: one.encode_images(pixels))
    compare(
        "pictures, one by one", ours, stock, 4, lambda one: [one.encode_images(pixels[i : i + 1]) for i in range(4)]
    )
    compare("texts, 48 at once", ours, stock, 48, lambda one: one.encode_texts(texts))
    compare("texts, one by one", ours, stock, 8, lambda one: [one.encode_texts([text]) for text in texts[:8]])
    ours.close()
    stock.close()
    report(info, base, source)


def report(info: ModelInfo, base: Path, source: Path) -> None:
    chosen = info.chosen
    if chosen is not None and chosen.agreement is not None:
        agreement = chosen.agreement
        print(
            f"  cosine to the original: pictures {agreement.image_mean:.5f} (worst {agreement.image_worst:.5f}), "
            f"texts {agreement.text_mean:.5f} (worst {agreement.text_worst:.5f}), same top 10 {agreement.top10:.1%}"
        )
    command = [sys.executable, "-c", START, str(base), str(source)]
    starts = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(5)]
    print(f"  new process, text tower, first text: {statistics.median(starts):.2f} s")


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        if (starter_folder() / "open_clip_config.json").is_file():
            measure("starter", base / "starter", starter_folder())
        if "--starter-only" not in arguments:
            source = make_checkpoint(base / "checkpoint", VIT_B_32_256)
            measure("ViT-B-32-256, seeded weights", base / "vit", source)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
