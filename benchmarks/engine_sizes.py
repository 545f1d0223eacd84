"""Bytes of the derived tables beside the facts', and what making and checking them takes."""

import os
from datetime import date

from flask import Flask
from sqlalchemy import text

from benchmarks.timing import Line, took
from hrtrain.core.db import Base, db, one_snapshot
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.coverage.derived.verifying import spot_check

DAY = date(2026, 6, 30)
BYTES_GOAL = {"sqlite": 0.8, "postgresql": 1.3}
REBUILD_SECONDS, VERIFY_SECONDS = 60, 5
FACTS = (
    *("person", "membership", "completion", "exemption", "headcount", "course", "cadre_group"),
    *("unit", "unit_name", "unit_code", "unit_parent", "unit_succession"),
    *("programme", "target", "requirement_option"),
)
_ON_SQLITE = """SELECT t.tbl_name, sum(s.pgsize) FROM dbstat s
    JOIN sqlite_master t ON t.name = s.name GROUP BY t.tbl_name"""
_ON_POSTGRESQL = """SELECT relname, pg_total_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"""


def measure_sizes(app: Flask, people: int) -> list[Line]:
    """The lines about bytes, rebuilding and verifying."""
    with app.app_context():
        engine = db.engine.dialect.name
        bytes_of = table_bytes()
        made = took(_rebuild)
        checked = took(_check)
    kept = sum(bytes_of[name] for name in FACTS)
    apart = kept - bytes_of["person"]
    more = sum(bytes_of[table.name] for table in Base.metadata.sorted_tables
               if table.info.get("derived"))  # fmt: skip
    per_million = made / people * 1e6
    return [
        Line("derived ÷ facts, bytes", None, more / kept, BYTES_GOAL[engine]),
        Line("  the same, people's own rows left out of the facts", None, more / apart),
        Line("  derived, MB", None, more / 1e6),
        *(Line(f"    {name}, MB", None, bytes_of[name] / 1e6)
          for name in ("coverage_span", "coverage_ledger", "unit_closure")),
        Line("  facts, MB", None, kept / 1e6),
        Line("rebuild, seconds for 1,000,000 people", made, per_million / 1000, REBUILD_SECONDS),
        Line("nightly verify, seconds", checked, checked / 1000, VERIFY_SECONDS),
    ]  # fmt: skip


def _rebuild() -> None:
    """As `flask coverage rebuild` does it."""
    rebuild(processes=os.cpu_count() or 1)
    db.session.commit()


def _check() -> None:
    """What the worker does by itself: people by chance, and every cell of one day."""
    with one_snapshot():
        looked = spot_check(DAY)
    assert not looked.differences, looked.differences[:3]


def table_bytes() -> dict[str, int]:
    """How many bytes each table takes with its indexes."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    rows = db.session.execute(text(_ON_SQLITE if is_sqlite else _ON_POSTGRESQL))
    return {name: int(size) for name, size in rows}
