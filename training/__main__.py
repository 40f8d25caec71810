"""Trains the starter model anew: `python -m training --data DIR --out resources/starter`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training import export
from training.image_teacher import read_layers
from training.material import Sources
from training.pipeline import Course, Pipeline
from training.text_teacher import MiniLM

TEACHER = "mobilenet_v2_1.0_224_quant.tflite"
TEACHER_LICENCE = "mobilenet_v2.LICENSE.txt"


def main() -> None:
    """Reads the command line, trains, writes the model."""
    options = _parser().parse_args()
    course = Course(device=options.device, threads=options.threads).scaled(options.effort)
    sources = Sources(data=options.data, work=options.work, reading=options.reading)
    layers = read_layers(options.data / TEACHER)
    pipeline = Pipeline(sources, course, layers, MiniLM(), say=lambda line: print(line, flush=True))
    figures = pipeline.run()
    pipeline.export(options.out)
    export.copy_licence(options.data / TEACHER_LICENCE, options.out)
    print(json.dumps(figures.as_json(), indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the photos, captions and teacher")
    parser.add_argument("--out", type=Path, required=True, help="folder for the finished model")
    parser.add_argument("--work", type=Path, default=Path(".training/work"), help="folder for what is resumed from")
    parser.add_argument(
        "--reading", type=Path, help="folder with running text for the last stage (.txt, a paragraph a line)"
    )
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--threads", type=int, default=0, help="of PyTorch; 0 leaves the choice to it")
    parser.add_argument("--effort", type=float, default=1.0, help="multiplies the length of every stage")
    return parser


if __name__ == "__main__":
    main()
