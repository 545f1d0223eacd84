"""How one person stands in every programme that counts the person: the figures' own answer.

Asked of the same tables as the names behind a figure (`names.people_behind`), limited to the
units where the person is, so that a person's page and a figure cannot differ.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from hrtrain.core import clock
from hrtrain.core.db import holds_sql
from hrtrain.core.paging import cursor
from hrtrain.coverage.asked import read_plans
from hrtrain.coverage.names import Named, people_behind
from hrtrain.coverage.plan_queries import groups_of_person
from hrtrain.coverage.queries import Question
from hrtrain.coverage.states import State
from hrtrain.people.models import Membership, Person


@dataclass(frozen=True)
class PersonStanding:
    """A person in a programme's group on a day: the state and what explains it."""

    programme: str
    title: str
    group: str
    named: Named


def person_standing(person: Person, day: date) -> list[PersonStanding]:
    """The standings of all targets that count the person on the day, by programme and group.

    Two or three statements for each target of the person's groups, each for few people.
    """
    groups = {group.key for group in groups_of_person(person.id)}
    targets = read_plans().targets_of(None, None) if groups else []
    found = []
    for target in targets:
        if target.group in groups:
            named = _named(Question(target.programme, day, group=target.group), person)
            if named is not None:
                title, group = target.programme_title, target.group_name
                found.append(PersonStanding(target.programme, title, group, named))
    return found


def _named(question: Question, person: Person) -> Named | None:
    here = select(Membership.unit_id).where(
        Membership.person_id == person.id,
        Membership.known_at(clock.now()),
        holds_sql(Membership.starts_on, Membership.ends_on, question.as_of),
    )
    # The page that begins just before the person has the person first, or somebody else.
    before = cursor(person.sort_key, person.id - 1)
    page = people_behind(question, tuple(State), within=here, after=before, size=1)
    return next((row for row in page.rows if row.id == person.id), None)
