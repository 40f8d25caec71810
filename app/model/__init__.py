"""The encoder: texts and pictures to vectors of one space. Importing this package loads nothing heavy.

Only modules in here import torch, open_clip or the runtime, inside functions. Nothing in here uses the network but
`app.model.download`, after a yes.
"""

from app.model.quiet import keep_quiet

keep_quiet()

from app.model.encoder import Encoder, PassageEncoder, current, load, load_named  # noqa: E402  (quiet first)
from app.model.idle import IdleEncoder  # noqa: E402
from app.model.info import Agreement, Measurement, ModelInfo  # noqa: E402
from app.model.preprocess import Preprocess  # noqa: E402
from app.model.tokenizer import token_counter  # noqa: E402

__all__ = [
    "Agreement",
    "Encoder",
    "IdleEncoder",
    "Measurement",
    "ModelInfo",
    "PassageEncoder",
    "Preprocess",
    "current",
    "load",
    "load_named",
    "token_counter",
]
