"""What the page around every page needs: its language, the visitor, and the doors open to them."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from hrtrain.accounts.access import Visitor, current_visitor, is_open_to
from hrtrain.accounts.rules import Role
from hrtrain.accounts.views import bp
from hrtrain.core.access import roles_of
from hrtrain.core.language import chosen_language, lazy_ngettext
from hrtrain.core.language import lazy_gettext as _l

# Heading, then (endpoint, label, icon); a door is shown to whoever its view is open to.
PARTS = (
    (
        "",
        (
            ("coverage.dashboard", _l("Bảng theo dõi"), "speedometer2"),
            ("training.my_page", _l("Của tôi"), "person-badge"),
        ),
    ),
    (
        _l("Tập huấn"),
        (
            ("training.training_session_list", _l("Lớp tập huấn"), "calendar-event"),
            ("training.course_list", lazy_ngettext("Khóa học", "Khóa học", 2), "book"),
            ("certificates.certificate_list", _l("Giấy chứng nhận"), "award"),
            ("certificates.register", _l("Sổ cấp chứng nhận"), "journal-text"),
            ("certificates.series_list", _l("Loạt giấy chứng nhận"), "collection"),
        ),
    ),
    (
        _l("Cán bộ và đơn vị"),
        (
            ("people.person_list", _l("Cán bộ"), "people"),
            ("people.roster_list", _l("Nhập danh sách"), "file-earmark-spreadsheet"),
            ("units.unit_list", lazy_ngettext("Đơn vị", "Đơn vị", 2), "diagram-3"),
            ("people.headcount_list", _l("Số lượng cán bộ"), "123"),
            ("people.group_list", lazy_ngettext("Nhóm cán bộ", "Nhóm cán bộ", 2), "tags"),
        ),
    ),
    (
        lazy_ngettext("Kế hoạch", "Kế hoạch", 2),
        (("coverage.programme_list", _l("Kế hoạch và chỉ tiêu"), "clipboard-data"),),
    ),
    (
        _l("Quản trị"),
        (
            ("accounts.user_list", _l("Người dùng"), "person-lock"),
            ("accounts.audit_log", _l("Nhật ký thao tác"), "clock-history"),
        ),
    ),
)


@dataclass(frozen=True)
class Item:
    """A door in the navigation."""

    label: str
    url: str
    icon: str
    is_here: bool


@dataclass(frozen=True)
class Part:
    """Some doors under one heading."""

    label: str
    items: list[Item]


def navigation() -> list[Part]:
    """The doors open to the visitor; parts without any are left out."""
    visitor = current_visitor()
    here = _longest_match(request.path)
    parts = []
    for label, doors in PARTS:
        items = [
            Item(str(words), url_for(endpoint), icon, url_for(endpoint) == here)
            for endpoint, words, icon in doors
            if _is_shown(endpoint, visitor)
        ]
        if items:
            parts.append(Part(str(label), items))
    return parts


def _is_shown(endpoint: str, visitor: Visitor | None) -> bool:
    """Whether the door is open; an administrator may enter an attendee's, but has nothing there."""
    if not is_open_to(endpoint, visitor):
        return False
    is_attendees = roles_of(current_app.view_functions[endpoint]) == {Role.ATTENDEE}
    return not is_attendees or (visitor is not None and Role.ATTENDEE in visitor.roles)


def front_page() -> str:
    """The visitor's first door; a stranger's is the sign-in page."""
    if current_visitor() is None:
        return url_for("accounts.sign_in")
    parts = navigation()
    return parts[0].items[0].url if parts else url_for("accounts.account")


def _longest_match(path: str) -> str:
    """The door whose address the page's begins with: ``/people/p1`` lies behind ``/people``."""
    doors = [door for _label, part in PARTS for door, _words, _icon in part]
    addresses = [url_for(door) for door in doors if door in current_app.view_functions]
    if path.startswith(("/coverage/", "/seals/")):  # what the dashboard's figures lead to
        return url_for("coverage.dashboard")
    fitting = [a for a in addresses if path == a or (a != "/" and path.startswith(a + "/"))]
    return max(fitting, key=len, default="")


@bp.app_context_processor
def _page_values() -> dict[str, object]:
    return {
        "page_language": chosen_language,
        "visitor": current_visitor,
        "navigation": navigation,
        "front_page": front_page,
    }
