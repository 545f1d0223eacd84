"""One person's facts for the strips of their history, as known at an instant: read at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from hrtrain.certificates.models import Certificate
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, OPEN_START, as_numbers
from hrtrain.coverage.asked import PlanOption, Plans, PlanTarget
from hrtrain.coverage.models import Exemption
from hrtrain.coverage.spans import Choice, Proof, Rule, Stay, proof_ends
from hrtrain.coverage.strip import Evidence, Freed, History
from hrtrain.people.merges.queries import records_of
from hrtrain.people.models import Membership, Person
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.units.ancestry import ancestors_in_time
from hrtrain.units.models import Unit, UnitName, UnitParent


@dataclass(frozen=True)
class Done:
    """A completion with what it is called and what proves it."""

    number: int
    course_id: int
    course: str
    completed_on: date
    valid_through: date | None
    revoked_from: date | None
    source: str
    session_key: str | None
    session_title: str | None
    has_attended: bool | None
    certificates: tuple[tuple[str, str], ...] = ()
    """Key and number of each certificate, the newest first."""


@dataclass
class Facts:
    """A person's facts known at the instant, as numbers for the rule and as words for pages."""

    known_at: datetime
    stays: dict[int, list[tuple[Stay, str]]] = field(default_factory=dict)
    """By group, with the unit's tier."""
    done: dict[int, Done] = field(default_factory=dict)
    exemptions: dict[int, Exemption] = field(default_factory=dict)
    above: dict[int, dict[int, list[tuple[int, int]]]] = field(default_factory=dict)
    """For each unit the days on which it lies below another."""
    names: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)

    def unit_name(self, unit_id: int, day: int) -> str:
        """What the unit was called on the day, else last."""
        periods = self.names[unit_id]
        found = (name for starts, ends, name in periods if starts <= day < ends)
        return next(found, periods[-1][2])


def read_facts(person: Person, known_at: datetime) -> Facts:
    """Everything known then of the person that figures could count: a constant number of reads."""
    facts = Facts(known_at)
    for group_id, stay, tier in _stays(person, known_at):
        facts.stays.setdefault(group_id, []).append((stay, tier))
    units = {stay.unit_id for stays in facts.stays.values() for stay, _tier in stays}
    facts.done = _done(person, known_at)
    exemptions = select(Exemption).where(
        Exemption.person_id == person.id, Exemption.known_at(known_at)
    )
    facts.exemptions = {row.id: row for row in db.session.scalars(exemptions)}
    facts.above = _above(units, known_at)
    facts.names = _names(units, known_at)
    return facts


def history_of(target: PlanTarget, facts: Facts, plans: Plans) -> History:
    """What of the facts concerns the target."""
    tiers = target.tiers.split()
    stays = [
        piece
        for stay, tier in facts.stays.get(target.group_id, ())
        for piece in _in_scope(stay, target.scope_id, facts, passes=not tiers or tier in tiers)
    ]
    rule = _rule(target, plans.options.get((target.programme_id, target.group_id), ()), facts)
    courses = {choice.course_id for choice in rule.choices}
    done = [one for one in facts.done.values() if one.course_id in courses]
    return History(
        stays=tuple(sorted(stays, key=lambda stay: stay.starts)),
        evidence=tuple(map(_evidence, done)),
        exempt=tuple(_freed(target, facts.exemptions.values())),
        rule=rule,
    )


def _in_scope(stay: Stay, scope_id: int | None, facts: Facts, *, passes: bool) -> list[Stay]:
    """The stay, cut where its unit comes to lie in the target's scope or leaves it."""
    if scope_id is None or not passes:
        return [stay._replace(counts=passes)]
    inside = facts.above[stay.unit_id].get(scope_id, [])
    bounds = {day for period in inside for day in period if stay.starts < day < stay.ends}
    days = [stay.starts, *sorted(bounds), stay.ends]
    return [
        stay._replace(
            starts=starts,
            ends=ends,
            counts=any(since <= starts < until for since, until in inside),
        )
        for starts, ends in pairwise(days)
    ]


def _rule(target: PlanTarget, options: Iterable[PlanOption], facts: Facts) -> Rule:
    known_at = facts.known_at
    choices = [
        Choice(
            row.item,
            row.course_id,
            *as_numbers(row.starts_on, row.ends_on),
            *as_numbers(row.accepts_from, row.accepts_to),
        )
        for row in options
        if row.is_known(known_at)
    ]
    starts = OPEN_START if target.starts_on is None else target.starts_on.toordinal()
    return Rule(tuple(choices), starts, target.grace_days)


