"""`flask roster check` and `import`: the answer, what is written, how many statements it takes."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from hrtrain.core.db import db
from hrtrain.people.models import Membership, Person
from tests import makers
from tests.statements import statements_sent

FILES = Path(__file__).parents[1] / "files" / "rosters"
HEAD = ["Họ và tên", "Ngày sinh", "Giới tính", "Đơn vị", "Điện thoại", "CCCD"]


def roster(folder: Path, *rows: list[Any]) -> str:
    book = openpyxl.Workbook()
    for row in [HEAD, *rows]:
        book.worksheets[0].append(row)
    path = folder / "danh-sach.xlsx"
    book.save(path)
    return str(path)


def run(runner: FlaskCliRunner, *arguments: str, exit_code: int = 0) -> dict[str, Any]:
    db.session.commit()
    result = runner.invoke(args=["roster", *arguments, "--json"])
    assert result.exit_code == exit_code, result.output
    db.session.expire_all()
    answer: dict[str, Any] = json.loads(result.stdout) if result.stdout else {}
    return answer


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.fixture
def place(app: Flask) -> None:
    makers.unit("stp", name="Sở Tư pháp")
    makers.unit("td", name="Tỉnh Đoàn")
    makers.group("hr_officer")


@pytest.mark.parametrize("stem", ["simple-1", "official-2", "split-3", "tcvn3-1"])
def test_check_answers_as_the_key_in_an_empty_database(runner: FlaskCliRunner, stem: str) -> None:
    key = json.loads((FILES / f"{stem}.key.json").read_text("utf-8"))
    answer = run(runner, "check", str(FILES / f"{stem}.xlsx"))
    [sheet] = answer["sheets"]
    fields = key["entries"][0].keys()
    assert [{name: one[name] for name in fields} for one in sheet["entries"]] == key["entries"]
    fields = ("row", "column", "code")
    said = [{name: one[name] for name in fields} for one in sheet["complaints"]]
    assert said == [{name: one[name] for name in fields} for one in key["complaints"]]
    assert {one["match"] for one in sheet["entries"]} == {"new"}
    refused = len(key["complaints"])
    counts = {"new": len(key["entries"]), "changed": 0, "unchanged": 0, "refused": refused}
    assert answer["summary"] == counts


def test_check_writes_nothing(runner: FlaskCliRunner, place: None, tmp_path: Path) -> None:
    file = roster(tmp_path, ["Lê An", "1980", "Nam", "Sở Tư pháp", "", ""])
    answer = run(runner, "check", file, "--group", "hr_officer")
    assert answer["summary"]["new"] == 1
    assert people() == 0


def test_import_writes_people_and_memberships(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    row = ["BÀ ĐẶNG THỊ ÁNH", "05/06/1980", "", "Sở Tư pháp", 912345678, "022180001234"]
    run(runner, "import", roster(tmp_path, row), "--group", "hr_officer", "--on", "2026-07-01")
    person = db.session.scalars(select(Person)).one()
    assert (person.full_name, person.gender, person.phone) == (
        "Đặng Thị Ánh",
        "female",
        "0912345678",
    )
    assert (person.search_key, person.birth_date) == ("dang thi anh", "1980-06-05")
    assert (len(person.national_id_hash), person.national_id_last4) == (64, "1234")
    assert len(person.access_code) >= 16
    membership = db.session.scalars(select(Membership)).one()
    assert (membership.starts_on, membership.ends_on) == (date(2026, 7, 1), None)


def test_imported_again_everything_is_unchanged(runner: FlaskCliRunner, place: None) -> None:
    for expected in ("new", "unchanged"):
        file = str(FILES / "official-1.xlsx")
        answer = run(runner, "import", file, "--unit", "stp", "--group", "hr_officer")
        assert answer["summary"][expected] == 44
    assert people() == 44


def test_changed_row_changes_the_person_and_keeps_the_rest(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    said = ["Lê An", "05/06/1980", "Nam", "Sở Tư pháp"]
    run(runner, "import", roster(tmp_path, [*said, "0912345678", ""]), "--group", "hr_officer")
    again = roster(tmp_path, [*said, "", "022080001234"])
    assert run(runner, "import", again, "--group", "hr_officer")["summary"]["changed"] == 1
    person = db.session.scalars(select(Person)).one()
    assert (person.phone, person.national_id_last4, person.version) == ("0912345678", "1234", 2)


def test_import_refuses_the_whole_file_while_it_has_complaints(
    runner: FlaskCliRunner, place: None
) -> None:
    file = str(FILES / "simple-1.xlsx")
    run(runner, "import", file, "--unit", "stp", "--group", "hr_officer", exit_code=1)
    assert people() == 0


def test_skipped_rows_go_to_a_file_that_can_be_sent_again(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    out = tmp_path / "refused.xlsx"
    more = ["--unit", "stp", "--group", "hr_officer"]
    run(runner, "import", str(FILES / "simple-1.xlsx"), *more, "--skip-refused", str(out))
    assert people() == 50
    answer = run(runner, "check", str(out), *more)
    codes = [one["code"] for one in answer["sheets"][0]["complaints"]]
    # The duplicate is now known, and unchanged; all else is still as wrong as it was.
    assert answer["summary"] == {"new": 0, "changed": 0, "unchanged": 1, "refused": 10}
    assert codes.count("missing_name") == codes.count("bad_birth_date") == 2
    reasons = openpyxl.load_workbook(io.BytesIO(out.read_bytes())).worksheets[0]
    assert reasons["K2"].value == "Điện thoại: Số điện thoại phải gồm số 0 và chín chữ số."


def test_unknown_unit_is_a_complaint_with_the_choices(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    makers.unit("stp-2", name="Sở Tư pháp")
    file = roster(
        tmp_path, ["Lê An", "", "", "Sở Xa", "", ""], ["Lê Bé", "", "", "Sở Tư pháp", "", ""]
    )
    [far, two] = run(runner, "check", file)["sheets"][0]["complaints"]
    assert (far["column"], far["code"], far["value"]) == ("unit_text", "unknown_unit", "Sở Xa")
    assert "[stp]" in two["message"] and "[stp-2]" in two["message"]


def test_namesake_needs_review_and_is_named(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    known = makers.person("Lê An", birth_date="1980", birth_precision="year")
    file = roster(tmp_path, ["Lê An", "", "", "Sở Tư pháp", "", ""])
    [one] = run(runner, "check", file, "--group", "hr_officer")["sheets"][0]["complaints"]
    assert one["code"] == "needs_review"
    assert one["candidates"][0]["person"] == known.key


def test_member_of_another_unit_overlaps(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    row = ["Lê An", "05/06/1980", "", "Sở Tư pháp", "", ""]
    run(runner, "import", roster(tmp_path, row), "--group", "hr_officer")
    again = roster(tmp_path, row)
    [one] = run(runner, "check", again, "--unit", "td", "--group", "hr_officer")["sheets"][0][
        "complaints"
    ]
    assert one["code"] == "overlapping_membership"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--unit", "no-such"],
        ["--group", "no-such"],
        ["--unit", "old"],
    ],
)
def test_unknown_unit_group_or_day_is_refused(
    runner: FlaskCliRunner, place: None, tmp_path: Path, arguments: list[str]
) -> None:
    makers.unit("old", ends_on=date(2020, 1, 1))
    file = roster(tmp_path, ["Lê An", "", "", "Sở Tư pháp", "", ""])
    assert run(runner, "check", file, *arguments, exit_code=1) == {}


def test_file_that_is_none_is_refused(runner: FlaskCliRunner, app: Flask, tmp_path: Path) -> None:
    assert run(runner, "check", str(tmp_path / "none.xlsx"), exit_code=1) == {}
    (tmp_path / "web.xls").write_text("<html>")
    assert run(runner, "check", str(tmp_path / "web.xls"), exit_code=1) == {}


def test_membership_ends_with_the_life_of_its_unit(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    makers.unit("short", ends_on=date(2027, 1, 1))
    file = roster(tmp_path, ["Lê An", "", "", "", "", ""])
    run(runner, "import", file, "--unit", "short", "--group", "hr_officer", "--on", "2026-01-01")
    assert db.session.scalars(select(Membership)).one().ends_on == date(2027, 1, 1)


def test_statements_do_not_grow_with_the_rows(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    counts = []
    for first, last in ((0, 5), (100, 400)):
        rows = [
            [f"Lê {'ABCD'[n % 4]} B", f"05/06/{1960 + n % 40}", "", "Sở Tư pháp", 900000000 + n, ""]
            for n in range(first, last)
        ]
        rows = list({(row[0], row[1]): row for row in rows}.values())
        with statements_sent() as sent:
            run(runner, "import", roster(tmp_path, *rows), "--group", "hr_officer")
        counts.append(len(sent))
    # The second file also changes people: their phones, their versions, who they are members of.
    assert counts[1] <= counts[0] + 3


def test_somebody_merged_is_known_by_the_merged_name_and_keeps_the_own(
    runner: FlaskCliRunner, place: None, tmp_path: Path
) -> None:
    kept = makers.person("Lê Thị An", birth_date="1980-06-05", birth_precision="day")
    merged = makers.person("Lê An", birth_date="1980-06-05", birth_precision="day")
    merged.is_set_aside, merged.merged_into_id = True, kept.id
    file = roster(tmp_path, ["Lê An", "05/06/1980", "", "Sở Tư pháp", "", ""])
    for expected in ("changed", "unchanged"):
        answer = run(runner, "import", file, "--group", "hr_officer")
        assert answer["summary"][expected] == 1
    assert db.session.scalars(select(Membership.person_id)).all() == [kept.id]
    assert (people(), kept.full_name) == (2, "Lê Thị An")
