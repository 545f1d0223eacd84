"""Faults to plant in how the derived tables are kept, summed up and read."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from pytest import MonkeyPatch
from sqlalchemy import insert, select, text, union_all

from hrtrain.core import derived, inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage import queries, steps
from hrtrain.coverage.derived import (
    folding,
    ledger,
    own_counts,
    reading,
    rebuilding,
    refreshing,
    summing,
)
from hrtrain.coverage.derived.ledger import ByKey, Link
from hrtrain.coverage.derived.measures import Settled, settle, stored_measures
from hrtrain.coverage.derived.tables import pending
from hrtrain.coverage.steps import Changes, Counts, Packed, Steps
from hrtrain.units import closure
from tests.queries.histories import day_of
from tests.queries.planted_rules import Plant
from tests.queries.worlds import DAYS

LAST_DAY = day_of(DAYS[-1]).toordinal()
MIDDLE = day_of(8).toordinal()


def _as_today(links: Iterable[Link]) -> Iterator[Link]:
    """Of all links those of the last day, as though they had been so for ever."""
    for link in links:
        if link.starts <= LAST_DAY < link.ends:
            yield link._replace(starts=OPEN_START, ends=OPEN_END)


def current_tree(patch: MonkeyPatch) -> None:
    def above(unit_ids: set[int]) -> Iterator[Link]:
        return _as_today(links_above(unit_ids))

    def sums(self: summing.Summing, unit_id: int) -> list[tuple[int, int, int]]:
        links = [Link(above, unit_id, *days) for above, *days in sums_above(self, unit_id)]
        return [(link.ancestor_id, link.starts, link.ends) for link in _as_today(links)]

    links_above, sums_above = ledger.links_above, summing.Summing._above
    patch.setattr(ledger, "links_above", above)
    patch.setattr(folding, "links_above", above)
    patch.setattr(summing.Summing, "_above", sums)


def closure_moves_nothing(patch: MonkeyPatch) -> None:
    def tree(units: Collection[int], measures: Any) -> None:
        folding.fold()
        closure.refresh(units)

    patch.setattr(refreshing, "_refresh_tree", tree)


def closure_moves(*, removed: bool, added: bool) -> Plant:
    """Only what is above no longer, or only what is above now."""

    def sum_up(changes: Mapping[Any, Changes], links: Iterable[Link] | None = None) -> None:
        if links is not None:
            links = [link for link in links if (removed if link.sign < 0 else added)]
        ledger.sum_up(changes, links)

    return lambda patch: patch.setattr(refreshing, "sum_up", sum_up)


def unfolded_before_the_tree_changes(patch: MonkeyPatch) -> None:
    def tree(units: Collection[int], measures: Any) -> None:
        with patch.context() as inner:
            inner.setattr(folding, "fold", lambda: 0)
            refresh_tree(units, measures)

    refresh_tree = refreshing._refresh_tree
    patch.setattr(refreshing, "_refresh_tree", tree)


def closure_of_the_unit_alone(patch: MonkeyPatch) -> None:
    """What lies below the unit that moved is not looked at."""

    def alone() -> Any:
        changed = select(inline.table("changed", "unit_id"))
        return changed.union(changed)

    patch.setattr(closure, "_concerned", alone)


def days_from_the_middle_are_not_written(patch: MonkeyPatch) -> None:
    def add(to: Changes, day: int, counts: Packed) -> None:
        if day < MIDDLE:
            real(to, day, counts)

    real = steps.add
    patch.setattr(steps, "add", add)


def noted_is_lost(kind: str) -> Plant:
    """What was touched of a kind never comes to the refresher."""

    def refresh(touched: derived.Touched) -> None:
        refreshing.refresh({name: rows for name, rows in touched.items() if name != kind})

    return lambda patch: patch.setattr(derived, "_refreshers", [refresh])


def without_trigger(table: str, event: str) -> Plant:
    """A trigger of the database is gone; the harness puts it back."""

    def drop(patch: MonkeyPatch) -> None:
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text(f"DROP TRIGGER touch_{table}_{event}"))
        else:
            names = text("SELECT tgname FROM pg_trigger WHERE tgname LIKE :some")
            some = {"some": f"touch\\_{table}\\_{event}%"}
            for name in db.session.scalars(names, some).all():
                db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {name}"))
        db.session.commit()

    return drop


def spans_noted(*, gone: int = 1, come: int = 1) -> Plant:
    """A person's own difference is added so many times."""

    def note(changes: ByKey, measure_id: int, span: Any, *, is_gone: bool) -> None:
        for _each in range(gone if is_gone else come):
            own_counts.note_span(changes, measure_id, span, is_gone=is_gone)

    return lambda patch: patch.setattr(refreshing, "note_span", note)


def first_row_forgotten(patch: MonkeyPatch) -> None:
    """Counts are read from the first change on, not from the row before it."""

    def from_the_change(part: int, firsts: Mapping[Any, int]) -> dict[Any, Steps]:
        found = steps_from(part, firsts)
        return {key: [row for row in rows if row[0] >= firsts[key]] for key, rows in found.items()}

    steps_from = ledger.steps_from
    patch.setattr(own_counts, "steps_from", from_the_change)


