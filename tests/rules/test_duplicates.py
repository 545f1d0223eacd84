"""Whether two records may be one person: names, births, units, and 659 labelled pairs."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.people.duplicates.births import BirthMatch, compare_births
from hrtrain.people.duplicates.names import Damage, compare_names, read_name, weight_of
from hrtrain.people.duplicates.places import PlaceMatch, Places
from hrtrain.people.duplicates.rules import Identity, Level, Verdict, compare
from tests.rules.labelled_pairs import figures, judged, rows

FLAT = Places({}, [])
# 1 is the whole; 2 and 3 lie below it; 4 below 2; 5 was taken over by 4, 6 and 7 by 3.
TREE = Places({2: [1], 3: [1], 4: [2], 5: [2], 6: [3], 7: [3]}, [(5, 4), (6, 3), (7, 3)])


def verdict(one: dict[str, Any], other: dict[str, Any]) -> Verdict:
    same = {"full_name": "Nguyễn Văn An", "units": frozenset({1})}
    return compare(Identity(1, **{**same, **one}), Identity(2, **{**same, **other}), FLAT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hoà"),
        ("Nguyễn Thị Mỹ", "NGUYỄN THỊ MĨ"),
        ("Lý Quý", "Lí Quí"),
        ("Đ/c Trần Văn Cường", "Trần Văn Cường"),
        ("H'Hen Niê", "H’ Hen Niê"),
        ("Y Bhăm Ê Ban", "Y Bhăm Êban"),
        ("Nguyễn Văn Ánh", unicodedata.normalize("NFD", "Nguyễn Văn Ánh")),
    ],
)
def test_names_written_two_ways_are_one_name(one: str, other: str) -> None:
    assert compare_names(read_name(one), read_name(other)) == ()


@pytest.mark.parametrize(
    ("one", "other", "damages"),
    [
        ("Nguyễn Văn An", "An Nguyễn Văn", {Damage.REORDERED}),
        ("Nguyễn Văn An", "Nguyễn An", {Damage.SHORTER}),
        ("Nguyễn Thị Minh Khai", "Nguyễn Minh Khai", {Damage.SHORTER}),
        ("Nguyễn Văn An", "N.V. An", {Damage.INITIALS}),
        ("Đặng Thị Ánh", "DANG THI ANH", {Damage.UNMARKED}),
        ("Trịnh Công Sơn", "Chịnh Công Sơn", {Damage.SLIP}),
        ("Nguyễn Văn Lâm", "Nguyển Văn Lâm", {Damage.MARKS}),
        ("Phạm Thị Nguyệt", "Phạm Thị Nguyêt", {Damage.GIVEN_MARKS}),
        ("Lê Hoàng Phướng", "Lê Hoàng Phướg", {Damage.GIVEN_SLIP}),
        ("Nguyễn Thị Lan", "Nguyễn Thị Loan", {Damage.OTHER_GIVEN}),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hòa", {Damage.OTHER_GIVEN}),
        ("Nguyễn Văn Hùng", "Nguyễn Mạnh Hùng", {Damage.OTHER_MIDDLE}),
        ("Nguyễn Ngọc Tiến", "Nguyển Tiến", {Damage.MARKS, Damage.SHORTER}),
    ],
)
def test_damage_to_a_name_is_named(one: str, other: str, damages: set[Damage]) -> None:
    found = compare_names(read_name(one), read_name(other))
    assert found is not None
    assert set(found) == damages


@pytest.mark.parametrize("other", ["Trần Văn An", "Nguyễn Văn Bình", "Giàng A Páo", "An", ""])
def test_another_name_is_another_name(other: str) -> None:
    assert compare_names(read_name("Nguyễn Văn An"), read_name(other)) is None


WORDS = st.sampled_from(
    [
        "Nguyễn",
        "Trần",
        "Văn",
        "Thị",
        "Hòa",
        "Hoà",
        "An",
        "Ánh",
        "anh",
        "Mỹ",
        "Minh",
        "Loan",
        "Lan",
        "Y",
        "H'Hen",
        "Ê",
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@given(NAMES, NAMES)
def test_it_makes_no_difference_which_name_comes_first(one: str, other: str) -> None:
    names = read_name(one), read_name(other)
    found = compare_names(*names), compare_names(*reversed(names))
    assert [damages is None for damages in found] in ([True, True], [False, False])
    if found[0] is not None and found[1] is not None:
        assert weight_of(found[0]) == weight_of(found[1])


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        ("1985-03-02", "1985-03-02", BirthMatch.SAME_DAY),
        ("1985-03-02", "1985", BirthMatch.SAME_YEAR),
        ("1985-03", "1985-03-02", BirthMatch.SAME_MONTH),
        ("1985-01-01", "1985-03-02", BirthMatch.SAME_YEAR),
        ("1985-01-01", "1985-01-01", BirthMatch.SAME_YEAR),
        ("1985-03-02", "1985-02-03", BirthMatch.SWAPPED),
        ("1985-03-12", "1985-03-21", BirthMatch.SLIP),
        ("1985-03-12", "1986-03-12", BirthMatch.SLIP),
        ("1985-03-02", "1985-03-19", BirthMatch.OTHER_DAY),
        ("1985-03-02", "1991-12-19", BirthMatch.DIFFERENT),
        ("1985", "1986", BirthMatch.DIFFERENT),
        ("1985-03", "1985-04-01", BirthMatch.DIFFERENT),
        ("", "1985", BirthMatch.UNKNOWN),
    ],
)
def test_births_agree_as_far_as_the_less_precise_goes(
    one: str, other: str, match: BirthMatch
) -> None:
    assert compare_births(one, other) is compare_births(other, one) is match


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        ({4}, {4, 9}, PlaceMatch.SAME),
        ({5}, {4}, PlaceMatch.LINEAGE),
        ({6}, {7}, PlaceMatch.LINEAGE),
        ({5}, {2}, PlaceMatch.BELOW),
        ({4}, {3}, PlaceMatch.APART),
        ({4}, {1}, PlaceMatch.APART),
        ({4}, set(), PlaceMatch.UNKNOWN),
    ],
)
def test_units_are_near_by_tree_and_by_lineage(
    one: set[int], other: set[int], match: PlaceMatch
) -> None:
    assert TREE.compare(one, other) is TREE.compare(other, one) is match


def test_name_alone_is_never_more_than_possible() -> None:
    assert verdict({}, {}).level is Level.POSSIBLE
    same_year = {"birth_date": "1985"}
    assert verdict(same_year, same_year).level is Level.POSSIBLE
    rare = {"full_name": "Tôn Nữ Quỳnh Trân Châu", "birth_date": "1985", "gender": "female"}
    assert verdict(rare, rare).level is Level.POSSIBLE


def test_namesakes_of_one_commune_stay_apart() -> None:
    assert not verdict({"birth_date": "1980"}, {"birth_date": "1985"}).is_proposed
    assert not verdict({"birth_date": "1980-02-03"}, {"birth_date": "1985-07-19"}).is_proposed
    assert not verdict({"gender": "male"}, {"gender": "female"}).is_proposed
    by_number = [{"national_id_hash": n, "national_id_last4": n * 4} for n in "12"]
    assert not verdict(*by_number).is_proposed


def test_same_national_id_is_near_sure_and_always_looked_at() -> None:
    number = {"national_id_hash": "x", "national_id_last4": "1234"}
    assert verdict(number, number).level is Level.NEAR_SURE
    stranger = {"full_name": "Trần Thị Bình", "birth_date": "1960", "units": frozenset({2})}
    found = verdict({**number, "birth_date": "1990"}, {**number, **stranger})
    assert found.level is Level.POSSIBLE


def test_reasons_add_up_and_stand_by_weight() -> None:
    found = verdict({"phone": "1", "gender": "male"}, {"phone": "1", "gender": "female"})
    weights = [abs(reason.points) for reason in found.reasons]
    assert weights == sorted(weights, reverse=True)
    assert [one.code for one in found.reasons if one.points < 0] == ["other_gender"]


def test_precision_and_recall_on_the_labelled_pairs() -> None:
    pairs = list(judged(rows()))
    assert len(pairs) >= 400
    precision, recall = figures(pairs)
    assert precision >= 0.97
    assert recall >= 0.90
    assert figures(pairs, Level.LIKELY)[0] == 1.0


def test_labelled_pairs_are_hard_for_a_plain_rule() -> None:
    """A list that compares names letter by letter, with the birth date, finds far fewer."""
    found = [row for row in rows() if row["same"] == "yes"]
    plain = [r for r in found if (r["name_a"], r["birth_a"]) == (r["name_b"], r["birth_b"])]
    assert len(plain) < len(found) / 3
