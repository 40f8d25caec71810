"""Models: texts and pictures to vectors of one embedding space. Importing this package loads nothing heavy.

Only modules in here import torch, open_clip or the runtime, inside functions. Nothing in here uses the network but
`app.models.download`, after a yes.
"""

from app.models.backends.telemetry import block_telemetry

block_telemetry()

from app.models.encoder import current, load, load_named  # noqa: E402  (telemetry first)
from app.models.encoding import Encoder, PassageEncoder  # noqa: E402
from app.models.lazy import LazyEncoder  # noqa: E402
from app.models.manifest import Measurement, ModelInfo, ParityReport  # noqa: E402
from app.models.preprocess import ImagePreprocess  # noqa: E402

__all__ = [
    "Encoder",
    "ImagePreprocess",
    "LazyEncoder",
    "Measurement",
    "ModelInfo",
    "ParityReport",
    "PassageEncoder",
    "current",
    "load",
    "load_named",
]
