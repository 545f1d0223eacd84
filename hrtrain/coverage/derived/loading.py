"""The facts of people that their spans follow from, read in a constant number of statements."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, type_coerce
from sqlalchemy.types import NullType

from hrtrain.certificates.models import Certificate
from hrtrain.core.period import OPEN_END, OPEN_START
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


@dataclass(slots=True)
class PersonFacts:
    """One person's facts known now: stays with their unit's tier by group, proofs, exemptions."""

    stays: dict[int, list[tuple[Stay, str]]] = field(default_factory=dict)
    proofs: list[Proof] = field(default_factory=list)
    exempt: dict[tuple[int, int], list[Days]] = field(default_factory=dict)
    gaps: int = 0


def facts_of(connection: Connection, whose: Of, horizon: Horizon) -> dict[int, PersonFacts]:
    """The facts of the people for whom ``whose(column of person ids)`` holds."""
    found: dict[int, PersonFacts] = {}
    stays = connection.execute(_stays(whose, horizon)).all()
    for person, group, unit, starts, ends, tier, is_known, until in stays:
        if _is_known(is_known, until, horizon):
            facts = found.get(person)
            if facts is None:
                facts = found[person] = PersonFacts()
            stay = Stay(unit, _FROM[starts], _TO[ends])
            facts.stays.setdefault(group, []).append((stay, tier))
    _add_proofs(connection, found, whose, horizon)
    exemptions = connection.execute(_exemptions(whose, horizon)).all()
    for person, programme, group, starts, ends, is_known, until in exemptions:
        if person in found and _is_known(is_known, until, horizon):
            place = found[person].exempt.setdefault((programme, group), [])
            place.append((_FROM[starts], _TO[ends]))
    for person, has_birth, has_identity in connection.execute(_lacking(whose)).all():
        if person in found:
            gaps = (0 if has_birth else NO_BIRTH) | (0 if has_identity else NO_IDENTITY)
            found[person].gaps = gaps
    return found


def _add_proofs(
    connection: Connection, found: dict[int, PersonFacts], whose: Of, horizon: Horizon
) -> None:
    certified = {(row[0], row[1]) for row in connection.execute(_certified(whose)).all()}
    proofs = connection.execute(_proofs(whose, horizon)).all()
    for person, course, day, last, revoked, has, is_known, until in proofs:
        if person in found and _is_known(is_known, until, horizon):
            completed = _FROM[day]
            ends = proof_ends(completed, _DAY[last], _DAY[revoked])
            is_evidenced = bool(has) or (person, course) in certified
            found[person].proofs.append(Proof(course, completed, ends, is_evidenced))


def _is_known(is_known: bool, changes_at: datetime | None, horizon: Horizon) -> bool:
    if changes_at is not None:
        horizon.note(changes_at)
    return is_known


class _Numbers(dict[date | str | None, Any]):
    """Days' numbers by the day as the driver gives it, each reckoned once; what an empty one is.

    A rebuild reads ten million days, of which some thousand differ.
    """

    def __init__(self, empty: int | None) -> None:
        super().__init__({None: empty})

    def __missing__(self, day: date | str) -> int:
        number = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        self[day] = number
        return number


_FROM, _TO, _DAY = _Numbers(OPEN_START), _Numbers(OPEN_END), _Numbers(None)


def _facts(fact: Any, whose: Of, horizon: Horizon, *columns: Any) -> Select[Any]:
    """The person, these columns, whether the fact is known, and when that changes."""
    found = select(fact.person_id, *columns, horizon.is_known(fact), horizon.changes_at(fact))
    return found.where(whose(fact.person_id), horizon.worth_reading(fact))


def _plain(day: Any) -> Any:
    """The day as the driver gives it: `_Numbers` knows it."""
    return type_coerce(day, NullType())


def _stays(whose: Of, horizon: Horizon) -> Select[Any]:
    row = Membership
    days = _plain(row.starts_on), _plain(row.ends_on)
    found = _facts(row, whose, horizon, row.group_id, row.unit_id, *days, Unit.tier)
    return found.join(Unit, Unit.id == row.unit_id)


def _proofs(whose: Of, horizon: Horizon) -> Select[Any]:
    row = Completion
    days = _plain(row.completed_on), _plain(row.valid_through), _plain(row.revoked_from)
    is_evidenced = or_(row.training_session_id.is_not(None), func.trim(row.source) != "")
    found = _facts(row, whose, horizon, row.course_id, *days, is_evidenced)
    return found.where(row.is_void.is_(False))


def _certified(whose: Of) -> Select[Any]:
    """People and courses with a certificate of no training session (others have the session)."""
    row = Certificate
    columns: tuple[Any, ...] = (row.person_id, row.course_id)
    # Through a function no index says so: SQLite would read all that have none.
    has_none = func.coalesce(row.training_session_id, 0) == 0
    return select(*columns).where(has_none, row.state == "issued", whose(row.person_id))


def _lacking(whose: Of) -> Select[Any]:
    """People who lack a birth date or an identity, and which of the two they have."""
    row = Person
    columns: tuple[Any, ...] = (row.id, row.birth_date != "", row.national_id_hash != "")
    lacks = or_(row.birth_date == "", row.national_id_hash == "")
    # Whoever was made anonymous was known when it was done: that takes no trust from a figure.
    lacks = and_(lacks, row.anonymised_at.is_(None))
    return select(*columns).where(whose(row.id), lacks)


def _exemptions(whose: Of, horizon: Horizon) -> Select[Any]:
    row = Exemption
    days = _plain(row.starts_on), _plain(row.ends_on)
    return _facts(row, whose, horizon, row.programme_id, row.group_id, *days)


class Asked:
    """The measures by what a person's facts are asked for: the targets of a group, and people."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self.of_group: dict[int, list[Measure]] = {}
        self.peoples: list[Measure] = []
        for one in measures:
            if one.is_people:
                self.peoples.append(one)
            else:
                self.of_group.setdefault(one.group_id, []).append(one)


def spans_by_measure(facts: PersonFacts, asked: Asked) -> SpansOf:
    """What the facts come to in each measure; distinct people last, from their targets'."""
    found: SpansOf = {}
    wholes: dict[int, list[list[Span]]] = {}
    for group in facts.stays:
        for one in asked.of_group.get(group, ()):
            spans = _spans_of_measure(facts, one)
            if spans:
                found[one.id] = spans
                if one.is_whole:
                    wholes.setdefault(one.programme_id, []).append(spans)
                    found[one.id] = _marked(spans, facts, one)
    for one in asked.peoples:
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
