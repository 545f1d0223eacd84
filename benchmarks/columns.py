"""The spans in DuckDB: what a columnar scan of them takes is the limit the ledger is held against.

Each question counts people by state for a programme's targets on the same days and units as the
product's question does.
"""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from flask import Flask
from sqlalchemy import text

from hrtrain.core.db import db

TABLES = {
    "span": "SELECT person_id, measure_id, unit_id, starts, ends, state FROM coverage_span",
    "link": "SELECT ancestor_id, descendant_id, starts, ends FROM unit_closure",
}


class Columns:
    """The spans of a country as columns in memory."""

    def __init__(self, app: Flask, programme: str, folder: Path) -> None:
        self.duck = duckdb.connect()
        with app.app_context():
            for name, statement in TABLES.items():
                self._load(name, statement, folder / f"{name}.csv")
            of_programme = text(
                "SELECT m.id FROM coverage_measure m JOIN programme p ON p.id = m.programme_id "
                "WHERE p.key = :key AND m.target_id <> 0 AND m.item = ''"
            )
            ids = db.session.scalars(of_programme, {"key": programme}).all()
            db.session.remove()
        self.measures = ", ".join(str(number) for number in ids)

    def _load(self, name: str, statement: str, path: Path) -> None:
        with db.engine.connect() as connection, path.open("w", newline="") as file:
            rows = connection.execution_options(stream_results=True).execute(text(statement))
            writer = csv.writer(file)
            writer.writerow(rows.keys())
            for some in rows.partitions(50_000):
                writer.writerows(some)
        self.duck.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}')")
        path.unlink()

    def whole(self, day: date) -> list[Any]:
        """Everywhere."""
        return self._ask(
            "SELECT measure_id, state, count(*) FROM span "
            f"WHERE {self._on(day)} GROUP BY measure_id, state"
        )

    def below(self, day: date, unit_ids: Sequence[int]) -> list[Any]:
        """For each of the units with all below it."""
        number, chosen = day.toordinal(), ", ".join(map(str, unit_ids))
        return self._ask(
            "SELECT ancestor_id, measure_id, state, count(*) FROM span "
            f"JOIN (SELECT ancestor_id, descendant_id FROM link WHERE ancestor_id IN ({chosen}) "
            f"AND starts <= {number} AND ends > {number}) ON descendant_id = unit_id "
            f"WHERE {self._on(day)} GROUP BY ancestor_id, measure_id, state"
        )

    def through(self, days: Sequence[date]) -> list[Any]:
        """Everywhere, on several days: begun less ended, the quickest of five ways tried."""
        numbers, last = [day.toordinal() for day in days], max(days).toordinal()
        marks = ", ".join(f"({number})" for number in numbers)
        edges = " UNION ALL ".join(
            f"SELECT measure_id, state, {bound} AS day, {sign}count(*) AS people FROM span "
            f"WHERE measure_id IN ({self.measures}) AND {bound} <= {last} GROUP BY ALL"
            for bound, sign in (("starts", ""), ("ends", "-"))
        )
        return self._ask(
            f"SELECT asked.day, measure_id, state, sum(people) FROM ({edges}) AS edge "
            f"JOIN (VALUES {marks}) AS asked (day) ON edge.day <= asked.day GROUP BY ALL"
        )

    def _on(self, day: date) -> str:
        number = day.toordinal()
        return f"measure_id IN ({self.measures}) AND starts <= {number} AND ends > {number}"

    def _ask(self, statement: str) -> list[Any]:
        return self.duck.execute(statement).fetchall()
