"""Dates as people write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query.dates import parse_period

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023", "2023-01-01", "2024-01-01"),
        ("2023-06", "2023-06-01", "2023-07-01"),
        ("2023-06-15", "2023-06-15", "2023-06-16"),
        ("June 2024", "2024-06-01", "2024-07-01"),
        ("jun '24", "2024-06-01", "2024-07-01"),
        ("März 2021", "2021-03-01", "2021-04-01"),
        ("15 June 2024", "2024-06-15", "2024-06-16"),
        ("June 15th, 2024", "2024-06-15", "2024-06-16"),
        ("15. Juni 2024", "2024-06-15", "2024-06-16"),
        ("15.6.2024", "2024-06-15", "2024-06-16"),
        ("6/15/2024", "2024-06-15", "2024-06-16"),
        ("last summer", "2026-06-01", "2026-09-01"),
        ("letzten Sommer", "2026-06-01", "2026-09-01"),
        ("winter 2023", "2023-12-01", "2024-03-01"),
        ("today", "2026-11-21", "2026-11-22"),
        ("yesterday", "2026-11-20", "2026-11-21"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("last week", "2026-11-09", "2026-11-16"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("last 7 days", "2026-11-14", "2026-11-22"),
        ("3 days ago", "2026-11-18", "2026-11-19"),
        ("vor zwei Wochen", "2026-11-07", "2026-11-08"),
        ("november", "2026-11-01", "2026-12-01"),
        ("december", "2025-12-01", "2026-01-01"),
        ("friday", "2026-11-20", "2026-11-21"),
        ("1990s", "1990-01-01", "2000-01-01"),
        ("Q2 2024", "2024-04-01", "2024-07-01"),
        ("christmas 2023", "2023-12-24", "2023-12-27"),
        ("in the summer of 2022", "2022-06-01", "2022-09-01"),
    ],
)
def test_what_people_write(text: str, start: str, end: str) -> None:
    period = parse_period(text, TODAY)
    assert period is not None
    assert (period.start, period.end) == (datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize("text", ["", "banana", "31 June 2024", "2023-13", "3/4/2023", "99999", "9999", "after", "12"])
def test_what_is_no_date_or_can_be_read_in_two_ways(text: str) -> None:
    assert parse_period(text, TODAY) is None


def test_last_summer_said_in_summer_is_the_year_before() -> None:
    period = parse_period("last summer", date(2026, 7, 1))
    assert period is not None
    assert period.start == datetime(2025, 6, 1)


@given(st.text(max_size=30), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_any_text_gives_a_period_in_order_or_none(text: str, today: date) -> None:
    period = parse_period(text, today)
    assert period is None or period.start < period.end
