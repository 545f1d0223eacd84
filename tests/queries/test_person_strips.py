"""A person's strips against the states that figures give the person, day by day."""

import random
from datetime import date

import pytest

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.names import people_behind
from hrtrain.coverage.person_strips import PersonStrip, strips_of
from hrtrain.coverage.queries import Question
from hrtrain.coverage.states import State
from hrtrain.coverage.strip import NOT_COUNTED, Kind
from hrtrain.coverage.telling import STATES, rows_of
from hrtrain.people.models import Person
from tests import makers
from tests.makers.province import TRAINED_ON, province
from tests.queries.histories import day_of
from tests.queries.test_trends import lived
from tests.queries.worlds import DAYS

pytestmark = pytest.mark.usefixtures("app")
DAY = date(2026, 11, 22)


def state_on(strips: list[PersonStrip], question: Question) -> str | None:
    """What the strip of the question's target says of its day."""
    day = question.as_of.toordinal()
    for strip in strips:
        if (strip.target.programme, strip.target.group) == (question.programme, question.group):
            for piece in strip.pieces:
                if piece.starts <= day < piece.ends and piece.state != NOT_COUNTED:
                    return STATES[piece.state]
    return None


@pytest.mark.parametrize("seed", [1, 2])
def test_strip_says_of_each_day_what_the_figures_count(seed: int) -> None:
    country, dice = lived(seed), random.Random(seed)
    for world in country.worlds:
        (programme, group), people = dice.choice(sorted(world.goals)), world.people
        question = Question(programme, day_of(dice.choice(DAYS)), group=group)
        counted = {one.id: str(one.state) for one in people_behind(question, tuple(State)).rows}
        for number in people:
            person = db.session.get_one(Person, number)
            for known_at in (None, clock.now()):
                assert state_on(strips_of(person, known_at), question) == counted.get(number)


def test_earlier_knowledge_is_a_different_history() -> None:
    here = province()
    db.session.commit()
    before = clock.now()
    makers.completion(here.people[2], here.course, TRAINED_ON)
    db.session.commit()
    (then,), (now,) = strips_of(here.people[2], before), strips_of(here.people[2])
    assert len(then.pieces) == 1 and len(now.pieces) == 2


def test_completion_is_told_with_its_session_and_certificate() -> None:
    here = province()
    session = makers.training_session(here.course, here.left, title="Lớp tháng 5")
    makers.enrolment(session, here.people[2], attended=True, state="completed")
    makers.completion(here.people[2], here.course, date(2026, 5, 5), training_session_id=session.id)
    (strip,) = strips_of(here.people[2])
    row = rows_of(strip, DAY)[0]
    (cause,) = row.causes
    assert cause.text == f"Hoàn thành “{here.course.name}”" and row.is_now
    assert cause.done is not None
    assert (cause.done.session_title, cause.done.has_attended) == ("Lớp tháng 5", True)
    assert [item for item, _done in row.met] == ["Tập huấn"]


def test_refused_says_what_is_missing_and_since_when() -> None:
    here = province()
    (strip,) = strips_of(here.people[2])
    (row,) = rows_of(strip, DAY)
    assert (row.state, row.missing) == ("untrained", [("Tập huấn", date(2020, 1, 1))])


def test_unit_outside_the_targets_scope_is_no_history() -> None:
    here = province()
    stranger = makers.person("Người Khác")
    makers.membership(stranger, here.group, here.other)
    assert strips_of(stranger) == []
    makers.parent(here.other, here.top, starts_on=date(2025, 1, 1))
    (strip,) = strips_of(stranger)
    assert strip.pieces[0].starts == date(2025, 1, 1).toordinal()
    assert [cause.kind for cause in strip.pieces[0].causes] == [Kind.CAME_IN_SCOPE]
