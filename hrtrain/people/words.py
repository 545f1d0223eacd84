"""What the office calls people's genders and the acts on them, in the page's language."""

from hrtrain.core.language import lazy_gettext as _l

GENDERS = {"female": _l("Nữ"), "male": _l("Nam")}
ACTS = {
    "person_added": _l("Thêm cán bộ"),
    "person_changed": _l("Sửa thông tin"),
    "membership_added": _l("Xếp vào nhóm"),
    "membership_corrected": _l("Sửa thời gian tham gia"),
    "membership_transferred": _l("Chuyển đơn vị"),
    "membership_retracted": _l("Rút dòng ghi sai"),
    "record_completion": _l("Ghi nhận hoàn thành"),
    "people_merged": _l("Gộp hồ sơ"),
    "people_unmerged": _l("Tách lại hồ sơ đã gộp"),
    "people_told_apart": _l("Xác định là hai người khác nhau"),
    "people_not_told_apart": _l("Bỏ xác định là hai người khác nhau"),
    "retract_completion": _l("Rút ghi nhận"),
}
DUE = {
    "never": _l("Chưa khai lần nào"),
    "changed": _l("Danh sách đã thay đổi"),
    "old": _l("Đã lâu chưa xác nhận"),
}
DUE_TONES = {"never": "bad", "changed": "warn", "old": "info"}
BECAME = {
    "declared": _l("Khai mới"),
    "confirmed": _l("Xác nhận vẫn đúng"),
    "corrected": _l("Khai lại, sửa số"),
    "shortened": _l("Hết thời gian do lần khai sau"),
}


def gender_name(gender: str) -> str:
    """``Nữ`` for ``female``; empty when it is not known."""
    return str(GENDERS.get(gender, ""))


def act_name(act: str) -> str:
    """The act of an audit entry about a person, in words."""
    return str(ACTS.get(act, act))
