"""What states, verdicts and fields of certificates are called on pages, and in which tone."""

from hrtrain.core.language import lazy_gettext as _l

STATES = {
    "issued": _l("Đã cấp"),
    "replaced": _l("Đã thay bằng giấy khác"),
    "revoked": _l("Đã thu hồi"),
}
STATE_TONES = {"issued": "good", "replaced": "muted", "revoked": "bad"}

VERDICTS = {
    "valid": _l("Giấy chứng nhận có hiệu lực"),
    "expired": _l("Giấy chứng nhận đã hết thời hạn"),
    "revoked": _l("Giấy chứng nhận đã bị thu hồi"),
    "replaced": _l("Giấy chứng nhận đã được thay bằng giấy khác"),
    "altered": _l("Tệp không phải bản đã cấp"),
    "unknown": _l("Không tìm thấy giấy chứng nhận này"),
}
VERDICT_TONES = {
    "valid": "good",
    "expired": "warn",
    "revoked": "bad",
    "replaced": "warn",
    "altered": "bad",
    "unknown": "bad",
}
LAYOUTS = {"vi": _l("Tiếng Việt"), "bilingual": _l("Tiếng Việt và tiếng Anh")}

FIELDS = {
    "full_name": _l("Họ và tên"),
    "birth_date": _l("Ngày sinh"),
    "position": _l("Chức vụ"),
    "unit": _l("Đơn vị"),
    "course": _l("Khóa học"),
    "title": _l("Lớp"),
    "days": _l("Thời gian học"),
    "number": _l("Số"),
    "issued_on": _l("Ngày cấp"),
    "issuer": _l("Cơ quan cấp"),
    "signatory": _l("Người ký"),
    "check_code": _l("Mã kiểm tra"),
}
