"""Nothing leaves the machine, and nothing heavy is loaded, proved in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
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


_BOTH_RUNTIMES = """
import sys
from pathlib import Path
import numpy as np
from app.models.backends import telemetry
from app.models.encoder import open_encoder
from app.models.registry import ModelRegistry
from app.core.paths import AppDirs
base, source, way, result = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split("/")[-1], Path(sys.argv[4])
if way == "untested-version":
    telemetry.TESTED_OPENVINO = ((1999, 1), (1999, 2))
elif way == "windows":
    class Windows:
        platform, modules = "win32", sys.modules
    telemetry.sys = Windows
elif way == "broken":
    def broken(*_names):
        raise ImportError("no such file")
    telemetry.load_extension = broken
registry = ModelRegistry(AppDirs(base, base, base), source)
encoder = open_encoder(registry, registry.current())
pixels = np.random.default_rng(1).integers(0, 256, (3, 64, 64, 3), np.uint8)
np.savez(result, texts=encoder.encode_texts(["a dog", "été"]), images=encoder.encode_images(pixels))
encoder.close()
assert ("openvino" in sys.modules) is (way != "tested-version")
assert sys.modules["openvino_telemetry"] is None
"""


def test_both_ways_to_load_openvino_give_the_same(registry: ModelRegistry, tiny: ModelInfo, tmp_path: Path) -> None:
    """The compiled half alone, and the public package: for other versions, for Windows, and where the half fails."""
    found = {}
    for way in ("tested-version", "untested-version", "windows", "broken"):
        result = tmp_path / f"{way}.npz"
        run(_BOTH_RUNTIMES, registry.folder.parent, tiny.source, Path(way), result)
        with np.load(result) as data:
            found[way] = data["texts"], data["images"]
    for texts, images in found.values():
        np.testing.assert_allclose(texts, found["tested-version"][0], atol=1e-5)
        np.testing.assert_allclose(images, found["tested-version"][1], atol=1e-5)
