"""Two records of one person become one, and two again. On both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.certificates.models import Certificate
from hrtrain.certificates.queries.certificates import certificates_of
from hrtrain.certificates.queries.due import holders, people_due
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.db import Base, Fact, db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import restate
from hrtrain.core.period import Period
from hrtrain.coverage.queries import Question, standings
from hrtrain.exchange.importing import import_package
from hrtrain.merging.actions import merge, unmerge
from hrtrain.merging.queries import MOVED, better_kept, named_clashes, seen_state, sessions_of_both
from hrtrain.merging.rules import COLUMNS, Choices, Side
from hrtrain.people.actions import add_membership
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.merges.queries import ids_of_records, merge_of, merges_into, standing_for
from hrtrain.people.models import Membership, Person
from hrtrain.people.rules import Placement
from hrtrain.training.actions.attendance import correct_attendance, mark_attendance
from hrtrain.training.actions.completions import record_completion
from hrtrain.training.actions.sessions import close_training_session
from hrtrain.training.models import Completion
from hrtrain.training.queries.enrolments import no_longer_complete, roster_of, verdicts
from hrtrain.training.queries.sessions import person_of_code
from hrtrain.training.rules import CompletionDetails, Reason, Source
from tests import makers
from tests.makers.packages import small_package, write_package
from tests.makers.province import province
from tests.queries.merge_world import MergeWorld, day, everything_known, facts_of, stays

pytestmark = pytest.mark.usefixtures("app")


def joined(kept: Person, merged: Person, **choices: Any) -> Act:
    act = merge(kept, merged, Choices(**choices), by=None)
    db.session.commit()
    return act


def taken_back(act: Act) -> None:
    unmerge(act, by=None)
    db.session.commit()


@pytest.fixture
def world() -> MergeWorld:
    return MergeWorld()


@pytest.fixture
def two(world: MergeWorld) -> tuple[Person, Person]:
    kept = world.person(birth_date="1985", birth_precision="year", phone="0912345678")
    full = {"birth_date": "1985-03-02", "birth_precision": "day"}
    return kept, world.person("Nguyễn An", email="an@example.vn", **full)


def test_who_has_facts_dated_ahead_is_not_merged() -> None:
    kept, merged = makers.person("Lê An"), makers.person("Lê An")
    soon = clock.now() + timedelta(days=30)
    makers.completion(merged, makers.course(), date(2025, 1, 1), recorded_at=soon)
    db.session.commit()
    for pair in ((kept, merged), (merged, kept)):
        with pytest.raises(Refusal, match="tương lai"):
            merge(*pair, Choices(), by=None)
        db.session.rollback()


def test_every_kind_of_fact_about_a_person_is_moved() -> None:
    kinds: set[Any] = {m.class_ for m in Base.registry.mappers if issubclass(m.class_, Fact)}
    assert {kind for kind in kinds if hasattr(kind, "person_id")} == set(MOVED)


def test_facts_are_the_kept_ones_and_the_merged_record_is_set_aside(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    world.post(kept, 0, 10)
    world.post(merged, 20, None, unit=1)
    world.done(merged, 0, 30)
    world.exempt(merged, 40)
    act = joined(kept, merged, reason="cùng số điện thoại")
    u0, u1 = (unit.id for unit in world.units)
    g = world.groups[0].id
    assert stays(kept) == [(g, u0, day(0), day(10)), (g, u1, day(20), None)]
    assert (stays(merged), facts_of(merged, Completion)) == ([], [])
    assert merged.is_set_aside
    assert standing_for(merged) is kept
    assert ids_of_records(merged.id) == sorted([kept.id, merged.id])
    assert [row.act_key for row in merges_into(kept)] == [act.key]
    assert getattr(merge_of(merged), "reason", "") == "cùng số điện thoại"


def test_details_are_the_kept_ones_or_the_fuller_or_the_chosen(
    two: tuple[Person, Person],
) -> None:
    kept, merged = two
    joined(kept, merged, fields={"full_name": Side.MERGED})
    assert (kept.full_name, kept.search_key) == ("Nguyễn An", "nguyen an")
    assert (kept.birth_date, kept.birth_precision) == ("1985-03-02", "day")
    assert (kept.phone, kept.email) == ("0912345678", "an@example.vn")


def test_before_the_merge_they_were_two_and_always_will_have_been(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    world.post(merged, 0, None)
    db.session.commit()
    before = clock.now()
    joined(kept, merged)
    then = select(Membership.person_id).where(Membership.known_at(before))
    assert db.session.scalars(then).all() == [merged.id]


@pytest.mark.parametrize(
    ("holder", "kept_days", "merged_days"),
    [(None, (0, 20), (20, 30)), (Side.MERGED, (0, 10), (10, 30))],
)
def test_days_that_both_have_are_one_sides(
    world: MergeWorld,
    two: tuple[Person, Person],
    holder: Side | None,
    kept_days: tuple[int, int],
    merged_days: tuple[int, int],
) -> None:
    kept, merged = two
    world.post(kept, 0, 20)
    world.post(merged, 10, 30, unit=1)
    assert len(named_clashes(kept, merged)) == 1
    group = world.groups[0].id
    joined(kept, merged, holders={group: holder} if holder else {})
    units = [unit.id for unit in world.units]
    assert stays(kept) == [
        (group, units[0], *map(day, kept_days)),
        (group, units[1], *map(day, merged_days)),
    ]


def test_what_both_say_in_every_column_is_said_once(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    for who in two:
        world.done(who, 0, 5)
    world.done(merged, 0, 5, source="khác")
    joined(kept, merged)
    assert sorted(row.source for row in facts_of(kept, Completion)) == ["", "khác"]


def test_enrolments_move_unless_both_are_there(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    places = [world.enrol(merged, 0), world.enrol(merged, 1)]
    world.enrol(kept, 1)
    assert sessions_of_both(kept, merged) == [world.sessions[1]]
    joined(kept, merged)
    assert [place.person_id for place in places] == [kept.id, merged.id]


def test_account_and_personal_link_become_the_kept_ones(two: tuple[Person, Person]) -> None:
    kept, merged = two
    account = makers.user("attendee", person_id=merged.id)
    joined(kept, merged)
    assert account.person_id == kept.id
    assert person_of_code(merged.access_code) is kept


@pytest.mark.parametrize("whose", list(Side))
def test_of_two_accounts_the_chosen_one_stays_and_undoing_gives_both_back(
    two: tuple[Person, Person], whose: Side
) -> None:
    kept, merged = two
    accounts = [makers.user("attendee", person_id=who.id) for who in two]
    act = joined(kept, merged, account=whose)
    theirs = accounts if whose is Side.KEPT else accounts[::-1]
    assert [account.person_id for account in theirs] == [kept.id, None]
    taken_back(act)
    assert [account.person_id for account in accounts] == [kept.id, merged.id]


def test_merged_record_is_merged_no_second_time(two: tuple[Person, Person]) -> None:
    kept, merged = two
    joined(kept, merged)
    for pair in ((kept, merged), (merged, kept)):
        with pytest.raises(Stale):
            merge(*pair, Choices(), by=None)
    with pytest.raises(Refusal):
        merge(kept, kept, Choices(), by=None)


def test_what_changed_since_it_was_looked_at_is_not_merged(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    seen = seen_state(*two)
    world.post(two[1], 0, None)
    with pytest.raises(Stale):
        merge(*two, Choices(), by=None, seen=seen)


def test_chain_leads_to_the_last_and_is_undone_from_its_end(world: MergeWorld) -> None:
    one, other, last = (world.person() for _n in range(3))
    world.post(one, 0, 5)
    before = everything_known()
    acts = [joined(other, one), joined(last, other)]
    assert standing_for(one) is last
    assert ids_of_records(other.id) == sorted([one.id, other.id, last.id])
    assert len(stays(last)) == 1
    with pytest.raises(Refusal, match="việc gộp sau đó"):
        unmerge(acts[0], by=None)
    for act in reversed(acts):
        taken_back(act)
    assert everything_known() == before


def test_two_merges_into_one_are_undone_the_last_first(world: MergeWorld) -> None:
    kept, one, other = (world.person() for _n in range(3))
    for who in (one, other):
        world.done(who, 0, 3)
    before = everything_known()
    acts = [joined(kept, one), joined(kept, other)]
    assert len(facts_of(kept, Completion)) == 1
    with pytest.raises(Refusal, match="việc gộp sau đó"):
        unmerge(acts[0], by=None)
    for act in reversed(acts):
        taken_back(act)
    assert everything_known() == before


def test_undone_twice_is_stale(two: tuple[Person, Person]) -> None:
    act = joined(*two)
    taken_back(act)
    with pytest.raises(Stale):
        unmerge(act, by=None)


def test_what_came_after_the_merge_stays_with_the_kept(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    world.post(merged, 0, None)
    act = joined(kept, merged)
    world.done(kept, 0, 7)
    kept.phone = "0999"
    taken_back(act)
    assert (len(stays(merged)), len(stays(kept))) == (1, 0)
    assert [row.completed_on for row in facts_of(kept, Completion)] == [day(7)]
    assert kept.phone == "0999"


def test_fact_changed_since_is_a_refusal_that_names_it(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    world.post(merged, 0, None)
    act = joined(kept, merged)
    restate(facts_of(kept, Membership)[0], ends_on=day(9))
    with pytest.raises(Refusal) as refused:
        unmerge(act, by=None)
    assert world.groups[0].name in refused.value.message
    assert world.units[0].name in refused.value.message


# --- sessions and certificates ---------------------------------------------------------------


def closed_session(world: MergeWorld, *people: Person) -> None:
    session, today = world.sessions[0], date(2026, 6, 1)
    places = [world.enrol(who, 0) for who in people]
    mark_attendance(session, {place.id: True for place in places}, by=None, today=today)
    close_training_session(session, by=None, today=today)
    db.session.commit()


def test_certificate_stays_the_merged_ones_and_is_shown_with_the_kept(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    closed_session(world, merged)
    session = world.sessions[0]
    issued(merged, session)
    joined(kept, merged)
    assert [row.key for row in certificates_of(kept.id)] == ["c1"]
    assert holders(session) == {kept.id}
    assert people_due(session) == []
    assert no_longer_complete(session, holders(session)) == []
    said = verdicts(session, roster_of(session), holders(session))
    assert [one.reason for one in said] == [Reason.HOLDS_ONE]


def issued(who: Person, session: Any) -> None:
    values = {"number": "01/GCN", "issued_on": day(40), "check_code": "c", "qr_code": "q"}
    whose = {"person_id": who.id, "course_id": session.course_id}
    db.session.add(Certificate(key="c1", training_session_id=session.id, **whose, **values))
    db.session.commit()


def test_session_both_attended_proves_one_completion_however_it_is_corrected(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    closed_session(world, *two)
    joined(kept, merged)
    session = world.sessions[0]
    assert len(facts_of(kept, Completion)) == 1
    rows = {row.person_id: row.id for row in roster_of(session)}
    correct_attendance(session, {rows[kept.id]: False}, "nhầm", by=None)
    assert len(facts_of(kept, Completion)) == 1
    correct_attendance(session, {rows[merged.id]: False}, "nhầm", by=None)
    assert facts_of(kept, Completion) == []
    correct_attendance(session, {rows[merged.id]: True}, "nhầm", by=None)
    assert (len(facts_of(kept, Completion)), facts_of(merged, Completion)) == (1, [])


def test_merge_is_not_undone_under_a_result_that_came_of_it(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    place = world.enrol(merged, 0)
    act = joined(kept, merged)
    session, today = world.sessions[0], date(2026, 6, 1)
    mark_attendance(session, {place.id: True}, by=None, today=today)
    close_training_session(session, by=None, today=today)
    with pytest.raises(Refusal, match=session.title):
        unmerge(act, by=None)


# --- figures ---------------------------------------------------------------------------------


def test_figures_count_one_person_after_the_merge_and_two_again(app: Flask) -> None:
    here = province()
    double = makers.person("Lê Ân")
    makers.membership(double, here.group, here.right)
    makers.completion(double, here.course, date(2025, 5, 10))
    db.session.commit()

    def counted() -> tuple[int, int]:
        row = standings(Question("kh175", date(2026, 6, 1)))[0]
        return row.in_scope, row.trained

    assert counted() == (5, 3)
    act = joined(here.people[2], double)
    assert counted() == (4, 3)
    taken_back(act)
    assert counted() == (5, 3)


# --- whatever they hold ----------------------------------------------------------------------

NUMBERS = st.integers(0, 12)
POSTS = st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 1), st.integers(0, 1)), max_size=3)
DONE = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.booleans()), max_size=3)
FREE = st.lists(st.tuples(NUMBERS, st.integers(0, 1)), max_size=2)
RECORD = st.fixed_dictionaries(
    {
        "posts": POSTS,
        "done": DONE,
        "free": FREE,
        "sessions": st.sets(st.integers(0, 1)),
        "account": st.booleans(),
        "birth_date": st.sampled_from(["", "1985", "1985-03-02", "1986"]),
        "phone": st.sampled_from(["", "0912", "0913"]),
        "national_id_hash": st.sampled_from(["", "x", "y"]),
    }
)
CHOICES = st.fixed_dictionaries(
    {
        "fields": st.dictionaries(st.sampled_from(list(COLUMNS)), st.sampled_from(Side)),
        "holders": st.dictionaries(st.integers(0, 1), st.sampled_from(Side)),
        "account": st.sampled_from(Side),
    }
)


def record(world: MergeWorld, said: dict[str, Any]) -> Person:
    columns = ("birth_date", "phone", "national_id_hash")
    who = world.person(**{name: said[name] for name in columns})
    taken: set[tuple[int, int]] = set()
    for start, end, group, unit in said["posts"]:
        first, last = sorted((start, end))
        days = {(group, n) for n in range(first, last + 1)}
        if not days & taken:
            taken |= days
            world.post(who, first, last + 1, group, unit)
    for course, on, is_void in said["done"]:
        world.done(who, course, on, is_void=is_void)
    for start, group in said["free"]:
        world.exempt(who, start, group)
    for session in sorted(said["sessions"]):
        world.enrol(who, session)
    if said["account"]:
        makers.user("attendee", person_id=who.id)
    return who


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(RECORD, RECORD, CHOICES)
def test_merge_undone_leaves_everything_as_it_was(
    world: MergeWorld, one: dict[str, Any], other: dict[str, Any], chosen: dict[str, Any]
) -> None:
    db.session.commit()
    kept, merged = record(world, one), record(world, other)
    before = everything_known()
    holders_ = {world.groups[n].id: side for n, side in chosen["holders"].items()}
    act = merge(kept, merged, Choices(**{**chosen, "holders": holders_}), by=None)
    assert not any(facts_of(merged, kind) for kind in (Membership, Completion))
    assert db.session.scalars(select(PersonMerge.kept_id)).all()[-1] == kept.id
    unmerge(act, by=None)
    assert everything_known() == before
    db.session.rollback()


def test_better_kept_is_the_one_with_an_account_then_with_more(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    assert better_kept(kept, merged) == (kept, merged)
    world.done(merged, 0, 1)
    assert better_kept(kept, merged) == (merged, kept)
    db.session.add(User(username="a", full_name="A", person_id=kept.id))
    assert better_kept(kept, merged) == (kept, merged)


# --- at the same moment ----------------------------------------------------------------------


def test_of_two_who_merge_at_the_same_moment_one_is_told(
    app: Flask, two: tuple[Person, Person]
) -> None:
    ids = [who.id for who in two]
    db.session.commit()
    db.session.remove()
    start = Barrier(2)

    def run(order: list[int]) -> str:
        with app.app_context():
            start.wait(30)
            kept, merged = (db.session.get_one(Person, id_) for id_ in order)
            try:
                merge(kept, merged, Choices(), by=None)
                db.session.commit()
            except Stale:
                db.session.rollback()
                return "stale"
            return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, [ids, ids[::-1]])) == ["done", "stale"]
    assert len(db.session.scalars(select(PersonMerge)).all()) == 1


def test_nothing_is_recorded_of_a_record_that_was_merged_meanwhile(
    world: MergeWorld, two: tuple[Person, Person]
) -> None:
    kept, merged = two
    joined(kept, merged)
    placed = Placement(world.groups[0].id, world.units[0].id, Period(day(0)))
    with pytest.raises(Stale):
        add_membership(merged, placed, by=None)
    details = CompletionDetails(world.courses[0].id, day(0), Source.OUTSIDE, "01/GCN")
    with pytest.raises(Stale):
        record_completion(merged, details, by=None, today=day(9))


def test_person_without_a_name_any_more_is_not_merged(two: tuple[Person, Person]) -> None:
    kept, merged = two
    merged.anonymised_at = clock.now()
    with pytest.raises(Refusal, match="ẩn danh"):
        merge(kept, merged, Choices(), by=None)


def test_package_loaded_again_says_it_of_who_that_is_now(tmp_path: Path) -> None:
    files = small_package()
    files["memberships"][1].update(valid_from="2020-01-01", valid_to="2021-01-01")
    write_package(tmp_path, files)
    import_package(tmp_path, secret_key="k")
    db.session.commit()
    kept, merged = db.session.scalars(select(Person).order_by(Person.id).limit(2)).all()
    joined(kept, merged)
    before = everything_known()
    import_package(tmp_path, secret_key="k")
    facts = ("membership", "completion", "exemption")
    after = everything_known()
    assert [after[name] for name in facts] == [before[name] for name in facts]
