"""Tables of bulk work: a job and its items."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.core import clock
from hrtrain.core.db import Instant, Key, Model, PrimaryKey

UNFINISHED = text("once <> '' AND state IN ('waiting', 'running')")


class Job(Model):
    """A piece of bulk work. ``state`` is waiting, running, done or failed.

    The worker named by ``lease_holder`` works on it until ``lease_ends_at``; then another may.
    Of several jobs with one ``once`` at most one is unfinished, so a double click makes one job.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("ix_job_state", "state"),
        Index(
            "uq_job_once",
            "once",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    error: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[int] = mapped_column(default=0)
    once: Mapped[str] = mapped_column(String(120), default="")
    lease_holder: Mapped[str] = mapped_column(String(40), default="")
    lease_ends_at: Mapped[datetime | None] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class JobItem(Model):
    """One unit of a job's work: done in the same transaction that does it, so never twice.

    ``state`` is waiting, done or failed. ``deaths`` counts the workers that died over it.
    """

    __tablename__ = "job_item"
    __table_args__ = (
        UniqueConstraint("job_id", "position"),
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        Index("ix_job_item_job_state", "job_id", "state"),
    )

    id: Mapped[PrimaryKey]
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id))
    position: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    deaths: Mapped[int] = mapped_column(default=0)
