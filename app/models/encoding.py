"""What "text or picture to vector" means: the protocols that all encoders and all who need one share.

Vectors are float32 of unit length. Whoever needs less of an encoder asks for less: `TextEncoder` for captions,
`ImageTextEncoder` for pictures too, `Encoder` for a whole model. Importing this loads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from app.core.records import FloatArray, PixelArray

if TYPE_CHECKING:
    from PIL import Image

    from app.models.manifest import ModelInfo
    from app.models.passages.manifest import PassageEncoderInfo
    from app.models.preprocess import ImagePreprocess


class PicturePreprocess(Protocol):
    """What a model wants done to a picture before it sees it; `app.models.preprocess.ImagePreprocess` is one."""

    @property
    def size(self) -> int:
        """Side of the square input in pixels."""
        ...

    def apply(self, image: Image.Image, /) -> PixelArray:
        """(size, size, 3) uint8 of an upright picture."""
        ...


class TextEncoder(Protocol):
    """Texts to vectors."""

    def encode_texts(self, texts: list[str], /) -> FloatArray:
        """(n, d) float32, unit length."""
        ...


class ImageTextEncoder(TextEncoder, Protocol):
    """Texts and pictures to vectors of one space."""

    @property
    def preprocess(self) -> PicturePreprocess: ...

    def encode_images(self, pixels: PixelArray, /) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        ...


class PassageEncoder(Protocol):
    """Passages of documents to vectors. Safe to call from several threads."""

    info: PassageEncoderInfo

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length, as long as the model's."""
        ...

    def close(self) -> None:
        """Let it go. May be called twice."""
        ...


class Encoder(Protocol):
    """A model: texts and pictures to vectors of one space. Safe to call from several threads.

    Attributes:
        info: the model.
        preprocess: makes the pixels this model wants, from a Pillow picture.
        passages: encodes the passages of documents in its place, where there is such an encoder.
    """

    info: ModelInfo

    @property
    def passages(self) -> PassageEncoder | None: ...

    @property
    def preprocess(self) -> ImagePreprocess: ...

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length."""
        ...

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        ...

    def close(self) -> None:
        """Let the model go. May be called twice."""
        ...
