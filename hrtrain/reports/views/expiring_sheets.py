"""The sheet of who will stop being trained soon; noted in the audit log, so posted."""

from flask.typing import ResponseReturnValue

from hrtrain.core import formats
from hrtrain.core.access import open_to
from hrtrain.core.db import reading
from hrtrain.core.language import gettext as _
from hrtrain.core.shown import noting_each
from hrtrain.coverage.expiring import everybody_expiring
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.states import plus_days
from hrtrain.coverage.views.expiring import read_soon
from hrtrain.reports.people_sheet import expiring_sheet
from hrtrain.reports.sheets import Head
from hrtrain.reports.views import bp
from hrtrain.reports.views.coverage_sheets import head_of, sent


@bp.post("/reports/<programme>/expiring.xlsx")
@open_to(*READERS)
def expiring_sheet_of(programme: str) -> ResponseReturnValue:
    """Everybody of the list within the reader's reach."""
    with reading():
        soon = read_soon(programme)
        head = head_of(_("Sắp hết hiệu lực"), soon.asked, soon.programme.title)
        group = soon.standing.group_name if soon.standing else ""
        until = formats.day(plus_days(soon.asked.as_of, soon.days))
        facts = [(_("Nhóm đối tượng"), group), (_("Đến hết ngày"), until), *head.facts]
        people = []
        if soon.standing is not None:
            found = everybody_expiring(soon.question, soon.days, within=soon.asked.naming)
            people = list(noting_each(found))
        content = expiring_sheet(Head(head.title, facts), people)
    return sent(content, soon.asked, ("programme", programme), len(people))
