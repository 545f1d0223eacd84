"""People and attendances (lượt người): two figures with two names, which no rate is made of."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.people.models import Membership
from hrtrain.training.models import Completion
from hrtrain.units.models import Unit
from hrtrain.units.queries import subtree_ids


@dataclass(frozen=True)
class Attendance:
    """How many people completed something, and how many times people did."""

    person_count: int
    attendance_count: int


def attendance_of(unit: Unit | None, day: date, known_at: datetime | None = None) -> Attendance:
    """Of whoever is in a cadre group in the unit and below on the day: completions through it.

    What expired or was revoked was still attended; what is void never happened.
    """
    instant = known_at or clock.now()
    members = select(Membership.person_id).where(
        holds_sql(Membership.starts_on, Membership.ends_on, day), Membership.known_at(instant)
    )
    if unit is not None:
        members = members.where(Membership.unit_id.in_(subtree_ids([unit.id], day, instant)))
    counted = select(func.count(Completion.person_id.distinct()), func.count()).where(
        Completion.completed_on <= day,
        Completion.is_void.is_(False),
        Completion.known_at(instant),
        Completion.person_id.in_(members),
    )
    return Attendance(*db.session.execute(counted).one())
