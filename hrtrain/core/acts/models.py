"""Tables of acts: what each recorded and retracted, and what it changed of things that live on."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.core import clock
from hrtrain.core.db import Instant, Key, Model, PrimaryKey


class Act(Model):
    """A roster import, a merge of people, a reorganisation: one act, undone as one.

    ``kind`` says which and ``details`` what its own pages show of it.
    """

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_kind", "kind", "id"),)

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    done_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class ActFact(Model):
    """A fact that an act recorded or retracted; one that it did both to leaves no trace."""

    __tablename__ = "act_fact"
    __table_args__ = (
        Index("ix_act_fact_act", "act_id", "table_name", "is_recorded"),
        # Which act recorded a fact: a unit's page names the document behind its lineage.
        Index("ix_act_fact_fact", "fact_id", "table_name"),
    )

    id: Mapped[PrimaryKey]
    act_id: Mapped[int] = mapped_column(ForeignKey(Act.id))
    table_name: Mapped[str] = mapped_column(String(40))
    fact_id: Mapped[int]
    is_recorded: Mapped[bool]


class ActChange(Model):
    """What an act changed of a row that is no fact: columns before and after; none before: made."""

    __tablename__ = "act_change"
    __table_args__ = (Index("ix_act_change_act", "act_id", "id"),)

    id: Mapped[PrimaryKey]
    act_id: Mapped[int] = mapped_column(ForeignKey(Act.id))
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
