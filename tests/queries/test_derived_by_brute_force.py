"""The derived tables against an independent count, after every write, on both engines.

Half of the histories live on each engine. HISTORIES=50000 lives more of them.
"""

import os
import random

import pytest

from tests.queries import writers
from tests.queries.asking import (
    Memory,
    as_then,
    disagreements,
    memory_of,
    people_disagreements,
    questions,
    trend_disagreements,
)
from tests.queries.country import Country, lived
from tests.queries.worlds import World

HISTORIES = int(os.environ.get("HISTORIES", "5000"))
WORLDS, COMMITS, ASKED = 100, 4, 4
COUNTRIES = max(1, HISTORIES // WORLDS // 2)
FIRST = {"sqlite": 0, "postgresql": 1_000_000}


def is_in_step(country: Country, changed: list[World]) -> None:
    faults = [*country.faults(changed), *country.misread()]
    assert not faults, f"country {country.seed}: {len(faults)} differ\n{faults[0]}"


@pytest.mark.parametrize("number", range(COUNTRIES))
def test_derived_tables_say_what_counting_every_day_anew_finds(
    app: object, engine: str, number: int
) -> None:
    country, memories = Country(FIRST[engine] + number, WORLDS), dict[str, Memory]()
    dice = random.Random(number)
    watched = dice.sample(range(WORLDS), ASKED)

    def look(country: Country, changed: list[World]) -> None:
        is_in_step(country, changed)
        world = country.worlds[dice.choice(watched)]
        answers_are_right(world, dice)
        if not country.is_previewing:
            memories[world.name] = memory_of(world)

    lived(country, COMMITS, look)
    for one in watched:
        world = country.worlds[one]
        answers_of_then_are_right(world, memories.get(world.name), dice)
        trends_and_people_are_right(world, dice)
    assert writers.differences() == []


def answers_are_right(world: World, dice: random.Random) -> None:
    """As known now: out of the ledger."""
    wrong = list(disagreements(world.history(), questions(world, dice, 4), None))
    assert not wrong, wrong[0]


def trends_and_people_are_right(world: World, dice: random.Random) -> None:
    """Out of the tables: many days at once, and people counted once in a programme."""
    wrong = list(trend_disagreements(world.history(), questions(world, dice, 2)))
    wrong += people_disagreements(world.history(), questions(world, dice, 4), None)
    assert not wrong, wrong[0]


def answers_of_then_are_right(world: World, memory: Memory | None, dice: random.Random) -> None:
    """As known at an instant of the world's life: out of the facts."""
    # What is written over by hand was never known otherwise.
    if memory is not None and "void_by_hand" not in world.told:
        then = as_then(world, memory)
        wrong = list(disagreements(then, questions(world, dice, 4), memory.at))
        wrong += people_disagreements(then, questions(world, dice, 2), memory.at)
        assert not wrong, wrong[0]
