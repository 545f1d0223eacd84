"""Each fault a count may have shows in the random histories: else agreeing would mean little."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.queries.brute_force import (
    Answer,
    Asked,
    Done,
    Goal,
    History,
    Member,
    Need,
    Seen,
    answer,
    days,
)
from tests.queries.histories import HOURS, random_history
from tests.queries.test_count_by_brute_force import drawn

TRIED = 200


class EndInclusive(Seen):
    def is_member(self, member: Member, on: int | None = None) -> bool:
        end = None if member.end is None else member.end + 1
        return super().is_member(replace(member, end=end), on)


class ExpiryExclusive(Seen):
    def counts(self, one: Done) -> bool:
        return super().counts(one) and one.through != self.day


class RevocationADayLate(Seen):
    def counts(self, one: Done) -> bool:
        late = None if one.revoked is None else one.revoked + 1
        return super().counts(replace(one, revoked=late))


class RevocationNeverWas(Seen):
    def counts(self, one: Done) -> bool:
        return one.revoked is None and super().counts(one)


class VoidCounts(Seen):
    def counts(self, one: Done) -> bool:
        return super().counts(replace(one, void=False))


class CompletionADayLate(Seen):
    def counts(self, one: Done) -> bool:
        return super().counts(one) and one.on < self.day


class FutureCompletionCounts(Seen):
    def counts(self, one: Done) -> bool:
        return super().counts(replace(one, on=min(one.on, self.day)))


class LatestCompletionOnly(Seen):
    def meets(self, person: int, need: Need) -> bool:
        begun = [
            one
            for one in self.history.done
            if (one.person, one.course) == (person, need.course) and one.on <= self.day
        ]
        latest = max(begun, key=lambda one: one.on, default=None)
        return super().meets(person, need) and latest is not None and self.counts(latest)


class GraceRestarts(Seen):
    def due(self, goal: Goal, person: int) -> int:
        start = self.start(goal)
        mine = [
            member.start
            for member in self.history.members
            if (member.person, member.group) == (person, goal.group) and self.is_member(member)
        ]
        return max(*mine, -100 if start is None else start) + goal.grace


class GraceADayLong(Seen):
    def due(self, goal: Goal, person: int) -> int:
        return super().due(goal, person) + 1


class GraceForgetsTheTargetsStart(Seen):
    def due(self, goal: Goal, person: int) -> int:
        seen = type("Bare", (Seen,), {"start": lambda self, goal: None})(self.history, self.asked)
        return int(seen.due(goal, person))


class GraceStartsWithTheTarget(Seen):
    def due(self, goal: Goal, person: int) -> int:
        start = self.start(goal)
        return super().due(goal, person) if start is None else start + goal.grace


class LastTree(Seen):
    def __init__(self, history: History, asked: Asked) -> None:
        super().__init__(history, asked)
        edges = [edge for edge in history.edges if edge.known.at(self.hour)]
        self.parent = {edge.unit: edge.parent for edge in edges}


class KnownNow(Seen):
    def __init__(self, history: History, asked: Asked) -> None:
        super().__init__(history, replace(asked, hour=HOURS))


class ScopeForgotten(Seen):
    def counted_units(self, goal: Goal, where: set[str]) -> set[str]:
        tiers = self.history.units
        return {unit for unit in where if not goal.tiers or tiers[unit] in goal.tiers}


class TiersForgotten(Seen):
    def counted_units(self, goal: Goal, where: set[str]) -> set[str]:
        return super().counted_units(replace(goal, tiers=()), where)


class AnyItemIsEnough(Seen):
    def items(self, goal: Goal) -> dict[str, list[Need]]:
        found = super().items(goal)
        return {"all": [need for needs in found.values() for need in needs]} if found else found


class EveryCourseIsNeeded(Seen):
    def items(self, goal: Goal) -> dict[str, list[Need]]:
        found = super().items(goal)
        needs = [need for item in found.values() for need in item]
        return {str(number): [need] for number, need in enumerate(needs)}


class AcceptsEverything(Seen):
    def meets(self, person: int, need: Need) -> bool:
        return super().meets(person, replace(need, accepts_from=None, accepts_to=None))


class AcceptsToInclusive(Seen):
    def meets(self, person: int, need: Need) -> bool:
        last = None if need.accepts_to is None else need.accepts_to + 1
        return super().meets(person, replace(need, accepts_to=last))


class ItemsAskedForEver(Seen):
    def items(self, goal: Goal) -> dict[str, list[Need]]:
        found = super().items(goal)
        for need in self.history.needs:
            if found and (need.programme, need.group) == (goal.programme, goal.group):
                found.setdefault(need.item, []).append(need)
        return found


class EndedProgrammeAsksNothing(Seen):
    def items(self, goal: Goal) -> dict[str, list[Need]]:
        plan = self.plan(goal)
        return super().items(goal) if self.day in days(None, plan.end) else {}


class StartForgotten(Seen):
    def start(self, goal: Goal) -> int | None:
        return goal.start


class ExemptAreNoMembers(Seen):
    def roster(self, goal: Goal, at: dict[str, set[int]]) -> tuple[int, bool]:
        items = self.items(goal)
        asked = {
            unit: {one for one in people if self.state(goal, one, items) != "exempt"}
            for unit, people in at.items()
        }
        return super().roster(goal, asked)


class EmptyUnitsDeclareNothing(Seen):
    def roster(self, goal: Goal, at: dict[str, set[int]]) -> tuple[int, bool]:
        return super().roster(goal, {unit: people for unit, people in at.items() if people})


class AlwaysConfirmed(Seen):
    def roster(self, goal: Goal, at: dict[str, set[int]]) -> tuple[int, bool]:
        return super().roster(goal, at)[0], True


FAULTS = [
    EndInclusive,
    ExpiryExclusive,
    RevocationADayLate,
    RevocationNeverWas,
    VoidCounts,
    CompletionADayLate,
    FutureCompletionCounts,
    LatestCompletionOnly,
    GraceRestarts,
    GraceADayLong,
    GraceForgetsTheTargetsStart,
    GraceStartsWithTheTarget,
    LastTree,
    KnownNow,
    ScopeForgotten,
    TiersForgotten,
    AnyItemIsEnough,
    EveryCourseIsNeeded,
    AcceptsEverything,
    AcceptsToInclusive,
    ItemsAskedForEver,
    EndedProgrammeAsksNothing,
    StartForgotten,
    ExemptAreNoMembers,
    EmptyUnitsDeclareNothing,
    AlwaysConfirmed,
]


def answers(seed: int, eyes: type[Seen]) -> Iterator[tuple[list[Answer], list[Answer]]]:
    history = random_history(seed)
    for asked in drawn(history, random.Random(seed)):
        yield answer(history, asked), answer(history, asked, eyes)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(fault: type[Seen]) -> None:
    caught = (
        seed
        for seed in range(TRIED)
        if any(right != wrong for right, wrong in answers(seed, fault))
    )
    assert next(caught, None) is not None
