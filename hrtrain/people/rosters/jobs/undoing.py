"""The job that takes a large import back, as one."""

from typing import Any

from hrtrain.accounts.models import User
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.worker import handles
from hrtrain.people.rosters.undoing import undo_roster
from hrtrain.people.rosters.uploads import UNDO_KIND

# More than that is taken back by the worker, and its figures are not worked out before.
MOST_AT_ONCE = 3_000


@handles(UNDO_KIND)
def undo_import(item: JobItem, job: Job) -> dict[str, Any]:
    """Take the import back; how many people stay."""
    act = db.session.get_one(Act, item.payload["act_id"])
    user = db.session.get(User, job.asked_by_id) if job.asked_by_id else None
    return {"staying": len(undo_roster(act, by=user))}
