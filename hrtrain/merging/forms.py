"""The form of a merge: what is taken from which record, where both say something else."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, StringField

from hrtrain.core.forms import Form, RadioField, at_most, cleaned
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.merging.rules import Choices, Side

TAKE, DAYS = "take_", "days_"
SIDES = ((Side.KEPT, _l("hồ sơ giữ lại")), (Side.MERGED, _l("hồ sơ được gộp")))


class MergeForm(Form):
    """Every choice is filled in beforehand; ``seen`` says what they were chosen by."""

    seen = HiddenField()
    reason = StringField(
        _l("Căn cứ"),
        [at_most(500)],
        filters=[cleaned],
        description=_l("Ví dụ: đã hỏi đơn vị; ghi vào nhật ký."),
    )

    def choices(self) -> Choices:
        """What a valid form says."""
        return Choices(
            fields={
                name.removeprefix(TAKE): Side(field.data)
                for name, field in self._fields.items()
                if name.startswith(TAKE)
            },
            holders={
                int(name.removeprefix(DAYS)): Side(field.data)
                for name, field in self._fields.items()
                if name.startswith(DAYS)
            },
            account=Side(self["account"].data) if "account" in self else Side.KEPT,
            reason=self.reason.data or "",
        )


def merge_form(
    fields: Sequence[tuple[str, Side]], groups: Sequence[tuple[int, str]], *, has_accounts: bool
) -> Any:
    """The form with a choice for each detail and each group that both have, and for accounts."""
    parts: dict[str, Any] = {}
    for name, default in fields:
        parts[f"{TAKE}{name}"] = RadioField(name, choices=SIDES, default=default)
    for group_id, group in groups:
        label = _l("Những ngày cả hai cùng thuộc nhóm “%(group)s”", group=group)
        parts[f"{DAYS}{group_id}"] = RadioField(label, choices=SIDES, default=Side.KEPT)
    if has_accounts:
        label = _l("Tài khoản đăng nhập của người này")
        parts["account"] = RadioField(label, choices=SIDES, default=Side.KEPT)
    return type("MergeFormHere", (MergeForm,), parts)()
