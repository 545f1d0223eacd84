"""When a declaration is due, what became of it, and how typed numbers are read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.people.headcounts.rules import (
    Became,
    Due,
    Said,
    Told,
    became,
    due_reason,
    read_numbers,
)

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Said(0), None),
        (Said(3), Due.NEVER),
        (Said(3, 3, days_ago(1)), None),
        (Said(3, 3, days_ago(180)), None),
        (Said(3, 3, days_ago(181)), Due.OLD),
        (Said(0, 0, days_ago(181)), Due.OLD),
        (Said(3, 3, days_ago(10), changed_at=days_ago(9)), Due.CHANGED),
        (Said(3, 3, days_ago(10), changed_at=days_ago(10)), None),
        (Said(3, 3, days_ago(200), changed_at=days_ago(9)), Due.CHANGED),
    ],
)
def test_declaration_is_due_when_never_made_old_or_its_list_changed(
    said: Said, expected: Due | None
) -> None:
    assert due_reason(said, NOW) == expected


def test_how_old_is_too_old_may_be_said() -> None:
    assert due_reason(Said(3, 3, days_ago(40)), NOW, 30) == Due.OLD


FIRST = date(2026, 1, 1)
TOLD = Told(5, FIRST, None, days_ago(9))


@pytest.mark.parametrize(
    ("row", "replaced", "expected"),
    [
        (TOLD, None, Became.DECLARED),
        (TOLD, Told(5, FIRST, None, days_ago(99)), Became.CONFIRMED),
        (TOLD, Told(4, FIRST, None, days_ago(99)), Became.CORRECTED),
        (Told(5, FIRST, date(2026, 5, 1), days_ago(9)), TOLD, Became.SHORTENED),
    ],
)
def test_history_tells_what_a_record_was(
    row: Told, replaced: Told | None, expected: Became
) -> None:
    assert became(row, replaced) == expected


def test_numbers_are_read_as_the_office_writes_them_and_empty_ones_left() -> None:
    typed = {"a": "1.250", "b": " 1 250 ", "c": "0", "d": "", "e": "  "}
    assert read_numbers(typed) == ({"a": 1250, "b": 1250, "c": 0}, [])


@pytest.mark.parametrize("text", ["-1", "năm", "1,5", "100001", "1e3", "٣", "12 người", "9" * 50])
def test_what_is_no_number_is_told_by_group(text: str) -> None:
    assert read_numbers({"a": text, "b": "2"}) == ({"b": 2}, ["a"])


@given(st.text(max_size=20))
def test_any_text_is_a_number_in_bounds_or_told(text: str) -> None:
    numbers, bad = read_numbers({"a": text})
    assert not (numbers and bad)
    assert all(0 <= number <= 100_000 for number in numbers.values())
