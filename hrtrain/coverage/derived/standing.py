"""Whether the derived tables hold, until when, and what the last verification said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.derived import touched
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.tables import state
from hrtrain.coverage.spans import RULE_VERSION

_ONLY = 1


@dataclass(frozen=True)
class State:
    """What is written about the derived tables."""

    rule_version: int
    is_built: bool
    valid_until: datetime | None
    checked_at: datetime | None
    alarm: str
    is_noted: bool

    @property
    def holds_rules(self) -> bool:
        """Whether the tables were made, by the rules this version knows."""
        return self.is_built and self.rule_version == RULE_VERSION

    def holds_at(self, now: datetime) -> bool:
        """Whether a question may be answered from the tables."""
        is_valid = self.valid_until is None or now < self.valid_until
        return self.holds_rules and is_valid and not self.is_noted


_STATE = select(
    state.c.rule_version,
    state.c.is_built,
    state.c.valid_until,
    state.c.checked_at,
    state.c.alarm,
    select(touched.c.kind).limit(1).scalar_subquery().is_not(None),
)


def read_state() -> State | None:
    """What is written; None before anything was built."""
    row = db.session.connection().execute(_STATE).first()
    return None if row is None else State(*row)


def is_ready() -> bool:
    """Whether figures as known now may be read from the derived tables."""
    found = read_state()
    return found is not None and found.holds_at(clock.now())


def note_built(horizon: Horizon) -> None:
    """The tables were made anew, as of this horizon."""
    connection = db.session.connection()
    connection.execute(delete(state))
    values = {"id": _ONLY, "rule_version": RULE_VERSION, "is_built": True, "alarm": ""}
    connection.execute(insert(state).values(**values, valid_until=horizon.valid_until))


def note_horizon(horizon: Horizon) -> None:
    """The tables hold until something dated ahead becomes known, if that is sooner."""
    until = horizon.valid_until
    if until is not None:
        sooner = or_(state.c.valid_until.is_(None), state.c.valid_until > until)
        db.session.connection().execute(update(state).where(sooner).values(valid_until=until))


def note_check(alarm: str) -> None:
    """A verification ended: with an alarm, or with none."""
    values = {"checked_at": clock.now(), "alarm": alarm}
    db.session.connection().execute(update(state).values(**values))
