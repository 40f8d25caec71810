"""Reading the photos, the splits, and the sentences."""

from __future__ import annotations

from pathlib import Path
from random import Random

from training import corpus
from training.records import digest_of, read_photos
from training.splits import SplitRule, normalised, split, without_held_out

RULE = SplitRule(captioned=6, labels=4, share=0.4, most=2)


def test_photos_are_read_in_order_and_without_repetition(data: Path) -> None:
    photos = read_photos(data)
    assert len(photos) == len({p.digest for p in photos}) == 64
    assert photos[0].captions[0] == "A red disc number 0 ."
    assert photos[1].label == "green disc"
    assert photos[0].open().size == (48, 40)
    (data / "photos-2.parquet").write_bytes((data / "photos-0.parquet").read_bytes())
    assert len(read_photos(data)) == 64


def test_the_split_is_complete_disjoint_and_does_not_depend_on_order(data: Path) -> None:
    photos = read_photos(data)
    parts = split(photos, RULE)
    everything = [*parts.train, *parts.captioned, *parts.labelled]
    assert sorted(everything) == list(range(64))
    assert len(parts.captioned) == 6
    assert all(photos[i].captions for i in parts.captioned)
    assert {photos[i].label for i in parts.labelled} == set(parts.labels)
    turned = photos[::-1]
    again = split(turned, RULE)
    assert {turned[i].digest for i in again.captioned} == {photos[i].digest for i in parts.captioned}
    assert {turned[i].digest for i in again.labelled} == {photos[i].digest for i in parts.labelled}


def test_no_caption_of_a_held_out_photo_is_learnt_from(data: Path) -> None:
    photos = read_photos(data)
    parts = split(photos, RULE)
    held_out = [c for i in parts.captioned for c in photos[i].captions]
    disguised = [c.upper().replace(" ", "  ") + "!" for c in held_out]
    kept = without_held_out(["A cat sleeps.", *held_out, *disguised], photos, parts)
    assert kept == ["A cat sleeps."]
    assert normalised(" A dog , running! ") == "a dog running"


def test_digests_are_stable() -> None:
    assert digest_of(b"semblance") == digest_of(b"semblance") != digest_of(b"other")
    assert 0 <= digest_of(b"") < 2**64


def test_names_get_their_article() -> None:
    assert corpus.article("owl") == "an owl"
    assert corpus.article("pair of shoes") == "pair of shoes"
    assert corpus.article("boxing") == "boxing"
    assert corpus.article("glass") == "a glass"
    assert "a photo of an owl" in corpus.prompts("owl")


def test_passages_come_from_docstrings_and_are_prose(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(
        '"""This sentence explains at some length what the module is good for.\n\n>>> code(1)\n\na | b | c | d | e\n"""'
    )
    (tmp_path / "broken.py").write_text("def (")
    assert corpus.passages(Random(1), [tmp_path]) == [
        "This sentence explains at some length what the module is good for."
    ]


def test_generated_sentences_are_reproducible() -> None:
    words = ["dog", "beach", "invoice", "mountain"]
    amounts = corpus.Amounts(passages=0, fragments=20, bags=20)
    first = corpus.build(["A dog runs on the sunny beach today ."], ["owl"], words, amounts)
    assert first == corpus.build(["A dog runs on the sunny beach today ."], ["owl"], words, amounts)
    assert len(first) == len(set(first)) > 20
    assert {"owl", "dog", "A dog runs on the sunny beach today ."} <= set(first)


def test_running_text_is_cut_to_passages_and_no_file_outweighs_the_rest(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(" ".join(f"word{i}" for i in range(500)) + "\n\n")
    (tmp_path / "many.txt").write_text("\n".join(f"Paragraph number {i} of many others" for i in range(100)))
    (tmp_path / "notes.md").write_text("not read")
    texts = corpus.running_text(tmp_path, Random(1), most=10)
    assert sum(text.startswith("Paragraph number") and text.endswith("others") for text in texts) >= 10
    assert len({t for t in texts if len(t.split()) == 6 and t.startswith("Paragraph")}) == 10
    assert max(len(text.split()) for text in texts) == corpus.LONGEST_PASSAGE
    assert not any("read" in text for text in texts)
    assert len(texts) == len(set(texts))
    assert corpus.running_text(tmp_path, Random(1), most=10) == texts
