"""The tabs above the pages of personal data: those the user may open."""

from flask import request, url_for

from hrtrain.accounts.access import current_user, current_visitor, is_open_to
from hrtrain.accounts.rules import Role
from hrtrain.core.language import gettext as _
from hrtrain.privacy.views import bp
from hrtrain.units.scope import scope_of

WHOLE = frozenset({"privacy.retention", "privacy.incident_list", "privacy.notice"})


def privacy_tabs() -> list[tuple[str, str, bool]]:
    """Label, address, and whether the user is there; rules only for who administers everything."""
    doors = (
        ("privacy.access_log", _("Ai đã xem")),
        ("privacy.request_list", _("Phiếu yêu cầu")),
        ("privacy.retention", _("Thời hạn lưu")),
        ("privacy.incident_list", _("Sự cố dữ liệu")),
        ("privacy.notice", _("Thông báo")),
    )
    visitor = current_visitor()
    is_whole = visitor is not None and scope_of(current_user(), Role.ADMINISTRATOR).everything
    return [
        (str(label), url_for(endpoint), request.endpoint == endpoint)
        for endpoint, label in doors
        if is_open_to(endpoint, visitor) and (is_whole or endpoint not in WHOLE)
    ]


@bp.context_processor
def _values() -> dict[str, object]:
    return {"privacy_tabs": privacy_tabs}
