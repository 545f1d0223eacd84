"""Breaches of personal data: the register with the 72 hours of the law."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.privacy.actions.incidents import (
    IncidentDetails,
    change_incident,
    enter_incident,
)
from hrtrain.privacy.forms import IncidentForm
from hrtrain.privacy.gates import whole_system_or_404
from hrtrain.privacy.models import DataIncident
from hrtrain.privacy.queries.incidents import find_incident, incident_page, row_of
from hrtrain.privacy.views import bp


@bp.get("/privacy/incidents")
@open_to(Role.ADMINISTRATOR)
def incident_list() -> ResponseReturnValue:
    """Every breach with the instant by which it is to be reported."""
    whole_system_or_404()
    page = incident_page(clock.now(), request.args.get("after"))
    return render_template("privacy/incident_list.html", page=page)


@bp.route("/privacy/incidents/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def incident_new() -> ResponseReturnValue:
    """Enter a breach."""
    whole_system_or_404()
    form = IncidentForm()
    if request.method == "GET":
        _show_instant(form, None)
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    enter_incident(form.once.data, _details(form), by=current_user())
    db.session.commit()
    flash(_("Đã ghi sự cố."), "good")
    return redirect(url_for("privacy.incident_list"), 303)


@bp.route("/privacy/incidents/<key>", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def incident_edit(key: str) -> ResponseReturnValue:
    """What is known by now, and that it was reported."""
    whole_system_or_404()
    incident = find_incident(key) or abort(404)
    form, status = IncidentForm(), 200
    if request.method == "GET":
        form = IncidentForm(obj=incident, is_reported=incident.reported_at is not None)
        _show_instant(form, incident)
    if form.validate_on_submit():
        try:
            check_version(form, incident)
            change_incident(incident, _details(form), by=current_user())
            db.session.commit()
            flash(_("Đã lưu."), "good")
            return redirect(url_for("privacy.incident_list"), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            incident = find_incident(key) or abort(404)
            form.version.data = incident.version
    elif form.errors:
        status = 422
    return _page(form, incident), status


def _show_instant(form: IncidentForm, incident: DataIncident | None) -> None:
    at = (incident.noticed_at if incident else clock.now()).astimezone(clock.LOCAL)
    form.noticed_on.data, form.noticed_time.data = at.date(), at.strftime("%H:%M")


def _details(form: IncidentForm) -> IncidentDetails:
    return IncidentDetails(
        noticed_at=form.noticed_at,
        what=form.what.data,
        people_count=form.people_count.data,
        measures=form.measures.data or "",
        is_reported=form.is_reported.data,
        report_no=form.report_no.data or "",
    )


def _page(form: IncidentForm, incident: DataIncident | None = None) -> str:
    row = row_of(incident, clock.now()) if incident else None
    return render_template("privacy/incident.html", form=form, row=row)
