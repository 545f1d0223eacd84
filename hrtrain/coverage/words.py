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
    "no_evidence": _l("Chưa có minh chứng"),
    "no_birth": _l("Chưa có ngày sinh"),
    "no_identity": _l("Chưa có số định danh"),
}
PARTS = {
    "whole": _l("Mọi người của chỉ tiêu, dù nay ở đâu"),
    "outside": _l("Nay ở ngoài đơn vị của chỉ tiêu"),
    "nowhere": _l("Chưa phân về đơn vị nào"),
}
"""Of figures by today's tree, what is no unit's own (`Standing.part`)."""
GAPS = {
    "unconfirmed": _l("Người ở đơn vị chưa xác nhận danh sách"),
    "unnamed": _l("Người đã khai nhưng chưa có tên"),
    "silent": _l("Đơn vị chưa từng có thông tin"),
    "no_evidence": _l("Người được tính đã tập huấn mà không có minh chứng"),
    "no_birth": _l("Người chưa có ngày sinh"),
    "no_identity": _l("Người chưa có số định danh"),
}
GAPS_TOLD = {
    "unconfirmed": _l("%(units)s đơn vị chưa xác nhận danh sách (%(n)s người)"),
    "unnamed": _l("%(n)s người đã khai chưa có tên"),
    "silent": _l("%(n)s đơn vị chưa từng có thông tin"),
    "no_evidence": _l("%(n)s người chưa có minh chứng tập huấn"),
    "no_birth": _l("%(n)s người chưa có ngày sinh"),
    "no_identity": _l("%(n)s người chưa có số định danh"),
}
GAP_HINTS = {
    "unconfirmed": _l("Đơn vị có người trong nhóm nhưng chưa khai số lượng cho ngày này."),
    "unnamed": _l("Số đơn vị khai lớn hơn số người có tên trong danh sách."),
    "silent": _l("Chưa từng có ai trong danh sách, chưa từng khai, không có đơn vị bên dưới."),
    "no_evidence": _l("Kết quả không gắn với lớp, không ghi văn bản và không có giấy chứng nhận."),
    "no_birth": _l("Không có cả năm sinh: dễ lẫn hai người cùng họ tên."),
    "no_identity": _l(
        "Số định danh là tự nguyện, nên chỉ hạ mức A xuống mức B khi quá nửa chưa có."
    ),
}
GAP_WHOLES = {
    "unconfirmed": _l("người trong phạm vi"),
    "unnamed": _l("người có tên và chưa có tên"),
    "silent": _l("đơn vị trong phạm vi"),
    "no_evidence": _l("người đã tập huấn"),
    "no_birth": _l("người trong phạm vi"),
    "no_identity": _l("người trong phạm vi"),
}
REPAIRS = {
    "unconfirmed": _l("Mời đơn vị khai và ký số lượng."),
    "unnamed": _l("Nhập đủ tên theo số đã khai, hoặc khai lại."),
    "silent": _l("Nhập danh sách của đơn vị, hoặc khai số lượng, kể cả khi là 0."),
    "no_evidence": _l("Ghi lại kết quả kèm lớp, văn bản hoặc giấy chứng nhận."),
    "no_birth": _l("Bổ sung ngày sinh, hoặc ít nhất năm sinh."),
    "no_identity": _l("Bổ sung khi người đó tự cung cấp."),
}
GRADE_TONES = {"A": "good", "B": "info", "C": "warn", "D": "bad"}
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
