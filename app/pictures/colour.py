"""From any pixel layout a file may have to 8-bit RGB that looks as its maker meant it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

WHITE, GREY = (255, 255, 255), (128, 128, 128)
# Mean brightness of what is visible above which a transparent picture counts as white on nothing.
_NEARLY_WHITE = 235
_PROBE = 64


def to_rgb(image: Image.Image) -> Image.Image:
    """RGB, 8 bits, opaque, in sRGB, of a decoded picture in any mode Pillow has."""
    if image.mode.startswith("I") or image.mode == "F":
        from PIL import Image

        return Image.fromarray(to_8_bits(np.asarray(image))).convert("RGB")
    profile = image.info.get("icc_profile")
    if image.mode == "P" or image.mode == "PA":
        image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    elif image.mode in ("L", "RGB") and "transparency" in image.info:
        image = image.convert("RGBA")  # one colour of a PNG stands for nothing
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    opaque = _to_srgb(_without_alpha(image), profile)
    return opaque if alpha is None else _on_background(opaque, alpha)


def _without_alpha(image: Image.Image) -> Image.Image:
    if image.mode in ("La", "RGBa"):
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode == "LA":
        return image.getchannel("L")
    return image.convert("RGB") if image.mode == "RGBA" else image


def _on_background(opaque: Image.Image, alpha: Image.Image) -> Image.Image:
    """White, as on paper; mid grey when what is visible is itself white (logos made for dark pages)."""
    from PIL import Image

    lowest = alpha.getextrema()[0]
    if isinstance(lowest, (int, float)) and lowest >= 255:
        return opaque
    seen = np.asarray(alpha.resize((_PROBE, _PROBE), Image.Resampling.BOX), dtype=np.float32)
    light = np.asarray(opaque.convert("L").resize((_PROBE, _PROBE), Image.Resampling.BOX), dtype=np.float32)
    weight = float(seen.sum())
    # Antialiased edges carry the colour of the background they were made on, so weigh by the square.
    white = weight > 0 and float((light * seen**2).sum() / (seen**2).sum()) > _NEARLY_WHITE
    canvas = Image.new("RGB", opaque.size, GREY if white else WHITE)
    canvas.paste(opaque, mask=alpha)
    return canvas


def to_8_bits(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """High bit depths and floating point to 8 bits, scaled and not clipped.

    Integers are shifted by the bits they really use, so that 12-bit data in a 16-bit file is not black.
    """
    if values.dtype.kind == "f":
        return _float_to_8_bits(values.astype(np.float32, copy=False))
    highest = int(values.max(initial=0))
    if highest <= 255 and int(values.min(initial=0)) >= 0:
        return values.astype(np.uint8)
    bits = max(highest.bit_length(), 8)
    shifted: np.ndarray[Any, np.dtype[np.uint8]] = (np.clip(values, 0, None) >> (bits - 8)).astype(np.uint8)
    return shifted


def _float_to_8_bits(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    if low >= 0.0 and high <= 1.0:
        low, high = 0.0, 1.0
    elif low >= 0.0 and high <= 255.0:
        low, high = 0.0, 255.0
    result: np.ndarray[Any, np.dtype[np.uint8]] = ((finite - low) * (255.0 / max(high - low, 1e-12))).astype(np.uint8)
    return result


def _to_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """Through the embedded colour profile where it matters (print colours, wide gamuts); plainly where it is broken."""
    if isinstance(profile, bytes) and len(profile) > 128 and image.mode in ("RGB", "CMYK", "L", "LAB"):
        transform = _transform(profile, image.mode)
        if transform is not None:
            from PIL import ImageCms

            # Never None when a new picture is asked for.
            return ImageCms.applyTransform(image, transform) or image.convert("RGB")
    if image.mode == "LAB":
        from PIL import ImageCms

        lab = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
        return ImageCms.applyTransform(image, lab) or image
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> Any:
    """An lcms transform to sRGB, or None where the profile is sRGB already, does not fit, or is broken.

    A library has a handful of profiles, so each is read once per process.
    """
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if space != {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY", "LAB": "Lab"}[mode]:
            return None
        name = source.profile.profile_description or ""
        if mode == "L" or "srgb" in name.lower():
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
