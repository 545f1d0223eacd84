"""Data packages in and out, on both engines: the same facts, once, or a refusal that names all."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from hrtrain.core.config import ROOT
from hrtrain.core.db import Base, db
from hrtrain.exchange.complaints import PackageRefused
from hrtrain.exchange.dump import tables
from hrtrain.exchange.exporting import export_package
from hrtrain.exchange.importing import import_package
from hrtrain.people.models import Membership, Person
from hrtrain.training.models import Completion, TrainingSession
from hrtrain.units.models import Unit, UnitName
from tests.makers.packages import Files, random_package, read_files, small_package, write_package

pytestmark = pytest.mark.usefixtures("app")


def load(folder: Path, files: Files) -> dict[str, Any]:
    counts = import_package(write_package(folder, files), secret_key="only for tests")
    db.session.commit()
    return counts


def complaints(folder: Path, files: Files) -> list[tuple[str, int, str]]:
    try:
        import_package(write_package(folder, files), secret_key="only for tests")
    except PackageRefused as refused:
        found = refused.complaints.in_order()
        return [(complaint.file, complaint.row, complaint.column) for complaint in found]
    finally:
        db.session.rollback()
    return []


def export(folder: Path) -> dict[str, bytes]:
    db.session.rollback()
    export_package(folder)
    db.session.rollback()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows_of(*models: type[Base]) -> Sequence[int]:
    return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_small_package_is_loaded(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    assert rows_of(Unit, Person, Membership, Completion) == [3, 2, 2, 1]
    person = db.session.scalars(select(Person).where(Person.key == "p1")).one()
    assert (person.search_key, len(person.access_code)) == ("nguyen thi hoa", 16)


def test_validity_is_computed_where_the_package_does_not_say(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    assert db.session.scalars(select(Completion.valid_through)).one() == date(2025, 2, 28)


def test_same_package_twice_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    before = export(tmp_path / "before")
    counts = load(tmp_path / "again", small_package())
    assert {c for n in counts.values() for c in (n.added, n.changed, n.retracted)} == {0}
    assert export(tmp_path / "after") == before


@pytest.mark.parametrize("seed", range(3))
def test_random_package_goes_round_in_the_same_bytes(tmp_path: Path, seed: int) -> None:
    load(tmp_path / "in", random_package(seed))
    once = export(tmp_path / "once")
    wipe()
    import_package(tmp_path / "once", secret_key="another")
    db.session.commit()
    assert export(tmp_path / "twice") == once


def wipe() -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(tables()):
            connection.execute(table.delete())


@pytest.mark.parametrize("seed", range(3))
def test_export_holds_the_facts_of_the_package(tmp_path: Path, seed: int) -> None:
    files = random_package(seed)
    load(tmp_path / "in", files)
    export(tmp_path / "out")
    written = read_files(tmp_path / "out")
    for name in ("memberships", "exemptions"):
        assert sorted(map(said, written[name])) == sorted(map(said, files[name]))


def said(row: dict[str, str]) -> list[tuple[str, str]]:
    return sorted((column, cell) for column, cell in row.items() if cell)


def test_zip_is_read_and_written_in_the_same_bytes(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    db.session.rollback()
    export_package(tmp_path / "a.zip")
    db.session.rollback()
    counts = import_package(tmp_path / "a.zip", secret_key="only for tests")
    assert not any(count.added or count.changed for count in counts.values())
    db.session.rollback()
    export_package(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_known_fact_is_retracted_by_its_instant(tmp_path: Path) -> None:
    files = small_package()
    files["completions"][0] |= {"recorded_at": "2024-03-01T00:00:00Z"}
    load(tmp_path / "in", files)
    files["completions"][0] |= {"retracted_at": "2024-04-01T07:00:00+07:00"}
    counts = load(tmp_path / "again", files)["completions.csv"]
    assert (counts.retracted, counts.added) == (1, 0)
    retracted_at = db.session.scalars(select(Completion.retracted_at)).one()
    assert str(retracted_at) == "2024-04-01 00:00:00+00:00"


def test_retracted_membership_makes_room_for_another_in_the_same_package(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    first = small_package()["memberships"][0]
    anew = {**first, "unit": "u2", "recorded_at": "2090-01-01T00:00:00Z", "retracted_at": ""}
    gone = {**first, "recorded_at": "", "retracted_at": "2090-01-01T00:00:00Z"}
    assert complaints(tmp_path / "bad", {"memberships": [anew]}) == [
        ("memberships.csv", 2, "valid_from")
    ]
    counts = load(tmp_path / "good", {"memberships": [anew, gone]})["memberships.csv"]
    assert (counts.added, counts.retracted) == (1, 1)


def test_names_of_known_people_take_the_new_values(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    counts = load(tmp_path / "b", {"people": [{"person": "p1", "full_name": "Nguyễn Thị Hoà"}]})
    assert counts["people.csv"].changed == 1
    person = db.session.scalars(select(Person).where(Person.key == "p1")).one()
    assert (person.full_name, person.gender, person.version) == ("Nguyễn Thị Hoà", "female", 2)


def test_later_name_cuts_the_first_names_period(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    later = {"unit": "u1", "name": "Sở B và C", "valid_from": "2025-03-01"}
    load(tmp_path / "names", {"unit_names": [later]})
    unit = db.session.scalars(select(Unit).where(Unit.key == "u1")).one()
    live = select(UnitName).where(UnitName.unit_id == unit.id, UnitName.retracted_at.is_(None))
    names = {(n.name, n.starts_on, n.ends_on) for n in db.session.scalars(live)}
    day = date(2025, 3, 1)
    assert names == {("Sở B", None, day), ("Sở B và C", day, None)}
    assert (unit.name, unit.search_key) == ("Sở B và C", "so b va c")
    again = load(tmp_path / "again", {**small_package(), "unit_names": [later]})
    assert {(c.added, c.changed, c.retracted) for c in again.values()} == {(0, 0, 0)}


def test_renamed_unit_goes_round_in_the_same_bytes(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    load(
        tmp_path / "names",
        {"unit_names": [{"unit": "u1", "name": "Sở B và C", "valid_from": "2025-03-01"}]},
    )
    once = export(tmp_path / "once")
    wipe()
    import_package(tmp_path / "once", secret_key="another")
    db.session.commit()
    assert export(tmp_path / "twice") == once


def test_national_id_is_kept_as_hash_and_last_digits_only(tmp_path: Path) -> None:
    files = small_package()
    files["people"][0]["national_id"] = "004192771890"
    load(tmp_path / "in", files)
    assert load(tmp_path / "again", files)["people.csv"].changed == 0
    export(tmp_path / "out")
    row = read_files(tmp_path / "out")["people"][0]
    assert (row["national_id_last4"], len(row["national_id_hash"])) == ("1890", 64)
    assert b"004192771890" not in (tmp_path / "out" / "people.csv").read_bytes()


def test_session_somebody_completed_is_closed(tmp_path: Path) -> None:
    held = {"course": "c1", "unit": "u1", "starts_on": "2024-02-27", "ends_on": "2024-03-01"}
    files = small_package() | {
        "sessions": [{"session": key, "title": "Lớp", **held} for key in ("s1", "s2")],
        "enrolments": [{"session": "s1", "person": "p1", "state": "completed", "attended": "1"}],
    }
    load(tmp_path / "in", files)
    states = select(TrainingSession.state).order_by(TrainingSession.key)
    assert db.session.scalars(states).all() == ["closed", "open"]


BAD: list[tuple[str, dict[str, str], str]] = [
    ("units", {"unit": "u9", "name": "X", "tier": "village", "kind": "state"}, "tier"),
    ("units", {"unit": "u9", "name": "", "tier": "commune", "kind": "state"}, "name"),
    ("unit_parents", {"unit": "u9", "parent": "u0"}, "unit"),
    ("unit_parents", {"unit": "u0", "parent": "u2"}, "parent"),
    ("unit_parents", {"unit": "u1", "parent": "u2", "valid_from": "2025-01-01"}, "valid_from"),
    ("people", {"person": "p9", "full_name": "A", "birth_date": "1985-13"}, "birth_date"),
    ("people", {"person": "p9", "full_name": "A", "gender": "x"}, "gender"),
    ("people", {"person": "p1", "full_name": "Somebody else"}, "person"),
    ("people", {"person": "p9", "full_name": "A", "national_id": "12"}, "national_id"),
    ("memberships", {"person": "p9", "group": "g1", "unit": "u1", "valid_from": "2024-01-01"},
     "person"),
    ("memberships", {"person": "p1", "group": "g1", "unit": "u2", "valid_from": "2025-01-01"},
     "valid_from"),
    ("memberships", {"person": "p1", "group": "g1", "unit": "u2", "valid_from": "2023-02-31"},
     "valid_from"),
    ("memberships", {"person": "p1", "group": "g1", "unit": "u2", "valid_from": "2023-02-01",
                     "valid_to": "2023-02-01"}, "valid_to"),
    ("targets", {"programme": "pr1", "group": "g1", "percent": "101", "origin": "stated"},
     "percent"),
    ("requirements", {"programme": "pr1", "group": "g1", "item": "i1", "course": "c1",
                      "valid_from": "2024-01-01"}, "valid_from"),
    ("completions", {"person": "p1", "course": "c1", "completed_on": "2024-1-1"}, "completed_on"),
    ("completions", {"person": "p1", "course": "c1", "completed_on": "2024-01-01",
                     "recorded_at": "yesterday"}, "recorded_at"),
    ("completions", {"person": "p1", "course": "c1", "completed_on": "2024-01-01",
                     "retracted_at": "2024-01-01T00:00:00Z"}, "retracted_at"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "row", "column"), BAD)
def test_refusal_names_file_row_and_column(
    tmp_path: Path, name: str, row: dict[str, str], column: str
) -> None:
    files = small_package()
    files[name].append(row)
    number = len(files[name]) + 1
    assert complaints(tmp_path / "in", files) == [(f"{name}.csv", number, column)]
    assert rows_of(Unit, Person) == [0, 0]


def test_row_pointing_at_a_refused_row_is_not_blamed(tmp_path: Path) -> None:
    files = small_package()
    files["people"][0]["gender"] = "x"
    files["units"][1]["kind"] = "x"
    assert complaints(tmp_path / "in", files) == [
        ("units.csv", 3, "kind"),
        ("people.csv", 2, "gender"),
    ]


def test_membership_beyond_the_units_life_is_refused(tmp_path: Path) -> None:
    files = small_package()
    files["units"][1]["valid_to"] = "2025-07-01"
    assert complaints(tmp_path / "in", files) == [("memberships.csv", 2, "valid_to")]
    load(tmp_path / "good", small_package())
    shorter = {"units": [files["units"][1]]}
    assert complaints(tmp_path / "shorter", shorter) == [("units.csv", 2, "valid_to")]


def test_overlap_with_what_is_known_is_refused(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    row = {"person": "p1", "group": "g1", "unit": "u2", "valid_from": "2020-01-01"}
    assert complaints(tmp_path / "bad", {"memberships": [row | {"valid_to": "2024-01-02"}]})
    assert not complaints(tmp_path / "good", {"memberships": [row | {"valid_to": "2024-01-01"}]})


def test_circle_through_known_units_is_refused(tmp_path: Path) -> None:
    load(tmp_path / "in", small_package())
    row = {"unit": "u0", "parent": "u2", "valid_from": "2026-01-01"}
    assert complaints(tmp_path / "bad", {"unit_parents": [row]}) == [
        ("unit_parents.csv", 2, "parent")
    ]


def test_circle_on_a_later_day_than_the_row_begins_is_refused(tmp_path: Path) -> None:
    files = small_package()
    files["unit_parents"] = [{"unit": "u1", "parent": "u0", "valid_from": "2024-01-01"}]
    load(tmp_path / "in", files)
    row = {"unit": "u0", "parent": "u1", "valid_from": "2020-01-01"}
    assert complaints(tmp_path / "bad", {"unit_parents": [row]}) == [
        ("unit_parents.csv", 2, "parent")
    ]
    before = {"unit_parents": [row | {"valid_to": "2024-01-01"}]}
    assert not complaints(tmp_path / "good", before)


def test_issued_certificate_is_never_changed(tmp_path: Path) -> None:
    row = {"certificate": "k1", "person": "p1", "course": "c1", "number": "01/GCN-X"}
    files = small_package() | {"certificates": [row | {"issued_on": "2024-03-01"}]}
    load(tmp_path / "in", files)
    other = {"certificates": [row | {"issued_on": "2024-03-02"}]}
    assert complaints(tmp_path / "other", other) == [("certificates.csv", 2, "issued_on")]


def test_unknown_and_missing_columns_are_named(tmp_path: Path) -> None:
    files = {"units": [{"unit": "u1", "nmae": "X", "tier": "commune", "kind": "state"}]}
    assert complaints(tmp_path / "in", files) == [
        ("units.csv", 1, "nmae"),
        ("units.csv", 1, "name"),
    ]


def test_command_says_what_it_did_and_a_dry_run_keeps_nothing(
    tmp_path: Path, runner: FlaskCliRunner
) -> None:
    folder = str(write_package(tmp_path / "in", small_package()))
    said = runner.invoke(args=["data", "import", folder, "--dry-run"])
    assert said.exit_code == 0 and "Nothing was kept" in said.stdout
    assert rows_of(Unit) == [0]
    assert runner.invoke(args=["data", "import", folder]).exit_code == 0
    assert runner.invoke(args=["data", "export", str(tmp_path / "out")]).exit_code == 0
    assert rows_of(Unit) == [3]


def test_command_refuses_on_stderr(tmp_path: Path, runner: FlaskCliRunner) -> None:
    files = small_package()
    files["people"][1]["person"] = "p1"
    folder = str(write_package(tmp_path / "in", files))
    refused = runner.invoke(args=["data", "import", folder])
    assert refused.exit_code == 1
    assert "people.csv, row 3, column person:" in refused.stderr
    assert runner.invoke(args=["data", "import", str(tmp_path / "no")]).exit_code == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_database_without_tables_is_answered_in_a_sentence(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HRTRAIN_DATA_DIR": str(tmp_path / "new"),
        "PYTHONPATH": str(ROOT),
    }
    package = str(write_package(tmp_path / "in", small_package()))
    command = [sys.executable, "-m", "flask", "data", "import", package]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert "flask db upgrade" in done.stderr and "Traceback" not in done.stderr
