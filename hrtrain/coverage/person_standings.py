"""How one person stands in every programme that counts the person: the figures' own answer.

Asked of the same tables as the names behind a figure (`names.people_behind`), limited to the
units where the person is, so that a person's page and a figure cannot differ.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.paging import cursor
from hrtrain.coverage.asked import read_plans
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.people import Found, standings_of_person
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.tables import EVERYWHERE
from hrtrain.coverage.names import Named, explained, people_behind
from hrtrain.coverage.plan_queries import groups_of_person
from hrtrain.coverage.queries import Question, looks_of, settled
from hrtrain.coverage.states import State
from hrtrain.people.models import Membership, Person
from hrtrain.units.models import unit_closure


@dataclass(frozen=True)
class PersonStanding:
    """A person in a programme's group on a day: the state and what explains it."""

    programme: str
    title: str
    group: str
    named: Named


def person_standing(person: Person, day: date) -> list[PersonStanding]:
    """The standings of all targets that count the person on the day, by programme and group."""
    groups = {group.key for group in groups_of_person(person.id)}
    plans = read_plans() if groups else None
    targets = plans.targets_of(None, None) if plans else []
    named = _derived if is_ready() else _live
    found = []
    for target in targets:
        if target.group in groups:
            one = named(Question(target.programme, day, group=target.group), person)
            if one is not None:
                title, group = target.programme_title, target.group_name
                found.append(PersonStanding(target.programme, title, group, one))
    return found


def _derived(question: Question, person: Person) -> Named | None:
    question = settled(question)
    (look,) = looks_of(question, read_plans(question.programme))
    number, day = measure_ids().get(look.target.id, 0), question.as_of.toordinal()
    here = standings_of_person(person.id, day).get(number)
    if here is None or look.root_id is None or not _lies_below(here[0], look.root_id, day):
        return None
    known = (person.id, person.key, person.full_name, person.sort_key)
    found = Found(*known, person.birth_date, person.position, *here)
    return explained([found], look, question)[0]


def _lies_below(unit_id: int, root_id: int, day: int) -> bool:
    link = unit_closure.c
    asked = select(link.starts).where(
        link.ancestor_id == root_id,
        link.descendant_id == unit_id,
        link.starts <= day,
        link.ends > day,
    )
    return root_id == EVERYWHERE or db.session.execute(asked).first() is not None


def _live(question: Question, person: Person) -> Named | None:
    here = select(Membership.unit_id).where(
        Membership.person_id == person.id,
        Membership.known_at(clock.now()),
        holds_sql(Membership.starts_on, Membership.ends_on, question.as_of),
    )
    # The page that begins just before the person has the person first, or somebody else.
    before = cursor(person.sort_key, person.id - 1)
    page = people_behind(question, tuple(State), within=here, after=before, size=1)
    return next((row for row in page.rows if row.id == person.id), None)
