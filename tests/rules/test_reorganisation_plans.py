"""A plan is read from its file and resolved against the tree: who ends, who takes over."""

from datetime import date

import pytest

from hrtrain.reorganising.reading import read_plan
from hrtrain.reorganising.resolving import resolve
from hrtrain.reorganising.rules import (
    Does,
    Entry,
    Fault,
    Heir,
    Place,
    Resolved,
    Succession,
    Tree,
    digest_of,
)

ON = date(2025, 7, 1)
HEAD = b"predecessor_key,successor_key,effective_on,is_default\n"


def place(number: int, key: str, kind: str = "area", **life: date) -> Place:
    return Place(
        number, key, f"Đơn vị {key}", "commune", kind, life.get("starts_on"), life.get("ends_on")
    )


def tree(**more: Place) -> Tree:
    """A province over a district of two communes and an office, and the province that follows."""
    places = [
        place(1, "province"),
        place(2, "district"),
        place(3, "commune1"),
        place(4, "commune2"),
        place(5, "office", kind="state"),
        place(6, "newprovince", starts_on=ON),
        place(7, "newcommune", starts_on=ON),
        place(8, "gone", ends_on=date(2020, 1, 1)),
        place(9, "late", starts_on=date(2026, 1, 1)),
    ]
    places = [more.pop(one.key, one) for one in places]
    parents = {2: 1, 3: 2, 4: 2, 5: 2}
    return Tree({one.id: one for one in places}, parents, {**parents, 7: 6}, frozenset())


def become(unit: str, to: str, is_default: bool = True, line: int = 2) -> Entry:
    return Entry(line, Does.BECOME, unit, to, is_default)


def resolved(*entries: Entry, over: Tree | None = None) -> Resolved:
    found, faults = resolve(entries, ON, over or tree())
    assert not faults
    return found


def faults(*entries: Entry) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in resolve(entries, ON, tree())[1]]


WHOLE = (
    become("province", "newprovince"),
    become("commune1", "newcommune"),
    become("commune2", "newcommune"),
)


def test_successions_renames_moves_and_retypes_are_told_by_their_columns() -> None:
    rows = HEAD + b"a,b,2025-07-01,1\nc,,2025-07-01,\n"
    assert read_plan(rows, ON)[0] == [become("a", "b"), Entry(3, Does.DISSOLVE, "c")]
    renamed = "key,effective_on,name\na,2025-07-01,Phường Ka Long\n".encode()
    assert read_plan(renamed, ON)[0] == [Entry(2, Does.RENAME, "a", name="Phường Ka Long")]
    assert read_plan(b"key,parent_key\na,b\n", ON)[0] == [Entry(2, Does.MOVE, "a", "b")]
    retyped = read_plan(b"key,tier,kind\na,commune,area\n", ON)[0]
    assert retyped == [Entry(2, Does.RETYPE, "a", tier="commune", kind="area")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe", Fault(1, "", "not_utf8")),
        (b"a,b\n1,2\n", Fault(1, "", "unknown_columns", "a, b")),
        (b"", Fault(1, "", "unknown_columns")),
        (HEAD, Fault(1, "", "empty")),
        (HEAD + b'a,"b\n', Fault(1, "", "not_csv")),
        (HEAD + b"a,b,2025-07-01,1,x\n", Fault(2, "", "too_many_fields")),
        (
            HEAD + b"a,b,2026-04-30,1\n",
            Fault(2, "effective_on", "other_day", "2026-04-30", "2025-07-01"),
        ),
        (HEAD + b"a,b,,maybe\n", Fault(2, "is_default", "bad_flag", "maybe")),
    ],
)
def test_a_bad_file_is_refused_by_line_and_column(content: bytes, fault: Fault) -> None:
    assert read_plan(content, ON) == ([], [fault])


def test_a_district_whose_communes_all_end_ends_too_and_its_people_follow_the_province() -> None:
    found = resolved(*WHOLE)
    assert found.ended == {
        1: Heir(6, is_own=True, is_certain=True),
        2: Heir(6, is_own=False, is_certain=False),
        3: Heir(7, is_own=True, is_certain=True),
        4: Heir(7, is_own=True, is_certain=True),
    }
    assert found.handed_on == {5: 6}


