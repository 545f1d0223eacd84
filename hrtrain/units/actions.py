"""What is done to units: added, changed, renamed, moved, given codes. Facts are restated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

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
from hrtrain.core.text import search_key
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent
from hrtrain.units.queries import find_unit, holder_of_code, known_facts, lies_below
from hrtrain.units.rules import Stay, UnitDetails, following, left_outside

F = TypeVar("F", UnitName, UnitCode, UnitParent)


@dataclass(frozen=True)
class NewCode:
    """An official code for a period."""

    scheme: str
    code: str
    period: Period


def add_unit(key: str, details: UnitDetails, parent: Unit | None, *, by: User | None) -> Unit:
    """A new unit with its first name, below the parent for its whole life.

    The same unit sent twice is made once; another unit under the key is refused.
    """
    _check_life(details.life)
    known = find_unit(key)
    if known is not None:
        return _same_or_refused(known, details)
    if db.session.scalar(select(Unit.id).where(Unit.key == key)) is not None:
        raise Refusal(_("Mã %(key)s là của một đơn vị đã bỏ.", key=key), where="key")
    unit = Unit(key=key, search_key=search_key(details.name), **_columns(details))
    db.session.add(unit)
    db.session.flush()
    db.session.add(_name(unit, details.name, details.short_name, details.life))
    if parent is not None:
        _lay_below(unit, parent, details.life)
    db.session.flush()
    record(by, "unit_added", ("unit", key), _("Thêm đơn vị %(name)s", name=unit.name))
    return unit


def change_unit(
    unit: Unit, details: UnitDetails, stays: Iterable[Stay], *, by: User | None
) -> None:
    """Set tier, kind and life. ``stays`` are the members' and children's days at the unit.

    Refused when one of them would have a day outside the new life.
    """
    lock(unit)
    _check_life(details.life)
    stay = left_outside(details.life, stays)
    if stay is not None:
        raise Refusal(
            _(
                "Ngoài thời gian tồn tại mới vẫn còn %(name)s (%(days)s). Hãy chuyển đi trước.",
                name=stay.name,
                days=span(stay.period.starts_on, stay.period.ends_on),
            ),
            where="ends_on",
        )
    old = Period(unit.starts_on, unit.ends_on)
    unit.tier, unit.kind = details.tier, details.kind
    unit.starts_on, unit.ends_on = details.life.starts_on, details.life.ends_on
    if old != details.life:
        _follow_life(unit, old, details.life)
    record(by, "unit_changed", ("unit", unit.key), _("Sửa đơn vị %(name)s", name=unit.name))


def rename_unit(unit: Unit, name: str, short_name: str, on: date, *, by: User | None) -> None:
    """From the day on the unit has this name; on a name period's first day it is corrected."""
    lock(unit)
    _check_day_in_life(unit, on)
    names = known_facts(UnitName, unit)
    current = next((n for n in names if Period(n.starts_on, n.ends_on).holds(on)), None)
    ends_on = current.ends_on if current else unit.ends_on
    if current is not None and current.starts_on == on:
        retract(current)
    elif current is not None:
        restate(current, ends_on=on)
    db.session.add(_name(unit, name, short_name, Period(on, ends_on)))
    if ends_on == unit.ends_on:
        unit.name, unit.short_name, unit.search_key = name, short_name, search_key(name)
    db.session.flush()
    record(by, "unit_renamed", ("unit", unit.key), _("Đổi tên thành %(name)s", name=name))


def move_unit(unit: Unit, parent: Unit | None, on: date, *, by: User | None) -> None:
    """From the day on the unit lies below the parent (or at the top), for the rest of its life."""
    lock(unit)
    _check_day_in_life(unit, on)
    for edge in known_facts(UnitParent, unit):
        if edge.starts_on is not None and edge.starts_on > on:
            raise Refusal(
                _("Đã ghi một lần chuyển sau ngày này: %(days)s.", days=_days(edge)), where="on"
            )
        if Period(edge.starts_on, edge.ends_on).holds(on):
            _cut(edge, on)
    if parent is not None:
        _lay_below(unit, parent, Period(on, unit.ends_on))
    record(
        by,
        "unit_moved",
        ("unit", unit.key),
        _("Chuyển về %(name)s", name=parent.name if parent else _("cấp cao nhất")),
        on=on.isoformat(),
        parent=parent.key if parent else None,
    )


