"""The names behind a number as a sheet; no phone, address or identity number is in it."""

from collections.abc import Iterable

from hrtrain.core import formats
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.expiring import Expiring
from hrtrain.coverage.explaining import why
from hrtrain.coverage.names import Named, PersonThere
from hrtrain.coverage.units_lacking import UnitBehind
from hrtrain.reports.sheets import Cell, Column, Head, sheet_of


def people_sheet(head: Head, people: Iterable[Named]) -> bytes:
    """A row per person, numbered, with state and reason."""
    columns = [*_who(), Column(_("Trạng thái"), 18), Column(_("Vì sao"), 40)]
    return sheet_of(head, columns, (_row(n, one) for n, one in enumerate(people, 1)))


def _who() -> list[Column]:
    return [
        Column(_("STT"), 6),
        Column(_("Họ và tên"), 28),
        Column(_("Ngày sinh"), 12),
        Column(_("Chức vụ"), 22),
        Column(_("Đơn vị"), 40),
    ]


def _cells(number: int, one: PersonThere) -> list[Cell]:
    return [number, one.full_name, formats.birth(one.birth_date), one.position, one.unit_name]


def _row(number: int, person: Named) -> list[Cell]:
    return [*_cells(number, person), str(words.STATES[person.state]), why(person)]


def expiring_sheet(head: Head, people: Iterable[Expiring]) -> bytes:
    """A row per person who will stop being trained, with the last day as trained."""
    columns = [*_who(), Column(_("Còn tính đến hết"), 16)]
    return sheet_of(head, columns, (_expiring(n, one) for n, one in enumerate(people, 1)))


def _expiring(number: int, one: Expiring) -> list[Cell]:
    return [*_cells(number, one), formats.day(one.last_day)]


def units_sheet(head: Head, units: Iterable[UnitBehind]) -> bytes:
    """A row per unit with what it declared and named."""
    columns = [
        Column(_("STT"), 6),
        Column(_("Đơn vị"), 44),
        Column(_("Đã khai"), 10),
        Column(_("Có tên"), 10),
        Column(_("Chưa có tên"), 10),
    ]
    rows = ([n, one.name, one.declared, one.named, one.unnamed] for n, one in enumerate(units, 1))
    return sheet_of(head, columns, rows)
