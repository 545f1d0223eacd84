"""Loads the demo: the package, then what only the product's own actions make.

Each step looks whether its effect is there already, so a load that was stopped goes on.
"""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.actions.users import UserDetails, add_grant, add_user
from hrtrain.accounts.models import AuditEntry, User
from hrtrain.accounts.passwords import hash_password
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.exchange.demo import organisations as org
from hrtrain.exchange.demo.package import write_demo
from hrtrain.exchange.importing import import_package
from hrtrain.people.headcounts.actions import confirm_all, sign_headcounts
from hrtrain.people.headcounts.rules import Signature
from hrtrain.people.models import Person
from hrtrain.training.models import Enrolment, TrainingSession
from hrtrain.units.models import Unit

PASSWORD = "hrtrain-demo-2026"  # noqa: S105  (printed to whoever starts the demo)
LOADED, READY = "demo.load", "demo.ready"


@dataclass(frozen=True)
class DemoUser:
    """A user of the demo; ``unit`` empty: for everything."""

    username: str
    full_name: str
    role: Role
    unit: str = ""
    says: str = ""


USERS = (
    DemoUser("quan_tri", "Quản trị hệ thống", Role.ADMINISTRATOR, says="users, roles, audit log"),
    DemoUser("quan_ly", "Quản lý chương trình", Role.PROGRAMME_MANAGER, says="plans, targets"),
    DemoUser("to_chuc", "Tổ chức tập huấn", Role.ORGANIZER, org.TAY_NINH, "sessions, certificates"),
    DemoUser("dau_moi", "Đầu mối Mặt trận", Role.FOCAL_POINT, "tn-mttq", "own unit and below"),
    DemoUser("lanh_dao", "Lãnh đạo tỉnh", Role.LEADERSHIP, org.TAY_NINH, "reads the coverage"),
    DemoUser("hoc_vien", "Học viên", Role.ATTENDEE, says="own sessions and certificates"),
)


def is_done(act: str) -> bool:
    """Whether the demo was loaded here (``LOADED``), its certificates too (``READY``)."""
    return (
        db.session.scalar(select(AuditEntry.id).where(AuditEntry.act == act).limit(1)) is not None
    )


def load_demo(secret_key: str) -> None:
    """Load the package and add the users; refused where anything else is there already."""
    for model in (Unit, Person, User):
        if db.session.scalar(select(model.id).limit(1)) is not None:
            raise Refusal("holds other data; the demo is for an empty one", where="the database")
    with tempfile.TemporaryDirectory(prefix="hrtrain-demo-") as folder:
        import_package(write_demo(Path(folder)), secret_key=secret_key)
    for user in USERS:
        _add(user)
    _sign_headcounts()
    note(LOADED)


def _sign_headcounts() -> None:
    """The focal point has signed for two of the units below: once unchanged, once corrected."""
    by = db.session.scalars(select(User).filter_by(username="dau_moi")).one()
    signature = Signature(by.full_name, "Phó Chánh Văn phòng")
    unions, women = (
        db.session.scalars(select(Unit).filter_by(key=key)).one() for key in ("tn-ldld", "tn-lhpn")
    )
    confirm_all(unions, by=by, signature=signature)
    from_october = (date(2026, 10, 1), None)
    for count in (12, 11):
        numbers = {"spo_key_official": count}
        sign_headcounts(women, numbers, from_october, by=by, signature=signature)


def note(act: str) -> None:
    """Keep in the audit log that this much is done; from then on the demo belongs to its users."""
    record(None, act, ("demo", "demo"), "Nạp dữ liệu minh họa")


def _add(user: DemoUser) -> None:
    person = _attendee() if user.role is Role.ATTENDEE else None
    details = UserDetails(person.full_name if person else user.full_name)
    added = add_user(user.username, details, by=None)
    unit = db.session.scalar(select(Unit).where(Unit.key == user.unit)) if user.unit else None
    add_grant(added, user.role, (unit.id, unit.key) if unit else None, by=None)
    added.password_hash = hash_password(PASSWORD)
    added.person_id = person.id if person else None
    db.session.flush()


def _attendee() -> Person:
    """Somebody who completed the first session that issues certificates."""
    return db.session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_session_id)
        .where(TrainingSession.key == "tn-2026-1", Enrolment.state == "completed")
        .order_by(Person.sort_key, Person.id)
        .limit(1)
    ).one()
