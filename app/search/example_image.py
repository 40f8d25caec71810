"""The example picture of a query, from a file, the clipboard or a drop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.paths import from_stored
from app.query.queries import ImagePart

_MAX_SIDE = 1024


def load_example_image(part: ImagePart) -> Any:
    """The upright picture of a part, cut out where it says so.

    Raises:
        UserError: it cannot be read, or nothing is left of it.
    """
    from app.core.failures import DecodeError
    from app.core.system_errors import os_error_reason
    from app.pictures import open_picture

    source: str | bytes = part.data if part.data is not None else from_stored(part.path or "")
    try:
        picture = open_picture(source, max_side=None if part.crop else _MAX_SIDE)
    except (DecodeError, OSError) as error:
        name = Path(source).name if isinstance(source, str) else "that was given"
        raise UserError(
            f"The picture {name} could not be read ({os_error_reason(error)}).", "Choose another one."
        ) from error
    if part.crop is None:
        return picture
    left, top, right, bottom = part.crop
    width, height = picture.size
    box = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        raise UserError("The cut-out is empty.", "Choose a larger one.")
    return picture.crop(box)
