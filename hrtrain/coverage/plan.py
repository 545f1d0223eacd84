"""What an office enters about a plan: value objects and the few rules they must keep. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hrtrain.core.period import Period, day_after

ALWAYS = Period()
TIERS = ("central", "province", "district", "commune")


class Origin(StrEnum):
    """Where a target comes from: the plan's own words, the plan above it, or nowhere."""

    STATED = "stated"
    INHERITED = "inherited"
    NOT_STATED = "not_stated"


@dataclass(frozen=True)
class ProgrammeDetails:
    """What a programme's page edits."""

    title: str
    document_no: str = ""
    issued_on: date | None = None
    authority_unit_id: int | None = None
    period: Period = ALWAYS


@dataclass(frozen=True)
class TargetDetails:
    """What a plan wants of a group; no ``percent`` and no ``deadline``: it does not say."""

    percent: int | None = None
    deadline: date | None = None
    origin: Origin = Origin.NOT_STATED
    scope_unit_id: int | None = None
    tiers: tuple[str, ...] = ()
    grace_days: int = 0
    starts_on: date | None = None


@dataclass(frozen=True)
class ItemDetails:
    """An item asked of a group in a period, and courses any one of which satisfies it.

    ``accepts`` bounds the completion days these courses are accepted for.
    """

    item: str
    course_ids: tuple[int, ...]
    period: Period = ALWAYS
    accepts: Period = ALWAYS


@dataclass(frozen=True)
class ExemptionDetails:
    """A person not asked, for a period, with who approved it, why and by which document."""

    person_id: int
    group_id: int
    period: Period
    reason: str
    approver: str
    document_no: str


def in_order(tiers: tuple[str, ...]) -> tuple[str, ...]:
    """The tiers from the top down, each once."""
    return tuple(tier for tier in TIERS if tier in tiers)


def through(first: date | None, last: date | None) -> Period:
    """The period of people's words, "from … through …": its last day is inside."""
    return Period(first, day_after(last))
