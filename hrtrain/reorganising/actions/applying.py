"""Does a plan: all of it or nothing, in a constant number of statements, as one act."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import Grant, User
from hrtrain.core import clock, inline
from hrtrain.core.acts.models import Act
from hrtrain.core.acts.recording import begin, note_changes, note_made
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import dated_ahead
from hrtrain.core.formats import day as written
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Headcount, Membership
from hrtrain.reorganising.actions.founding import Numbers, founded, with_numbers
from hrtrain.reorganising.actions.units import change_units
from hrtrain.reorganising.actions.writing import Writing, table_of
from hrtrain.reorganising.models import Choice, Reorganisation
from hrtrain.reorganising.plans import entries_of
from hrtrain.reorganising.queries.effects import NOBODY, Counts, Reached, known
from hrtrain.reorganising.queries.reorganisations import done_already
from hrtrain.reorganising.queries.tree import read_tree
from hrtrain.reorganising.resolving import resolve
from hrtrain.reorganising.rules import KIND, Resolved
from hrtrain.reorganising.words import refusal_of
from hrtrain.training.models import TrainingSession
from hrtrain.units.models import Unit


def apply(plan: Reorganisation, *, by: User | None) -> Act | None:
    """Do the plan; None when all of it is done already.

    Refused as a whole, line by line, when something of it cannot be.
    """
    lock(plan)
    if plan.act_id is not None:
        raise Stale(_("Quyết định sắp xếp này đã được thực hiện."))
    if done_already(plan):
        return None
    resolved = resolved_or_refused(plan)
    reached = Reached(resolved)
    _hold_units(resolved)
    _refuse_dated_ahead(reached)
    _refuse_who_would_be_lost(reached)
    counts = reached.counts()
    if counts == Counts() and not _news_of_lineage(resolved):
        return None
    act = _begin(plan, counts, by)
    _do(Writing(act, clock.now(), plan.effective_on), resolved)
    plan.act_id = act.id
    db.session.flush()
    summary = _("Sắp xếp đơn vị: %(title)s", title=plan.title)
    details = {"document_no": plan.document_no, "on": plan.effective_on.isoformat()}
    record(by, "reorganised", ("reorganisation", plan.key), summary, **details)
    return act


def resolved_or_refused(plan: Reorganisation) -> Resolved:
    """The plan by the units as they are now; refused with all that is wrong with its lines."""
    entries = entries_of(plan)
    if not entries:
        raise Refusal(_("Chưa có nội dung sắp xếp nào."))
    resolved, faults = resolve(entries, plan.effective_on, read_tree(plan.effective_on))
    if faults:
        raise refusal_of(faults)
    return resolved


def _begin(plan: Reorganisation, counts: Counts, by: User | None) -> Act:
    return begin(
        KIND,
        plan.title,
        by_id=by.id if by else None,
        reorganisation=plan.key,
        document_no=plan.document_no,
        on=plan.effective_on.isoformat(),
        counts=asdict(counts),
    )


def _news_of_lineage(resolved: Resolved) -> bool:
    told = read_tree(resolved.on).successions
    return any(one not in told for one in resolved.successions)


def _hold_units(resolved: Resolved) -> None:
    """Nobody is placed at a unit that ends while it is being ended (SQLite is locked whole)."""
    if db.engine.dialect.name != "postgresql":
        return
    units = inline.table("units", "unit_id")
    asked = select(Unit.id).where(Unit.id.in_(select(units.c.unit_id))).order_by(Unit.id)
    ids = {*resolved.ended, *(one.successor_id for one in resolved.successions)}
    given = {"units": inline.rows((one,) for one in sorted(ids) if one > 0)}
    db.session.connection().execute(asked.with_for_update(), given).all()


def _refuse_dated_ahead(reached: Reached) -> None:
    """Ended and recorded anew now, it would be known from now on; left, it would stay behind."""
    for table in (Membership, Headcount):
        asked = reached.at_ended(table, func.count(), func.min(table.unit_id))
        goes_on = or_(table.ends_on.is_(None), table.ends_on > reached.on)
        count, unit_id = reached.rows(asked.where(dated_ahead(table), goes_on))[0]
        if count:
            raise Refusal(
                _(
                    "%(n)s mục ở %(name)s có thời điểm ghi nhận hoặc thu hồi ở tương lai (từ gói "
                    "dữ liệu): chưa sắp xếp được trước thời điểm ấy.",
                    n=count,
                    name=db.session.get_one(Unit, unit_id).name,
                )
            )


def _refuse_who_would_be_lost(reached: Reached) -> None:
    """Somebody with nowhere to go, or whose new unit ends while they are still members."""
    heirs, heir = reached.heirs, aliased(Unit)
    lost = reached.members(func.count(), func.min(Membership.unit_id))
    count, unit_id = reached.rows(lost.where(heirs.heir_id == NOBODY))[0]
    if count:
        raise Refusal(
            _(
                "%(n)s lượt cán bộ ở %(name)s sẽ không còn đơn vị nào: hãy ghi đơn vị kế thừa.",
                n=count,
                name=db.session.get_one(Unit, unit_id).name,
            )
        )
    outlives = or_(
        Membership.ends_on.is_(None), Membership.ends_on > heir.ends_on, heirs.had_ended == 1
    )
    left = reached.members(func.count(), func.min(heir.id)).join(heir, heir.id == heirs.heir_id)
    count, unit_id = reached.rows(left.where(heir.ends_on.is_not(None), outlives))[0]
    if count:
        unit = db.session.get_one(Unit, unit_id)
        raise Refusal(
            _(
                "%(name)s chỉ tồn tại đến hết trước ngày %(day)s, nên %(n)s lượt cán bộ sẽ bị bỏ "
                "sót từ ngày đó. Hãy hoàn tác lần sắp xếp sau trước.",
                name=unit.name,
                day=written(unit.ends_on),
                n=count,
            )
        )


def _do(writing: Writing, resolved: Resolved) -> None:
    numbers = founded(writing, resolved)
    _note_founded(writing.act, resolved, numbers)
    resolved = with_numbers(resolved, numbers)
    reached = Reached(resolved)
    headcounts = reached.headcounts()
    _queue_who_has_a_choice(writing, reached)
    _move_members(writing, reached)
    writing.cut(Headcount, headcounts)
    _hand_sessions_over(writing, reached)
    _give_grants(writing, reached)
    change_units(writing, reached)


def _note_founded(act: Act, resolved: Resolved, numbers: Numbers) -> None:
    """Which unit a new one of the plan became."""
    keys = select(Unit.id, Unit.key).where(Unit.id.in_(list(numbers.values())))
    by_id = {row[0]: row[1] for row in db.session.execute(keys)}
    made = {entry.unit: by_id[numbers[n]] for n, entry in resolved.founded.items()}
    act.details = {**act.details, "founded": made}


def _queue_who_has_a_choice(writing: Writing, reached: Reached) -> None:
    heirs = reached.heirs
    row = Membership
    asked = reached.members(
        literal(writing.act.id),
        row.person_id,
        row.group_id,
        row.unit_id,
        heirs.heir_id,
        writing.from_the_day(row),
    )
    names = ["act_id", "person_id", "group_id", "old_unit_id", "placed_unit_id", "starts_on"]
    undecided = asked.where(heirs.is_certain == 0)
    made = insert(table_of(Choice)).from_select(names, undecided)
    db.session.connection().execute(made, reached.given)


def _move_members(writing: Writing, reached: Reached) -> None:
    """Memberships end with their unit and go on at its heir; position and end stay."""
    row = Membership
    staying = reached.ids(reached.at_ended(row).where(reached.goes_on(row)))
    followed = reached.ids(reached.at_ended(row).where(reached.ended_with_it()))
    writing.cut(row, staying)
    there = {"unit_id": reached.heirs.heir_id, "starts_on": writing.from_the_day(row)}
    writing.copy(row, staying, there, over=reached)
    # How long a membership would have lasted that ended with its unit, nobody said.
    openly = {**there, "starts_on": writing.day, "ends_on": _next_start(writing)}
    writing.copy(row, followed, openly, over=reached)


def _next_start(writing: Writing) -> ColumnElement[Any]:
    """SQL: the first day of the person's next membership in the group; none is open."""
    table, other = table_of(Membership), aliased(Membership)
    return (
        select(func.min(other.starts_on))
        .where(
            other.person_id == table.c.person_id,
            other.group_id == table.c.group_id,
            other.starts_on >= writing.day,
            known(other),
        )
        .correlate(table)
        .scalar_subquery()
    )


def _hand_sessions_over(writing: Writing, reached: Reached) -> None:
    sessions = [tuple(row) for row in reached.sessions()]
    changes = [(id_, {"unit_id": old}, {"unit_id": new}) for id_, old, new in sessions]
    note_changes(writing.act, TrainingSession, changes)
    if sessions:
        table = table_of(TrainingSession)
        handed = update(table).where(table.c.id == bindparam("session"))
        values = handed.values(unit_id=bindparam("heir"), version=table.c.version + 1)
        rows = [{"session": id_, "heir": new} for id_, _old, new in sessions]
        db.session.connection().execute(values, rows)


def _give_grants(writing: Writing, reached: Reached) -> None:
    rows = [
        {"user_id": user_id, "role": role, "unit_id": unit_id}
        for user_id, role, unit_id in reached.grants_to_add()
    ]
    if rows:
        made = insert(Grant).returning(Grant.id)
        note_made(writing.act, Grant, db.session.scalars(made, rows).all())
