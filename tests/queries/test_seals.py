"""Sealed reports: the same bytes whatever is written later, and a restatement that says why."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.facts import restate as restate_fact
from hrtrain.core.facts import retract
from hrtrain.core.text import sort_key
from hrtrain.coverage.models import RequirementOption
from hrtrain.coverage.plan_queries import find_programme
from hrtrain.coverage.seals import actions
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import (
    content_of,
    differences,
    find_seal,
    first_difference,
    frozen,
    reproduced,
    sought_of,
    versions_of,
)
from hrtrain.people.models import Membership
from hrtrain.training.models import Completion, Enrolment
from hrtrain.units.models import UnitName, UnitParent
from tests import makers
from tests.makers.province import Province, province
from tests.makers.seals import restated, sealed

Write = Callable[[Province], object]


def fact(model: Any, **where: Any) -> Any:
    """The one fact of these values that is not retracted."""
    asked = select(model).filter_by(retracted_at=None, **where)
    return db.session.scalars(asked).one()


def option() -> RequirementOption:
    return db.session.scalars(select(RequirementOption)).one()


def completion_late(here: Province) -> None:
    makers.completion(here.people[2], here.course, date(2026, 5, 5))


def completion_revoked(here: Province) -> None:
    restate_fact(fact(Completion, person_id=here.people[0].id), revoked_from=date(2026, 6, 1))


def completion_voided(here: Province) -> None:
    restate_fact(fact(Completion, person_id=here.people[0].id), is_void=True)


def completion_corrected(here: Province) -> None:
    made = fact(Completion, person_id=here.people[0].id)
    restate_fact(made, valid_through=date(2025, 12, 31))


def completion_taken_back(here: Province) -> None:
    retract(fact(Completion, person_id=here.people[0].id))


def person_moved(here: Province) -> None:
    row = fact(Membership, person_id=here.people[0].id)
    restate_fact(row, ends_on=date(2026, 7, 1))
    makers.membership(here.people[0], here.group, here.right, starts_on=date(2026, 7, 1))


def person_moved_out(here: Province) -> None:
    restate_fact(fact(Membership, person_id=here.people[0].id), unit_id=here.other.id)


def person_left(here: Province) -> None:
    restate_fact(fact(Membership, person_id=here.people[0].id), ends_on=date(2026, 7, 1))


def person_joined(here: Province) -> None:
    makers.membership(makers.person("Vũ Mới"), here.group, here.left, starts_on=date(2026, 1, 1))


def membership_taken_back(here: Province) -> None:
    retract(fact(Membership, person_id=here.people[0].id))


def unit_moved_out(here: Province) -> None:
    restate_fact(fact(UnitParent, unit_id=here.right.id), parent_id=here.other.id)


def exempted(here: Province) -> None:
    makers.exemption(here.people[3], here.programme, here.group, document_no="12/QĐ")


def item_added(here: Province) -> None:
    makers.requirement(here.programme, here.group, makers.course(), "Cập nhật")


def option_ended(here: Province) -> None:
    restate_fact(option(), ends_on=date(2026, 1, 1))


def grace_given(here: Province) -> None:
    here.target.grace_days = 36500


def scope_narrowed(here: Province) -> None:
    here.target.scope_unit_id = here.left.id


def target_percent_changed(here: Province) -> None:
    here.target.percent = 20


def unit_renamed(here: Province) -> None:
    here.left.name = "Tên mới"
    restate_fact(fact(UnitName, unit_id=here.left.id), name="Tên mới")


def unit_retyped(here: Province) -> None:
    here.left.tier = "commune"


def person_renamed(here: Province) -> None:
    here.people[0].full_name, here.people[0].sort_key = "Tên Khác", sort_key("Tên Khác")


def enrolled(here: Province) -> None:
    makers.enrolment(makers.training_session(here.course, here.left), here.people[2])


def declared(here: Province) -> None:
    makers.headcount(here.left, here.group, 13)


def programme_renamed(here: Province) -> None:
    here.programme.title = "Tên khác"


WRITES: list[Write] = [
    completion_late,
    completion_revoked,
    completion_voided,
    completion_corrected,
    completion_taken_back,
    person_moved,
    person_moved_out,
    person_left,
    person_joined,
    membership_taken_back,
    unit_moved_out,
    exempted,
    item_added,
    option_ended,
    grace_given,
    scope_narrowed,
    target_percent_changed,
    unit_renamed,
    unit_retyped,
    person_renamed,
    enrolled,
    declared,
    programme_renamed,
]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_sealed_bytes_are_counted_again_whatever_is_written_later(app: Flask, write: Write) -> None:
    here = province(tiers="province")
    session = makers.training_session(here.course, here.left)
    makers.enrolment(session, here.people[3], state="waiting")
    made = sealed(here.programme, here.top)
    before = made.content
    write(here)
    db.session.query(Enrolment).update({"state": "booked"})
    db.session.flush()
    db.session.expire_all()
    assert made.content == before
    assert first_difference(made, reproduced(made)) == ""
    assert reproduced(made).content == before


CAUSES: list[tuple[Write, dict[str, str]]] = [
    (completion_late, {"Lê Văn Ân": "late"}),
    (completion_revoked, {"Đỗ Anh": "revocation"}),
    (completion_voided, {"Đỗ Anh": "revocation"}),
    (completion_corrected, {"Đỗ Anh": "correction"}),
    (completion_taken_back, {"Đỗ Anh": "correction"}),
    (person_moved, {"Đỗ Anh": "transfer"}),
    (person_moved_out, {"Đỗ Anh": "transfer"}),
    (person_left, {"Đỗ Anh": "late"}),
    (person_joined, {"Vũ Mới": "late"}),
    (membership_taken_back, {"Đỗ Anh": "correction"}),
    (unit_moved_out, {"Bùi Đạt": "transfer"}),
    (exempted, {"Bùi Đạt": "late"}),
    (item_added, {"Đỗ Anh": "rule", "Trần Thị Ánh": "rule"}),
    (scope_narrowed, {"Bùi Đạt": "rule"}),
    (unit_retyped, dict.fromkeys(["Đỗ Anh", "Trần Thị Ánh", "Lê Văn Ân"], "transfer")),
    (grace_given, {"Lê Văn Ân": "rule", "Bùi Đạt": "rule"}),
    (target_percent_changed, {}),
    (person_renamed, {}),
    (enrolled, {}),
    (declared, {}),
]


@pytest.mark.parametrize(
    ("write", "expected"), CAUSES, ids=lambda one: getattr(one, "__name__", "")
)
def test_restatement_says_of_everybody_who_differs_one_cause(
    app: Flask, write: Write, expected: dict[str, str]
) -> None:
    here = province(tiers="province")
    old = sealed(here.programme, here.top)
    write(here)
    found = {one.moved.name: one.cause.value for one in differences(old, restated(old))}
    assert found == expected


def test_the_first_cause_in_order_that_alone_explains_is_named(app: Flask) -> None:
    here = province()
    old = sealed(here.programme, here.top)
    completion_revoked(here)
    item_added(here)
    person_moved(here)
    found = {one.moved.name: one.cause.value for one in differences(old, restated(old))}
    # The new item alone makes the second untrained; the first lost the completion and moved.
    assert found == {"Đỗ Anh": "revocation", "Trần Thị Ánh": "rule"}


def test_rule_that_changed_for_all_does_not_explain_who_was_trained_late(app: Flask) -> None:
    here = province()
    old = sealed(here.programme, here.top)
    completion_late(here)
    here.target.grace_days = 10
    found = {one.moved.name: one.cause.value for one in differences(old, restated(old))}
    assert found == {"Lê Văn Ân": "late"}


def test_seal_keeps_people_with_state_reason_and_evidence_and_no_identity_number(
    app: Flask,
) -> None:
    here = province()
    here.people[0].national_id_hash, here.people[0].national_id_last4 = "f" * 64, "6789"
    content = content_of(sealed(here.programme, here.top))
    first, last = (
        next(one for one in content["people"] if one["name"] == name)
        for name in ("Đỗ Anh", "Bùi Đạt")
    )
    assert first["state"] == "trained" and first["met"] == {
        "Tập huấn": ["qcn", "2025-05-10", None, None]
    }
    assert last["reason"] == "never_enrolled" and last["missing"] == ["Tập huấn"]
    assert last["unit"] == last["child"] == "u2"
    assert "6789" not in json.dumps(content) and "ffff" not in json.dumps(content)


def test_who_is_in_two_groups_is_counted_again_with_what_was_tried(app: Flask) -> None:
    here = province()
    untrained = here.people[2]
    for key, asks in (("a-group", False), ("z-group", True)):
        group = makers.group(key)
        makers.membership(untrained, group, here.left)
        makers.target(here.programme, group)
        course = makers.course()
        makers.requirement(here.programme, group, course)
        if asks:
            makers.completion(untrained, course, date(2025, 1, 1))
    booked = makers.training_session(here.course, here.top)
    db.session.add(Enrolment(training_session_id=booked.id, person_id=untrained.id))
    seal = sealed(here.programme, here.top)
    assert "booked" in {one.get("reason") for one in content_of(seal)["people"]}
    assert first_difference(seal, reproduced(seal)) == ""


def test_fact_recorded_into_the_past_is_told_by_name(app: Flask) -> None:
    here = province()
    made = sealed(here.programme, here.top)
    late = {"recorded_at": made.known_at, "revoked_from": None}
    makers.completion(here.people[2], here.course, date(2026, 5, 5), **late)
    said = first_difference(made, reproduced(made))
    assert here.people[2].key in said and "2026-05-05" in said
    new = restated(made)
    assert [one.cause.value for one in differences(made, new)] == ["late"]


def test_database_refuses_to_change_a_seal(app: Flask) -> None:
    made = sealed(province().programme)
    with pytest.raises((DatabaseError, sqlite3.IntegrityError), match="never changed"):
        db.session.execute(
            text("UPDATE coverage_seal SET title = 'x' WHERE id = :id"), {"id": made.id}
        )
    db.session.rollback()


def test_seal_is_restated_once_and_its_newest_version_again(app: Flask) -> None:
    first = sealed(province().programme)
    second = restated(first)
    with pytest.raises(Refusal, match="bản 2"):
        restated(first)
    third = restated(second)
    assert [one.version for one in versions_of(second)] == [1, 2, 3]
    assert db.session.get(Seal, third.id) is find_seal(third.key)


def test_two_who_restate_at_a_time_make_one_version(app: Flask) -> None:
    key, barrier, said = sealed(province().programme).key, Barrier(2), list[str]()
    db.session.commit()

    def act(name: str) -> None:
        with app.app_context():
            found = find_seal(key)
            assert found is not None
            with reading():
                ready = frozen(found.programme, sought_of(found), clock.now())
                db.session.rollback()
            barrier.wait(10)
            try:
                actions.restate(found, name, ready, note="", by=None)
                db.session.commit()
                said.append("made")
            except Refusal as refusal:
                said.append(str(refusal))

    threads = [Thread(target=act, args=(f"seal-{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["Báo cáo này đã được lập lại (bản 2).", "made"]


def test_day_to_come_and_plan_without_targets_are_not_sealed(app: Flask) -> None:
    here = province()
    with pytest.raises(Refusal, match="đã đến"):
        sealed(here.programme, day=date(2199, 1, 1))
    with pytest.raises(Refusal, match="không đặt chỉ tiêu"):
        sealed(makers.programme())


def test_nothing_asked_is_sealed_as_nothing_asked(app: Flask) -> None:
    here = province(starts_on=date(2026, 1, 1))
    made = sealed(here.programme, here.top, day=date(2025, 12, 31))
    assert {row["status"] for row in content_of(made)["figures"]} == {"nothing_asked"}
    assert content_of(made)["people"] == [] and reproduced(made).content == made.content


def test_sealing_waits_for_whoever_has_recorded_and_not_yet_committed(app: Flask) -> None:
    here = province()
    person, group_id, unit_id = makers.person("Vũ Mới").id, here.group.id, here.left.id
    db.session.commit()
    has_recorded = Event()

    def write() -> None:
        with app.app_context():
            row = {"person_id": person, "group_id": group_id, "unit_id": unit_id}
            db.session.add(Membership(**row, starts_on=date(2020, 1, 1)))
            db.session.flush()
            has_recorded.set()
            sleep(0.5)
            db.session.commit()

    writer = Thread(target=write)
    writer.start()
    has_recorded.wait(10)
    instant = actions.settled_instant()
    made = sealed(find_programme("kh175") or here.programme, at=instant)
    writer.join()
    assert len(content_of(made)["people"]) == 5 and first_difference(made, reproduced(made)) == ""
