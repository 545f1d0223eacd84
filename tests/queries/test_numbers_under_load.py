"""Numbers under real processes on both engines, and documents after a kill -9."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrtrain.certificates import marks
from hrtrain.certificates.models import Certificate, CertificateNumber, Document
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.core.db import db, reading
from tests.makers.certificates import closed_session, series
from tests.queries import certificate_issuer

ROOT = Path(__file__).resolve().parents[2]


def environ_of(app: Flask) -> dict[str, str]:
    settings = app.config["SETTINGS"]
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "HRTRAIN_DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": "only for tests",
        "PYTHONPATH": str(ROOT),
    }


def wait_until(reached: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


def count_of(column: object) -> int:
    with reading():
        found: int = db.session.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]
        db.session.rollback()
    return found


@pytest.fixture(autouse=True)
def no_marks(app: Flask) -> None:
    (data_folder() / marks.NAME).unlink(missing_ok=True)


def test_eight_processes_leave_no_gap_and_no_double(app: Flask) -> None:
    own = series()
    keys = [closed_session("A", "B", "C", unit=own.unit).key for _ in range(16)]
    keys_of = [keys[at::8] for at in range(8)]
    db.session.commit()
    issuers = [
        subprocess.Popen(
            [sys.executable, "-m", certificate_issuer.__name__, *own_keys], env=environ_of(app)
        )
        for own_keys in keys_of
    ]
    assert [process.wait(120) for process in issuers] == [0] * 8
    values = db.session.scalars(select(CertificateNumber.value).order_by(CertificateNumber.value))
    assert list(values) == list(range(1, 49))
    assert len(set(db.session.scalars(select(Certificate.number)))) == 48


def issue_command(app: Flask, key: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "app", "certificates", "issue"]
    return subprocess.Popen(
        [*command, "--session", key, "--json"],
        env=environ_of(app),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )


def test_command_killed_in_the_middle_is_finished_by_the_next(app: Flask) -> None:
    session = closed_session(*(f"Nguyễn Văn {letter}" for letter in "ABCDEFGHIJ"))
    series(session.unit)
    db.session.commit()
    key = session.key
    db.session.rollback()
    first = issue_command(app, key)
    wait_until(lambda: count_of(Document.id) >= 3)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert count_of(Document.id) < 10
    second = issue_command(app, key)
    answer = json.loads(second.communicate(timeout=120)[0])
    assert (second.returncode, answer["issued"]) == (0, 0)
    rows = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [row.number for row in rows] == [f"{n:02d}/GCN-SVHTTDL" for n in range(1, 11)]
    assert all(document_store().read(row.sha256).startswith(b"%PDF") for row in rows)
    assert len({row.document_id for row in rows}) == 10
