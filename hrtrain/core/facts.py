"""Facts are recorded and retracted, never overwritten (`docs/coverage.md`, two clocks)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, inspect, or_

from hrtrain.core import clock
from hrtrain.core.db import Fact, db, lock
from hrtrain.core.errors import Stale
from hrtrain.core.language import gettext as _

F = TypeVar("F", bound=Fact)
_OWN = frozenset({"id", "recorded_at", "retracted_at"})


def retract(fact: Fact, at: datetime | None = None) -> None:
    """From the instant on the fact is no longer known; nothing else of it changes.

    Of two who retract or restate the same fact at a time the second is refused (409).
    """
    lock(fact)
    if fact.retracted_at is not None:
        raise Stale(_("Có người khác vừa sửa mục này. Hãy xem lại bản mới rồi sửa tiếp."))
    fact.retracted_at = at or clock.now()
    # The row that takes its place may come in the same flush, where inserts go before updates.
    db.session.flush()


def restate(fact: F, *, at: datetime | None = None, **changes: Any) -> F:
    """Retract the fact and record it anew, changed, at the same instant."""
    at = at or clock.now()
    retract(fact, at)
    kept = {name: getattr(fact, name) for name in _columns(fact) if name not in _OWN}
    anew = type(fact)(**{**kept, **changes, "recorded_at": at})
    db.session.add(anew)
    db.session.flush()
    return anew


def dated_ahead(table: Any) -> ColumnElement[bool]:
    """SQL: a package brought it to be known, or no longer known, from an instant still to come."""
    soon = clock.now() + clock.SKEW
    return or_(table.recorded_at > soon, table.retracted_at > soon)


def _columns(fact: Fact) -> Iterable[str]:
    return [column.key for column in inspect(type(fact)).column_attrs]
