"""When the demo's facts became known: an end is not known from the beginning (two clocks)."""

from datetime import date, timedelta

Row = dict[str, str]
BEFORE_ALL = "2022-01-01T00:00:00Z"
MERGER_DAYS = (date(2025, 3, 1), date(2025, 7, 1))


def instant(day: date) -> str:
    """Nine in the morning of a day in Viet Nam."""
    return f"{day.isoformat()}T02:00:00Z"


def as_known(row: Row) -> list[Row]:
    """The fact of a period as it was recorded: first open, then restated with its end.

    What mergers begin and end was decided three days before; anything else was typed in late.
    """
    recorded = _known_at(row["valid_from"])
    ended = _known_at(row["valid_to"]) if row["valid_to"] else ""
    if not row["valid_to"] or ended <= recorded:
        return [{**row, "recorded_at": recorded, "retracted_at": ""}]
    was_open = {**row, "valid_to": "", "recorded_at": recorded, "retracted_at": ended}
    return [was_open, {**row, "recorded_at": ended, "retracted_at": ""}]


def _known_at(text: str) -> str:
    if not text:
        return BEFORE_ALL
    day = date.fromisoformat(text)
    return instant(day + timedelta(days=-3 if day in MERGER_DAYS else 4))
