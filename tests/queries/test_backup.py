"""Backup and restore, on both engines: everything comes back, nothing damaged is taken."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, text

from hrtrain.certificates import marks
from hrtrain.certificates.actions.numbers import take_numbers
from hrtrain.certificates.models import (
    Certificate,
    CertificateNumber,
    CertificateSeries,
    Document,
)
from hrtrain.core.db import db
from hrtrain.core.files import FileStore
from hrtrain.exchange.dump import tables
from hrtrain.people.models import Person
from tests import makers
from tests.conftest import Apps, empty_database


@pytest.fixture(autouse=True)
def clean_folder(app: Flask) -> Any:
    yield
    (folder_of(app) / marks.NAME).unlink(missing_ok=True)


def folder_of(app: Flask) -> Path:
    folder: Path = app.config["SETTINGS"].data_dir
    return folder


def fill(app: Flask) -> None:
    unit, course, who = makers.unit(), makers.course(validity_months=12), makers.person("Đỗ Ánh")
    makers.membership(who, makers.group(), unit)
    makers.completion(who, course, date(2026, 5, 5))
    makers.user("organizer", unit, person_id=who.id)
    sha256 = FileStore(folder_of(app) / "documents").keep(b"%PDF-1.7 a certificate")
    db.session.add(Document(sha256=sha256, size=22))
    names = {"issuer_name": "Sở", "place": "Tây Ninh", "signatory": "A", "signing_authority": "GĐ"}
    db.session.add(CertificateSeries(key="s", unit_id=unit.id, notation="GCN-S", **names))
    db.session.commit()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    db.session.rollback()
    found = {
        table.name: [
            tuple(row) for row in db.session.execute(table.select().order_by(*table.primary_key))
        ]
        for table in tables()
    }
    db.session.rollback()
    return found


def back_up(runner: FlaskCliRunner, path: Path) -> Path:
    done = runner.invoke(args=["backup", str(path)])
    assert done.exit_code == 0, done.stderr
    return path


def restore(runner: FlaskCliRunner, path: Path, *more: str) -> tuple[int, str]:
    done = runner.invoke(args=["restore", str(path), *more])
    return done.exit_code, done.stderr


def wipe() -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(tables()):
            connection.execute(table.delete())


def test_everything_comes_back(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    fill(app)
    before = everything()
    backup = back_up(runner, tmp_path / "b.zip")
    stored = next((folder_of(app) / "documents").rglob("*/*"))
    content = stored.read_bytes()
    stored.unlink()
    wipe()
    assert restore(runner, backup) == (0, "")
    assert everything() == before
    assert stored.read_bytes() == content
    makers.person("Somebody new")
    db.session.commit()


def test_filled_database_is_replaced_only_when_told(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    fill(app)
    backup, before = back_up(runner, tmp_path / "b.zip"), everything()
    makers.person("Trần Thị Mới")
    db.session.commit()
    code, said = restore(runner, backup)
    assert code == 1 and "--replace" in said
    assert db.session.scalar(select(func.count()).select_from(Person)) == 2
    db.session.rollback()
    assert restore(runner, backup, "--replace") == (0, "")
    assert everything() == before


def test_any_flipped_byte_is_refused(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    fill(app)
    whole = back_up(runner, tmp_path / "b.zip").read_bytes()
    wipe()
    damaged = tmp_path / "damaged.zip"
    for place in (0, 11, 60, len(whole) // 2, len(whole) - 90, len(whole) - 66, len(whole) - 1):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert restore(runner, damaged)[0] == 1, place
    damaged.write_bytes(whole[:-1000])
    assert restore(runner, damaged)[0] == 1
    assert all(rows == [] for rows in everything().values())


def test_backup_is_an_ordinary_zip_of_lines_without_the_name_of_an_engine(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    fill(app)
    with zipfile.ZipFile(back_up(runner, tmp_path / "b.zip")) as archive:
        people = archive.read("tables/person.jsonl").decode().splitlines()
        manifest = json.loads(archive.read("manifest.json"))
    assert "full_name" in json.loads(people[0]) and "Đỗ Ánh" in json.loads(people[1])
    assert manifest["revision"] and "only for tests" not in json.dumps(manifest)


def test_backup_of_another_schema_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    backup = back_up(runner, tmp_path / "b.zip")
    revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    mark("0000")
    code, said = restore(runner, backup)
    mark(str(revision))
    assert code == 1 and f"is of schema {revision}, the database of 0000" in said


def mark(revision: str) -> None:
    """Say that the database is of this revision."""
    db.session.rollback()
    db.session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    db.session.commit()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_backup_of_sqlite_comes_back_on_postgresql(
    app: Flask, apps: Apps, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    fill(app)
    backup, before = back_up(runner, tmp_path / "b.zip"), everything()
    other = apps.on("postgresql")
    with other.app_context():
        assert restore(other.test_cli_runner(), backup) == (0, "")
        after = everything()
        empty_database()
    assert after == before


def test_existing_file_is_never_replaced(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"yesterday's")
    assert runner.invoke(args=["backup", str(tmp_path / "b.zip")]).exit_code == 1
    assert (tmp_path / "b.zip").read_bytes() == b"yesterday's"


def test_missing_document_spoils_the_backup(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    db.session.add(Document(sha256="0" * 64, size=1))
    db.session.commit()
    refused = runner.invoke(args=["backup", str(tmp_path / "b.zip")])
    assert refused.exit_code == 1 and "is missing" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_numbers_given_after_the_backup_are_not_given_again(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    fill(app)
    backup = back_up(runner, tmp_path / "b.zip")
    issued(7)
    assert restore(runner, backup, "--replace") == (0, "")
    series = db.session.scalars(select(CertificateSeries)).one()
    assert list(take_numbers(series, 2026, 1)) == [8]


def issued(count: int) -> None:
    """As many certificates with their numbers in the series' book."""
    series = db.session.scalars(select(CertificateSeries)).one()
    who = db.session.scalars(select(Person)).one()
    course = makers.course()
    for value in take_numbers(series, 2026, count):
        certificate = Certificate(
            key=f"k{value}",
            person_id=who.id,
            course_id=course.id,
            number=f"{value:02}/GCN-S",
            issued_on=date(2026, 5, 5),
            check_code=f"c{value}",
            qr_code=f"q{value}",
        )
        db.session.add(certificate)
        db.session.flush()
        number = {"year": 2026, "value": value, "certificate_id": certificate.id}
        db.session.add(CertificateNumber(series_id=series.id, **number))
    db.session.commit()
