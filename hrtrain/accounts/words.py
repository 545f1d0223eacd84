"""What roles and acts are called on pages."""

from hrtrain.accounts.rules import Role
from hrtrain.core.language import gettext as _
from hrtrain.core.language import lazy_gettext as _l

ROLES = {
    Role.ADMINISTRATOR: _l("Quản trị viên"),
    Role.PROGRAMME_MANAGER: _l("Quản lý kế hoạch"),
    Role.ORGANIZER: _l("Tổ chức lớp"),
    Role.FOCAL_POINT: _l("Đầu mối đơn vị"),
    Role.LEADERSHIP: _l("Lãnh đạo"),
    Role.ATTENDEE: _l("Học viên"),
}

SUBJECTS = {
    "certificate": _l("giấy chứng nhận"),
    "certificate_series": _l("loạt giấy chứng nhận"),
    "course": _l("khóa học"),
    "data_request": _l("phiếu yêu cầu dữ liệu"),
    "demo": _l("dữ liệu minh họa"),
    "group": _l("nhóm cán bộ"),
    "incident": _l("sự cố dữ liệu"),
    "package": _l("gói dữ liệu"),
    "person": _l("cán bộ"),
    "privacy": _l("dữ liệu cá nhân"),
    "programme": _l("chương trình"),
    "reorganisation": _l("sắp xếp đơn vị"),
    "retention": _l("thời hạn lưu"),
    "roster": _l("danh sách"),
    "seal": _l("báo cáo đã chốt"),
    "training_session": _l("lớp tập huấn"),
    "unit": _l("đơn vị"),
    "user": _l("người dùng"),
}
"""What an act of the log was done to."""


def role_choices() -> list[tuple[str, str]]:
    """Roles for a filter."""
    return [(role.value, str(label)) for role, label in ROLES.items()]


def roles_to_give() -> list[tuple[str, str]]:
    """Roles for a form; none is chosen beforehand."""
    return [("", _("— chọn vai trò —")), *role_choices()]


def role_name(role: str) -> str:
    """What the role is called; the word itself when it is none of ours."""
    return str(ROLES[Role(role)]) if role in set(Role) else role
