"""The figures as a sheet: the same standings the page shows, one row each."""

from collections.abc import Sequence

from hrtrain.core import formats
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.trust.rules import Missing, Trust
from hrtrain.reports.sheets import Cell, Column, Head, sheet_of


def standings_sheet(head: Head, standings: Sequence[Standing], trusts: Sequence[Trust]) -> bytes:
    """A row per standing; rates as shown on the page, as numbers, and how far to trust them."""
    both = zip(standings, trusts, strict=True)
    return sheet_of(head, _columns(), ([*_row(row), *_trust(trust)] for row, trust in both))


def _columns() -> list[Column]:
    return [
        Column(_("Chương trình, kế hoạch"), 44),
        Column(_("Nhóm đối tượng"), 34),
        Column(_("Đơn vị"), 30),
        Column(_("Chỉ tiêu (%)"), 10),
        Column(_("Thời hạn"), 12),
        Column(_("Trong phạm vi"), 10),
        Column(_("Được miễn"), 9),
        Column(_("Trong thời gian chờ"), 10),
        Column(_("Phải tập huấn"), 10),
        Column(_("Đã tập huấn"), 10),
        Column(_("Chưa tập huấn"), 10),
        Column(_("Tỷ lệ (%)"), 9, is_rate=True),
        Column(_("Đã khai, chưa có tên"), 11),
        Column(_("Tỷ lệ kể cả chưa có tên (%)"), 12, is_rate=True),
        Column(_("Còn thiếu (người)"), 10),
        Column(_("Trạng thái"), 24),
        Column(_("Mức tin cậy"), 9),
        Column(_("Điều còn thiếu dưới con số"), 60),
    ]


def _row(standing: Standing) -> list[Cell]:
    return [
        standing.programme_title,
        standing.group_name,
        standing.unit_name or _("Toàn bộ các đơn vị"),
        _("không nêu") if standing.percent is None else standing.percent,
        standing.deadline or _("không nêu"),
        standing.in_scope,
        standing.exempt,
        standing.in_grace,
        standing.required,
        standing.trained,
        standing.untrained,
        None if standing.rate is None else float(standing.rate),
        standing.unnamed,
        None if standing.strict_rate is None else float(standing.strict_rate),
        standing.shortfall,
        str(words.STATUSES[standing.status]),
    ]


def _trust(trust: Trust) -> list[Cell]:
    return [trust.grade, "; ".join(map(_told, trust.telling))]


def _told(gap: Missing) -> str:
    counts = {"n": formats.number(gap.count), "units": formats.number(gap.units)}
    return str(words.GAPS_TOLD[gap.gap]) % counts
