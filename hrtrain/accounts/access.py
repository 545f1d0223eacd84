"""Who is asking: the signed-in user of the request, and the lock on every view's door.

The browser's signed cookie holds a random token, the ``sign_in`` table its hash, so that a
session ends at once when it is revoked or the user disabled, wherever the cookie is.
"""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import flask_login
from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hrtrain.accounts.models import Grant, SignIn, User
from hrtrain.accounts.rules import Role, token_hash
from hrtrain.core import clock
from hrtrain.core.access import PUBLIC, SIGNED_IN, roles_of
from hrtrain.core.db import db, reading

_login = flask_login.LoginManager()


@dataclass(frozen=True)
class Visitor(flask_login.UserMixin):  # type: ignore[misc]
    """The signed-in user as the request began; plain values that outlive a rollback."""

    token: str
    user_id: int
    username: str
    full_name: str
    roles: frozenset[str]

    def get_id(self) -> str:
        """What Flask-Login keeps in the signed session."""
        return self.token


def set_up(app: Flask) -> None:
    """Close every door that is not marked open; call before the blueprints' own hooks."""
    _login.init_app(app)
    _login.user_loader(visitor_of)
    app.before_request(_guard)


def visitor_of(token: str) -> Visitor | None:
    """Who signed in with the token, unless it ended, was revoked or the user is disabled."""
    found = (
        select(User.id, User.username, User.full_name, Grant.role)
        .join(SignIn, SignIn.user_id == User.id)
        .outerjoin(Grant, Grant.user_id == User.id)
        .where(SignIn.token_hash == token_hash(token), SignIn.revoked_at.is_(None))
        .where(SignIn.expires_at > clock.now(), User.is_disabled.is_(False))
    )
    with reading():
        rows = db.session.execute(found).all()
        # The view begins its own transaction: with the write lock, or after slow work without.
        db.session.rollback()
    if not rows:
        return None
    roles = frozenset(row.role for row in rows if row.role is not None)
    return Visitor(token, rows[0].id, rows[0].username, rows[0].full_name, roles)


def current_user() -> User:
    """The signed-in user's row in the current transaction; 403 when nobody is signed in."""
    visitor = current_visitor()
    user = db.session.get(User, visitor.user_id) if visitor else None
    if user is None:
        abort(403)
    # The session holds its rows weakly: without a holder the next question would load it again.
    g.asking = user
    return user


def current_visitor() -> Visitor | None:
    """The signed-in user as the request began, None when nobody is."""
    visitor = flask_login.current_user
    return cast(Visitor, visitor._get_current_object()) if visitor.is_authenticated else None


def may(*roles: str) -> bool:
    """Whether the signed-in user holds one of the roles for whatever unit, or is administrator."""
    visitor = current_visitor()
    return visitor is not None and holds_one(visitor.roles, frozenset(roles))


def holds_one(held: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether one of the asked roles is held; an administrator holds every role asked for."""
    return bool(asked) and (Role.ADMINISTRATOR in held or bool(held & asked))


def is_open_to(endpoint: str, visitor: Visitor | None) -> bool:
    """Whether the visitor may enter the view at all; navigation shows only such."""
    view = current_app.view_functions.get(endpoint)
    asked = roles_of(view) if view else frozenset()
    if asked == PUBLIC:
        return True
    if visitor is None:
        return False
    return asked == SIGNED_IN or holds_one(visitor.roles, asked)


def _guard() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static":
        return None
    visitor = None if is_open_to(endpoint, None) else current_visitor()
    if is_open_to(endpoint, visitor):
        return None
    if visitor is not None or not roles_of(current_app.view_functions[endpoint]):
        abort(403)
    session.pop("_user_id", None)
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=here), 303)


def safe_next(target: str | None) -> str:
    """The page to go to after signing in: a path of this site, else the front page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(letter < " " or letter == "\\" for letter in target):
        return "/"
    return target
