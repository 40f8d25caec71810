"""Trains the starter model anew: `python -m training --data DIR --earlier FOLDER --out resources/starter`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.rebuild import Rebuild, Settings


def main() -> None:
    """Reads the command line, trains, writes the model and its converted form, and says what it reaches."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder to learn from (`training.material`)")
    parser.add_argument("--earlier", type=Path, required=True, help="a starter whose English transformer is taken over")
    parser.add_argument("--out", type=Path, required=True, help="folder for the finished model")
    parser.add_argument("--work", type=Path, default=Path(".training/work"), help="folder for what is resumed from")
    parser.add_argument("--steps", type=int, default=Settings.steps)
    parser.add_argument("--threads", type=int, default=Settings.threads)
    options = parser.parse_args()
    settings = Settings(steps=options.steps, threads=options.threads)
    rebuild = Rebuild(options.data, options.work, settings, say=lambda line: print(line, flush=True))
    rebuild.run(options.earlier, options.out)
    print(json.dumps(rebuild.measure(options.out), indent=2))


if __name__ == "__main__":
    main()
