"""Tables of reorganisations: the plan as it was entered, and whom a split leaves to decide."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.db import Instant, Key, Model, PrimaryKey
from hrtrain.core.jobs.models import Job
from hrtrain.people.models import CadreGroup, Person
from hrtrain.units.models import Unit


class Reorganisation(Model):
    """A plan with its document and day: entered, then done by an act, which may be undone.

    ``plan`` holds the entries as lists; ``digest`` tells two plans apart that say the same.
    """

    __tablename__ = "reorganisation"
    __table_args__ = (Index("ix_reorganisation_act", "act_id"),)

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    title: Mapped[str] = mapped_column(String(300))
    document_no: Mapped[str] = mapped_column(String(120))
    effective_on: Mapped[date]
    plan: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, deferred=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    job_id: Mapped[int | None] = mapped_column(ForeignKey(Job.id))
    act_id: Mapped[int | None] = mapped_column(ForeignKey(Act.id))
    version: Mapped[int] = mapped_column(default=1)


class Choice(Model):
    """Somebody who was placed somewhere because nobody had decided yet, and what was decided.

    ``starts_on`` is the first day at the placed unit. It is no fact: the memberships are.
    """

    __tablename__ = "reorganisation_choice"
    __table_args__ = (Index("ix_reorganisation_choice_act", "act_id", "old_unit_id"),)

    id: Mapped[PrimaryKey]
    act_id: Mapped[int] = mapped_column(ForeignKey(Act.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    group_id: Mapped[int] = mapped_column(ForeignKey(CadreGroup.id))
    old_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    placed_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    starts_on: Mapped[date]
    chosen_unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    chosen_at: Mapped[datetime | None] = mapped_column(Instant)
