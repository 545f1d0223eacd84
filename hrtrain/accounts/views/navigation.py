"""What the page around every page needs: its language, the visitor, and the doors open to them."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from hrtrain.accounts.access import Visitor, current_visitor, is_open_to
from hrtrain.accounts.rules import Role
from hrtrain.accounts.views import bp
from hrtrain.core.access import roles_of
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.core.language import lazy_ngettext, page_language

# Heading, then (endpoint, label, icon); a door is shown to whoever its view is open to.
PARTS = (
    (
        "",
        (
            ("coverage.dashboard", _l("Bảng theo dõi"), "speedometer2"),
            ("training.my_page", _l("Của tôi"), "person-badge"),
            ("privacy.my_data", _l("Dữ liệu của tôi"), "shield-check"),
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
            ("people.duplicate_list", _l("Hồ sơ có thể trùng"), "people-fill"),
            ("units.unit_list", lazy_ngettext("Đơn vị", "Đơn vị", 2), "diagram-3"),
            ("reorganising.reorganisation_list", _l("Sắp xếp đơn vị"), "shuffle"),
            ("people.headcount_list", _l("Số lượng cán bộ"), "123"),
            ("people.group_list", lazy_ngettext("Nhóm cán bộ", "Nhóm cán bộ", 2), "tags"),
            ("privacy.request_list", _l("Phiếu yêu cầu dữ liệu"), "envelope"),
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
            ("privacy.access_log", _l("Dữ liệu cá nhân"), "shield-check"),
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
    visitor, addresses = current_visitor(), _addresses()
    here = _longest_match(request.path, addresses)
    parts = []
    for label, doors in PARTS:
        items = [
            Item(str(words), addresses[endpoint], icon, addresses[endpoint] == here)
            for endpoint, words, icon in doors
            if _is_shown(endpoint, visitor)
        ]
        if items:
            parts.append(Part(str(label), items))
    return parts


def _addresses() -> dict[str, str]:
    """Where each door is; no door of the menu needs a value in its address."""
    doors = [door for _label, part in PARTS for door, _words, _icon in part]
    return {door: url_for(door) for door in doors if door in current_app.view_functions}


def _is_shown(endpoint: str, visitor: Visitor | None) -> bool:
    """Whether the door is open; an administrator may enter an attendee's, but has nothing there."""
    if not is_open_to(endpoint, visitor):
        return False
    is_attendees = roles_of(current_app.view_functions[endpoint]) == {Role.ATTENDEE}
    return not is_attendees or (visitor is not None and Role.ATTENDEE in visitor.roles)


def front_page() -> str:
    """The visitor's first door; a stranger's is the sign-in page."""
    visitor = current_visitor()
    if visitor is None:
        return url_for("accounts.sign_in")
    doors = (door for _label, part in PARTS for door, _words, _icon in part)
    first = next((door for door in doors if _is_shown(door, visitor)), "accounts.account")
    return url_for(first)


# What the dashboard's figures lead to.
_BEHIND_FIGURES = ("/coverage/", "/seals/", "/compare", "/attendance", "/trust")


def _longest_match(path: str, addresses: dict[str, str]) -> str:
    """The door whose address the page's begins with: ``/people/p1`` lies behind ``/people``."""
    if path.startswith(_BEHIND_FIGURES):
        return addresses["coverage.dashboard"]
    fitting = [
        address
        for address in addresses.values()
        if path == address or (address != "/" and path.startswith(address + "/"))
    ]
    return max(fitting, key=len, default="")


@bp.app_context_processor
def _page_values() -> dict[str, object]:
    return {
        "page_language": page_language,
        "visitor": current_visitor,
        "navigation": navigation,
        "front_page": front_page,
    }
