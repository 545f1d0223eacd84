"""What a unit may be and when its bounds make sense; pure: days come as arguments."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hrtrain.core.period import Period


class Tier(StrEnum):
    """The level of government a unit works at."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Kind(StrEnum):
    """What sort of organisation a unit is."""

    STATE = "state"
    PARTY = "party"
    MASS_ORGANISATION = "mass_organisation"
    PRESS = "press"
    AREA = "area"


@dataclass(frozen=True)
class UnitDetails:
    """What a form says of a unit, its parent apart."""

    name: str
    short_name: str
    tier: Tier
    kind: Kind
    life: Period


@dataclass(frozen=True)
class Stay:
    """Something that must lie within a unit's life: a member's days, a child's, and whose."""

    name: str
    period: Period


def left_outside(life: Period, stays: Iterable[Stay]) -> Stay | None:
    """The first stay that has a day outside the life; None when all lie within."""
    return next((stay for stay in stays if not life.contains(stay.period)), None)


def following(bounds: Period, old: Period, new: Period) -> Period:
    """Where the bounds of a name, code or parent go when the unit's life changes.

    A bound that was the life's own follows it; any other is only cut to fit.
    """
    starts_on = new.starts_on if bounds.starts_on == old.starts_on else bounds.starts_on
    ends_on = new.ends_on if bounds.ends_on == old.ends_on else bounds.ends_on
    if new.starts_on and (starts_on is None or starts_on < new.starts_on):
        starts_on = new.starts_on
    if new.ends_on and (ends_on is None or ends_on > new.ends_on):
        ends_on = new.ends_on
    return Period(starts_on, ends_on)
