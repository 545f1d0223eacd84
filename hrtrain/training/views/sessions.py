"""Training sessions: the list, the page with its parts, making, editing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.rules import Role
from hrtrain.certificates.queries.certificates import certificates_in
from hrtrain.certificates.queries.due import certificate_count, holders
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.training import words
from hrtrain.training.actions.sessions import create_training_session, edit_training_session
from hrtrain.training.forms import SessionForm
from hrtrain.training.gates import (
    READERS,
    locked_training_session_or_404,
    organizes,
    own_training_session_or_404,
    reached,
    training_session_or_404,
)
from hrtrain.training.models import TrainingSession
from hrtrain.training.queries.courses import find_course
from hrtrain.training.queries.enrolments import (
    no_longer_complete,
    reason_counts,
    roster_page,
    verdicts,
)
from hrtrain.training.queries.sessions import (
    SessionFilter,
    figures_of,
)
from hrtrain.training.queries.sessions import (
    training_session_page as page_of_sessions,
)
from hrtrain.training.rules import last_day
from hrtrain.training.views import bp
from hrtrain.training.views.answers import (
    asked_unit,
    chosen_course,
    course_choices,
    organizers_unit,
    page,
)
from hrtrain.units.queries import subtree_ids
from hrtrain.units.scope import scope_of


@bp.get("/training-sessions")
@open_to(*READERS)
def training_session_list() -> ResponseReturnValue:
    """Sessions of the units in scope: those to come first, or those past, or all."""
    rows = page_of_sessions(
        _asked_filter(), reached(*READERS), clock.today(), request.args.get("after")
    )
    return render_template(
        "training/session_list.html",
        page=rows,
        courses=course_choices(),
        words=words,
        last_day=last_day,
        may_organize=may(Role.ORGANIZER),
    )


def _asked_filter() -> SessionFilter:
    asked = request.args
    course = find_course(asked.get("course", ""))
    unit = asked_unit(asked.get("unit", ""), scope_of(current_user(), *READERS))
    return SessionFilter(
        when=asked.get("when") or "upcoming",
        text=asked.get("q", "").strip(),
        course_id=course.id if course else None,
        units=subtree_ids([unit.id], clock.today()) if unit else None,
    )


@bp.get("/training-sessions/<key>")
@open_to(*READERS)
def training_session_page(key: str) -> ResponseReturnValue:
    """A session: figures, then its people, who is eligible, or its certificates."""
    session = training_session_or_404(key)
    part = request.args.get("part", "people")
    certified = holders(session)
    return render_template(
        "training/session_page.html",
        session=session,
        part=part,
        figures=figures_of(session),
        certificate_count=certificate_count(session),
        flagged=no_longer_complete(session, certified) if certified else [],
        may_organize=organizes(session),
        today=clock.today(),
        last_day=last_day,
        words=words,
        **_part_of(session, part, certified),
    )


def _part_of(session: TrainingSession, part: str, certified: set[int]) -> dict[str, Any]:
    """What the part of the page that is asked for shows."""
    if part == "certificates":
        return {"certificates": certificates_in(session)}
    rows = roster_page(session, request.args.get("after"))
    if part != "eligibility":
        return {"page": rows}
    return {
        "page": rows,
        "verdicts": verdicts(session, rows.rows, certified),
        "reasons": reason_counts(session, certified),
    }


@bp.route("/training-sessions/new", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def training_session_new() -> ResponseReturnValue:
    """Make a session; ``?course=`` chooses the course beforehand."""
    form, status = SessionForm(data={"course": request.args.get("course")}), 200
    form.course.choices = course_choices()
    if form.validate_on_submit():
        try:
            details = form.details(
                chosen_course(form.course.data).id, organizers_unit(form.unit).id
            )
            session = create_training_session(form.key.data, details, by=current_user())
            db.session.commit()
            flash(_("Đã mở lớp."), "good")
            return redirect(url_for("training.training_session_page", key=session.key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
    return page(render_template("training/session_new.html", form=form), form, status)


@bp.route("/training-sessions/<key>/edit", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def training_session_edit(key: str) -> ResponseReturnValue:
    """Edit an open session; a stale form is answered with both versions."""
    session = own_training_session_or_404(key)
    form, status = SessionForm(data=SessionForm.values_of(session)), 200
    del form.key
    form.course.choices = course_choices()
    if form.validate_on_submit():
        try:
            _save(key, form)
            flash(_("Đã lưu lớp."), "good")
            return redirect(url_for("training.training_session_page", key=key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            form.version.data = session.version
    kept = SessionForm(formdata=None, data=SessionForm.values_of(session))
    html = render_template(
        "training/session_edit.html",
        form=form,
        session=session,
        kept=kept,
        is_stale=status == 409,
    )
    return page(html, form, status)


def _save(key: str, form: SessionForm) -> None:
    session = locked_training_session_or_404(key)
    check_version(form, session)
    unit = organizers_unit(form.unit)
    details = form.details(chosen_course(form.course.data).id, unit.id)
    edit_training_session(session, details, by=current_user())
    db.session.commit()
