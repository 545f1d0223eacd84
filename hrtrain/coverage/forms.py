"""Forms of plans: programmes, targets, requirement items, exemptions. Last days are inclusive."""

from datetime import date
from typing import Any, cast

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

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
from hrtrain.core.language import gettext as _
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.core.period import Period, day_before
from hrtrain.coverage import words
from hrtrain.coverage.models import Programme, Target
from hrtrain.coverage.plan import (
    ExemptionDetails,
    ItemDetails,
    Origin,
    ProgrammeDetails,
    TargetDetails,
    through,
)
from hrtrain.coverage.presets import Preset
from hrtrain.training.rules import end_after
from hrtrain.units.words import TIERS

WRONG_ORDER = _l("Ngày cuối phải từ ngày đầu trở đi.")


class ChecksField(SelectMultipleField):
    """Several choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ProgrammeForm(Form):
    """A programme: its document, who issued it, its period."""

    key = OnceField("pr")
    title = TextAreaField(
        _l("Tên chương trình, kế hoạch"), [required(), at_most(1000)], filters=[cleaned]
    )
    document_no = StringField(_l("Số, ký hiệu văn bản"), [at_most(120)], filters=[cleaned])
    issued_on = DayField(_l("Ngày ban hành"))
    authority_unit = StringField(
        _l("Đơn vị ban hành"),
        filters=[cleaned],
        description=_l("Gõ tên hoặc mã để tìm. Để trống nếu chương trình của cả nước."),
    )
    starts_on = DayField(_l("Từ ngày"))
    last_day = DayField(_l("Đến hết ngày"), [not_before("starts_on", WRONG_ORDER)])
    version = VersionField()

    def details(self, authority_unit_id: int | None) -> ProgrammeDetails:
        """What was entered."""
        return ProgrammeDetails(
            title=self.title.data,
            document_no=self.document_no.data or "",
            issued_on=self.issued_on.data,
            authority_unit_id=authority_unit_id,
            period=through(self.starts_on.data, self.last_day.data),
        )

    @staticmethod
    def values_of(programme: Programme) -> dict[str, Any]:
        """What the form shows of a programme."""
        unit = programme.authority_unit
        return {
            "title": programme.title,
            "document_no": programme.document_no,
            "issued_on": programme.issued_on,
            "authority_unit": unit.typed if unit else "",
            "starts_on": programme.starts_on,
            "last_day": day_before(programme.ends_on),
            "version": programme.version,
        }


class PresetForm(ProgrammeForm):
    """A programme begun from a preset: its code, and a course for each item the preset asks."""

    code = StringField(
        _l("Mã chương trình"),
        [
            required(),
            at_most(120),
            Regexp(
                r"[a-z0-9][a-z0-9_.-]*$", message=_l("Chỉ dùng chữ thường không dấu, số, _ . -")
            ),
        ],
        filters=[cleaned],
    )
    key = None  # type: ignore[assignment]  # (WTForms: no such field here)
    items: tuple[str, ...] = ()

    def course_fields(self) -> list[SelectField]:
        """The choices of courses, one for each item."""
        return [self[f"course_{number}"] for number in range(len(self.items))]

    def chosen_courses(self) -> dict[str, str]:
        """The key of the course chosen for each item, where one was."""
        chosen = zip(self.items, self.course_fields(), strict=True)
        return {item: field.data for item, field in chosen if field.data}

    @staticmethod
    def values_of_preset(preset: Preset, unit_key: str) -> dict[str, Any]:
        """What the form shows of a preset before anything is typed."""
        return {
            "code": preset.key,
            "title": preset.title,
            "document_no": preset.document_no,
            "issued_on": preset.issued_on,
            "authority_unit": unit_key,
            "starts_on": preset.starts_on,
            "last_day": day_before(preset.ends_on),
        }


def details_of(preset: Preset, authority_unit_id: int | None) -> ProgrammeDetails:
    """What the preset itself says of the programme."""
    return ProgrammeDetails(
        title=preset.title,
        document_no=preset.document_no,
        issued_on=preset.issued_on,
        authority_unit_id=authority_unit_id,
        period=Period(preset.starts_on, preset.ends_on),
    )


def preset_form(preset: Preset) -> type[PresetForm]:
    """The form for a preset: as many choices of courses as it asks different items."""
    names = {item.item: item.name for target in preset.targets for item in target.items}
    fields: dict[str, Any] = {
        f"course_{number}": SelectField(_("Khóa học cho “%(item)s”", item=name))
        for number, name in enumerate(names.values())
    }
    return type("PresetForm", (PresetForm,), {**fields, "items": tuple(names)})


class TargetForm(Form):
    """What a programme wants of a group; an empty percentage or deadline is not stated."""

    group = SelectField(_l("Nhóm đối tượng"))
    percent = IntegerField(
        _l("Tỷ lệ phải đạt (%)"),
        [Optional()],
        description=_l("Để trống nếu kế hoạch không nêu tỷ lệ."),
    )
    origin = RadioField(_l("Nguồn chỉ tiêu"), choices=list(words.ORIGINS.items()))
    deadline = DayField(_l("Thời hạn"), description=_l("Để trống nếu kế hoạch không nêu thời hạn."))
    scope_unit = StringField(
        _l("Phạm vi đơn vị"),
        filters=[cleaned],
        description=_l("Gõ tên hoặc mã để tìm. Để trống: theo đơn vị ban hành chương trình."),
    )
    tiers = ChecksField(
        _l("Chỉ tính các cấp"),
        choices=list(TIERS.items()),
        description=_l("Không chọn cấp nào nghĩa là tính mọi cấp."),
    )
    grace_days = IntegerField(
        _l("Thời gian chờ (ngày)"),
        [Optional()],
        description=_l("Số ngày người mới vào nhóm chưa bị tính là chưa tập huấn."),
    )
    starts_on = DayField(
        _l("Tính từ ngày"), description=_l("Để trống: từ ngày đầu của chương trình.")
    )
    version = VersionField()

    def validate_percent(self, field: Any) -> None:
        """A share of people lies between none and all of them."""
        if field.data is not None and not 0 <= field.data <= 100:
            raise ValidationError(
                _("Tỷ lệ phải từ 0 đến 100, không thể là %(percent)s.", percent=field.data)
            )

    def validate_grace_days(self, field: Any) -> None:
        """Days of grace cannot be negative, nor longer than ten years."""
        if field.data is not None and not 0 <= field.data <= 3660:
            raise ValidationError(_("Thời gian chờ phải từ 0 đến 3660 ngày."))

    def details(self, scope_unit_id: int | None) -> TargetDetails:
        """What was entered."""
        return TargetDetails(
            percent=self.percent.data,
            deadline=self.deadline.data,
            origin=Origin(self.origin.data),
            scope_unit_id=scope_unit_id,
            tiers=tuple(self.tiers.data or ()),
            grace_days=self.grace_days.data or 0,
            starts_on=self.starts_on.data,
        )

    @staticmethod
    def values_of(target: Target, scope_unit: str) -> dict[str, Any]:
        """What the form shows of a target."""
        return {
            "group": target.group.key,
            "percent": target.percent,
            "origin": target.origin,
            "deadline": target.deadline,
            "scope_unit": scope_unit,
            "tiers": target.tiers.split(),
            "grace_days": target.grace_days,
            "starts_on": target.starts_on,
            "version": target.version,
        }


class ItemForm(Form):
    """An item asked of a group, and the courses any one of which satisfies it."""

    group = SelectField(_l("Nhóm đối tượng"))
    item = StringField(
        _l("Nội dung phải hoàn thành"),
        [required(), at_most(120)],
        filters=[cleaned],
        description=_l("Ví dụ: Tập huấn kiến thức. Mọi nội dung đều phải hoàn thành."),
    )
    courses = ChecksField(
        _l("Khóa học được chấp nhận"),
        [required(_l("Hãy chọn ít nhất một khóa học."))],
        coerce=int,
        description=_l("Hoàn thành một trong các khóa đã chọn là đủ."),
    )
    starts_on = DayField(_l("Yêu cầu từ ngày"))
    last_day = DayField(_l("Yêu cầu đến hết ngày"), [not_before("starts_on", WRONG_ORDER)])
    accepts_from = DayField(_l("Chấp nhận hoàn thành từ ngày"))
    accepts_last = DayField(
        _l("Chấp nhận hoàn thành đến hết ngày"), [not_before("accepts_from", WRONG_ORDER)]
    )

    def details(self) -> ItemDetails:
        """What was entered."""
        return ItemDetails(
            item=self.item.data,
            course_ids=tuple(self.courses.data),
            period=through(self.starts_on.data, self.last_day.data),
            accepts=through(self.accepts_from.data, self.accepts_last.data),
        )


class EndForm(Form):
    """The last day on which something is still asked."""

    last_day = DayField(_l("Yêu cầu đến hết ngày"), [required()])

    @property
    def ends_on(self) -> date:
        """The day after it, once the form is valid."""
        return end_after(cast(date, self.last_day.data))


class ExemptionForm(Form):
    """A person not asked: for which group, how long, why, who approved it by which document."""

    group = SelectField(_l("Nhóm đối tượng"))
    reason = TextAreaField(_l("Lý do"), [required(), at_most(2000)], filters=[stripped])
    approver = StringField(_l("Người phê duyệt"), [required(), at_most(200)], filters=[cleaned])
    document_no = StringField(_l("Số văn bản"), [required(), at_most(120)], filters=[cleaned])
    starts_on = DayField(_l("Miễn từ ngày"), [required()])
    last_day = DayField(
        _l("Miễn đến hết ngày"),
        [not_before("starts_on", WRONG_ORDER)],
        description=_l("Để trống nếu chưa biết ngày hết miễn."),
    )

    def details(self, person_id: int, group_id: int) -> ExemptionDetails:
        """What was entered."""
        return ExemptionDetails(
            person_id=person_id,
            group_id=group_id,
            period=through(self.starts_on.data, self.last_day.data),
            reason=self.reason.data,
            approver=self.approver.data,
            document_no=self.document_no.data,
        )
