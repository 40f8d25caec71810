"""A library whose passages have an encoder of their own: each modality is asked with the tower that made it."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.errors import ModelMissing, UserError
from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace, FloatArray, Kind
from app.core.settings import Settings
from app.query.queries import Filters, ImagePart, Query, TextPart
from app.ranking.query_composition import LESS_LIKE_WEIGHT, MORE_LIKE_WEIGHT
from app.search import LocalLibrary
from app.search.query_bank import nonsense_texts
from app.table import open_for_writing
from tests.app.miniature import (
    SENTENCE_SPACE,
    SPACE,
    ConceptTower,
    SentenceTower,
    ask,
    document,
    name_of,
    names,
    open_sentence_tower,
    photo,
    places_in,
    reader_of,
    write,
)

THINGS = "dog cat beach forest mountain bicycle cake guitar piano church snow ship train bird horse flower"
TOPICS = "contract recipe minutes physics signal tax budget poem novel patent manual warranty ticket lease"


def files(*, sentences: bool) -> list:
    dice = random.Random(4)
    made = [photo(f"/p/IMG_{i:03d}.jpg", " ".join(dice.sample(THINGS.split(), 2))) for i in range(150)]
    made += [
        document(
            f"/d/paper{i:03d}.pdf", [" ".join(dice.sample(TOPICS.split(), 4)) for _ in range(2)], sentences=sentences
        )
        for i in range(100)
    ]
    made += [
        document("/d/garage.txt", ["The car needs new brakes"], sentences=sentences),
        document("/d/second car.txt", ["Another car was painted red"], sentences=sentences),
        document("/d/beach report.pdf", ["sand erosion", "tide tables"], sentences=sentences, pages=True),
        photo("/p/lighthouse.jpg", "lighthouse cliff"),
        photo("/p/lighthouse 2.jpg", "lighthouse cliff evening"),
        photo("/p/grey.jpg", "grey77"),
        document("/d/lighthouse.txt", ["lighthouse cliff keeper"], sentences=sentences),
    ]
    return made


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> AppDirs:
    where = places_in(tmp_path_factory.mktemp("passages"))
    write(where, files(sentences=True), SENTENCE_SPACE)
    return where


@pytest.fixture(scope="module")
def library(places: AppDirs) -> Iterator[LocalLibrary]:
    made = LocalLibrary(places, Settings, open_tower=open_sentence_tower)
    yield made
    made.close()


def grey_picture() -> bytes:
    data = io.BytesIO()
    Image.fromarray(np.full((8, 8, 3), 77, dtype=np.uint8)).save(data, "PNG")
    return data.getvalue()


# ---- the space


def test_a_space_tells_what_made_pictures_and_what_made_passages() -> None:
    assert (SENTENCE_SPACE.model_fingerprint, SENTENCE_SPACE.passage_fingerprint) == (SPACE.fingerprint, "5" * 16)
    assert (SPACE.model_fingerprint, SPACE.passage_fingerprint) == (SPACE.fingerprint, SPACE.fingerprint)
    assert SENTENCE_SPACE.fingerprint != SPACE.fingerprint


def test_an_index_from_before_there_were_such_encoders_is_still_read(tmp_path: Path) -> None:
    where = places_in(tmp_path)
    write(where, [photo("/p/one.jpg", "dog")])
    file = where.index / "index.json"
    text = file.read_text()
    old = text.replace(',\n   "passages": ""', "")
    assert old != text
    file.write_text(old)
    assert reader_of(where).space == SPACE
    writer = open_for_writing(where, SPACE)
    assert writer.is_serving
    assert len(writer.listing()) == 1
    writer.close()


def test_switching_it_on_or_off_builds_a_table_beside_that_takes_over(tmp_path: Path) -> None:
    where = places_in(tmp_path)
    write(where, [photo("/p/one.jpg", "dog")])
    for space in (SENTENCE_SPACE, SPACE):
        writer = open_for_writing(where, space)
        assert not writer.is_serving
        writer.write([photo("/p/one.jpg", "dog")])
        assert reader_of(where).space != space
        writer.complete()
        writer.close()
        assert reader_of(where).space == space


# ---- text


def test_what_only_the_passage_encoder_understands_is_found(library: LocalLibrary, tmp_path: Path) -> None:
    assert set(names(ask(library, "automobile", limit=2))) == {"garage.txt", "second car.txt"}
    where = places_in(tmp_path)
    write(where, files(sentences=False))
    without = LocalLibrary(where, Settings, open_tower=lambda _space, _tower: ConceptTower())
    try:
        assert "garage.txt" not in names(ask(without, "automobile"))
    finally:
        without.close()


@pytest.mark.parametrize("query", ["lighthouse", "a lighthouse on a cliff"])
def test_photos_and_documents_are_still_one_list(library: LocalLibrary, query: str) -> None:
    best = names(ask(library, query, limit=3))
    assert set(best) == {"lighthouse.jpg", "lighthouse 2.jpg", "lighthouse.txt"}


@pytest.mark.parametrize("query", nonsense_texts(12, seed=5))
def test_nonsense_gives_nothing(library: LocalLibrary, query: str) -> None:
    assert names(ask(library, query)) == []


def test_subtracted_words_count_among_passages_too(library: LocalLibrary) -> None:
    assert set(names(ask(library, "automobile", limit=2))) == {"garage.txt", "second car.txt"}
    found = names(ask(library, "automobile -painted", all_hits=True, limit=1000))
    assert found[0] == "garage.txt"
    assert found.index("second car.txt") > 2


def test_each_tower_has_its_own_bank_on_disk(library: LocalLibrary, places: AppDirs) -> None:
    ask(library, "dog")
    banks = {file.name: np.load(file) for file in places.cache.glob("generic-queries-*.npy")}
    assert set(banks) == {f"generic-queries-{'f' * 16}.npy", f"generic-queries-{'5' * 16}.npy"}
    one, other = banks.values()
    assert one.shape == other.shape
    assert not np.allclose(one, other)


# ---- examples


def test_a_picture_reaches_pictures_and_pages_but_no_passage(library: LocalLibrary) -> None:
    results = library.search(Query((ImagePart(data=grey_picture()),)), all_hits=True, limit=1000)
    assert names(results)[0] == "grey.jpg"
    why = {name_of(hit.path): {reason.kind for reason in hit.why} for hit in results.hits}
    assert "page" in why["beach report.pdf"]
    assert not any("passage" in kinds for kinds in why.values())


def test_a_picture_and_words_ask_each_what_they_can(library: LocalLibrary) -> None:
    query = Query((ImagePart(data=grey_picture()), TextPart("automobile")))
    found = names(library.search(query, limit=10))
    assert "grey.jpg" in found
    assert "garage.txt" in found


def test_a_picture_without_some_words_is_asked_among_pictures_alone(library: LocalLibrary) -> None:
    query = Query((ImagePart(data=grey_picture()), TextPart("automobile", -1.0)))
    assert names(library.search(query, limit=5))[0] == "grey.jpg"


def test_more_like_a_passage_compares_passages_by_their_encoder(library: LocalLibrary) -> None:
    item = library.hit("/d/garage.txt")
    assert item is not None
    assert names(library.similar(item.unit_id, limit=1, filters=Filters(kind=Kind.DOCUMENT))) == ["second car.txt"]


def test_more_like_a_passage_finds_photos_by_its_text(library: LocalLibrary) -> None:
    item = library.hit("/d/lighthouse.txt")
    assert item is not None
    found = names(library.similar(item.unit_id, limit=2, filters=Filters(kind=Kind.PHOTO)))
    assert set(found) == {"lighthouse.jpg", "lighthouse 2.jpg"}


def test_feedback_from_a_passage_and_from_a_photo(library: LocalLibrary) -> None:
    plain = Query((TextPart("lighthouse"),))
    hits = {name_of(hit.path): hit for hit in library.search(plain).hits}
    marks = (
        ImagePart(unit_id=hits["lighthouse.txt"].unit_id, weight=MORE_LIKE_WEIGHT),
        ImagePart(unit_id=hits["lighthouse 2.jpg"].unit_id, weight=LESS_LIKE_WEIGHT),
    )
    after = library.search(Query((*plain.parts, *marks)), limit=10)
    assert names(after)[0] in {"lighthouse.txt", "lighthouse.jpg"}
    assert names(library.search(plain)) == list(hits)


# ---- loading


def test_words_are_found_at_once_while_either_encoder_loads(places: AppDirs) -> None:
    towers = {"text": ConceptTower(), "passage": SentenceTower(loaded=False)}
    waiting = LocalLibrary(
        places, Settings, wait_for_model=False, open_tower=lambda _space, tower: towers.get(tower) or ConceptTower()
    )
    try:
        first = ask(waiting, "brakes")
        assert (first.model, names(first)) == (None, ["garage.txt"])
        waiting.prefetch(waiting.parse("brakes"))
        waiting.warm_up()
        assert towers["passage"].loaded
        assert ask(waiting, "brakes").model == SPACE.name
    finally:
        waiting.close()
    assert all(tower.closed for tower in towers.values())


def test_a_text_that_is_expected_is_encoded_once(places: AppDirs) -> None:
    towers = {"text": ConceptTower(), "passage": SentenceTower()}
    expecting = LocalLibrary(places, Settings, open_tower=lambda _space, tower: towers[tower])
    plain = LocalLibrary(places, Settings, open_tower=open_sentence_tower)
    try:
        query = expecting.parse("brakes -red")
        expecting.prefetch(query)
        assert names(expecting.search(query)) == names(plain.search(query))
        for tower in towers.values():
            assert (tower.asked.count("brakes"), tower.asked.count("red")) == (1, 1)
    finally:
        expecting.close()
        plain.close()


class BrokenTower(ConceptTower):
    """Breaks when it is asked."""

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        raise UserError(f"The tower is broken at {texts[0]}.", "Mend it.")


def test_what_goes_wrong_with_an_expected_text_is_met_by_its_search(places: AppDirs) -> None:
    broken = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: BrokenTower())
    try:
        query = broken.parse("brakes")
        broken.prefetch(query)
        results = broken.search(query)
        assert (results.model, names(results)[0]) == (None, "garage.txt")
        assert results.notes[0].startswith("Only words are searched")
    finally:
        broken.close()


def test_words_alone_answer_where_the_passage_encoder_is_gone(places: AppDirs) -> None:
    def open_tower(_space: EmbeddingSpace, tower: str) -> ConceptTower:
        if tower == "passage":
            raise ModelMissing("The encoder of passages is gone.", "Install it.")
        return ConceptTower()

    bare = LocalLibrary(places, Settings, open_tower=open_tower)
    try:
        results = ask(bare, "brakes")
        assert (results.model, names(results)) == (None, ["garage.txt"])
        assert "The encoder of passages is gone." in results.notes[0]
    finally:
        bare.close()


def test_the_status_names_it(library: LocalLibrary) -> None:
    assert asdict(library.status())["passages"] == "sentences"
