"""From an upright picture to the pixels the image tower sees: open_clip's own transform, without torch.

Everything up to uint8 pixels happens here, in Pillow. Scaling to 0-1, mean and standard deviation are inside the
converted image tower, where they cost nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.core.records import PixelArray

if TYPE_CHECKING:
    from PIL import Image

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

# Modes that open_clip resizes as they are and converts afterwards; Pillow resizes the others (palette, 1 bit, 16 bit)
# with nearest neighbour or not at all, so these are converted first.
_RESIZABLE_MODES = frozenset({"RGB", "L", "RGBA", "LA", "CMYK", "YCbCr"})
# A longer side beyond this many sizes is not resized whole only to be cropped (a 600:1 strip would take 100 MB).
_STRIP_RATIO = 4


@dataclass(frozen=True)
class ImagePreprocess:
    """How an architecture wants its pictures. Small, frozen, picklable: decoding processes get a copy.

    Attributes:
        size: side of the square input in pixels.
        mode: "shortest" (resize the shorter side, crop the centre), "squash" (ignore the aspect) or "longest"
            (resize the longer side, pad with `fill`).
        interpolation: "bicubic" or "bilinear", both with antialias.
        fill: grey value 0-255 of the padding.
        mean, std: per channel, for pixels scaled to 0-1.
    """

    size: int = 224
    mode: str = "shortest"
    interpolation: str = "bicubic"
    fill: int = 0
    mean: tuple[float, float, float] = CLIP_MEAN
    std: tuple[float, float, float] = CLIP_STD

    def apply(self, image: Image.Image) -> PixelArray:
        """(size, size, 3) uint8, RGB, of an upright picture of any mode and shape."""
        if image.mode not in _RESIZABLE_MODES:
            image = image.convert("RGB")
        if self.mode == "squash":
            fitted = self._resize(image, self.size, self.size)
        elif self.mode == "longest":
            fitted = self._pad(image)
        else:
            fitted = self._crop(image)
        # A contiguous copy of its own: it is sent to other processes.
        return np.array(fitted.convert("RGB"), dtype=np.uint8)

    def _filter(self) -> Image.Resampling:
        from PIL import Image

        return Image.Resampling.BILINEAR if self.interpolation == "bilinear" else Image.Resampling.BICUBIC

    def _resize(self, image: Image.Image, width: int, height: int) -> Image.Image:
        if image.size == (width, height):
            return image
        return image.resize((width, height), self._filter())

    def _crop(self, image: Image.Image) -> Image.Image:
        """Shorter side to `size`, the longer one cut to its middle; rounding as torchvision's Resize and CenterCrop."""
        shorter, longer = sorted(image.size)
        length = int(self.size * longer / shorter)
        wide = image.width >= image.height
        start = round((length - self.size) / 2.0)
        if length > _STRIP_RATIO * self.size:
            return self._crop_strip(image, length, start)
        resized = self._resize(image, *((length, self.size) if wide else (self.size, length)))
        left, top = (start, 0) if wide else (0, start)
        return resized.crop((left, top, left + self.size, top + self.size))

    def _crop_strip(self, image: Image.Image, length: int, start: int) -> Image.Image:
        """The same crop of a very long picture, resizing only its middle and the margin the filter reaches into."""
        wide = image.width >= image.height
        scale = max(image.size) / length
        margin = math.ceil(2 * max(1.0, 1 / scale)) + 1
        first = max(0, start - margin)
        last = min(length, start + self.size + margin)
        span = (first * scale, last * scale)
        box = (span[0], 0, span[1], image.height) if wide else (0, span[0], image.width, span[1])
        size = (last - first, self.size) if wide else (self.size, last - first)
        part = image.resize(size, self._filter(), box=box)
        left, top = (start - first, 0) if wide else (0, start - first)
        return part.crop((left, top, left + self.size, top + self.size))

    def _pad(self, image: Image.Image) -> Image.Image:
        """Longer side to `size`, the rest filled, the picture in the middle."""
        from PIL import Image

        ratio = max(image.size) / self.size
        width, height = (max(1, round(side / ratio)) for side in image.size)
        resized = self._resize(image, width, height).convert("RGB")
        canvas = Image.new("RGB", (self.size, self.size), (self.fill, self.fill, self.fill))
        canvas.paste(resized, ((self.size - width) // 2, (self.size - height) // 2))
        return canvas
