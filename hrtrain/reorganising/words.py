"""Reorganisations in words: what is wrong with a plan, what its steps and figures are called."""

from collections.abc import Sequence

from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.reorganising.rules import Fault

MOST_TOLD = 20
FAULTS = {
    "unknown_unit": _l("không có đơn vị “%(value)s”"),
    "is_itself": _l("%(whose)s không thể kế thừa chính mình"),
    "given_twice": _l("“%(value)s” đã được ghi ở dòng khác"),
    "no_default": _l("%(whose)s được chia mà chưa ghi đơn vị kế thừa mặc định"),
    "two_defaults": _l("%(whose)s có hơn một đơn vị kế thừa mặc định"),
    "told_otherwise": _l("việc kế thừa này đã được ghi với lựa chọn mặc định khác"),
    "has_successors": _l("%(whose)s vừa giải thể vừa có đơn vị kế thừa"),
    "ended_before": _l("%(whose)s đã kết thúc trước ngày này"),
    "begins_later": _l("%(whose)s chưa thành lập trước ngày này"),
    "ends_by_plan": _l("%(whose)s kết thúc theo chính quyết định này"),
    "not_standing": _l("%(whose)s không tồn tại vào ngày này"),
    "moved_later": _l("%(whose)s đã có lần chuyển cấp trên sau ngày này"),
    "below_itself": _l("%(whose)s sẽ nằm dưới chính nó"),
    "name_missing": _l("chưa ghi tên"),
    "name_too_long": _l("“%(value)s…” quá dài"),
    "bad_tier": _l("“%(value)s” không phải là một cấp"),
    "bad_kind": _l("“%(value)s” không phải là một loại đơn vị"),
    "not_utf8": _l("tệp không phải văn bản UTF-8"),
    "not_csv": _l("tệp không phải CSV"),
    "unknown_columns": _l(
        "không có các cột cần thiết (predecessor_key, successor_key, effective_on, is_default; "
        "hoặc key, effective_on, name), chỉ thấy: %(value)s"
    ),
    "too_many_fields": _l("dòng có nhiều ô hơn tiêu đề"),
    "too_long": _l("tệp dài hơn %(value)s dòng"),
    "empty": _l("tệp không có dòng nào"),
    "other_day": _l("ngày %(value)s khác ngày của quyết định (%(whose)s)"),
    "bad_flag": _l("“%(value)s” không phải 0 hay 1"),
    "out_of_reach": _l("đơn vị “%(value)s” ngoài phạm vi của bạn"),
}


def sentence(fault: Fault) -> str:
    """What is wrong, without where."""
    words = str(FAULTS[fault.code])
    return words % {"value": fault.value, "whose": fault.whose or fault.value}


def placed_sentence(fault: Fault) -> str:
    """The same with line and column."""
    if not fault.column:
        return str(_("Dòng %(line)s: %(what)s.", line=fault.line, what=sentence(fault)))
    told = {"line": fault.line, "column": fault.column, "what": sentence(fault)}
    return str(_("Dòng %(line)s, cột %(column)s: %(what)s.", **told))


def refusal_of(faults: Sequence[Fault]) -> Refusal:
    """All that is wrong, a line each; of very much only the first."""
    lines = [placed_sentence(fault) for fault in faults[:MOST_TOLD]]
    if len(faults) > MOST_TOLD:
        lines.append(_("Và %(n)s chỗ khác.", n=len(faults) - MOST_TOLD))
    return Refusal("\n".join(lines))


STEPS = {
    "merge": _l("Nhập, hợp nhất"),
    "split": _l("Chia, tách"),
    "rename": _l("Đổi tên"),
    "retype": _l("Đổi cấp, loại"),
    "move": _l("Chuyển cấp trên"),
    "dissolve": _l("Giải thể"),
}
