"""What a roster would do: who is recognised, who is asked about, who joins which group."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core.period import Period
from hrtrain.core.text import search_key
from hrtrain.people.rosters.known import Known, KnownMembership, KnownPerson
from hrtrain.people.rosters.named_units import NamedUnit, Units
from hrtrain.people.rosters.plan import Plan, Planned, plan
from hrtrain.people.rosters.types import Code, Complaint, Entry

DAY = date(2026, 7, 1)
HERE = NamedUnit(1, "Sở Tư pháp [stp]", ("Sở Tư pháp", "STP"), ("stp", "0101"))
THERE = NamedUnit(2, "Tỉnh Đoàn [td]", ("Tỉnh Đoàn",), ("td",))
GROUP = 7


def entry(full_name: str = "Lê Văn An", **more: Any) -> Entry:
    values = {"unit_text": "Sở Tư pháp", **more}
    if values.get("birth_date"):
        values["birth_precision"] = {4: "year", 7: "month", 10: "day"}[len(values["birth_date"])]
    return Entry("A", 2, full_name, folded_name=search_key(full_name), **values)


def person(full_name: str = "Lê Văn An", **more: Any) -> KnownPerson:
    said = entry(full_name, **more)
    names = ("gender", "birth_date", "birth_precision", "position", "phone", "email")
    values = {name: getattr(said, name) for name in (*names, "folded_name", "national_id_hash")}
    return KnownPerson(id=9, key="p9", full_name=full_name, national_id_last4="", **values)


def planned(
    said: Entry, *people: KnownPerson, at: int | None = None, since: date = date(2020, 1, 1)
) -> Planned | Complaint:
    """The outcome for one entry; the first person is in the group at the unit, if one is named."""
    members = [KnownMembership(9, GROUP, at, Period(since, None))] if at else []
    known = Known(people, members, Units.of([HERE, THERE]), {"*": GROUP})
    found = plan([said], known, DAY)
    outcomes: list[Planned | Complaint] = [*found.rows, *found.refused]
    assert len(outcomes) == 1
    return outcomes[0]


def match(*args: Any, **more: Any) -> str:
    found = planned(*args, **more)
    return found.match if isinstance(found, Planned) else found.code


def test_nobody_of_the_name_is_new_and_joins_the_group() -> None:
    found = planned(entry())
    assert isinstance(found, Planned)
    assert (found.match, found.unit_id, found.group_ids) == ("new", 1, (GROUP,))


def test_national_id_recognises_whoever_changed_the_name() -> None:
    known = person("Lê Văn Ân", birth_date="1980", national_id_hash="h")
    found = planned(entry("Lê Anh", birth_date="1980", national_id_hash="h"), known, at=1)
    assert isinstance(found, Planned)
    assert (found.match, found.changes["full_name"]) == ("changed", "Lê Anh")


def test_national_id_with_another_name_and_birth_is_asked_about() -> None:
    known = person("Trần Bình", birth_date="1970", national_id_hash="h")
    assert match(entry(birth_date="1980", national_id_hash="h"), known) == Code.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("said", "known", "outcome"),
    [
        ({"birth_date": "1980-06-05"}, {"birth_date": "1980-06-05"}, "changed"),
        ({"birth_date": "1980-06-05"}, {"birth_date": "1980-06-06"}, "new"),
        ({"birth_date": "1980"}, {"birth_date": "1980-06-05"}, "needs_review"),
        ({"birth_date": "1980"}, {"birth_date": "1985"}, "new"),
        ({}, {}, "needs_review"),
        ({}, {"birth_date": "1980-06-05"}, "needs_review"),
        ({"phone": "0912345678"}, {"phone": "0912345678"}, "changed"),
        ({"phone": "0912345678"}, {"phone": "0987654321"}, "needs_review"),
        (
            {"birth_date": "1980-06-05", "national_id_hash": "a"},
            {"birth_date": "1980-06-05", "national_id_hash": "b"},
            "needs_review",
        ),
        (
            {"birth_date": "1980", "national_id_hash": "a"},
            {"birth_date": "1980", "national_id_hash": "b"},
            "new",
        ),
    ],
)
def test_namesake_somewhere_else(said: dict[str, str], known: dict[str, str], outcome: str) -> None:
    assert match(entry(**said), person(**known)) == outcome


@pytest.mark.parametrize(
    ("said", "known", "outcome"),
    [
        ({"birth_date": "1980"}, {"birth_date": "1980-06-05"}, "unchanged"),
        ({"birth_date": "1980-06-05"}, {"birth_date": "1980"}, "changed"),
        ({}, {"birth_date": "1980"}, "unchanged"),
        ({"position": "Trưởng phòng"}, {}, "needs_review"),
        ({"birth_date": "1985"}, {"birth_date": "1980"}, "new"),
    ],
)
def test_namesake_at_the_same_unit(
    said: dict[str, str], known: dict[str, str], outcome: str
) -> None:
    assert match(entry(**said), person(**known), at=1) == outcome


def test_candidates_are_named_but_strangers_no_further() -> None:
    ours = person(birth_date="1980-06-05")
    for one, birth in ((ours, "1980-06-05"), (replace(ours, is_ours=False), "")):
        found = planned(entry(), one)
        assert isinstance(found, Complaint)
        [candidate] = found.candidates
        assert (candidate.full_name, candidate.birth_date) == ("Lê Văn An", birth)


def test_person_out_of_scope_is_never_changed() -> None:
    known = replace(person(birth_date="1980-06-05"), is_ours=False)
    assert match(entry(birth_date="1980-06-05"), known) == Code.NEEDS_REVIEW


def test_member_elsewhere_overlaps_and_future_member_too() -> None:
    known = person(birth_date="1980-06-05")
    said = entry(birth_date="1980-06-05")
    assert match(said, known, at=2) == Code.OVERLAPPING_MEMBERSHIP
    assert match(said, known, at=1, since=date(2027, 1, 1)) == Code.OVERLAPPING_MEMBERSHIP


@pytest.mark.parametrize("text", ["Sở Tư pháp", "SỞ TƯ PHÁP", "so tu phap", "STP", "0101", "stp"])
def test_units_are_found_by_name_short_name_key_and_code(text: str) -> None:
    assert Units.of([HERE, THERE]).find(text) == 1


def test_unit_of_two_names_or_none_is_unknown_with_its_candidates() -> None:
    twins = Units.of([HERE, replace(THERE, names=("Sở  Tư-pháp",))])
    assert twins.find("Sở Tư pháp") == [HERE, replace(THERE, names=("Sở  Tư-pháp",))]
    assert Units.of([HERE]).find("Sở Xa") == []
    assert Units().find("Sở Xa") is None
    assert Units(placed=5).find("Sở Xa") == 5


def outcome(said: Entry, groups: dict[str, int]) -> Plan:
    return plan([said], Known([], [], Units.of([HERE]), groups), DAY)


def test_group_column_names_groups_by_code_or_name() -> None:
    groups = {"hr_officer": 1, "can bo qcn": 1, "tuyen giao": 2}
    [row] = outcome(entry(group_text="Cán bộ QCN; Tuyên giáo"), groups).rows
    assert row.group_ids == (1, 2)
    [refused] = outcome(entry(group_text="Phóng viên"), groups).refused
    assert (refused.code, refused.value) == (Code.UNKNOWN_GROUP, "Phóng viên")


BIRTHS = st.sampled_from(["", "1980", "1980-06", "1980-06-05", "1985", "1985-01-01"])
PHONES = st.sampled_from(["", "0912345678", "0987654321"])
HASHES = st.sampled_from(["", "a", "b"])


@given(BIRTHS, PHONES, HASHES, st.sampled_from(["Lê Văn An", "Trần Bình"]))
def test_row_just_imported_is_recognised_and_unchanged(
    birth: str, phone: str, card: str, name: str
) -> None:
    said = entry(name, birth_date=birth, phone=phone, national_id_hash=card)
    known = person(name, birth_date=birth, phone=phone, national_id_hash=card)
    assert match(said, known, at=1) == "unchanged"


@given(BIRTHS, BIRTHS, HASHES, HASHES)
def test_namesake_with_nothing_but_the_name_is_never_taken_for_known(
    birth: str, other: str, card: str, known_card: str
) -> None:
    said = entry(birth_date=birth, national_id_hash=card)
    known = person(birth_date=other, national_id_hash=known_card)
    sure = (card and card == known_card) or (birth == other and len(birth) == 10)
    if not sure:
        assert match(said, known) in ("new", "needs_review")
