"""Questions about bulk work: what a job has done so far, what failed and why."""

from dataclasses import dataclass

from sqlalchemy import func, select

from hrtrain.core.db import db
from hrtrain.core.jobs.models import Job, JobItem


@dataclass(frozen=True)
class Progress:
    """How far a job is; ``done`` and ``failed`` together are what was tried."""

    state: str
    total: int
    done: int
    failed: int

    @property
    def tried(self) -> int:
        """Items that need no more work."""
        return self.done + self.failed

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed")


def find_job(key: str) -> Job | None:
    """The job of this key."""
    return db.session.scalar(select(Job).where(Job.key == key))


def unfinished_job(once: str) -> Job | None:
    """The job of this once-key that waits or runs."""
    unfinished = Job.state.in_(("waiting", "running"))
    return db.session.scalar(select(Job).where(Job.once == once, unfinished))


def item_counts(job_id: int) -> dict[str, int]:
    """How many of the job's items are in each state."""
    counted = select(JobItem.state, func.count()).group_by(JobItem.state)
    return dict(db.session.execute(counted.where(JobItem.job_id == job_id)).all())


def progress_of(job: Job) -> Progress:
    """How far the job is."""
    counts = item_counts(job.id)
    return Progress(job.state, job.total, counts.get("done", 0), counts.get("failed", 0))


def failed_items(job: Job, limit: int = 200) -> list[JobItem]:
    """What could not be done, the first in order; each carries the sentence that says why."""
    failed = (JobItem.job_id == job.id, JobItem.state == "failed")
    asked = select(JobItem).where(*failed).order_by(JobItem.position)
    return list(db.session.scalars(asked.limit(limit)))


def results_of(job: Job) -> list[dict[str, object]]:
    """What the finished items answered, in order."""
    finished = (JobItem.job_id == job.id, JobItem.state == "done")
    return list(
        db.session.scalars(select(JobItem.result).where(*finished).order_by(JobItem.position))
    )
