"""Documents with bytes changed, cut or doubled: a reason or what is left of the text, never anything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.core.failures import DecodeError
from app.documents import read_document
from tests.samples.corpus import MAKERS, Specimen, corpus


@pytest.fixture(scope="module")
def specimens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Specimen]:
    folder = tmp_path_factory.mktemp("corpus")
    return {specimen.kind: specimen for specimen in corpus(folder, len(MAKERS), seed=5)}


@pytest.mark.filterwarnings("ignore")  # of broken fonts, of broken archives
@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_damaged_documents(specimens: dict[str, Specimen], kind: str) -> None:
    path = specimens[kind].path
    whole = path.read_bytes()
    rng = random.Random(kind)
    for number in range(12):
        try:
            for part in read_document(Path(path.name), data=_damaged(whole, rng, number), picture_side=40).parts:
                assert isinstance(part.text, str)
        except DecodeError as error:
            assert error.text.endswith(".")  # noqa: PT017  the point is that nothing else comes


def _damaged(data: bytes, rng: random.Random, number: int) -> bytes:
    if number % 4 == 0:
        return data[: rng.randrange(1, len(data) + 1)]
    changed = bytearray(data)
    for _ in range(1 + rng.randrange(1 + len(data) // 200)):
        place = rng.randrange(len(changed))
        if number % 4 == 1:
            changed[place] = rng.randrange(256)
        elif number % 4 == 2:
            changed[place : place + 40] = changed[max(0, place - 40) : place]
        else:
            del changed[place : place + rng.randrange(1, 30)]
            if not changed:
                return b"x"
    return bytes(changed)
