"""Who has begun, counted from the facts: slower, and true whatever the derived tables say."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import CTE, Select, and_, select

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.coverage import count
from hrtrain.coverage.patterns import Pattern, bit, is_held, patterns
from hrtrain.coverage.queries import Look, Question, settled, shape_and_values
from hrtrain.coverage.states import State
from hrtrain.training.models import Completion, Enrolment


def patterns_live(
    question: Question, looks: Sequence[Look], meeting: Sequence[tuple[int, int, int]]
) -> Iterator[Pattern]:
    """The patterns of people not trained on the day who have begun, by the look's child."""
    prepared = shape_and_values(looks, settled(question))
    if prepared is None:
        return
    shape, values = prepared
    given = count.parts(shape)
    lacking = _not_trained(given)
    statement = patterns([_met(lacking, given)], [_booked(lacking)])
    lead = {look.target.id: look.child_id for look in looks}
    rows = db.session.execute(statement, {**values, "meeting": inline.rows(meeting)})
    for target_id, bucket_id, *rest in rows:
        yield target_id, lead[target_id] or bucket_id, *rest


def _not_trained(given: count.Parts) -> CTE:
    person = count.states(given)
    waits = count.state_of(person).in_([State.IN_GRACE.value, State.UNTRAINED.value])
    who = (person.c.target_id, person.c.person_id, person.c.bucket_id.label("unit_id"))
    return select(*who, person.c.new).where(waits).cte("lacking")


def _met(lacking: CTE, given: count.Parts) -> Select[Any]:
    """The items met in part, a row each completion; who met the only one is trained."""
    options, targets = given.options, given.targets
    completed = and_(Completion.person_id == lacking.c.person_id, count.counting(options))
    return (
        select(*lacking.c, bit(options.c.item_no - 1))
        .join(targets, targets.c.target_id == lacking.c.target_id)
        .join(options, options.c.target_id == lacking.c.target_id)
        .join(Completion, completed)
        .where(targets.c.item_count > 1)
    )


def _booked(lacking: CTE) -> Select[Any]:
    """The items that seats held will meet, a row each."""
    meeting = inline.table("meeting", "target_id", "training_session_id", "position")
    held = and_(
        meeting.c.training_session_id == Enrolment.training_session_id,
        meeting.c.target_id == lacking.c.target_id,
    )
    return (
        select(*lacking.c, bit(meeting.c.position))
        .join(Enrolment, Enrolment.person_id == lacking.c.person_id)
        .join(meeting, held)
        .where(is_held())
    )
