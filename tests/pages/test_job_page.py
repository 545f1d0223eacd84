"""The progress page of a job: its asker's and the administrator's alone."""

from flask import Flask

from hrtrain.core.db import db
from hrtrain.core.jobs import actions, worker
from hrtrain.core.jobs.models import Job
from tests import makers
from tests.cast import CastClient, sign_in


def asked_by(user: object) -> Job:
    job = actions.ask("test.nothing", items=[{}], payload={"title": "Việc thử"}, by=user)  # type: ignore[arg-type]
    db.session.commit()
    return job


def test_asker_sees_how_far_it_is_and_why_it_failed(app: Flask, client: CastClient) -> None:
    user = makers.user("organizer")
    job = asked_by(user)
    sign_in(client, user)
    waiting = client.get(f"/jobs/{job.key}").get_data(as_text=True)
    assert "Việc thử" in waiting and "Đang chờ đến lượt" in waiting
    db.session.commit()
    worker.run_waiting()
    assert "Không có phần nào nhận" in client.get(f"/jobs/{job.key}").get_data(True)


def test_job_of_another_is_not_found(app: Flask, client: CastClient) -> None:
    job = asked_by(makers.user("organizer"))
    sign_in(client, makers.user("organizer"))
    assert client.get(f"/jobs/{job.key}").status_code == 404
    assert client.get("/jobs/job-absent").status_code == 404


def test_administrator_sees_every_job(app: Flask, client: CastClient) -> None:
    job = asked_by(makers.user("organizer"))
    sign_in(client, makers.user("administrator"))
    assert client.get(f"/jobs/{job.key}").status_code == 200
