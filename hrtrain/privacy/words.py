"""What the office and the law call rights, states, grounds and kinds of things kept."""

from hrtrain.core.language import lazy_gettext as _l
from hrtrain.privacy.rules import Ground, RequestState, Right, Via

LAW = _l("Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15")
DECREE = _l("Nghị định 356/2025/NĐ-CP")

RIGHTS = {
    Right.VIEW: _l("Xem dữ liệu"),
    Right.CORRECT: _l("Chỉnh sửa dữ liệu"),
    Right.COPY: _l("Cung cấp bản sao dữ liệu"),
    Right.WITHDRAW: _l("Rút lại sự đồng ý"),
    Right.RESTRICT: _l("Hạn chế xử lý dữ liệu"),
    Right.OBJECT: _l("Phản đối xử lý dữ liệu"),
    Right.ERASE: _l("Xóa dữ liệu"),
    Right.PROTECT: _l("Yêu cầu biện pháp bảo vệ"),
}
STATES = {
    RequestState.RECEIVED: _l("Mới tiếp nhận"),
    RequestState.ACKNOWLEDGED: _l("Đã thông báo tiếp nhận"),
    RequestState.DONE: _l("Đã thực hiện"),
    RequestState.REFUSED: _l("Đã từ chối"),
}
STATE_TONES = {
    RequestState.RECEIVED: "warn",
    RequestState.ACKNOWLEDGED: "info",
    RequestState.DONE: "good",
    RequestState.REFUSED: "muted",
}
VIAS = {
    Via.ACCOUNT: _l("tự gửi trên trang của mình"),
    Via.LINK: _l("tự gửi qua liên kết cá nhân"),
    Via.OFFICE: _l("đến trực tiếp hoặc gửi văn bản"),
}
GROUNDS = {
    Ground.PUBLIC_TASK: _l("Phục vụ hoạt động của cơ quan nhà nước theo quy định (Điều 19)"),
    Ground.RETENTION_DUTY: _l(
        "Phải lưu theo quy định, như sổ cấp giấy chứng nhận (Điều 14.2, Điều 19)"
    ),
    Ground.NOT_THE_SUBJECT: _l("Người gửi không phải là chủ thể dữ liệu"),
    Ground.NOT_HELD: _l("Không giữ dữ liệu được nêu"),
    Ground.RIGHTS_OF_OTHERS: _l("Ảnh hưởng đến quyền, lợi ích hợp pháp của người khác"),
}
PURPOSES = {"page": _l("xem"), "print": _l("in"), "export": _l("tải về")}
DEFAULT_NOTICE = _l(
    "Dữ liệu cá nhân ở đây được xử lý để theo dõi việc tập huấn quyền con người theo Quyết định "
    "1079/QĐ-TTg và các kế hoạch của địa phương: ai đã được tập huấn, ai chưa, và chứng minh được "
    "điều đó. Cơ sở pháp lý: Điều 19.1(c) Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 (phục vụ "
    "hoạt động của cơ quan nhà nước theo quy định). Chúng tôi không thu thập dân tộc, tôn giáo, "
    "đảng viên, ảnh thẻ; số định danh chỉ giữ dạng băm có khóa và bốn số cuối."
)


def right_name(kind: str) -> str:
    """What a request asks for."""
    return str(RIGHTS[Right(kind)])


def state_name(state: str) -> str:
    """Where a request stands."""
    return str(STATES[RequestState(state)])


def state_tone(state: str) -> str:
    """The tone of its badge."""
    return STATE_TONES[RequestState(state)]


def via_name(via: str) -> str:
    """How a request came."""
    return str(VIAS[Via(via)])


def ground_name(ground: str) -> str:
    """Why a request was refused; empty when no ground was kept."""
    return str(GROUNDS[Ground(ground)]) if ground else ""


def purpose_name(purpose: str) -> str:
    """What somebody did with names: looked, printed, took away."""
    return str(PURPOSES[purpose])
