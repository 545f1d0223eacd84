"""When a declaration is due, what one signs, what became of it, and how typed numbers are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

MAX_AGE_DAYS = 180
MOST_PEOPLE = 100_000


@dataclass(frozen=True)
class Signature:
    """Who answers for a number, and as what."""

    name: str
    position: str = ""


@dataclass(frozen=True)
class Declaration:
    """So many people on ``[starts_on, ends_on)``; no end: until the next one, or the unit's."""

    declared: int
    starts_on: date
    ends_on: date | None = None


class Due(StrEnum):
    """Why a declaration is asked for."""

    NEVER = "never"
    CHANGED = "changed"
    OLD = "old"


@dataclass(frozen=True)
class Said:
    """A group at a unit: people named today, what is declared for today, and when it was signed.

    ``changed_at``: when a row of the group's list there was last recorded or taken back.
    """

    named: int
    declared: int | None = None
    signed_at: datetime | None = None
    changed_at: datetime | None = None


def due_reason(said: Said, now: datetime, max_age: int = MAX_AGE_DAYS) -> Due | None:
    """Why the unit must speak about the group; None where it need not.

    Nothing is due where nobody is named and nothing was declared. A changed list comes before
    an old signature: that asks for more than a look.
    """
    if said.declared is None or said.signed_at is None:
        return Due.NEVER if said.named or said.declared is not None else None
    if said.changed_at is not None and said.changed_at > said.signed_at:
        return Due.CHANGED
    return Due.OLD if now - said.signed_at > timedelta(days=max_age) else None


class Became(StrEnum):
    """What a recorded declaration was, seen beside the one it took the place of."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    SHORTENED = "shortened"


@dataclass(frozen=True)
class Told:
    """What two records of a declaration are told apart by."""

    declared: int
    starts_on: date | None
    ends_on: date | None
    signed_at: datetime | None


def became(row: Told, replaced: Told | None) -> Became:
    """``replaced``: the record of the same first day taken back at the instant this came."""
    if replaced is None or replaced.starts_on != row.starts_on:
        return Became.DECLARED
    if replaced.declared != row.declared:
        return Became.CORRECTED
    if replaced.signed_at != row.signed_at:
        return Became.CONFIRMED
    return Became.SHORTENED


class Unreadable(ValueError):
    """A typed number that is none."""


def read_number(text: str) -> int | None:
    """``1.250``, ``1 250`` and ``1250`` are the same; None where nothing is typed."""
    plain = re.sub(r"[\s.\u00a0]", "", text)
    if not plain:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", plain) or int(plain) > MOST_PEOPLE:
        raise Unreadable(text)
    return int(plain)


def read_numbers(typed: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """The numbers by group, and the groups whose text is no number; what is left empty is left."""
    numbers: dict[str, int] = {}
    bad = []
    for group, text in typed.items():
        try:
            number = read_number(text)
        except Unreadable:
            bad.append(group)
        else:
            if number is not None:
                numbers[group] = number
    return numbers, bad
