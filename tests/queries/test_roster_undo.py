"""An import taken back as one, all but what has got a life of its own since."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.errors import Stale
from hrtrain.core.facts import restate
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.models import Membership, Person
from hrtrain.people.rosters.actions import apply_rows, begin_act
from hrtrain.people.rosters.check import check
from hrtrain.people.rosters.queries import Terms
from hrtrain.people.rosters.undoing import CHANGED, EDITED, stays, taken_back, undo_roster
from tests import makers

DAY = date(2026, 7, 1)
HEAD = ["Họ và tên", "Ngày sinh", "Điện thoại"]
NAMES = ("An", "Bình", "Chi")
ROWS = [[f"Lê {name}", f"0{n}/06/1980", ""] for n, name in enumerate(NAMES, 1)]
BY: User | None = None


@pytest.fixture
def terms(app: Flask) -> Terms:
    unit, group = makers.unit("stp", name="Sở Tư pháp"), makers.group("g")
    return Terms(starts_on=DAY, today=date(2026, 8, 1), unit_id=unit.id, group_id=group.id)


def content(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in [HEAD, *rows]:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def taken(terms: Terms, rows: list[list[str]] = ROWS) -> Act:
    """The rows taken in, as one act."""
    db.session.flush()
    checked = check(read_spreadsheet(content(rows), "a.xlsx"), "a.xlsx", terms, lambda digits: "")
    assert not checked.complaints
    act = begin_act(("roster", "r"), "a.xlsx", by=BY)
    apply_rows(checked.plan.rows, DAY, ("roster", "r"), by=BY, act=act)
    db.session.commit()
    return act


def known() -> list[tuple[Any, ...]]:
    db.session.expire_all()
    columns = (Person.full_name, Person.phone, Person.is_set_aside, Membership.ends_on)
    asked = select(*columns).outerjoin(
        Membership, (Membership.person_id == Person.id) & Membership.retracted_at.is_(None)
    )
    asked = asked.order_by(Person.full_name, Membership.id)
    return [tuple(row) for row in db.session.execute(asked)]


def named(name: str) -> Person:
    return db.session.scalars(select(Person).filter_by(full_name=name)).one()


def test_whom_the_import_made_is_in_no_list_any_more(terms: Terms) -> None:
    act = taken(terms)
    assert taken_back(act).people == taken_back(act).memberships == 3
    assert undo_roster(act, by=BY) == []
    assert known() == [(f"Lê {name}", "", True, None) for name in NAMES]


def test_the_same_file_taken_again_after_undoing_makes_them_anew(terms: Terms) -> None:
    undo_roster(taken(terms), by=BY)
    taken(terms)
    assert [row[2] for row in known()].count(False) == 3


def test_columns_that_were_changed_are_as_they_were(terms: Terms) -> None:
    taken(terms)
    before = known()
    again = [[*row[:2], f"091234567{n}"] for n, row in enumerate(ROWS)]
    act = taken(terms, again)
    assert taken_back(act).changes == 3
    undo_roster(act, by=BY)
    assert known() == before


def test_whoever_has_been_trained_since_stays_with_the_membership(terms: Terms) -> None:
    act = taken(terms)
    makers.completion(named("Lê An"), makers.course(), date(2026, 8, 1))
    makers.enrolment(makers.training_session(makers.course(), makers.unit()), named("Lê Chi"))
    told = [(one.full_name, one.reasons) for one in stays(act)]
    assert told == [("Lê An", ("completion",)), ("Lê Chi", ("enrolment",))]
    assert taken_back(act).people == 1
    undo_roster(act, by=BY)
    assert [row[2] for row in known()] == [False, True, False]
    assert (
        len(db.session.scalars(select(Membership).where(Membership.retracted_at.is_(None))).all())
        == 2
    )


def test_a_completion_withdrawn_keeps_nobody(terms: Terms) -> None:
    act = taken(terms)
    done = makers.completion(named("Lê An"), makers.course(), date(2026, 8, 1))
    done.retracted_at = done.recorded_at
    assert stays(act) == []


def test_a_membership_changed_since_stays_as_it_was_changed(terms: Terms) -> None:
    taken(terms)
    later = Terms(**{**terms.__dict__, "group_id": makers.group("h").id})
    act = taken(later)
    asked = select(Membership).filter_by(group_id=later.group_id, person_id=named("Lê An").id)
    restate(db.session.scalars(asked).one(), ends_on=date(2027, 1, 1))
    assert [(one.full_name, one.reasons) for one in stays(act)] == [("Lê An", (CHANGED,))]
    undo_roster(act, by=BY)
    kept = [row for row in known() if row[3] is not None]
    assert [row[0] for row in kept] == ["Lê An"]
    assert len(known()) == 4


def test_what_was_edited_since_is_named_and_stays(terms: Terms) -> None:
    act = taken(terms)
    person = named("Lê An")
    person.phone, person.version = "0999999999", 2
    assert [(one.full_name, one.reasons) for one in stays(act)] == [("Lê An", (EDITED,))]
    undo_roster(act, by=BY)
    assert [row[2] for row in known()] == [False, True, True]


def test_undone_twice_is_refused(terms: Terms) -> None:
    act = taken(terms)
    undo_roster(act, by=BY)
    with pytest.raises(Stale):
        undo_roster(act, by=BY)


def test_command_takes_an_import_back_by_the_key_it_printed(
    runner: FlaskCliRunner, terms: Terms, tmp_path: Path
) -> None:
    db.session.commit()
    file = tmp_path / "a.xlsx"
    file.write_bytes(content(ROWS))
    said = runner.invoke(args=["roster", "import", str(file), "--unit", "stp", "--group", "g"])
    key = said.stdout.split()[-1]
    dry = runner.invoke(args=["roster", "undo", key, "--dry-run"])
    assert "3 people" in dry.stdout and known()[0][2] is False
    done = runner.invoke(args=["roster", "undo", key, "--json"])
    assert '"people": 3' in done.stdout
    assert [row[2] for row in known()] == [True, True, True]
    for wrong in (key, "no-such"):
        assert runner.invoke(args=["roster", "undo", wrong]).exit_code == 1
