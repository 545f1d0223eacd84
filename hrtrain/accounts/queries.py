"""Questions about users, their sign-ins and invitations, and the audit log."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from hrtrain.accounts.models import AuditEntry, Grant, Invitation, SignIn, User
from hrtrain.accounts.rules import Role, known_username, token_hash
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.core.text import search_key

# The ids of the units an administrator's users must lie in; None: everywhere.
UnitIds = Select[int] | None


def find_user(username: str) -> User | None:
    """The user of this name, in whatever case it is written."""
    return db.session.scalar(select(User).where(User.username == known_username(username)))


def managed_by(units: UnitIds) -> ColumnElement[bool]:
    """SQL: all of the user's grants, at least one, are for these units."""
    if units is None:
        return User.id.is_not(None)
    inside = Grant.unit_id.in_(units)
    its_own = Grant.user_id == User.id
    outside = and_(its_own, or_(Grant.unit_id.is_(None), ~inside))
    return and_(exists().where(its_own, inside), ~exists().where(outside))


def find_managed_user(username: str, units: UnitIds) -> User | None:
    """The user, if an administrator of these units manages it."""
    asked = select(User).where(User.username == known_username(username), managed_by(units))
    return db.session.scalar(asked)


def user_page(text: str, role: str, units: UnitIds, after: str | None) -> Page[User]:
    """Users by name: those whose names hold the text without marks and who have the role."""
    asked = select(User).where(managed_by(units))
    if words := search_key(text):
        asked = asked.where(User.search_key.contains(words, autoescape=True))
    if role:
        asked = asked.where(User.grants.any(Grant.role == role))
    total = db.session.scalar(select(func.count()).select_from(asked.subquery()))
    if place := read_cursor(after, str):
        asked = asked.where(User.username > place[0])
    rows = db.session.scalars(asked.order_by(User.username).limit(SIZE + 1)).all()
    return page_of(rows, lambda user: (user.username,), total=total)


def sign_ins_of(user: User) -> list[SignIn]:
    """The sessions still open, the newest first."""
    asked = (
        select(SignIn)
        .where(SignIn.user_id == user.id, SignIn.revoked_at.is_(None))
        .where(SignIn.expires_at > clock.now())
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
    )
    return list(db.session.scalars(asked))


def find_invitation(token: str) -> tuple[Invitation, User] | None:
    """The invitation of this link and whom it invites, used and outdated ones as well."""
    asked = (
        select(Invitation, User)
        .join(User, User.id == Invitation.user_id)
        .where(Invitation.token_hash == token_hash(token))
    )
    row = db.session.execute(asked).one_or_none()
    return (row[0], row[1]) if row else None


def open_invitation_of(user: User) -> Invitation | None:
    """The link that still works, if there is one."""
    asked = (
        select(Invitation)
        .where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
        .where(Invitation.expires_at > clock.now())
    )
    return db.session.scalars(asked.order_by(Invitation.id.desc())).first()


def other_administrators(user: User) -> int:
    """How many other users may sign in and administer everything; locks their grants."""
    asked = (
        select(Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.ADMINISTRATOR, Grant.unit_id.is_(None))
        .where(User.is_disabled.is_(False), User.id != user.id)
        .with_for_update(of=Grant)
    )
    return len(set(db.session.scalars(asked)))


@dataclass(frozen=True)
class AuditFilter:
    """Which entries of the audit log are asked for; empty: all."""

    username: str = ""
    subject: str = ""
    day: date | None = None


def audit_page(asked_for: AuditFilter, units: UnitIds, after: str | None) -> Page[AuditEntry]:
    """Entries, the newest first, of the users an administrator of these units manages."""
    asked = select(AuditEntry).options(joinedload(AuditEntry.user).lazyload(User.grants))
    if units is not None:
        asked = asked.where(AuditEntry.user_id.in_(select(User.id).where(managed_by(units))))
    if asked_for.username:
        user = find_user(asked_for.username)
        asked = asked.where(AuditEntry.user_id == (user.id if user else -1))
    if subject := asked_for.subject.strip():
        kind, _colon, key = subject.rpartition(":")
        asked = asked.where(AuditEntry.subject_key == key.strip())
        asked = asked.where(AuditEntry.subject_kind == kind.strip()) if kind else asked
    if asked_for.day:
        asked = asked.where(_within_day(asked_for.day))
    if place := read_cursor(after, int):
        asked = asked.where(AuditEntry.id < place[0])
    rows = db.session.scalars(asked.order_by(AuditEntry.id.desc()).limit(SIZE + 1)).all()
    return page_of(rows, lambda entry: (entry.id,))


def _within_day(day: date) -> ColumnElement[bool]:
    begins = datetime.combine(day, time(), clock.LOCAL)
    return and_(AuditEntry.at >= begins, AuditEntry.at < begins + timedelta(days=1))


def entries_about(kind: str, key: str, limit: int = 20) -> list[AuditEntry]:
    """The last entries of the audit log about one object, the newest first."""
    asked = (
        select(AuditEntry)
        .options(joinedload(AuditEntry.user).lazyload(User.grants))
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_key == key)
        .order_by(AuditEntry.id.desc())
    )
    return list(db.session.scalars(asked.limit(limit)))
