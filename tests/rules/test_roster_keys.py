"""The twelve rosters agree with their answer keys, exactly."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.rosters.reading import read
from hrtrain.people.rosters.types import Complaint, SheetReading

FILES = sorted((Path(__file__).parents[1] / "files" / "rosters").glob("*.xlsx"))
TODAY = date(2026, 11, 22)


def reading_of(file: Path) -> list[SheetReading]:
    return read(read_spreadsheet(file.read_bytes(), file.name), TODAY)


def plain(complaint: Complaint) -> dict[str, Any]:
    values = {"row": complaint.row, "column": complaint.column, "code": complaint.code}
    return {**values, "same_as_row": complaint.same_as_row} if complaint.same_as_row else values


def test_there_are_twelve_of_them() -> None:
    assert len(FILES) == 12


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_roster_reads_as_its_key_says(file: Path) -> None:
    key = json.loads(file.with_suffix(".key.json").read_text("utf-8"))
    [reading] = reading_of(file)
    fields = key["entries"][0].keys()
    entries = [{name: getattr(entry, name) for name in fields} for entry in reading.entries]
    assert entries == key["entries"]
    assert [plain(complaint) for complaint in reading.complaints] == key["complaints"]
