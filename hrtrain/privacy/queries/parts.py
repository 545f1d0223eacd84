"""A kind of data held of a person, and the headings its tables share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select

from hrtrain.core.db import db
from hrtrain.core.language import gettext as _

Value = str | int | date | datetime | None
AnyRows = Select[*tuple[Any, ...]]
LAST_ENTRIES = 200


@dataclass(frozen=True)
class Part:
    """One kind of data. ``columns`` are (name for programs, heading); a row has a value for each.

    ``kept`` is the kind of thing whose rule of retention it falls under.
    """

    key: str
    title: str
    purpose: str
    source: str
    kept: str
    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Value, ...]]


def rows_of(asked: AnyRows, read: Callable[[Any], tuple[Value, ...]]) -> Any:
    """What the statement finds, read row by row."""
    return [read(row) for row in db.session.execute(asked)]


def headings(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The columns of these names, each with what stands above it."""
    words = {
        "datum": _("Dữ liệu"),
        "value": _("Đang ghi"),
        "recorded_at": _("Ghi nhận lúc"),
        "recorded_by": _("Người ghi"),
        "retracted_at": _("Thôi ghi nhận lúc"),
        "group": _("Nhóm"),
        "unit": _("Đơn vị"),
        "position": _("Chức vụ"),
        "starts_on": _("Từ ngày"),
        "last_on": _("Đến hết ngày"),
        "session": _("Lớp"),
        "state": _("Trạng thái"),
        "attended": _("Điểm danh"),
        "course": _("Khóa học"),
        "completed_on": _("Ngày hoàn thành"),
        "valid_through": _("Giá trị đến hết"),
        "source_kind": _("Căn cứ"),
        "document_no": _("Số văn bản"),
        "programme": _("Kế hoạch"),
        "reason": _("Lý do"),
        "number": _("Số"),
        "full_name": _("Họ tên trên giấy"),
        "issued_on": _("Ngày cấp"),
        "expires_at": _("Hết hạn lúc"),
        "right": _("Yêu cầu"),
        "received_on": _("Ngày nhận"),
        "via": _("Cách gửi"),
        "said": _("Lời yêu cầu"),
        "answer": _("Trả lời"),
        "act": _("Việc"),
    }
    return tuple((name, str(words[name])) for name in names)
