"""Keeps spans and ledger in step with what a transaction wrote: the difference, nothing more.

`refresh` is what `core.derived` calls before a commit. On SQLite the ledger is summed up at once;
on PostgreSQL changes of units' own counts are appended to `pending`, which `folding` sums up, so
that two who issue certificates in two provinces do not wait for each other at the nation's row.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select, tuple_

from hrtrain.core import clock, inline
from hrtrain.core.db import db
from hrtrain.core.derived import Touched
from hrtrain.core.period import OPEN_START
from hrtrain.coverage.derived import folding, locks, rebuilding
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.ledger import ByKey, Key, Link, steps_from, sum_up
from hrtrain.coverage.derived.loading import Asked, Of, SpansOf, facts_of, spans_by_measure
from hrtrain.coverage.derived.measures import Measure, settle, stored_measures
from hrtrain.coverage.derived.own_counts import change_own_counts, note_span
from hrtrain.coverage.derived.standing import note_horizon, read_state
from hrtrain.coverage.derived.tables import COUNTERS, OWN, pending, span
from hrtrain.coverage.spans import Span
from hrtrain.coverage.steps import Changes, Packed, changes_of, unpacked_changes
from hrtrain.coverage.trust import silent
from hrtrain.people.models import Headcount, Membership, Person
from hrtrain.units import closure
from hrtrain.units.models import UnitParent

Where = tuple[int, int]
"""A unit's and a group's number."""
PersonSpan = tuple[int, int, Span]
"""A person's number, a measure's, and a span."""
AT_ONCE = 2000
# Of so many people, or of so large a part of all, everything is made anew faster.
MANY_PEOPLE, LARGE_PART = 5000, 4
# Whoever writes about more takes the whole tree: PostgreSQL has room for some thousand locks.
FEW_PEOPLE = 1000


def refresh(touched: Touched) -> None:
    """Bring the derived tables in step; where they do not hold, only a small country is built."""
    _count(touched)
    silent.hear(_numbers(touched, "heard"))


def _count(touched: Touched) -> None:
    state = read_state()
    if state is None or not state.holds_rules:
        _begin(touched)
        return
    people = _people_touched(touched)
    if _is_most(len(people)):
        rebuilding.rebuild()
        return
    locks.lock_people(people)
    units, plans = _tree_touched(touched), touched.get("plan", set())
    if units or plans or len(people) > FEW_PEOPLE:
        locks.take_tree()
        # Whoever came to a unit of another tier until nobody else counts is not known before.
        people = _people_touched(touched)
    else:
        locks.share_tree()
    # Only now: what others recorded while this one waited is known, too.
    horizon, measures = Horizon(clock.now()), stored_measures()
    changes = _change_spans(people, measures, horizon)
    for key in _keys_declared(_headcounts_touched(touched), measures):
        changes.setdefault(key, {}).setdefault(OPEN_START, 0)
    _change_counts(changes, measures, horizon)
    if units:
        _refresh_tree(units, measures)
        horizon.look_ahead(UnitParent)
    if plans:
        _refresh_plans(horizon)
    note_horizon(horizon)


def _begin(touched: Touched) -> None:
    """Build what is not built yet, unless the country is large and little of it is new."""
    people = db.session.connection().scalar(select(Person.id).order_by(Person.id.desc()).limit(1))
    new = len(touched.get("person", ()))
    if (people or 0) <= MANY_PEOPLE or new * 2 > (people or 0):
        rebuilding.rebuild()


def _is_most(count: int) -> bool:
    if count <= MANY_PEOPLE:
        return False
    last = db.session.connection().scalar(select(Person.id).order_by(Person.id.desc()).limit(1))
    return count * LARGE_PART > (last or 0)


def _numbers(touched: Touched, kind: str) -> set[int]:
    return {number for number, _other in touched.get(kind, ())}


def _tree_touched(touched: Touched) -> set[int]:
    return _numbers(touched, "edge") | _numbers(touched, "unit")


def _people_touched(touched: Touched) -> list[int]:
    """People whose facts were written, and those at units whose tier may be another."""
    people, units = _numbers(touched, "person"), _numbers(touched, "unit")
    if units:
        here = select(Membership.person_id).where(
            Membership.unit_id.in_(select(inline.table("units", "unit_id")))
        )
        given = {"units": inline.rows((unit,) for unit in units)}
        people |= set(db.session.connection().scalars(here, given))
    return sorted(people)


def _headcounts_touched(touched: Touched) -> set[Where]:
    """Units and groups whose declarations may say something else."""
    places, units = set(touched.get("headcount", ())), _numbers(touched, "unit")
    if units:
        here = select(Headcount.unit_id, Headcount.group_id).where(
            Headcount.unit_id.in_(select(inline.table("units", "unit_id")))
        )
        given = {"units": inline.rows((unit,) for unit in units)}
        places |= {(row[0], row[1]) for row in db.session.connection().execute(here, given)}
    return places


def _keys_declared(places: Collection[Where], measures: list[Measure]) -> list[Key]:
    """The measures and units whose unnamed people these declarations tell."""
    return [
        (one.id, unit)
        for unit, group in places
        for one in measures
        if one.group_id == group and not one.is_people
    ]


def _change_spans(people: list[int], measures: list[Measure], horizon: Horizon) -> ByKey:
    """Write the difference of these people's spans; gives what it changes in units' counts."""
    changes: ByKey = {}
    asked = Asked(measures)
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        facts = facts_of(db.session.connection(), _those(some), horizon)
        before = stored_spans(some)
        after = {person: spans_by_measure(known, asked) for person, known in facts.items()}
        gone, come = _differing(some, before, after), _differing(some, after, before)
        for _person, measure_id, one in gone:
            note_span(changes, measure_id, one, is_gone=True)
        for _person, measure_id, one in come:
            note_span(changes, measure_id, one, is_gone=False)
        _write_spans(gone, come)
    return changes


def _those(people: list[int]) -> Of:
    return lambda person_id: person_id.in_(people)


def _differing(
    people: Iterable[int], one: Mapping[int, SpansOf], other: Mapping[int, SpansOf]
) -> list[PersonSpan]:
    """The spans the one has and the other has not."""
    nothing: SpansOf = {}
    return [
        (person, measure_id, found)
        for person in people
        for measure_id, spans in one.get(person, nothing).items()
        for found in set(spans) - set(other.get(person, nothing).get(measure_id, ()))
    ]


def stored_spans(people: Collection[int]) -> dict[int, SpansOf]:
    """The spans the tables hold of these people."""
    columns = (span.c.person_id, span.c.measure_id)
    days = (span.c.unit_id, span.c.starts, span.c.ends, span.c.state, span.c.gaps)
    asked = select(*columns, *days).where(span.c.person_id.in_(people))
    found: dict[int, SpansOf] = {}
    for person_id, measure_id, *rest in db.session.connection().execute(asked):
        found.setdefault(person_id, {}).setdefault(measure_id, []).append(Span(*rest))
    return found


def _write_spans(gone: Iterable[PersonSpan], come: Iterable[PersonSpan]) -> None:
    connection = db.session.connection()
    keys = [(person, number, one.starts, one.unit_id) for person, number, one in gone]
    if keys:
        connection.execute(_gone(), {"gone": inline.rows(keys)})
    rows = [
        {"person_id": person, "measure_id": number, **one._asdict()} for person, number, one in come
    ]
    if rows:
        connection.execute(insert(span), rows)


def _gone() -> Any:
    """Deleted by their key: an EXISTS would have SQLite read every span there is."""
    rows = inline.table("gone", "person_id", "measure_id", "starts", "unit_id").c
    key = tuple_(span.c.person_id, span.c.measure_id, span.c.starts, span.c.unit_id)
    those = select(rows.person_id, rows.measure_id, rows.starts, rows.unit_id)
    return delete(span).where(key.in_(those))


def _change_counts(changes: ByKey, measures: Iterable[Measure], horizon: Horizon) -> None:
    """Change the units' own counts, and sum them up or leave that to the folding."""
    changes = {key: of_key for key, of_key in changes.items() if of_key}
    if not changes:
        return
    units = {unit for _measure, unit in changes}
    if not locks.holds_tree():
        locks.lock_units(units)
    by_id = {one.id: one for one in measures}
    own = change_own_counts(changes, by_id, horizon)
    if locks.is_shared_by_writers():
        _append_pending(own)
    else:
        sum_up(own)


