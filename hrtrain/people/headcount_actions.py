"""Declaring how many people of a group a unit itself has, from a day on."""

from datetime import date

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.facts import restate, retract
from hrtrain.core.formats import span
from hrtrain.core.language import gettext as _
from hrtrain.core.period import Period
from hrtrain.people.models import CadreGroup, Headcount
from hrtrain.units.models import Unit


def declare_headcount(
    unit: Unit, group: CadreGroup, declared: int, starts_on: date, *, by: User
) -> Headcount:
    """From the day on the unit has so many, until its next declaration or its end.

    The former declaration ends the day before; one of the same day is replaced, and the same
    number sent twice is kept once.
    """
    lock(unit)
    if not Period(unit.starts_on, unit.ends_on).holds(starts_on):
        raise Refusal(
            _(
                "%(name)s chỉ tồn tại: %(days)s.",
                name=unit.name,
                days=span(unit.starts_on, unit.ends_on),
            ),
            where="starts_on",
        )
    ends_on = unit.ends_on
    for row in _known(unit, group):
        if row.starts_on is not None and row.starts_on > starts_on:
            ends_on = row.starts_on
            break
        if row.starts_on == starts_on and row.declared == declared:
            return row
        _make_room(row, starts_on)
    made = Headcount(
        unit_id=unit.id,
        group_id=group.id,
        declared=declared,
        starts_on=starts_on,
        ends_on=ends_on,
        declared_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    summary = _("%(group)s: %(n)s người", group=group.name, n=declared)
    record(by, "headcount_declared", ("unit", unit.key), summary, on=starts_on.isoformat())
    return made


def _known(unit: Unit, group: CadreGroup) -> list[Headcount]:
    asked = select(Headcount).filter_by(unit_id=unit.id, group_id=group.id)
    rows = db.session.scalars(asked.where(Headcount.known_at(clock.now())))
    return sorted(rows, key=lambda row: row.starts_on or date.min)


def _make_room(row: Headcount, starts_on: date) -> None:
    if row.starts_on == starts_on:
        retract(row)
    elif row.ends_on is None or row.ends_on > starts_on:
        restate(row, ends_on=starts_on)
