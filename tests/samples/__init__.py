"""Makers of sample files: photos as cameras write them, documents of every kind, and files that are broken.

Everything is made on the fly and small. `photo()` gives a real photograph (from scikit-image), everything else
writes a file and returns its path.
"""

from tests.samples.broken import cut, png_bomb, zip_bomb
from tests.samples.legacy import doc, msg, ole, xls
from tests.samples.office import archive, docx, eml, epub, odt, pptx, xlsx
from tests.samples.pdf import pdf
from tests.samples.photos import PHOTOS, SIX_FORMATS, dng, exif, photo, photos_in_formats, quadrants, save, xmp

__all__ = [
    "PHOTOS",
    "SIX_FORMATS",
    "archive",
    "cut",
    "dng",
    "doc",
    "docx",
    "eml",
    "epub",
    "exif",
    "msg",
    "odt",
    "ole",
    "pdf",
    "photo",
    "photos_in_formats",
    "png_bomb",
    "pptx",
    "quadrants",
    "save",
    "xls",
    "xlsx",
    "xmp",
    "zip_bomb",
]
