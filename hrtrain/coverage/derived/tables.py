"""The derived tables of coverage. Days are numbers (`date.toordinal`), periods half-open.

No foreign keys: whatever is here may be dropped at any time and made anew from the facts.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hrtrain.core.db import Base, Instant
from hrtrain.core.derived import DERIVED
from hrtrain.coverage.spans import SHARED

COUNTERS = (
    "in_scope",
    "exempt",
    "in_grace",
    "trained",
    "unnamed",
    "unconfirmed",
    "unsure",
    "no_birth",
    "no_identity",
    "no_evidence",
)
"""The figures, then what they are to be trusted less for: people at unconfirmed units, and people
with each of the gaps (`coverage.gaps`)."""
OWN, BELOW = 0, 1
EVERYWHERE = 0
"""The unit that is above all; no unit has this id."""

measure = Table(
    "coverage_measure",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("programme_id", Integer, nullable=False),
    Column("target_id", Integer, nullable=False),
    Column("item", String(120), nullable=False),
    Column("group_id", Integer, nullable=False),
    Column("rule", Text, nullable=False),
    UniqueConstraint("programme_id", "target_id", "item"),
    info=DERIVED,
)
"""What is counted: a target (no item), one item of it apart, or (target 0) a programme's people.

``rule`` is what its spans were computed by, as text: another text, other spans.
"""

span = Table(
    "coverage_span",
    Base.metadata,
    Column("person_id", Integer, primary_key=True, autoincrement=False),
    Column("measure_id", Integer, primary_key=True, autoincrement=False),
    Column("starts", Integer, primary_key=True, autoincrement=False),
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("ends", Integer, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("gaps", SmallInteger, nullable=False),
    Index("ix_coverage_span_unit", "measure_id", "unit_id", "state", "starts", "ends", "person_id"),
    Index(
        "ix_coverage_span_shared",
        "measure_id",
        "starts",
        sqlite_where=text(f"state > {SHARED}"),
        postgresql_where=text(f"state > {SHARED}"),
    ),
    Index(
        "ix_coverage_span_gaps",
        *("measure_id", "unit_id", "starts", "ends", "gaps", "person_id"),
        sqlite_where=text("gaps > 0"),
        postgresql_where=text("gaps > 0"),
    ),
    info=DERIVED,
    sqlite_with_rowid=False,
)
"""Days ``[starts, ends)`` on which a person is at a unit in a state (`coverage.spans`)."""

ledger = Table(
    "coverage_ledger",
    Base.metadata,
    Column("measure_id", Integer, primary_key=True, autoincrement=False),
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("part", SmallInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Integer, nullable=False) for name in COUNTERS),
    info=DERIVED,
    sqlite_with_rowid=False,
)
"""Counts from a day on until the next row's: of the unit itself (`OWN`), of all below (`BELOW`)."""

pending = Table(
    "coverage_pending",
    Base.metadata,
    Column("measure_id", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    *(Column(name, Integer, nullable=False) for name in COUNTERS),
    info=DERIVED,
)
"""PostgreSQL's only: changes of units' own counts that are not yet summed up in those above."""

state = Table(
    "coverage_state",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("rule_version", Integer, nullable=False),
    Column("is_built", Boolean, nullable=False),
    Column("valid_until", Instant),
    Column("checked_at", Instant),
    Column("alarm", Text, nullable=False),
    info=DERIVED,
)
"""One row: whether the tables hold, until which instant (when facts dated ahead become known),
and what the last verification found."""
