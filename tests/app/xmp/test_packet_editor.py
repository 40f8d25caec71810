"""Keywords merged, packets edited, and put into files without touching anything else."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image

from app.xmp import packet_editor
from app.xmp.containers import NotEmbeddable, embeddable, packet_of, with_packet
from app.xmp.keywords import XmpKeywords, merge_keywords
from app.xmp.packet_editor import PacketEditor, PacketError
from tests.app.xmp.photos import DOG, FORMATS, make_picture


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return make_picture(tmp_path / "photo.jpg")


class TestMerging:
    def test_all_three_lists_are_filled(self) -> None:
        made = merge_keywords(XmpKeywords(), [("animal", "bird", "duck"), ("holiday",)])
        assert made == XmpKeywords(
            ("duck", "holiday"), ("animal|bird|duck", "holiday"), ("animal/bird/duck", "holiday")
        )

    def test_what_is_there_stays_in_its_order(self) -> None:
        have = XmpKeywords(("zebra", "alpha"), ("Pets|Rocky",), ("Pets/Rocky",))
        made = merge_keywords(have, DOG, ["from IPTC", "ALPHA"])
        assert made.subject == ("zebra", "alpha", "from IPTC", "dog")
        assert made.hierarchical == ("Pets|Rocky", "animal|dog")
        assert merge_keywords(made, DOG, ["from IPTC"]) == made

    def test_the_persons_own_place_in_a_hierarchy_is_respected(self) -> None:
        have = XmpKeywords(("dog",), ("My things|Dog",), ())
        made = merge_keywords(have, DOG)
        assert made.hierarchical == ("My things|Dog",)
        assert made.tags_list == ("animal/dog",)

    def test_separators_in_names_do_not_make_a_hierarchy(self) -> None:
        made = merge_keywords(XmpKeywords(), [("and/or", "a|b")])
        assert len(made.hierarchical[0].split("|")) == 2
        assert len(made.tags_list[0].split("/")) == 2


class TestContainers:
    @pytest.mark.parametrize("suffix", FORMATS)
    def test_a_packet_goes_in_and_comes_out(self, tmp_path: Path, suffix: str) -> None:
        data = make_picture(tmp_path / f"a.{suffix}").read_bytes()
        assert embeddable(data[:16])
        assert packet_of(data) is None
        once = with_packet(data, b"<first/>")
        assert packet_of(once) == b"<first/>"
        assert packet_of(with_packet(once, b"<second packet/>")) == b"<second packet/>"
        (tmp_path / f"b.{suffix}").write_bytes(once)
        with Image.open(tmp_path / f"a.{suffix}") as one, Image.open(tmp_path / f"b.{suffix}") as two:
            assert one.tobytes() == two.tobytes()

    @pytest.mark.parametrize("suffix", FORMATS)
    def test_a_cut_off_file_is_refused(self, tmp_path: Path, suffix: str) -> None:
        data = make_picture(tmp_path / f"a.{suffix}").read_bytes()
        with pytest.raises(NotEmbeddable):
            with_packet(data[: 40 if suffix != "jpg" else 100], b"<x/>")

    def test_other_kinds_are_refused(self) -> None:
        assert not embeddable(b"II*\0")
        with pytest.raises(NotEmbeddable):
            packet_of(b"II*\0")

    def test_too_much_for_a_jpeg(self, picture: Path) -> None:
        with pytest.raises(NotEmbeddable, match="too many"):
            with_packet(picture.read_bytes(), b"x" * 70_000)

    def test_further_pictures_behind_the_first_are_not_moved(self, picture: Path) -> None:
        data = picture.read_bytes()
        mpf = b"\xff\xe2" + struct.pack(">H", 10) + b"MPF\0" + b"abcd"
        before = data[:2] + mpf + data[2:]
        with pytest.raises(NotEmbeddable, match="several pictures"):
            with_packet(before, b"<x/>")
        end = data.index(b"\xff\xdb")
        behind = data[:end] + mpf + data[end:]
        made = with_packet(behind, b"<x/>")
        assert made.endswith(behind[behind.index(mpf) :])

    def test_a_simple_webp_with_and_without_alpha(self, tmp_path: Path) -> None:
        for mode, lossless in (("RGB", False), ("RGBA", True), ("RGB", True)):
            path = tmp_path / "a.webp"
            Image.new(mode, (33, 17), (200, 10, 10, 90)[: len(mode)]).save(path, lossless=lossless)
            path.write_bytes(with_packet(path.read_bytes(), b"<odd/>"))
            with Image.open(path) as read:
                assert read.size == (33, 17)
                assert read.mode == mode
                assert read.info.get("xmp", b"<odd/>") == b"<odd/>"


class TestPackets:
    def test_names_of_all_kinds(self) -> None:
        names = ["Großmutters, Garten; x", "犬", "🐶", "<&>\"'", "עברית"]
        with PacketEditor() as editor:
            made = editor.edit(None, [(name,) for name in names])
            again = editor.edit(made.packet, [(names[0],), ("new",)])
        assert made.after.subject == tuple(names)
        assert again.before == made.after
        assert again.after.without(again.before) == XmpKeywords(("new",), ("new",), ("new",))

    def test_unordered_lists_are_bags(self) -> None:
        with PacketEditor() as editor:
            text = editor.edit(None, [("dog",)]).packet.decode()
        assert text.count("<rdf:Bag>") == 2
        assert text.count("<rdf:Seq>") == 1

    @pytest.mark.parametrize(
        "packet",
        [
            b"garbage",
            b"\xff\xfe\x00",
            b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><dc:subject><rdf:Bag><rdf:li>dog',
        ],
    )
    def test_a_damaged_packet_is_refused(self, packet: bytes) -> None:
        with PacketEditor() as editor, pytest.raises(PacketError):
            editor.edit(packet, [("dog",)])

    def test_a_child_that_dies_costs_one_file(self) -> None:
        with PacketEditor() as editor:
            editor.edit(None, [("dog",)])
            assert editor._child is not None
            editor._child.kill()
            editor._child.wait()
            with pytest.raises(PacketError):
                editor.edit(None, [("dog",)])
            assert editor.edit(None, [("dog",)]).after.subject == ("dog",)

    def test_the_child_is_replaced_now_and_then(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packet_editor, "_TASKS_PER_CHILD", 1)
        with PacketEditor() as editor:
            editor.edit(None, [("dog",)])
            first = editor._child
            editor.edit(None, [("dog",)])
            assert editor._child is not first
