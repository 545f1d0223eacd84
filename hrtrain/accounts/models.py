"""Tables of accounts: users, their grants, their sessions, invitations, tries, the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hrtrain.core import clock
from hrtrain.core.db import Instant, Model, PrimaryKey
from hrtrain.core.text import search_key


def _search_key(context: Any) -> str:
    row = context.get_current_parameters()
    return search_key(f"{row['username']} {row['full_name']}")


class User(Model):
    """Somebody who signs in. ``person_id`` says which cadre it is, for attendees."""

    __tablename__ = "user_account"

    id: Mapped[PrimaryKey]
    username: Mapped[str] = mapped_column(String(120), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(String(330), default=_search_key)
    email: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    is_disabled: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="vi")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    grants: Mapped[list["Grant"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Grant.role", lazy="selectin"
    )


class Grant(Model):
    """A role of a user, for a unit and everything below it; without a unit, for everything."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "unit_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    user: Mapped[User] = relationship(back_populates="grants")


class SignIn(Model):
    """A session of a signed-in browser; only the token's hash is kept, so it can be revoked."""

    __tablename__ = "sign_in"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class Invitation(Model):
    """A one-time link by which a user chooses a password."""

    __tablename__ = "invitation"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Tries(Model):
    """How often something guessable was tried from one place in one window of time."""

    __tablename__ = "tries"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    window_ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
    count: Mapped[int] = mapped_column(default=0)


class AuditEntry(Model):
    """Who did what to which object, when; appended, never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_key"),
        Index("ix_audit_entry_at", "at"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_key: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    user: Mapped[User | None] = relationship()
