"""Which acts happen to a world, and how often."""

from collections.abc import Callable, Sequence

from tests.queries import world_acts as facts
from tests.queries import world_plan_acts as plans
from tests.queries.worlds import World

Act = Callable[[World], bool]
"""Does something and says True, or finds nothing to do it to."""

ACTS: dict[Act, int] = {
    facts.join: 4,
    facts.leave: 2,
    facts.move: 5,
    facts.back_date: 3,
    facts.never_was_a_member: 1,
    facts.merge_people: 2,
    facts.new_person: 2,
    facts.complete: 7,
    facts.correct_completion: 6,
    facts.retract_completion: 2,
    facts.void_by_hand: 1,
    facts.exempt: 3,
    facts.correct_exemption: 2,
    facts.retract_exemption: 1,
    facts.declare: 4,
    facts.declare_otherwise: 2,
    facts.withdraw_declaration: 1,
    facts.put_below: 3,
    facts.move_unit: 3,
    facts.cut_off: 1,
    facts.never_lay_below: 1,
    facts.merge_units: 3,
    facts.split_unit: 2,
    plans.change_target: 3,
    plans.add_target: 1,
    plans.drop_target: 1,
    plans.require: 1,
    plans.change_requirement: 2,
    plans.require_no_longer: 1,
    plans.change_programme: 1,
    plans.new_programme: 1,
    plans.retype_unit: 1,
}
OF_THE_COMMON = (
    plans.change_target,
    plans.require,
    plans.change_requirement,
    plans.require_no_longer,
)


TREE = (
    facts.put_below,
    facts.move_unit,
    facts.cut_off,
    facts.never_lay_below,
    facts.merge_units,
    facts.split_unit,
)


def live(world: World, often: Sequence[str] = ()) -> None:
    """One thing happens to the world; some, where they are named, more often than others."""
    weights = [weight * (40 if one.__name__ in often else 1) for one, weight in ACTS.items()]
    _try(world, list(ACTS), weights)


def live_quietly(world: World) -> None:
    """One thing happens to people or declarations; tree and plans stay."""
    quiet = {
        one: weight
        for one, weight in ACTS.items()
        if one.__module__ == facts.__name__ and one not in TREE
    }
    _try(world, list(quiet), list(quiet.values()))


def live_in_common(common: World) -> None:
    """One thing happens to what all worlds share."""
    _try(common, [*OF_THE_COMMON, plans.change_programme], [1] * 5)


def _try(world: World, acts: list[Act], weights: list[int]) -> None:
    while True:
        chosen = world.dice.choices(acts, weights)[0]
        if chosen(world):
            world.told.append(chosen.__name__)
            return
