"""One person's history for each target that ever counts the person, as known at an instant."""

from dataclasses import dataclass
from datetime import datetime

from hrtrain.core import clock
from hrtrain.coverage.asked import PlanTarget, read_plans
from hrtrain.coverage.strip import Piece, pieces_of
from hrtrain.coverage.strip_facts import Facts, history_of, read_facts
from hrtrain.people.models import Person


@dataclass(frozen=True)
class PersonStrip:
    """A target, the pieces of the person's history for it, and the facts they speak of."""

    target: PlanTarget
    pieces: list[Piece]
    facts: Facts


def strips_of(person: Person, known_at: datetime | None = None) -> list[PersonStrip]:
    """The person's histories, by programme and group codes; none where nothing ever counts."""
    facts = read_facts(person, known_at or clock.now())
    if not facts.stays:
        return []
    plans = read_plans()
    targets = [one for one in plans.targets_of(None, None) if one.group_id in facts.stays]
    strips = [PersonStrip(one, pieces_of(history_of(one, facts, plans)), facts) for one in targets]
    return [strip for strip in strips if strip.pieces]
