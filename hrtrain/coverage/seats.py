"""Rules of the seats a target still needs: the fewest, in which courses, and which are free.

The number of seats is exact: tests try every set of seats. Which courses they are in is a sensible
choice among equals.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Literal

from hrtrain.coverage.forecast import Items, Offer, People, in_order, with_planned
from hrtrain.coverage.rules import Standing, Status, reaches

Kind = Literal["named", "in_grace", "nameless"]
Level = tuple[int, Kind]
"""How many seats a person needs, and which of the three the person is."""
Room = Mapping[Offer, int | None]
"""Free seats by offer; None: without a limit, absent: none."""


class Verdict(StrEnum):
    """What a forecast comes to, in one word."""

    MET_ANYWAY = "met_anyway"
    MET_BY_PLAN = "met_by_plan"
    UNCONFIRMED = "unconfirmed"
    SEATS = "seats"
    NAMES = "names"
    IMPOSSIBLE = "impossible"
    NOT_STATED = "not_stated"
    NOTHING_ASKED = "nothing_asked"


@dataclass(frozen=True)
class CourseNeed:
    """Seats needed in a course; ``free`` are left in planned sessions, None: without a limit."""

    course: str
    seats: int
    free: int | None = 0

    @property
    def to_organise(self) -> int:
        """Seats that no planned session has."""
        return 0 if self.free is None else max(0, self.seats - self.free)


@dataclass(frozen=True)
class Need:
    """The fewest further seats with which a target is met on the day.

    ``people`` of those named sit there. ``names_first`` of those declared must get names before,
    and seats as well: training everybody named is not enough. ``is_possible`` is false when no
    course counts for what is lacking.
    """

    seats: int = 0
    people: int = 0
    names_first: int = 0
    courses: tuple[CourseNeed, ...] = ()
    is_possible: bool = True

    @property
    def to_organise(self) -> int:
        """Seats that no planned session has."""
        return sum(course.to_organise for course in self.courses)


@dataclass(frozen=True)
class _Class:
    """People who lack the same, and how many seats each of them needs."""

    count: int
    kind: Kind
    missing: Items
    price: int

    @property
    def level(self) -> Level:
        return self.price, self.kind


def seats_needed(
    then: Standing,
    people: Sequence[People],
    offers: Sequence[Offer],
    *,
    items: Items,
    free: Room | None = None,
) -> Need | None:
    """The fewest seats beyond those booked that meet the target; None when it states no percentage.

    ``then`` is the standing if nothing more happens; ``items`` is all that is asked on the day,
    which people without a name yet will lack. Who is taken is free among equals.
    """
    if then.percent is None:
        return None
    planned = with_planned(then, people)
    lacks = then.percent * planned.with_unnamed - 100 * planned.trained
    classes, gain = _classes(people, offers), 100 - then.percent
    most = sum(one.count * (gain if one.kind == "in_grace" else 100) for one in classes)
    names = max(0, -(-(lacks - most) // 100))
    nameless = _Class(names, "nameless", items, _price(items, offers))
    if names > then.unnamed or (names and not nameless.price):
        return Need(is_possible=False)
    chosen = _fewest(classes, lacks - 100 * names, gain)
    chosen[nameless.level] = names
    seats = _Seating([*classes, nameless], offers, free or {}).seats_of(chosen)
    return Need(
        seats=seats.total(),
        people=chosen.total() - names,
        names_first=names,
        courses=_by_course(seats, free or {}),
    )


def verdict_of(then: Standing, need: Need | None) -> Verdict:
    """What stands between the target and being met; no seat helps where headcounts are lacking."""
    if then.status is Status.NOTHING_ASKED:
        return Verdict.NOTHING_ASKED
    if then.percent is None or need is None:
        return Verdict.NOT_STATED
    if not need.is_possible:
        return Verdict.IMPOSSIBLE
    if need.names_first:
        return Verdict.NAMES
    if need.seats:
        return Verdict.SEATS
    if not then.is_confirmed:
        return Verdict.UNCONFIRMED
    is_met = reaches(then.trained, then.with_unnamed, then.percent)
    return Verdict.MET_ANYWAY if is_met else Verdict.MET_BY_PLAN


def cheapest_courses(
    missing: Items, offers: Sequence[Offer], room: Room | None = None
) -> tuple[Offer, ...] | None:
    """The fewest seats that meet all of the items; None when none do.

    Among as many, those with the fewest in offers that have no free seat, then in offers for which
    no session is planned at all (``room`` does not name them), then by course code.
    """
    rooms = room or {}
    best: dict[Items, tuple[Offer, ...] | None] = {frozenset(): ()}

    def rank(seats: tuple[Offer, ...]) -> tuple[int, int, int, list[tuple[str, list[str]]]]:
        full = sum(rooms.get(one, 0) == 0 for one in seats)
        unplanned = sum(one not in rooms for one in seats)
        return len(seats), full, unplanned, sorted(map(in_order, seats))

    def find(lacking: Items) -> tuple[Offer, ...] | None:
        if lacking not in best:
            item = min(lacking)
            meeting = [offer for offer in offers if item in offer.items]
            rests = [(offer, find(lacking - offer.items)) for offer in meeting]
            found = [(offer, *rest) for offer, rest in rests if rest is not None]
            best[lacking] = min(found, key=rank, default=None)
        return best[lacking]

    return find(missing)


def _price(missing: Items, offers: Sequence[Offer]) -> int:
    """The seats one person needs; 0 when no seats would do."""
    return len(cheapest_courses(missing, offers) or ())


def _classes(people: Iterable[People], offers: Sequence[Offer]) -> list[_Class]:
    """Those whom seats can train, wherever they are."""
    counts: Counter[tuple[Kind, Items]] = Counter()
    for one in people:
        if one.left:
            counts["in_grace" if one.is_in_grace else "named", one.left] += one.count
    prices = {missing: _price(missing, offers) for _kind, missing in counts}
    return [
        _Class(count, kind, missing, prices[missing])
        for (kind, missing), count in counts.items()
        if prices[missing]
    ]


class _Ladder:
    """The cost of training the cheapest ``n`` of some people."""

    def __init__(self, classes: Iterable[_Class]) -> None:
        counts: Counter[int] = Counter()
        for one in classes:
            counts[one.price] += one.count
        self.steps = sorted(counts.items())
        self.ends = [0, *accumulate(count for _price, count in self.steps)]
        self.paid = [0, *accumulate(price * count for price, count in self.steps)]
        self.size = self.ends[-1]

    def cost(self, number: int) -> int:
        if number == 0:
            return 0
        step = bisect_left(self.ends, number) - 1
        return self.paid[step] + (number - self.ends[step]) * self.steps[step][0]

    def taken(self, number: int) -> Iterator[tuple[int, int]]:
        """How many at which price."""
        for (price, count), before in zip(self.steps, self.ends, strict=False):
            if before < number:
                yield price, min(number - before, count)


def _fewest(classes: Sequence[_Class], lacks: int, gain: int) -> Counter[Level]:
    """How many people of each level to train, so that the gains reach what is lacking.

    An untrained person gains 100; one in grace, who comes below the line as well, ``gain``. Every
    number of people in grace is tried, for neither kind is always the cheaper.
    """
    named = _Ladder(one for one in classes if one.kind == "named")
    early = _Ladder(one for one in classes if one.kind == "in_grace")
    best: tuple[int, int, int] | None = None
    for new in range(early.size + 1 if gain else 1):
        old = max(0, -(-(lacks - gain * new) // 100))
        if old <= named.size:
            one = named.cost(old) + early.cost(new), new, old
            best = one if best is None else min(best, one)
        if old == 0 or (best is not None and early.cost(new) > best[0]):
            break
    _cost, new, old = best or (0, 0, 0)
    chosen: Counter[Level] = Counter()
    chosen.update({(price, "named"): number for price, number in named.taken(old)})
    chosen.update({(price, "in_grace"): number for price, number in early.taken(new)})
    return chosen


class _Seating:
    """Who of equals is seated, and in which offer: free seats first, whomever they suit.

    Where alternatives interlock, another filling might leave fewer seats to organise; the number
    of seats does not depend on it.
    """

    def __init__(self, classes: Sequence[_Class], offers: Sequence[Offer], free: Room) -> None:
        self.classes, self.offers, self.room = classes, offers, dict(free)

    def seats_of(self, chosen: Mapping[Level, int]) -> Counter[Offer]:
        """The seats by offer for so many people of each level."""
        seats: Counter[Offer] = Counter()
        for level in sorted(chosen):
            left = {one.missing: one.count for one in self.classes if one.level == level}
            number = chosen[level]
            while number:
                missing, cover = self._next(left)
                size = min([number, left[missing], *self._limits(cover)])
                for offer in cover:
                    seats[offer] += size
                    self._take(offer, size)
                left[missing] -= size
                number -= size
        return seats

    def _next(self, left: Mapping[Items, int]) -> tuple[Items, tuple[Offer, ...]]:
        """Whom to seat next: who fits into free seats, and has the fewest other ways."""

        def rank(missing: Items) -> tuple[int, int, list[str]]:
            full = sum(self.room.get(one, 0) == 0 for one in covers[missing])
            ways = sum(bool(offer.items & missing) for offer in self.offers)
            return full, ways, sorted(missing)

        waiting = [missing for missing, count in left.items() if count]
        covers = {one: cheapest_courses(one, self.offers, self.room) or () for one in waiting}
        chosen = min(covers, key=rank)
        return chosen, covers[chosen]

    def _limits(self, cover: Iterable[Offer]) -> list[int]:
        """The free seats the cover can use; offers without any are no limit, but to organise."""
        return [room for offer in cover if (room := self.room.get(offer))]

    def _take(self, offer: Offer, size: int) -> None:
        if room := self.room.get(offer):
            self.room[offer] = room - size


def _by_course(seats: Mapping[Offer, int], free: Room) -> tuple[CourseNeed, ...]:
    """The seats by course; what is free is what those seats can use."""
    found: dict[str, CourseNeed] = {}
    for offer in sorted(seats, key=in_order):
        before = found.get(offer.course, CourseNeed(offer.course, 0))
        room = free.get(offer, 0)
        both = None if room is None or before.free is None else room + before.free
        found[offer.course] = CourseNeed(offer.course, before.seats + seats[offer], both)
    return tuple(found.values())
