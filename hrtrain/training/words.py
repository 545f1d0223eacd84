"""What the states and reasons of training are called on pages; no rule, only the words."""

from hrtrain.core.language import lazy_gettext as _l

COURSE_KINDS = {
    "training": _l("Tập huấn"),
    "briefing": _l("Cập nhật thông tin"),
    "material": _l("Trang bị tài liệu"),
}
SESSION_STATES = {
    "open": _l("Đang mở"),
    "closed": _l("Đã đóng"),
    "cancelled": _l("Đã hủy"),
}
SESSION_TONES = {"open": "info", "closed": "good", "cancelled": "muted"}
ENROLMENT_STATES = {
    "booked": _l("Đã xếp chỗ"),
    "waiting": _l("Chờ chỗ"),
    "completed": _l("Hoàn thành"),
    "incomplete": _l("Không hoàn thành"),
    "withdrawn": _l("Xin rút"),
    "cancelled": _l("Đã đưa ra khỏi lớp"),
}
ENROLMENT_TONES = {
    "booked": "info",
    "waiting": "warn",
    "completed": "good",
    "incomplete": "bad",
    "withdrawn": "muted",
    "cancelled": "muted",
}
ATTENDANCE = {True: _l("Có mặt"), False: _l("Vắng"), None: _l("Chưa điểm danh")}
ATTENDANCE_TONES = {True: "good", False: "bad", None: "muted"}
REASONS = {
    "eligible": _l("Dự đủ lớp và đã ghi nhận hoàn thành."),
    "holds_one": _l("Đã có giấy chứng nhận của lớp này."),
    "session_open": _l("Có mặt, nhưng lớp chưa đóng."),
    "session_cancelled": _l("Lớp đã hủy."),
    "waiting": _l("Ở danh sách chờ, chưa có chỗ."),
    "withdrawn": _l("Đã xin rút khỏi lớp."),
    "cancelled": _l("Đã được đưa ra khỏi lớp."),
    "unmarked": _l("Chưa điểm danh."),
    "not_attended": _l("Vắng mặt."),
    "no_completion": _l("Chưa ghi nhận hoàn thành khóa học."),
    "revoked": _l("Kết quả hoàn thành đã bị thu hồi hoặc hủy bỏ."),
}
SOURCES = {
    "session": _l("Theo lớp tập huấn"),
    "outside": _l("Khóa học ở nơi khác được công nhận"),
    "acknowledged": _l("Xác nhận đã nắm thông tin"),
    "handed_over": _l("Đã nhận tài liệu"),
}
FAULTS = {
    "not_open": _l("Lớp không còn mở nên không sửa được."),
    "not_closed": _l("Lớp chưa đóng."),
    "not_begun": _l("Chưa đến ngày đầu của lớp nên chưa điểm danh được."),
    "not_ended": _l("Chưa đến ngày cuối của lớp nên chưa đóng được."),
    "unmarked": _l("Còn %(n)s người chưa điểm danh."),
    "nobody": _l("Lớp chưa có ai."),
    "certificates": _l(
        "Đã cấp giấy chứng nhận nên không mở lại được; hãy sửa điểm danh từng người."
    ),
}
MISSES = {
    "unknown": _l("Không có trong phạm vi của bạn; hãy nhập người này trước."),
    "several": _l("Có nhiều người như vậy; hãy tìm theo tên và chọn đúng người."),
    "twice": _l("Trùng với một dòng ở trên."),
}
