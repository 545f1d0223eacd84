"""A sealed report's people as a sheet: everybody with group, unit, state and why, as sealed."""

from collections.abc import Iterable

from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.seals.listing import SealedPerson
from hrtrain.coverage.seals.words import why
from hrtrain.reports.sheets import Cell, Column, Head, sheet_of


def seal_sheet(head: Head, people: Iterable[tuple[str, SealedPerson]]) -> bytes:
    """A row per group name and person, numbered."""
    columns = [
        Column(_("STT"), 6),
        Column(_("Nhóm đối tượng"), 30),
        Column(_("Họ và tên"), 28),
        Column(_("Đơn vị"), 40),
        Column(_("Trạng thái"), 18),
        Column(_("Vì sao"), 40),
    ]
    rows = (_row(number, group, one) for number, (group, one) in enumerate(people, 1))
    return sheet_of(head, columns, rows)


def _row(number: int, group: str, one: SealedPerson) -> list[Cell]:
    return [number, group, one.name, one.unit_name, str(words.STATES[one.state]), why(one)]