def _counters(counts: Packed) -> dict[str, int]:
    """The counts by the names of their columns."""
    return dict(zip(COUNTERS, unpacked_changes(counts, len(COUNTERS)), strict=True))


def _append_pending(own: Mapping[Key, Changes]) -> None:
    rows = [
        {"measure_id": measure, "unit_id": unit, "day": day, **_counters(counts)}
        for (measure, unit), of_key in own.items()
        for day, counts in of_key.items()
    ]
    if rows:
        db.session.connection().execute(insert(pending), rows)


def _refresh_tree(units: Collection[int], measures: list[Measure]) -> None:
    """Move the counts of what lies below another unit now: by the closure's difference."""
    folding.fold()
    removed, added = closure.refresh(units)
    links = [Link(*link, -1) for link in removed] + [Link(*link, 1) for link in added]
    links = [link for link in links if link.ancestor_id != link.descendant_id]
    below = {link.descendant_id for link in links}
    firsts = {(one.id, unit): OPEN_START for one in measures for unit in below}
    own = {key: changes_of(rows) for key, rows in steps_from(OWN, firsts).items() if rows}
    sum_up(own, links)


def _refresh_plans(horizon: Horizon) -> None:
    """Bring the spans and counts of what a plan changed in step; the other measures stay."""
    settled = settle(horizon)
    groups = settled.groups_concerned
    people = None if groups is None else _people_in(groups)
    if people is None or _is_most(len(people)):
        rebuilding.drop([*settled.gone, *(one.id for one in settled.stale)])
        rebuilding.build(settled.stale, settled.measures, horizon)
        return
    changes = _change_spans(people, settled.measures, horizon)
    for key in _keys_declared(_declared_in(groups or ()), settled.stale):
        changes.setdefault(key, {}).setdefault(OPEN_START, 0)
    _change_counts(changes, settled.measures, horizon)


def _people_in(groups: Collection[int]) -> list[int]:
    here = select(Membership.person_id).where(Membership.group_id.in_(groups)).distinct()
    return sorted(db.session.connection().scalars(here))


def _declared_in(groups: Collection[int]) -> set[Where]:
    """Where something was declared of these groups."""
    here = select(Headcount.unit_id, Headcount.group_id).where(Headcount.group_id.in_(groups))
    return {(row[0], row[1]) for row in db.session.connection().execute(here.distinct())}
