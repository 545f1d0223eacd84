"""Whether two records may be of one person: a score, and the reasons for and against. Pure.

Signs weigh what they tell: a sign for has points above nought, a sign against below, and the
points add up. Nothing is decided here: people decide, pair by pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from types import MappingProxyType

from hrtrain.people.duplicates.births import BirthMatch, compare_births
from hrtrain.people.duplicates.names import compare_names, read_name, weight_of
from hrtrain.people.duplicates.places import PlaceMatch, Places


class Sign(StrEnum):
    """What else than birth and unit speaks for or against."""

    SAME_ID = "same_national_id"
    SAME_LAST4 = "same_last_digits"
    OTHER_ID = "other_national_id"
    SAME_PHONE = "same_phone"
    OTHER_PHONE = "other_phone"
    SAME_EMAIL = "same_email"
    OTHER_EMAIL = "other_email"
    OTHER_GENDER = "other_gender"
    NAME = "name"
    OTHER_NAME = "other_name"


class Level(StrEnum):
    """How sure a pair is; below `POSSIBLE` it is not proposed."""

    NEAR_SURE = "near_sure"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared of a person; ``units`` are the ids of all units the person is tied to."""

    id: int
    full_name: str
    birth_date: str = ""
    gender: str = ""
    phone: str = ""
    email: str = ""
    national_id_hash: str = ""
    national_id_last4: str = ""
    units: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """A sign, its weight, and what both sides say where that is worth showing.

    ``damages`` are those of a name that is the same underneath (`names.Damage`).
    """

    code: str
    points: int
    one: str = ""
    other: str = ""
    damages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the signs come to: ``score`` of 100, the strongest reasons first."""

    score: int
    level: Level
    reasons: tuple[Reason, ...]

    @property
    def is_proposed(self) -> bool:
        """Whether somebody should look at it."""
        return self.level is not Level.NONE


# In tenths: what the sign makes more likely, by its order of magnitude.
POINTS: Mapping[str, int] = MappingProxyType(
    {
        BirthMatch.SAME_DAY: 70,
        BirthMatch.SAME_MONTH: 40,
        BirthMatch.SAME_YEAR: 20,
        BirthMatch.SWAPPED: 30,
        BirthMatch.SLIP: 20,
        BirthMatch.OTHER_DAY: 10,
        BirthMatch.DIFFERENT: -60,
        PlaceMatch.SAME: 20,
        PlaceMatch.LINEAGE: 20,
        PlaceMatch.BELOW: 15,
        PlaceMatch.APART: -10,
        Sign.SAME_ID: 200,
        Sign.SAME_LAST4: -30,
        Sign.OTHER_ID: -70,
        Sign.SAME_PHONE: 50,
        Sign.OTHER_PHONE: -10,
        Sign.SAME_EMAIL: 60,
        Sign.OTHER_EMAIL: -10,
        Sign.OTHER_GENDER: -50,
        Sign.NAME: 60,
        Sign.OTHER_NAME: -80,
    }
)
# A middle name that is not Văn or Thị; the least that a name the same underneath comes to.
DISTINCTIVE, WORST_NAME = 5, -40
PROPOSED, LIKELY, NEAR_SURE = 80, 120, 160
# What a name, a unit and a year of birth never are: namesakes of a commune share all three.
_EVIDENCE = frozenset(
    {BirthMatch.SAME_DAY, BirthMatch.SAME_MONTH, Sign.SAME_ID, Sign.SAME_PHONE, Sign.SAME_EMAIL}
)


def compare(one: Identity, other: Identity, places: Places) -> Verdict:
    """All signs of the two and what they come to."""
    reasons = [
        _name(one, other),
        *_birth(one, other),
        *_identity_number(one, other),
        *_contact(one, other),
        *_gender(one, other),
        *_place(one, other, places),
    ]
    points = sum(reason.points for reason in reasons)
    in_order = sorted(reasons, key=lambda reason: -abs(reason.points))
    return Verdict(score_of(points), _level(points, {one.code for one in reasons}), tuple(in_order))


def score_of(points: int) -> int:
    """The points as a figure of 100, 50 where a pair is just proposed."""
    return round(100 / (1 + exp((PROPOSED - points) / 30)))


def _level(points: int, codes: set[str]) -> Level:
    """The same national ID is always looked at; without evidence beside the name none is likely."""
    if Sign.SAME_ID in codes:
        points = max(points, PROPOSED)
    if points < PROPOSED:
        return Level.NONE
    if points < LIKELY or codes.isdisjoint(_EVIDENCE):
        return Level.POSSIBLE
    return Level.LIKELY if points < NEAR_SURE else Level.NEAR_SURE


def _reason(code: str, one: str = "", other: str = "") -> Reason:
    return Reason(code, POINTS[code], one, other)


def _name(one: Identity, other: Identity) -> Reason:
    names = read_name(one.full_name), read_name(other.full_name)
    damages = compare_names(*names)
    if damages is None:
        return _reason(Sign.OTHER_NAME, one.full_name, other.full_name)
    points = POINTS[Sign.NAME] - weight_of(damages)
    if all(name.is_distinctive for name in names):
        points += DISTINCTIVE
    return Reason(
        Sign.NAME,
        max(points, WORST_NAME),
        one.full_name,
        other.full_name,
        tuple(sorted(set(damages))),
    )


def _birth(one: Identity, other: Identity) -> list[Reason]:
    match = compare_births(one.birth_date, other.birth_date)
    if match is BirthMatch.UNKNOWN:
        return []
    return [_reason(match, one.birth_date, other.birth_date)]


def _identity_number(one: Identity, other: Identity) -> list[Reason]:
    if not one.national_id_hash or not other.national_id_hash:
        return []
    if one.national_id_hash == other.national_id_hash:
        return [_reason(Sign.SAME_ID)]
    is_alike = one.national_id_last4 == other.national_id_last4 != ""
    return [_reason(Sign.SAME_LAST4 if is_alike else Sign.OTHER_ID)]


def _contact(one: Identity, other: Identity) -> list[Reason]:
    found = []
    if one.phone and other.phone:
        found.append(_reason(Sign.SAME_PHONE if one.phone == other.phone else Sign.OTHER_PHONE))
    if one.email and other.email:
        is_same = one.email.casefold() == other.email.casefold()
        found.append(_reason(Sign.SAME_EMAIL if is_same else Sign.OTHER_EMAIL))
    return found


def _gender(one: Identity, other: Identity) -> list[Reason]:
    if one.gender and other.gender and one.gender != other.gender:
        return [_reason(Sign.OTHER_GENDER, one.gender, other.gender)]
    return []


def _place(one: Identity, other: Identity, places: Places) -> list[Reason]:
    match = places.compare(one.units, other.units)
    return [] if match is PlaceMatch.UNKNOWN else [_reason(match)]
