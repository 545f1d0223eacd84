"""A plan applied with a constant number of statements, and noted in an act that can be undone."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.acts.recording import begin, note_changes, note_facts, note_made, recording
from hrtrain.core.db import db, new_key
from hrtrain.core.facts import restate
from hrtrain.core.language import gettext as _
from hrtrain.core.text import search_key, sort_key
from hrtrain.people.identity import new_access_code
from hrtrain.people.merges.actions import hold_each
from hrtrain.people.models import Membership, Person
from hrtrain.people.rosters.plan import Planned
from hrtrain.people.rosters.queries import ids_of_people, lives_of

ACT = "roster"


def begin_act(source: tuple[str, str], file_name: str, *, by: User | None) -> Act:
    """The act that everything taken from a file belongs to; ``source`` is the audit log's."""
    summary = _("Nhập danh sách %(name)s", name=file_name)
    kind, key = source
    return begin(ACT, summary, by_id=by.id if by else None, source=kind, key=key, file=file_name)


def apply_rows(
    rows: Sequence[Planned],
    starts_on: date,
    source: tuple[str, str],
    *,
    by: User | None,
    act: Act | None = None,
) -> list[int]:
    """Do what the rows say: people made and changed, memberships from the day; who was made.

    ``source`` is the (kind, key) the audit log names; a membership ends with its unit's life.
    """
    hold_each({row.person_id for row in rows if row.person_id is not None})
    made = [row for row in rows if row.person_id is None]
    changed = [row for row in rows if row.person_id is not None and row.changes]
    ids = dict(zip(map(id, made), _insert_people(made), strict=True))
    _update_people(changed)
    ended = end_memberships([(one, starts_on) for row in rows for one in row.ended], act)
    joined = _insert_memberships(rows, ids, starts_on)
    if act is not None:
        note_made(act, Person, ids.values())
        note_changes(act, Person, _changed_columns(changed))
        note_facts(act, Membership, joined, is_recorded=True)
    if made or changed or joined:
        counts = {"new": len(made), "changed": len(changed), "memberships": len(joined)}
        summary = _(
            "Nhập danh sách: thêm %(new)s người, sửa %(changed)s người, ghi %(memberships)s dòng "
            "tham gia nhóm",
            **counts,
        )
        more = {"ended": ended} if ended else {}
        record(by, "roster_imported", source, summary, **counts, **more)
    return list(ids.values())


def end_memberships(ends: Iterable[tuple[int, date]], act: Act | None) -> int:
    """End memberships on their days; how many. One over by then, or gone, stays as it is."""
    days = dict(ends)
    if not days:
        return 0
    asked = select(Membership).where(Membership.id.in_(days), Membership.retracted_at.is_(None))
    known = [one for one in db.session.scalars(asked) if _lasts_past(one, days[one.id])]
    if act is None:
        for one in known:
            restate(one, ends_on=days[one.id])
        return len(known)
    with recording(act):
        for one in known:
            restate(one, ends_on=days[one.id])
    return len(known)


def _lasts_past(one: Membership, day: date) -> bool:
    return one.starts_on < day and (one.ends_on is None or day < one.ends_on)


def _insert_people(rows: Sequence[Planned]) -> list[int]:
    if not rows:
        return []
    values = [
        {**_columns(row.changes), "key": new_key("p"), "access_code": new_access_code()}
        for row in rows
    ]
    db.session.execute(insert(Person), values)
    # Asked for by key: SQLite would return ids in order only for one row at a time.
    ids = ids_of_people([row["key"] for row in values])
    return [ids[row["key"]] for row in values]


def _columns(changes: Any) -> dict[str, Any]:
    values = dict(changes)
    if "full_name" in values:
        values["search_key"] = search_key(values["full_name"])
        values["sort_key"] = sort_key(values["full_name"])
    return values


def _changed_columns(
    rows: Sequence[Planned],
) -> Iterable[tuple[int, dict[str, Any], dict[str, Any]]]:
    for row in rows:
        if row.person_id is not None:
            yield row.person_id, _columns(row.before), _columns(row.changes)


def _update_people(rows: Sequence[Planned]) -> None:
    """One statement per set of changed columns, of which there are few."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        values = _columns(row.changes)
        alike.setdefault(tuple(values), []).append({"id": row.person_id, **values})
    for some in alike.values():
        db.session.execute(update(Person), some)
    if rows:
        ids = [row.person_id for row in rows]
        raised = update(Person).where(Person.id.in_(ids)).values(version=Person.version + 1)
        db.session.execute(raised, execution_options={"synchronize_session": False})


def _insert_memberships(
    rows: Sequence[Planned], made: dict[int, int], starts_on: date
) -> Sequence[int]:
    unit_ids = {row.unit_id for row in rows if row.group_ids and row.unit_id is not None}
    ends = lives_of(unit_ids) if unit_ids else {}
    at = clock.now()
    values = [
        {
            "person_id": row.person_id or made[id(row)],
            "group_id": group_id,
            "unit_id": row.unit_id,
            "position": row.entry.position,
            "starts_on": starts_on,
            "ends_on": ends[row.unit_id],
            "recorded_at": at,
        }
        for row in rows
        if row.unit_id is not None
        for group_id in row.group_ids
    ]
    if not values:
        return []
    return db.session.scalars(insert(Membership).returning(Membership.id), values).all()
