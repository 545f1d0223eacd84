"""An imported roster taken back on its page, at once or by the worker; large files read by it."""

import io
from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from hrtrain.accounts.rules import Role
from hrtrain.core.db import db, new_key
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.worker import run_waiting
from hrtrain.people.models import Membership, Person, RosterRow, RosterUpload
from hrtrain.people.rosters.jobs import reading as reading_job
from hrtrain.people.views import roster_undo, rosters
from hrtrain.privacy.models import DataAccess, DataAccessPerson
from tests import makers
from tests.cast import CastClient, sign_in

NAMES = [f"Lê {letter}{second}" for letter in "ABCDEGH" for second in "aeiou"]


def file_of(names: list[str], day: int = 5) -> bytes:
    rows = "\n".join(f"{name};0{day}/06/1980;Sở Tư pháp" for name in names)
    return f"Họ và tên;Ngày sinh;Đơn vị\n{rows}".encode("utf-8-sig")


@pytest.fixture
def client(client: CastClient) -> CastClient:
    """An organizer of one office."""
    office = makers.unit("stp", name="Sở Tư pháp")
    makers.group("g", name="Cán bộ QCN")
    sign_in(client, makers.user(Role.ORGANIZER, office))
    return client


def send(client: CastClient, content: bytes) -> tuple[str, TestResponse]:
    key = new_key("roster")
    fields = {"once": key, "group": "g", "unit": "", "starts_on": "01/07/2026"}
    data = {**fields, "file": (io.BytesIO(content), "a.csv")}
    return key, client.post("/rosters/new", data=data, content_type="multipart/form-data")


def imported(client: CastClient, content: bytes) -> str:
    key, _answer = send(client, content)
    client.post(f"/rosters/{key}/import")
    worked()
    return key


def worked() -> None:
    run_waiting()
    db.session.expire_all()
    assert not db.session.scalars(select(JobItem.error).where(JobItem.error != "")).all()
    assert not db.session.scalars(select(Job.error).where(Job.error != "")).all()


def people() -> tuple[int, int]:
    """How many are in lists, and how many memberships are known."""
    db.session.expire_all()
    listed = select(Person.id).where(~Person.is_set_aside)
    known = select(Membership.id).where(Membership.retracted_at.is_(None))
    return len(db.session.scalars(listed).all()), len(db.session.scalars(known).all())


@pytest.mark.parametrize("most", [3_000, 3])
def test_one_button_takes_an_import_back(
    client: CastClient, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(roster_undo, "MOST_AT_ONCE", most)
    key = imported(client, file_of(NAMES))
    assert people() == (35, 35)
    page = client.get(f"/rosters/{key}/undo").text
    assert "Hoàn tác việc nhập này" in page
    assert people() == (35, 35)
    assert client.post(f"/rosters/{key}/undo").status_code == 303
    worked()
    assert people() == (0, 0)
    assert "đã được hoàn tác" in client.get(f"/rosters/{key}").text
    assert client.post(f"/rosters/{key}/undo").status_code == 409


def test_what_undoing_changes_of_the_figures_is_shown_and_not_done(client: CastClient) -> None:
    key = imported(client, file_of(NAMES))
    page = client.post(f"/rosters/{key}/undo", data={"impact": "1"}).text
    assert "Tác động đến số liệu" in page
    assert people() == (35, 35)


def test_who_stays_is_named_with_the_reason(client: CastClient) -> None:
    key = imported(client, file_of(NAMES[:2]))
    person = db.session.scalars(select(Person).filter_by(full_name=NAMES[0])).one()
    makers.completion(person, makers.course(), date(2026, 8, 1))
    page = client.get(f"/rosters/{key}/undo").text
    assert NAMES[0] in page and "đã có kết quả tập huấn" in page
    client.post(f"/rosters/{key}/undo")
    assert people() == (1, 1)


def test_who_was_looked_at_is_taken_back_all_the_same(client: CastClient) -> None:
    key = imported(client, file_of(NAMES[:2]))
    looked = DataAccess(purpose="page", what="people.person_list")
    db.session.add(looked)
    db.session.flush()
    for person_id in db.session.scalars(select(Person.id)):
        db.session.add(DataAccessPerson(access_id=looked.id, person_id=person_id))
    db.session.commit()
    client.post(f"/rosters/{key}/undo")
    assert people() == (0, 0)


def test_after_undoing_the_same_file_is_all_new_again(client: CastClient) -> None:
    key = imported(client, file_of(NAMES))
    client.post(f"/rosters/{key}/undo")
    imported(client, file_of(NAMES))
    assert people() == (35, 35)


def test_another_cannot_undo(client: CastClient) -> None:
    key = imported(client, file_of(NAMES[:2]))
    sign_in(client, makers.user(Role.ORGANIZER))
    assert client.get(f"/rosters/{key}/undo").status_code == 404
    assert client.post(f"/rosters/{key}/undo").status_code == 404


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as large from ten rows on, and are read four rows at a time."""
    monkeypatch.setattr(rosters, "MOST_ROWS", 10)
    monkeypatch.setattr(reading_job, "ROWS_AT_ONCE", 4)


@pytest.mark.usefixtures("small_parts")
def test_a_large_file_is_read_by_the_worker_with_progress(client: CastClient) -> None:
    key, answer = send(client, file_of([*NAMES, NAMES[0]]))
    assert "/jobs/" in answer.location
    assert "đang được đọc" in client.get(f"/rosters/{key}").text
    worked()
    job = db.session.scalars(select(Job)).one()
    assert (job.state, job.total) == ("done", 10)
    states = list(db.session.scalars(select(RosterRow.state).order_by(RosterRow.position)))
    assert states == [*["new"] * 35, "refused"]
    client.post(f"/rosters/{key}/import")
    worked()
    assert people() == (35, 35)


@pytest.mark.usefixtures("small_parts")
def test_a_large_file_that_cannot_be_read_says_why_on_its_page(client: CastClient) -> None:
    key, _answer = send(client, file_of(NAMES))
    upload = db.session.scalars(select(RosterUpload)).one()
    upload.content = upload.content[:1] + b"\xff\xfe\x00"
    db.session.commit()
    worked()
    assert "Không đọc được tệp" in client.get(f"/rosters/{key}").text
    assert client.post(f"/rosters/{key}/import").status_code == 409


@pytest.mark.usefixtures("small_parts")
def test_a_reader_that_lost_its_turn_keeps_nothing(
    client: CastClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _answer = send(client, file_of(NAMES))
    whole = reading_job._keep

    def slow(upload_id: int, turn: str, first: int, *more: object) -> None:
        whole(upload_id, "another's" if first > 8 else turn, first, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(reading_job, "_keep", slow)
    worked()
    monkeypatch.undo()
    upload = db.session.scalars(select(RosterUpload).filter_by(key=key)).one()
    assert upload.state == "reading"
