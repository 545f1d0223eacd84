"""Users, for administrators: found, invited, changed, given roles."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.actions.sign_ins import revoke_sign_ins
from hrtrain.accounts.actions.users import add_grant, add_user, change_user, invite, remove_grant
from hrtrain.accounts.forms import LANGUAGE_CHOICES, GrantForm, NewUserForm, UserForm
from hrtrain.accounts.gates import grant_or_404, user_or_404
from hrtrain.accounts.models import User
from hrtrain.accounts.queries import find_managed_user, open_invitation_of, sign_ins_of, user_page
from hrtrain.accounts.rules import Role
from hrtrain.accounts.views import bp
from hrtrain.accounts.views.reach import granted_unit, managed_units, names_of
from hrtrain.accounts.words import role_choices, role_name, roles_to_give
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _


@bp.get("/users")
@open_to(Role.ADMINISTRATOR)
def user_list() -> ResponseReturnValue:
    """Users the administrator manages, found by name and role."""
    asked = request.args
    role = asked.get("role", "")
    page = user_page(asked.get("q", ""), role, managed_units(), asked.get("after"))
    units = names_of([grant for user in page.rows for grant in user.grants])
    return render_template(
        "accounts/users.html", page=page, units=units, role_name=role_name, roles=role_choices()
    )


# A user name begins with a letter or digit, so this address is nobody's.
@bp.route("/users/-/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new_user() -> ResponseReturnValue:
    """Add a user with a first role, and show the invitation's link once."""
    form = NewUserForm()
    form.role.choices = roles_to_give()
    if not form.validate_on_submit():
        return _new_user_page(form), 422 if form.errors else 200
    by = current_user()
    try:
        user = add_user(form.username.data, form.details(), by=by)
        add_grant(user, Role(form.role.data), granted_unit(form.unit.data or ""), by=by)
        token = invite(user, by=by)
    except Refusal as refusal:
        back_out(form, refusal)
        return _new_user_page(form), refusal.status
    db.session.commit()
    return _link_page(user, token)


@bp.route("/users/<username>", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def user(username: str) -> ResponseReturnValue:
    """A user's page: details, roles, sessions; posting changes the details."""
    found = user_or_404(username, managed_units())
    form = UserForm(obj=found)
    if not form.validate_on_submit():
        return _user_page(found, form), 422 if form.errors else 200
    try:
        check_version(form, found)
        change_user(found, form.details(), by=current_user())
    except Refusal as refusal:
        back_out(form, refusal)
        return _refused_page(username, form, refusal)
    db.session.commit()
    flash(_("Đã lưu."), "good")
    return redirect(url_for("accounts.user", username=username), 303)


@bp.post("/users/<username>/grants")
@open_to(Role.ADMINISTRATOR)
def new_grant(username: str) -> ResponseReturnValue:
    """Give the user one more role."""
    found = user_or_404(username, managed_units())
    form = GrantForm()
    form.role.choices = roles_to_give()
    if not form.validate_on_submit():
        return _user_page(found, UserForm(obj=found, formdata=None), form), 422
    try:
        add_grant(
            found, Role(form.role.data), granted_unit(form.unit.data or ""), by=current_user()
        )
    except Refusal as refusal:
        back_out(form, refusal)
        found = user_or_404(username, managed_units())
        return _user_page(found, UserForm(obj=found, formdata=None), form), refusal.status
    db.session.commit()
    flash(_("Đã giao vai trò."), "good")
    return redirect(url_for("accounts.user", username=username), 303)


@bp.post("/users/<username>/grants/<int:grant_id>/remove")
@open_to(Role.ADMINISTRATOR)
def end_grant(username: str, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    found = user_or_404(username, managed_units())
    remove_grant(found, grant_or_404(found, grant_id), by=current_user())
    db.session.commit()
    flash(_("Đã bỏ vai trò."), "good")
    # Without any role left the user is out of a unit administrator's sight.
    if find_managed_user(username, managed_units()) is None:
        return redirect(url_for("accounts.user_list"), 303)
    return redirect(url_for("accounts.user", username=username), 303)


@bp.post("/users/<username>/invite")
@open_to(Role.ADMINISTRATOR)
def invite_again(username: str) -> ResponseReturnValue:
    """A new one-time link, shown once; it also serves who forgot the password."""
    found = user_or_404(username, managed_units())
    token = invite(found, by=current_user())
    db.session.commit()
    return _link_page(found, token)


@bp.post("/users/<username>/sign-ins/revoke")
@open_to(Role.ADMINISTRATOR)
def revoke_users_sign_ins(username: str) -> ResponseReturnValue:
    """End all of the user's sessions."""
    found = user_or_404(username, managed_units())
    count = revoke_sign_ins(found, by=current_user())
    db.session.commit()
    flash(_("Đã kết thúc %(n)s phiên đăng nhập.", n=count), "good")
    return redirect(url_for("accounts.user", username=username), 303)


def _new_user_page(form: NewUserForm) -> str:
    return render_template("accounts/new_user.html", form=form)


def _refused_page(username: str, form: UserForm, refusal: Refusal) -> ResponseReturnValue:
    """The form as it was filled in, beside the row as it stands now."""
    found = user_or_404(username, managed_units())
    form.version.data = found.version
    versions = _both_versions(found, form) if isinstance(refusal, Stale) else None
    return _user_page(found, form, versions=versions), refusal.status


def _both_versions(found: User, form: UserForm) -> list[tuple[str, str, str]]:
    languages = dict(LANGUAGE_CHOICES)
    yes_no = {True: _("có"), False: _("không")}
    return [
        (form.full_name.label.text, found.full_name, form.full_name.data),
        (form.email.label.text, found.email, form.email.data),
        (form.language.label.text, languages[found.language], languages[form.language.data]),
        (form.is_disabled.label.text, yes_no[found.is_disabled], yes_no[form.is_disabled.data]),
    ]


def _user_page(
    found: User,
    form: UserForm,
    grant_form: GrantForm | None = None,
    *,
    versions: list[tuple[str, str, str]] | None = None,
) -> str:
    if grant_form is None:
        grant_form = GrantForm(formdata=None)
        grant_form.role.choices = roles_to_give()
    return render_template(
        "accounts/user.html",
        user=found,
        form=form,
        grant_form=grant_form,
        both_versions=versions,
        units=names_of(found.grants),
        role_name=role_name,
        sign_ins=sign_ins_of(found),
        open_invitation=open_invitation_of(found),
    )


def _link_page(found: User, token: str) -> str:
    path = url_for("accounts.invitation", token=token)
    url = current_app.config["SETTINGS"].address_of(path)
    return render_template("accounts/invitation_link.html", user=found, url=url)
