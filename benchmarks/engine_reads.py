"""Questions: the ledger beside a columnar scan, beside the live count, and how its cost grows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from math import log
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from benchmarks.columns import Columns
from benchmarks.country import LOCAL_PLAN as PROVINCE
from benchmarks.timing import Act, Line, asking, interleaved
from hrtrain.core.db import db
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.reading import counts_with_below
from hrtrain.coverage.drawing import month_ends
from hrtrain.coverage.models import Programme, Target
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.trends import trend
from hrtrain.units.models import Unit
from hrtrain.units.queries import children_of

PROGRAMME, DAY = "plan1", date(2026, 6, 30)
MONTHS = month_ends(DAY, 24)
# The goals of shared/engine.md's last table: against DuckDB.
QUESTIONS = {"nation": 0.05, "provinces": 0.15, "a province's communes": 0.5, "24 month-ends": 0.05}
LIVE_GOALS = {"nation": 1 / 1000, "a province's communes": 1 / 10}
GROWTH_GOAL = 0.15
ROUNDS, LIVE_ROUNDS = 15, 3


@dataclass(frozen=True)
class Places:
    """The numbers the ledger is asked by."""

    measures: tuple[int, ...]
    nation: int
    provinces: tuple[int, ...]
    communes: tuple[int, ...]


def places_of(app: Flask) -> Places:
    """The programme's targets, the nation, its provinces and one province's communes."""
    with asking(app):
        targets = select(Target.id).join(Programme).where(Programme.key == PROGRAMME)
        numbers = measure_ids()
        nation = db.session.scalars(select(Unit).where(Unit.key == "vn")).one()
        province = db.session.scalars(select(Unit).where(Unit.key == PROVINCE)).one()
        return Places(
            tuple(numbers[target] for target in db.session.scalars(targets)),
            nation.id,
            tuple(unit.id for unit in children_of(nation, DAY)),
            tuple(unit.id for unit in children_of(province, DAY)),
        )


def ledger_acts(places: Places) -> dict[str, Act]:
    """Each question as the ledger is asked: counts alone, without names of units and targets."""
    day, months = [DAY.toordinal()], [one.toordinal() for one in MONTHS]
    ask = partial(counts_with_below, places.measures)
    return {
        "nation": lambda: ask([places.nation], day),
        "provinces": lambda: ask(places.provinces, day),
        "a province's communes": lambda: ask(places.communes, day),
        "24 month-ends": lambda: ask([places.nation], months),
    }


def column_acts(places: Places, columns: Columns) -> dict[str, Act]:
    """The same, of DuckDB."""
    return {
        "nation": lambda: columns.whole(DAY),
        "provinces": lambda: columns.below(DAY, places.provinces),
        "a province's communes": lambda: columns.below(DAY, places.communes),
        "24 month-ends": lambda: columns.through(MONTHS),
    }


def whole_acts(known_at: datetime | None = None) -> dict[str, Act]:
    """The questions as pages ask them: standings, with names and goals."""

    def ask(**more: str) -> Callable[[], list[Standing]]:
        question = Question(PROGRAMME, DAY, known_at=known_at, **more)  # type: ignore[arg-type]
        return lambda: standings(question)

    return {
        "nation": ask(),
        "provinces": ask(by="unit"),
        "a province's communes": ask(unit=PROVINCE, by="unit"),
        "24 month-ends": lambda: trend(Question(PROGRAMME, DAY), MONTHS),
    }


def measure_reads(small: Flask, large: Flask, sizes: tuple[int, int], folder: Path) -> list[Line]:
    """All lines about questions, taken in turns; sizes are the counts of people."""
    places, columns = places_of(large), Columns(large, PROGRAMME, folder)
    few, many = partial(asking, small), partial(asking, large)
    acts = {}
    for name, act in ledger_acts(places).items():
        acts[f"ledger {name}"] = many, act
    for name, act in ledger_acts(places_of(small)).items():
        acts[f"small {name}"] = few, act
    for name, act in column_acts(places, columns).items():
        acts[f"columns {name}"] = many, act
    for name, act in whole_acts().items():
        acts[f"whole {name}"] = many, act
        acts[f"small whole {name}"] = few, act
    found = interleaved(acts, ROUNDS)
    live = interleaved(
        {name: (many, act) for name, act in whole_acts(datetime.now(UTC)).items()
         if name in LIVE_GOALS}, LIVE_ROUNDS,
    )  # fmt: skip
    return [*_beside_columns(found), *_beside_live(found, live), *_growth(found, sizes)]


def _beside_columns(found: dict[str, float]) -> list[Line]:
    lines = []
    for name, goal in QUESTIONS.items():
        ledger, columns = found[f"ledger {name}"], found[f"columns {name}"]
        lines.append(Line(f"ledger ÷ DuckDB span scan: {name}", ledger, ledger / columns, goal))
        lines.append(Line(f"  DuckDB itself: {name}", columns, 1))
        whole = found[f"whole {name}"]
        lines.append(Line(f"  the whole question ÷ DuckDB: {name}", whole, whole / columns))
    return lines


def _beside_live(found: dict[str, float], live: dict[str, float]) -> list[Line]:
    lines = []
    for name, goal in LIVE_GOALS.items():
        ledger, counted = found[f"whole {name}"], live[name]
        lines.append(
            Line(f"whole question ÷ own live count: {name}", ledger, ledger / counted, goal)
        )
        lines.append(Line(f"  the live count itself: {name}", counted, 1))
    return lines


def _growth(found: dict[str, float], sizes: tuple[int, int]) -> list[Line]:
    few, many = sizes
    if few == many:
        return []
    lines = []
    for name in ("provinces", "24 month-ends"):
        for kind, before, after in (
            ("ledger", f"small {name}", f"ledger {name}"),
            ("whole question", f"small whole {name}", f"whole {name}"),
        ):
            exponent = log(found[after] / found[before]) / log(many / few)
            title = f"exponent {few:,} → {many:,}, {kind}: {name}"
            lines.append(Line(title, found[after], exponent, GROWTH_GOAL))
    return lines
