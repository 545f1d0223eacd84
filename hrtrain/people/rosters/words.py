"""What complaints and warnings about rosters are in words; the pure rooms give codes."""

from hrtrain.core.formats import birth
from hrtrain.core.language import gettext as _
from hrtrain.people.rosters.types import Candidate, Code, Complaint, Reason, Warn


def sentence(complaint: Complaint) -> str:
    """Why the row is refused, with whom it clashes, and what may be meant."""
    said: str = _sentences()[complaint.code]
    if complaint.code is Code.UNKNOWN_UNIT and not complaint.value:
        said = _("Dòng này không ghi đơn vị.")
    if complaint.same_as_row is not None:
        said = _twice(complaint)
    if complaint.candidates:
        named = "; ".join(_named(one) for one in complaint.candidates[:5])
        said = _("%(said)s Có thể là: %(named)s.", said=said, named=named)
    if complaint.choices:
        named = "; ".join(complaint.choices[:5])
        said = _("Tên này có ở nhiều đơn vị: %(named)s. Hãy ghi mã đơn vị.", named=named)
    return said


def _twice(complaint: Complaint) -> str:
    said: str = _("Trùng với dòng %(row)s.", row=complaint.same_as_row)
    if complaint.same_as_sheet:
        said = _(
            "Trùng với dòng %(row)s của trang “%(sheet)s”.",
            row=complaint.same_as_row,
            sheet=complaint.same_as_sheet,
        )
    return said


def _named(one: Candidate) -> str:
    said: str = _("%(name)s, chưa có ngày sinh", name=one.full_name)
    if one.row is not None:
        said = _("%(name)s ở dòng %(row)s", name=one.full_name, row=one.row)
    elif not one.person:
        said = _("%(name)s, người ngoài phạm vi của bạn", name=one.full_name)
    elif one.birth_date:
        said = _("%(name)s, sinh %(birth)s", name=one.full_name, birth=birth(one.birth_date))
    return said


def _sentences() -> dict[Code, str]:
    return {
        Code.MISSING_NAME: _("Dòng này không có họ và tên."),
        Code.BAD_BIRTH_DATE: _("Không có ngày sinh này trong lịch."),
        Code.AMBIGUOUS_BIRTH_DATE: _(
            "Có vẻ tháng đứng trước ngày. Hãy ghi lại theo thứ tự ngày/tháng/năm."
        ),
        Code.BAD_NATIONAL_ID: _("Số định danh phải có 12 chữ số (số CMND cũ: 9 chữ số)."),
        Code.BAD_PHONE: _("Số điện thoại phải gồm số 0 và chín chữ số."),
        Code.BAD_EMAIL: _("Địa chỉ thư điện tử không đúng."),
        Code.BAD_GENDER: _("Giới tính phải là Nam hoặc Nữ, và chỉ một trong hai."),
        Code.UNKNOWN_UNIT: _("Không có đơn vị này vào ngày bắt đầu, hoặc ngoài phạm vi của bạn."),
        Code.UNKNOWN_GROUP: _("Không có nhóm cán bộ này."),
        Code.DUPLICATE_IN_FILE: _("Người này đã có ở một dòng khác của tệp."),
        Code.OVERLAPPING_MEMBERSHIP: _(
            "Người này đã thuộc nhóm ở một đơn vị khác trong thời gian đó."
        ),
        Code.NEEDS_REVIEW: _("Có thể là người đã biết; chỉ trùng tên thì chưa đủ để nhận ra."),
    }


def warning_words(code: str) -> str:
    """What was noticed of a row that stands."""
    said: dict[Warn, str] = {
        Warn.NATIONAL_ID_DISAGREES: _("Số định danh không khớp với giới tính hoặc năm sinh."),
        Warn.ZERO_RESTORED: _("Đã thêm lại số 0 ở đầu số giấy tờ."),
        Warn.OLD_IDENTITY_NUMBER: _("Số CMND cũ, 9 chữ số."),
        Warn.ETH_READ_AS_D: _("Chữ Ð (eth) được đọc là Đ."),
    }
    return said[Warn(code)]


