"""Tags in sidecars and in files: written whole, nothing else touched; read back by the programs of other people."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from app.annotations.store import AnnotationStore
from app.core.records import TagRow, UnitType
from app.tags.accepted_tags import files_with_accepted_tags, write_accepted_tags
from app.tags.vocabulary_files import load_vocabulary
from app.xmp import writing
from app.xmp.containers import packet_of
from app.xmp.keywords import XmpKeywords
from app.xmp.writing import IN_FILE, TaggedFile, sidecar_of, write_xmp
from tests.app.xmp.photos import (
    DOG,
    EXIV2,
    FORMATS,
    change,
    described,
    digest,
    exiftool,
    make_picture,
    needs_exiftool,
    needs_exiv2,
    without_packet,
)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return make_picture(tmp_path / "photo.jpg")


class TestSidecars:
    def test_a_new_one_beside_the_photo(self, picture: Path) -> None:
        before = picture.read_bytes()
        made = change(picture)
        assert made.written
        assert made.target == str(picture) + ".xmp"
        assert picture.read_bytes() == before
        assert not change(picture).written, "the second time there is nothing to add"
        assert sorted(file.name for file in picture.parent.iterdir()) == ["photo.jpg", "photo.jpg.xmp"]

    def test_a_dry_run_writes_nothing(self, picture: Path) -> None:
        made = change(picture, dry_run=True)
        assert made.adds == XmpKeywords(("dog",), ("animal|dog",), ("animal/dog",))
        assert not made.written
        assert [file.name for file in picture.parent.iterdir()] == ["photo.jpg"]

    def test_lightrooms_name_is_used_where_it_is_clear(self, picture: Path) -> None:
        short = picture.with_suffix(".xmp")
        change(picture)
        Path(str(picture) + ".xmp").rename(short)
        assert sidecar_of(str(picture)) == str(short)
        picture.with_suffix(".dng").touch()
        assert sidecar_of(str(picture)) == str(picture) + ".xmp"

    def test_keywords_of_the_file_are_in_it_too(self, picture: Path) -> None:
        assert change(picture, keywords=("old",)).adds.subject == ("old", "dog")

    def test_a_missing_photo_and_a_damaged_sidecar_are_sentences(self, picture: Path, tmp_path: Path) -> None:
        missing = change(tmp_path / "none.jpg")
        assert "not there" in missing.problem
        Path(str(picture) + ".xmp").write_text("broken", encoding="utf-8")
        damaged = change(picture)
        assert damaged.problem
        assert Path(str(picture) + ".xmp").read_text(encoding="utf-8") == "broken"

    def test_one_bad_file_does_not_stop_the_others(self, picture: Path, tmp_path: Path) -> None:
        files = [TaggedFile(str(tmp_path / "none.jpg"), DOG), TaggedFile(str(picture), DOG)]
        assert [made.written for made in write_xmp(files)] == [False, True]

    @pytest.mark.skipif(os.name != "posix", reason="only there are file names bytes")
    def test_a_name_that_is_no_text(self, picture: Path) -> None:
        odd = os.fsdecode(os.fsencode(str(picture.parent)) + b"/\xff\xfe.jpg")
        picture.rename(odd)
        assert change(Path(odd)).written
        assert Path(odd + ".xmp").exists()

    @needs_exiftool
    def test_what_other_programs_wrote_stays(self, picture: Path) -> None:
        sidecar = Path(str(picture) + ".xmp")
        exiftool(
            "-q",
            "-XMP-dc:Subject=alt",
            "-XMP-dc:Title-de=Größe",
            "-XMP:Rating=4",
            "-XMP-lr:HierarchicalSubject=Leute|Bob",
            "-XMP-crs:Exposure2012=+0.35",
            "-XMP-mwg-rs:RegionInfo={AppliedToDimensions={W=60,H=120,Unit=pixel},"
            "RegionList=[{Name=Bob,Type=Face,Area={X=0.5,Y=0.5,W=0.1,H=0.1,Unit=normalized}}]}",
            "-o",
            sidecar,
            picture,
        )
        before = described(sidecar)
        assert change(picture).written
        after = described(sidecar)
        assert after.pop("XMP-dc:Subject") == ["alt", "dog"]
        assert after.pop("XMP-lr:HierarchicalSubject") == ["Leute|Bob", "animal|dog"]
        assert after.pop("XMP-digiKam:TagsList") in ("animal/dog", ["animal/dog"])
        for key in ("XMP-dc:Subject", "XMP-lr:HierarchicalSubject", "XMP-x:XMPToolkit"):
            before.pop(key, None)
            after.pop(key, None)
        assert after == before

    @needs_exiv2
    def test_exiv2_reads_all_three(self, picture: Path) -> None:
        change(picture, tags=(("animal", "dog"), ("犬",)))
        assert EXIV2 is not None
        command = [EXIV2, "-PXkv", "print", str(picture) + ".xmp"]
        shown = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        lines = {line.split(None, 1)[0]: line.split(None, 1)[1] for line in shown.splitlines()}
        assert lines["Xmp.dc.subject"] == "dog, 犬"
        assert lines["Xmp.lr.hierarchicalSubject"] == "animal|dog, 犬"
        assert lines["Xmp.digiKam.TagsList"] == "animal/dog, 犬"


class TestInFiles:
    @needs_exiftool
    @pytest.mark.parametrize("suffix", FORMATS)
    def test_everything_else_is_byte_for_byte_what_it_was(self, tmp_path: Path, suffix: str) -> None:
        path = make_picture(tmp_path / f"photo.{suffix}")
        exiftool(
            "-q",
            "-m",
            "-overwrite_original",
            "-Make=Canon",
            "-DateTimeOriginal=2020:01:02 03:04:05",
            "-GPSLatitude=52.5",
            "-GPSLatitudeRef=N",
            *(["-IPTC:Keywords=old", "-IPTC:Caption-Abstract=hällo", "-Comment=hey"] if suffix == "jpg" else []),
            "-XMP-dc:Subject=alt",
            "-XMP:Rating=4",
            path,
        )
        original, before = path.read_bytes(), described(path)
        made = change(path, into=IN_FILE)
        assert made.written
        assert made.target == str(path)
        after = described(path)
        assert after.pop("XMP-dc:Subject") == ["alt", "dog"]
        assert after.pop("XMP-lr:HierarchicalSubject") in ("animal|dog", ["animal|dog"])
        assert after.pop("XMP-digiKam:TagsList") in ("animal/dog", ["animal/dog"])
        for key in ("XMP-dc:Subject", "XMP-x:XMPToolkit"):
            before.pop(key, None)
            after.pop(key, None)
        assert after == before
        assert without_packet(path.read_bytes()) == without_packet(original)
        assert made.hashes == (digest(original), digest(path.read_bytes()))

    @needs_exiftool
    @pytest.mark.parametrize("suffix", FORMATS)
    def test_exiftool_finds_no_fault(self, tmp_path: Path, suffix: str) -> None:
        path = make_picture(tmp_path / f"photo.{suffix}")
        change(path, into=IN_FILE)
        assert "Error" not in exiftool("-validate", "-error", "-warning", path)

    def test_kinds_that_take_none_get_a_sidecar(self, tmp_path: Path) -> None:
        path = make_picture(tmp_path / "photo.tif")
        before = path.read_bytes()
        made = change(path, into=IN_FILE)
        assert made.target.endswith(".tif.xmp")
        assert path.read_bytes() == before

    def test_a_dry_run_touches_nothing(self, picture: Path) -> None:
        before, when = picture.read_bytes(), picture.stat().st_mtime_ns
        made = change(picture, into=IN_FILE, dry_run=True)
        assert made.adds
        assert (picture.read_bytes(), picture.stat().st_mtime_ns) == (before, when)
        assert len(list(picture.parent.iterdir())) == 1

    def test_mode_stays_and_the_time_of_a_photo_without_a_date(self, picture: Path) -> None:
        picture.chmod(0o640)
        os.utime(picture, ns=(10**18, 10**18))
        assert change(picture, into=IN_FILE).written
        assert stat.S_IMODE(picture.stat().st_mode) == 0o640
        assert picture.stat().st_mtime_ns == 10**18, "it is the only date this photo has"

    def test_a_dated_photo_gets_a_new_time(self, picture: Path) -> None:
        exif = Image.Exif()
        exif[0x0132] = "2020:01:02 03:04:05"
        Image.new("RGB", (8, 8)).save(picture, exif=exif)
        os.utime(picture, ns=(10**18, 10**18))
        assert change(picture, into=IN_FILE).written
        assert picture.stat().st_mtime_ns != 10**18, "backups must see that it changed"

    def test_a_link_is_followed_and_stays_a_link(self, picture: Path) -> None:
        link = picture.with_name("link.jpg")
        link.symlink_to(picture)
        assert change(link, into=IN_FILE).written
        assert link.is_symlink()
        assert packet_of(picture.read_bytes())

    def test_a_file_with_two_names_gets_a_sidecar(self, picture: Path) -> None:
        os.link(picture, picture.with_name("second.jpg"))
        assert change(picture, into=IN_FILE).target.endswith(".xmp")

    def test_a_file_that_changes_meanwhile_is_left_alone(self, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        packed = writing.with_packet

        def slow(data: bytes, packet: bytes) -> bytes:
            picture.write_bytes(picture.read_bytes() + b"more")
            return packed(data, packet)

        monkeypatch.setattr(writing, "with_packet", slow)
        made = change(picture, into=IN_FILE)
        assert "changed" in made.problem
        assert picture.read_bytes().endswith(b"more")
        assert len(list(picture.parent.iterdir())) == 1

    def test_a_full_disk_leaves_the_file_as_it_was(self, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = picture.read_bytes()

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(writing.os, "fsync", full)
        made = change(picture, into=IN_FILE)
        assert "the drive is full" in made.problem
        assert picture.read_bytes() == before
        assert len(list(picture.parent.iterdir())) == 1


class TestConfirmed:
    def test_only_what_the_person_said_is_written_and_goes_on_to_hold(self, picture: Path, tmp_path: Path) -> None:
        content = digest(picture.read_bytes())
        row = TagRow("1", str(picture), 0, UnitType.PHOTO, content, ("cat", "snow"), (0.9, 0.8), ("old",))
        with AnnotationStore(tmp_path / "data" / "decisions.sqlite") as said:
            said.confirm([content], "duck")
            said.reject([content], "cat")
            said.add_own([content], "my pets/Donald")
            files = list(files_with_accepted_tags([[row, row]], said, load_vocabulary()))
            assert files == [
                TaggedFile(str(picture), (("animal", "bird", "duck"), ("my pets", "Donald")), ("old",)),
            ]
            assert list(files_with_accepted_tags([[row]], said, load_vocabulary(), only=set())) == []
            (made,) = write_accepted_tags(files, said, into=IN_FILE)
            assert made.written
            assert said.of([digest(picture.read_bytes())]).popitem()[1].confirmed == ("duck",)
            assert made.as_json()["adds"]["digiKam:TagsList"] == ["animal/bird/duck", "my pets/Donald"]
