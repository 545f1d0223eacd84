"""Tables beside an upload: columns a sender has explained once, and who is missing from a file."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import Instant, Model, PrimaryKey
from hrtrain.people.models import Membership, RosterUpload


class RememberedColumns(Model):
    """How a sender has said that files with this header are to be read.

    ``fingerprint`` is of the header's words, wherever in a sheet they stand.
    """

    __tablename__ = "roster_columns"
    __table_args__ = (UniqueConstraint("user_id", "fingerprint"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    fingerprint: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    said_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class RosterLeaving(Model):
    """A known membership at a unit the file covers, of somebody who is not in the file.

    With ``ends_on``, set by whoever decides, the import ends it on that day; without, nothing.
    """

    __tablename__ = "roster_leaving"
    __table_args__ = (
        UniqueConstraint("upload_id", "membership_id"),
        Index("ix_roster_leaving_upload", "upload_id", "id"),
    )

    id: Mapped[PrimaryKey]
    upload_id: Mapped[int] = mapped_column(ForeignKey(RosterUpload.id))
    membership_id: Mapped[int] = mapped_column(ForeignKey(Membership.id))
    ends_on: Mapped[date | None]
