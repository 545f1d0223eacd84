"""A large file checked part by part: never more of it in memory than a part and a few words a row.

What stays of each row is what a repeated person would be known by.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from hrtrain.core.sheet import Sheet
from hrtrain.people.rosters.cells import text_of
from hrtrain.people.rosters.header import columns_of, is_sensitive, labels_at, remembered_in
from hrtrain.people.rosters.kept_rows import good_row, hidden_number, refused_row
from hrtrain.people.rosters.plan import Place, Planner
from hrtrain.people.rosters.queries import Terms, known_for, units_for
from hrtrain.people.rosters.reading import Found, Understood, people_of, understand
from hrtrain.people.rosters.twins import Twins
from hrtrain.people.rosters.types import Code, Columns, Complaint, Entry

Hash = Callable[[str], str]
SAMPLES = 3
HIDDEN_TOLD = 20
_MANY_DIGITS = 8


@dataclass(frozen=True)
class Explained:
    """What somebody says of the columns: of this file's sheets, and of headers met before."""

    said: Mapping[str, Columns] = field(default_factory=dict)
    remembered: Mapping[str, Columns] = field(default_factory=dict)


@dataclass
class _Part:
    """Rows on their way: by their places, in the order of the file."""

    places: list[Place] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    suspects: dict[Place, Complaint] = field(default_factory=dict)
    rows: dict[Place, dict[str, Any]] = field(default_factory=dict)


class Checking:
    """One file's way from its sheets to rows that say what they would do."""

    def __init__(
        self, sheets: Sequence[Sheet], terms: Terms, sealed: Hash, explained: Explained
    ) -> None:
        self._terms, self._sealed = terms, sealed
        self._twins, self._planner = Twins(), Planner(terms.starts_on)
        self._hidden: dict[str, list[int]] = {}
        self.in_review: set[str] = set()
        """The keys of known people whom rows may mean, as long as nobody has decided."""
        self._sheets: list[tuple[Understood, str]] = []
        for sheet in sheets:
            self._sheets.append(understood(sheet, explained))

    def parts(self, size: int) -> Iterator[list[dict[str, Any]]]:
        """The columns of the rows to keep, so many at a time. Asks the database for each part."""
        units = units_for(self._terms)
        found = chain.from_iterable(self._found(one) for one, _how in self._sheets)
        while some := list(islice(found, size)):
            part = self._part(some)
            known = known_for(part.entries, self._terms, units)
            planned = self._planner.plan(part.entries, known, part.suspects)
            ids = {person.key: person.id for person in known.people}
            entries = {(one.sheet, one.row): one for one in part.entries}
            for row in planned.rows:
                part.rows[row.entry.sheet, row.entry.row] = good_row(row)
            for one in planned.refused:
                place = one.sheet, one.row
                self.in_review.update(c.person for c in one.candidates if c.person)
                person_id = ids.get(one.person)
                part.rows[place] = refused_row(place, entries[place].as_values(), [one], person_id)
            yield [part.rows[place] for place in part.places]

    def _found(self, understood: Understood) -> Iterator[tuple[str, Found]]:
        name, hidden = understood.sheet.name, understood.sheet.hidden
        for found in people_of(understood, self._terms.today):
            if found.row - 1 in hidden:
                self._hidden.setdefault(name, []).append(found.row)
            yield name, found

    def _part(self, some: Sequence[tuple[str, Found]]) -> _Part:
        part = _Part()
        for sheet, found in some:
            place = sheet, found.row
            part.places.append(place)
            if found.entry is None:
                part.rows[place] = refused_row(place, found.written, found.complaints)
                continue
            complaint = self._twins.complaint(found.entry)
            entry = found.entry.sealed(self._sealed(found.entry.national_id))
            if complaint is not None and complaint.code is Code.DUPLICATE_IN_FILE:
                part.rows[place] = refused_row(place, entry.as_values(), [complaint])
                continue
            part.entries.append(entry)
            if complaint is not None:
                part.suspects[place] = complaint
        return part

    def sheets(self) -> list[dict[str, Any]]:
        """How the sheets were understood, as it is kept; hidden rows as far as they were met."""
        return [
            {
                **_shown(understood, how),
                "hidden": self._hidden.get(understood.sheet.name, [])[:HIDDEN_TOLD],
                "hidden_count": len(self._hidden.get(understood.sheet.name, [])),
            }
            for understood, how in self._sheets
        ]


def understood(sheet: Sheet, explained: Explained) -> tuple[Understood, str]:
    """The sheet as it is read, and who says so: nobody, its sender now, or its sender once."""
    if sheet.name in explained.said:
        return understand(sheet, explained.said[sheet.name]), "said"
    found = understand(sheet)
    met = remembered_in(found.sheet, explained.remembered)
    return (understand(sheet, met), "remembered") if met else (found, "found")


def _shown(understood: Understood, how: str) -> dict[str, Any]:
    sheet, header = understood.sheet, understood.header
    values: dict[str, Any] = {"sheet": sheet.name, "how": how, "row_count": len(sheet.rows)}
    if header is None:
        return {**values, "header_row": None, "header_rows": 1, "columns": []}
    labels = labels_at(sheet, header.row, header.last_row)
    below = [sheet.rows[at] for at in range(header.last_row + 1, len(sheet.rows))[:SAMPLES]]
    width = max(len(labels), *map(len, below), 1) if below else max(len(labels), 1)
    labels += [""] * (width - len(labels))
    columns = columns_of(header, width)
    sensitive = [at for at, label in enumerate(labels) if is_sensitive(label)]
    samples = [
        [_sample(row[at]) for row in below if at < len(row) and at not in sensitive]
        for at in range(width)
    ]
    return {
        **values,
        **columns.as_values(),
        "columns": [list(pair) for pair in header.labels],
        "labels": labels,
        "samples": [list(dict.fromkeys(filter(None, some))) for some in samples],
        "sensitive": sensitive,
    }


def _sample(cell: Any) -> str:
    """A cell as an example of its column; of long numbers only the end, they may be IDs."""
    text = text_of(cell)[:60]
    return hidden_number(text) if sum(map(str.isdigit, text)) > _MANY_DIGITS else text
