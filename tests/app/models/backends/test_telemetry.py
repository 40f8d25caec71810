"""Nothing leaves the machine, and nothing heavy is loaded, proved in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.models.manifest import ModelInfo
from app.models.registry import ModelRegistry
from tests.app.models.checkpoints import TINY_VIT, make_checkpoint

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)

AUDIT = """
import sys
seen = []
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"):
        seen.append((event, repr(args[-1])))
sys.addaudithook(watch)
from pathlib import Path
from app.models.registry import ModelRegistry
from app.models.encoder import open_encoder
from app.core.paths import AppDirs
import numpy as np
base, source = map(Path, sys.argv[1:])
registry = ModelRegistry(AppDirs(base, base, base), source)
encoder = open_encoder(registry, registry.current())
encoder.encode_texts(["a dog", "été"])
encoder.encode_images(np.zeros((2, 64, 64, 3), np.uint8))
encoder.close()
assert not seen, seen
"""
NOT_LOADED = (
    "torch",
    "torchvision",
    "open_clip",
    "transformers",
    "timm",
    "huggingface_hub",
    "onnx",
    "sklearn",
    "lancedb",
)


def run(code: str, *arguments: Path, home: Path | None = None) -> str:
    # A fresh home: no consent file, as on a machine where OpenVINO would start to report.
    environment = {**os.environ, "HOME": str(home)} if home else dict(os.environ)
    for name in ("CI", "HF_HUB_OFFLINE", "TF_BUILD", "JENKINS_URL"):
        environment.pop(name, None)  # telemetry is off in continuous integration, which would prove nothing
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_installing_a_model_opens_no_connection(tmp_path: Path) -> None:
    """Conversion is what OpenVINO would report, and reading a configuration what the hub's client would look up."""
    source = make_checkpoint(tmp_path / "checkpoint", TINY_VIT)
    home = tmp_path / "home"
    home.mkdir()
    stub = """
from openvino.tools.ovc import telemetry_utils, convert_impl

assert telemetry_utils.tm.__name__ == convert_impl.tm.__name__ == "openvino.tools.ovc.telemetry_stub"
assert sys.modules["openvino_telemetry"] is None
"""
    converting = (
        "from app.models.convert.preparation import prepare\nprepare(registry, registry.current(), isolated=False)\n"
    )
    run(AUDIT.replace("encoder = ", f"{converting}encoder = ") + stub, tmp_path / "places", source, home=home)
    assert not (home / "intel").exists(), "a telemetry identity was written"


def test_encoding_imports_no_torch_and_opens_no_connection(registry: ModelRegistry, tiny: ModelInfo) -> None:
    loaded = f"\nassert not [name for name in {NOT_LOADED!r} if name in sys.modules], sys.modules.keys()"
    run(AUDIT + loaded, registry.folder.parent, tiny.source)


def test_importing_the_package_is_light() -> None:
    heavy = (*NOT_LOADED, "openvino", "tokenizers", "PIL", "ftfy", "regex", "urllib.request")
    run(f"import sys, app.models; assert not [name for name in {heavy!r} if name in sys.modules]")


@pytest.mark.parametrize("first", ["import openvino", "import openvino.tools.ovc"])
def test_quiet_even_when_openvino_came_first(first: str) -> None:
    run(
        f"import sys\n{first}\nimport app.models\nfrom openvino.tools.ovc import convert_impl, telemetry_utils\n"
        "assert convert_impl.tm.__name__ == telemetry_utils.tm.__name__ == 'openvino.tools.ovc.telemetry_stub'"
    )
