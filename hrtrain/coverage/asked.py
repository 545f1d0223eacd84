"""What is asked: the plans' targets and requirements, and what of them a day and instant ask.

Plans are small, so they are read once per question, or once for a whole batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.period import holds
from hrtrain.coverage.models import Programme, RequirementOption, Target
from hrtrain.coverage.states import Option, items_of, plus_days
from hrtrain.people.models import CadreGroup
from hrtrain.units.models import Unit


@dataclass(frozen=True)
class PlanTarget:
    """A target with what its programme lends it: scope unit, and start."""

    id: int
    programme_id: int
    programme: str
    programme_title: str
    group_id: int
    group: str
    group_name: str
    percent: int | None
    deadline: date | None
    origin: str
    tiers: str
    grace_days: int
    scope_id: int | None
    starts_on: date | None

    def has_begun(self, day: date) -> bool:
        """Whether the day is not before the target's start."""
        return self.starts_on is None or self.starts_on <= day

    def grace_since(self, day: date) -> date:
        """Those whose unbroken membership began on this day or later are in grace on the day."""
        if self.starts_on is not None and day < plus_days(self.starts_on, self.grace_days):
            return date.min
        return plus_days(day, 1 - self.grace_days)


@dataclass(frozen=True)
class PlanOption:
    """A row of a requirement, with both clocks."""

    item: str
    course_id: int
    starts_on: date | None
    ends_on: date | None
    accepts_from: date | None
    accepts_to: date | None
    recorded_at: datetime
    retracted_at: datetime | None

    def is_asked(self, day: date, known_at: datetime) -> bool:
        """Whether it holds the day and was known at the instant."""
        return self.is_known(known_at) and holds(self.starts_on, self.ends_on, day)

    def is_known(self, known_at: datetime) -> bool:
        """Whether it was known at the instant."""
        return self.recorded_at <= known_at and (
            self.retracted_at is None or known_at < self.retracted_at
        )

    def on(self, day: date) -> Option:
        """The option as far as completions up to the day are concerned."""
        last = day if self.accepts_to is None else min(day, plus_days(self.accepts_to, -1))
        return Option(self.item, self.course_id, self.accepts_from or date.min, last)


@dataclass
class Plans:
    """Targets and requirement rows as read in one transaction, and the units met in it."""

    targets: dict[str, list[PlanTarget]]
    options: dict[tuple[int, int], list[PlanOption]]
    groups: frozenset[str]
    unit_ids: dict[str, int] = field(default_factory=dict)

    def targets_of(self, programme: str | None, group: str | None) -> list[PlanTarget]:
        """The targets of a programme, or of all, in the order of programme and group codes."""
        if programme is not None and programme not in self.targets:
            raise Refusal(_("Không có chương trình “%(key)s”.", key=programme))
        if group is not None and group not in self.groups:
            raise Refusal(_("Không có nhóm cán bộ “%(key)s”.", key=group))
        wanted = sorted(self.targets) if programme is None else [programme]
        found = [target for key in wanted for target in self.targets[key]]
        return [target for target in found if group is None or target.group == group]

    def options_on(self, target: PlanTarget, day: date, known_at: datetime) -> list[Option]:
        """The options of the items asked on the day; none when nothing is asked."""
        if not target.has_begun(day):
            return []
        rows = self.options.get((target.programme_id, target.group_id), [])
        return [row.on(day) for row in rows if row.is_asked(day, known_at)]

    def unit_id(self, key: str) -> int:
        """The unit's id; refused by name when there is none."""
        if key not in self.unit_ids:
            found = db.session.scalar(select(Unit.id).where(Unit.key == key))
            if found is None:
                raise Refusal(_("Không có đơn vị “%(key)s”.", key=key))
            self.unit_ids[key] = found
        return self.unit_ids[key]


def read_plans(programme: str | None = None) -> Plans:
    """All plans, or the one of this key."""
    is_one, given = programme is not None, {"programme": programme}
    targets: dict[str, list[PlanTarget]] = {}
    for key, *row in db.session.execute(_targets(is_one), given):
        targets.setdefault(key, [])
        if row[0] is not None:
            targets[key].append(_plan_target(key, row))
    for rows in targets.values():
        rows.sort(key=lambda target: target.group)
    options: dict[tuple[int, int], list[PlanOption]] = {}
    for programme_id, group_id, *option in db.session.execute(_options(is_one), given):
        options.setdefault((programme_id, group_id), []).append(PlanOption(*option))
    return Plans(targets, options, frozenset(db.session.scalars(select(CadreGroup.key))))


def _plan_target(programme: str, row: list[Any]) -> PlanTarget:
    target_id, programme_id, *rest = row
    return PlanTarget(target_id, programme_id, programme, *rest)


@lru_cache
def _targets(is_one: bool) -> Any:
    rows = (
        select(
            Programme.key,
            Target.id,
            Programme.id,
            Programme.title,
            CadreGroup.id,
            CadreGroup.key,
            CadreGroup.name,
            Target.percent,
            Target.deadline,
            Target.origin,
            Target.tiers,
            Target.grace_days,
            func.coalesce(Target.scope_unit_id, Programme.authority_unit_id),
            func.coalesce(Target.starts_on, Programme.starts_on),
        )
        .outerjoin(Target, Target.programme_id == Programme.id)
        .outerjoin(CadreGroup, CadreGroup.id == Target.group_id)
    )
    return rows.where(Programme.key == bindparam("programme")) if is_one else rows


@lru_cache
def _options(is_one: bool) -> Any:
    row = RequirementOption
    rows = select(
        row.programme_id,
        row.group_id,
        row.item,
        row.course_id,
        row.starts_on,
        row.ends_on,
        row.accepts_from,
        row.accepts_to,
        row.recorded_at,
        row.retracted_at,
    ).order_by(row.item, row.id)
    if not is_one:
        return rows
    of_one = rows.join(Programme, Programme.id == row.programme_id)
    return of_one.where(Programme.key == bindparam("programme"))


def target_row(
    target: PlanTarget, options: Iterable[Option], root_id: int, day: date
) -> dict[str, Any]:
    """The target as a row of the count's inline table."""
    return {
        "target_id": target.id,
        "group_id": target.group_id,
        "programme_id": target.programme_id,
        "root_id": root_id,
        "tiers": " ".join(target.tiers.split()),
        "item_count": len(items_of(options)),
        "grace_since": target.grace_since(day),
    }


def option_rows(target: PlanTarget, options: list[Option]) -> list[dict[str, Any]]:
    """The options as rows of the count's inline table, items numbered."""
    numbers = {item: number for number, item in enumerate(items_of(options), 1)}
    return [
        {
            "target_id": target.id,
            "item_no": numbers[option.item],
            "course_id": option.course_id,
            "first_day": option.first_day,
            "last_day": option.last_day,
        }
        for option in options
    ]