def test_a_district_with_a_commune_left_lives_on_below_the_successor() -> None:
    found = resolved(become("province", "newprovince"), become("commune1", "newcommune"))
    assert set(found.ended) == {1, 3}
    assert found.handed_on == {2: 6}


def test_an_office_that_ends_that_day_anyway_is_ended_with_its_district() -> None:
    ended = place(5, "office", kind="state", ends_on=ON)
    found = resolved(*WHOLE, over=tree(office=ended))
    assert found.ended[5] == Heir(6, is_own=False, is_certain=False)
    assert found.handed_on == {}


def test_who_is_dissolved_leaves_people_to_the_unit_above() -> None:
    found = resolved(Entry(2, Does.DISSOLVE, "office"))
    assert found.ended == {5: Heir(2, is_own=False, is_certain=False)}


def test_the_default_of_a_split_is_in_force_and_not_certain() -> None:
    found = resolved(become("commune1", "newcommune"), become("commune1", "newprovince", False))
    assert found.ended[3] == Heir(7, is_own=True, is_certain=False)


def test_a_sole_successor_need_not_be_marked() -> None:
    assert resolved(become("commune1", "newcommune", False)).ended[3] == Heir(7, True, True)


def test_another_tier_is_another_unit_that_takes_over() -> None:
    found = resolved(Entry(2, Does.RETYPE, "office", tier="province"))
    (number, entry), *rest = found.founded.items()
    assert not rest
    assert (entry.name, entry.tier, entry.kind) == ("Đơn vị office", "province", "state")
    assert found.successions == (Succession(5, number, True),)
    assert found.retyped == {number}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([become("nobody", "newcommune")], [("predecessor_key", "unknown_unit")]),
        ([become("commune1", "nobody")], [("successor_key", "unknown_unit")]),
        ([become("commune1", "commune1")], [("successor_key", "is_itself")]),
        ([become("commune1", "newcommune")] * 2, [("successor_key", "given_twice")]),
        ([become("commune1", "late")], [("successor_key", "not_standing")]),
        ([become("commune1", "gone")], [("successor_key", "not_standing")]),
        ([become("gone", "newcommune")], [("predecessor_key", "ended_before")]),
        ([become("newcommune", "newprovince")], [("predecessor_key", "begins_later")]),
        (
            [become("commune1", "newcommune", False), become("commune1", "newprovince", False)],
            [("is_default", "no_default")],
        ),
        (
            [become("commune1", "newcommune"), become("commune1", "newprovince")],
            [("is_default", "two_defaults")],
        ),
        (
            [become("commune1", "commune2"), become("commune2", "newcommune")],
            [("successor_key", "ends_by_plan")],
        ),
        (
            [become("commune1", "newcommune"), Entry(3, Does.DISSOLVE, "commune1")],
            [("successor_key", "has_successors")],
        ),
        ([Entry(2, Does.RENAME, "gone", name="Tên")], [("key", "not_standing")]),
        ([Entry(2, Does.RENAME, "office")], [("name", "name_missing")]),
        ([Entry(2, Does.RENAME, "office", name="x" * 251)], [("name", "name_too_long")]),
        ([Entry(2, Does.RETYPE, "office", tier="ward")], [("tier", "bad_tier")]),
        ([Entry(2, Does.MOVE, "district", "commune1")], [("parent_key", "below_itself")]),
        ([Entry(2, Does.MOVE, "office", "gone")], [("parent_key", "not_standing")]),
        ([become("district", "commune1")], [("successor_key", "below_itself")]),
    ],
)
def test_conflicts_are_named(entries: list[Entry], expected: list[tuple[str, str]]) -> None:
    assert faults(*entries) == expected


def test_a_digest_does_not_depend_on_the_order_of_lines() -> None:
    one, other = become("a", "b", line=2), become("c", "d", line=3)
    assert digest_of(ON, [one, other]) == digest_of(ON, [other._replace(line=9), one])
    assert digest_of(ON, [one]) != digest_of(date(2025, 7, 2), [one])
