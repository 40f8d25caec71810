"""The one place where pictures are opened: the indexer, the window's preview and query images all come through here.

Whatever the format, the outcome is the same: RGB, 8 bits, upright, first frame, no transparency. Limits are checked
against what the header declares before anything is decoded.
"""

from app.pictures.limits import Limits
from app.pictures.opening import Picture, jpeg_bytes, load_picture, open_picture

__all__ = ["Limits", "Picture", "jpeg_bytes", "load_picture", "open_picture"]
