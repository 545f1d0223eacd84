"""Numbers under real processes on both engines, and documents after a kill -9."""

import json
import signal
import time
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from hrtrain.certificates import marks
from hrtrain.certificates.models import Certificate, CertificateNumber, Document
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.core.db import db, reading
from tests import processes
from tests.makers.certificates import closed_session, series
from tests.queries.certificate_issuer import issue_all


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
    issuers = [processes.start(app, issue_all, own_keys) for own_keys in keys_of]
    assert [processes.ended(process) for process in issuers] == [0] * 8
    values = db.session.scalars(select(CertificateNumber.value).order_by(CertificateNumber.value))
    assert list(values) == list(range(1, 49))
    assert len(set(db.session.scalars(select(Certificate.number)))) == 48


def issue_command(runner: FlaskCliRunner, key: str) -> Result:
    return runner.invoke(args=["certificates", "issue", "--session", key, "--json"])


def test_command_killed_in_the_middle_is_finished_by_the_next(
    app: Flask, runner: FlaskCliRunner
) -> None:
    session = closed_session(*(f"Nguyễn Văn {letter}" for letter in "ABCDEFGHIJ"))
    series(session.unit)
    db.session.commit()
    key = session.key
    db.session.rollback()
    first = processes.start(app, issue_command, runner, key)
    wait_until(lambda: count_of(Document.id) >= 3)
    first.kill()
    assert processes.ended(first) == -signal.SIGKILL
    assert count_of(Document.id) < 10
    second = issue_command(runner, key)
    assert (second.exit_code, json.loads(second.stdout)["issued"]) == (0, 0)
    rows = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [row.number for row in rows] == [f"{n:02d}/GCN-SVHTTDL" for n in range(1, 11)]
    assert all(document_store().read(row.sha256).startswith(b"%PDF") for row in rows)
    assert len({row.document_id for row in rows}) == 10
