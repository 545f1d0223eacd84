"""Users: added, changed, invited, given roles. Who may do so is the views' gate."""

from dataclasses import dataclass

from sqlalchemy import update

from hrtrain.accounts.actions.audit import record
from hrtrain.accounts.actions.sign_ins import revoke_sign_ins
from hrtrain.accounts.models import Grant, Invitation, User
from hrtrain.accounts.queries import find_user, other_administrators
from hrtrain.accounts.rules import (
    INVITATION_LASTS,
    Role,
    is_username,
    known_username,
    new_token,
    token_hash,
)
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import LANGUAGES
from hrtrain.core.language import gettext as _
from hrtrain.core.text import search_key


@dataclass(frozen=True)
class UserDetails:
    """What an administrator says of a user."""

    full_name: str
    email: str = ""
    language: str = "vi"
    is_disabled: bool = False


def add_user(username: str, details: UserDetails, *, by: User | None) -> User:
    """A user without role or password; refused when the name is taken or no name at all."""
    username = known_username(username)
    if not is_username(username):
        raise Refusal(
            _("Tên đăng nhập gồm 2 đến 64 ký tự a–z, 0–9, dấu chấm, gạch nối, gạch dưới hoặc @."),
            where=username,
        )
    if find_user(username):
        raise Refusal(_("Đã có người dùng mang tên đăng nhập này."), where=username)
    user = User(username=username)
    _fill_in(user, details)
    db.session.add(user)
    db.session.flush()
    record(by, "add_user", ("user", username), _("Thêm người dùng %(name)s", name=user.full_name))
    return user


def change_user(user: User, details: UserDetails, *, by: User) -> None:
    """Put the details in place; a user who is disabled loses all open sessions."""
    if details.is_disabled and user.id == by.id:
        raise Refusal(_("Không thể tự khóa tài khoản của mình."))
    if details.is_disabled and not user.is_disabled:
        _refuse_last_administrator(user)
        revoke_sign_ins(user, by=by)
    before = _shown(user)
    _fill_in(user, details)
    db.session.flush()
    summary = _("Sửa người dùng %(name)s", name=user.full_name)
    record(by, "change_user", ("user", user.username), summary, before=before, after=_shown(user))


def set_password(user: User, password_hash: str, *, keep_token: str = "") -> None:
    """A new password; every session but the one of this token ends."""
    user.password_hash = password_hash
    db.session.flush()
    record(user, "set_password", ("user", user.username), _("Đổi mật khẩu"))
    revoke_sign_ins(user, by=user, but_token=keep_token)


def invite(user: User, *, by: User | None) -> str:
    """The token of a new one-time link; links sent before no longer work."""
    if user.is_disabled:
        raise Refusal(_("Tài khoản đang bị khóa."), where=user.username)
    now = clock.now()
    older = (Invitation.user_id == user.id, Invitation.used_at.is_(None))
    db.session.execute(update(Invitation).where(*older).values(used_at=now))
    token = new_token()
    expires_at = now + INVITATION_LASTS
    db.session.add(Invitation(token_hash=token_hash(token), user_id=user.id, expires_at=expires_at))
    summary = _("Tạo liên kết mời cho %(name)s", name=user.full_name)
    record(by, "invite_user", ("user", user.username), summary)
    return token


def accept_invitation(invitation: Invitation, user: User, password_hash: str) -> None:
    """The user's password by the link, which works once: of two at a time one is refused."""
    taken = (
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if db.session.execute(taken).rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal(_("Liên kết này đã được dùng."))
    set_password(user, password_hash)


def add_grant(user: User, role: Role, unit: tuple[int, str] | None, *, by: User | None) -> Grant:
    """The role for the unit (id, key), for everything without one; refused when held already."""
    unit_id, unit_key = unit or (None, "")
    if any(grant.role == role and grant.unit_id == unit_id for grant in user.grants):
        raise Refusal(_("Người dùng đã có vai trò này cho đơn vị này."))
    grant = Grant(role=role.value, unit_id=unit_id)
    user.grants.append(grant)
    db.session.flush()
    summary = _("Giao vai trò cho %(name)s", name=user.full_name)
    record(by, "add_grant", ("user", user.username), summary, role=role.value, unit=unit_key)
    return grant


def remove_grant(user: User, grant: Grant, *, by: User, unit_key: str = "") -> None:
    """Take the role away; nobody takes the own last administrator's role, or everybody's last."""
    held = [g for g in user.grants if g.role == Role.ADMINISTRATOR]
    if grant in held and len(held) == 1 and user.id == by.id:
        raise Refusal(_("Không thể tự bỏ vai trò quản trị cuối cùng của mình."))
    if grant in held and grant.unit_id is None:
        _refuse_last_administrator(user)
    user.grants.remove(grant)
    db.session.flush()
    summary = _("Bỏ vai trò của %(name)s", name=user.full_name)
    record(by, "remove_grant", ("user", user.username), summary, role=grant.role, unit=unit_key)


def _refuse_last_administrator(user: User) -> None:
    is_one = any(g.role == Role.ADMINISTRATOR and g.unit_id is None for g in user.grants)
    if is_one and not other_administrators(user):
        raise Refusal(_("Phải còn ít nhất một quản trị viên toàn hệ thống."))


def _fill_in(user: User, details: UserDetails) -> None:
    user.full_name = details.full_name
    user.email = details.email
    user.language = details.language if details.language in LANGUAGES else "vi"
    user.is_disabled = details.is_disabled
    user.search_key = search_key(f"{user.username} {user.full_name}")


def _shown(user: User) -> dict[str, object]:
    return {
        "full_name": user.full_name,
        "email": user.email,
        "language": user.language,
        "is_disabled": user.is_disabled,
    }