def summed_up_twice(patch: MonkeyPatch) -> None:
    def summed(changes: Mapping[Any, Changes], links: Iterable[Link] | None = None) -> None:
        ledger.sum_up(changes, links)
        ledger.sum_up(changes, links)

    patch.setattr(folding, "sum_up", summed)
    patch.setattr(refreshing, "sum_up", summed)


def never_summed_up(patch: MonkeyPatch) -> None:
    """What was pending is thrown away; on SQLite, which has no pending, nothing is summed up."""

    def nothing(changes: Mapping[Any, Changes], links: Iterable[Link] | None = None) -> None:
        return None

    patch.setattr(folding, "sum_up", nothing)
    patch.setattr(refreshing, "sum_up", nothing)


def plans_keep_their_spans(patch: MonkeyPatch) -> None:
    def settled_quietly(horizon: Any) -> Settled:
        settled = settle(horizon)
        return Settled(settled.measures, [], settled.gone, settled.new)

    patch.setattr(refreshing, "settle", settled_quietly)


def rule_forgets(part: str) -> Plant:
    """A plan's change in this part does not show in the measure's text."""

    def settled_but_for_it(horizon: Any) -> Settled:
        before = {one.id: one for one in stored_measures()}
        settled = settle(horizon)
        stale = [one for one in settled.stale if one.id not in before or _differs(one, before)]
        return Settled(settled.measures, stale, settled.gone, settled.new)

    def _differs(one: Any, before: Mapping[int, Any]) -> bool:
        old = before[one.id]
        same = {"rule": one.rule._replace(**{part: getattr(old.rule, part)})}
        return bool(vars(one) | same != vars(old))

    return lambda patch: patch.setattr(refreshing, "settle", settled_but_for_it)


def gone_measures_stay(patch: MonkeyPatch) -> None:
    patch.setattr(rebuilding, "drop", lambda measure_ids: None)


def retyped_units_keep(what: str) -> Plant:
    """A unit's other tier changes nothing of its people, or of what it declared."""

    def found(touched: derived.Touched) -> Any:
        return real({kind: rows for kind, rows in touched.items() if kind != "unit"})

    real = getattr(refreshing, what)
    return lambda patch: patch.setattr(refreshing, what, found)


def within_forgets_the_start(patch: MonkeyPatch) -> None:
    """What a unit counted before it came below another is not counted there."""

    def within(
        changes: Mapping[int, Packed], starts: int, ends: int
    ) -> Iterator[tuple[int, Packed]]:
        return (row for row in real(changes, starts, ends) if row[0] != starts or starts < 2)

    real = steps.within
    patch.setattr(steps, "within", within)
    patch.setattr(summing, "within", within)


def within_forgets_the_end(patch: MonkeyPatch) -> None:
    def within(
        changes: Mapping[int, Packed], starts: int, ends: int
    ) -> Iterator[tuple[int, Packed]]:
        return (row for row in real(changes, starts, ends) if row[0] != ends)

    real = steps.within
    patch.setattr(steps, "within", within)
    patch.setattr(summing, "within", within)


Read = Callable[[Collection[int], Collection[int], Collection[int]], dict[Any, Counts]]


def read_otherwise(name: str, other: Callable[[Read], Read]) -> Plant:
    """Questions read the ledger through something else."""
    real = getattr(reading, name)
    return lambda patch: patch.setattr(queries, name, other(real))


def a_day(by: int) -> Callable[[Read], Read]:
    def other(real: Read) -> Read:
        def read(
            measures: Collection[int], units: Collection[int], days: Collection[int]
        ) -> dict[Any, Counts]:
            found = real(measures, units, [day + by for day in days])
            return {(measure, unit, day - by): row for (measure, unit, day), row in found.items()}

        return read

    return other


def pending_uncounted(patch: MonkeyPatch) -> None:
    patch.setattr(reading, "_last_rows_and_pending", reading._last_rows_lateral)


def pending_counted_twice(patch: MonkeyPatch) -> None:
    def twice() -> Any:
        return union_all(reading._last_rows_lateral(), reading._pending(), reading._pending())

    patch.setattr(reading, "_last_rows_and_pending", twice)


def pending_stays_when_folded(patch: MonkeyPatch) -> None:
    """It is summed up, and still pending."""

    def fold() -> int:
        rows = db.session.connection().execute(select(pending)).all()
        count = real()
        if rows:
            kept = [dict(row._mapping) for row in rows]
            db.session.connection().execute(insert(pending), kept)
        return count

    real = folding.fold
    patch.setattr(folding, "fold", fold)


