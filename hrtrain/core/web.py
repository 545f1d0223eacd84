"""What every answer carries and every fault becomes: headers, CSRF, error pages, write locks."""

import re
from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, abort, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from hrtrain.core.access import PUBLIC, roles_of
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _

csrf = CSRFProtect()

LARGEST_ID = 2**31 - 1
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def set_up(app: Flask) -> None:
    """Hang the hooks on the application."""
    app.before_request(_refuse_unstorable)
    csrf.init_app(app)
    app.before_request(_read_only_on_get)
    app.teardown_request(_end_reading)
    app.after_request(_add_headers)
    app.register_error_handler(Refusal, _show_refusal)
    app.register_error_handler(StaleDataError, _show_stale)
    app.register_error_handler(IntegrityError, _show_conflict)
    app.register_error_handler(CSRFError, _show_csrf_fault)
    app.register_error_handler(HTTPException, _show_http_fault)
    app.register_error_handler(OperationalError, _show_busy)


def _refuse_unstorable() -> None:
    """No database takes a NUL in text or an endless number; no honest browser sends one."""
    values = (value for _name, listed in request.values.lists() for value in listed)
    if any("\x00" in value for value in values):
        abort(400)
    view = current_app.view_functions.get(request.endpoint or "")
    # A public view answers malformed keys like absent ones, in its own words.
    if view and roles_of(view) != PUBLIC and any(map(_is_unstorable, _path_values())):
        abort(404)


def _path_values() -> list[Any]:
    return list((request.view_args or {}).values())


def _is_unstorable(value: Any) -> bool:
    return value > LARGEST_ID if isinstance(value, int) else "\x00" in str(value)


def _read_only_on_get() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        g.reading = reading()
        g.reading.__enter__()


def _end_reading(_error: BaseException | None) -> None:
    context: AbstractContextManager[None] | None = g.pop("reading", None)
    if context is not None:
        context.__exit__(None, None, None)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].base_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _fault_page(status: int, title: str, message: str) -> ResponseReturnValue:
    db.session.rollback()
    try:
        page = render_template("fault.html", status=status, title=title, message=message)
    except SQLAlchemyError:
        # The page asks the database who is signed in; without it the sentence must do.
        return Response(f"{title}. {message}", status, mimetype="text/plain")
    return page, status


def _show_csrf_fault(_error: CSRFError) -> ResponseReturnValue:
    return _fault_page(
        400, _("Phiên làm việc đã hết"), _("Hãy mở lại trang trước rồi gửi lần nữa.")
    )


def _show_refusal(refusal: Refusal) -> ResponseReturnValue:
    return _fault_page(refusal.status, _("Không thực hiện được"), str(refusal))


def _show_stale(_error: StaleDataError) -> ResponseReturnValue:
    return _fault_page(
        409,
        _("Dữ liệu đã thay đổi"),
        _("Có người khác vừa sửa mục này. Hãy mở lại trang và làm lại."),
    )


def _show_conflict(error: IntegrityError) -> ResponseReturnValue:
    """Two requests at once passed the same check; the database let one of them through."""
    # Only the first line: PostgreSQL's second one quotes the row's values.
    current_app.logger.warning("The database refused a row: %s", str(error.orig).split("\n")[0])
    return _fault_page(
        409,
        _("Trùng với mục vừa được lưu"),
        _("Một yêu cầu khác vừa lưu dữ liệu trùng hoặc mâu thuẫn. Hãy mở lại trang để xem."),
    )


def _show_busy(error: OperationalError) -> ResponseReturnValue:
    # SQLite waited for the lock in vain, or PostgreSQL ended one of two that waited for each other.
    if not re.search("locked|deadlock", str(error.orig)):
        raise error
    return _fault_page(
        503, _("Máy chủ đang bận"), _("Một việc ghi lớn đang chạy. Hãy thử lại sau ít phút.")
    )


def _show_http_fault(error: Any) -> ResponseReturnValue:
    titles = {
        400: (_("Yêu cầu không hợp lệ"), _("Nội dung gửi lên bị thiếu hoặc sai dạng.")),
        403: (_("Không có quyền"), _("Vai trò của bạn không mở trang này.")),
        404: (
            _("Không tìm thấy"),
            _("Trang hoặc mục này không có, hoặc không thuộc phạm vi của bạn."),
        ),
        410: (
            _("Liên kết đã hết hiệu lực"),
            _("Liên kết đã được dùng hoặc đã quá hạn. Hãy xin một liên kết mới."),
        ),
        405: (_("Không có việc này"), _("Trang này không nhận cách gọi đó.")),
        413: (_("Tệp quá lớn"), _("Tệp gửi lên lớn hơn mức cho phép.")),
        500: (
            _("Có lỗi trong hệ thống"),
            _("Lỗi đã được ghi lại. Hãy thử lại; nếu vẫn vậy, hãy báo quản trị viên."),
        ),
        429: (_("Thử quá nhiều lần"), _("Hãy chờ ít phút rồi thử lại.")),
    }
    title, message = titles.get(error.code, (error.name, error.description or ""))
    if error.code in (301, 302, 303, 307, 308):
        return error.get_response()  # type: ignore[no-any-return]
    return _fault_page(error.code or 500, title, message)
