"""The job that does a great plan: one piece of work, all or nothing."""

from typing import Any

from hrtrain.accounts.models import User
from hrtrain.core.db import db
from hrtrain.core.jobs.actions import ask
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.worker import handles
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.rules import KIND


def begin(plan: Reorganisation, *, by: User) -> Job:
    """Ask a worker to do the plan; asked twice, the same job."""
    payload = {"reorganisation": plan.key, "title": plan.title}
    job = ask(KIND, items=[{"plan_id": plan.id}], payload=payload, by=by, once=f"{KIND}:{plan.key}")
    plan.job_id = job.id
    db.session.flush()
    return job


@handles(KIND)
def apply_plan(item: JobItem, job: Job) -> dict[str, Any]:
    """Do it, in the transaction that marks the item done."""
    plan = db.session.get_one(Reorganisation, item.payload["plan_id"])
    by = db.session.get(User, job.asked_by_id) if job.asked_by_id else None
    act = apply(plan, by=by)
    return dict(act.details) if act else {}
