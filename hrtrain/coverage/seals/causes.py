"""What differs between a sealed report and its restatement, person by person, and why. Pure.

Both count the same day; the facts known, the plan and the tree may have changed in between. The
differences of people add up to the difference of the figures of people, those of units to the
difference of unnamed people and unconfirmed units.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from hrtrain.coverage.seals.facts import Done, Facts, Goal, Leave, SealedRules, Sought, Stint, Who
from hrtrain.coverage.seals.standing import (
    Mine,
    Stand,
    asked_by,
    rows_of,
    stand_of,
    stint_on,
)
from hrtrain.coverage.states import State


class Cause(StrEnum):
    """Why a person stands elsewhere than was sealed; the order is the order of precedence.

    ``revocation``: a completion was revoked or voided. ``rule``: the plan asks otherwise.
    ``transfer``: the person is at another unit on the day, or the tree moved the unit.
    ``correction``: a fact was taken back, or taken back and recorded otherwise. ``late``: a fact
    of a day up to the one sealed was recorded after the sealing; the end of what was open is one.
    """

    REVOCATION = "revocation"
    RULE = "rule"
    TRANSFER = "transfer"
    CORRECTION = "correction"
    LATE = "late"


@dataclass(frozen=True)
class Moved:
    """A person whose figure differs in a group: from where to where; None is out of scope."""

    person: str
    name: str
    group: str
    before: Stand | None
    after: Stand | None


@dataclass(frozen=True)
class Redeclared:
    """A unit whose declared or named people differ in a group."""

    group: str
    unit: str
    before: tuple[int | None, int]
    after: tuple[int | None, int]


Content = dict[str, Any]


def moved(old: Content, new: Content) -> list[Moved]:
    """Everybody whose state, unit or row differs between two contents, by group and person."""
    before, after = _stands(old), _stands(new)
    names = {one["person"]: one["name"] for content in (old, new) for one in content["people"]}
    return [
        Moved(person, names[person], group, before.get((group, person)), after.get((group, person)))
        for group, person in sorted(before.keys() | after.keys())
        if before.get((group, person)) != after.get((group, person))
    ]


def _stands(content: Content) -> dict[Who, Stand]:
    return {
        (one["group"], one["person"]): Stand(State(one["state"]), one["unit"], one["child"])
        for one in content["people"]
    }


def redeclared(old: Content, new: Content) -> list[Redeclared]:
    """Every unit in scope whose declared or named people differ, by group and unit."""
    before, after = _declared(old), _declared(new)
    return [
        Redeclared(*place, before.get(place, (None, 0)), after.get(place, (None, 0)))
        for place in sorted(before.keys() | after.keys())
        if before.get(place, (None, 0)) != after.get(place, (None, 0))
    ]


def _declared(content: Content) -> dict[tuple[str, str], tuple[int | None, int]]:
    return {
        (one["group"], one["unit"]): (one["declared"], one["named"]) for one in content["units"]
    }


@dataclass(frozen=True)
class Known:
    """The plan and the facts of one of the two counts."""

    rules: SealedRules
    facts: Facts


@dataclass(frozen=True)
class World:
    """What one person's standing in one group is made of; each cause changes a part of it."""

    goal: Goal | None
    tree: Facts
    mine: Mine

    def stand(self, sought: Sought) -> Stand | None:
        """Where the person stands in this world."""
        asked = asked_by(self.goal, sought.as_of) if self.goal else None
        if self.goal is None or asked is None:
            return None
        units = {stint.unit for stint in self.mine.stints}
        rows = rows_of(sought, self.goal, self.tree, units)
        return stand_of(asked, self.goal, sought.as_of, self.mine, rows)


def cause_of(sought: Sought, old: Known, new: Known, who: Who) -> Cause:
    """The one cause of a person's difference.

    What changed about the person is sorted by cause, and each cause is tried alone upon the old
    world. The first, in the order of `Cause`, that alone leads to where the person stands now is
    the cause; else the first that alone changes anything; else the first there is. A person about
    whom nothing changed between the two instants differs because a fact was recorded into the
    past after the sealing: it came late.
    """
    before, after = _world(old, who), _world(new, who)
    alone = {cause: change(before) for cause, change in _changes(sought, before, after).items()}
    there, now = before.stand(sought), after.stand(sought)
    stands = {cause: alone[cause].stand(sought) for cause in Cause if cause in alone}
    leads = [cause for cause, stand in stands.items() if stand == now]
    stirs = [cause for cause, stand in stands.items() if stand != there]
    return next(iter([*(leads if there != now else []), *stirs, *stands]), Cause.LATE)


