"""People and differences of sealed reports as pages and sheets list them, in Vietnamese order."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.core.text import sort_key
from hrtrain.coverage.seals.causes import Cause, Content
from hrtrain.coverage.seals.facts import read_day
from hrtrain.coverage.seals.queries import Difference
from hrtrain.coverage.states import Reason, State

T = TypeVar("T")


@dataclass(frozen=True)
class SealedPerson:
    """A person of a sealed report, as the report says; what explains the state is in ``told``."""

    key: str
    name: str
    group: str
    unit: str
    unit_name: str
    state: State
    told: dict[str, Any] = field(compare=False)

    @property
    def reason(self) -> Reason | None:
        """Why untrained."""
        return Reason(self.told["reason"]) if "reason" in self.told else None

    @property
    def completed_on(self) -> date | None:
        """The last day on which an item was completed that counts."""
        return max(
            (read_day(one[1]) or date.min for one in self.told["met"].values()), default=None
        )

    @property
    def valid_through(self) -> date | None:
        """The first of the last days on which the completions count."""
        ends = [day for one in self.told["met"].values() if (day := read_day(one[2]))]
        return min(ends, default=None)

    def day(self, name: str) -> date | None:
        """A day the report tells of the person."""
        return read_day(self.told.get(name))


def sealed_people(
    content: Content, group: str, states: Collection[State], units: Collection[str]
) -> list[SealedPerson]:
    """The people of a group in these states, those at the units, in Vietnamese order of names."""
    places = content["places"]
    found = [
        SealedPerson(
            one["person"],
            one["name"],
            group,
            one["unit"],
            places[one["unit"]][0],
            State(one["state"]),
            one,
        )
        for one in content["people"]
        if one["group"] == group and one["unit"] in units and State(one["state"]) in states
    ]
    return sorted(found, key=lambda one: (sort_key(one.name), one.key))


def page_of_people(people: Sequence[SealedPerson], after: str | None) -> Page[SealedPerson]:
    """A page of them."""
    return _page(people, lambda one: (sort_key(one.name), one.key), after)


def _page(rows: Sequence[T], place: Callable[[T], tuple[str, ...]], after: str | None) -> Page[T]:
    begin = read_cursor(after, *(str for _part in place(rows[0]))) if rows else None
    rest = [row for row in rows if begin is None or place(row) > begin]
    return page_of(rest[: SIZE + 1], place, total=len(rows))


def units_of_people(content: Content) -> set[str]:
    """The units at which the report has people."""
    return {one["unit"] for one in content["people"]}


def units_of_difference(one: Difference) -> set[str]:
    """The units a difference is about."""
    return {stand.unit for stand in (one.moved.before, one.moved.after) if stand is not None}


def page_of_differences(
    found: Sequence[Difference], cause: Cause | None, after: str | None
) -> Page[Difference]:
    """A page of the differences of a cause, or of all, by name."""
    chosen = [one for one in found if cause is None or one.cause is cause]
    return _page(sorted(chosen, key=_place), _place, after)


def _place(one: Difference) -> tuple[str, ...]:
    return sort_key(one.moved.name), one.moved.person, one.moved.group


def tally(found: Sequence[Difference]) -> list[tuple[Cause, int]]:
    """How many differences each cause has, the most first."""
    return Counter(one.cause for one in found).most_common()


def figure_pairs(old: Content, new: Content) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The figures of all of each group that both reports have, before and after."""
    before = {row["group"]: row for row in old["figures"] if row["by"] == "group"}
    rows = (row for row in new["figures"] if row["by"] == "group")
    return [(before[row["group"]], row) for row in rows if row["group"] in before]
