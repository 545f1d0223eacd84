"""The people a target still misses, offered for a session; coverage counts them, not we."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hrtrain.core.paging import Page
from hrtrain.coverage.asked import PlanTarget, read_plans
from hrtrain.coverage.names import Named, people_behind
from hrtrain.coverage.queries import Question
from hrtrain.coverage.states import Reason, State
from hrtrain.coverage.words import REASONS, STATES
from hrtrain.training.models import TrainingSession
from hrtrain.training.queries.enrolments import PAGE, Candidate, candidates, people_of_keys
from hrtrain.training.views.answers import asked_unit
from hrtrain.units.queries import path_of
from hrtrain.units.scope import Scope, within

NOT_TRAINED = (State.UNTRAINED, State.IN_GRACE)


@dataclass(frozen=True)
class Missing:
    """A page of people not trained yet for the chosen target, and why by person key."""

    choices: list[tuple[str, str]]
    chosen: str
    page: Page[Candidate]
    reasons: dict[str, str]


def missing_for(
    session: TrainingSession, asked: Mapping[str, str], scope: Scope, today: date
) -> Missing:
    """Who of the scope the asked target misses today; at first a target that asks this course.

    Refuses a unit that is unknown or out of scope.
    """
    targets = _targets(session, today)
    chosen = {str(target.id): target for target in targets}.get(asked.get("target", ""))
    if chosen is None and targets and not asked.get("target"):
        chosen = targets[0]
    choices = [(str(one.id), f"{one.group_name} · {one.programme_title}") for one in targets]
    if chosen is None:
        return Missing(choices, "", Page([], total=0), {})
    unit = asked_unit(asked.get("unit", ""), scope)
    question = Question(chosen.programme, today, unit.key if unit else None, chosen.group)
    found = people_behind(
        question, NOT_TRAINED, within=within(scope, today), after=asked.get("after"), size=PAGE
    )
    people = people_of_keys([one.key for one in found.rows], None)
    page = Page(candidates(session, people), found.after, found.total)
    reasons = {one.key: _reason(one) for one in found.rows}
    return Missing(choices, str(chosen.id), page, reasons)


def _targets(session: TrainingSession, today: date) -> list[PlanTarget]:
    """All targets; first those naming the session's course, of the smallest area around it."""
    plans = read_plans()
    options = plans.options
    around: list[int | None] = [
        session.unit_id,
        *(one.id for one in reversed(path_of(session.unit, today))),
    ]

    def distance(target: PlanTarget) -> tuple[bool, int]:
        rows = options.get((target.programme_id, target.group_id), [])
        names_others = all(row.course_id != session.course_id for row in rows)
        scope = target.scope_id
        return names_others, around.index(scope) if scope in around else len(around)

    return sorted(plans.targets_of(None, None), key=distance)


def _reason(one: Named) -> str:
    """Why the person is not trained yet; items are named when only some of them are missing."""
    if one.reason is Reason.ITEM_MISSING:
        return f"{REASONS[one.reason]}: {', '.join(one.missing)}"
    return str(REASONS[one.reason] if one.reason else STATES[one.state])
