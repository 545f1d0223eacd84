"""The page behind a one-time link: the invited chooses a password."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.actions.users import accept_invitation
from hrtrain.accounts.forms import NewPasswordForm
from hrtrain.accounts.models import Invitation, User
from hrtrain.accounts.passwords import hash_password
from hrtrain.accounts.queries import find_invitation
from hrtrain.accounts.views import bp
from hrtrain.core import clock
from hrtrain.core.access import public
from hrtrain.core.db import db, reading
from hrtrain.core.language import gettext as _


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Choose a password; unknown links are not found, used and outdated ones are gone."""
    form = NewPasswordForm()
    with reading():
        _found, user = _working_invitation(token)
        if not form.validate_on_submit():
            page = render_template("accounts/invitation.html", form=form, user=user)
            return page, 422 if form.errors else 200
        db.session.rollback()
    password_hash = hash_password(form.password.data)
    accept_invitation(*_working_invitation(token), password_hash)
    db.session.commit()
    flash(_("Đã đặt mật khẩu. Hãy đăng nhập."), "good")
    return redirect(url_for("accounts.sign_in"), 303)


def _working_invitation(token: str) -> tuple[Invitation, User]:
    found = find_invitation(token)
    if found is None:
        abort(404)
    row, user = found
    if row.used_at is not None or row.expires_at <= clock.now() or user.is_disabled:
        abort(410)
    return row, user
