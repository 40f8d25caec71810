"""What pictures say of themselves: EXIF, XMP (inside or in a sidecar) and IPTC, as plain facts.

Nothing in here ever fails a photo: what cannot be made sense of is left out.
"""

from app.metadata.facts import facts_of, read_facts
from app.metadata.sidecars import read_sidecars, stamp_of
from app.metadata.tags import Tags, read_raw_tags, read_tags

__all__ = ["Tags", "facts_of", "read_facts", "read_raw_tags", "read_sidecars", "read_tags", "stamp_of"]
