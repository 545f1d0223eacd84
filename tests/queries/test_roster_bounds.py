"""A large file: each part costs the same, and of each row little stays in memory."""

import tracemalloc
from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest
from flask import Flask

from hrtrain.core.db import db
from hrtrain.core.sheet import Cell, Sheet
from hrtrain.people.rosters.checking import Checking, Explained
from hrtrain.people.rosters.queries import Terms
from tests import makers
from tests.statements import statements_sent

DAY = date(2026, 7, 1)
PART = 100
# What of a row may stay: what a repeated person would be known by, and folded names in a cache
# which is full after twenty thousand.
BYTES_A_ROW = 2_500
WORDS = ["".join(letters) for letters in product("bcdghklm", "aeiou", "nt")]


class Rows(Sequence[list[Cell]]):
    """A sheet that is nowhere: its rows are made as they are asked for."""

    def __init__(self, count: int) -> None:
        self.size = count

    def __len__(self) -> int:
        return self.size + 1

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        if at > self.size:
            raise IndexError(at)
        if not at:
            return ["Họ và tên", "Ngày sinh", "Điện thoại", "Đơn vị"]
        name = f"Lê {WORDS[at % 80].title()} {WORDS[at // 80 % 80].title()}"
        return [name, f"{at % 28 + 1:02}/06/{1960 + at % 40}", f"09{at:08}", "Sở Tư pháp"]


def read(count: int) -> int:
    """Read a file of so many rows and forget each part; how many rows there were."""
    terms = Terms(starts_on=DAY, today=DAY)
    checking = Checking([Sheet("S", Rows(count))], terms, lambda digits: digits, Explained())
    found = 0
    for part in checking.parts(PART):
        assert len(part) <= PART
        found += len(part)
        db.session.rollback()
    return found


@pytest.fixture(autouse=True)
def office(app: Flask) -> None:
    makers.unit("stp", name="Sở Tư pháp")
    db.session.commit()


def test_each_part_takes_as_many_statements_however_large_the_file() -> None:
    counts = []
    for count in (200, 600, 1_000):
        with statements_sent() as sent:
            assert read(count) == count
        counts.append(len(sent))
    assert counts[1] - counts[0] == counts[2] - counts[1]
    assert (counts[1] - counts[0]) / 4 <= 6


def test_little_stays_in_memory_of_each_row() -> None:
    peaks = []
    read(200)
    for count in (600, 2_600):
        tracemalloc.start()
        read(count)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / 2_000 < BYTES_A_ROW