def add_code(unit: Unit, new: NewCode, *, by: User | None) -> None:
    """Give the unit a code; on a day a code of a scheme names one unit, so a taken one is refused.

    The same code for the same days is kept once.
    """
    lock(unit)
    _check_life(new.period)
    if not Period(unit.starts_on, unit.ends_on).contains(new.period):
        raise Refusal(_outside(unit), where="starts_on")
    holder = holder_of_code(new.scheme, new.code, new.period)
    if holder is not None and holder.id == unit.id:
        return
    if holder is not None:
        raise Refusal(
            _(
                "Trong những ngày này mã %(code)s là của %(name)s (%(key)s).",
                code=new.code,
                name=holder.name,
                key=holder.key,
            ),
            where="code",
        )
    db.session.add(
        UnitCode(
            unit_id=unit.id,
            scheme=new.scheme,
            code=new.code,
            starts_on=new.period.starts_on,
            ends_on=new.period.ends_on,
        )
    )
    db.session.flush()
    record(by, "unit_code_added", ("unit", unit.key), _("Thêm mã %(code)s", code=new.code))


def _lay_below(unit: Unit, parent: Unit, period: Period) -> None:
    lock(parent)
    if not Period(parent.starts_on, parent.ends_on).contains(period):
        raise Refusal(_outside(parent), where="parent")
    if lies_below(parent, unit, period):
        raise Refusal(
            _("%(name)s đang nằm dưới chính đơn vị này.", name=parent.name), where="parent"
        )
    db.session.add(
        UnitParent(
            unit_id=unit.id,
            parent_id=parent.id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
        )
    )
    db.session.flush()


def _cut(fact: F, on: date) -> None:
    """End the fact on the day; a fact that would keep no day is retracted."""
    if fact.starts_on is not None and fact.starts_on >= on:
        retract(fact)
    else:
        restate(fact, ends_on=on)


def _follow_life(unit: Unit, old: Period, new: Period) -> None:
    tables: tuple[Any, ...] = (UnitName, UnitCode, UnitParent)
    for table in tables:
        for fact in known_facts(table, unit):
            bounds = Period(fact.starts_on, fact.ends_on)
            to = following(bounds, old, new)
            if not to.is_well_formed:
                retract(fact)
            elif to != bounds:
                restate(fact, starts_on=to.starts_on, ends_on=to.ends_on)
    for edge in known_facts(UnitParent, unit):
        parent = db.session.get_one(Unit, edge.parent_id)
        if not Period(parent.starts_on, parent.ends_on).contains(
            Period(edge.starts_on, edge.ends_on)
        ):
            raise Refusal(_outside(parent), where="starts_on")


def _same_or_refused(known: Unit, details: UnitDetails) -> Unit:
    if all(getattr(known, name) == value for name, value in _columns(details).items()):
        return known
    raise Refusal(_("Mã %(key)s đã là của %(name)s.", key=known.key, name=known.name), where="key")


def _check_life(life: Period) -> None:
    if not life.is_well_formed:
        raise Refusal(_("Ngày cuối phải không trước ngày đầu."), where="ends_on")


def _check_day_in_life(unit: Unit, on: date) -> None:
    if not Period(unit.starts_on, unit.ends_on).holds(on):
        raise Refusal(_outside(unit), where="on")


def _outside(unit: Unit) -> str:
    return str(
        _(
            "%(name)s chỉ tồn tại: %(days)s.",
            name=unit.name,
            days=span(unit.starts_on, unit.ends_on),
        )
    )


def _days(fact: F) -> str:
    return span(fact.starts_on, fact.ends_on)


def _columns(details: UnitDetails) -> dict[str, object]:
    return {
        "name": details.name,
        "short_name": details.short_name,
        "tier": str(details.tier),
        "kind": str(details.kind),
        "starts_on": details.life.starts_on,
        "ends_on": details.life.ends_on,
    }


def _name(unit: Unit, name: str, short_name: str, period: Period) -> UnitName:
    return UnitName(
        unit_id=unit.id,
        name=name,
        short_name=short_name,
        search_key=search_key(name),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        recorded_at=clock.now(),
    )
