"""Tables of bulk work: a job and its items."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.core import clock
from hrtrain.core.db import Instant, Key, Model, PrimaryKey


class Job(Model):
    """A piece of bulk work. ``state`` is waiting, running, done or failed."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    error: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[int] = mapped_column(default=0)
    lease_ends_at: Mapped[datetime | None] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class JobItem(Model):
    """One unit of a job's work: done in the same transaction that does it, so never twice."""

    __tablename__ = "job_item"
    __table_args__ = (
        UniqueConstraint("job_id", "position"),
        Index("ix_job_item_job_state", "job_id", "state"),
    )

    id: Mapped[PrimaryKey]
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id))
    position: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
