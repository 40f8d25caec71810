"""Converts a model in a process of its own, which has no network and writes into the model's folder only.

`python -m app.models.convert.isolation convert|benchmark FOLDER` reads the manifest in FOLDER, does its work there and
writes the manifest anew. One JSON object a line on stdout: {"what", "share"} while it works, then {"done": true} or
{"error", "remedy"}. It ends when its parent does (stdin ends). Whatever a checkpoint does to torch, a crash or all of
the memory taken, it does to this process; and torch's memory is given back with it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from app.core.errors import UserError
from app.models.checkpoint import load_error
from app.models.convert.sandbox import restrict
from app.models.manifest import ModelInfo, read_manifest
from app.models.registry import save_model

log = logging.getLogger(__name__)

CONVERT, BENCHMARK = "convert", "benchmark"
Progress = Callable[[str, float], None]
_SCRATCH = "scratch"
_LOG = "log.txt"


def run_isolated(action: str, info: ModelInfo, progress: Progress) -> ModelInfo:
    """Convert or benchmark a model in a process of its own; the manifest that it wrote.

    Raises:
        UserError: the model cannot be loaded, or the process ended before it was done.
    """
    save_model(info)
    scratch = info.folder / _SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        with (scratch / _LOG).open("wb") as errors:
            answer = _answer(action, info.folder, errors, progress)
        if "done" not in answer:
            output = (scratch / _LOG).read_text(encoding="utf-8", errors="replace")[-4000:]
            log.info("converting %s failed: %s", info.name, output)
            if "error" in answer:
                raise UserError(str(answer["error"]), str(answer.get("remedy", "")))
            raise load_error(info.weights, RuntimeError("the process that converts it has ended"))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    made = read_manifest(info.folder)
    if made is None or not made.prepared:
        raise load_error(info.weights, RuntimeError("the process that converts it wrote nothing"))
    return replace(made, folder=info.folder)


def _answer(action: str, folder: Path, errors: IO[bytes], progress: Progress) -> dict[str, Any]:
    """Run the process; its last word, empty where it ended without one."""
    child = subprocess.Popen(
        [sys.executable, "-m", "app.models.convert.isolation", action, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
    )
    assert child.stdout is not None
    answer: dict[str, Any] = {}
    try:
        for line in child.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if "what" in message:
                progress(str(message["what"]), float(message["share"]))
            else:
                answer = message
    finally:
        child.kill()
        child.communicate()
    return answer


# ---- the child's side


def main(arguments: list[str]) -> int:
    """The exit status: 0 done, 2 a sentence was said."""
    action, folder = arguments[0], Path(arguments[1])
    output = _own_output()

    def say(message: dict[str, object]) -> None:
        output.write(json.dumps(message) + "\n")
        output.flush()

    enforced = restrict(folder, folder / _SCRATCH)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.stderr.write(f"restricted by the kernel: {', '.join(enforced) or 'nothing'}\n")
    try:
        from app.models.convert.preparation import benchmark_here, convert_here

        info = read_manifest(folder)
        if info is None:
            raise ValueError("there is no manifest")
        work = benchmark_here if action == BENCHMARK else convert_here
        save_model(work(info, lambda what, share: say({"what": what, "share": share})))
    except UserError as error:
        say({"error": error.what, "remedy": error.remedy})
        return 2
    except Exception as error:
        logging.getLogger(__name__).exception("the model could not be converted")
        told = load_error("its files", error)
        say({"error": told.what, "remedy": told.remedy})
        return 2
    say({"done": True})
    return 0


def _own_output() -> IO[str]:
    """stdout for our lines alone: what libraries print goes to stderr."""
    output = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    return output


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
