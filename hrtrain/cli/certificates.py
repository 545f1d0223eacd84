"""Issue and verify certificates."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from hrtrain.certificates import marks
from hrtrain.certificates.actions.issuing import issue
from hrtrain.certificates.actions.series import series_of_session
from hrtrain.certificates.jobs import make_document
from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.places import data_folder
from hrtrain.certificates.queries.certificates import without_document
from hrtrain.certificates.queries.checks import Check, check_code, check_file
from hrtrain.certificates.queries.due import find_series, people_due, series_for
from hrtrain.certificates.rules import number_value
from hrtrain.cli.refusing import refusing
from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.training.models import TrainingSession
from hrtrain.training.queries.sessions import find_training_session

group = AppGroup("certificates", help="Issue and verify certificates.")


@group.command("issue")
@click.option("--session", "session_key", required=True, help="Key of the training session.")
@click.option("--series", "series_key", help="Key or notation; needed when several may issue.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of issue; today if not given.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def issue_command(
    session_key: str, series_key: str | None, on: datetime | None, as_json: bool
) -> None:
    """Issue what is due for a session, with its documents."""
    session = _session(session_key)
    made = _issued(session, series_key, on.date() if on else clock.today())
    _make_documents(session)
    if as_json:
        click.echo(json.dumps(_answer(session_key, made), ensure_ascii=False))
    else:
        click.echo(f"{len(made)} certificate(s) issued.")


def _session(key: str) -> TrainingSession:
    session = find_training_session(key)
    if session is None:
        raise Refusal(f"There is no training session {key!r}.")
    return session


def _issued(session: TrainingSession, series_key: str | None, on: date) -> list[Certificate]:
    """What was issued; nothing when nobody is due."""
    named = _named_series(series_key)
    if not people_due(session):
        return []
    series = named or _series(session)
    made = issue(session, series, by=None, on=on)
    last = number_value(made[-1].number, series.notation) or 0
    db.session.commit()
    marks.raise_to(data_folder(), series.key, on.year, last)
    return made


def _named_series(key: str | None) -> CertificateSeries | None:
    if key is None:
        return None
    series = find_series(key)
    if series is None:
        raise Refusal(f"There is no series {key!r}.")
    return series


def _series(session: TrainingSession) -> CertificateSeries:
    found = series_for(session)
    if not found:
        made = series_of_session(session, by=None)
        click.echo(f"No series may issue for this session; {made.notation} was made.", err=True)
        return made
    own = [series for series in found if series.unit_id == found[0].unit_id]
    if len(own) > 1:
        names = ", ".join(series.key for series in own)
        raise Refusal(f"Several series may issue for this session: {names}. Say --series.")
    return own[0]


def _make_documents(session: TrainingSession) -> None:
    """Make the session's missing documents, also those a killed command left behind."""
    ids = [certificate.id for certificate in without_document(session)]
    db.session.rollback()
    if not sys.stderr.isatty():
        for row_id in ids:
            make_document(row_id)
        return
    with click.progressbar(ids, label="Documents", file=sys.stderr) as progress:
        for row_id in progress:
            make_document(row_id)


def _answer(session_key: str, made: Sequence[Certificate]) -> dict[str, Any]:
    rows = [
        {
            "certificate": one.key,
            "person": one.person.key,
            "number": one.number,
            "register_no": one.register_no,
            "issued_on": one.issued_on.isoformat(),
            "check_code": one.check_code,
            "sha256": one.sha256,
        }
        for one in made
    ]
    return {"session": session_key, "issued": len(rows), "certificates": rows}


@group.command("verify")
@click.argument("code_or_file")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def verify_command(code_or_file: str, as_json: bool) -> None:
    """Say what a code or a PDF is: valid, expired, revoked, replaced, altered or unknown."""
    today, path = clock.today(), Path(code_or_file)
    with reading():
        if _is_file(path):
            check = check_file(path.read_bytes(), today)
        elif path.suffix.lower() == ".pdf":
            raise Refusal(f"There is no file {code_or_file}.")
        else:
            check = check_code(code_or_file.rsplit("/", 1)[-1], today)
    click.echo(_plain(check) if not as_json else json.dumps(_values(check), ensure_ascii=False))


def _is_file(path: Path) -> bool:
    """Whether there is such a file; what no file may be called is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _values(check: Check) -> dict[str, Any]:
    values: dict[str, Any] = {"state": check.verdict.value}
    if check.statement is not None:
        said = {name: _text(value) for name, value in asdict(check.statement).items()}
        values["certificate"] = {"state": said.pop("verdict"), **said}
    if check.differing:
        values["differing"] = check.differing
    return values


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _plain(check: Check) -> str:
    if check.statement is None:
        return "unknown: no certificate has this code or is this file."
    said = check.statement
    differing = f" It differs in: {', '.join(check.differing)}." if check.differing else ""
    return f"{check.verdict.value}: {said.number}, {said.full_name}, {said.course}.{differing}"
