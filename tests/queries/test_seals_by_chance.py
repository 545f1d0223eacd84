"""Sealed reports on random small histories: agreed with the pages' count, counted again, restated.

`queries.frozen` itself refuses figures on which the count from the facts and the standings of the
pages differ, so every seal made here is a comparison of the two.
"""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.coverage.models import Programme
from hrtrain.coverage.seals.actions import seal
from hrtrain.coverage.seals.causes import Content, Moved, Redeclared, redeclared
from hrtrain.coverage.seals.facts import Sought
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import (
    content_of,
    differences,
    first_difference,
    frozen,
    reproduced,
)
from tests.queries.brute_force import History
from tests.queries.histories import HOURS, day_of, instant_of, random_history, write
from tests.queries.test_count_by_brute_force import boundary_days

SEEDS = range(8)
STATES = ("exempt", "in_grace", "trained", "untrained")


def sealed(key: str, asked: tuple[str, int, str | None], hour: int) -> Seal | None:
    """A seal of the history; None where there is nothing to seal."""
    programme, day, unit = asked
    row = db.session.scalars(select(Programme).where(Programme.key == programme)).one()
    try:
        found = frozen(row, Sought(programme, day_of(day), unit), instant_of(hour))
    except Refusal as refusal:
        assert "không đặt chỉ tiêu" in str(refusal), refusal
        return None
    return seal(key, found, title="x", note="", by=None)


def asked_of(history: History, dice: random.Random) -> Iterator[tuple[str, int, str | None]]:
    days = boundary_days(history)
    for day in dice.sample(days, min(4, len(days))):
        yield dice.choice(history.plans).key, day, dice.choice([None, *history.units])


def total(content: Content) -> Counter[tuple[str, ...]]:
    """The figures of people and units by group and row, as the seal has them."""
    names = (*STATES, "unnamed", "units_unconfirmed")
    rows = [row for row in content["figures"] if row["by"] == "group"]
    return Counter({(row["group"], name): row[name] for row in rows for name in names})


def of_people(found: list[Moved]) -> Counter[tuple[str, ...]]:
    steps: Counter[tuple[str, ...]] = Counter()
    for one in found:
        for stand, step in ((one.before, -1), (one.after, 1)):
            if stand is not None:
                steps[one.group, stand.state.value] += step
    return steps


def of_units(found: list[Redeclared]) -> Counter[tuple[str, ...]]:
    steps: Counter[tuple[str, ...]] = Counter()
    for one in found:
        for (declared, named), step in ((one.before, -1), (one.after, 1)):
            steps[one.group, "unnamed"] += step * max(0, (declared or 0) - named)
            steps[one.group, "units_unconfirmed"] += step * (named > 0 and declared is None)
    return steps


@pytest.mark.parametrize("seed", SEEDS)
def test_seal_counts_as_the_pages_do_and_is_counted_again_to_the_byte(
    app: object, seed: int
) -> None:
    history, dice = random_history(seed), random.Random(seed)
    write(history)
    for number, asked in enumerate(asked_of(history, dice)):
        made = sealed(f"seal-{number}", asked, dice.randint(0, HOURS))
        if made is not None:
            assert first_difference(made, reproduced(made)) == ""
    db.session.rollback()


@pytest.mark.parametrize("seed", SEEDS)
def test_differences_of_people_and_units_add_up_to_those_of_the_figures(
    app: object, seed: int
) -> None:
    history, dice = random_history(seed), random.Random(seed)
    write(history)
    for number, asked in enumerate(asked_of(history, dice)):
        old, new = (sealed(f"{number}-{hour}", asked, hour) for hour in (0, HOURS))
        if old is not None and new is not None:
            check_difference(old, new)
    db.session.rollback()


def check_difference(old: Seal, new: Seal) -> None:
    before, after = content_of(old), content_of(new)
    people = [one.moved for one in differences(old, new)]
    assert {one.person for one in people} <= persons(before) | persons(after)
    left: Any = total(after)
    left.subtract(total(before))
    left.subtract(of_people(people))
    left.subtract(of_units(redeclared(before, after)))
    assert not any(left.values()), left


def persons(content: Content) -> set[str]:
    return {one["person"] for one in content["people"]}
