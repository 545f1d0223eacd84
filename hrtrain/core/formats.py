"""How days, instants and numbers are written on pages: Jinja filters, by the page's language."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from hrtrain.core import clock
from hrtrain.core.language import gettext as _
from hrtrain.core.language import page_language
from hrtrain.core.period import day_before

NONE = "—"


def day(value: date | None) -> str:
    """``04/05/2026``; a dash for none."""
    return value.strftime("%d/%m/%Y") if value else NONE


def span(starts_on: date | None, ends_on: date | None) -> str:
    """A period in words, its last day included: ``từ 01/07/2025``, ``đến 30/06/2025``."""
    start, end = day(starts_on), day(day_before(ends_on))
    if starts_on and ends_on:
        return f"{start} – {end}"
    if starts_on:
        return str(_("từ %(day)s", day=start))
    return str(_("đến %(day)s", day=end) if ends_on else _("không giới hạn"))


def instant(value: datetime | None) -> str:
    """``04/05/2026 07:30`` in Viet Nam's time; a dash for none."""
    return value.astimezone(clock.LOCAL).strftime("%d/%m/%Y %H:%M") if value else NONE


def exact(value: datetime | None) -> str:
    """``04/05/2026 07:30:05``: two sealed reports may be of one minute."""
    return value.astimezone(clock.LOCAL).strftime("%d/%m/%Y %H:%M:%S") if value else NONE


def number(value: int | None) -> str:
    """``3.321`` in Vietnamese, ``3,321`` in English; a dash for none."""
    if value is None:
        return NONE
    written = f"{value:,}"
    return written if page_language() == "en" else written.replace(",", ".")


def decimal(value: str | float | Decimal | None) -> str:
    """A counted and rounded number as it stands, with the language's mark: ``75,0``, ``75.0``."""
    if value is None or value == "":
        return NONE
    written = str(value)
    return written if page_language() == "en" else written.replace(".", ",")


def birth(value: str | None) -> str:
    """A birth date cut to what is known: ``12/05/1985``, ``05/1985``, ``1985``."""
    return "/".join(reversed(value.split("-"))) if value else NONE


def file_size(count: int | None) -> str:
    """Bytes as people read them: ``12,3 KB``."""
    if count is None:
        return NONE
    if count < 1024:
        return f"{count} B"
    size, unit = (count / 1024, "KB") if count < 1024 * 1024 else (count / 1024 / 1024, "MB")
    return f"{decimal(f'{size:.1f}')} {unit}"


def set_up(app: Flask) -> None:
    """Give templates the filters."""
    for write in (day, span, instant, exact, number, decimal, birth, file_size):
        app.add_template_filter(write, write.__name__)
