"""A batch of files as rows, in which no file can do harm to another."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.core.records import DecodedFile, EmbeddedFile, Failure
from app.table.schema import rows_of, to_table

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)


def table_of(files: Sequence[EmbeddedFile], dimension: int) -> tuple[pa.Table, list[EmbeddedFile]]:
    """All rows of these files. A file of which the table cannot hold something costs the others nothing.

    Returns:
        the rows, and the files that stand in them as failed because their own rows could not be made.
    """
    import pyarrow as pa

    for file in files:
        if file.vectors is not None and file.vectors.shape[1:] != (dimension,):
            raise ValueError(f"expected vectors of {dimension} values, got shape {file.vectors.shape}")
    try:
        return to_table([row for file in files for row in rows_of(file, dimension)], dimension), []
    except _UNFIT:
        log.warning("a batch of %d files has something that cannot be stored; they are stored one by one", len(files))
    tables, refused = [], []
    for file in files:
        try:
            tables.append(to_table(list(rows_of(file, dimension)), dimension))
        except _UNFIT:
            log.exception("the rows of %r could not be made", file.decoded.state.path)
            refused.append(_refused(file))
            tables.append(to_table(list(rows_of(refused[-1], dimension)), dimension))
    return pa.concat_tables(tables), refused


# What Arrow raises for values that a column cannot hold; its own errors are of these kinds, too.
_UNFIT = (OverflowError, TypeError, ValueError, AttributeError, KeyError, NotImplementedError)


def _refused(file: EmbeddedFile) -> EmbeddedFile:
    text = "What the file says of itself cannot be stored."
    decoded = DecodedFile(
        file.decoded.state, file.decoded.kind, file.decoded.content_hash, failure=Failure.CORRUPT, failure_text=text
    )
    return EmbeddedFile(decoded, None, file.root, attempts=1, replaces=file.replaces)
