"""Writers for tests with real processes and threads: each act reads what it needs and commits."""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from hrtrain.cli.upkeep import look_after
from hrtrain.core import facts
from hrtrain.core.db import db, one_snapshot
from hrtrain.core.derived import touched
from hrtrain.core.errors import Refusal, Stale
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.coverage.derived.verifying import verify
from hrtrain.coverage.models import Exemption, Target
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.training.models import Completion, Course
from hrtrain.units.models import Unit, UnitParent
from tests.queries.histories import FIRST_DAY, TIERS

Act = Callable[[random.Random], None]


def _any(dice: random.Random, model: Any, *where: Any) -> Any:
    """A row by chance; None where there is none."""
    ids = db.session.scalars(select(model.id).where(*where).order_by(model.id)).all()
    return db.session.get(model, dice.choice(ids)) if ids else None


def _known(dice: random.Random, model: Any, *where: Any) -> Any:
    return _any(dice, model, model.retracted_at.is_(None), *where)


def _day(dice: random.Random) -> date:
    return FIRST_DAY + timedelta(days=dice.randint(1, 14))


def complete(dice: random.Random, person_id: int | None = None) -> None:
    person_id = person_id or _any(dice, Person).id
    course = _any(dice, Course)
    made = Completion(person_id=person_id, course_id=course.id, completed_on=_day(dice))
    db.session.add(made)
    db.session.commit()


def revoke(dice: random.Random) -> None:
    row = _known(dice, Completion)
    if row is not None:
        facts.restate(row, revoked_from=_day(dice))
    db.session.commit()


def exempt(dice: random.Random, person_id: int | None = None) -> None:
    target, start = _any(dice, Target), _day(dice)
    row = Exemption(
        person_id=person_id or _any(dice, Person).id,
        programme_id=target.programme_id,
        group_id=target.group_id,
        starts_on=start,
        ends_on=start + timedelta(days=dice.randint(1, 5)),
    )
    db.session.add(row)
    db.session.commit()


def move(dice: random.Random, person_id: int | None = None) -> None:
    """To another unit from a day of the membership on."""
    mine = () if person_id is None else (Membership.person_id == person_id,)
    row = _known(dice, Membership, *mine)
    day = _day(dice)
    if row is not None and row.starts_on < day and (row.ends_on is None or day < row.ends_on):
        who = {"person_id": row.person_id, "group_id": row.group_id, "ends_on": row.ends_on}
        facts.restate(row, ends_on=day)
        unit = _any(dice, Unit)
        db.session.add(Membership(**who, unit_id=unit.id, starts_on=day))
    db.session.commit()


def declare(dice: random.Random) -> None:
    row = _known(dice, Headcount)
    if row is None:
        unit, group = _any(dice, Unit), _any(dice, CadreGroup)
        db.session.add(Headcount(unit_id=unit.id, group_id=group.id, declared=2))
    else:
        facts.restate(row, declared=dice.randint(0, 4))
    db.session.commit()


def move_unit(dice: random.Random) -> None:
    """The unit lies below nothing from a day on, or again below what it lay below."""
    row = _known(dice, UnitParent)
    if row is not None:
        day = _day(dice)
        is_cut = row.ends_on is None and (row.starts_on is None or row.starts_on < day)
        later = row.starts_on is None or row.ends_on is None or row.ends_on > row.starts_on
        facts.restate(row, ends_on=day if is_cut else row.ends_on if later else None)
    db.session.commit()


def retype(dice: random.Random) -> None:
    _any(dice, Unit).tier = dice.choice(TIERS)
    db.session.commit()


def change_target(dice: random.Random) -> None:
    _any(dice, Target).grace_days = dice.randint(0, 4)
    db.session.commit()


def rebuild_all(dice: random.Random) -> None:
    rebuild()
    db.session.commit()


def see_to_it(dice: random.Random) -> None:
    """What the worker does between jobs."""
    look_after()


ABOUT_PEOPLE: Sequence[Act] = (complete, complete, revoke, exempt, move, move, declare)
ALL: Sequence[Act] = (*ABOUT_PEOPLE, move_unit, retype, change_target)


def any_act(acts: Sequence[Act]) -> Act:
    return lambda dice: dice.choice(acts)(dice)


def write_for_ever(seed: int, acts: Sequence[Act]) -> None:
    """What a child process does until it is killed."""
    dice = random.Random(seed)
    while True:
        attempt(any_act(acts), dice)


def attempt(act: Act, dice: random.Random) -> None:
    """The act, or nothing where another came first."""
    try:
        act(dice)
    except (Stale, Refusal):
        db.session.rollback()


def at_once(app: Flask, acts: Sequence[Act], seed: int, times: int = 1) -> None:
    """Each act in a thread of its own, all begun together; what one raises is raised here."""
    ready = threading.Barrier(len(acts))
    raised: list[BaseException] = []

    def run(number: int, act: Act) -> None:
        dice = random.Random(seed * 1000 + number)
        try:
            with app.app_context():
                ready.wait(30)
                for _each in range(times):
                    attempt(act, dice)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if raised:
        raise raised[0]


def differences() -> list[str]:
    """What differs between facts and derived tables, and what was left to do."""
    db.session.rollback()
    with one_snapshot():
        left = db.session.scalar(select(func.count()).select_from(touched))
        found = verify().differences
    return found + ([f"{left} touched rows are left"] if left else [])
