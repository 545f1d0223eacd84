"""Every page, print and file that shows names of people, and what of it the log keeps.

`tests/house/test_names_logged.py` walks the house: a door that shows a name and is neither here
nor in `NOT_LOGGED` with its reason fails there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hrtrain.core.language import lazy_gettext as _l

PAGE, PRINT, EXPORT = "page", "print", "export"


@dataclass(frozen=True)
class Watch:
    """What a view shows. Of a page's template: ``person`` and ``rows`` are where they stand in its
    values (``|`` between several), ``ids`` the row's attribute with the person's number or key.
    """

    words: Any
    purpose: str = PAGE
    person: str = ""
    rows: str = ""
    ids: str = ""


_ONE = "person"
_OF_PERSON = {
    "people.person_page": Watch(_l("Trang của cán bộ"), person=_ONE),
    "people.person_edit": Watch(_l("Sửa thông tin cán bộ"), person=_ONE),
    "people.membership_new": Watch(_l("Xếp cán bộ vào nhóm"), person=_ONE),
    "people.membership_correct": Watch(_l("Sửa thời gian tham gia"), person=_ONE),
    "people.membership_end": Watch(_l("Kết thúc tham gia"), person=_ONE),
    "people.membership_transfer": Watch(_l("Chuyển đơn vị"), person=_ONE),
    "people.membership_retract": Watch(_l("Rút dòng ghi sai"), person=_ONE),
    "training.completion_new": Watch(_l("Ghi nhận hoàn thành"), person=_ONE),
    "training.completion_retract": Watch(_l("Rút ghi nhận hoàn thành"), person=_ONE),
    "training.enrolment_withdraw": Watch(_l("Rút cán bộ khỏi lớp"), person="enrolment.person"),
    "coverage.person_history": Watch(_l("Quá trình tập huấn"), person=_ONE),
    "coverage.exemption_retract": Watch(_l("Rút việc miễn"), person=_ONE),
    "certificates.certificate_page": Watch(
        _l("Trang giấy chứng nhận"), person="certificate.person"
    ),
    "certificates.certificate_revoke": Watch(
        _l("Thu hồi giấy chứng nhận"), person="certificate.person"
    ),
    "certificates.certificate_correct": Watch(
        _l("Cấp lại giấy chứng nhận"), person="certificate.person"
    ),
    "privacy.person_data": Watch(_l("Dữ liệu cá nhân đang giữ"), person=_ONE),
    "privacy.person_export": Watch(_l("Bản sao dữ liệu cá nhân"), EXPORT),
    "privacy.my_export": Watch(_l("Bản sao dữ liệu của chính mình"), EXPORT),
    "privacy.personal_export": Watch(_l("Bản sao dữ liệu của chính mình"), EXPORT),
    "privacy.anonymise": Watch(_l("Ẩn danh cán bộ"), person=_ONE),
    "privacy.request_new": Watch(_l("Ghi phiếu yêu cầu"), person=_ONE),
    "privacy.request_page_of": Watch(_l("Một phiếu yêu cầu"), person="asked.person"),
}
_LISTS = {
    "people.person_list": Watch(_l("Danh sách cán bộ"), rows="page.rows", ids="id"),
    "people.duplicate_list": Watch(_l("Hồ sơ có thể trùng"), rows="shown", ids="id"),
    "people.duplicate_pair": Watch(_l("Hai hồ sơ có thể trùng"), rows="records", ids="person.id"),
    "people.person_merge": Watch(_l("Xem trước khi gộp"), rows="records", ids="person.id"),
    "people.merge_page": Watch(_l("Việc gộp hồ sơ"), rows="people", ids="id"),
    "people.person_new": Watch(_l("Tìm người trùng khi thêm cán bộ"), rows="alike", ids="id"),
    "people.roster_page": Watch(_l("Danh sách gửi lên"), rows="page.rows|refused.rows"),
    "people.roster_columns": Watch(
        _l("Các cột của danh sách gửi lên"), rows="upload.reading.sheets"
    ),
    "people.roster_leaving": Watch(
        _l("Người đã biết nhưng không có trong tệp"), rows="page.rows", ids="key"
    ),
    "people.roster_undo": Watch(_l("Hoàn tác việc nhập danh sách"), rows="staying", ids="key"),
    "people.roster_refused": Watch(_l("Bảng tính các dòng cần sửa"), EXPORT),
    "training.training_session_page": Watch(
        _l("Học viên của lớp"), rows="page.rows|certificates", ids="person_id"
    ),
    "training.attendance": Watch(_l("Điểm danh"), rows="page.rows", ids="person_id"),
    "training.sign_in_sheet": Watch(_l("Danh sách ký tên"), PRINT, rows="rows", ids="person_id"),
    "training.enrolment_new": Watch(_l("Chọn người ghi danh"), rows="found", ids="person_key"),
    "training.enrol_people": Watch(_l("Chọn người ghi danh"), rows="found", ids="person_key"),
    "training.enrol_from_file": Watch(
        _l("Ghi danh theo danh sách"), rows="found", ids="person_key"
    ),
    "certificates.certificate_list": Watch(_l("Danh sách giấy chứng nhận"), rows="page.rows"),
    "certificates.session_certificates": Watch(_l("Giấy chứng nhận của lớp"), rows="rows"),
    "certificates.register": Watch(_l("Sổ cấp giấy chứng nhận"), rows="page.rows"),
    "certificates.register_sheet": Watch(_l("Sổ cấp giấy chứng nhận"), EXPORT),
    "certificates.certificate_document": Watch(_l("Tệp giấy chứng nhận"), EXPORT),
    "certificates.print_file": Watch(_l("Tệp in giấy chứng nhận của lớp"), PRINT),
    "certificates.archive": Watch(_l("Các tệp giấy chứng nhận của lớp"), EXPORT),
    "coverage.people_behind": Watch(_l("Người sau một con số"), rows="page.rows", ids="id"),
    "coverage.distinct_people": Watch(
        _l("Người của một chương trình, mỗi người một lần"), rows="page.rows", ids="id"
    ),
    "coverage.expiring": Watch(_l("Sắp hết hiệu lực"), rows="page.rows", ids="id"),
    "coverage.exemption_list": Watch(_l("Danh sách miễn"), rows="page.rows", ids="person.id"),
    "coverage.exemption_new": Watch(_l("Ghi miễn"), person=_ONE, rows="page.rows", ids="id"),
    "coverage.seal_people": Watch(_l("Người trong báo cáo đã chốt"), rows="page.rows", ids="key"),
    "coverage.seal_differences": Watch(
        _l("Chênh lệch giữa hai báo cáo đã chốt"), rows="page.rows", ids="moved.person"
    ),
    "coverage.seal_content": Watch(_l("Nội dung báo cáo đã chốt"), EXPORT),
    "reports.people_sheet_of": Watch(_l("Bảng tính người sau một con số"), EXPORT),
    "reports.expiring_sheet_of": Watch(_l("Bảng tính sắp hết hiệu lực"), EXPORT),
    "reports.seal_sheet": Watch(_l("Bảng tính người trong báo cáo đã chốt"), EXPORT),
    "reorganising.queue_page": Watch(
        _l("Người chờ chọn đơn vị sau khi chia tách"), rows="page.rows", ids="person_key"
    ),
    "reorganising.reorganisation_people": Watch(
        _l("Người chuyển theo sắp xếp đơn vị"), rows="page.rows", ids="person_key"
    ),
    "jobs.job_page": Watch(_l("Việc nền, các mục không làm được"), rows="failed"),
    "accounts.audit_log": Watch(_l("Nhật ký thao tác"), rows="page.rows"),
    "privacy.request_list": Watch(_l("Danh sách phiếu yêu cầu"), rows="page.rows", ids="person_id"),
    "privacy.access_log": Watch(_l("Nhật ký xem dữ liệu"), rows="page.rows"),
    "privacy.retention": Watch(_l("Xem trước việc lưu giữ"), rows="shown_people", ids="id"),
}
# Files that the command line writes are named the same way.
_COMMANDS = {
    "cli.privacy_export": Watch(_l("Bản sao dữ liệu cá nhân (dòng lệnh)"), EXPORT),
    "cli.data_export": Watch(_l("Gói dữ liệu (dòng lệnh)"), EXPORT),
}
WATCHED = {**_OF_PERSON, **_LISTS, **_COMMANDS}

_OWN = "the person's own data, shown to nobody else"
NOT_LOGGED = {
    "training.my_page": _OWN,
    "training.personal_link": _OWN,
    "training.personal_certificate": _OWN,
    "privacy.my_data": _OWN,
    "privacy.personal_data": _OWN,
    "certificates.verify": "public: whoever holds the code may compare the face",
    "certificates.verify_code": "public: whoever holds the code may compare the face",
    "training.my_calendar": "names no person",
    "training.personal_calendar": "names no person",
    "training.training_session_calendar": "names no person",
    "reports.dashboard_sheet": "figures without names",
    "reports.standings_sheet_of": "figures without names",
    "accounts.user_list": "accounts of users, not the roster of cadres",
    "accounts.user": "accounts of users, not the roster of cadres",
    "accounts.account": "the user's own account",
}


def what_is_shown(values: dict[str, Any], watch: Watch) -> tuple[int | None, list[int | str], int]:
    """Of a page's values: the one person's number, who else is shown, and how many they are."""
    person = _at(values, watch.person)
    rows = [row for place in watch.rows.split("|") for row in _at(values, place) or ()]
    if person is not None:
        return person.id, [person.id], 1
    return None, _ids(rows, watch.ids), len(rows)


def _at(values: dict[str, Any], place: str) -> Any:
    """What stands at the dotted place; None where a page has none: no page fails for it."""
    found: Any = values
    for name in place.split("."):
        found = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
    return found


def _ids(rows: Iterable[Any], place: str) -> list[int | str]:
    found = (_at({"row": row}, f"row.{place}") for row in rows) if place else ()
    return [one for one in found if one is not None]
