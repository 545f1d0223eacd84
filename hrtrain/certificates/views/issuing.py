"""A session's certificates: issued in one act, printed as one file, packed as one archive."""

import tempfile
import zipfile
from pathlib import Path

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.actions import record
from hrtrain.accounts.rules import Role
from hrtrain.certificates import marks
from hrtrain.certificates.actions.issuing import issue
from hrtrain.certificates.forms import IssueForm
from hrtrain.certificates.jobs import PRINT, ask_for_documents, once_of
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.certificates.queries.certificates import (
    certificates_in,
    documents_in,
    without_document,
)
from hrtrain.certificates.queries.due import find_series, people_due, series_for
from hrtrain.certificates.rules import number_value
from hrtrain.certificates.views import bp
from hrtrain.certificates.views.answers import document_name, end_reading, series_choices
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.jobs.describing import Description, describes
from hrtrain.core.jobs.models import Job
from hrtrain.core.jobs.queries import unfinished_job
from hrtrain.core.language import gettext as _
from hrtrain.core.pdf.merging import merge
from hrtrain.core.shown import note_shown
from hrtrain.training.gates import own_training_session_or_404, training_session_or_404
from hrtrain.training.models import TrainingSession
from hrtrain.training.rules import last_day
from hrtrain.training.views.answers import page

SESSION_READERS = (Role.ORGANIZER, Role.PROGRAMME_MANAGER)


@describes(PRINT)
def describe(job: Job) -> Description:
    """The printing job in words, with where its results are."""
    title = _("Tạo tệp giấy chứng nhận: %(title)s", title=job.payload.get("title", ""))
    key = job.payload.get("session")
    if not key:
        return Description(title)
    links = (
        (_("Xem giấy chứng nhận của lớp"), url_for("certificates.session_certificates", key=key)),
        (_("Một tệp để in"), url_for("certificates.print_file", key=key)),
        (_("Tệp nén ZIP"), url_for("certificates.archive", key=key)),
    )
    return Description(title, links)


@bp.route("/training-sessions/<key>/certificates", methods=["GET", "POST"])
@open_to(*SESSION_READERS)
def session_certificates(key: str) -> ResponseReturnValue:
    """Who is due, what was issued; the organizer issues to all who are due."""
    session = training_session_or_404(key)
    form, status = IssueForm(), 200
    found = series_for(session)
    form.series.choices = series_choices(found)
    if form.validate_on_submit():
        session = own_training_session_or_404(key)
        try:
            return _issued(session, form)
        except Refusal as refusal:
            status = back_out(form, refusal)
    html = render_template(
        "certificates/session_certificates.html",
        session=session,
        form=form,
        due=people_due(session),
        rows=certificates_in(session),
        pending=len(without_document(session)),
        job=unfinished_job(once_of(session)),
        last_day=last_day,
        today=clock.today(),
    )
    return page(html, form, status)


def _issued(session: TrainingSession, form: IssueForm) -> ResponseReturnValue:
    series = find_series(form.series.data)
    assert series is not None
    if not people_due(session) and certificates_in(session):
        # The second of a double click: what it asks for is done already.
        flash(_("Mọi người đủ điều kiện của lớp đã được cấp giấy chứng nhận."), "info")
        return redirect(url_for("certificates.session_certificates", key=session.key), 303)
    today = clock.today()
    made = issue(session, series, by=current_user(), on=today)
    job = ask_for_documents(made, session=session, by=current_user())
    entry = (series.key, today.year, number_value(made[-1].number, series.notation) or 0)
    job_key = job.key
    db.session.commit()
    marks.raise_to(data_folder(), *entry)
    return redirect(url_for("jobs.job_page", key=job_key), 303)


@bp.post("/training-sessions/<key>/certificates/documents")
@open_to(Role.ORGANIZER)
def make_missing_documents(key: str) -> ResponseReturnValue:
    """Ask again for the documents that could not be made."""
    session = own_training_session_or_404(key)
    missing = without_document(session)
    if not missing:
        flash(_("Mọi giấy chứng nhận của lớp đã có tệp."), "info")
        return redirect(url_for("certificates.session_certificates", key=key), 303)
    job = ask_for_documents(missing, session=session, by=current_user())
    record(current_user(), "make_documents", ("training_session", key), _("Tạo tệp còn thiếu"))
    job_key = job.key
    db.session.commit()
    return redirect(url_for("jobs.job_page", key=job_key), 303)


@bp.get("/training-sessions/<key>/certificates/print.pdf")
@open_to(*SESSION_READERS)
def print_file(key: str) -> ResponseReturnValue:
    """The session's live certificates behind each other in one file to print."""
    documents = _documents(training_session_or_404(key))
    folder = Path(tempfile.mkdtemp(prefix="hrtrain-print-"))
    try:
        paths = [document_store().path(sha256) for sha256, _name in documents]
        merge(paths, folder / "print.pdf")
        file = (folder / "print.pdf").open("rb")
    finally:
        # The open file outlives its name.
        (folder / "print.pdf").unlink(missing_ok=True)
        folder.rmdir()
    return send_file(
        file, "application/pdf", as_attachment=True, download_name=f"giay-chung-nhan-{key}.pdf"
    )


@bp.get("/training-sessions/<key>/certificates.zip")
@open_to(*SESSION_READERS)
def archive(key: str) -> ResponseReturnValue:
    """The session's live certificates as an archive; file names carry the number.

    Refuses when a stored file is gone or is no longer what was stored.
    """
    documents = _documents(training_session_or_404(key))
    file = tempfile.TemporaryFile(prefix="hrtrain-zip-")  # noqa: SIM115  (sent, then closed)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for sha256, name in documents:
            packed.writestr(name, document_store().read(sha256))
    file.seek(0)
    return send_file(
        file, "application/zip", as_attachment=True, download_name=f"giay-chung-nhan-{key}.zip"
    )


def _documents(session: TrainingSession) -> list[tuple[str, str]]:
    """Hash and file name of each stored document."""
    certificates = documents_in(session)
    note_shown(one.person_id for one in certificates)
    documents = [(one.sha256, document_name(one)) for one in certificates]
    if not documents:
        raise Refusal(_("Lớp chưa có tệp giấy chứng nhận nào."))
    end_reading()
    return documents
