"""The facts of people that their spans follow from, read in a constant number of statements."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from hrtrain.certificates.models import Certificate
from hrtrain.core.db import db
from hrtrain.core.period import as_numbers
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.measures import Measure
from hrtrain.coverage.gaps import NO_BIRTH, NO_IDENTITY, with_gaps
from hrtrain.coverage.models import Exemption
from hrtrain.coverage.spans import Days, Proof, Span, Stay, proof_ends, spans_of, together
from hrtrain.people.models import Membership, Person
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
    gaps: int = 0


def facts_of(whose: Of, horizon: Horizon) -> dict[int, PersonFacts]:
    """The facts of the people for whom ``whose(column of person ids)`` holds."""
    found: dict[int, PersonFacts] = {}
    for person_id, known, group_id, unit_id, starts_on, ends_on, tier in _stays(whose, horizon):
        if horizon.knows(*known):
            facts = found.setdefault(person_id, PersonFacts())
            stay = Stay(unit_id, *as_numbers(starts_on, ends_on))
            facts.stays.setdefault(group_id, []).append((stay, tier))
    certified = _certified(whose)
    for person_id, known, course_id, completed_on, *days, source, session in _proofs(
        whose, horizon
    ):
        if person_id in found and horizon.knows(*known):
            completed = completed_on.toordinal()
            ends = proof_ends(completed, *map(_number, days))
            has = bool(session or source.strip() or (person_id, course_id) in certified)
            found[person_id].proofs.append(Proof(course_id, completed, ends, has))
    for person_id, known, programme_id, group_id, *days in _exemptions(whose, horizon):
        if person_id in found and horizon.knows(*known):
            place = found[person_id].exempt.setdefault((programme_id, group_id), [])
            place.append(as_numbers(*days))
    for person_id, has_birth, has_identity in _lacking(whose):
        if person_id in found:
            gaps = (0 if has_birth else NO_BIRTH) | (0 if has_identity else NO_IDENTITY)
            found[person_id].gaps = gaps
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
    return _read(rows.add_columns(row.source, row.training_session_id))


def _certified(whose: Of) -> set[tuple[int, int]]:
    """People and courses with a certificate of no training session (others have the session)."""
    row = Certificate
    asked = select(row.person_id, row.course_id).where(
        row.training_session_id.is_(None), row.state == "issued", whose(row.person_id)
    )
    return {(one[0], one[1]) for one in db.session.connection().execute(asked)}


def _lacking(whose: Of) -> Iterable[Any]:
    """People who lack a birth date or an identity, and which of the two they have."""
    row = Person
    asked = select(row.id, row.birth_date != "", row.national_id_hash != "")
    lacks = or_(row.birth_date == "", row.national_id_hash == "")
    # Whoever was made anonymous was known when it was done: that takes no trust from a figure.
    lacks = and_(lacks, row.anonymised_at.is_(None))
    return db.session.connection().execute(asked.where(whose(row.id), lacks)).all()


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
                    found[one.id] = _marked(spans, facts, one)
    for one in peoples:
        if one.programme_id in wholes:
            found[one.id] = together(wholes[one.programme_id])
    return found


def _marked(spans: list[Span], facts: PersonFacts, one: Measure) -> list[Span]:
    """The spans of a whole target with their gaps; most have none and stay as they are."""
    evidenced = [proof for proof in facts.proofs if proof.is_evidenced]
    if len(evidenced) == len(facts.proofs):
        return with_gaps(spans, spans, facts.gaps) if facts.gaps else spans
    return with_gaps(spans, _spans_of_measure(facts, one, evidenced), facts.gaps)


def _spans_of_measure(
    facts: PersonFacts, one: Measure, proofs: list[Proof] | None = None
) -> list[Span]:
    stays = [
        stay if one.passes(tier) else stay._replace(counts=False)
        for stay, tier in facts.stays[one.group_id]
    ]
    exempt = facts.exempt.get((one.programme_id, one.group_id), ())
    return spans_of(stays, facts.proofs if proofs is None else proofs, exempt, one.rule)
