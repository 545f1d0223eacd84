"""Who is known at the units a file covers, but not in it: listed, and ended only as decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, literal, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.formats import day as written
from hrtrain.core.language import gettext as _
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.people.models import Membership, Person, RosterRow, RosterUpload
from hrtrain.people.rosters.models import RosterLeaving
from hrtrain.people.rosters.queries import Terms
from hrtrain.units.models import Unit
from hrtrain.units.scope import within
from hrtrain.units.tree import subtree_ids

AT_ONCE = 500


@dataclass(frozen=True)
class Leaving:
    """Somebody the file lacks: who, at which unit since when, and the day it ends if decided."""

    id: int
    key: str
    full_name: str
    birth_date: str
    position: str
    unit_id: int
    starts_on: date
    ends_on: date | None


def list_leaving(upload: RosterUpload, terms: Terms, in_review: Collection[str]) -> None:
    """Keep who is in the upload's group at the units it covers and is not in the file.

    People whom a row may still mean (``in_review``, by key) are not missing.
    """
    forget_leaving(upload)
    if upload.covers == "part" or upload.group_id is None:
        return
    in_file = exists().where(
        RosterRow.upload_id == upload.id, RosterRow.person_id == Membership.person_id
    )
    absent = (
        select(literal(upload.id), Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.group_id == upload.group_id,
            Membership.unit_id.in_(_covered(upload, terms)),
            holds_sql(Membership.starts_on, Membership.ends_on, upload.starts_on),
            Membership.known_at(clock.now()),
            ~in_file,
            ~Person.is_set_aside,
            Person.anonymised_at.is_(None),
        )
        .order_by(Person.sort_key, Person.id)
    )
    db.session.execute(insert(RosterLeaving).from_select(["upload_id", "membership_id"], absent))
    for key in in_review:
        _is_met(upload, Person.key == key)


def _covered(upload: RosterUpload, terms: Terms) -> Collection[int] | Select[int]:
    """The ids of the units the file speaks of, within the sender's reach."""
    named = select(RosterRow.unit_id).where(
        RosterRow.upload_id == upload.id, RosterRow.unit_id.is_not(None)
    )
    if upload.unit_id is not None:
        found = {upload.unit_id}
    else:
        found = {one for one in db.session.scalars(named.distinct()) if one is not None}
    covered: Collection[int] | Select[int] = found
    if upload.covers == "below":
        covered = subtree_ids(frozenset(found), upload.starts_on)
    reached = within(terms.scope, upload.starts_on)
    if reached is None:
        return covered
    return select(Unit.id).where(Unit.id.in_(covered), Unit.id.in_(reached))


def forget_leaving(upload: RosterUpload) -> None:
    """Nobody is missing from the upload any more."""
    db.session.execute(delete(RosterLeaving).where(RosterLeaving.upload_id == upload.id))


def person_is_met(upload: RosterUpload, person_id: int) -> None:
    """A row of the file means this person after all."""
    _is_met(upload, Person.id == person_id)


def _is_met(upload: RosterUpload, who: ColumnElement[bool]) -> None:
    theirs = select(Membership.id).join(Person, Person.id == Membership.person_id).where(who)
    db.session.execute(
        delete(RosterLeaving).where(
            RosterLeaving.upload_id == upload.id, RosterLeaving.membership_id.in_(theirs)
        )
    )


def leaving_counts(upload: RosterUpload) -> tuple[int, int]:
    """How many are missing from the file, and of how many it is decided that they leave."""
    asked = select(func.count(), func.count(RosterLeaving.ends_on))
    found = db.session.execute(asked.where(RosterLeaving.upload_id == upload.id)).one()
    return found[0], found[1]


def leaving_page(upload: RosterUpload, after: str | None) -> Page[Leaving]:
    """Who is missing from the file, in the order of names."""
    asked = (
        select(
            *(RosterLeaving.id, Person.key, Person.full_name, Person.birth_date),
            *(Membership.position, Membership.unit_id, Membership.starts_on),
            RosterLeaving.ends_on,
        )
        .join(Membership, Membership.id == RosterLeaving.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(RosterLeaving.upload_id == upload.id)
    )
    if place := read_cursor(after, int):
        asked = asked.where(RosterLeaving.id > place[0])
    rows = db.session.execute(asked.order_by(RosterLeaving.id).limit(SIZE + 1)).all()
    return page_of([Leaving(*row) for row in rows], lambda one: (one.id,))


def decide_leaving(
    upload: RosterUpload, ids: Collection[int] | None, ends_on: date | None, *, by: User
) -> int:
    """Say that these leave on the day, or (without one) stay; None means all who are missing.

    How many it was said of. Refused for a day on which somebody of them has not begun yet.
    """
    lock(upload)
    if upload.state != "checked":
        raise Stale(_("Danh sách này đã được xác nhận hoặc đã bỏ."))
    which = [RosterLeaving.upload_id == upload.id]
    if ids is not None:
        which.append(RosterLeaving.id.in_(ids))
    if ends_on is not None:
        _check(which, ends_on)
    done = db.session.execute(
        update(RosterLeaving)
        .where(*which)
        .values(ends_on=ends_on)
        .execution_options(synchronize_session=False)
    )
    count = int(done.rowcount)  # type: ignore[attr-defined]
    subject = ("roster", upload.key)
    record(by, "roster_leaving_decided", subject, upload.file_name, people=count)
    return count


def _check(which: list[ColumnElement[bool]], ends_on: date) -> None:
    too_late = (
        select(Person.full_name, Membership.starts_on)
        .join(Membership, Membership.person_id == Person.id)
        .join(RosterLeaving, RosterLeaving.membership_id == Membership.id)
        .where(*which, Membership.starts_on >= ends_on)
        .limit(1)
    )
    found = db.session.execute(too_late).first()
    if found is not None:
        raise Refusal(
            _(
                "%(name)s mới vào nhóm ngày %(day)s; ngày kết thúc phải sau ngày đó.",
                name=found.full_name,
                day=written(found.starts_on),
            )
        )


def leaving_spans(upload: RosterUpload) -> list[tuple[int, int]]:
    """The first and last id of each part of those that are decided to leave."""
    asked = select(RosterLeaving.id).where(
        RosterLeaving.upload_id == upload.id, RosterLeaving.ends_on.is_not(None)
    )
    ids = db.session.scalars(asked.order_by(RosterLeaving.id)).all()
    parts = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    return [(part[0], part[-1]) for part in parts]


def ends_between(upload: RosterUpload, first: int, last: int) -> list[tuple[int, date]]:
    """The memberships of a part, and the days they end on."""
    asked = select(RosterLeaving.membership_id, RosterLeaving.ends_on).where(
        RosterLeaving.upload_id == upload.id,
        RosterLeaving.id.between(first, last),
        RosterLeaving.ends_on.is_not(None),
    )
    return [(membership_id, day) for membership_id, day in db.session.execute(asked) if day]
