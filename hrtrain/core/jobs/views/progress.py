"""One job's page: how far it is, what failed and why, what it made. Only its asker's to see."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import signed_in
from hrtrain.core.jobs import queries
from hrtrain.core.jobs.describing import description_of
from hrtrain.core.jobs.models import Job
from hrtrain.core.jobs.views import bp
from hrtrain.units.gates import administers_everything


def job_or_404(key: str) -> Job:
    """The job, if the signed-in user asked for it or administers everything."""
    job = queries.find_job(key)
    if job is None or not (job.asked_by_id == current_user().id or administers_everything()):
        abort(404)
    return job


@bp.route("/jobs/<key>")
@signed_in
def job_page(key: str) -> ResponseReturnValue:
    """The page; its script asks for it again until the job is over."""
    job = job_or_404(key)
    return render_template(
        "jobs/job_page.html",
        job=job,
        progress=queries.progress_of(job),
        failed=queries.failed_items(job),
        description=description_of(job),
    )
