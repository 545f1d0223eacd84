"""The form that takes a roster in."""

from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField

from hrtrain.core.forms import DayField, Form, OnceField, SelectField, at_most, cleaned, required
from hrtrain.core.language import lazy_gettext as _l


class RosterForm(Form):
    """A spreadsheet, and where its people belong from which day."""

    once = OnceField("roster")
    file = FileField(
        _l("Tệp danh sách"),
        [FileRequired(_l("Hãy chọn một tệp."))],
        description=_l(
            "Excel (.xlsx, .xls), OpenDocument (.ods) hoặc .csv, tối đa 30 MB. Phông cũ .VnTime "
            "và VNI được đọc."
        ),
    )
    group = SelectField(_l("Nhóm cán bộ"), validators=[required()])
    unit = StringField(
        _l("Đơn vị của tất cả"),
        [at_most(400)],
        filters=[cleaned],
        description=_l("Để trống thì theo cột Đơn vị hoặc tiêu đề từng phần trong tệp."),
    )
    covers = SelectField(
        _l("Danh sách này có đủ người không?"),
        choices=[
            ("units", _l("Đủ, của các đơn vị có trong tệp")),
            ("below", _l("Đủ, kể cả các đơn vị trực thuộc")),
            ("part", _l("Chỉ một phần")),
        ],
        default="units",
        description=_l(
            "Nếu đủ, những người đã biết mà không có trong tệp sẽ được liệt kê để bạn quyết định."
        ),
    )
    starts_on = DayField(
        _l("Thuộc nhóm từ ngày"),
        [required()],
        description=_l("Ngày đầu tiên những người này thuộc nhóm, tại đơn vị."),
    )

    @property
    def day(self) -> date:
        """The first day, once the form is valid."""
        return cast(date, self.starts_on.data)

    @property
    def sent(self) -> tuple[str, bytes]:
        """The file's name and bytes, once the form is valid."""
        storage: Any = self.file.data
        return storage.filename or "", cast(bytes, storage.read())


class LeavingForm(Form):
    """The day on which those who are ticked leave."""

    ends_on = DayField(
        _l("Kết thúc từ ngày"),
        [required()],
        description=_l("Ngày đầu tiên không còn thuộc nhóm."),
    )

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        return cast(date, self.ends_on.data)
