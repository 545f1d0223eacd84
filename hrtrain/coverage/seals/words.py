"""What sealed reports say on pages and sheets: causes, and why a sealed person stands there."""

from hrtrain.core import formats
from hrtrain.core.language import gettext as _
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.core.period import day_before
from hrtrain.coverage import words
from hrtrain.coverage.seals.listing import SealedPerson
from hrtrain.coverage.states import Reason, State

CAUSES = {
    "revocation": _l("Thu hồi"),
    "rule": _l("Đổi quy định"),
    "transfer": _l("Chuyển đơn vị"),
    "correction": _l("Đính chính"),
    "late": _l("Dữ liệu đến muộn"),
}
CAUSE_HINTS = {
    "revocation": _l("kết quả tập huấn bị thu hồi hoặc hủy"),
    "rule": _l("nội dung, phạm vi hoặc thời gian chờ của kế hoạch đã đổi"),
    "transfer": _l("người, hoặc đơn vị, nay thuộc nơi khác vào ngày chốt"),
    "correction": _l("điều đã ghi được rút lại hoặc ghi lại khác đi"),
    "late": _l("điều xảy ra đến ngày chốt nhưng ghi sau khi chốt"),
}
CAUSE_TONES = {
    "revocation": "bad",
    "rule": "warn",
    "transfer": "info",
    "correction": "warn",
    "late": "muted",
}


def why(person: SealedPerson) -> str:
    """What explained the person's state when it was sealed."""
    if person.state is State.UNTRAINED:
        return _why_untrained(person)
    if person.state is State.TRAINED:
        return _why_trained(person)
    if person.state is State.IN_GRACE:
        return str(_("Bị tính từ %(day)s", day=formats.day(person.day("due_on"))))
    return _why_exempt(person)


def _why_untrained(person: SealedPerson) -> str:
    reason = str(words.REASONS[person.reason or Reason.NEVER_ENROLLED])
    if person.reason is Reason.ITEM_MISSING:
        return f"{reason}: {', '.join(person.told['missing'])}"
    return reason


def _why_trained(person: SealedPerson) -> str:
    done = str(_("Hoàn thành ngày %(day)s", day=formats.day(person.completed_on)))
    if person.valid_through is None:
        return done
    ends = _("hiệu lực đến hết %(day)s", day=formats.day(person.valid_through))
    return f"{done}, {ends}"


def _why_exempt(person: SealedPerson) -> str:
    document = person.told["exempt_by"]
    said = [str(_("Theo %(document)s", document=document))] if document else []
    until = person.day("exempt_until")
    if until is not None:
        said.append(str(_("đến hết %(day)s", day=formats.day(day_before(until)))))
    return ", ".join(said)
