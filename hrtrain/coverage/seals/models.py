"""The table of sealed reports."""

import zlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hrtrain.accounts.models import User
from hrtrain.core.db import Instant, Key, Model, PrimaryKey
from hrtrain.coverage.models import Programme
from hrtrain.units.models import Unit


class Seal(Model):
    """Figures with their people, frozen; a row is never changed (the database refuses it).

    ``content`` is canonical JSON, kept packed. A restatement is a row of its own that says which
    one it replaces; one seal is replaced by one at most, so the versions are a single line.
    """

    __tablename__ = "coverage_seal"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        Index("ix_coverage_seal_programme", "programme_id", "id"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    as_of: Mapped[date]
    known_at: Mapped[datetime] = mapped_column(Instant)
    title: Mapped[str] = mapped_column(String(250))
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    rule_version: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    inputs_hash: Mapped[str] = mapped_column(String(64))
    packed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("coverage_seal.id"))
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()
    unit: Mapped[Unit | None] = relationship()
    made_by: Mapped[User | None] = relationship()

    @property
    def content(self) -> bytes:
        """The sealed bytes."""
        return zlib.decompress(self.packed)
