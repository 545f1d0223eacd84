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
