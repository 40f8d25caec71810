"""Blocks the telemetry of the libraries below the encoder, and loads OpenVINO and ONNX Runtime without it.

OpenVINO depends on `openvino-telemetry`, which reports each conversion to an analytics service unless a consent file
says no. OpenVINO has a stub of its own for installations without that package; here the package is made impossible
to import, so that the stub is what runs. The model hub's client is told to stay offline and to count nothing:
`app.models.download` does the only network traffic of this program, by itself, and after a yes.

ONNX Runtime reports to its maker from 1.29 on, by default and over the network; the versions that may be installed
with this program have no such part (`pyproject.toml`), and another that someone brought is told not to.

`app.models` calls `block_telemetry` on import, before any of those libraries can be loaded.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from pathlib import Path
from typing import Any

from app.core.native_loader import load_extension

log = logging.getLogger(__name__)

TESTED_OPENVINO = ((2026, 1), (2026, 4))
"""First and last version whose compiled half was tested alone; `import_openvino_runtime`."""
_TELEMETRY = "openvino_telemetry"
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "ORT_TELEMETRY_DISABLED": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def block_telemetry() -> None:
    """Make telemetry impossible in this process and its children. Costs microseconds, may be called again."""
    os.environ.update(_ENVIRONMENT)
    modules: dict[str, Any] = sys.modules  # None there is the documented way to bar an import
    for name in [name for name in modules if name == _TELEMETRY or name.startswith(f"{_TELEMETRY}.")]:
        del modules[name]
    modules[_TELEMETRY] = None
    if "openvino.tools.ovc.telemetry_utils" in modules:  # someone imported OpenVINO first: exchange what it holds
        from openvino.tools.ovc import telemetry_stub

        for name in ("telemetry_utils", "convert_impl"):
            loaded = modules.get(f"openvino.tools.ovc.{name}")
            if loaded is not None and hasattr(loaded, "tm"):
                loaded.tm = telemetry_stub


def import_openvino() -> Any:
    """The `openvino` module, with its telemetry barred."""
    block_telemetry()
    import openvino

    return openvino


def import_openvino_runtime() -> Any:
    """What runs towers that are converted: `Core`, `Tensor` and `PartialShape`.

    OpenVINO's compiled half alone, without the converter's 90 modules, is loaded where that is known to work: the
    versions it was tested with, and not on Windows, where the package must tell first where its libraries are.
    Everywhere else it is the package, which has the same names and takes the same arguments.
    """
    block_telemetry()
    if "openvino" not in sys.modules and sys.platform != "win32" and _is_tested():
        try:
            return load_extension("openvino", "_pyopenvino")
        except ImportError:
            log.info("OpenVINO's compiled half cannot be loaded alone", exc_info=True)
    return import_openvino()


def _is_tested() -> bool:
    """Whether the installed OpenVINO is one whose compiled half was tested without its package."""
    spec = importlib.util.find_spec("openvino")
    if spec is None or spec.origin is None:
        return False
    # As importlib.metadata finds it, which takes 8 ms of a search from the command line.
    for folder in Path(spec.origin).parent.parent.glob("openvino-*.dist-info"):
        numbers = folder.name.removeprefix("openvino-").split(".")[:2]
        if all(number.isdigit() for number in numbers):
            return TESTED_OPENVINO[0] <= tuple(map(int, numbers)) <= TESTED_OPENVINO[1]
    return False


def import_onnxruntime() -> Any:
    """The `onnxruntime` module, with its telemetry off.

    Raises:
        ImportError: it is not installed.
    """
    block_telemetry()
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime
