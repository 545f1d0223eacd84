"""The table of merges: a link from a person's record to the one that is kept."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.accounts.models import User
from hrtrain.core.acts.models import Act
from hrtrain.core.db import Fact, Model, PrimaryKey
from hrtrain.people.models import Person


class PersonMerge(Fact, Model):
    """Both records are of one person, as of when somebody said so; an undone one is retracted."""

    __tablename__ = "person_merge"
    __table_args__ = (
        CheckConstraint("merged_id <> kept_id", name="two"),
        Index(
            "uq_person_merge_merged",
            "merged_id",
            unique=True,
            sqlite_where=text("retracted_at IS NULL"),
            postgresql_where=text("retracted_at IS NULL"),
        ),
        Index("ix_person_merge_kept", "kept_id"),
    )

    id: Mapped[PrimaryKey]
    merged_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    kept_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    act_id: Mapped[int] = mapped_column(ForeignKey(Act.id), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
