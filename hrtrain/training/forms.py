"""Forms of training. Days are asked for as first and last day; periods are half-open."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from hrtrain.core.forms import (
    DayField,
    Form,
    OnceField,
    RadioField,
    SelectField,
    SelectMultipleField,
    VersionField,
    at_most,
    cleaned,
    not_before,
    required,
    stripped,
)
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.training import words
from hrtrain.training.models import Course, TrainingSession
from hrtrain.training.rules import (
    CompletionDetails,
    CourseDetails,
    EnrolmentState,
    PostedMark,
    SessionDetails,
    WhenFull,
    end_after,
    last_day,
)

MARKS = {"present": True, "absent": False, "none": None}


class CourseForm(Form):
    """A course."""

    key = OnceField("course")
    name = StringField(_l("Tên khóa học"), [required(), at_most(300)], filters=[cleaned])
    name_en = StringField(_l("Tên tiếng Anh"), [at_most(300)], filters=[cleaned])
    kind = SelectField(_l("Loại"), choices=list(words.COURSE_KINDS.items()))
    hours = IntegerField(_l("Thời lượng (giờ)"), [Optional(), NumberRange(0, 10_000)])
    validity_months = IntegerField(
        _l("Thời hạn hiệu lực (tháng)"),
        [Optional(), NumberRange(1, 600)],
        description=_l("Để trống nếu kết quả có giá trị mãi."),
    )
    version = VersionField()

    @staticmethod
    def values_of(course: Course) -> dict[str, Any]:
        """The course as the form shows it."""
        names = ("name", "name_en", "kind", "hours", "validity_months", "version")
        return {name: getattr(course, name) for name in names}

    def details(self) -> CourseDetails:
        """What was entered."""
        return CourseDetails(
            name=self.name.data,
            name_en=self.name_en.data or "",
            kind=self.kind.data,
            hours=self.hours.data,
            validity_months=self.validity_months.data,
        )


class SessionForm(Form):
    """A training session; ``course`` has its choices handed in, ``unit`` is looked up."""

    key = OnceField("s")
    course = SelectField(_l("Khóa học"), [required()])
    title = StringField(_l("Tên lớp"), [required(), at_most(300)], filters=[cleaned])
    unit = StringField(
        _l("Đơn vị tổ chức"),
        [required(), at_most(400)],
        filters=[cleaned],
        render_kw={"autocomplete": "off"},
    )
    starts_on = DayField(_l("Ngày đầu"), [required()])
    last_on = DayField(
        _l("Ngày cuối"),
        [required(), not_before("starts_on", _l("Ngày cuối phải từ ngày đầu trở đi."))],
    )
    place = StringField(_l("Địa điểm"), [at_most(300)], filters=[cleaned])
    capacity = IntegerField(
        _l("Số chỗ"),
        [Optional(), NumberRange(1, 100_000)],
        description=_l("Để trống nếu không giới hạn."),
    )
    version = VersionField()

    @staticmethod
    def values_of(session: TrainingSession) -> dict[str, Any]:
        """The session as the form shows it."""
        names = ("title", "starts_on", "place", "capacity", "version")
        return {
            **{name: getattr(session, name) for name in names},
            "course": session.course.key,
            "unit": session.unit.typed,
            "last_on": last_day(session.ends_on),
        }

    def details(self, course_id: int, unit_id: int) -> SessionDetails:
        """What was entered; the fields' validators saw to the days."""
        first, last = cast(date, self.starts_on.data), cast(date, self.last_on.data)
        return SessionDetails(
            course_id=course_id,
            unit_id=unit_id,
            title=self.title.data,
            starts_on=first,
            ends_on=end_after(last),
            capacity=self.capacity.data,
            place=self.place.data or "",
        )


class ActForm(Form):
    """An act on a session as it was shown: closing."""

    version = VersionField()


class ReasonForm(ActForm):
    """An act on a session that asks for a reason: cancelling, reopening."""

    reason = TextAreaField(
        _l("Lý do"), [required(), at_most(1000)], filters=[stripped], render_kw={"rows": 3}
    )


class WithdrawForm(ReasonForm):
    """Somebody leaves a session."""

    state = RadioField(
        _l("Vì sao không dự"),
        choices=[
            (EnrolmentState.WITHDRAWN.value, _l("Người đó xin rút")),
            (EnrolmentState.CANCELLED.value, _l("Đơn vị tổ chức đưa ra khỏi lớp")),
        ],
        default=EnrolmentState.WITHDRAWN.value,
    )


class EnrolForm(Form):
    """People chosen to be enrolled, by key, and what happens when seats run out."""

    person = SelectMultipleField(
        _l("Người được chọn"),
        [required(_l("Hãy chọn ít nhất một người."))],
        validate_choice=False,
    )
    when_full = RadioField(
        _l("Khi hết chỗ"),
        choices=[
            (WhenFull.REFUSE.value, _l("Không ghi danh ai, cho biết ai không còn chỗ")),
            (WhenFull.WAIT.value, _l("Đưa người không còn chỗ vào danh sách chờ")),
        ],
        default=WhenFull.REFUSE.value,
    )


class ListFileForm(Form):
    """A spreadsheet of people."""

    file = FileField(
        _l("Tệp danh sách"),
        [FileRequired(_l("Hãy chọn một tệp."))],
        render_kw={"accept": ".xlsx,.xls,.ods,.csv"},
    )


class CompletionForm(Form):
    """A completion recorded by hand; ``course`` has its choices handed in."""

    course = SelectField(_l("Khóa học"), [required()])
    completed_on = DayField(_l("Ngày hoàn thành"), [required()])
    source = SelectField(
        _l("Căn cứ"),
        choices=[(key, word) for key, word in words.SOURCES.items() if key != "session"],
    )
    document_no = StringField(
        _l("Số văn bản, giấy chứng nhận"),
        [at_most(180)],
        filters=[cleaned],
        description=_l("Cần có khi công nhận khóa học ở nơi khác."),
    )

    def details(self, course_id: int) -> CompletionDetails:
        """What was entered."""
        return CompletionDetails(
            course_id=course_id,
            completed_on=cast(date, self.completed_on.data),
            source=self.source.data,
            document_no=self.document_no.data or "",
        )


class RetractForm(Form):
    """Why a record is taken back."""

    reason = TextAreaField(
        _l("Lý do"), [required(), at_most(1000)], filters=[stripped], render_kw={"rows": 3}
    )


class PersonalLinkForm(Form):
    """The birth date that opens a personal link."""

    birth_date = StringField(
        _l("Ngày sinh"),
        [required(), at_most(20)],
        description=_l("Ngày/tháng/năm, ví dụ 12/05/1985; hoặc chỉ năm nếu hồ sơ chỉ ghi năm."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


def read_marks(posted: Mapping[str, str]) -> dict[int, PostedMark]:
    """The rows of an attendance form, by enrolment id; what is no row is passed over.

    Each row is a choice ``mark-7`` and a hidden ``seen-7``: the version and mark it showed.
    """
    marks = {}
    for name, seen in posted.items():
        version, _, shown = seen.partition(":")
        row = name.removeprefix("seen-")
        if row == name or not row.isdigit() or not version.isdigit() or shown not in MARKS:
            continue
        wanted = posted.get(f"mark-{row}", shown)
        if wanted in MARKS:
            marks[int(row)] = PostedMark(MARKS[shown], int(version), MARKS[wanted])
    return marks
