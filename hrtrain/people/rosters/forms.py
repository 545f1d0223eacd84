"""The form that takes a roster in."""

from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField

from hrtrain.core.forms import DayField, Form, OnceField, at_most, cleaned, required
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
