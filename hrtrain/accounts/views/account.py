"""A user's own account: password and open sessions."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, current_visitor
from hrtrain.accounts.actions import count_try, forgive_try
from hrtrain.accounts.actions.sign_ins import revoke_sign_in, revoke_sign_ins
from hrtrain.accounts.actions.users import set_password
from hrtrain.accounts.forms import ChangePasswordForm
from hrtrain.accounts.passwords import hash_password, is_password
from hrtrain.accounts.queries import sign_ins_of
from hrtrain.accounts.rules import TRIES_A_NAME, TRIES_MINUTES, browser_named, token_hash
from hrtrain.accounts.views import bp
from hrtrain.accounts.views.reach import names_of
from hrtrain.accounts.words import role_name
from hrtrain.core.access import signed_in
from hrtrain.core.db import db, reading
from hrtrain.core.language import gettext as _


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """The account's page."""
    return _page(ChangePasswordForm())


@bp.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """A new password, after the present one."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _page(form), 422
    if not _is_own_password(form.current.data):
        form.current.errors = [_("Mật khẩu hiện nay không đúng.")]
        return _page(form), 422
    new_hash = hash_password(form.password.data)
    set_password(current_user(), new_hash, keep_token=_own_token())
    db.session.commit()
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc."), "good")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/sign-ins/<int:sign_in_id>/revoke")
@signed_in
def revoke_own_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """End one of the own sessions."""
    if not revoke_sign_in(current_user(), sign_in_id):
        abort(404)
    db.session.commit()
    flash(_("Đã kết thúc phiên đăng nhập."), "good")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/sign-ins/revoke")
@signed_in
def revoke_other_sign_ins() -> ResponseReturnValue:
    """End all of the own sessions but this one."""
    user = current_user()
    revoke_sign_ins(user, by=user, but_token=_own_token())
    db.session.commit()
    flash(_("Đã kết thúc các phiên đăng nhập khác."), "good")
    return redirect(url_for("accounts.account"), 303)


def _page(form: ChangePasswordForm) -> str:
    with reading():
        user = current_user()
        return render_template(
            "accounts/account.html",
            form=form,
            user=user,
            units=names_of(user.grants),
            role_name=role_name,
            browser_named=browser_named,
            sign_ins=sign_ins_of(user),
            own_hash=token_hash(_own_token()),
        )


def _is_own_password(password: str) -> bool:
    visitor = current_visitor()
    key = f"password:{visitor.user_id if visitor else ''}"
    count_try(key, TRIES_A_NAME, TRIES_MINUTES)
    with reading():
        kept = current_user().password_hash
        db.session.rollback()
    if not is_password(password, kept):
        return False
    forgive_try(key)
    return True


def _own_token() -> str:
    visitor = current_visitor()
    return visitor.token if visitor else ""
