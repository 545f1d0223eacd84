"""What is no data package, or a bad one, is refused by name; odd but honest ones are read."""

import json
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from hrtrain.core.db import db
from hrtrain.exchange.descriptor import descriptor
from hrtrain.people.models import Person
from tests.makers.packages import small_package, write_package

PEOPLE = "person,full_name\np1,Nguyễn Văn An\n"

pytestmark = pytest.mark.usefixtures("app")


def load(runner: FlaskCliRunner, path: Path) -> tuple[int, str]:
    done = runner.invoke(args=["data", "import", str(path)])
    return done.exit_code, done.stderr


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def folder(tmp_path: Path, **files: str | bytes) -> Path:
    path = tmp_path / "package"
    path.mkdir()
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (path / name.replace("_csv", ".csv").replace("_json", ".json")).write_bytes(raw)
    return path


def zipped(tmp_path: Path, **files: str) -> Path:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return path


def test_byte_order_mark_and_windows_line_ends_are_read(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    content = "\ufeff" + PEOPLE.replace("\n", "\r\n")
    assert load(runner, folder(tmp_path, people_csv=content)) == (0, "")
    assert people() == 1


def test_zip_may_hold_the_package_in_one_folder(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert load(runner, zipped(tmp_path, export__people_csv=PEOPLE)) == (0, "")
    assert people() == 1


def test_described_paths_are_followed(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = zipped(tmp_path, data__who_csv=PEOPLE)
    described = {"resources": [{"name": "people", "path": "data/who.csv"}]}
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("datapackage.json", json.dumps(described))
    assert load(runner, path) == (0, "")
    assert people() == 1


def test_resource_named_by_another_program_is_known_by_its_file(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    described = json.dumps({"resources": [{"name": "the-people", "path": "people.csv"}]})
    path = folder(tmp_path, datapackage_json=described, people_csv=PEOPLE)
    assert load(runner, path) == (0, "")
    assert people() == 1


@pytest.mark.parametrize("path", ["../people.csv", "/etc/passwd", "http://x.example/people.csv"])
def test_described_path_outside_is_refused(
    runner: FlaskCliRunner, tmp_path: Path, path: str
) -> None:
    described = json.dumps({"resources": [{"name": "people", "path": path}]})
    code, said = load(runner, folder(tmp_path, datapackage_json=described, people_csv=PEOPLE))
    assert code == 1 and "datapackage.json" in said


@pytest.mark.parametrize("content", ["{", "[]", '{"resources": [1]}', '{"resources": 5}'])
def test_description_that_is_none_is_refused(
    runner: FlaskCliRunner, tmp_path: Path, content: str
) -> None:
    code, said = load(runner, folder(tmp_path, datapackage_json=content, people_csv=PEOPLE))
    assert code == 1 and said.startswith("datapackage.json")


def test_way_out_of_a_zip_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", PEOPLE)
        archive.writestr("../../units.csv", "unit\n")
    assert load(runner, path) == (1, "../../units.csv: points outside the package\n")


def test_bomb_is_refused_before_it_goes_off(runner: FlaskCliRunner, tmp_path: Path) -> None:
    code, said = load(runner, zipped(tmp_path, people_csv="person,full_name\n" + "0" * 50_000_000))
    assert code == 1 and "packed too tightly" in said


@pytest.mark.parametrize(
    ("place", "bytes_there"),
    [
        (b"PK\x03\x04", b"XXXX"),
        (b"PK\x01\x02", b"XXXX"),
        (b"people.csv", b"people.csv" + b"\xff" * 8),
    ],
    ids=["file header", "table of contents", "packed bytes"],
)
def test_damaged_zip_is_refused(
    runner: FlaskCliRunner, tmp_path: Path, place: bytes, bytes_there: bytes
) -> None:
    path = zipped(tmp_path, people_csv=PEOPLE)
    content = bytearray(path.read_bytes())
    begin = content.index(place)
    content[begin : begin + len(bytes_there)] = bytes_there
    path.write_bytes(content)
    code, said = load(runner, path)
    assert (code, people()) == (1, 0)
    assert "read:" in said


def test_zip_packed_in_an_unknown_way_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = zipped(tmp_path, people_csv=PEOPLE)
    content = path.read_bytes().replace(b"\x08\x00", b"\x63\x00")
    path.write_bytes(content)
    code, said = load(runner, path)
    assert (code, people()) == (1, 0)
    assert "read:" in said


def test_file_that_is_no_package_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 no zip")
    assert load(runner, tmp_path / "x.zip")[0] == 1
    assert load(runner, folder(tmp_path, readme_txt="nothing"))[0] == 1


def test_misspelt_file_is_named(runner: FlaskCliRunner, tmp_path: Path) -> None:
    code, said = load(runner, folder(tmp_path, people_csv=PEOPLE, membership_csv="person\n"))
    assert (code, said) == (1, "membership.csv: is no file of a data package\n")
    assert people() == 0


BAD = [
    (PEOPLE.encode() + b"p2,Tr\xc7n\n", "people.csv, row 3: is not UTF-8"),
    (PEOPLE + 'p2,"Tr', "people.csv, row 3: cannot be read"),
    (PEOPLE + "p2,A,B\n", "people.csv, row 3: has 3 cells where the header has 2"),
    (PEOPLE + "p2,A\x00B\n", "people.csv, row 3"),
    (PEOPLE + f"p2,{'A' * 201}\n", "people.csv, row 3, column full_name: is 201 characters long"),
    (PEOPLE + f"{'p' * 121},A\n", "people.csv, row 3, column person: is 121 characters long"),
    (PEOPLE + '"p\n2",A\n', "people.csv, row 3, column person: holds a control character"),
    ("person,person,full_name\np1,p1,A\n", "people.csv, row 1, column person: stands there more"),
]


@pytest.mark.parametrize(("content", "reason"), BAD)
def test_bad_file_is_refused_by_its_row(
    runner: FlaskCliRunner, tmp_path: Path, content: str | bytes, reason: str
) -> None:
    code, said = load(runner, folder(tmp_path, people_csv=content))
    assert code == 1 and reason in said, said
    assert people() == 0


def test_blank_rows_count_as_a_spreadsheet_counts_them(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    code, said = load(runner, folder(tmp_path, people_csv=PEOPLE + "\n\np2,\n"))
    assert code == 1 and "people.csv, row 5, column full_name" in said


def test_all_complaints_are_counted_and_two_hundred_shown(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    rows = "".join(f"p{n},\n" for n in range(300))
    code, said = load(runner, folder(tmp_path, people_csv="person,full_name\n" + rows))
    assert code == 1 and "(300 complaints)" in said and "… and 100 more" in said
    assert said.count("\n") == 202


def test_refusal_in_json_has_every_complaint(runner: FlaskCliRunner, tmp_path: Path) -> None:
    files = small_package()
    files["people"][0]["gender"] = "x"
    path = write_package(tmp_path / "in", files)
    done = runner.invoke(args=["data", "import", str(path), "--json"])
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["refused"]) == (1, 1)
    assert answer["complaints"][0]["column"] == "gender"


def test_description_names_every_file_and_never_the_national_id() -> None:
    resources = json.loads(descriptor())["resources"]
    assert len(resources) == 18
    people_fields = next(r for r in resources if r["name"] == "people")["schema"]["fields"]
    assert "national_id" not in [field["name"] for field in people_fields]
    targets = next(r for r in resources if r["name"] == "targets")["schema"]
    assert targets["primaryKey"] == ["programme", "group"]
    assert {"fields": "group", "reference": {"resource": "groups", "fields": "group"}} in (
        targets["foreignKeys"]
    )
