"""People: the list, a person's page, adding and changing one."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.queries import entries_about
from hrtrain.certificates.gates import readable_keys
from hrtrain.certificates.queries.certificates import certificates_of
from hrtrain.certificates.words import STATE_TONES
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.forms import asked_day, back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.core.paging import Page
from hrtrain.coverage import words as coverage_words
from hrtrain.coverage.explaining import why
from hrtrain.coverage.person_standings import person_standing
from hrtrain.coverage.person_strips import strips_of
from hrtrain.coverage.strip_chart import strip as drawn
from hrtrain.coverage.telling import state_name
from hrtrain.people import actions
from hrtrain.people.duplicates.queries import pairs_of
from hrtrain.people.forms import NewPersonForm, PersonForm, group_choices
from hrtrain.people.gates import (
    KEEPERS,
    READERS,
    any_person_or_404,
    group_or_404,
    person_or_404,
    reaches,
)
from hrtrain.people.identity import national_id_hash
from hrtrain.people.merges.queries import merge_of, merges_into, standing_for
from hrtrain.people.models import Person
from hrtrain.people.queries import (
    PersonFilter,
    PersonRow,
    find_person,
    groups,
    memberships_of,
    person_page,
    possible_duplicates,
)
from hrtrain.people.rules import PersonDetails, Placement
from hrtrain.people.views import bp
from hrtrain.people.words import act_name, gender_name
from hrtrain.training import words as training_words
from hrtrain.training.gates import READERS as COMPLETERS
from hrtrain.training.queries.courses import completions_of
from hrtrain.training.queries.sessions import training_sessions_of
from hrtrain.units.gates import typed_unit
from hrtrain.units.models import Unit
from hrtrain.units.scope import scope_of


@bp.get("/people")
@open_to(*READERS)
def person_list() -> ResponseReturnValue:
    """People in scope, searched without marks, by group, unit and day."""
    scope, today = scope_of(current_user()), clock.today()
    page: Page[PersonRow] = Page([])
    unit, complaint = None, ""
    try:
        unit = typed_unit(request.args["unit"]) if request.args.get("unit", "").strip() else None
        page = person_page(scope, _asked(unit), request.args.get("after"))
    except Refusal as refusal:
        complaint = refusal.message
    return render_template(
        "people/person_list.html",
        page=page,
        complaint=complaint,
        typed=unit.typed if unit else request.args.get("unit", ""),
        day=asked_day(request.args.get("as_of"), today) if not complaint else today,
        groups=group_choices(groups()),
        may_add=may(*KEEPERS),
    )


def _named(text: str) -> str:
    """The unit a link means, as its field shows it; what is none of the user's stays as it came."""
    try:
        return typed_unit(text, *KEEPERS).typed if text else ""
    except Refusal:
        return text


def _asked(unit: Unit | None) -> PersonFilter:
    asked = request.args
    group = group_or_404(asked["group"]) if asked.get("group") else None
    return PersonFilter(
        text=asked.get("q", ""),
        group_id=group.id if group else None,
        unit_id=unit.id if unit else None,
        on=asked_day(asked["as_of"], clock.today()) if asked.get("as_of") else None,
    )


@bp.get("/people/<key>", endpoint="person_page")
@open_to(*READERS)
def show_person(key: str) -> ResponseReturnValue:
    """Details, days in groups with their evidence, what was completed, the audit log's last."""
    person = any_person_or_404(key)
    if person.is_set_aside:
        return _set_aside_page(person)
    seen, kept = scope_of(current_user()), scope_of(current_user(), *KEEPERS)
    certificates = certificates_of(person.id)
    return render_template(
        "people/person_page.html",
        person=person,
        memberships=memberships_of(person, seen, kept),
        completions=completions_of(person),
        standings=person_standing(person, clock.today()),
        strips=strips_of(person),
        drawn=drawn,
        state_name=state_name,
        coverage_words=coverage_words,
        why=why,
        certificates=certificates,
        open_certificates=readable_keys(row.key for row in certificates),
        certificate_tones=STATE_TONES,
        sessions=training_sessions_of(person),
        training_words=training_words,
        entries=entries_about("person", key),
        today=clock.today(),
        gender_name=gender_name,
        act_name=act_name,
        may_change=reaches(person, *KEEPERS),
        merges=merges_into(person),
        pairs=pairs_of(person, kept),
        may_complete=reaches(person, *COMPLETERS),
        personal_link=current_app.config["SETTINGS"].address_of(
            url_for("training.personal_link", code=person.access_code)
        ),
    )