def column_words(column: str) -> str:
    """What a field of a roster is called."""
    said: dict[str, str] = {
        "number": _("Số thứ tự"),
        "full_name": _("Họ và tên"),
        "family": _("Họ và đệm"),
        "given": _("Tên"),
        "birth_date": _("Ngày sinh"),
        "birth_day": _("Ngày"),
        "birth_month": _("Tháng"),
        "birth_year": _("Năm"),
        "gender": _("Giới tính"),
        "male": _("Nam"),
        "female": _("Nữ"),
        "position": _("Chức vụ"),
        "unit": _("Đơn vị"),
        "unit_text": _("Đơn vị"),
        "phone": _("Điện thoại"),
        "email": _("Thư điện tử"),
        "national_id": _("Số định danh"),
        "group": _("Nhóm"),
        "group_text": _("Nhóm"),
        "note": _("Ghi chú"),
    }
    return said[column]


def reason_words(code: str) -> str:
    """What speaks for or against a row being somebody known."""
    said: dict[Reason, str] = {
        Reason.SAME_NAME: _("trùng họ tên"),
        Reason.OTHER_NAME: _("khác họ tên"),
        Reason.SAME_CARD: _("trùng số định danh"),
        Reason.OTHER_CARD: _("khác số định danh"),
        Reason.SAME_BIRTH: _("trùng ngày sinh"),
        Reason.BIRTH_AGREES: _("ngày sinh không mâu thuẫn"),
        Reason.BIRTH_UNKNOWN: _("một bên chưa có ngày sinh"),
        Reason.OTHER_BIRTH: _("khác ngày sinh"),
        Reason.SAME_CONTACT: _("trùng điện thoại hoặc thư điện tử"),
        Reason.SAME_UNIT: _("cùng đơn vị"),
        Reason.OTHER_UNIT: _("khác đơn vị"),
        Reason.OUTSIDE: _("người ngoài phạm vi của bạn"),
    }
    return said[Reason(code)]


def stay_words(reason: str) -> str:
    """Why somebody stays when the import is undone."""
    said: dict[str, str] = {
        "completion": _("đã có kết quả tập huấn"),
        "enrolment": _("đã ghi danh vào lớp"),
        "certificate": _("đã có chứng nhận"),
        "exemption": _("đã được miễn"),
        "membership": _("đã có lần tham gia nhóm khác"),
        "user_account": _("đã có tài khoản"),
        "person_merge": _("đã được gộp với hồ sơ khác"),
        "changed": _("việc tham gia nhóm đã được sửa sau đó"),
        "edited": _("thông tin đã được sửa sau đó"),
    }
    return said.get(reason) or _("đã có dữ liệu khác gắn với người này")


def how_words(how: str) -> str:
    """Who says how the columns are to be read."""
    said: dict[str, str] = {
        "found": _("Tự nhận ra"),
        "said": _("Theo lựa chọn của bạn"),
        "remembered": _("Theo cách bạn đã chọn lần trước"),
    }
    return said[how]


_MATCH_TONES = {"new": "good", "changed": "info", "unchanged": "muted", "refused": "bad"}
_STATE_TONES = {
    "reading": "info",
    "unread": "bad",
    "checked": "warn",
    "importing": "info",
    "imported": "good",
    "undone": "muted",
    "discarded": "muted",
}


def match_words(match: str) -> str:
    """What a row would do."""
    said: dict[str, str] = {
        "new": _("Người mới"),
        "changed": _("Thay đổi"),
        "unchanged": _("Không đổi"),
        "refused": _("Cần sửa"),
    }
    return said[match]


def match_tone(match: str) -> str:
    """The tone of its badge."""
    return _MATCH_TONES[match]


def state_words(state: str) -> str:
    """What became of an upload."""
    said: dict[str, str] = {
        "reading": _("Đang đọc"),
        "unread": _("Không đọc được"),
        "checked": _("Chờ xác nhận"),
        "importing": _("Đang nhập"),
        "imported": _("Đã nhập"),
        "undone": _("Đã hoàn tác"),
        "discarded": _("Đã bỏ"),
    }
    return said[state]


def state_tone(state: str) -> str:
    """The tone of its badge."""
    return _STATE_TONES[state]
