"""Who is trained on a day and, if nothing happens, untrained within so many days.

Read from the spans: a run of trained days, over one unit or several, that ends by then and that
untrained days follow at once. As known now only, and while the derived tables hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select, union_all

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage import count
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.tables import span
from hrtrain.coverage.names import PersonThere
from hrtrain.coverage.queries import Look, Question, looks_of, settled
from hrtrain.coverage.spans import TRAINED, UNTRAINED
from hrtrain.people.models import Person
from hrtrain.units.models import Unit, unit_closure
from hrtrain.units.queries import names_on

MOST_DAYS = 3660


@dataclass(frozen=True)
class Expiring(PersonThere):
    """A person trained on the day; ``untrained_from`` is the first day without being so."""

    untrained_from: date

    @property
    def last_day(self) -> date:
        """The last day as trained."""
        return date.fromordinal(self.untrained_from.toordinal() - 1)


def expiring_counts(
    question: Question, days: int, *, plans: Plans | None = None
) -> dict[tuple[str, str], int]:
    """How many people of each target, by programme and group: one statement for all."""
    looks = _looks(question, plans or read_plans(question.programme))
    measures = measure_ids()
    run = _run(looks)
    asked = select(run.c.measure_id, func.count()).group_by(run.c.measure_id)
    rows = db.session.connection().execute(asked, _values(looks, measures, question, days))
    counted = {row[0]: row[1] for row in rows}
    return {
        (look.target.programme, look.target.group): counted.get(measures[look.target.id], 0)
        for look in looks
        if look.target.id in measures
    }


def expiring_people(
    question: Question,
    days: int,
    *,
    within: Select[int] | None = None,
    after: str | None = None,
    size: int = SIZE,
) -> Page[Expiring]:
    """A page of the people of the question's one group, in Vietnamese order."""
    looks = _looks(question, read_plans(question.programme))
    run = _run(looks)
    asked = _people(run)
    if within is not None:
        asked = asked.where(run.c.unit_id.in_(within))
    if place := read_cursor(after, str, int):
        asked = asked.where(_comes_after(*place))
    values = _values(looks, measure_ids(), question, days)
    rows = db.session.execute(asked.limit(size + 1), values).all()
    page = page_of(rows, lambda row: (row.sort_key, row.id), size=size)
    return Page(_named(page.rows, question.as_of), page.after, page.total)


def everybody_expiring(
    question: Question, days: int, *, within: Select[int] | None = None
) -> Iterator[Expiring]:
    """All of them, for a sheet, read a thousand at a time."""
    after = None
    while True:
        page = expiring_people(question, days, within=within, after=after, size=1000)
        yield from page.rows
        after = page.after
        if after is None:
            return


def _looks(question: Question, plans: Plans) -> list[Look]:
    """Where each target is counted; refused when the spans cannot tell."""
    if question.known_at is not None:
        raise Refusal(_("Danh sách sắp hết hiệu lực chỉ có theo dữ liệu đang biết."))
    if not is_ready():
        raise Refusal(_("Số liệu đang được tính lại, hãy mở lại trang này sau ít phút."))
    looks = looks_of(settled(question), plans)
    return [look for look in looks if look.options and look.root_id is not None]


def _values(
    looks: Sequence[Look], measures: dict[int, int], question: Question, days: int
) -> dict[str, Any]:
    day = question.as_of.toordinal()
    known = [look for look in looks if look.target.id in measures]
    return {
        "asked": inline.rows((measures[one.target.id], one.root_id or 0) for one in known),
        "day": day,
        "until": min(day + days, OPEN_END - 1),
    }


def _run(looks: Sequence[Look]) -> Any:
    roots = {look.root_id == count.EVERYWHERE for look in looks}
    return _run_statement(db.engine.dialect.name, frozenset(roots or {False}))


@lru_cache
def _run_statement(dialect: str, are_everywhere: frozenset[bool]) -> Any:
    """Measure, person, unit on the day, and the first untrained day: a subquery.

    Unit by unit: the outer join, and a condition SQLite does not see through, keep it from
    reading all of a measure's spans instead. PostgreSQL knows itself which is quicker.
    """
    day, until = bindparam("day", type_=Integer), bindparam("until", type_=Integer)
    one, more, then = span.alias("one"), span.alias("more"), span.alias("then")
    asked = [_places(is_everywhere, day) for is_everywhere in sorted(are_everywhere)]
    places = (asked[0] if len(asked) == 1 else union_all(*asked)).subquery("places")
    here = (
        (one.c.measure_id == places.c.measure)
        & (one.c.unit_id == places.c.unit_id)
        & (one.c.state == TRAINED)
        & one.c.starts.between(OPEN_START, day)
        & one.c.ends.between(day + 1, until)
    )
    first = select(one.c.measure_id, one.c.person_id, one.c.unit_id, one.c.ends)
    is_somebody: ColumnElement[bool] = one.c.person_id.is_not(None)
    if dialect == "sqlite":
        is_somebody = func.coalesce(one.c.person_id, 0) > 0
    first = first.select_from(places.outerjoin(one, here)).where(is_somebody)
    run = first.cte("run", recursive=True)
    goes_on = _follows(run, more, TRAINED) & (more.c.ends <= until)
    further = select(run.c.measure_id, run.c.person_id, run.c.unit_id, more.c.ends)
    run = run.union_all(further.join(more, goes_on))
    ended = select(run).join(then, _follows(run, then, UNTRAINED))
    return ended.subquery("ended")


def _places(is_everywhere: bool, day: Any) -> Select[Any]:
    """The measures asked about, each with all units, or with those below its root on the day."""
    asked, link = inline.table("asked", "measure", "root"), unit_closure.c
    if is_everywhere:
        every = select(asked.c.measure, Unit.id.label("unit_id"))
        return every.join(Unit, asked.c.root == count.EVERYWHERE)
    below = select(asked.c.measure, link.descendant_id.label("unit_id"))
    lies_below = (link.ancestor_id == asked.c.root) & (link.starts <= day) & (link.ends > day)
    return below.join(unit_closure, lies_below)


def _follows(run: Any, after: Any, state: int) -> ColumnElement[bool]:
    """The span is of the same person and measure, begins as the run ends, and has the state."""
    return and_(
        after.c.person_id == run.c.person_id,
        after.c.measure_id == run.c.measure_id,
        after.c.starts == run.c.ends,
        after.c.state == state,
    )


def _people(run: Any) -> Select[Any]:
    return (
        select(Person.id, Person.key, Person.full_name, Person.sort_key, Person.birth_date)
        .add_columns(Person.position, run.c.unit_id, Unit.key.label("unit_key"), run.c.ends)
        .join(run, run.c.person_id == Person.id)
        .join(Unit, Unit.id == run.c.unit_id)
        .order_by(Person.sort_key, Person.id)
    )


def _comes_after(name: Any, person_id: Any) -> ColumnElement[bool]:
    return or_(Person.sort_key > name, and_(Person.sort_key == name, Person.id > person_id))


def _named(rows: Sequence[Any], day: date) -> list[Expiring]:
    names = names_on({row.unit_id for row in rows}, day) if rows else {}
    return [
        Expiring(*[*row[:6], row.unit_key, names[row.unit_id], date.fromordinal(row.ends)])
        for row in rows
    ]
