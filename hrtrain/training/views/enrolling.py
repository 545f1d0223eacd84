"""Enrolling people: found by name, missing in a group, or named in a file; leaving; seats."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.identity import national_id_hash
from hrtrain.people.matching import is_seen
from hrtrain.people.models import Person
from hrtrain.people.rosters.reading import read
from hrtrain.people.rosters.types import SheetReading
from hrtrain.people.rosters.words import sentence
from hrtrain.training import words
from hrtrain.training.actions.enrolments import Enrolled, enrol, give_seat, withdraw
from hrtrain.training.forms import EnrolForm, ListFileForm, WithdrawForm
from hrtrain.training.gates import (
    enrolment_or_404,
    locked_training_session_or_404,
    own_training_session_or_404,
)
from hrtrain.training.models import TrainingSession
from hrtrain.training.queries.enrolments import (
    candidates,
    matches_of,
    people_of_keys,
    people_to_enrol,
)
from hrtrain.training.queries.sessions import figures_of
from hrtrain.training.rules import EnrolmentState, SessionState, WhenFull, last_day
from hrtrain.training.views import bp
from hrtrain.training.views.answers import page
from hrtrain.training.views.missing import missing_for
from hrtrain.units.scope import scope_of

WAYS = ("search", "missing", "file")


def _seen() -> ColumnElement[bool]:
    """SQL: the organizer sees the person."""
    return is_seen(Person.id, scope_of(current_user(), Role.ORGANIZER), clock.today())


@bp.get("/training-sessions/<key>/enrol")
@open_to(Role.ORGANIZER)
def enrolment_new(key: str) -> ResponseReturnValue:
    """The page where people are found, by one of the ways, and ticked."""
    session = own_training_session_or_404(key)
    way = request.args.get("by", "search")
    way = way if way in WAYS else "search"
    text = request.args.get("q", "").strip()
    if way == "missing":
        return _missing_page(session)
    found = people_to_enrol(session, text, _seen()) if way == "search" else []
    return _page(session, EnrolForm(formdata=None), way, found=found)


def _missing_page(session: TrainingSession) -> str:
    scope = scope_of(current_user(), Role.ORGANIZER)
    missing = missing_for(session, request.args, scope, clock.today())
    form = EnrolForm(formdata=None)
    return _page(session, form, "missing", found=missing.page.rows, missing=missing)


@bp.post("/training-sessions/<key>/enrol")
@open_to(Role.ORGANIZER)
def enrol_people(key: str) -> ResponseReturnValue:
    """Enrol everybody ticked in one act."""
    form, status = EnrolForm(), 200
    session = own_training_session_or_404(key)
    if form.validate():
        try:
            enrolled = _enrol(session, form)
            db.session.commit()
            flash(_told(enrolled), "good")
            return redirect(url_for("training.training_session_page", key=key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            session = own_training_session_or_404(key)
    chosen = candidates(session, people_of_keys(form.person.data or [], _seen()))
    return page(_page(session, form, "chosen", found=chosen), form, status)


def _enrol(session: TrainingSession, form: EnrolForm) -> Enrolled:
    keys = set(form.person.data)
    people = people_of_keys(keys, _seen())
    if len(people) < len(keys):
        raise Refusal(_("Có người không thuộc phạm vi của bạn."), where="person")
    return enrol(session, people, when_full=WhenFull(form.when_full.data), by=current_user())


def _told(enrolled: Enrolled) -> str:
    said = [_("Đã ghi danh %(n)s người.", n=len(enrolled.booked))]
    if enrolled.waiting:
        said.append(_("%(n)s người vào danh sách chờ.", n=len(enrolled.waiting)))
    if enrolled.already:
        said.append(_("%(n)s người đã có trong lớp từ trước.", n=len(enrolled.already)))
    return " ".join(said)


@bp.post("/training-sessions/<key>/enrol/file")
@open_to(Role.ORGANIZER)
def enrol_from_file(key: str) -> ResponseReturnValue:
    """Show whom the rows of a file mean, ticked, and every row that means nobody known.

    Nothing is written here, so the file is read outside any write lock.
    """
    with reading():
        session = own_training_session_or_404(key)
        form = ListFileForm()
        if not form.validate():
            return _page(session, EnrolForm(formdata=None), "file", file_form=form), 422
        db.session.rollback()
        try:
            sheets = read_spreadsheet(form.file.data.read(), form.file.data.filename or "")
        except Refusal as refusal:
            form.file.errors = [str(refusal)]
            session = own_training_session_or_404(key)
            html = _page(session, EnrolForm(formdata=None), "file", file_form=form)
            return html, refusal.status
        readings = read(sheets, clock.today())
        return _file_page(own_training_session_or_404(key), readings)


def _file_page(session: TrainingSession, readings: list[SheetReading]) -> str:
    secret = current_app.config["SECRET_KEY"]
    entries = [
        entry.sealed(national_id_hash(entry.national_id, secret))
        for reading in readings
        for entry in reading.entries
    ]
    found, missed = matches_of(session, entries, _seen())
    return _page(
        session,
        EnrolForm(formdata=None),
        "file",
        found=found,
        missed=missed,
        complaints=[complaint for reading in readings for complaint in reading.complaints],
        was_read=True,
    )


@bp.route("/training-sessions/<key>/enrolments/<person>/withdraw", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def enrolment_withdraw(key: str, person: str) -> ResponseReturnValue:
    """Take somebody off the list, with the reason."""
    session, form, status = own_training_session_or_404(key), WithdrawForm(), 200
    enrolment = enrolment_or_404(session, person)
    if not form.is_submitted():
        form.version.data = enrolment.version
    elif form.validate():
        try:
            locked = enrolment_or_404(locked_training_session_or_404(key), person)
            check_version(form, locked)
            state = EnrolmentState(form.state.data)
            withdraw(locked, state, form.reason.data or "", by=current_user())
            db.session.commit()
            flash(_("Đã đưa %(name)s ra khỏi lớp.", name=locked.person.full_name), "good")
            return redirect(url_for("training.training_session_page", key=key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            form.version.data = enrolment.version
    html = render_template(
        "training/withdraw.html", form=form, session=session, enrolment=enrolment, words=words
    )
    return page(html, form, status)


@bp.post("/training-sessions/<key>/enrolments/<person>/seat")
@open_to(Role.ORGANIZER)
def enrolment_seat(key: str, person: str) -> ResponseReturnValue:
    """Give a free seat to somebody who waits."""
    session = locked_training_session_or_404(key)
    enrolment = enrolment_or_404(session, person)
    seat = give_seat(enrolment, by=current_user())
    db.session.commit()
    flash(_("Đã xếp chỗ số %(n)s cho %(name)s.", n=seat, name=enrolment.person.full_name), "good")
    return redirect(url_for("training.training_session_page", key=key), 303)


def _page(session: TrainingSession, form: EnrolForm, way: str, **more: Any) -> str:
    values = {
        "found": [],
        "missed": [],
        "complaints": [],
        "was_read": False,
        "missing": None,
        **more,
    }
    values.setdefault("file_form", ListFileForm(formdata=None))
    return render_template(
        "training/enrol.html",
        session=session,
        form=form,
        way=way,
        figures=figures_of(session),
        is_open=session.state == SessionState.OPEN,
        last_day=last_day,
        words=words,
        complaint_words=sentence,
        **values,
    )
