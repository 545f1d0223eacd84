"""What the states of coverage are called on pages and in sheets; no rule, only the words."""

from hrtrain.core.language import lazy_gettext as _l

ORIGINS = {
    "stated": _l("Kế hoạch nêu"),
    "inherited": _l("Kế thừa từ đề án cấp trên"),
    "not_stated": _l("Kế hoạch không nêu"),
}
STATUSES = {
    "met": _l("Đạt"),
    "met_named_only": _l("Chưa đủ danh sách"),
    "short": _l("Chưa đạt"),
    "not_stated": _l("Kế hoạch không nêu tỷ lệ"),
    "nothing_asked": _l("Không có yêu cầu"),
}
TONES = {
    "met": "good",
    "met_named_only": "warn",
    "short": "bad",
    "not_stated": "info",
    "nothing_asked": "muted",
}
STATES = {
    "trained": _l("Đã tập huấn"),
    "untrained": _l("Chưa tập huấn"),
    "in_grace": _l("Trong thời gian chờ"),
    "exempt": _l("Được miễn"),
}
STATE_TONES = {"trained": "good", "untrained": "bad", "in_grace": "info", "exempt": "muted"}
REASONS = {
    "never_enrolled": _l("Chưa từng ghi danh"),
    "booked": _l("Đã ghi danh, chưa học"),
    "waiting": _l("Đang chờ chỗ"),
    "incomplete": _l("Có dự nhưng chưa hoàn thành"),
    "expired": _l("Đã hết hiệu lực"),
    "revoked": _l("Đã bị thu hồi"),
    "item_missing": _l("Còn thiếu nội dung"),
}
BEHIND = {
    "untrained": _l("Chưa tập huấn"),
    "trained": _l("Đã tập huấn"),
    "required": _l("Phải tập huấn"),
    "in_grace": _l("Trong thời gian chờ"),
    "exempt": _l("Được miễn"),
    "in_scope": _l("Trong phạm vi"),
    "unnamed": _l("Đã khai, chưa có tên"),
    "unconfirmed": _l("Đơn vị chưa khai số lượng"),
}
CAUSES = {
    "joined": _l("Vào nhóm tại %(unit)s"),
    "transferred": _l("Chuyển đến %(unit)s"),
    "left": _l("Thôi thuộc nhóm tại %(unit)s"),
    "came_in_scope": _l("%(unit)s vào phạm vi của chỉ tiêu"),
    "went_out_of_scope": _l("%(unit)s ra ngoài phạm vi của chỉ tiêu"),
    "began": _l("Chỉ tiêu bắt đầu được tính"),
    "asked": _l("Bắt đầu yêu cầu nội dung “%(item)s”"),
    "asked_no_more": _l("Thôi yêu cầu nội dung “%(item)s”"),
    "asked_otherwise": _l("Nội dung “%(item)s” đổi khóa học được công nhận"),
    "completed": _l("Hoàn thành “%(course)s”"),
    "expired": _l("“%(course)s” hết hiệu lực"),
    "revoked": _l("Kết quả “%(course)s” bị thu hồi"),
    "exempted": _l("Được miễn theo %(document)s"),
    "exemption_ended": _l("Hết thời gian miễn theo %(document)s"),
    "grace_ended": _l("Hết thời gian chờ"),
}
MOVED = {
    "trained": _l("đã tập huấn"),
    "required": _l("phải tập huấn"),
    "in_grace": _l("trong thời gian chờ"),
    "exempt": _l("được miễn"),
    "unnamed": _l("chưa có tên"),
}
VERDICTS = {
    "met_anyway": _l("Sẽ đạt"),
    "met_by_plan": _l("Sẽ đạt nhờ các lớp đã lên kế hoạch"),
    "unconfirmed": _l("Chưa đủ danh sách để kết luận"),
    "seats": _l("Còn thiếu chỗ"),
    "names": _l("Còn thiếu tên và chỗ"),
    "impossible": _l("Không còn khóa học nào kịp"),
    "not_stated": _l("Kế hoạch không nêu tỷ lệ"),
    "nothing_asked": _l("Không có yêu cầu"),
}
VERDICT_TONES = {
    "met_anyway": "good",
    "met_by_plan": "good",
    "unconfirmed": "warn",
    "seats": "bad",
    "names": "bad",
    "impossible": "bad",
    "not_stated": "info",
    "nothing_asked": "muted",
}
CHANGES = {
    "expired": _l("người hết hiệu lực hoặc thiếu nội dung mới"),
    "left": _l("người rời nhóm hoặc đơn vị"),
    "joined": _l("người mới vào"),
    "grace_ended": _l("người hết thời gian chờ"),
    "exempted": _l("người bắt đầu được miễn"),
    "exemption_ended": _l("người hết thời hạn miễn"),
    "trained": _l("người sẽ được công nhận đã tập huấn"),
}
