"""Signing in and out."""

import flask_login
from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import Visitor, current_user, current_visitor, safe_next
from hrtrain.accounts.actions import count_try, forgive_try
from hrtrain.accounts.actions.sign_ins import close_sign_in, open_sign_in
from hrtrain.accounts.forms import SignInForm
from hrtrain.accounts.models import User
from hrtrain.accounts.passwords import is_password
from hrtrain.accounts.queries import find_user
from hrtrain.accounts.rules import (
    TRIES_A_NAME,
    TRIES_AN_ADDRESS,
    TRIES_MINUTES,
    known_username,
    network_of,
    token_hash,
)
from hrtrain.accounts.views import bp
from hrtrain.accounts.views.navigation import front_page
from hrtrain.core.access import public, signed_in
from hrtrain.core.db import db, reading
from hrtrain.core.language import gettext as _


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """The door; whoever is signed in already goes on."""
    target = safe_next(request.args.get("next"))
    if current_visitor():
        return redirect(target if request.args.get("next") else front_page(), 303)
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    user = _tried_user(form.username.data, form.password.data)
    if user is None:
        form.password.errors = [_("Tên đăng nhập hoặc mật khẩu không đúng.")]
        return render_template("accounts/sign_in.html", form=form), 422
    _let_in(user)
    return redirect(target if request.args.get("next") else front_page(), 303)


def _tried_user(username: str, password: str) -> User | None:
    """The user, if that is the password; unknown, disabled and wrong take the same time."""
    keys = {
        f"sign-in:address:{network_of(request.remote_addr or '')}": TRIES_AN_ADDRESS,
        f"sign-in:name:{token_hash(known_username(username))}": TRIES_A_NAME,
    }
    for key, limit in keys.items():
        count_try(key, limit, TRIES_MINUTES)
    with reading():
        user = find_user(username)
        kept = user.password_hash if user and not user.is_disabled else ""
        # The hash takes its time without holding a transaction open.
        db.session.rollback()
    if not is_password(password, kept):
        return None
    for key in keys:
        forgive_try(key)
    return find_user(username)


def _let_in(user: User) -> None:
    """Open a session under a new token; nothing but the language is carried over."""
    token = open_sign_in(user, request.remote_addr or "", request.user_agent.string)
    roles = frozenset(grant.role for grant in user.grants)
    visitor = Visitor(token, user.id, user.username, user.full_name, roles)
    language = session.get("language") or user.language
    db.session.commit()
    session.clear()
    session["language"] = language
    flask_login.login_user(visitor)


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End the session here and in the table."""
    visitor = current_visitor()
    if visitor:
        close_sign_in(current_user(), visitor.token)
        db.session.commit()
    flask_login.logout_user()
    flash(_("Bạn đã đăng xuất."), "good")
    return redirect(url_for("accounts.sign_in"), 303)
