"""What the office calls tiers and kinds of units, in the page's language."""

from hrtrain.core.language import lazy_gettext as _l

TIERS = {
    "central": _l("Trung ương"),
    "province": _l("Cấp tỉnh"),
    "district": _l("Cấp huyện"),
    "commune": _l("Cấp xã"),
}
KINDS = {
    "state": _l("Cơ quan nhà nước"),
    "party": _l("Cơ quan Đảng"),
    "mass_organisation": _l("Tổ chức chính trị - xã hội"),
    "press": _l("Cơ quan báo chí"),
    "area": _l("Địa bàn hành chính"),
}
SCHEMES = {"gso": _l("Mã hành chính")}


def tier_name(tier: str) -> str:
    """``Cấp tỉnh`` for ``province``."""
    return str(TIERS.get(tier, tier))


def kind_name(kind: str) -> str:
    """``Cơ quan Đảng`` for ``party``."""
    return str(KINDS.get(kind, kind))
