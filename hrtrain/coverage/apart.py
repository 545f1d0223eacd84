"""Targets that ask for several items: each item's own figures beside the whole's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.derived.reading import counts_at
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.tables import measure
from hrtrain.coverage.queries import (
    Counted,
    Look,
    Question,
    RowUnit,
    counted_live,
    looks_of,
    settled,
    standing_of,
)
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.states import items_of


@dataclass(frozen=True)
class Item:
    """One item of a target, and the figures there would be if nothing else were asked."""

    name: str
    standing: Standing


Apart = dict[tuple[str, str], list[Item]]
"""Items by programme and group, only for targets that ask for two or more on the day."""


def apart(question: Question, *, plans: Plans | None = None) -> Apart:
    """Each item's own figures, where a target asks for several: one statement for all."""
    plans = plans or read_plans(question.programme)
    is_ledgered = question.known_at is None and is_ready()
    question = replace(settled(question), by="group")
    if not any(len({row.item for row in rows}) > 1 for rows in plans.options.values()):
        return {}
    looks = [look for look in looks_of(question, plans) if len(items_of(look.options)) > 1]
    if not looks:
        return {}
    counted = _ledgered(question, looks) if is_ledgered else _live(question, looks)
    return {
        (look.target.programme, look.target.group): [
            Item(item, standing_of(look, RowUnit(look.base_id, question.unit or "", ""), found))
            for item in items_of(look.options)
            for found in [counted.get(item, {})]
        ]
        for look in looks
    }


def _ledgered(question: Question, looks: Iterable[Look]) -> dict[str, Counted]:
    asked = select(measure.c.target_id, measure.c.item, measure.c.id).where(measure.c.item != "")
    rows = db.session.connection().execute(asked)
    measures = {(target_id, item): number for target_id, item, number in rows}
    day = question.as_of.toordinal()
    places = {
        (item, look.target.id, look.base_id): (measures[look.target.id, item], look.root_id, day)
        for look in looks
        if look.root_id is not None
        for item in items_of(look.options)
        if (look.target.id, item) in measures
    }
    counts = counts_at(set(places.values()))
    found: dict[str, Counted] = {}
    for (item, target_id, base_id), place in places.items():
        if place in counts:
            found.setdefault(item, {})[target_id, base_id] = counts[place]
    return found


def _live(question: Question, looks: list[Look]) -> dict[str, Counted]:
    """Counted from the facts, an item at a time: the count knows a target once."""
    found: dict[str, Counted] = {}
    for item in dict.fromkeys(item for look in looks for item in items_of(look.options)):
        alone = [
            replace(look, options=[option for option in look.options if option.item == item])
            for look in looks
        ]
        found[item] = counted_live(question, alone)
    return found