def _world(known: Known, who: Who) -> World:
    return World(known.rules.goal(who[0]), known.facts, Mine.of(who, known.facts))


Change = Callable[[World], World]


def _changes(sought: Sought, old: World, new: World) -> dict[Cause, Change]:
    """How each cause there is turns the old world, as far as it goes, into the new one."""
    done = _changes_of_done(old.mine.done, new.mine.done)
    stints = _cause_of_stints(old.mine.stints, new.mine.stints, sought.as_of)
    leaves = _cause_of_leaves(old.mine.leaves, new.mine.leaves)
    has_rule = (old.goal is None) != (new.goal is None) or (
        old.goal is not None and not old.goal.asks_as(new.goal)
    )
    units = sorted({stint.unit for world in (old, new) for stint in world.mine.stints})
    is_moved = _lie(old.tree, units) != _lie(new.tree, units)
    there_are = {*done, stints, leaves} - {None}
    there_are |= ({Cause.RULE} if has_rule else set()) | ({Cause.TRANSFER} if is_moved else set())

    def change(cause: Cause) -> Change:
        def apply(world: World) -> World:
            mine = world.mine
            return World(
                new.goal if cause is Cause.RULE else world.goal,
                new.tree if cause is Cause.TRANSFER else world.tree,
                replace(
                    mine,
                    done=done.get(cause, mine.done),
                    stints=new.mine.stints if cause is stints else mine.stints,
                    leaves=new.mine.leaves if cause is leaves else mine.leaves,
                ),
            )

        return apply

    return {cause: change(cause) for cause in Cause if cause in there_are}


def _lie(tree: Facts, units: Iterable[str]) -> list[Any]:
    """Where the units lie, and of which tier they are."""
    return [(tree.path(u), tree.places[u].tier if u in tree.places else "") for u in units]


def _changes_of_done(old: Sequence[Done], new: Sequence[Done]) -> dict[Cause, tuple[Done, ...]]:
    """The person's completions, as each cause alone would have them."""
    found: dict[Cause, list[Done]] = {}
    gone, come = _apart(old, new)
    for after in come:
        before = _restated(after, gone)
        if before is not None:
            gone.remove(before)
        cause = _cause_of_done(before, after)
        found.setdefault(cause, list(old)).append(after)
        if before is not None:
            found[cause].remove(before)
    for before in gone:
        found.setdefault(Cause.CORRECTION, list(old)).remove(before)
    return {cause: tuple(done) for cause, done in found.items()}


def _apart(old: Iterable[Any], new: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """What is gone and what has come."""
    before, after = Counter(old), Counter(new)
    return [*(before - after).elements()], [*(after - before).elements()]


def _restated(after: Done, gone: list[Done]) -> Done | None:
    """The completion that this one was recorded in place of: of that day, else of that course."""
    same = [one for one in gone if one.course == after.course]
    return next((one for one in same if one.completed_on == after.completed_on), None) or next(
        iter(same), None
    )


def _cause_of_done(before: Done | None, after: Done) -> Cause:
    if before is None:
        return Cause.LATE
    is_same = before.completed_on == after.completed_on
    earlier = (after.revoked_from or date.max) < (before.revoked_from or date.max)
    if is_same and (earlier or (after.is_void and not before.is_void)):
        return Cause.REVOCATION
    return Cause.CORRECTION


def _cause_of_stints(old: Sequence[Stint], new: Sequence[Stint], day: date) -> Cause | None:
    """Another unit on the day is a transfer; else it is as with any period."""
    there, here = stint_on(old, day), stint_on(new, day)
    if there is not None and here is not None and there.unit != here.unit:
        return Cause.TRANSFER
    return _cause_of_periods(old, new)


def _cause_of_leaves(old: Sequence[Leave], new: Sequence[Leave]) -> Cause | None:
    return _cause_of_periods(old, new)


def _cause_of_periods(old: Sequence[Any], new: Sequence[Any]) -> Cause | None:
    """New periods, and the ends of open ones, came late; anything else taken back was wrong."""
    gone, come = _apart(old, new)
    if not gone and not come:
        return None
    ended = {one._replace(ends_on=None) for one in come if one.ends_on is not None}
    return Cause.LATE if all(one in ended for one in gone) else Cause.CORRECTION
