"""Faults to plant in the rule of spans and in what it is told: each makes some figure wrong."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pytest import MonkeyPatch
from sqlalchemy import ColumnElement, Select, true

from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage import spans
from hrtrain.coverage.derived import loading, measures, own_counts
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.spans import Choice, Days, Proof, Rule, Span, Stay
from hrtrain.coverage.steps import packed
from hrtrain.training.models import Completion

Plant = Callable[[MonkeyPatch], None]


def told_otherwise(
    *,
    stay: Callable[[Stay], Stay | None] | None = None,
    proof: Callable[[Proof], Proof] | None = None,
    days: Callable[[Days], Days | None] | None = None,
    choice: Callable[[Choice], Choice] | None = None,
    rule: Callable[[Rule], Rule] | None = None,
) -> Plant:
    """The rule hears other facts than there are."""

    def heard(change: Callable[[Any], Any] | None, rows: Iterable[Any]) -> list[Any]:
        changed = [change(row) if change else row for row in rows]
        return [row for row in changed if row is not None]

    def spans_of(
        stays: Iterable[Stay], proofs: Sequence[Proof], exempt: Sequence[Days], asked: Rule
    ) -> list[Span]:
        asked = asked._replace(choices=tuple(heard(choice, asked.choices)))
        asked = rule(asked) if rule else asked
        heard_stays = heard(stay, stays)
        return spans.spans_of(heard_stays, heard(proof, proofs), heard(days, exempt), asked)

    return lambda patch: patch.setattr(loading, "spans_of", spans_of)


def later(day: int, by: int = 1) -> int:
    return day if day in (OPEN_START, OPEN_END) else day + by


def proof_ends(*, last: int = 0, revoked: int | None = 0) -> Plant:
    """A completion ends some days later; no days for a revocation: it is forgotten."""

    def ends(completed: int, last_day: int | None, revoked_from: int | None) -> int:
        last_day = None if last_day is None else last_day + last
        if revoked is None or revoked_from is None:
            return spans.proof_ends(completed, last_day, None)
        return spans.proof_ends(completed, last_day, revoked_from + revoked)

    return lambda patch: patch.setattr(loading, "proof_ends", ends)


def latest_completion_only(patch: MonkeyPatch) -> None:
    def spans_of(
        stays: Iterable[Stay], proofs: Sequence[Proof], exempt: Sequence[Days], rule: Rule
    ) -> list[Span]:
        latest = {one.course_id: one for one in sorted(proofs, key=lambda one: one.completed)}
        return spans.spans_of(stays, list(latest.values()), exempt, rule)

    patch.setattr(loading, "spans_of", spans_of)


def grace(
    *,
    renewed: bool = False,
    moved: bool = False,
    once: bool = False,
    bare: bool = False,
    longer: int = 0,
) -> Plant:
    """It starts again when renewed, or when moved; only once in a life; without the target's
    start; or it is longer."""

    def due_days(stays: Iterable[Stay], rule: Rule) -> Iterator[tuple[Stay, int]]:
        since, before = OPEN_START, Stay(0, OPEN_START, OPEN_START)
        for stay in sorted(stays, key=lambda stay: stay.starts):
            is_new = before.ends != stay.starts and not (once and before.unit_id)
            if is_new or renewed or (moved and stay.unit_id != before.unit_id):
                since = stay.starts
            before = stay
            start = OPEN_START if bare else rule.starts
            yield stay, min(max(since, start) + rule.grace_days + longer, OPEN_END - 1)

    return lambda patch: patch.setattr(spans, "with_due_days", due_days)


def void_counts(patch: MonkeyPatch) -> None:
    def proofs(whose: loading.Of, horizon: Horizon) -> Select[Any]:
        row = Completion
        days = (row.completed_on, row.valid_through, row.revoked_from)
        return loading._facts(row, whose, horizon, row.course_id, *days, row.source != "")

    patch.setattr(loading, "_proofs", proofs)


def retracted_facts_count(patch: MonkeyPatch) -> None:
    def everything(horizon: Horizon, fact: Any) -> ColumnElement[bool]:
        return true()

    def knows(horizon: Horizon, recorded_at: datetime, retracted_at: datetime | None) -> bool:
        return True

    patch.setattr(Horizon, "worth_reading", everything)
    patch.setattr(Horizon, "is_known", everything)
    patch.setattr(Horizon, "knows", knows)


def every_course_is_needed(patch: MonkeyPatch) -> None:
    def is_trained(day: int, asked: Iterable[Choice], proofs: Sequence[Proof]) -> bool:
        alone = [one._replace(item=str(number)) for number, one in enumerate(asked)]
        return trained(day, alone, proofs)

    trained = spans.is_trained
    patch.setattr(spans, "is_trained", is_trained)


def any_item_is_enough(patch: MonkeyPatch) -> None:
    def is_trained(day: int, asked: Iterable[Choice], proofs: Sequence[Proof]) -> bool:
        return any(trained(day, [one], proofs) for one in asked)

    trained = spans.is_trained
    patch.setattr(spans, "is_trained", is_trained)


def nothing_asked_is_trained(patch: MonkeyPatch) -> None:
    def state_on(day: int, *facts: Any) -> int:
        found = state(day, *facts)
        return spans.TRAINED if found is None else found

    state = spans.state_on
    patch.setattr(spans, "state_on", state_on)


def trained_before_exempt(patch: MonkeyPatch) -> None:
    def state_on(
        day: int, due: int, proofs: Sequence[Proof], exempt: Sequence[Days], rule: Rule
    ) -> int | None:
        found = state(day, due, proofs, (), rule)
        return found if found == spans.TRAINED else state(day, due, proofs, exempt, rule)

    state = spans.state_on
    patch.setattr(spans, "state_on", state_on)


def grace_before_trained(patch: MonkeyPatch) -> None:
    def state_on(day: int, due: int, *facts: Any) -> int | None:
        found = state(day, due, *facts)
        return spans.IN_GRACE if found == spans.TRAINED and day < due else found

    state = spans.state_on
    patch.setattr(spans, "state_on", state_on)


def tiers_forgotten(patch: MonkeyPatch) -> None:
    patch.setattr(measures.Measure, "passes", lambda measure, tier: True)


def days_of_change_without(what: str) -> Plant:
    """Some days on which the state may change are not looked at."""

    def changes(proofs: Iterable[Proof], exempt: Iterable[Days], bounds: Iterable[int]) -> set[int]:
        kept: dict[str, Iterable[Any]] = {"proofs": proofs, "exempt": exempt, "bounds": bounds}
        kept[what] = ()
        return real(kept["proofs"], kept["exempt"], kept["bounds"])

    real = spans._days_of_change
    return lambda patch: patch.setattr(spans, "_days_of_change", changes)


def shared_people_unmarked(patch: MonkeyPatch) -> None:
    patch.setattr(spans, "SHARED", 0)


def best_of_a_programme(patch: MonkeyPatch) -> None:
    """Trained for one target is trained for the programme."""
    patch.setattr(spans, "_worst", lambda states: min(states, key=lambda one: (one != 2, one)))


Reckoning = Callable[[int, list[own_counts.Declared]], tuple[int, int]]


def unnamed(reckon: Reckoning) -> Plant:
    """Another reckoning of who is declared and not named, on days that ask something."""

    def told(
        day: int, members: int, declared: list[own_counts.Declared], measure: measures.Measure
    ) -> int:
        here = [one for one in declared if one.starts <= day < one.ends]
        found = reckon(members, here) if measure.is_asked(day) else (0, 0)
        return packed((0, 0, 0, 0, *found))

    return lambda patch: patch.setattr(own_counts, "unnamed_on", told)


def plainly(members: int, here: list[own_counts.Declared]) -> tuple[int, int]:
    """As it should be; the faults differ from it in one thing each."""
    return (max(0, here[0].people - members), 0) if here else (0, 1 if members else 0)


def asked_for_ever(patch: MonkeyPatch) -> None:
    patch.setattr(measures.Measure, "is_asked", lambda measure, day: bool(measure.rule.choices))


PLANTED: dict[str, Plant] = {
    "the last day of a membership is inclusive": told_otherwise(
        stay=lambda stay: stay._replace(ends=later(stay.ends))
    ),
    "expiry is exclusive": proof_ends(last=-1),
    "expiry is a day late": proof_ends(last=1),
    "a revocation is a day late": proof_ends(revoked=1),
    "a revocation never was": proof_ends(revoked=None),
    "a completion counts a day late": told_otherwise(
        proof=lambda proof: proof._replace(completed=proof.completed + 1)
    ),
    "only the latest completion counts": latest_completion_only,
    "grace starts again when renewed": grace(renewed=True),
    "the unbroken membership ends at the unit": grace(moved=True),
    "a gap does not start grace again": grace(once=True),
    "grace forgets the target's start": grace(bare=True),
    "grace is a day long": grace(longer=1),
    "units that do not count break the membership": told_otherwise(
        stay=lambda stay: stay if stay.counts else None
    ),
    "void completions count": void_counts,
    "retracted facts count": retracted_facts_count,
    "exemptions are ignored": told_otherwise(days=lambda days: None),
    "an exemption's end is inclusive": told_otherwise(days=lambda days: (days[0], later(days[1]))),
    "the last accepted day is inclusive": told_otherwise(
        choice=lambda choice: choice._replace(accepts_to=later(choice.accepts_to))
    ),
    "completions of any day are accepted": told_otherwise(
        choice=lambda choice: choice._replace(accepts_from=OPEN_START)
    ),
    "items are asked for ever": told_otherwise(
        choice=lambda choice: choice._replace(ends=OPEN_END)
    ),
    "the target's start is forgotten": told_otherwise(
        rule=lambda rule: rule._replace(starts=OPEN_START)
    ),
    "every course of an item is needed": every_course_is_needed,
    "any item is enough": any_item_is_enough,
    "who is asked nothing is trained": nothing_asked_is_trained,
    "trained comes before exempt": trained_before_exempt,
    "grace comes before trained": grace_before_trained,
    "the filter of tiers is forgotten": tiers_forgotten,
    "days of completions are not looked at": days_of_change_without("proofs"),
    "days of exemptions are not looked at": days_of_change_without("exempt"),
    "days of items are not looked at": days_of_change_without("bounds"),
    "people at several units are not marked": shared_people_unmarked,
    "trained for one is trained for the programme": best_of_a_programme,
    "headcounts of units without members are ignored": unnamed(
        lambda members, here: plainly(members, here) if members else (0, 0)
    ),
    "more members than declared take from others": unnamed(
        lambda members, here: (here[0].people - members, 0) if here else plainly(members, here)
    ),
    "every unit is confirmed": unnamed(lambda members, here: (plainly(members, here)[0], 0)),
    "units without members are unconfirmed": unnamed(
        lambda members, here: plainly(members, here) if here else (0, 1)
    ),
    "declared nought is undeclared": unnamed(
        lambda members, here: plainly(members, [one for one in here if one.people])
    ),
    "declarations count where nothing is asked": asked_for_ever,
}
