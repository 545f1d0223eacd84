"""A tiny country: a top unit with two below, one group, one programme that asks one course."""

from datetime import date
from typing import Any

from hrtrain.people.models import Person
from hrtrain.training.models import Completion
from tests import makers


class Tiny:
    """Its parts, and makers of what happens in it."""

    def __init__(self, percent: int | None = 100) -> None:
        top = makers.unit("top")
        self.units = {"top": top} | {key: makers.unit(key, under=top) for key in ("left", "right")}
        self.group, self.course = makers.group("officers"), makers.course()
        self.plan = makers.programme("plan", authority_unit_id=top.id)
        makers.target(self.plan, self.group, percent)
        makers.requirement(self.plan, self.group, self.course)

    def member(self, unit: str, **more: Any) -> Person:
        """A member of the group at the unit since 2020, with a name only."""
        who = makers.person(**more)
        makers.membership(who, self.group, self.units[unit])
        return who

    def completed(self, who: Person, **more: Any) -> Completion:
        """A completion of the course on 01/01/2026 without any evidence."""
        on = more.pop("completed_on", date(2026, 1, 1))
        return makers.completion(who, self.course, on, **more)
