"""Turns the keys in a row into ids; a key nobody has is complained about, by row and column."""

from hrtrain.exchange.layout import Sheet
from hrtrain.exchange.load import REFUSED, Load
from hrtrain.exchange.rows import ABSENT, Row

_NOUN = {
    "units": "unit",
    "groups": "group",
    "people": "person",
    "courses": "course",
    "programmes": "programme",
    "sessions": "session",
}


def resolve(load: Load, sheet: Sheet, rows: list[Row]) -> list[Row]:
    """The rows whose references stand, with ids in place of keys.

    A row that points at a refused row falls silently: its cause has been named.
    """
    good = dict.fromkeys(range(len(rows)), True)
    for column in sheet.columns:
        if not column.references:
            continue
        place = sheet.index[column.name]
        keys = [row.values[place] for row in rows]
        known = load.find(column.references, (key for key in keys if isinstance(key, str)))
        for number, key in enumerate(keys):
            if key is None or key is ABSENT:
                continue
            found = known.get(key)
            if not found:
                good[number] = False
            if found is None and column.references not in load.broken:
                noun = _NOUN[column.references]
                reason = f"there is no {noun} {key!r}, neither in the package nor known"
                load.complaints.add(sheet.file, rows[number].number, column.name, reason)
            rows[number].values[place] = found or REFUSED
    return [row for number, row in enumerate(rows) if good[number]]
