"""What two records of one person hold, side by side, and what stands in a merge's way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import inspect, select

from hrtrain.accounts.models import User
from hrtrain.certificates.models import Certificate
from hrtrain.core.acts.models import Act, ActChange
from hrtrain.core.acts.undoing import changed_since
from hrtrain.core.db import Fact, db
from hrtrain.core.period import Period
from hrtrain.coverage.models import Exemption
from hrtrain.merging.rules import COLUMNS, Clash, Post, Side, clashes, fuller
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.merges.queries import records_of
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.units.models import Unit

MOVED = (Membership, Completion, Exemption)
"""Every kind of fact about one person."""
AnyFact = Membership | Completion | Exemption


@dataclass(frozen=True)
class FieldPair:
    """A detail as both records have it, and whose is taken unless somebody says otherwise."""

    name: str
    kept: str
    merged: str
    default: Side

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.kept and self.merged) and self.kept != self.merged


@dataclass(frozen=True)
class NamedClash:
    """Days of a group that both have, in words' reach: names and periods."""

    group_id: int
    group: str
    kept_unit: str
    merged_unit: str
    kept_days: Period
    merged_days: Period


def known_facts(table: type[AnyFact], person: Person) -> list[Any]:
    """The facts of this kind known of the record now, the oldest first."""
    asked = select(table).where(table.person_id == person.id, table.retracted_at.is_(None))
    return list(db.session.scalars(asked.order_by(table.id)))


def posts_of(person: Person) -> list[Post]:
    """The person's known days in groups."""
    return [
        Post(row.id, row.group_id, row.unit_id, row.position, Period(row.starts_on, row.ends_on))
        for row in known_facts(Membership, person)
    ]


def said_by(fact: Fact) -> tuple[Any, ...]:
    """Everything the fact says but of whom, and when it was known."""
    left_out = {"id", "person_id", "recorded_at", "retracted_at"}
    names = [column.key for column in inspect(type(fact)).column_attrs]
    return tuple(getattr(fact, name) for name in names if name not in left_out)


def fields_of(kept: Person, merged: Person) -> list[FieldPair]:
    """The details of the two."""
    found = []
    for name, columns in COLUMNS.items():
        mine, theirs = (str(getattr(person, columns[0])) for person in (kept, merged))
        default = fuller(name, {Side.KEPT: mine, Side.MERGED: theirs})
        found.append(FieldPair(name, mine, theirs, default))
    return found


def named_clashes(kept: Person, merged: Person) -> list[NamedClash]:
    """Where somebody must say which of the two was in a group on days that both have."""
    found = clashes(posts_of(kept), posts_of(merged))
    units = _names(Unit, {post.unit_id for one in found for post in (one.kept, one.merged)})
    groups = _names(CadreGroup, {one.group_id for one in found})
    return [_named(one, groups, units) for one in found]


def _named(one: Clash, groups: dict[int, str], units: dict[int, str]) -> NamedClash:
    return NamedClash(
        one.group_id,
        groups[one.group_id],
        units[one.kept.unit_id],
        units[one.merged.unit_id],
        one.kept.period,
        one.merged.period,
    )


def _names(table: type[Unit] | type[CadreGroup], ids: Iterable[int]) -> dict[int, str]:
    return dict(db.session.execute(select(table.id, table.name).where(table.id.in_(ids))).all())


def sessions_of_both(kept: Person, merged: Person) -> list[TrainingSession]:
    """The sessions that both are enrolled in, where both stay."""
    mine = select(Enrolment.training_session_id).where(Enrolment.person_id == kept.id)
    asked = (
        select(TrainingSession)
        .join(Enrolment, Enrolment.training_session_id == TrainingSession.id)
        .where(Enrolment.person_id == merged.id, TrainingSession.id.in_(mine))
    )
    return list(db.session.scalars(asked.order_by(TrainingSession.starts_on, TrainingSession.id)))


def account_of(person: Person) -> User | None:
    """Who signs in as this person."""
    return db.session.scalar(select(User).where(User.person_id == person.id))


def seen_state(kept: Person, merged: Person) -> str:
    """A digest of everything a merge is decided by: another when anything of it changed."""
    parts: list[object] = [kept.id, kept.version, merged.id, merged.version]
    for person in (kept, merged):
        for table in MOVED:
            parts.append([fact.id for fact in known_facts(table, person)])
        enrolled = select(Enrolment.id).where(Enrolment.person_id == person.id)
        parts.append(sorted(db.session.scalars(enrolled)))
        account = account_of(person)
        parts.append(account.id if account else 0)
    return sha256(repr(parts).encode()).hexdigest()[:24]


def counts_of(person: Person) -> dict[str, int]:
    """How much the record holds, by kind: what speaks for keeping the one and not the other."""
    counts = {table.__tablename__: len(known_facts(table, person)) for table in MOVED}
    held = select(Certificate.id).where(Certificate.person_id.in_(records_of(person.id)))
    counts["certificate"] = len(db.session.scalars(held).all())
    return counts


def better_kept(one: Person, other: Person) -> tuple[Person, Person]:
    """The two, first the one with an account, with more facts, with more details, or the older."""

    def weight(person: Person) -> tuple[int, ...]:
        filled = sum(bool(getattr(person, columns[0])) for columns in COLUMNS.values())
        has_account = int(account_of(person) is not None)
        return has_account, sum(counts_of(person).values()), filled, -person.id

    return (one, other) if weight(one) >= weight(other) else (other, one)


# --- what stands in the way of undoing -------------------------------------------------------


def changed_facts(act: Act) -> list[str]:
    """The facts of a merge that somebody changed since, each in a few words."""
    found: list[str] = []
    for later in changed_since(act):
        table = next((one for one in MOVED if one.__tablename__ == later.table_name), None)
        if table is not None:
            rows: Iterable[Any] = db.session.scalars(select(table).where(table.id.in_(later.ids)))
            found += [_words(row) for row in rows]
    return [f"{name} ×{n}" if n > 1 else name for name, n in Counter(found).items()]


def _words(fact: AnyFact) -> str:
    if isinstance(fact, Completion):
        return db.session.get_one(Course, fact.course_id).name
    group = db.session.get_one(CadreGroup, fact.group_id).name
    if isinstance(fact, Membership):
        return f"{group}, {db.session.get_one(Unit, fact.unit_id).name}"
    return group


def sessions_closed_since(act: Act, link: PersonMerge) -> Sequence[str]:
    """Titles of sessions whose enrolment the merge moved and that gave a completion since."""
    moved = select(ActChange.row_id).where(
        ActChange.act_id == act.id, ActChange.table_name == Enrolment.__tablename__
    )
    asked = (
        select(TrainingSession.title)
        .join(Enrolment, Enrolment.training_session_id == TrainingSession.id)
        .join(Completion, Completion.training_session_id == TrainingSession.id)
        .where(
            Enrolment.id.in_(moved),
            Completion.person_id == link.kept_id,
            Completion.retracted_at.is_(None),
            Completion.recorded_at > link.recorded_at,
        )
    )
    return db.session.scalars(asked.distinct().order_by(TrainingSession.title)).all()