def _set_aside_page(person: Person) -> str:
    """What became of a record that is in no list any more."""
    return render_template(
        "people/person_set_aside.html",
        person=person,
        merge=merge_of(person),
        standing=standing_for(person),
        may_change=reaches(standing_for(person), *KEEPERS),
        gender_name=gender_name,
        entries=entries_about("person", person.key),
        act_name=act_name,
    )


@bp.route("/people/-/new", methods=["GET", "POST"])
@open_to(*KEEPERS)
def person_new() -> ResponseReturnValue:
    """Add a person to a group at a unit; someone alike is shown first, to be ticked away."""
    form = NewPersonForm()
    form.group.choices = group_choices(groups())
    if request.method == "GET":
        form.group.data = request.args.get("group") or form.group.data
        form.unit.data = _named(request.args.get("unit", ""))
    if not form.validate_on_submit():
        return _new_page(form), 422 if form.errors else 200
    alike = _alike(form)
    if alike:
        return _new_page(form, alike), 422
    try:
        person = _add(form)
    except Refusal as refusal:
        back_out(form, refusal)
        return _new_page(form), refusal.status
    db.session.commit()
    flash(_("Đã thêm %(name)s.", name=person.full_name), "good")
    return redirect(url_for("people.person_page", key=person.key), 303)


def _alike(form: NewPersonForm) -> list[PersonRow]:
    """Who may be the same person, unless that was ticked away or the form was sent twice."""
    if form.anyway.data or find_person(form.once.data) is not None:
        return []
    details = form.details()
    return possible_duplicates(details, _hash(details), scope_of(current_user(), *KEEPERS))


def _add(form: NewPersonForm) -> Person:
    user, details = current_user(), form.details()
    unit = typed_unit(form.unit.data, *KEEPERS)
    group = group_or_404(form.group.data)
    person = actions.add_person(form.once.data, details, _hash(details), by=user)
    placed = Placement(group.id, unit.id, form.period, details.position)
    actions.add_membership(person, placed, by=user)
    return person


def _new_page(form: NewPersonForm, alike: list[PersonRow] | None = None) -> str:
    return render_template("people/person_new.html", form=form, alike=alike or [])


def _hash(details: PersonDetails) -> str:
    return national_id_hash(details.national_id, current_app.config["SECRET_KEY"])


@bp.route("/people/<key>/edit", methods=["GET", "POST"])
@open_to(*KEEPERS)
def person_edit(key: str) -> ResponseReturnValue:
    """Change what is known of a person; 409 with both versions when somebody was faster."""
    person = person_or_404(key, *KEEPERS)
    form = PersonForm()
    if request.method == "GET":
        form.show(person)
    if not form.validate_on_submit():
        return _edit_page(person, form), 422 if form.errors else 200
    try:
        check_version(form, person)
        details = form.details()
        actions.change_person(person, details, _hash(details), by=current_user())
    except Refusal as refusal:
        back_out(form, refusal)
        return _edit_page(person, form, is_stale=isinstance(refusal, Stale)), refusal.status
    db.session.commit()
    flash(_("Đã lưu."), "good")
    return redirect(url_for("people.person_page", key=key), 303)


def _edit_page(person: Person, form: Any, *, is_stale: bool = False) -> str:
    if is_stale:
        # Sent again, it replaces the version that is now shown beside it.
        form.version.data = person.version
    return render_template(
        "people/person_edit.html",
        person=person,
        form=form,
        is_stale=is_stale,
        gender_name=gender_name,
    )
