"""What happens to a world: one random act at a time, told to its facts and written to its rows.

Acts use the session as the product does: model classes, `core.facts`, now and then plain SQL.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, text

from hrtrain.core.db import db
from tests.queries.brute_force import Declared, Done, Edge, Exempt, Member
from tests.queries.day_by_day import holds
from tests.queries.worlds import DAYS, NOW, Noted, World, add_person, add_unit, any_completion

# --- choosing --------------------------------------------------------------------------------


def one_of(world: World, kind: type[Any]) -> Noted | None:
    known = world.noted.get(kind)
    return world.dice.choice(known) if known else None


def days_taken(rows: Iterable[Any]) -> set[int]:
    return {day for one in rows for day in DAYS if holds(one.start, one.end, day)}


def is_free(rows: Iterable[Any], start: int | None, end: int | None) -> bool:
    """Whether no row shares a day with the period; beyond the days there is another open end."""
    taken = days_taken(rows)
    return not any(day in taken for day in DAYS if holds(start, end, day))


def same_membership(world: World, person: int, group: str) -> list[Member]:
    return [one for one in world.of(Member) if (one.person, one.group) == (person, group)]


def day_inside(world: World, one: Any) -> int | None:
    """A day that cuts the period in two."""
    days = [day for day in range(1, 15) if holds(one.start, one.end, day) and day != one.start]
    return world.dice.choice(days) if days else None


def to_cut(world: World, kind: type[Any]) -> tuple[Noted, int] | None:
    """A fact, and a day that cuts its period in two."""
    one = one_of(world, kind)
    day = day_inside(world, one.fact) if one else None
    return None if one is None or day is None else (one, day)


def _end_one(world: World, kind: type[Any]) -> bool:
    cut = to_cut(world, kind)
    if cut is not None:
        world.restate(cut[0], end=cut[1])
    return cut is not None


def _retract_one(world: World, kind: type[Any]) -> bool:
    one = one_of(world, kind)
    if one is not None:
        world.retract(one)
    return one is not None


# --- memberships -----------------------------------------------------------------------------


def join(world: World) -> bool:
    person, group = world.dice.choice(world.people), world.dice.choice(world.groups)
    start, end = world.period()
    start = -2 if start is None else start
    if not is_free(same_membership(world, person, group), start, end):
        return False
    world.add(Member(person, group, world.dice.choice(list(world.tiers)), start, end, NOW))
    return True


def leave(world: World) -> bool:
    return _end_one(world, Member)


def move(world: World) -> bool:
    """To another unit, or renewed at the same; at times with a gap of a day."""
    cut = to_cut(world, Member)
    if cut is None:
        return False
    one, day = cut
    whole: Member = one.fact
    world.restate(one, end=day)
    start = day + 1 if world.maybe(0.25) else day
    if whole.end is None or start < whole.end:
        unit = world.dice.choice(list(world.tiers))
        world.add(replace(whole, unit=unit, start=start))
    return True


def back_date(world: World) -> bool:
    """Begin or end on another day than was known."""
    one = one_of(world, Member)
    if one is None:
        return False
    start, end = world.period()
    start = -2 if start is None else start
    same = same_membership(world, one.fact.person, one.fact.group)
    if not is_free([other for other in same if other != one.fact], start, end):
        return False
    world.restate(one, start=start, end=end)
    return True


def never_was_a_member(world: World) -> bool:
    return _retract_one(world, Member)


def merge_people(world: World) -> bool:
    """All that was known of one is known of the other; what would double a day is dropped."""
    if len(world.people) < 2:
        return False
    kept, gone = world.dice.sample(world.people, 2)
    for kind in (Member, Done, Exempt):
        for one in list(world.noted.get(kind, ())):
            if one.fact.person != gone:
                continue
            same = same_membership(world, kept, one.fact.group) if kind is Member else []
            if is_free(same, getattr(one.fact, "start", None), getattr(one.fact, "end", None)):
                world.restate(one, person=kept)
            else:
                world.retract(one)
    return True


def new_person(world: World) -> bool:
    add_person(world)
    return True


# --- completions and exemptions --------------------------------------------------------------


def complete(world: World) -> bool:
    world.add(any_completion(world, world.dice.choice(world.people)))
    return True


def correct_completion(world: World) -> bool:
    """Revoked, taken back, void, of another day, or valid otherwise."""
    one = one_of(world, Done)
    if one is None:
        return False
    other = any_completion(world, one.fact.person)
    revoked = one.fact.on + world.dice.randint(-1, 6)
    changes: dict[str, Any] = world.dice.choice(
        [
            {"revoked": revoked},
            {"revoked": revoked},
            {"revoked": None},
            {"void": not one.fact.void},
            {"on": other.on, "through": other.through},
            {"course": other.course},
        ]
    )
    world.restate(one, **changes)
    return True


def retract_completion(world: World) -> bool:
    return _retract_one(world, Done)


def void_by_hand(world: World) -> bool:
    """Somebody at the database writes over rows instead of recording anew."""
    chosen = [one for one in world.noted.get(Done, ()) if world.maybe(0.5)]
    if not chosen:
        return False
    db.session.flush()
    ids = [one.row.id for one in chosen]
    void = text("UPDATE completion SET is_void = true WHERE id IN :ids")
    db.session.execute(void.bindparams(bindparam("ids", ids, expanding=True)))
    for one in chosen:
        one.fact = replace(one.fact, void=True)
    return True


def exempt(world: World) -> bool:
    person, (programme, group) = world.dice.choice(world.people), _any_goal_key(world)
    world.add(Exempt(person, programme, group, *world.period(), NOW))
    return True


def _any_goal_key(world: World) -> tuple[str, str]:
    keys = [(plan, group) for plan in world.plans for group in world.groups]
    return world.dice.choice([*world.goals, *world.goals, *keys])


def correct_exemption(world: World) -> bool:
    one = one_of(world, Exempt)
    if one is None:
        return False
    start, end = world.period()
    world.restate(one, start=start, end=end)
    return True


def retract_exemption(world: World) -> bool:
    return _retract_one(world, Exempt)


# --- headcounts ------------------------------------------------------------------------------


def declare(world: World) -> bool:
    unit, group = world.dice.choice(list(world.tiers)), world.dice.choice(world.groups)
    start, end = world.period()
    if not is_free(_declared(world, unit, group), start, end):
        return False
    world.add(Declared(unit, group, world.dice.randint(0, 3), start, end, NOW))
    return True


def _declared(world: World, unit: str, group: str) -> list[Declared]:
    return [one for one in world.of(Declared) if (one.unit, one.group) == (unit, group)]


def declare_otherwise(world: World) -> bool:
    one = one_of(world, Declared)
    if one is None:
        return False
    start, end = world.period() if world.maybe(0.5) else (one.fact.start, one.fact.end)
    same = _declared(world, one.fact.unit, one.fact.group)
    if not is_free([other for other in same if other != one.fact], start, end):
        return False
    world.restate(one, number=world.dice.randint(0, 3), start=start, end=end)
    return True


def withdraw_declaration(world: World) -> bool:
    return _retract_one(world, Declared)


# --- the tree --------------------------------------------------------------------------------


def _has_no_cycle(edges: Iterable[Edge], units: Iterable[str]) -> bool:
    for day in DAYS:
        parents = {one.unit: one.parent for one in edges if holds(one.start, one.end, day)}
        for unit in units:
            seen, at = {unit}, unit
            while at in parents:
                at = parents[at]
                if at in seen:
                    return False
                seen.add(at)
    return True


def put_below(world: World) -> bool:
    """An edge for some days, under a unit that does not lie below on one of them."""
    if len(world.tiers) < 2:
        return False
    unit, parent = world.dice.sample(list(world.tiers), 2)
    new = Edge(unit, parent, *world.period(), NOW)
    edges = world.of(Edge)
    if not is_free([one for one in edges if one.unit == unit], new.start, new.end):
        return False
    if not _has_no_cycle([*edges, new], world.tiers):
        return False
    world.add(new)
    return True


def move_unit(world: World) -> bool:
    """The edge ends on a day, and another begins."""
    cut = to_cut(world, Edge)
    if cut is None:
        return False
    one, day = cut
    whole: Edge = one.fact
    others = [unit for unit in world.tiers if unit not in (whole.unit, whole.parent)]
    if not others:
        return False
    new = replace(whole, parent=world.dice.choice(others), start=day)
    edges = [edge for edge in world.of(Edge) if edge != whole]
    if not _has_no_cycle([*edges, new, replace(whole, end=day)], world.tiers):
        return False
    world.restate(one, end=day)
    world.add(new)
    return True


def cut_off(world: World) -> bool:
    """The unit lies below nothing from a day on."""
    return _end_one(world, Edge)


def never_lay_below(world: World) -> bool:
    return _retract_one(world, Edge)


def merge_units(world: World) -> bool:
    """From a day on the members of one are the other's, and what is declared ends."""
    if len(world.tiers) < 2:
        return False
    gone, into = world.dice.sample(list(world.tiers), 2)
    return _hand_over(world, gone, into, world.day(), share=1.0)


