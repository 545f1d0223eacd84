"""Exemptions of a programme: the list, exempting a person, retracting a mistake."""

from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.forms import Form
from hrtrain.core.language import gettext as _
from hrtrain.core.period import day_after
from hrtrain.coverage.actions import exempt, retract_exemption
from hrtrain.coverage.forms import ExemptionForm
from hrtrain.coverage.gates import (
    READERS,
    exemption_or_404,
    managed_programme_or_404,
    manages,
    programme_or_404,
)
from hrtrain.coverage.models import Programme
from hrtrain.coverage.plan_queries import exemptions_of, groups_of_person, targets_of
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.answers import saved
from hrtrain.coverage.views.impact import answered
from hrtrain.people.gates import person_or_404
from hrtrain.people.models import CadreGroup, Person
from hrtrain.people.queries import PersonFilter, person_page
from hrtrain.units.scope import reach, scope_of

LIST = "coverage.exemption_list"


@bp.get("/programmes/<key>/exemptions")
@open_to(*READERS)
def exemption_list(key: str) -> ResponseReturnValue:
    """Who is exempt, why, and by which document; people within the user's reach."""
    programme = programme_or_404(key)
    reached = reach(scope_of(current_user(), *READERS))
    return render_template(
        "coverage/exemption_list.html",
        programme=programme,
        page=exemptions_of(programme, reached, request.args.get("after")),
        may_edit=manages(programme),
    )


@bp.route("/programmes/<key>/exemptions/new", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def exemption_new(key: str) -> ResponseReturnValue:
    """Exempt a person: first found by name, then the form."""
    programme = managed_programme_or_404(key)
    person_key = request.args.get("person")
    if not person_key:
        return _person_search(programme)
    return _exemption_form(programme, person_or_404(person_key, Role.PROGRAMME_MANAGER))


def _person_search(programme: Programme) -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()
    scope = scope_of(current_user(), Role.PROGRAMME_MANAGER)
    page = person_page(scope, PersonFilter(asked), request.args.get("after")) if asked else None
    return render_template(
        "coverage/exemption_person.html", programme=programme, asked=asked, page=page
    )


def _exemption_form(programme: Programme, person: Person) -> ResponseReturnValue:
    form = ExemptionForm(data={"group": request.args.get("group")})
    known = _groups_in_question(programme, person)
    form.group.choices = [(group.key, group.name) for group in known.values()]

    def act() -> None:
        details = form.details(person.id, known[form.group.data].id)
        exempt(programme, person, details, by=current_user())

    said = _("Đã ghi miễn cho %(name)s.", name=person.full_name)
    shown = {"form": form, "programme": programme, "person": person}
    return answered(
        form,
        act,
        days=lambda: [form.starts_on.data, day_after(form.last_day.data)],
        page=partial(render_template, "coverage/exemption_new.html", **shown),
        done=lambda: saved(programme, said, LIST),
    )


def _groups_in_question(programme: Programme, person: Person) -> dict[str, CadreGroup]:
    """The person's groups of which the programme wants something."""
    wanted = {target.group_id for target in targets_of(programme)}
    return {group.key: group for group in groups_of_person(person.id) if group.id in wanted}


@bp.route("/programmes/<key>/exemptions/<int:number>/retract", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def exemption_retract(key: str, number: int) -> ResponseReturnValue:
    """Take back an exemption recorded by mistake."""
    programme = managed_programme_or_404(key)
    exemption = exemption_or_404(programme, number)
    form = Form()

    def act() -> None:
        retract_exemption(programme, exemption, by=current_user())

    shown = {
        "form": form,
        "programme": programme,
        "exemption": exemption,
        "person": db.session.get_one(Person, exemption.person_id),
        "group": db.session.get_one(CadreGroup, exemption.group_id),
    }
    return answered(
        form,
        act,
        days=lambda: [exemption.starts_on, exemption.ends_on],
        page=partial(render_template, "coverage/exemption_retract.html", **shown),
        done=lambda: saved(programme, _("Đã rút việc miễn."), LIST),
    )
