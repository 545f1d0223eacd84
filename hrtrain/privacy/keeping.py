"""Kinds of things that are kept for a time, and for how long unless the administrator says else.

No schedule for training files was found (`docs/personal-data.md`), so every number is the office's
to set, and nothing is deleted before its rule is switched on.
"""

from dataclasses import dataclass
from typing import Any

from hrtrain.core.language import lazy_gettext as _l

LEFT_PEOPLE, CONTACTS, REGISTER = "left_people", "contacts", "register"
ROSTERS, SIGN_INS, REQUESTS = "rosters", "sign_ins", "requests"
ACCESSES, AUDIT = "accesses", "audit"


@dataclass(frozen=True)
class Kind:
    """What is kept, from when its months count, what a run does to it, and the note beside it."""

    name: Any
    counted_from: Any
    act: Any
    note: Any
    months: int | None


KINDS = {
    LEFT_PEOPLE: Kind(
        _l("Hồ sơ cán bộ đã rời mọi nhóm"),
        _l("ngày cuối cùng còn thuộc một nhóm"),
        _l("ẩn danh; con số của mọi ngày không đổi"),
        _l("Luật 91/2025/QH15 Điều 3: chỉ lưu trong thời gian phù hợp với mục đích."),
        120,
    ),
    CONTACTS: Kind(
        _l("Số điện thoại, thư điện tử của người đã rời mọi nhóm"),
        _l("ngày cuối cùng còn thuộc một nhóm"),
        _l("xóa số điện thoại và thư điện tử"),
        _l("Thông tin liên hệ chỉ cần để mời dự lớp."),
        12,
    ),
    REGISTER: Kind(
        _l("Tên trong sổ cấp của người đã ẩn danh"),
        _l("ngày cấp giấy chứng nhận"),
        _l("bỏ họ tên, ngày sinh khỏi sổ; số, khóa học, ngày cấp còn nguyên"),
        _l("Sổ cấp là hồ sơ lưu; thời hạn do đơn vị quy định, để trống là giữ mãi."),
        None,
    ),
    ROSTERS: Kind(
        _l("Danh sách bảng tính đã nhập hoặc đã bỏ"),
        _l("ngày gửi danh sách"),
        _l("xóa nội dung tệp và từng dòng; giữ tên tệp, số dòng và dấu vân tay"),
        _l("Tệp gửi lên chỉ cần để đối chiếu và hoàn tác sau khi nhập."),
        6,
    ),
    SIGN_INS: Kind(
        _l("Phiên đăng nhập đã kết thúc"),
        _l("ngày hết hạn của phiên"),
        _l("xóa địa chỉ mạng và tên trình duyệt cùng phiên"),
        _l("Đủ để tra cứu sự cố trong năm."),
        12,
    ),
    REQUESTS: Kind(
        _l("Nội dung phiếu yêu cầu đã xong"),
        _l("ngày trả lời"),
        _l("xóa lời yêu cầu và câu trả lời; giữ loại, các ngày và kết quả"),
        _l("Chứng minh đã trả lời đúng hạn trong thời hiệu khiếu nại."),
        60,
    ),
    ACCESSES: Kind(
        _l("Nhật ký xem, in, tải dữ liệu"),
        _l("lúc xem"),
        _l("xóa các dòng nhật ký"),
        _l("Chủ thể dữ liệu có quyền biết ai đã xem; giữ lâu hơn hạn khiếu nại."),
        36,
    ),
    AUDIT: Kind(
        _l("Nhật ký thao tác"),
        _l("lúc thao tác"),
        _l("xóa các dòng nhật ký"),
        _l("Nhật ký chứng minh ai đã làm gì; để trống là giữ mãi."),
        None,
    ),
}
