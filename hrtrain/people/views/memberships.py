"""A person's days in groups: recorded, ended, moved to another unit, corrected, taken back."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.language import gettext as _
from hrtrain.core.period import day_after
from hrtrain.coverage.views.impact import answered
from hrtrain.people import actions
from hrtrain.people.forms import (
    EndForm,
    MembershipForm,
    RetractForm,
    TransferForm,
    group_choices,
)
from hrtrain.people.gates import KEEPERS, group_or_404, membership_or_404, person_or_404
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.people.queries import groups
from hrtrain.people.rules import Placement
from hrtrain.people.views import bp
from hrtrain.units.gates import typed_unit
from hrtrain.units.models import Unit

ADDRESS = "/people/<key>/memberships/<int:membership_id>"


@bp.route("/people/<key>/memberships/new", methods=["GET", "POST"])
@open_to(*KEEPERS)
def membership_new(key: str) -> ResponseReturnValue:
    """Place a person in a group at a unit in scope."""
    person = person_or_404(key, *KEEPERS)
    form = MembershipForm()
    form.group.choices = group_choices(groups())
    if request.method == "GET":
        form.position.data = person.position

    def act() -> None:
        actions.add_membership(person, _placement(form), by=current_user())

    return _done(person, None, form, act, "new")


@bp.route(f"{ADDRESS}/end", methods=["GET", "POST"])
@open_to(*KEEPERS)
def membership_end(key: str, membership_id: int) -> ResponseReturnValue:
    """Say the last day of a membership."""
    person = person_or_404(key, *KEEPERS)
    membership = membership_or_404(person, membership_id, *KEEPERS)
    form = EndForm()

    def act() -> None:
        actions.end_membership(membership, form.day, by=current_user())

    return _done(person, membership, form, act, "end")


@bp.route(f"{ADDRESS}/transfer", methods=["GET", "POST"])
@open_to(*KEEPERS)
def membership_transfer(key: str, membership_id: int) -> ResponseReturnValue:
    """Move the person to another unit in scope from a day on, in the same group."""
    person = person_or_404(key, *KEEPERS)
    membership = membership_or_404(person, membership_id, *KEEPERS)
    form = TransferForm()
    if request.method == "GET":
        form.position.data = membership.position

    def act() -> None:
        unit = typed_unit(form.unit.data, *KEEPERS)
        position = form.position.data or ""
        actions.transfer_membership(membership, unit, form.day, position, by=current_user())

    return _done(person, membership, form, act, "transfer")


@bp.route(f"{ADDRESS}/correct", methods=["GET", "POST"])
@open_to(*KEEPERS)
def membership_correct(key: str, membership_id: int) -> ResponseReturnValue:
    """Record the membership as it should have been."""
    person = person_or_404(key, *KEEPERS)
    membership = membership_or_404(person, membership_id, *KEEPERS)
    form = MembershipForm()
    form.group.choices = group_choices(groups())
    if request.method == "GET":
        _show(form, membership)

    def act() -> None:
        actions.correct_membership(membership, _placement(form), by=current_user())

    return _done(person, membership, form, act, "correct")


@bp.route(f"{ADDRESS}/retract", methods=["GET", "POST"])
@open_to(*KEEPERS)
def membership_retract(key: str, membership_id: int) -> ResponseReturnValue:
    """Take back a membership recorded in error; the reason goes to the audit log."""
    person = person_or_404(key, *KEEPERS)
    membership = membership_or_404(person, membership_id, *KEEPERS)
    form = RetractForm()

    def act() -> None:
        actions.retract_membership(membership, form.reason.data, by=current_user())

    return _done(person, membership, form, act, "retract")


def _done(
    person: Person, membership: Membership | None, form: Any, act: Callable[[], None], what: str
) -> ResponseReturnValue:
    """One way for every act: form, act, commit, and back to the person."""
    return answered(
        form,
        act,
        days=lambda: _days(form, membership),
        page=partial(_page, person, membership, form, what),
        done=lambda: _saved(person),
    )


def _saved(person: Person) -> ResponseReturnValue:
    flash(_("Đã lưu."), "good")
    return redirect(url_for("people.person_page", key=person.key), 303)


def _days(form: Any, membership: Membership | None) -> list[date | None]:
    """The days on which the act, or the row it puts right, makes a difference."""
    days = [membership.starts_on, membership.ends_on] if membership else []
    if isinstance(form, MembershipForm):
        return [*days, form.period.starts_on, form.period.ends_on]
    if isinstance(form, EndForm):
        return [day_after(form.day)]
    return [form.day] if isinstance(form, TransferForm) else days


def _page(person: Person, membership: Membership | None, form: Any, what: str, **more: Any) -> str:
    return render_template(
        "people/membership_act.html",
        person=person,
        membership=membership,
        unit=db.session.get(Unit, membership.unit_id) if membership else None,
        group=db.session.get(CadreGroup, membership.group_id) if membership else None,
        form=form,
        what=what,
        **more,
    )


def _placement(form: MembershipForm) -> Placement:
    unit = typed_unit(form.unit.data, *KEEPERS)
    group = group_or_404(form.group.data)
    return Placement(group.id, unit.id, form.period, form.position.data or "")


def _show(form: MembershipForm, membership: Membership) -> None:
    unit = db.session.get_one(Unit, membership.unit_id)
    form.group.data = db.session.get_one(CadreGroup, membership.group_id).key
    form.unit.data = f"{unit.name} [{unit.key}]"
    form.position.data = membership.position
    form.show_days(membership.starts_on, membership.ends_on)
