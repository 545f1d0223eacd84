"""The database: base class, column types, the fact mixin, and who may take the write lock."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    SQLColumnExpression,
    String,
    TypeDecorator,
    and_,
    event,
    or_,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hrtrain.core import clock
from hrtrain.core.period import Period
from hrtrain.core.sqlite_check import refuse_if_wrong


class Base(DeclarativeBase):
    """Every table's base; constraints get predictable names, so that errors can be read."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite keeps text of fixed width, which compares as instants do."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: which instant it means cannot be known."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back whatever the connection's time zone is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PrimaryKey = Annotated[int, mapped_column(primary_key=True)]
Key = Annotated[str, mapped_column(String(120), unique=True)]


# Vietnamese order is written into the key itself, so it is compared byte by byte.
SortKey = String(600).with_variant(String(600, collation="C"), "postgresql")


def new_key(prefix: str) -> str:
    """A caller-visible key for what a person makes on a page: ``p-4f0c2a91be``."""
    return f"{prefix}-{secrets.token_hex(5)}"


def lock(row: "Base | Fact") -> None:
    """Read the row again and hold it till the transaction ends (SQLite's is locked whole)."""
    # Reading again forgets what was changed and not written yet.
    db.session.flush()
    db.session.refresh(row, with_for_update=True)


def hold_content(row: "Base") -> None:
    """The same against other writers only: rows that point at it come and go meanwhile.

    Whoever holds people and writes facts that point at it need not wait, so it may be held first.
    """
    db.session.flush()
    db.session.refresh(row, with_for_update={"key_share": True})


class Fact:
    """Recorded and retracted, never overwritten (`docs/coverage.md`, two clocks)."""

    recorded_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    retracted_at: Mapped[datetime | None] = mapped_column(Instant)

    @classmethod
    def known_at(cls, instant: datetime) -> ColumnElement[bool]:
        """SQL: the row was known at the instant."""
        return and_(
            cls.recorded_at <= instant,
            or_(cls.retracted_at.is_(None), cls.retracted_at > instant),
        )


def holds_sql(
    starts_on: Any, ends_on: Any, day: date | SQLColumnExpression[date]
) -> ColumnElement[bool]:
    """SQL form of `core.period.holds`: the columns' period holds the day."""
    return and_(
        or_(starts_on.is_(None), starts_on <= day),
        or_(ends_on.is_(None), ends_on > day),
    )


def overlaps_sql(starts_on: Any, ends_on: Any, period: Period) -> ColumnElement[bool]:
    """SQL form of `Period.overlaps`: the columns' period shares a day with this one."""
    begins_before: ColumnElement[bool] = true()
    ends_after: ColumnElement[bool] = true()
    if period.ends_on is not None:
        begins_before = or_(starts_on.is_(None), starts_on < period.ends_on)
    if period.starts_on is not None:
        ends_after = or_(ends_on.is_(None), ends_on > period.starts_on)
    return and_(begins_before, ends_after)


def well_formed(name: str = "period") -> CheckConstraint:
    """The check that a row's ``[starts_on, ends_on)`` holds at least one day."""
    return CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on", name=name)


_may_write: ContextVar[bool] = ContextVar("may_write", default=True)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside take no write lock (GET requests, reading commands)."""
    token = _may_write.set(False)
    try:
        yield
    finally:
        _may_write.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write, though the request around them only reads."""
    token = _may_write.set(True)
    try:
        yield
    finally:
        _may_write.reset(token)


def see_one_moment() -> None:
    """Begin a transaction whose every statement sees the same data, whatever others commit.

    Refused while one is open: PostgreSQL keeps the isolation that a transaction was begun with, so
    the statements would see different moments and nobody would notice.
    """
    if db.session().in_transaction():
        raise RuntimeError("a transaction is open that sees many moments: end it first")
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A block that only reads, and sees the data of one moment throughout (`see_one_moment`)."""
    with reading():
        see_one_moment()
        try:
            yield
        finally:
            db.session.rollback()


def set_up(app: Flask) -> None:
    """Bind the database to the application and teach SQLite its manners."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            refuse_if_wrong()
            _teach_sqlite(db.engine)


def _teach_sqlite(engine: Engine) -> None:
    # The driver's own transaction handling begins late and without the lock: of 320
    # concurrent read-modify-writes it lost 272 without an error. We begin ourselves.
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "synchronous=NORMAL",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write.get() else "BEGIN")
