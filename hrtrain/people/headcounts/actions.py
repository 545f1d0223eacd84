"""Declaring how many people of a group a unit itself has, for days, and signing for it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.facts import restate, retract
from hrtrain.core.formats import span
from hrtrain.core.language import gettext as _
from hrtrain.core.period import Period, holds
from hrtrain.people.headcounts.rules import Declaration, Signature
from hrtrain.people.models import CadreGroup, Headcount
from hrtrain.units.models import Unit


def declare_headcount(
    unit: Unit,
    group: CadreGroup,
    said: Declaration,
    *,
    by: User,
    signature: Signature | None = None,
) -> Headcount:
    """From the day on the unit has so many, until its last day, next declaration or end.

    The former declaration ends the day before; one of the same day is replaced, and the same
    number sent twice is kept once.
    """
    lock(unit)
    _refuse_outside_life(unit, said)
    at = clock.now()
    ends_on = _earlier(said.ends_on, unit.ends_on)
    for row in _known(unit, group):
        if row.starts_on is not None and row.starts_on > said.starts_on:
            ends_on = _earlier(ends_on, row.starts_on)
            break
        if row.starts_on == said.starts_on and row.declared == said.declared:
            return _sign_again(row, by=by, signature=signature)
        _make_room(row, said.starts_on, at)
    made = Headcount(
        unit_id=unit.id,
        group_id=group.id,
        declared=said.declared,
        starts_on=said.starts_on,
        ends_on=ends_on,
        recorded_at=at,
        **_signed(by, signature),
    )
    db.session.add(made)
    db.session.flush()
    summary = _("%(group)s: %(n)s người", group=group.name, n=said.declared)
    on = said.starts_on.isoformat()
    record(by, "headcount_declared", ("unit", unit.key), summary, on=on, signed_as=_as(signature))
    return made


def confirm_headcount(row: Headcount, *, by: User, signature: Signature | None = None) -> Headcount:
    """The same number for the same days, signed anew; nothing of the figures changes."""
    today = clock.today()
    if not holds(row.starts_on, row.ends_on, today):
        raise Refusal(_("Lần khai này không còn áp dụng cho hôm nay. Hãy khai số mới."))
    return _sign_again(row, by=by, signature=signature)


def retract_headcount(row: Headcount, reason: str, *, by: User) -> None:
    """It was never so: its days are undeclared again; what was said stays in the history."""
    unit, group = _place_of(row)
    lock(unit)
    retract(row)
    summary = _("%(group)s: rút lần khai %(n)s người", group=group.name, n=row.declared)
    record(by, "headcount_retracted", ("unit", unit.key), summary, reason=reason)


def sign_headcounts(
    unit: Unit,
    numbers: Mapping[str, int],
    days: tuple[date, date | None],
    *,
    by: User,
    signature: Signature,
) -> int:
    """Declare these numbers by group for the days; what is declared so already is confirmed."""
    starts_on, ends_on = days
    groups = select(CadreGroup).where(CadreGroup.key.in_(numbers)).order_by(CadreGroup.key)
    for group in db.session.scalars(groups).all():
        declared = numbers[group.key]
        row = _holding(unit, group, starts_on)
        if row is not None and row.declared == declared and _reaches(row, ends_on):
            _sign_again(row, by=by, signature=signature)
        else:
            said = Declaration(declared, starts_on, ends_on)
            declare_headcount(unit, group, said, by=by, signature=signature)
    return len(numbers)


def confirm_all(unit: Unit, *, by: User, signature: Signature) -> int:
    """Everything the unit declares for today is still right; how many groups."""
    today = clock.today()
    asked = select(Headcount).filter_by(unit_id=unit.id).order_by(Headcount.group_id)
    held = holds_sql(Headcount.starts_on, Headcount.ends_on, today)
    rows = db.session.scalars(asked.where(Headcount.known_at(clock.now()), held)).all()
    if not rows:
        raise Refusal(_("Đơn vị chưa khai số lượng nào cho hôm nay để xác nhận."))
    for row in rows:
        confirm_headcount(row, by=by, signature=signature)
    return len(rows)


def _sign_again(row: Headcount, *, by: User, signature: Signature | None) -> Headcount:
    unit, group = _place_of(row)
    lock(unit)
    if _has_just_signed(row, by, signature):
        return row
    made = restate(row, **_signed(by, signature))
    summary = _("%(group)s: vẫn đúng %(n)s người", group=group.name, n=row.declared)
    record(by, "headcount_confirmed", ("unit", unit.key), summary, signed_as=_as(signature))
    return made


def _has_just_signed(row: Headcount, by: User, signature: Signature | None) -> bool:
    """Whether the very same was signed a moment ago: a double click is one signature."""
    signed = _signed(by, signature)
    at = signed.pop("signed_at")
    is_same = all(getattr(row, name) == value for name, value in signed.items())
    return is_same and row.signed_at is not None and at - row.signed_at < timedelta(minutes=1)


def _place_of(row: Headcount) -> tuple[Unit, CadreGroup]:
    return db.session.get_one(Unit, row.unit_id), db.session.get_one(CadreGroup, row.group_id)


def _reaches(row: Headcount, ends_on: date | None) -> bool:
    """Whether the declaration already says what is said until then."""
    return ends_on is None or row.ends_on == ends_on


def _holding(unit: Unit, group: CadreGroup, day: date) -> Headcount | None:
    return next(
        (row for row in _known(unit, group) if holds(row.starts_on, row.ends_on, day)), None
    )


def _signed(by: User, signature: Signature | None) -> dict[str, Any]:
    signature = signature or Signature(by.full_name)
    return {
        "declared_by_id": by.id,
        "signed_name": signature.name,
        "signed_position": signature.position,
        "signed_at": clock.now(),
    }


def _as(signature: Signature | None) -> str:
    return f"{signature.name}, {signature.position}" if signature else ""


def _refuse_outside_life(unit: Unit, said: Declaration) -> None:
    if not Period(unit.starts_on, unit.ends_on).holds(said.starts_on):
        life = span(unit.starts_on, unit.ends_on)
        raise Refusal(
            _("%(name)s chỉ tồn tại: %(days)s.", name=unit.name, days=life), where="starts_on"
        )
    if said.ends_on is not None and said.ends_on <= said.starts_on:
        raise Refusal(_("Ngày cuối phải từ ngày đầu trở đi."), where="last_day")


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _known(unit: Unit, group: CadreGroup) -> list[Headcount]:
    asked = select(Headcount).filter_by(unit_id=unit.id, group_id=group.id)
    rows = db.session.scalars(asked.where(Headcount.known_at(clock.now())))
    return sorted(rows, key=lambda row: row.starts_on or date.min)


def _make_room(row: Headcount, starts_on: date, at: datetime) -> None:
    """At the very instant of what comes, so that the history can tell a correction."""
    if row.starts_on == starts_on:
        retract(row, at)
    elif row.ends_on is None or row.ends_on > starts_on:
        restate(row, at=at, ends_on=starts_on)