def split_unit(world: World) -> bool:
    """From a day on a new unit, below the same or beside it, has some of the members."""
    if len(world.tiers) > 5:
        return False
    old, new = world.dice.choice(list(world.tiers)), add_unit(world)
    day = world.day()
    parents = [one for one in world.of(Edge) if one.unit == old and holds(one.start, one.end, day)]
    if world.maybe(0.5):
        world.add(Edge(new, old, day, None, NOW))
    elif parents:
        world.add(Edge(new, parents[0].parent, day, parents[0].end, NOW))
    _hand_over(world, old, new, day, share=0.5)
    return True


def _hand_over(world: World, old: str, new: str, day: int, *, share: float) -> bool:
    moved = False
    for one in list(world.noted.get(Member, ())):
        whole: Member = one.fact
        if whole.unit == old and world.maybe(share) and (whole.end is None or day < whole.end):
            moved = True
            if whole.start >= day:
                world.restate(one, unit=new)
            else:
                world.restate(one, end=day)
                world.add(replace(whole, unit=new, start=day))
    for kind in (Declared, Edge) if share == 1.0 else ():
        for one in list(world.noted.get(kind, ())):
            if one.fact.unit == old and day_cuts(one.fact, day):
                world.restate(one, end=day)
    return moved


def day_cuts(one: Any, day: int) -> bool:
    return holds(one.start, one.end, day) and one.start != day
