"""Forms of people, memberships, groups and headcounts. Last days are written inclusive."""

from datetime import date
from typing import Any, cast

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Regexp, ValidationError

from hrtrain.core import clock
from hrtrain.core.forms import (
    DayField,
    Form,
    OnceField,
    SelectField,
    VersionField,
    at_most,
    cleaned,
    not_before,
    required,
)
from hrtrain.core.language import gettext as _
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.core.period import Period, day_after, day_before
from hrtrain.core.text import clean_text, name_case, search_key
from hrtrain.people.models import CadreGroup, Person
from hrtrain.people.rosters.cells import Birth, read_birth, read_email, read_national_id, read_phone
from hrtrain.people.rosters.types import Code
from hrtrain.people.rules import PersonDetails
from hrtrain.people.words import GENDERS

_LAST_BEFORE_FIRST = _l("Ngày cuối không được trước ngày đầu.")


def group_choices(groups: list[CadreGroup]) -> list[tuple[str, str]]:
    """Groups for a choice, by code."""
    return [(group.key, group.name) for group in groups]


class PersonForm(Form):
    """What is known of a person. The national ID is taken in and never shown again."""

    version = VersionField()
    full_name = StringField(_l("Họ và tên"), [required(), at_most(200)], filters=[cleaned])
    gender = SelectField(
        _l("Giới tính"), choices=[("", _l("Không rõ")), *GENDERS.items()], default=""
    )
    birth = StringField(
        _l("Ngày sinh"),
        filters=[cleaned],
        description=_l("Ngày/tháng/năm; nếu không rõ thì tháng/năm hoặc chỉ năm."),
    )
    position = StringField(_l("Chức vụ"), [at_most(200)], filters=[cleaned])
    phone = StringField(_l("Số điện thoại"), filters=[cleaned])
    email = StringField(_l("Thư điện tử"), [at_most(200)], filters=[cleaned])
    national_id = StringField(
        _l("Số định danh (CCCD)"),
        filters=[cleaned],
        description=_l("Chỉ giữ dạng băm để đối chiếu và bốn số cuối; để trống nếu không đổi."),
    )

    def validate_full_name(self, field: Any) -> None:
        """A name has letters."""
        if not any(letter.isalpha() for letter in search_key(field.data)):
            raise ValidationError(_("Hãy ghi họ và tên."))

    def validate_birth(self, field: Any) -> None:
        """A day of the calendar that has come, or its month or year."""
        if isinstance(self._birth(), Code):
            raise ValidationError(
                _(
                    "“%(text)s” không phải ngày sinh. Hãy ghi ngày/tháng/năm, tháng/năm hoặc năm.",
                    text=field.data,
                )
            )

    def validate_phone(self, field: Any) -> None:
        """Nought and nine digits."""
        if isinstance(read_phone(field.data), Code):
            raise ValidationError(_("Số điện thoại gồm số 0 và chín chữ số."))

    def validate_email(self, field: Any) -> None:
        """The shape of an address."""
        if isinstance(read_email(field.data), Code):
            raise ValidationError(_("Địa chỉ thư điện tử không đúng."))

    def validate_national_id(self, field: Any) -> None:
        """Twelve digits, or the nine of an old card."""
        if isinstance(read_national_id(field.data), Code):
            raise ValidationError(_("Số định danh gồm 12 chữ số (hoặc 9 chữ số của CMND cũ)."))

    def _birth(self) -> Birth | Code:
        return read_birth(self.birth.data, clock.today())

    def show(self, person: Person) -> None:
        """Fill the form with what is stored."""
        self.version.data = person.version
        for name in ("full_name", "gender", "position", "phone", "email"):
            self[name].data = getattr(person, name)
        self.birth.data = "/".join(reversed(person.birth_date.split("-")))

    def details(self) -> PersonDetails:
        """What a valid form says."""
        number = read_national_id(self.national_id.data)
        return PersonDetails(
            full_name=name_case(clean_text(self.full_name.data)),
            gender=self.gender.data,
            birth=cast(Birth, self._birth()),
            position=self.position.data or "",
            phone=read_phone(self.phone.data),
            email=read_email(self.email.data),
            national_id="" if isinstance(number, Code) else number[0],
        )


class _StayFields:
    """Where a membership is and its days."""

    group = SelectField(_l("Nhóm cán bộ"), validators=[required()])
    unit = StringField(_l("Đơn vị"), [required(), at_most(400)], filters=[cleaned])
    starts_on = DayField(_l("Từ ngày"), [required()])
    ends_on = DayField(
        _l("Đến hết ngày"),
        [not_before("starts_on", _LAST_BEFORE_FIRST)],
        description=_l("Ngày cuối cùng; để trống nếu đang tham gia."),
    )


class NewPersonForm(PersonForm, _StayFields):
    """A new person, at once in a group at a unit."""

    once = OnceField("p")
    anyway = BooleanField(_l("Vẫn thêm: đây là người khác"))

    @property
    def period(self) -> Period:
        """The membership's days."""
        return Period(self.starts_on.data, day_after(self.ends_on.data))


class MembershipForm(Form, _StayFields):
    """A membership: recorded, or corrected."""

    position = StringField(_l("Chức vụ"), [at_most(200)], filters=[cleaned])

    @property
    def period(self) -> Period:
        """The membership's days."""
        return Period(self.starts_on.data, day_after(self.ends_on.data))

    def show_days(self, starts_on: date, ends_on: date | None) -> None:
        """Fill in the stored days."""
        self.starts_on.data, self.ends_on.data = starts_on, day_before(ends_on)


class EndForm(Form):
    """The last day of a membership."""

    ends_on = DayField(_l("Ngày cuối cùng trong nhóm"), [required()])

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        return cast(date, self.ends_on.data)


class TransferForm(Form):
    """Another unit from a day on."""

    unit = StringField(_l("Đơn vị mới"), [required(), at_most(400)], filters=[cleaned])
    on = DayField(_l("Từ ngày"), [required()], description=_l("Ngày đầu tiên ở đơn vị mới."))
    position = StringField(_l("Chức vụ mới"), [at_most(200)], filters=[cleaned])

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        return cast(date, self.on.data)


class RetractForm(Form):
    """Why a row that was recorded in error is taken back."""

    reason = TextAreaField(
        _l("Lý do"),
        [required(), at_most(500)],
        filters=[cleaned],
        description=_l(
            "Ghi vào nhật ký. Không dùng để ghi việc thôi tham gia: hãy dùng “Kết thúc”."
        ),
    )


class GroupForm(Form):
    """A cadre group's names."""

    name = StringField(_l("Tên nhóm"), [required(), at_most(250)], filters=[cleaned])
    name_en = StringField(_l("Tên tiếng Anh"), [at_most(250)], filters=[cleaned])


class RenameGroupForm(GroupForm):
    """Other names for a group, and those it had when the form was shown."""

    was = HiddenField()

    @staticmethod
    def names_of(group: CadreGroup) -> str:
        """The names as the form carries them to be compared."""
        return f"{group.name} / {group.name_en}"


class NewGroupForm(GroupForm):
    """A new cadre group and its code."""

    key = StringField(
        _l("Mã nhóm"),
        [
            required(),
            at_most(60),
            Regexp(r"^[a-z][a-z0-9_-]*$", message=_l("Chỉ dùng chữ thường không dấu, số, _ và -.")),
        ],
        filters=[cleaned],
        description=_l("Ví dụ: hr_officer. Mã không đổi được về sau."),
    )
