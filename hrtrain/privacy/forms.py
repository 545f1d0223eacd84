"""Forms of requests, of the notice, of rules of retention, and of the two steps to anonymity."""

from datetime import datetime, time
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from hrtrain.core import clock
from hrtrain.core.forms import (
    DayField,
    Form,
    OnceField,
    SelectField,
    VersionField,
    at_most,
    cleaned,
    required,
    stripped,
)
from hrtrain.core.language import gettext as _
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.privacy.rules import Ground, Right
from hrtrain.privacy.words import GROUNDS, RIGHTS

LONGEST_TEXT = 2000
_RIGHTS = [(right.value, RIGHTS[right]) for right in Right]


class OwnRequestForm(Form):
    """A request by the person itself."""

    once = OnceField("req")
    kind = SelectField(_l("Tôi yêu cầu"), choices=_RIGHTS)
    said = TextAreaField(
        _l("Nội dung yêu cầu"),
        [at_most(LONGEST_TEXT)],
        filters=[stripped],
        description=_l("Ví dụ: chức vụ đã đổi thành …; bản sao gửi về …"),
    )

    def validate_said(self, field: Any) -> None:
        """Whoever wants something corrected says what."""
        if self.kind.data == Right.CORRECT and not field.data:
            raise ValidationError(_("Hãy ghi dữ liệu nào cần sửa và sửa thành gì."))


class RequestForm(OwnRequestForm):
    """A request that came to the office on paper or by word of mouth."""

    received_on = DayField(_l("Ngày nhận"), [required()])
    through_processor = BooleanField(_l("Phải thực hiện qua bên xử lý dữ liệu (thời hạn dài hơn)"))

    def validate_received_on(self, field: Any) -> None:
        """It came today at the latest."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("Ngày nhận không được sau hôm nay."))


class AcknowledgeForm(Form):
    """The person was told."""

    version = VersionField()


class ExtendForm(Form):
    """More days, once."""

    version = VersionField()
    reason = TextAreaField(
        _l("Lý do gia hạn"), [required(), at_most(LONGEST_TEXT)], filters=[stripped]
    )


class FinishForm(Form):
    """What was done."""

    version = VersionField()
    answer = TextAreaField(
        _l("Đã thực hiện thế nào"), [required(), at_most(LONGEST_TEXT)], filters=[stripped]
    )


class RefuseForm(Form):
    """Why it is not done."""

    version = VersionField()
    ground = SelectField(
        _l("Căn cứ từ chối"), choices=[(ground.value, GROUNDS[ground]) for ground in Ground]
    )
    refusal = TextAreaField(
        _l("Lý do, trả lời cho người yêu cầu"),
        [required(), at_most(LONGEST_TEXT)],
        filters=[stripped],
    )


class ReasonForm(Form):
    """Why somebody takes a copy of another's data."""

    reason = StringField(_l("Lý do"), [required(), at_most(300)], filters=[cleaned])


class AnonymiseForm(Form):
    """First why, then the typed word."""

    version = VersionField()
    step = HiddenField(default="ask")
    reason = StringField(
        _l("Lý do"),
        [required(), at_most(300)],
        filters=[cleaned],
        description=_l("Không ghi tên người. Ví dụ: theo phiếu yêu cầu xóa dữ liệu ngày …"),
    )
    typed = StringField(_l("Gõ ẨN DANH để xác nhận"), filters=[cleaned])

    @property
    def is_confirmed(self) -> bool:
        """Whether the second question was answered with yes."""
        return self.step.data == "confirm" and (self.typed.data or "").upper() == "ẨN DANH"


class NoticeForm(Form):
    """Who answers for personal data; what is left empty has the page's own words."""

    version = VersionField()
    controller = StringField(_l("Cơ quan kiểm soát dữ liệu"), [at_most(250)], filters=[cleaned])
    contact = StringField(
        _l("Người hoặc bộ phận tiếp nhận"), [required(), at_most(200)], filters=[cleaned]
    )
    phone = StringField(_l("Điện thoại"), [at_most(40)], filters=[cleaned])
    email = StringField(_l("Thư điện tử"), [at_most(200)], filters=[cleaned])
    address = StringField(_l("Địa chỉ"), [at_most(300)], filters=[cleaned])
    words = TextAreaField(
        _l("Lời thông báo"),
        [at_most(4000)],
        filters=[stripped],
        description=_l("Để trống thì hiện lời thông báo soạn sẵn."),
    )


class IncidentForm(Form):
    """A breach, and once it was done its report; hours are Viet Nam's."""

    once = OnceField("inc")
    version = VersionField()
    noticed_on = DayField(_l("Ngày phát hiện"), [required()])
    noticed_time = StringField(_l("Giờ phát hiện"), [required()], description=_l("Ví dụ 07:30"))
    what = TextAreaField(
        _l("Sự cố"),
        [required(), at_most(LONGEST_TEXT)],
        filters=[stripped],
        description=_l("Điều gì đã xảy ra, với loại dữ liệu nào. Không ghi tên người."),
    )
    people_count = IntegerField(
        _l("Số người bị ảnh hưởng"), [Optional(), NumberRange(0, 100_000_000)]
    )
    measures = TextAreaField(_l("Biện pháp đã làm"), [at_most(LONGEST_TEXT)], filters=[stripped])
    is_reported = BooleanField(_l("Đã báo cáo cơ quan chuyên trách"))
    report_no = StringField(_l("Số báo cáo, biên bản"), [at_most(120)], filters=[cleaned])

    def validate_noticed_time(self, field: Any) -> None:
        """An hour and minutes, not ahead of now."""
        try:
            time.fromisoformat((field.data or "").strip().zfill(5))
        except ValueError:
            raise ValidationError(_("Hãy ghi giờ theo dạng 07:30.")) from None
        if self.noticed_on.data and self.noticed_at > clock.now():
            raise ValidationError(_("Lúc phát hiện không được sau lúc này."))

    @property
    def noticed_at(self) -> datetime:
        """The instant, once day and hour are valid."""
        hour = time.fromisoformat(self.noticed_time.data.strip().zfill(5))
        return datetime.combine(self.noticed_on.data or clock.today(), hour, clock.LOCAL)


class RuleForm(Form):
    """How long a kind of thing is kept."""

    version = VersionField()
    months = IntegerField(
        _l("Số tháng giữ"),
        [Optional(), NumberRange(1, 1200)],
        description=_l("Để trống: giữ không giới hạn."),
    )
    is_on = BooleanField(_l("Áp dụng khi chạy"))
    note = StringField(
        _l("Căn cứ, ghi chú"),
        [at_most(500)],
        filters=[cleaned],
        description=_l("Quyết định, quy chế mà đơn vị theo."),
    )
