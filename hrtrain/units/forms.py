"""Forms of units: added, changed, renamed, moved, coded. Last days are written inclusive."""

from datetime import date
from typing import Any, cast

from wtforms import StringField
from wtforms.validators import Optional, Regexp

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
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.core.period import Period, day_after, day_before
from hrtrain.units.actions import NewCode
from hrtrain.units.models import Unit
from hrtrain.units.rules import Kind, Tier, UnitDetails
from hrtrain.units.words import KINDS, TIERS

KEY = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_BAD_KEY = _l("Chỉ dùng chữ không dấu, số, dấu chấm và gạch, bắt đầu bằng chữ hoặc số.")
_LAST_BEFORE_FIRST = _l("Ngày cuối không được trước ngày đầu.")


def _first_day(label: Any) -> DayField:
    return DayField(label, description=_l("Để trống: từ trước đến nay."))


def _last_day(label: Any) -> DayField:
    return DayField(
        label,
        validators=[not_before("starts_on", _LAST_BEFORE_FIRST)],
        description=_l("Ngày cuối cùng còn tồn tại; để trống nếu chưa định."),
    )


class LifeForm(Form):
    """What a unit is and when it exists."""

    version = VersionField()
    tier = SelectField(_l("Cấp"), choices=list(TIERS.items()))
    kind = SelectField(_l("Loại"), choices=list(KINDS.items()))
    starts_on = _first_day(_l("Tồn tại từ ngày"))
    ends_on = _last_day(_l("Đến hết ngày"))

    @property
    def life(self) -> Period:
        """The days the form says the unit exists."""
        return Period(self.starts_on.data, day_after(self.ends_on.data))

    def show(self, unit: Unit) -> None:
        """Fill the form with what is stored."""
        self.version.data = unit.version
        self.tier.data, self.kind.data = unit.tier, unit.kind
        self.starts_on.data, self.ends_on.data = unit.starts_on, day_before(unit.ends_on)

    def details(self, name: str, short_name: str) -> UnitDetails:
        """What the form says, for a unit called so."""
        tier, kind = Tier(self.tier.data), Kind(self.kind.data)
        return UnitDetails(name, short_name, tier, kind, self.life)


class NewUnitForm(LifeForm):
    """A new unit below its parent. Without a key of its own it gets the form's."""

    once = OnceField("u")
    name = StringField(_l("Tên đơn vị"), [required(), at_most(250)], filters=[cleaned])
    short_name = StringField(_l("Tên viết tắt"), [at_most(120)], filters=[cleaned])
    key = StringField(
        _l("Mã riêng trong hệ thống"),
        [
            Optional(),
            at_most(120),
            Regexp(KEY, message=_BAD_KEY),
        ],
        filters=[cleaned],
        description=_l("Để trống để hệ thống tự đặt; không phải mã hành chính."),
    )
    parent = StringField(_l("Đơn vị cấp trên"), [at_most(400)], filters=[cleaned])


class FromDayForm(Form):
    """A change that holds from a day on."""

    version = VersionField()

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        return cast(date, self.on.data)


class RenameForm(FromDayForm):
    """A new name from a day on."""

    name = StringField(_l("Tên mới"), [required(), at_most(250)], filters=[cleaned])
    short_name = StringField(_l("Tên viết tắt"), [at_most(120)], filters=[cleaned])
    on = DayField(
        _l("Từ ngày"),
        [required()],
        description=_l("Tên cũ được giữ cho những ngày trước đó."),
    )


class MoveForm(FromDayForm):
    """Another parent from a day on."""

    parent = StringField(
        _l("Đơn vị cấp trên mới"),
        [at_most(400)],
        filters=[cleaned],
        description=_l("Để trống nếu không còn đơn vị cấp trên."),
    )
    on = DayField(_l("Từ ngày"), [required()])


class CodeForm(Form):
    """An official code for a period."""

    scheme = StringField(
        _l("Bộ mã"),
        [required(), at_most(30)],
        filters=[cleaned],
        default="gso",
        description=_l("“gso” là danh mục đơn vị hành chính."),
    )
    code = StringField(_l("Mã"), [required(), at_most(30)], filters=[cleaned])
    starts_on = _first_day(_l("Dùng từ ngày"))
    ends_on = DayField(_l("Đến hết ngày"), validators=[not_before("starts_on", _LAST_BEFORE_FIRST)])

    def details(self) -> NewCode:
        """What the form says."""
        period = Period(self.starts_on.data, day_after(self.ends_on.data))
        return NewCode(self.scheme.data, self.code.data, period)
