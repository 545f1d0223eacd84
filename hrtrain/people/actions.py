"""What is done to people: entered, changed, placed in groups, moved, taken out. Facts restated."""

from datetime import date
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.facts import restate, retract
from hrtrain.core.formats import day as written
from hrtrain.core.formats import span
from hrtrain.core.language import gettext as _
from hrtrain.core.period import Period, day_after, day_before
from hrtrain.core.text import search_key, sort_key
from hrtrain.people.identity import new_access_code
from hrtrain.people.merges.actions import hold
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.people.queries import find_group, find_person
from hrtrain.people.rules import PersonDetails, Placement, in_the_way
from hrtrain.units.models import Unit


def add_person(
    key: str, details: PersonDetails, national_id_hash: str, *, by: User | None
) -> Person:
    """A new person. The key is the form's own, so a form sent twice makes one."""
    known = find_person(key)
    if known is not None:
        return known
    person = Person(key=key, access_code=new_access_code())
    _write(person, details, national_id_hash)
    db.session.add(person)
    db.session.flush()
    record(by, "person_added", ("person", key), _("Thêm cán bộ %(name)s", name=person.full_name))
    return person


def change_person(
    person: Person, details: PersonDetails, national_id_hash: str, *, by: User | None
) -> None:
    """Set what the form says; the audit log keeps which fields changed, not their values.

    Refused for whom was made anonymous: no name comes back that way.
    """
    if person.anonymised_at is not None:
        raise Refusal(_("Dữ liệu của người này đã được ẩn danh và không sửa được nữa."))
    before = _values(person)
    _write(person, details, national_id_hash)
    changed = sorted(name for name, value in _values(person).items() if value != before[name])
    db.session.flush()
    summary = _("Sửa thông tin %(name)s", name=person.full_name)
    record(by, "person_changed", ("person", person.key), summary, fields=changed)


def add_membership(person: Person, placed: Placement, *, by: User | None) -> Membership:
    """Place the person in a group at a unit; the same placement is kept once.

    Refused when a day is shared with another membership in the group, or lies outside the unit's
    life; the sentence names the row or the days that stand in the way.
    """
    hold(person)
    same = _same(person, placed)
    if same is not None:
        return same
    _check(person, placed)
    membership = Membership(person_id=person.id, recorded_at=clock.now(), **_columns(placed))
    db.session.add(membership)
    db.session.flush()
    _record(by, "membership_added", person, placed)
    return membership


def correct_membership(membership: Membership, placed: Placement, *, by: User | None) -> Membership:
    """Retract what was recorded and record what is right; also how a membership is ended."""
    person = _locked(membership)
    _check(person, placed, apart_from=membership.id)
    anew = restate(membership, **_columns(placed))
    _record(by, "membership_corrected", person, placed)
    return anew


def end_membership(membership: Membership, last_day: date, *, by: User | None) -> Membership:
    """The membership ends with this day, its last."""
    placed = _placement(membership)
    period = Period(membership.starts_on, day_after(last_day))
    if not period.is_well_formed:
        raise Refusal(
            _("Ngày cuối không được trước ngày đầu (%(day)s).", day=written(membership.starts_on)),
            where="ends_on",
        )
    ended = Placement(placed.group_id, placed.unit_id, period, placed.position)
    return correct_membership(membership, ended, by=by)


def transfer_membership(
    membership: Membership, to: Unit, on: date, position: str, *, by: User | None
) -> Membership:
    """From the day on the person is in the group at the other unit, for the days that are left."""
    person = _locked(membership)
    left = Period(membership.starts_on, membership.ends_on)
    if not left.holds(on) or on == membership.starts_on:
        raise Refusal(
            _(
                "Ngày chuyển phải sau ngày đầu và nằm trong thời gian tham gia: %(days)s.",
                days=span(left.starts_on, left.ends_on),
            ),
            where="on",
        )
    if to.id == membership.unit_id:
        raise Refusal(_("Cán bộ đang ở chính đơn vị này."), where="unit")
    placed = Placement(membership.group_id, to.id, Period(on, membership.ends_on), position)
    _check(person, placed, apart_from=membership.id)
    at = restate(membership, ends_on=on).recorded_at
    moved = Membership(person_id=person.id, recorded_at=at, **_columns(placed))
    db.session.add(moved)
    db.session.flush()
    _record(by, "membership_transferred", person, placed)
    return moved


def retract_membership(membership: Membership, reason: str, *, by: User | None) -> None:
    """It was recorded in error: from now on it is not known, with the reason in the audit log."""
    person = _locked(membership)
    placed = _placement(membership)
    retract(membership)
    _record(by, "membership_retracted", person, placed, reason=reason)


