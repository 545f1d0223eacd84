"""The public check: by the QR's address, a typed code, or the file itself."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.actions import count_try
from hrtrain.accounts.rules import network_of
from hrtrain.certificates import words
from hrtrain.certificates.forms import CheckForm
from hrtrain.certificates.queries.checks import Check, check_code, check_file, is_over_limit
from hrtrain.certificates.rules import Verdict
from hrtrain.certificates.views import bp
from hrtrain.core import clock
from hrtrain.core.access import public
from hrtrain.core.db import reading
from hrtrain.core.errors import TooManyTries
from hrtrain.core.language import gettext as _
from hrtrain.core.pdf.reading import LARGEST_FILE

TRIES = 30
MINUTES = 10


@bp.route("/verify", methods=["GET", "POST"])
@public
def verify() -> ResponseReturnValue:
    """Ask for a code or a file."""
    form = CheckForm()
    if form.validate_on_submit():
        if form.file.data:
            return _answer(_checked_file(form.file.data.read(LARGEST_FILE + 1)), form)
        if form.code.data:
            return redirect(url_for("certificates.verify_code", code=form.code.data), 303)
        form.code.errors = [_("Hãy nhập mã kiểm tra hoặc chọn tệp PDF.")]
    status = 422 if form.errors else 200
    return render_template("certificates/verify.html", form=form), status


@bp.get("/verify/<path:code>")
@public
def verify_code(code: str) -> ResponseReturnValue:
    """The answer for one code; this is where the QR leads."""
    _refuse_guessing()
    return _answer(_counted(check_code(code, clock.today())), CheckForm())


def _checked_file(content: bytes) -> Check:
    # Posted, but nothing is written: no stranger's file may hold the write lock.
    with reading():
        _refuse_guessing()
        check = check_file(content, clock.today())
    return _counted(check)


def _answer(check: Check, form: CheckForm) -> ResponseReturnValue:
    html = render_template(
        "certificates/verified.html", check=check, statement=check.statement, form=form, words=words
    )
    return html, 404 if check.verdict == Verdict.UNKNOWN else 200


def _key() -> str:
    return f"verify:{network_of(request.remote_addr or '')}"


def _refuse_guessing() -> None:
    """Also a right guess is not answered once there were too many wrong ones."""
    if is_over_limit(_key(), TRIES, clock.now()):
        raise TooManyTries(_("Đã thử quá nhiều lần. Hãy chờ %(n)s phút rồi thử lại.", n=MINUTES))


def _counted(check: Check) -> Check:
    """Only what was not genuine counts as a try: many people may share one address."""
    if check.verdict in (Verdict.UNKNOWN, Verdict.ALTERED):
        count_try(_key(), TRIES, MINUTES)
    return check
