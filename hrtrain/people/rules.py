"""Rules of people: what a form says of a person or a membership, who stands in its way. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from hrtrain.core.period import Period
from hrtrain.people.rosters.cells import Birth

GENDERS = ("male", "female", "")
UNKNOWN_BIRTH = Birth()


@dataclass(frozen=True)
class PersonDetails:
    """What a form says of a person. An empty ``national_id`` leaves the known one alone."""

    full_name: str
    gender: str = ""
    birth: Birth = UNKNOWN_BIRTH
    position: str = ""
    phone: str = ""
    email: str = ""
    national_id: str = ""


@dataclass(frozen=True)
class Placement:
    """What a form says of a membership, the person apart; group and unit by id."""

    group_id: int
    unit_id: int
    period: Period
    position: str = ""


def in_the_way(period: Period, others: Iterable[tuple[Period, str]]) -> tuple[Period, str] | None:
    """The first of the person's other days in the group that share a day, and where they are."""
    return next((other for other in others if other[0].overlaps(period)), None)


def may_be_born_alike(one: str, other: str) -> bool:
    """Whether two cut birth dates may be one day: one of them is unknown or begins the other."""
    return one.startswith(other) or other.startswith(one)
