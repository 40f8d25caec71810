"""The example picture of a query, from a file, the clipboard or a drop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.errors import UserError
from app.paths import from_stored
from app.queries import ImagePart

_LONGEST_SIDE = 1024


def opened(part: ImagePart) -> Any:
    """The upright picture of a part, cut out where it says so.

    Raises:
        UserError: it cannot be read, or nothing is left of it.
    """
    from app.failures import DecodeError
    from app.pictures import open_picture
    from app.system_errors import reason

    source: str | bytes = part.data if part.data is not None else from_stored(part.path or "")
    try:
        picture = open_picture(source, max_side=None if part.crop else _LONGEST_SIDE)
    except (DecodeError, OSError) as error:
        name = Path(source).name if isinstance(source, str) else "that was given"
        raise UserError(f"The picture {name} could not be read ({reason(error)}).", "Choose another one.") from error
    if part.crop is None:
        return picture
    left, top, right, bottom = part.crop
    width, height = picture.size
    box = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        raise UserError("The cut-out is empty.", "Choose a larger one.")
    return picture.crop(box)
