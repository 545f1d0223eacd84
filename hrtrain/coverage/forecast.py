"""Rules of the forecast: for which day, what planned training changes, what a new seat may meet.

People who are not trained on the day are handed in as patterns: who lacks the same and is booked
for the same is interchangeable, however many they are. How many seats are lacking is `seats`' part.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hrtrain.coverage.rules import Standing
from hrtrain.coverage.states import Option, plus_days

Items = frozenset[str]


@dataclass(frozen=True)
class Offer:
    """A seat in a course, and the items that completing it in time meets on the forecast's day."""

    course: str
    items: Items


@dataclass(frozen=True)
class People:
    """So many people, all alike: not trained on the day, in grace or untrained.

    ``missing`` are the items nothing meets on the day, ``booked`` those that the planned sessions
    in which they hold a seat will meet.
    """

    count: int
    is_in_grace: bool
    missing: Items
    booked: Items = frozenset()

    @property
    def left(self) -> Items:
        """What they lack even when the planned sessions are held."""
        return self.missing - self.booked


def earliest_lasting(day: date, months: int | None) -> date:
    """The first completion day whose validity of so many months still holds the day."""
    if months is None:
        return date.min
    years, month = divmod(day.month - 1 - months, 12)
    year, month = day.year + years, month + 1
    if year < 1:
        return date.min
    try:
        return date(year, month, day.day)
    except ValueError:
        # The month is too short: its last day reaches the corresponding day of a longer one only.
        return date(year, month + 1, 1)


def lasting(option: Option, months: int | None, day: date) -> Option:
    """The option cut to the completion days that still count on the day."""
    return replace(option, first_day=max(option.first_day, earliest_lasting(day, months)))


def items_met(options: Iterable[Option], course_id: int, completed_on: date) -> Items:
    """The items that a completion of the course on that day meets, of options cut by `lasting`."""
    return frozenset(one.item for one in options if one.accepts(course_id, completed_on))


def offers_of(options: Sequence[Option], codes: Mapping[int, str], today: date) -> list[Offer]:
    """What seats from today on can meet, by course code, of options cut by `lasting`.

    Days accepted may differ from item to item: a seat is offered for the items that one day meets
    together, and for no smaller set of them. They can only change on the last day of an option.
    """
    days = {(one.course_id, one.last_day) for one in options if one.last_day >= today}
    found = {(codes[course], items_met(options, course, day)) for course, day in days}
    kept = [
        Offer(course, items)
        for course, items in found
        if items and not any(course == other and items < more for other, more in found)
    ]
    return sorted(kept, key=in_order)


def in_order(offer: Offer) -> tuple[str, list[str]]:
    """What offers are sorted by."""
    return offer.course, sorted(offer.items)


def unbegun(then: Standing, begun: Sequence[People], items: Items) -> list[People]:
    """Those of the standing's people not trained who lack every item and hold no seat."""
    early = then.in_grace - sum(one.count for one in begun if one.is_in_grace)
    late = then.untrained - sum(one.count for one in begun if not one.is_in_grace)
    rest = [People(early, True, items), People(late, False, items)]
    return [one for one in rest if one.count > 0]


def with_planned(then: Standing, people: Iterable[People]) -> Standing:
    """The standing of the day once everybody booked in a planned session has completed it."""
    done = [one for one in people if not one.left]
    return replace(
        then,
        trained=then.trained + sum(one.count for one in done),
        in_grace=then.in_grace - sum(one.count for one in done if one.is_in_grace),
    )


def forecast_day(deadline: date | None, ends_on: date | None, today: date) -> date:
    """The day a forecast is for, unless the reader chooses one; never before today.

    The target's deadline, else the last day of its programme, else this year's.
    """
    last = None if ends_on is None else plus_days(ends_on, -1)
    ahead = [day for day in (deadline, last) if day is not None and day >= today]
    return ahead[0] if ahead else date(today.year, 12, 31)