def add_group(key: str, name: str, name_en: str, *, by: User | None) -> CadreGroup:
    """A new cadre group; another group's code is refused, the same group is kept once."""
    known = find_group(key)
    if known is not None and (known.name, known.name_en) == (name, name_en):
        return known
    if known is not None:
        raise Refusal(_("Mã này đã là của nhóm “%(name)s”.", name=known.name), where="key")
    group = CadreGroup(key=key, name=name, name_en=name_en)
    db.session.add(group)
    db.session.flush()
    record(by, "group_added", ("group", key), _("Thêm nhóm %(name)s", name=name))
    return group


def rename_group(group: CadreGroup, name: str, name_en: str, *, by: User | None) -> None:
    """Call the group otherwise; its code stays."""
    was = group.name
    group.name, group.name_en = name, name_en
    db.session.flush()
    record(by, "group_renamed", ("group", group.key), _("Đổi tên nhóm %(name)s", name=was))


def _write(person: Person, details: PersonDetails, national_id_hash: str) -> None:
    person.full_name = details.full_name
    person.sort_key = sort_key(details.full_name)
    person.search_key = search_key(details.full_name)
    person.gender, person.position = details.gender, details.position
    person.birth_date, person.birth_precision = details.birth.date, details.birth.precision
    person.phone, person.email = details.phone, details.email
    if national_id_hash:
        person.national_id_hash = national_id_hash
        person.national_id_last4 = details.national_id[-4:]


def _values(person: Person) -> dict[str, str]:
    names = ("full_name", "gender", "birth_date", "position", "phone", "email", "national_id_hash")
    return {name: getattr(person, name) for name in names}


def _locked(membership: Membership) -> Person:
    person = db.session.get_one(Person, membership.person_id)
    hold(person)
    return person


def _same(person: Person, placed: Placement) -> Membership | None:
    asked = select(Membership).filter_by(person_id=person.id, **_columns(placed))
    return db.session.scalar(asked.where(Membership.known_at(clock.now())))


def _check(person: Person, placed: Placement, *, apart_from: int = 0) -> None:
    if not placed.period.is_well_formed:
        raise Refusal(_("Ngày cuối không được trước ngày đầu."), where="ends_on")
    unit = db.session.get_one(Unit, placed.unit_id)
    lock(unit)
    if not Period(unit.starts_on, unit.ends_on).contains(placed.period):
        raise Refusal(
            _(
                "%(name)s chỉ tồn tại: %(days)s.",
                name=unit.name,
                days=span(unit.starts_on, unit.ends_on),
            ),
            where="starts_on",
        )
    other = in_the_way(placed.period, _others(person, placed.group_id, apart_from))
    if other is not None:
        raise Refusal(_sentence(placed.group_id, *other), where="starts_on")


def _others(person: Person, group_id: int, apart_from: int) -> list[tuple[Period, str]]:
    rows = db.session.execute(
        select(Membership.starts_on, Membership.ends_on, Unit.name)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == person.id, Membership.group_id == group_id)
        .where(Membership.id != apart_from, Membership.known_at(clock.now()))
        .order_by(Membership.starts_on)
    )
    return [(Period(starts_on, ends_on), unit) for starts_on, ends_on, unit in rows]


def _sentence(group_id: int, period: Period, unit: str) -> str:
    group = db.session.get_one(CadreGroup, group_id)
    words = {"group": group.name, "unit": unit, "start": written(period.starts_on)}
    if period.ends_on is None:
        return str(_("Đã thuộc nhóm “%(group)s” tại %(unit)s từ %(start)s đến nay.", **words))
    last_day = written(day_before(period.ends_on))
    return str(
        _(
            "Đã thuộc nhóm “%(group)s” tại %(unit)s từ %(start)s đến hết %(end)s.",
            **words,
            end=last_day,
        )
    )


def _placement(membership: Membership) -> Placement:
    period = Period(membership.starts_on, membership.ends_on)
    return Placement(membership.group_id, membership.unit_id, period, membership.position)


def _columns(placed: Placement) -> dict[str, Any]:
    return {
        "group_id": placed.group_id,
        "unit_id": placed.unit_id,
        "position": placed.position,
        "starts_on": placed.period.starts_on,
        "ends_on": placed.period.ends_on,
    }


def _record(by: User | None, act: str, person: Person, placed: Placement, **more: str) -> None:
    group = db.session.get_one(CadreGroup, placed.group_id)
    unit = db.session.get_one(Unit, placed.unit_id)
    summary = f"{group.name} · {unit.name} · {span(placed.period.starts_on, placed.period.ends_on)}"
    record(by, act, ("person", person.key), summary, group=group.key, unit=unit.key, **more)
