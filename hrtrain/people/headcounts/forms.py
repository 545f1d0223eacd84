"""Forms of declaring: the days, who signs, the sentence that is signed."""

from datetime import date
from typing import cast

from wtforms import BooleanField, StringField

from hrtrain.core.forms import DayField, Form, at_most, cleaned, required
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.core.period import day_after
from hrtrain.people.headcounts.rules import Signature


class SignatureForm(Form):
    """Who answers for what is said."""

    signed_name = StringField(
        _l("Họ tên người khai"), [required(), at_most(200)], filters=[cleaned]
    )
    signed_position = StringField(
        _l("Chức vụ người khai"), [required(), at_most(200)], filters=[cleaned]
    )
    agreed = BooleanField(
        _l("Tôi chịu trách nhiệm về số liệu này."),
        [required(_l("Hãy đánh dấu để ký xác nhận."))],
    )

    @property
    def signature(self) -> Signature:
        """Who signs, once the form is valid."""
        return Signature(self.signed_name.data or "", self.signed_position.data or "")


class HeadcountsForm(SignatureForm):
    """Numbers of all groups for some days; the numbers themselves are typed beside the groups."""

    starts_on = DayField(_l("Từ ngày"), [required()])
    last_day = DayField(
        _l("Đến hết ngày"), description=_l("Để trống nếu áp dụng đến lần khai sau.")
    )

    @property
    def days(self) -> tuple[date, date | None]:
        """The half-open period, once the form is valid."""
        return cast(date, self.starts_on.data), day_after(self.last_day.data)


class TakeBackForm(Form):
    """Why a declaration is taken back."""

    reason = StringField(_l("Lý do"), [required(), at_most(500)], filters=[cleaned])
