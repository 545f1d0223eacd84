"""Forms of reorganisations: the heading, each kind of step, a decision of the queue."""

from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, StringField

from hrtrain.core.forms import (
    DayField,
    Form,
    OnceField,
    SelectField,
    VersionField,
    at_most,
    cleaned,
    required,
)
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.reorganising.actions.drafting import Heading
from hrtrain.reorganising.models import Reorganisation
from hrtrain.units.words import KINDS, TIERS

MOST_MERGED, MOST_SPLIT = 14, 5
_AS_BEFORE = [("", _l("— như cũ —"))]


def _unit(label: Any, *validators: Any, **more: Any) -> StringField:
    return StringField(label, [*validators, at_most(400)], filters=[cleaned], **more)


def _name(label: Any, *validators: Any, **more: Any) -> StringField:
    return StringField(label, [*validators, at_most(250)], filters=[cleaned], **more)


class HeadingForm(Form):
    """What orders the reorganisation, and from which day it holds."""

    once = OnceField("r")
    version = VersionField()
    title = StringField(
        _l("Nội dung sắp xếp"),
        [required(), at_most(300)],
        filters=[cleaned],
        description=_l("Ví dụ: Sắp xếp đơn vị hành chính cấp xã của tỉnh Quảng Ninh."),
    )
    document_no = StringField(
        _l("Số, ký hiệu văn bản"), [required(), at_most(120)], filters=[cleaned]
    )
    effective_on = DayField(
        _l("Ngày có hiệu lực"),
        [required()],
        description=_l("Ngày đầu tiên theo tổ chức mới; báo cáo của những ngày trước không đổi."),
    )

    def heading(self) -> Heading:
        """What the form says."""
        on = cast(date, self.effective_on.data)
        return Heading(self.title.data, self.document_no.data, on)

    def show(self, plan: Reorganisation) -> None:
        """Fill the form with what is stored."""
        self.version.data = plan.version
        self.title.data, self.document_no.data = plan.title, plan.document_no
        self.effective_on.data = plan.effective_on


class FileForm(Form):
    """A plan in a file, in place of the steps entered so far."""

    file = FileField(
        _l("Tệp phương án (.csv)"),
        [FileRequired(_l("Hãy chọn một tệp."))],
        description=_l(
            "Các cột predecessor_key (mã đơn vị cũ), successor_key (mã đơn vị kế thừa; để trống "
            "nếu giải thể), effective_on (ngày có hiệu lực), is_default (1 nếu là đơn vị mặc "
            "định); hoặc, để đổi tên: key (mã đơn vị), effective_on, name (tên mới)."
        ),
    )

    @property
    def content(self) -> bytes:
        """The file's bytes, once the form is valid."""
        storage: Any = self.file.data
        return cast(bytes, storage.read())


class MergeForm(Form):
    """Some units become one, which exists or is new."""

    units = FieldList(_unit(_l("Đơn vị cũ")), min_entries=MOST_MERGED, max_entries=MOST_MERGED)
    to = _unit(_l("Thành đơn vị đã có"))
    name = _name(_l("hoặc thành đơn vị mới, tên là"))
    tier = SelectField(_l("Cấp của đơn vị mới"), choices=[*_AS_BEFORE, *TIERS.items()])
    kind = SelectField(_l("Loại đơn vị mới"), choices=[*_AS_BEFORE, *KINDS.items()])
    parent = _unit(
        _l("Đơn vị cấp trên của đơn vị mới"),
        description=_l("Để trống thì như đơn vị cũ đầu tiên."),
    )


class SplitForm(Form):
    """One unit becomes several, each existing or new; the first is the default."""

    unit = _unit(_l("Đơn vị cũ"), required())
    to = FieldList(_unit(_l("Đơn vị đã có")), min_entries=MOST_SPLIT, max_entries=MOST_SPLIT)
    name = FieldList(
        _name(_l("hoặc tên đơn vị mới")), min_entries=MOST_SPLIT, max_entries=MOST_SPLIT
    )


class RenameForm(Form):
    """Another name from the day on."""

    unit = _unit(_l("Đơn vị"), required())
    name = _name(_l("Tên mới"), required())
    short_name = StringField(_l("Tên viết tắt"), [at_most(120)], filters=[cleaned])


class RetypeForm(Form):
    """Another tier or kind: a unit that takes over from the one it was."""

    unit = _unit(_l("Đơn vị"), required())
    tier = SelectField(_l("Cấp mới"), choices=[*_AS_BEFORE, *TIERS.items()])
    kind = SelectField(_l("Loại mới"), choices=[*_AS_BEFORE, *KINDS.items()])


class MoveForm(Form):
    """Another parent from the day on."""

    unit = _unit(_l("Đơn vị"), required())
    parent = _unit(
        _l("Đơn vị cấp trên mới"), description=_l("Để trống nếu không còn đơn vị cấp trên.")
    )


class DissolveForm(Form):
    """The unit ends without a successor."""

    unit = _unit(_l("Đơn vị"), required())


STEP_FORMS: dict[str, type[Form]] = {
    "merge": MergeForm,
    "split": SplitForm,
    "rename": RenameForm,
    "retype": RetypeForm,
    "move": MoveForm,
    "dissolve": DissolveForm,
}


class ChoiceForm(Form):
    """Where the people ticked went: to one of the successors, or to another unit that is typed."""

    to = SelectField(_l("Chuyển đến"), choices=[], validate_choice=False)
    unit = _unit(_l("hoặc đơn vị khác"))
