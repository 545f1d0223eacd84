"""Decides for people of a split unit where they went: their membership moves, from its day on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.acts.recording import begin, note_changes, plain_values
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.period import Period
from hrtrain.people.models import Membership, Person
from hrtrain.reorganising.actions.writing import Writing
from hrtrain.reorganising.models import Choice, Reorganisation
from hrtrain.reorganising.queries.effects import known
from hrtrain.reorganising.queries.reorganisations import act_of
from hrtrain.reorganising.rules import CHOICE
from hrtrain.units.models import Unit


def choose(plan: Reorganisation, choices: Sequence[Choice], unit: Unit, *, by: User) -> Act | None:
    """These people were at the unit since the reorganisation; one act, undone before it.

    Who is there already is only marked as decided. Refused when a membership was changed since.
    """
    reorganised = act_of(plan)
    if reorganised is None or reorganised.undone_at is not None:
        raise Refusal(_("Quyết định này chưa được thực hiện, hoặc đã hoàn tác."))
    lock(unit)
    if not choices:
        raise Refusal(_("Hãy chọn ít nhất một người."))
    members = _memberships(choices)
    _refuse_changed(choices, members)
    _refuse_outside(members, unit)
    act = begin(CHOICE, plan.title, by_id=by.id, act=reorganised.key, unit=unit.key)
    moving = [row[0] for row in members.values() if row.unit_id != unit.id]
    writing = Writing(act, clock.now(), plan.effective_on)
    writing.retract(Membership, moving)
    writing.copy(Membership, moving, {"unit_id": unit.id})
    _mark(act, choices, unit, by)
    summary = _("Xếp %(n)s cán bộ về %(unit)s", n=len(choices), unit=unit.name)
    record(by, "reorganisation_decided", ("reorganisation", plan.key), summary, unit=unit.key)
    return act


def _memberships(choices: Sequence[Choice]) -> dict[int, Any]:
    """By choice the membership as it is known now: where the choice put it, from its first day."""
    asked = (
        select(Membership.id, Membership.unit_id, Membership.starts_on, Membership.ends_on)
        .add_columns(Choice.id.label("choice_id"))
        .join(
            Choice,
            and_(
                Choice.person_id == Membership.person_id,
                Choice.group_id == Membership.group_id,
                Choice.starts_on == Membership.starts_on,
                func.coalesce(Choice.chosen_unit_id, Choice.placed_unit_id) == Membership.unit_id,
            ),
        )
        .where(Choice.id.in_([one.id for one in choices]), known(Membership))
    )
    return {row.choice_id: row for row in db.session.execute(asked)}


def _refuse_changed(choices: Sequence[Choice], members: dict[int, Any]) -> None:
    changed = [one.person_id for one in choices if one.id not in members]
    if changed:
        asked = select(Person.full_name).where(Person.id.in_(changed[:5])).order_by(Person.id)
        names = "; ".join(db.session.scalars(asked))
        raise Refusal(_("Đã có người sửa việc tham gia nhóm của: %(names)s.", names=names))


def _refuse_outside(members: dict[int, Any], unit: Unit) -> None:
    life = Period(unit.starts_on, unit.ends_on)
    if not all(life.contains(Period(row.starts_on, row.ends_on)) for row in members.values()):
        raise Refusal(_("%(name)s không tồn tại suốt thời gian đó.", name=unit.name), where="unit")


def _mark(act: Act, choices: Sequence[Choice], unit: Unit, by: User) -> None:
    new = {"chosen_unit_id": unit.id, "chosen_by_id": by.id, "chosen_at": act.done_at}
    changes = [(one.id, {name: getattr(one, name) for name in new}, new) for one in choices]
    note_changes(act, Choice, [(id_, plain_values(old), new) for id_, old, new in changes])
    those = update(Choice).where(Choice.id.in_([one.id for one in choices])).values(**new)
    db.session.execute(those)
    db.session.flush()
