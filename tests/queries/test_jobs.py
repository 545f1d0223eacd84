"""Bulk work: every item once, whatever fails, whoever dies, however many workers there are."""

import signal
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs import actions, queries, worker
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.people.models import CadreGroup
from tests import makers, processes
from tests.queries import job_worker


@worker.handles("test.make")
def make(item: JobItem, job: Job) -> dict[str, Any]:
    name = item.payload["name"]
    makers.group(name)
    if name == "bad":
        raise Refusal("not this one")
    if name == "broken":
        raise ValueError("oh")
    return {"name": name}


@worker.handles("test.prepare", prepare=lambda payload: payload["name"].upper())
def make_prepared(item: JobItem, job: Job, prepared: str) -> dict[str, Any]:
    makers.group(prepared)
    return {"name": prepared}


def ask(kind: str, *names: str, once: str = "") -> Job:
    job = actions.ask(kind, items=[{"name": name} for name in names], once=once)
    db.session.commit()
    return job


def made() -> list[str]:
    return sorted(db.session.scalars(select(CadreGroup.key)))


def test_every_item_is_done_once_and_answers(app: Flask) -> None:
    job = ask("test.make", "a", "b", "c")
    assert worker.run_waiting() == 1
    assert worker.run_waiting() == 0
    assert made() == ["a", "b", "c"]
    assert queries.results_of(job) == [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    assert queries.progress_of(job) == queries.Progress("done", 3, 3, 0)


def test_failed_item_leaves_nothing_behind_and_the_others_go_on(app: Flask) -> None:
    job = ask("test.make", "a", "bad", "broken", "d")
    worker.run_waiting()
    assert made() == ["a", "d"]
    assert [item.error for item in queries.failed_items(job)] == [
        "not this one",
        "Lỗi ngoài dự kiến: ValueError",
    ]
    assert queries.progress_of(job).failed == 2


def test_job_of_which_everything_failed_has_failed(app: Flask) -> None:
    job = ask("test.make", "bad")
    worker.run_waiting()
    db.session.refresh(job)
    assert job.state == "failed"


def test_job_nobody_handles_fails_with_a_sentence(app: Flask) -> None:
    job = ask("test.unknown", "a")
    worker.run_waiting()
    db.session.refresh(job)
    assert (job.state, job.error) == ("failed", "Không có phần nào nhận việc loại này.")


def test_preparation_reaches_the_work(app: Flask) -> None:
    ask("test.prepare", "a", "b")
    worker.run_waiting()
    assert made() == ["A", "B"]


def test_asking_twice_while_unfinished_makes_one_job(app: Flask) -> None:
    first = ask("test.make", "a", once="x")
    assert ask("test.make", "a", once="x").id == first.id
    worker.run_waiting()
    assert ask("test.make", "b", once="x").id != first.id


def test_lease_of_another_is_left_alone_until_it_ends(app: Flask) -> None:
    job = ask("test.make", "a")
    job.state, job.lease_holder = "running", "another"
    job.lease_ends_at = clock.now() + timedelta(seconds=30)
    db.session.commit()
    assert worker.run_waiting() == 0
    job.lease_ends_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    assert worker.run_waiting() == 1
    assert made() == ["a"]


def test_item_over_which_workers_die_is_given_up(app: Flask) -> None:
    job = ask("test.make", "a", "b")
    for _death in range(3):
        job.state, job.lease_ends_at = "running", clock.now() - timedelta(seconds=1)
        db.session.commit()
        assert worker._claim()
    job.lease_ends_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    worker.run_waiting()
    assert made() == ["b"]


def test_worker_whose_lease_was_taken_commits_nothing(app: Flask) -> None:
    job = ask("test.make", "a")
    claim = worker._claim()
    assert claim is not None
    job.lease_holder = "another"
    db.session.commit()
    with pytest.raises(worker.LeaseLost):
        worker._work_item(claim, db.session.scalars(select(JobItem.id)).one(), {})
    assert made() == []


def wait_until(reached: Any, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


def count_made() -> int:
    with reading():
        count = db.session.scalar(select(func.count()).select_from(CadreGroup)) or 0
        db.session.rollback()
    return count


def state_of(job_id: int) -> str:
    with reading():
        state = db.session.scalar(select(Job.state).where(Job.id == job_id)) or ""
        db.session.rollback()
    return state


def test_killed_workers_work_is_resumed_without_doubling(app: Flask) -> None:
    job_id = ask("test.slow", *(f"n{number}" for number in range(60))).id
    db.session.rollback()
    first = processes.start(app, job_worker.work)
    wait_until(lambda: count_made() >= 10)
    first.kill()
    assert processes.ended(first) == -signal.SIGKILL
    assert count_made() < 60
    second = processes.start(app, job_worker.work)
    wait_until(lambda: state_of(job_id) == "done")
    second.terminate()
    assert processes.ended(second) == 0
    assert count_made() == 60


def test_several_workers_share_the_jobs(app: Flask) -> None:
    ids = [ask("test.slow", *(f"j{job}n{n}" for n in range(10))).id for job in range(6)]
    db.session.rollback()
    workers = [processes.start(app, job_worker.work) for _ in range(3)]
    wait_until(lambda: all(state_of(job_id) == "done" for job_id in ids))
    for process in workers:
        process.terminate()
    assert [processes.ended(process) for process in workers] == [0, 0, 0]
    assert count_made() == 60
