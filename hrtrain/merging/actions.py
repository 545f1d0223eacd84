"""Merging two records of one person and taking that back: nothing is deleted, both clocks hold."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.acts.recording import begin, recording
from hrtrain.core.acts.undoing import undo
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import dated_ahead
from hrtrain.core.language import gettext as _
from hrtrain.coverage.models import Exemption
from hrtrain.merging.queries import (
    account_of,
    changed_facts,
    known_facts,
    posts_of,
    said_by,
    seen_state,
    sessions_closed_since,
)
from hrtrain.merging.rules import COLUMNS, KIND, Choices, Side, plan_posts, side_of_field
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.merges.queries import later_merge, link_of
from hrtrain.people.models import Membership, Person
from hrtrain.training.models import Completion, Enrolment


def merge(
    kept: Person, merged: Person, choices: Choices, *, by: User | None, seen: str | None = None
) -> Act:
    """Both records are of one person: the kept one has everything now, the other is set aside.

    Every fact of the merged record is retracted and recorded anew of the kept one, so before that
    instant they were two for ever. ``seen``: the `seen_state` decided by; Stale when it changed.
    """
    _lock_both(kept, merged, seen)
    _refuse_dated_ahead(kept, merged)
    summary = _("Gộp hồ sơ %(merged)s vào hồ sơ %(kept)s", **_called(kept, merged))
    by_id = by.id if by else None
    act = begin(KIND, summary, by_id=by_id, kept=kept.key, merged=merged.key)
    at = clock.now()
    with recording(act, Person, Enrolment, User):
        db.session.add(
            PersonMerge(
                merged_id=merged.id,
                kept_id=kept.id,
                act_id=act.id,
                reason=choices.reason,
                merged_by_id=by_id,
                recorded_at=at,
            )
        )
        _take_fields(kept, merged, choices)
        _move_posts(kept, merged, choices, at)
        for table in (Completion, Exemption):
            _move_facts(table, kept, merged, at)
        _move_enrolments(kept, merged)
        _move_account(kept, merged, choices.account)
        _set_aside(kept, merged)
    for person in (kept, merged):
        record(by, "people_merged", ("person", person.key), summary, reason=choices.reason)
    return act


def unmerge(act: Act, *, by: User | None) -> None:
    """Take the merge back: both records hold again what they held, what came since stays kept's.

    Refused, naming it, when a fact of it was changed since or a later merge has to go first.
    """
    link = link_of(act)
    if link is None:
        raise Stale(_("Việc gộp này đã được hoàn tác."))
    kept, merged = _locked(link.kept_id, link.merged_id)
    db.session.refresh(link)
    if link.retracted_at is not None:
        raise Stale(_("Việc gộp này đã được hoàn tác."))
    _refuse_later_merge(link)
    _refuse_changes(act, link)
    undo(act, by_id=by.id if by else None)
    summary = _("Tách lại hồ sơ %(merged)s khỏi hồ sơ %(kept)s", **_called(kept, merged))
    for person in (kept, merged):
        record(by, "people_unmerged", ("person", person.key), summary)


def _called(kept: Person, merged: Person) -> dict[str, str]:
    return {
        "kept": f"{kept.full_name} ({kept.key})",
        "merged": f"{merged.full_name} ({merged.key})",
    }


def _locked(*ids: int) -> list[Person]:
    """The people, held by number as everybody does, in the order asked for."""
    found = {id_: db.session.get_one(Person, id_) for id_ in ids}
    for id_ in sorted(ids):
        lock(found[id_])
    return [found[id_] for id_ in ids]


def _lock_both(kept: Person, merged: Person, seen: str | None) -> None:
    if kept.id == merged.id:
        raise Refusal(_("Hai hồ sơ phải khác nhau."))
    _locked(kept.id, merged.id)
    for person in (kept, merged):
        if person.is_set_aside:
            raise Stale(_("Hồ sơ %(name)s đã được gộp hoặc không còn dùng.", name=person.full_name))
        if person.anonymised_at is not None:
            raise Refusal(_("Hồ sơ đã ẩn danh không gộp được."))
    if seen is not None and seen != seen_state(kept, merged):
        raise Stale(_("Một trong hai hồ sơ vừa thay đổi. Hãy xem lại rồi gộp."))


def _refuse_dated_ahead(kept: Person, merged: Person) -> None:
    """What is recorded anew now would be known from now on, or meet what is to come."""
    for table in (Membership, Completion, Exemption):
        whose = table.person_id.in_((kept.id, merged.id))
        if db.session.scalar(select(table.id).where(whose, dated_ahead(table)).limit(1)):
            raise Refusal(
                _(
                    "Hai hồ sơ có mục mang thời điểm ghi nhận hoặc thu hồi ở tương lai (từ gói dữ "
                    "liệu): chưa gộp được trước thời điểm ấy."
                )
            )


def _take_fields(kept: Person, merged: Person, choices: Choices) -> None:
    for field, columns in COLUMNS.items():
        values = {
            Side.KEPT: str(getattr(kept, columns[0])),
            Side.MERGED: str(getattr(merged, columns[0])),
        }
        if side_of_field(field, values, choices) is Side.MERGED:
            for column in columns:
                setattr(kept, column, getattr(merged, column))
    db.session.flush()


def _move_posts(kept: Person, merged: Person, choices: Choices, at: datetime) -> None:
    plan = plan_posts(posts_of(kept), posts_of(merged), choices.holders)
    rows = [*known_facts(Membership, kept), *known_facts(Membership, merged)]
    _retract([row for row in rows if row.id in plan.retracted], at)
    for post in plan.recorded:
        db.session.add(
            Membership(
                person_id=kept.id,
                group_id=post.group_id,
                unit_id=post.unit_id,
                position=post.position,
                starts_on=post.period.starts_on,
                ends_on=post.period.ends_on,
                recorded_at=at,
            )
        )
    db.session.flush()


def _move_facts(
    table: type[Completion] | type[Exemption], kept: Person, merged: Person, at: datetime
) -> None:
    """What the kept record says already, column by column, is not said twice."""
    said = {said_by(fact) for fact in known_facts(table, kept)}
    facts = known_facts(table, merged)
    _retract(facts, at)
    own = {"id", "person_id", "recorded_at", "retracted_at"}
    for fact in facts:
        if said_by(fact) not in said:
            values = {c.key: getattr(fact, c.key) for c in table.__table__.c if c.key not in own}
            db.session.add(table(person_id=kept.id, recorded_at=at, **values))
    db.session.flush()


def _retract(facts: list[Any], at: datetime) -> None:
    for fact in facts:
        fact.retracted_at = at
    # What takes their place must not meet them: of one group and day there is one membership.
    db.session.flush()


def _move_enrolments(kept: Person, merged: Person) -> None:
    """Where both are in a session both stay: who came and who did not was written down twice."""
    here = select(Enrolment.training_session_id).where(Enrolment.person_id == kept.id)
    moved = select(Enrolment).where(
        Enrolment.person_id == merged.id, Enrolment.training_session_id.not_in(here)
    )
    for enrolment in db.session.scalars(moved.order_by(Enrolment.id)).all():
        enrolment.person_id = kept.id
        enrolment.version += 1
    db.session.flush()


def _move_account(kept: Person, merged: Person, whose: Side) -> None:
    """Of two accounts one stays this person's; the other can sign in, but is nobody's own."""
    mine, theirs = account_of(kept), account_of(merged)
    if theirs is None:
        return
    if mine is not None and whose is Side.KEPT:
        theirs.person_id = None
    else:
        if mine is not None:
            mine.person_id = None
            db.session.flush()
        theirs.person_id = kept.id
    db.session.flush()


def _set_aside(kept: Person, merged: Person) -> None:
    """Whoever was merged into the merged one is the kept one now as well."""
    before = select(Person).where(Person.merged_into_id == merged.id)
    for person in [merged, *db.session.scalars(before)]:
        person.merged_into_id = kept.id
        person.version += 1
    merged.is_set_aside = True
    kept.version += 1
    db.session.flush()


def _refuse_later_merge(link: PersonMerge) -> None:
    later = later_merge(link)
    if later is not None:
        kept, merged = (db.session.get_one(Person, id_) for id_ in (later.kept_id, later.merged_id))
        raise Refusal(
            _(
                "Hãy hoàn tác trước việc gộp sau đó: %(merged)s vào %(kept)s.",
                **_called(kept, merged),
            )
        )


def _refuse_changes(act: Act, link: PersonMerge) -> None:
    if changed := changed_facts(act):
        raise Refusal(
            _(
                "Không hoàn tác được vì sau khi gộp đã có người sửa: %(facts)s.",
                facts="; ".join(changed),
            )
        )
    if titles := sessions_closed_since(act, link):
        raise Refusal(
            _(
                "Không hoàn tác được: lớp “%(title)s” đã ghi nhận kết quả sau khi gộp.",
                title=titles[0],
            )
        )
