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


def role_choices() -> list[tuple[str, str]]:
    """Roles for a filter."""
    return [(role.value, str(label)) for role, label in ROLES.items()]


def roles_to_give() -> list[tuple[str, str]]:
    """Roles for a form; none is chosen beforehand."""
    return [("", _("— chọn vai trò —")), *role_choices()]


def role_name(role: str) -> str:
    """What the role is called; the word itself when it is none of ours."""
    return str(ROLES[Role(role)]) if role in set(Role) else role
