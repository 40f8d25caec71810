"""When a picture was taken, as cameras, scanners, phones, messengers and people write it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.metadata import Tags, facts_of
from app.metadata.capture_time import parse_time
from app.metadata.name_dates import date_in_name
from tests import samples


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014:06:07 10:11:12", datetime(2014, 6, 7, 10, 11, 12)),
        ("2014-06-07T10:11:12.345", datetime(2014, 6, 7, 10, 11, 12, 345_000)),
        ("2014-06-07", datetime(2014, 6, 7)),
        ("2014:06:07 24:00:00", datetime(2014, 6, 7, 23, 59, 59)),
        ("2014:06:07 10:11:60", datetime(2014, 6, 7, 10, 11, 59)),
        ("2014:06:07 10:11", datetime(2014, 6, 7, 10, 11)),
        ("1987", datetime(1987, 1, 1)),
        ("1987-06", datetime(1987, 6, 1)),
        ("1987:06:00 00:00:00", datetime(1987, 6, 1)),
        ("1987:00:00 00:00:00", datetime(1987, 1, 1)),
        ("19991224", datetime(1999, 12, 24)),
        ("19990000", datetime(1999, 1, 1)),
        ("19991224T180000+0100", datetime(1999, 12, 24, 18)),
        ("24.12.1999 18:30", datetime(1999, 12, 24, 18, 30)),
        ("24/12/1999", datetime(1999, 12, 24)),
        ("12/24/1999", datetime(1999, 12, 24)),
        ("Mon, 04 Mar 2013 05:06:07 +0000", datetime(2013, 3, 4, 5, 6, 7)),
        ("1900:05:05 00:00:00", datetime(1900, 5, 5)),
        ("2999:01:01 00:00:00", None),
        ("1066:10:14 00:00:00", None),
        ("2014:13:07 00:00:00", None),
        ("2014:02:30 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_as_programs_write_them(text: str | None, expected: datetime | None) -> None:
    moment = parse_time(text)
    assert (moment[0] if moment else None) == expected


@pytest.mark.parametrize("text", ["1970:01:01 00:00:00", "1970:01:01 02:00:00", "1969:12:31 19:00:00",
                                  "1980:01:01 00:00:00", "2000:01:01 00:00:00", "1904:01:01 00:00:00"])  # fmt: skip
def test_a_clock_that_was_reset_tells_no_date(text: str) -> None:
    assert parse_time(text, camera=True) is None


@pytest.mark.parametrize("text", ["1970:01:01 15:23:11", "2000:01:01 00:00:07", "1980:06:01 00:00:00"])
def test_a_clock_that_runs_tells_one(text: str) -> None:
    assert parse_time(text, camera=True) is not None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG-20200101-WA0001.jpg", datetime(2020, 1, 1)),
        ("VID-20191231-WA2359.jpg", datetime(2019, 12, 31)),
        ("WhatsApp Image 2019-03-04 at 12.34.56.jpeg", datetime(2019, 3, 4, 12, 34, 56)),
        ("WhatsApp Image 2023-03-04 at 3.34.56 PM (1).jpeg", datetime(2023, 3, 4, 15, 34, 56)),
        ("signal-2018-08-21-123456.jpg", datetime(2018, 8, 21, 12, 34, 56)),
        ("signal-2018-08-21-12-34-56-789.jpg", datetime(2018, 8, 21, 12, 34, 56)),
        ("Screenshot_20190201-212530_Firefox.jpg", datetime(2019, 2, 1, 21, 25, 30)),
        ("Screenshot 2023-01-05 at 3.04.05 PM.png", datetime(2023, 1, 5, 15, 4, 5)),
        ("Screenshot 2023-01-05 at 12.04.05\u202fAM.png", datetime(2023, 1, 5, 0, 4, 5)),
        ("Bildschirmfoto 2023-01-05 um 15.04.05.png", datetime(2023, 1, 5, 15, 4, 5)),
        ("Screenshot from 2022-11-30 08-09-10.png", datetime(2022, 11, 30, 8, 9, 10)),
        ("2011-07-19 11.36.39.jpg", datetime(2011, 7, 19, 11, 36, 39)),
        ("2011-07-19 11.36.39-1.jpg", datetime(2011, 7, 19, 11, 36, 39)),
        ("PXL_20210704_123456789.jpg", datetime(2021, 7, 4, 12, 34, 56, 789_000)),
        ("PXL_20210704_123456789.PORTRAIT.jpg", datetime(2021, 7, 4, 12, 34, 56, 789_000)),
        ("IMG_20150101_000102_HDR.jpg", datetime(2015, 1, 1, 0, 1, 2)),
        ("20150101_000102(0).jpg", datetime(2015, 1, 1, 0, 1, 2)),
        ("IMG_20150101_000102_BURST003.jpg", datetime(2015, 1, 1, 0, 1, 2)),
        ("00100lPORTRAIT_00100_BURST20200802134455_COVER.jpg", datetime(2020, 8, 2, 13, 44, 55)),
        ("20110719113639.jpg", datetime(2011, 7, 19, 11, 36, 39)),
        ("1999-12-24 Weihnachten bei Oma.jpg", datetime(1999, 12, 24)),
        ("1999_12_24.tif", datetime(1999, 12, 24)),
        ("Scan_19551224.tif", datetime(1955, 12, 24)),
        ("1999-12 Winter.jpg", datetime(1999, 12, 1)),
        ("FB_IMG_1523456789012.jpg", datetime(2018, 4, 11, 14, 26, 29, 12_000)),
        ("DSC_0042.jpg", None),
        ("IMG_1999.jpg", None),
        ("20231345.jpg", None),
        ("2023-02-30.jpg", None),
        ("4915112345678.jpg", None),
        ("120200101999.jpg", None),
        ("a1b2c320200101ff.jpg", None),
        ("2048x1536.jpg", None),
        ("rechnung 2020-01.jpg", None),
        ("", None),
    ],
)
def test_dates_in_names(name: str, expected: datetime | None) -> None:
    assert date_in_name(name) == expected


def test_a_name_comes_after_everything_in_the_file_and_before_its_time() -> None:
    assert facts_of(Tags(), None, name="2011-07-19 11.36.39.jpg").taken_at == datetime(2011, 7, 19, 11, 36, 39)
    assert facts_of(Tags(exif={0x9003: "2014:06:07 10:11:12"}), None, name="2011-07-19.jpg").taken_at == datetime(
        2014, 6, 7, 10, 11, 12
    )
    assert facts_of(Tags(exif={0x9003: "1970:01:01 00:00:00"}), None, name="2011-07-19.jpg").taken_at == datetime(
        2011, 7, 19
    )


IPTC = {(2, 55): [b"19991224"], (2, 60): [b"180000+0100"]}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"iptc": IPTC}, (datetime(1999, 12, 24, 18), 60)),
        ({"iptc": {(2, 55): [b"19870600"]}}, (datetime(1987, 6, 1), None)),
        ({"iptc": IPTC, "exif": {0x9004: "2010:01:02 03:04:05"}}, (datetime(1999, 12, 24, 18), 60)),
        ({"iptc": IPTC, "exif": {0x9003: "2010:01:02 03:04:05"}}, (datetime(2010, 1, 2, 3, 4, 5), None)),
        ({"exif": {0x9004: "2024:12:31 23:30:00", 0x9010: "+01:00", 0x9012: "+09:00"}},
         (datetime(2024, 12, 31, 23, 30), 540)),
        ({"exif": {0x9003: "2024:12:31 23:30:00", 0x9010: "+01:00", 0x9012: "+09:00"}},
         (datetime(2024, 12, 31, 23, 30), 60)),
        ({"exif": {0x9003: "2022:05:05 12:00:00", 0x9291: "5"}}, (datetime(2022, 5, 5, 12, 0, 0, 500_000), None)),
        ({"exif": {0x9003: "2022:05:05 12:00:00", 0x9291: "050 "}}, (datetime(2022, 5, 5, 12, 0, 0, 50_000), None)),
        ({"texts": {"creation time": "2013:03:04 05:06:07"}}, (datetime(2013, 3, 4, 5, 6, 7), None)),
        ({"main": {0x0132: "2013:03:04 05:06:07"}}, (None, None)),
    ],
)  # fmt: skip
def test_the_order_of_the_standards(tags: dict[str, Any], expected: tuple[datetime | None, int | None]) -> None:
    facts = facts_of(Tags(**tags), None)
    assert (facts.taken_at, facts.taken_offset) == expected


def test_pictures_of_a_burst_are_in_order(tmp_path: Path) -> None:
    from app.metadata import read_facts

    times = []
    for fraction in ("10", "50", "90"):
        exif = samples.exif(taken="2022:05:05 12:00:00")
        exif.get_ifd(0x8769)[0x9291] = fraction
        path = samples.save(samples.photo(size=(30, 20)), tmp_path / f"{fraction}.jpg", exif=exif)
        times.append(read_facts(path).taken_at)
    assert times == sorted(set(times))  # type: ignore[type-var]
