"""Sign-ins: sessions of browsers, opened after the password was right, revoked one by one."""

from sqlalchemy import update

from hrtrain.accounts.actions.audit import record
from hrtrain.accounts.models import SignIn, User
from hrtrain.accounts.rules import SIGN_IN_LASTS, new_token, token_hash
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.language import gettext as _


def open_sign_in(user: User, address: str, agent: str) -> str:
    """A new session of the user; the token is known to the browser alone."""
    token = new_token()
    row = SignIn(
        token_hash=token_hash(token),
        user_id=user.id,
        expires_at=clock.now() + SIGN_IN_LASTS,
        address=address[:60],
        agent=agent[:200],
    )
    db.session.add(row)
    record(user, "sign_in", ("user", user.username), _("Đăng nhập"), address=row.address)
    return token


def close_sign_in(user: User, token: str) -> None:
    """End the session of this token."""
    _revoke(SignIn.token_hash == token_hash(token))
    record(user, "sign_out", ("user", user.username), _("Đăng xuất"))


def revoke_sign_in(user: User, sign_in_id: int) -> bool:
    """End one of the user's sessions; whether it was there."""
    found = _revoke((SignIn.id == sign_in_id) & (SignIn.user_id == user.id))
    if found:
        record(user, "revoke_sign_in", ("user", user.username), _("Kết thúc một phiên đăng nhập"))
    return found > 0


def revoke_sign_ins(user: User, *, by: User | None, but_token: str = "") -> int:
    """End all of the user's sessions except the one of this token; how many ended."""
    others = (SignIn.user_id == user.id) & (SignIn.token_hash != token_hash(but_token))
    count = _revoke(others)
    summary = _("Kết thúc các phiên đăng nhập của %(name)s", name=user.full_name)
    record(by, "revoke_sign_ins", ("user", user.username), summary, count=count)
    return count


def _revoke(which: object) -> int:
    ended = update(SignIn).where(which, SignIn.revoked_at.is_(None)).values(revoked_at=clock.now())  # type: ignore[arg-type]
    return db.session.execute(ended).rowcount  # type: ignore[attr-defined, no-any-return]
