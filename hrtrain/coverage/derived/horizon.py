"""What is known now, and until when that holds.

A package may bring facts that are to be known, or retracted, at an instant still to come. The
derived tables then hold until the first such instant; after it, until they are made anew,
questions are counted from the facts.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from hrtrain.core import clock
from hrtrain.core.db import Fact, db


class Horizon:
    """The present instant, and the first one to come at which something else is known."""

    def __init__(self, now: datetime) -> None:
        self.now = now + clock.SKEW
        self.valid_until: datetime | None = None

    def knows(self, recorded_at: datetime, retracted_at: datetime | None) -> bool:
        """Whether a fact with these instants is known now; notes the instant if that changes."""
        if retracted_at is not None and retracted_at <= self.now:
            return False
        if recorded_at > self.now:
            self.note(recorded_at)
            return False
        if retracted_at is not None:
            self.note(retracted_at)
        return True

    def note(self, instant: datetime) -> None:
        """Something else is known from this instant on."""
        if self.valid_until is None or instant < self.valid_until:
            self.valid_until = instant

    def is_known(self, fact: type[Fact]) -> ColumnElement[bool]:
        """SQL: of the facts worth reading, those known now."""
        return fact.recorded_at <= self.now

    def changes_at(self, fact: type[Fact]) -> ColumnElement[datetime]:
        """SQL: the instant to come at which a fact worth reading is known, or no longer is."""
        return case((fact.recorded_at > self.now, fact.recorded_at), else_=fact.retracted_at)

    def worth_reading(self, fact: type[Fact]) -> ColumnElement[bool]:
        """SQL: all but the facts retracted by now."""
        return fact.retracted_at.is_(None) | (fact.retracted_at > self.now)

    def look_ahead(self, fact: type[Fact]) -> None:
        """Note the first instant at which a row of this kind becomes known or is retracted."""
        for column in (fact.recorded_at, fact.retracted_at):
            instant = db.session.scalar(select(func.min(column)).where(column > self.now))
            if instant is not None:
                self.note(instant)
