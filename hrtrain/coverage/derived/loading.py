"""The facts of people that their spans follow from, read in a constant number of statements."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from hrtrain.core.db import db
from hrtrain.core.period import as_numbers
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.measures import Measure
from hrtrain.coverage.models import Exemption
from hrtrain.coverage.spans import Days, Proof, Span, Stay, proof_ends, spans_of, together
from hrtrain.people.models import Membership
from hrtrain.training.models import Completion
from hrtrain.units.models import Unit

SpansOf = dict[int, list[Span]]
"""One person's spans by the number of the measure; measures without spans are left out."""

Of = Callable[[Any], ColumnElement[bool]]


@dataclass
class PersonFacts:
    """One person's facts known now: stays with their unit's tier by group, proofs, exemptions."""

    stays: dict[int, list[tuple[Stay, str]]] = field(default_factory=dict)
    proofs: list[Proof] = field(default_factory=list)
    exempt: dict[tuple[int, int], list[Days]] = field(default_factory=dict)


def facts_of(whose: Of, horizon: Horizon) -> dict[int, PersonFacts]:
    """The facts of the people for whom ``whose(column of person ids)`` holds."""
    found: dict[int, PersonFacts] = {}
    for person_id, known, group_id, unit_id, starts_on, ends_on, tier in _stays(whose, horizon):
        if horizon.knows(*known):
            facts = found.setdefault(person_id, PersonFacts())
            stay = Stay(unit_id, *as_numbers(starts_on, ends_on))
            facts.stays.setdefault(group_id, []).append((stay, tier))
    for person_id, known, course_id, completed_on, last_day, revoked in _proofs(whose, horizon):
        if person_id in found and horizon.knows(*known):
            completed = completed_on.toordinal()
            ends = proof_ends(completed, _number(last_day), _number(revoked))
            found[person_id].proofs.append(Proof(course_id, completed, ends))
    for person_id, known, programme_id, group_id, *days in _exemptions(whose, horizon):
        if person_id in found and horizon.knows(*known):
            place = found[person_id].exempt.setdefault((programme_id, group_id), [])
            place.append(as_numbers(*days))
    return found


def _number(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _read(statement: Select[Any]) -> Iterable[Any]:
    """Rows with the two instants of the fact, which come second and third, as one pair."""
    for person_id, recorded_at, retracted_at, *rest in (
        db.session.connection().execute(statement).all()
    ):
        yield person_id, (recorded_at, retracted_at), *rest


def _columns(fact: Any, whose: Of, horizon: Horizon) -> Select[Any]:
    columns = select(fact.person_id, fact.recorded_at, fact.retracted_at)
    return columns.where(whose(fact.person_id), horizon.worth_reading(fact))


def _stays(whose: Of, horizon: Horizon) -> Iterable[Any]:
    row = Membership
    rows = _columns(row, whose, horizon).join(Unit, Unit.id == row.unit_id)
    return _read(rows.add_columns(row.group_id, row.unit_id, row.starts_on, row.ends_on, Unit.tier))


def _proofs(whose: Of, horizon: Horizon) -> Iterable[Any]:
    row = Completion
    rows = _columns(row, whose, horizon).where(row.is_void.is_(False))
    rows = rows.add_columns(row.course_id, row.completed_on, row.valid_through, row.revoked_from)
    return _read(rows)


def _exemptions(whose: Of, horizon: Horizon) -> Iterable[Any]:
    row = Exemption
    rows = _columns(row, whose, horizon)
    return _read(rows.add_columns(row.programme_id, row.group_id, row.starts_on, row.ends_on))


def spans_by_measure(facts: PersonFacts, measures: Iterable[Measure]) -> SpansOf:
    """What the facts come to in each measure; distinct people last, from their targets'."""
    found: SpansOf = {}
    wholes: dict[int, list[list[Span]]] = {}
    peoples: list[Measure] = []
    for one in measures:
        if one.is_people:
            peoples.append(one)
        elif one.group_id in facts.stays:
            spans = _spans_of_measure(facts, one)
            if spans:
                found[one.id] = spans
                if one.is_whole:
                    wholes.setdefault(one.programme_id, []).append(spans)
    for one in peoples:
        if one.programme_id in wholes:
            found[one.id] = together(wholes[one.programme_id])
    return found


def _spans_of_measure(facts: PersonFacts, one: Measure) -> list[Span]:
    stays = [
        stay if one.passes(tier) else stay._replace(counts=False)
        for stay, tier in facts.stays[one.group_id]
    ]
    exempt = facts.exempt.get((one.programme_id, one.group_id), ())
    return spans_of(stays, facts.proofs, exempt, one.rule)
