"""The rules of retention and the notice as they stand: rows where set, defaults else."""

from dataclasses import dataclass

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.language import gettext as _
from hrtrain.core.language import ngettext
from hrtrain.privacy.keeping import KINDS, Kind
from hrtrain.privacy.models import PrivacyNotice, RetentionRule


@dataclass(frozen=True)
class Rule:
    """How long a kind of thing is kept, and whether a run looks at it."""

    kind: str
    about: Kind
    months: int | None
    is_on: bool
    note: str
    version: int

    @property
    def words(self) -> str:
        """How long, in words."""
        return kept_words(self.months)


def kept_words(months: int | None) -> str:
    """``36 tháng``; ``không giới hạn`` for none."""
    if months is None:
        return str(_("không giới hạn thời gian"))
    return str(ngettext("%(num)s tháng", "%(num)s tháng", months))


def retention_rules() -> dict[str, Rule]:
    """Every kind's rule, in the order of the kinds."""
    rows = {row.kind: row for row in db.session.scalars(select(RetentionRule))}
    return {kind: _rule(kind, about, rows.get(kind)) for kind, about in KINDS.items()}


def _rule(kind: str, about: Kind, row: RetentionRule | None) -> Rule:
    if row is None:
        return Rule(kind, about, about.months, False, "", 0)
    return Rule(kind, about, row.months, row.is_on, row.note, row.version)


def find_rule(kind: str) -> RetentionRule | None:
    """The row of the kind, if one was set."""
    return db.session.scalar(select(RetentionRule).where(RetentionRule.kind == kind))


def find_notice() -> PrivacyNotice | None:
    """The notice as set; None while the page's defaults stand."""
    return db.session.scalar(select(PrivacyNotice).limit(1))