def own_counts_pending_too(patch: MonkeyPatch) -> None:
    """What is pending is thought to be missing from the unit's own counts."""

    def own(
        measures: Collection[int], units: Collection[int], days: Collection[int]
    ) -> dict[Any, Counts]:
        found = real(measures, units, days)
        for row in db.session.connection().execute(select(pending)):
            for day in days:
                if row.day <= day and (row.measure_id, row.unit_id, day) in found:
                    key = (row.measure_id, row.unit_id, day)
                    found[key] = tuple(a + b for a, b in zip(found[key], row[3:], strict=True))
        return found

    real = reading.own_counts
    patch.setattr(queries, "own_counts", own)
    patch.setattr(reading, "own_counts", own)


EVERYWHERE_PLANTED: dict[str, Plant] = {
    "the tree of today is taken for the dated one": current_tree,
    "a move of a unit moves no counts": closure_moves_nothing,
    "a moved unit's counts stay where they were": closure_moves(removed=False, added=True),
    "a moved unit's counts do not arrive": closure_moves(removed=True, added=False),
    "only the unit that moved is put elsewhere": closure_of_the_unit_alone,
    "days from the middle on are not written": days_from_the_middle_are_not_written,
    "touched people are lost": noted_is_lost("person"),
    "touched edges are lost": noted_is_lost("edge"),
    "touched units are lost": noted_is_lost("unit"),
    "touched headcounts are lost": noted_is_lost("headcount"),
    "touched plans are lost": noted_is_lost("plan"),
    "a person's difference is added twice": spans_noted(come=2),
    "a person's lost spans are not taken away": spans_noted(gone=0),
    "the row before the first change is forgotten": first_row_forgotten,
    "changes are summed up twice": summed_up_twice,
    "changes are never summed up": never_summed_up,
    "a plan's change leaves its spans": plans_keep_their_spans,
    "a plan's other grace leaves its spans": rule_forgets("grace_days"),
    "a plan's other start leaves its spans": rule_forgets("starts"),
    "a plan's other courses leave its spans": rule_forgets("choices"),
    "what was counted before is not dropped": gone_measures_stay,
    "a retyped unit's people stay": retyped_units_keep("_people_touched"),
    "a retyped unit's declarations stay": retyped_units_keep("_headcounts_touched"),
    "counts from before a unit came are left out": within_forgets_the_start,
    "counts stay after a unit left": within_forgets_the_end,
    "questions read the day before": read_otherwise("counts_with_below", a_day(-1)),
    "questions read the day after": read_otherwise("counts_with_below", a_day(1)),
    "a unit alone is read with all below it": read_otherwise(
        "own_counts", lambda _own: reading.counts_with_below
    ),
    "a unit with all below it is read alone": read_otherwise(
        "counts_with_below", lambda _below: reading.own_counts
    ),
}
PENDING_PLANTED: dict[str, Plant] = {
    "what is pending is not counted": pending_uncounted,
    "what is pending is counted twice": pending_counted_twice,
    "what was summed up is still pending": pending_stays_when_folded,
    "a unit's own counts are thought to be pending": own_counts_pending_too,
    "pending changes are summed up twice": summed_up_twice,
    "pending changes are thrown away": never_summed_up,
    "the tree changes before pending is summed up": unfolded_before_the_tree_changes,
}
# table, event, and the acts that only this trigger tells of
TRIGGERS: list[tuple[str, str, tuple[str, ...]]] = [
    ("membership", "insert", ("join",)),
    ("membership", "update", ("never_was_a_member",)),
    ("completion", "insert", ("complete",)),
    ("completion", "update", ("retract_completion", "void_by_hand")),
    ("exemption", "insert", ("exempt",)),
    ("exemption", "update", ("exempt", "retract_exemption")),
    ("unit_parent", "insert", ("put_below",)),
    ("unit_parent", "update", ("put_below", "never_lay_below")),
    ("unit", "update", ("retype_unit",)),
    ("headcount", "insert", ("declare",)),
    ("headcount", "update", ("declare", "withdraw_declaration")),
    ("requirement_option", "insert", ("require",)),
    ("requirement_option", "update", ("require_no_longer",)),
    ("target", "update", ("change_target",)),
    ("target", "delete", ("drop_target",)),
    ("programme", "update", ("change_programme",)),
]
OFTEN: dict[str, tuple[str, ...]] = {
    "a retyped unit's people stay": ("retype_unit", "join"),
    "a retyped unit's declarations stay": ("retype_unit", "declare"),
    "a plan's change leaves its spans": ("change_target", "change_requirement"),
    "a plan's other grace leaves its spans": ("change_target",),
    "a plan's other start leaves its spans": ("change_target", "change_programme"),
    "a plan's other courses leave its spans": ("change_requirement", "require"),
    "what was counted before is not dropped": ("change_target", "drop_target"),
    "touched plans are lost": ("change_target", "change_requirement"),
    "touched units are lost": ("retype_unit",),
    "the last accepted day is inclusive": ("complete", "change_requirement"),
    "trained comes before exempt": ("exempt", "complete"),
    "only the unit that moved is put elsewhere": ("put_below", "move_unit", "join"),
    "the tree changes before pending is summed up": ("move_unit", "put_below", "join"),
    "units that do not count break the membership": ("move", "retype_unit"),
}
"""Acts that happen often where a fault needs them to show."""
