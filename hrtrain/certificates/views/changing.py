"""Revoking a certificate, and replacing one that the issuer got wrong."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.certificates import marks
from hrtrain.certificates.actions.changing import correct, revoke
from hrtrain.certificates.forms import CorrectForm, RevokeForm
from hrtrain.certificates.gates import certificate_or_404
from hrtrain.certificates.jobs import ask_for_documents
from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.places import data_folder
from hrtrain.certificates.queries.certificates import content_of, series_of
from hrtrain.certificates.queries.due import find_series, series_for
from hrtrain.certificates.rules import number_value
from hrtrain.certificates.views import bp
from hrtrain.certificates.views.answers import series_choices
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.impact import answered
from hrtrain.training.views.answers import page


@bp.route("/certificates/<key>/revoke", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def certificate_revoke(key: str) -> ResponseReturnValue:
    """Revoke, by a decision with its number, day and reason."""
    certificate = certificate_or_404(key, Role.ORGANIZER)
    form = RevokeForm()

    def act() -> None:
        revoke(certificate, form.details(), by=current_user())

    shown = {"certificate": certificate, "form": form}
    return answered(
        form,
        act,
        days=lambda: [form.revoked_on.data],
        page=partial(render_template, "certificates/revoke.html", **shown),
        done=lambda: _revoked(key),
    )


def _revoked(key: str) -> ResponseReturnValue:
    flash(_("Đã thu hồi giấy chứng nhận. Trang kiểm tra công khai báo ngay."), "good")
    return redirect(url_for("certificates.certificate_page", key=key), 303)


@bp.route("/certificates/<key>/correct", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def certificate_correct(key: str) -> ResponseReturnValue:
    """Replace a certificate on which the issuer made an error."""
    certificate = certificate_or_404(key, Role.ORGANIZER)
    content = content_of(certificate)
    found = _series(certificate)
    form, status = CorrectForm(data=CorrectForm.values_of(content)), 200
    form.series.choices = series_choices(found)
    if form.validate_on_submit():
        try:
            return _corrected(certificate, form)
        except Refusal as refusal:
            status = back_out(form, refusal)
    html = render_template(
        "certificates/correct.html", certificate=certificate, content=content, form=form
    )
    return page(html, form, status)


def _corrected(certificate: Certificate, form: CorrectForm) -> ResponseReturnValue:
    series = find_series(form.series.data)
    assert series is not None
    changes, reason = form.details(), form.reason.data
    made = correct(certificate, changes, series, reason=reason, by=current_user())
    ask_for_documents([made], by=current_user())
    entry = (series.key, made.issued_on.year, number_value(made.number, series.notation) or 0)
    key = made.key
    db.session.commit()
    marks.raise_to(data_folder(), *entry)
    flash(_("Đã cấp giấy mới thay giấy sai. Tệp PDF đang được tạo."), "good")
    return redirect(url_for("certificates.certificate_page", key=key), 303)


def _series(certificate: Certificate) -> list[CertificateSeries]:
    """The certificate's own series first, then those that may issue for its session."""
    own = series_of(certificate)
    session = certificate.training_session
    others = series_for(session) if session else []
    return [own, *(one for one in others if one.id != own.id)] if own else others
