"""The one way to an upload by key: permission and look-up together."""

from flask import abort

from hrtrain.accounts.access import current_user
from hrtrain.people.models import RosterUpload
from hrtrain.people.rosters.queries import find_upload
from hrtrain.units.gates import administers_everything


def roster_or_404(key: str) -> RosterUpload:
    """The upload, unless discarded, if the user sent it or administers everything."""
    upload = find_upload(key)
    if upload is None or upload.state == "discarded":
        abort(404)
    if upload.uploaded_by_id != current_user().id and not administers_everything():
        abort(404)
    return upload
