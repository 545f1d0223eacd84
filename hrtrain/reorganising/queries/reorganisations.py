"""Reorganisations found and listed, the newest first."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, tuple_

from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.reorganising.models import Reorganisation
from hrtrain.units.models import Unit


def find_reorganisation(key: str) -> Reorganisation | None:
    """The reorganisation of this key, whoever asks."""
    return db.session.scalar(select(Reorganisation).where(Reorganisation.key == key))


def act_of(plan: Reorganisation) -> Act | None:
    """The act that did the plan; None while it is only entered."""
    return db.session.get(Act, plan.act_id) if plan.act_id else None


def done_already(plan: Reorganisation) -> bool:
    """Whether another reorganisation did the very same, and was not undone."""
    same = (
        select(Reorganisation.id)
        .join(Act, Act.id == Reorganisation.act_id)
        .where(Reorganisation.digest == plan.digest, Act.undone_at.is_(None))
    )
    return db.session.scalar(same.limit(1)) is not None


def reorganisation_page(made_by_id: int | None, after: str | None) -> Page[Any]:
    """Reorganisations with their acts, of one user's making or all, the latest day first."""
    asked = (
        select(Reorganisation, Act)
        .outerjoin(Act, Act.id == Reorganisation.act_id)
        .order_by(Reorganisation.effective_on.desc(), Reorganisation.id.desc())
    )
    if made_by_id is not None:
        asked = asked.where(Reorganisation.made_by_id == made_by_id)
    place = read_cursor(after, int)
    if place:
        last = db.session.get(Reorganisation, place[0])
        if last is not None:
            columns = tuple_(Reorganisation.effective_on, Reorganisation.id)
            asked = asked.where(columns < (last.effective_on, last.id))
    rows = db.session.execute(asked.limit(SIZE + 1)).all()
    return page_of(rows, lambda row: (row[0].id,))


def units_by_key(keys: Iterable[str]) -> dict[str, Unit]:
    """The units of these keys, those set aside left out."""
    wanted = list(keys)
    found: dict[str, Unit] = {}
    for start in range(0, len(wanted), 5000):
        some = Unit.key.in_(wanted[start : start + 5000])
        found |= {unit.key: unit for unit in db.session.scalars(select(Unit).where(some))}
    return {key: unit for key, unit in found.items() if not unit.is_set_aside}
