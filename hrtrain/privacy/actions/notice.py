"""The notice and the rules of retention, as the administrator sets them."""

from dataclasses import dataclass

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core.db import db
from hrtrain.core.language import gettext as _
from hrtrain.privacy.keeping import KINDS
from hrtrain.privacy.models import PrivacyNotice, RetentionRule
from hrtrain.privacy.queries.rules import find_notice, find_rule


@dataclass(frozen=True)
class NoticeDetails:
    """What the notice says."""

    controller: str
    contact: str
    phone: str
    email: str
    address: str
    words: str


def notice_row() -> PrivacyNotice:
    """The one row of the notice, made when it is first set."""
    found = find_notice()
    if found is None:
        found = PrivacyNotice(version=0)
        db.session.add(found)
        db.session.flush()
    return found


def set_notice(notice: PrivacyNotice, details: NoticeDetails, *, by: User) -> None:
    """Say it anew."""
    for name, value in vars(details).items():
        setattr(notice, name, value)
    db.session.flush()
    record(by, "privacy_notice_set", ("privacy", "notice"), _("Sửa thông báo về dữ liệu cá nhân"))


def rule_row(kind: str) -> RetentionRule:
    """The kind's row, with the kind's default when it is first set."""
    found = find_rule(kind)
    if found is None:
        found = RetentionRule(kind=kind, months=KINDS[kind].months, version=0)
        db.session.add(found)
        db.session.flush()
    return found


def set_rule(rule: RetentionRule, months: int | None, *, is_on: bool, note: str, by: User) -> None:
    """How long, and whether runs look at it."""
    rule.months, rule.is_on, rule.note = months, is_on, note
    db.session.flush()
    summary = _("Sửa thời hạn lưu: %(kind)s", kind=KINDS[rule.kind].name)
    record(by, "retention_rule_set", ("retention", rule.kind), summary, months=months, is_on=is_on)