def _evidence(one: Done) -> Evidence:
    last = None if one.valid_through is None else one.valid_through.toordinal()
    revoked = None if one.revoked_from is None else one.revoked_from.toordinal()
    completed = one.completed_on.toordinal()
    ends = proof_ends(completed, last, revoked)
    return Evidence(one.number, Proof(one.course_id, completed, ends), ends == revoked)


def _freed(target: PlanTarget, exemptions: Iterable[Exemption]) -> Iterable[Freed]:
    for row in exemptions:
        if (row.programme_id, row.group_id) == (target.programme_id, target.group_id):
            yield Freed(row.id, *as_numbers(row.starts_on, row.ends_on))


def _stays(person: Person, known_at: datetime) -> Iterable[tuple[int, Stay, str]]:
    row = Membership
    asked = (
        select(row.group_id, row.unit_id, row.starts_on, row.ends_on, Unit.tier)
        .join(Unit, Unit.id == row.unit_id)
        .where(row.person_id == person.id, row.known_at(known_at))
    )
    for group_id, unit_id, starts_on, ends_on, tier in db.session.execute(asked):
        yield group_id, Stay(unit_id, *as_numbers(starts_on, ends_on)), tier


def _done(person: Person, known_at: datetime) -> dict[int, Done]:
    """The person's completions that are not void, each with its session and certificates."""
    row, held = Completion, TrainingSession
    asked = (
        select(row.id, row.course_id, Course.name, row.completed_on, row.valid_through)
        .add_columns(row.revoked_from, row.source, held.key, held.title, Enrolment.attended)
        .add_columns(row.training_session_id)
        .join(Course, Course.id == row.course_id)
        .outerjoin(held, held.id == row.training_session_id)
        .outerjoin(
            Enrolment,
            (Enrolment.training_session_id == held.id) & (Enrolment.person_id == row.person_id),
        )
        .where(row.person_id == person.id, row.is_void.is_(False), row.known_at(known_at))
        .order_by(row.completed_on, row.id)
    )
    certificates = _certificates(person)
    return {
        one[0]: replace(Done(*one), certificates=tuple(certificates.get((one[1], session_id), ())))
        for *one, session_id in db.session.execute(asked)
    }


def _certificates(person: Person) -> dict[tuple[int, int | None], list[tuple[str, str]]]:
    """By course and session; of a chain of replacements the newest comes first."""
    asked = select(Certificate).where(Certificate.person_id.in_(records_of(person.id)))
    found: dict[tuple[int, int | None], list[tuple[str, str]]] = {}
    for row in db.session.scalars(asked.order_by(Certificate.id.desc())):
        found.setdefault((row.course_id, row.training_session_id), []).append((row.key, row.number))
    return found


def _above(
    unit_ids: Collection[int], known_at: datetime
) -> dict[int, dict[int, list[tuple[int, int]]]]:
    """Which units these lay below, and on which days."""
    edge: Any = UnitParent
    columns = select(edge.unit_id, edge.parent_id, edge.starts_on, edge.ends_on)
    known = columns.where(edge.known_at(known_at))
    walk = known.where(edge.unit_id.in_(unit_ids)).cte("walk", recursive=True)
    walk = walk.union(known.join(walk, walk.c.parent_id == edge.unit_id))
    edges: dict[int, list[tuple[int, int, int]]] = {}
    for unit_id, parent_id, starts_on, ends_on in db.session.execute(select(walk)):
        edges.setdefault(unit_id, []).append((parent_id, *as_numbers(starts_on, ends_on)))
    found: dict[int, dict[int, list[tuple[int, int]]]] = {}
    for unit_id in unit_ids:
        above = found.setdefault(unit_id, {})
        for ancestor, starts, ends in ancestors_in_time(unit_id, edges):
            above.setdefault(ancestor, []).append((starts, ends))
    return found


def _names(unit_ids: Collection[int], known_at: datetime) -> dict[int, list[tuple[int, int, str]]]:
    """The units' names with their days, the newest last."""
    name = UnitName
    asked = (
        select(Unit.id, Unit.name, name.starts_on, name.ends_on, name.name)
        .outerjoin(name, (name.unit_id == Unit.id) & name.known_at(known_at))
        .where(Unit.id.in_(unit_ids))
    )
    found: dict[int, list[tuple[int, int, str]]] = {}
    for unit_id, newest, starts_on, ends_on, called in db.session.execute(asked):
        days = as_numbers(starts_on, ends_on) if called else (OPEN_START, OPEN_END)
        found.setdefault(unit_id, []).append((*days, called or newest))
    return {unit_id: sorted(periods) for unit_id, periods in found.items()}
