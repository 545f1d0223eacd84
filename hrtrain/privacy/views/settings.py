"""The notice of personal data and whom to turn to, set by the administrator."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.privacy import words
from hrtrain.privacy.actions.notice import NoticeDetails, notice_row, set_notice
from hrtrain.privacy.forms import NoticeForm
from hrtrain.privacy.gates import whole_system_or_404
from hrtrain.privacy.holidays import known_holidays, last_listed_year
from hrtrain.privacy.queries.rules import find_notice
from hrtrain.privacy.views import bp

_FIELDS = ("controller", "contact", "phone", "email", "address", "words")


@bp.route("/privacy/notice", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def notice() -> ResponseReturnValue:
    """Who answers, how to reach them, what the page says; which days count as days off."""
    whole_system_or_404()
    found, form, status = find_notice(), NoticeForm(), 200
    if request.method == "GET":
        form = NoticeForm(obj=found, version=found.version if found else 0)
    if form.validate_on_submit():
        try:
            row = notice_row()
            check_version(form, row)
            details = NoticeDetails(*(form[name].data or "" for name in _FIELDS))
            set_notice(row, details, by=current_user())
            db.session.commit()
            flash(_("Đã lưu thông báo."), "good")
            return redirect(url_for("privacy.notice"), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            found = find_notice()
            form.version.data = found.version if found else 0
    elif form.errors:
        status = 422
    return _page(form), status


def _page(form: NoticeForm) -> str:
    holidays = known_holidays(current_app.config["SETTINGS"].data_dir)
    return render_template(
        "privacy/notice.html",
        form=form,
        words=words,
        holidays=holidays,
        last_year=last_listed_year(holidays),
        today=clock.today(),
    )
