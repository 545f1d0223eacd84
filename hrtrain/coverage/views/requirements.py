"""Requirement items of a programme: asking one, ending it, retracting it."""

from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.forms import Form
from hrtrain.core.language import gettext as _
from hrtrain.coverage.actions import add_item, end_item, retract_options
from hrtrain.coverage.forms import EndForm, ItemForm
from hrtrain.coverage.gates import managed_programme_or_404, option_or_404
from hrtrain.coverage.plan_queries import courses, options_of, targets_of
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.answers import saved
from hrtrain.coverage.views.impact import answered
from hrtrain.training.models import Course


@bp.route("/programmes/<key>/requirements/new", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def requirement_new(key: str) -> ResponseReturnValue:
    """Ask an item of a group that has a target in the programme."""
    programme = managed_programme_or_404(key)
    asked = {"group": request.args.get("group"), "item": request.args.get("item")}
    form = ItemForm(data=asked)
    wanted = {target.group.key: target.group for target in targets_of(programme)}
    form.group.choices = [(group.key, group.name) for group in wanted.values()]
    form.courses.choices = [(course.id, course.name) for course in courses()]

    def act() -> None:
        add_item(programme, wanted[form.group.data], form.details(), by=current_user())

    shown = {"form": form, "programme": programme}
    return answered(
        form,
        act,
        days=lambda: [form.starts_on.data],
        page=partial(render_template, "coverage/requirement_new.html", **shown),
        done=lambda: saved(programme, _("Đã thêm nội dung phải hoàn thành.")),
    )


@bp.route("/programmes/<key>/requirements/<int:number>/end", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def requirement_end(key: str, number: int) -> ResponseReturnValue:
    """Say until when an item is asked, with all its alternatives."""
    programme = managed_programme_or_404(key)
    option = option_or_404(programme, number)
    form = EndForm()

    def act() -> None:
        end_item(programme, option, form.ends_on, by=current_user())

    shown = {"form": form, "programme": programme, "option": option}
    return answered(
        form,
        act,
        days=lambda: [form.ends_on],
        page=partial(render_template, "coverage/requirement_end.html", **shown),
        done=lambda: saved(programme, _("Đã ghi ngày thôi yêu cầu.")),
    )


@bp.route("/programmes/<key>/requirements/<int:number>/retract", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def requirement_retract(key: str, number: int) -> ResponseReturnValue:
    """Take one course out of an item as entered by mistake; with the last one goes the item."""
    programme = managed_programme_or_404(key)
    option = option_or_404(programme, number)
    others = len(options_of(programme, option.group_id, option.item)) - 1
    course = db.session.get_one(Course, option.course_id)
    form = Form()

    def act() -> None:
        retract_options(programme, [option], by=current_user())

    shown = {"form": form, "programme": programme, "option": option, "course": course}
    return answered(
        form,
        act,
        days=lambda: [option.starts_on],
        page=partial(render_template, "coverage/requirement_retract.html", others=others, **shown),
        done=lambda: saved(programme, _retracted(option.item, course, others)),
    )


def _retracted(item: str, course: Course, others: int) -> str:
    if others:
        return str(_("Đã rút khóa “%(course)s” khỏi nội dung.", course=course.name))
    return str(_("Đã rút nội dung “%(item)s”.", item=item))
