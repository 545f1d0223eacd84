"""One person row of a roster becomes an entry, or the complaints that say why not. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from hrtrain.core.sheet import Cell
from hrtrain.core.text import name_case, search_key, strip_honorifics
from hrtrain.people.rosters.cells import (
    Birth,
    disagrees,
    is_tick,
    read_birth,
    read_birth_parts,
    read_email,
    read_gender,
    read_national_id,
    read_phone,
    shown,
    text_of,
)
from hrtrain.people.rosters.types import Code, Complaint, Entry, Warn

LONGEST = 200
_LETTER = re.compile(r"[^\W\d_]")
_ETH = re.compile("[ÐðƉɖ]")
_DIGIT = re.compile(r"\d")
T = TypeVar("T")


@dataclass
class _Faults:
    """Gathers what is wrong with the row while its cells are read."""

    sheet: str
    row: int
    found: list[Complaint] = field(default_factory=list)

    def taken(self, column: str, cell: Cell, value: T | Code, blank: T) -> T:
        """The value, or the blank after a complaint about the cell."""
        if not isinstance(value, Code):
            return value
        self.found.append(Complaint(self.sheet, self.row, column, value, shown(cell)[:LONGEST]))
        return blank


@dataclass(frozen=True)
class Place:
    """Where the row stands and what it takes over from the rows above."""

    sheet: str
    row: int
    unit_text: str
    position: str
    today: date


def read_person(
    place: Place, written: str, cells: Mapping[str, Cell]
) -> tuple[Entry | None, list[Complaint]]:
    """The entry of the row, or every complaint about it."""
    faults = _Faults(place.sheet, place.row)
    name, _titles, told_gender = strip_honorifics(written)
    faults.taken("full_name", written, _name_fault(name), "")
    gender, birth = _gender_and_birth(cells, place.today, faults)
    identity = cells.get("national_id")
    national_id, warnings = faults.taken(
        "national_id", identity, read_national_id(identity), ("", [])
    )
    phone = faults.taken("phone", cells.get("phone"), read_phone(cells.get("phone")), "")
    email = faults.taken("email", cells.get("email"), read_email(cells.get("email")), "")
    gender = gender or told_gender
    if disagrees(national_id, gender, birth.date):
        warnings = [Warn.NATIONAL_ID_DISAGREES, *warnings]
    if _ETH.search(written):
        warnings = [*warnings, Warn.ETH_READ_AS_D]
    full_name = name_case(name)
    if faults.found:
        return None, faults.found
    return Entry(
        sheet=place.sheet,
        row=place.row,
        full_name=full_name,
        gender=gender,
        birth_date=birth.date,
        birth_precision=birth.precision,
        position=place.position[:LONGEST],
        unit_text=place.unit_text,
        phone=phone,
        email=email,
        national_id=national_id,
        warnings=tuple(warnings),
        group_text=text_of(cells.get("group")),
        folded_name=search_key(full_name),
    ), []


def _name_fault(name: str) -> str | Code:
    bad = not _LETTER.search(name) or _DIGIT.search(name) or len(name) > LONGEST
    return Code.MISSING_NAME if bad else name


def _gender_and_birth(cells: Mapping[str, Cell], today: date, faults: _Faults) -> tuple[str, Birth]:
    """From a gender and a birth column, or from two columns Nam and Nữ with dates or ticks."""
    cell = cells.get("gender")
    gender = faults.taken("gender", cell, read_gender(cell), "")
    marks = {name: cells.get(name) for name in ("male", "female") if text_of(cells.get(name))}
    birth_cell = cells.get("birth_date")
    if len(marks) == 2:
        both = " | ".join(shown(mark) for mark in marks.values())
        faults.taken("gender", both, Code.BAD_GENDER, "")
    elif marks:
        [(gender, mark)] = marks.items()
        birth_cell = birth_cell if is_tick(mark) else mark
    if "birth_year" in cells:
        parts = [cells.get(f"birth_{part}") for part in ("day", "month", "year")]
        written = "/".join(filter(None, map(text_of, parts)))
        return gender, faults.taken("birth_date", written, read_birth_parts(parts, today), Birth())
    return gender, faults.taken("birth_date", birth_cell, read_birth(birth_cell, today), Birth())


def written(place: Place, name: str, cells: Mapping[str, Cell]) -> dict[str, str]:
    """What a refused row says, field by field, as it will stand in the file to be corrected."""
    said = {one: shown(cells.get(one)) for one in ("gender", "phone", "email", "national_id")}
    birth = shown(cells.get("birth_date"))
    parts = [text_of(cells.get(f"birth_{part}")) for part in ("day", "month", "year")]
    for column, word in (("male", "Nam"), ("female", "Nữ")):
        mark = cells.get(column)
        if text_of(mark):
            said["gender"] = f"{said['gender']} {word}".strip()
            birth = birth if is_tick(mark) else shown(mark)
    said["birth_date"] = birth or "/".join(filter(None, parts))
    more = {"position": place.position, "unit_text": place.unit_text}
    return {**said, **more, "full_name": shown(name), "group_text": shown(cells.get("group"))}
