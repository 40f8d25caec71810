"""Documents: their text by page or as a whole, and pages as pictures.

PDF is read with PDFium, office formats, mail and e-books with kreuzberg, text and web pages by ourselves. Nothing is
ever run, no password tried, no other file or address opened.
"""

from app.documents.pdf import find_on_page, render_page
from app.documents.reading import Document, DocumentPart, is_truncatable, read_document, takes_whole

__all__ = ["Document", "DocumentPart", "find_on_page", "is_truncatable", "read_document", "render_page", "takes_whole"]
