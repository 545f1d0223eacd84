"""What is known before a roster is taken in: people, memberships, units, groups. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hrtrain.core.period import Period
from hrtrain.people.rosters.named_units import Units


@dataclass(frozen=True)
class KnownPerson:
    """Somebody already in the database; ``is_ours`` unless outside the user's scope."""

    id: int
    key: str
    full_name: str
    folded_name: str
    gender: str
    birth_date: str
    birth_precision: str
    position: str
    phone: str
    email: str
    national_id_hash: str
    national_id_last4: str
    is_ours: bool = True
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class KnownMembership:
    """Days somebody is in a group at a unit; ``is_ours`` unless outside the user's scope."""

    person_id: int
    group_id: int
    unit_id: int
    period: Period
    id: int = 0
    is_ours: bool = True


@dataclass(frozen=True)
class Known:
    """What is known before the import."""

    people: Sequence[KnownPerson]
    memberships: Sequence[KnownMembership]
    units: Units
    groups: Mapping[str, int]
