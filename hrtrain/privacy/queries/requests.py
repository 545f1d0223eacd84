"""Questions about requests: one by key, a person's, those that are due. Read only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.people.matching import is_seen
from hrtrain.privacy.models import SubjectRequest
from hrtrain.privacy.rules import OPEN_STATES, Due, RequestState, next_due
from hrtrain.units.scope import Scope

_is_open = SubjectRequest.state.in_(OPEN_STATES)
# The day by which the next step is due; closed requests come last.
_due = case(
    (SubjectRequest.state == RequestState.RECEIVED, SubjectRequest.acknowledge_by),
    else_=SubjectRequest.answer_by,
)
# Closed requests sort behind every open one, whatever their days.
_rank = case((_is_open, 0), else_=1)


@dataclass(frozen=True)
class RequestRow:
    """A request in a list, with what is due next."""

    request: SubjectRequest
    due: Due | None

    @property
    def person_id(self) -> int:
        """Whose request it is."""
        return self.request.person_id


@dataclass(frozen=True)
class RequestCounts:
    """How many requests are open, and how many of these late."""

    open: int = 0
    overdue: int = 0


def find_request(key: str) -> SubjectRequest | None:
    """The request of this key, whoever asks."""
    return db.session.scalar(select(SubjectRequest).where(SubjectRequest.key == key))


def due_of(request: SubjectRequest, today: date) -> Due | None:
    """What is due next about it."""
    state = RequestState(request.state)
    return next_due(state, request.acknowledge_by, request.answer_by, today)


def requests_of(person_ids: Collection[int], today: date) -> list[RequestRow]:
    """A person's requests, the newest first."""
    asked = (
        select(SubjectRequest)
        .options(joinedload(SubjectRequest.person))
        .where(SubjectRequest.person_id.in_(person_ids))
        .order_by(SubjectRequest.id.desc())
    )
    return [RequestRow(one, due_of(one, today)) for one in db.session.scalars(asked)]


def request_page(scope: Scope, which: str, today: date, after: str | None) -> Page[RequestRow]:
    """Requests of people in scope: open ones by what is due first, overdue on top, then closed.

    ``which`` is ``open``, ``overdue``, ``closed`` or empty for all.
    """
    conditions = [_in_scope(scope, today), *_which(which, today)]
    asked = _ordered(conditions).add_columns(_rank, _due).limit(SIZE + 1)
    if place := read_cursor(after, int, str, int):
        asked = asked.where(_beyond(place))
    found = db.session.execute(asked).all()
    total = db.session.scalar(select(func.count(SubjectRequest.id)).where(*conditions))
    rows = [RequestRow(row[0], due_of(row[0], today)) for row in found]
    places = {row[0].id: (row[1], row[2].isoformat(), row[0].id) for row in found}
    return page_of(rows, lambda row: places[row.request.id], total=total)


def open_requests(today: date) -> list[RequestRow]:
    """Every open request by what is due first, whoever it concerns: the operator's list."""
    found = db.session.scalars(_ordered([_is_open]))
    return [RequestRow(one, due_of(one, today)) for one in found]


def request_counts(scope: Scope, today: date) -> RequestCounts:
    """How many are open and how many late, among the people in scope: one statement."""
    late = func.sum(case((_due < today, 1), else_=0))
    asked = select(func.count(SubjectRequest.id), late).where(_is_open, _in_scope(scope, today))
    count, overdue = db.session.execute(asked).one()
    return RequestCounts(count, int(overdue or 0))


def _ordered(conditions: Collection[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(SubjectRequest)
        .options(joinedload(SubjectRequest.person))
        .where(*conditions)
        .order_by(_rank, _due, SubjectRequest.id)
    )


def _in_scope(scope: Scope, today: date) -> ColumnElement[bool]:
    return is_seen(SubjectRequest.person_id, scope, today)


def _which(which: str, today: date) -> list[ColumnElement[bool]]:
    known: dict[str, list[ColumnElement[bool]]] = {
        "open": [_is_open],
        "overdue": [_is_open, _due < today],
        "closed": [~_is_open],
    }
    return known.get(which, [])


def _beyond(place: Any) -> ColumnElement[bool]:
    rank, day, row_id = place[0], _day_of(place[1]), place[2]
    later = _due > day
    return or_(
        rank < _rank,
        (rank == _rank) & later,
        (rank == _rank) & (day == _due) & (SubjectRequest.id > row_id),
    )


def _day_of(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.today()
