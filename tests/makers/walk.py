"""Two sides of a province, one the walking user's own, with one thing of every kind on each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.models import Grant, User
from hrtrain.certificates.models import Certificate
from hrtrain.core.db import db
from hrtrain.core.jobs.models import Job
from hrtrain.coverage.models import Programme
from hrtrain.merging.actions import merge
from hrtrain.merging.rules import Choices
from hrtrain.people.duplicates.models import DuplicatePair
from hrtrain.people.models import Person, RosterUpload
from hrtrain.privacy.models import SubjectRequest
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.actions.drafting import Heading, draft
from hrtrain.reorganising.rules import Does, Entry
from hrtrain.training.models import TrainingSession
from hrtrain.units.models import Unit
from tests import makers
from tests.makers import certificates
from tests.makers.seals import restated, sealed

ROW_STATES = ("new", "changed", "unchanged", "refused")


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


@dataclass(frozen=True)
class Side:
    """One of everything that belongs to a unit, beside what belongs to nobody."""

    shared: dict[str, Any]
    unit: Unit
    person: Person
    session: TrainingSession
    keys: dict[str, Any]

    def values_for(self, kind: str, arguments: Iterable[str]) -> dict[str, Any]:
        """What to put into a path below ``/<kind>``; a name nobody knows is an error."""
        values = {name: self.keys.get(name, self.shared.get(name)) for name in arguments}
        if "key" in values:
            values["key"] = self.keys.get(kind, self.shared.get(kind))
        missing = [name for name, value in values.items() if value is None]
        assert not missing, f"the walk knows no {missing} below /{kind}"
        return values


@dataclass(frozen=True)
class World:
    """The user who walks, and both sides."""

    user: User
    own: Side
    foreign: Side

    @classmethod
    def build(cls, role: str) -> "World":
        """A province of two units; the user holds the role for the first of them."""
        top = makers.unit("top")
        group, course, programme = makers.group(), makers.course(), makers.programme()
        programme.authority_unit_id = top.id
        makers.target(programme, group)
        option = makers.requirement(programme, group, course)
        shared = {
            "groups": group.key,
            "group": group.key,
            "courses": course.key,
            "programmes": programme.key,
            "programme": programme.key,
            "number": option.id,
            "position": 1,
            "kind": "accesses",
            "act": "acknowledge",
            "code": "0000-0000",
            "token": "nothing",
            "does": "merge",
            "line": 1,
        }
        own, foreign = (
            build_side(shared, makers.unit(under=top), group=group, course=course) for _ in range(2)
        )
        user = makers.user(role, own.unit, person_id=own.person.id)
        for side, somebody in ((own, user), (foreign, makers.user())):
            plan = _reorganisation(somebody, side.unit)
            side.keys.update(jobs=_job(somebody), reorganisations=plan, sign_in_id=1)
        return cls(user, own, foreign)


def _job(asker: User) -> str:
    job = _kept(Job(key=f"job-{asker.id}", kind="nothing", state="done", asked_by_id=asker.id))
    return str(job.key)


def _reorganisation(maker: User, unit: Unit) -> str:
    """Done, with somebody to decide on."""
    heading = Heading("Giải thể", "01/QĐ", date(2026, 5, 6))
    entries = [Entry(1, Does.DISSOLVE, makers.unit(under=unit).key)]
    plan = draft(f"r-{maker.id}", heading, entries, by=maker)
    apply(plan, by=maker)
    return plan.key


def build_side(shared: dict[str, Any], unit: Unit, *, group: Any, course: Any) -> Side:
    """One of everything at the unit."""
    person = makers.person()
    member = makers.membership(person, group, unit)
    session = makers.training_session(course, unit)
    makers.enrolment(session, person, attended=True)
    done = makers.completion(person, course, date(2026, 5, 5), training_session_id=session.id)
    somebody = makers.user("focal_point", unit)
    other = makers.person("Nguyễn An")
    makers.membership(other, group, unit)
    keys = {
        "units": unit.key,
        "other": other.key,
        "duplicates": _pair(person, other),
        "merges": merge(person, makers.person(), Choices(), by=None).key,
        "headcounts": unit.key,
        "people": person.key,
        "person": person.key,
        "training-sessions": session.key,
        "me": session.key,
        "certificates": certificate_of(person, session),
        "certificate-series": certificates.series(unit, f"GCN-{unit.id}").key,
        "rosters": _upload(unit, group, somebody),
        "seals": _seal(shared["programme"], unit),
        "privacy": _data_request(person),
        "membership_id": member.id,
        "completion_id": done.id,
        "users": somebody.username,
        "username": somebody.username,
        "grant_id": db.session.query(Grant.id).filter_by(user_id=somebody.id).scalar(),
    }
    return Side(shared, unit, person, session, keys)


def _pair(first: Person, second: Person) -> str:
    about = {"score": 70, "level": "possible", "reasons": []}
    row = DuplicatePair(key=f"d-{first.id}", first_id=first.id, second_id=second.id, **about)
    return str(_kept(row).key)


def certificate_of(person: Person, session: TrainingSession) -> str:
    """The key of a certificate the person has of the session."""
    key = f"cert-{person.id}"
    row = Certificate(
        key=key,
        person_id=person.id,
        training_session_id=session.id,
        course_id=session.course_id,
        number=f"0{person.id}/GCN-X",
        issued_on=date(2026, 5, 6),
        check_code=f"code{person.id}",
        qr_code=f"qr{person.id}",
    )
    return str(_kept(row).key)


def _data_request(person: Person) -> str:
    row = SubjectRequest(
        key=f"req-{person.id}",
        person_id=person.id,
        kind="correct",
        via="office",
        received_on=date(2026, 11, 2),
        acknowledge_by=date(2026, 11, 4),
        answer_by=date(2026, 11, 12),
    )
    return str(_kept(row).key)


def _seal(programme: str, unit: Unit) -> str:
    asked = select(Programme).where(Programme.key == programme)
    return restated(sealed(db.session.scalars(asked).one(), unit, day=date(2026, 5, 6))).key


def _upload(unit: Unit, group: Any, sender: User) -> str:
    row = RosterUpload(
        key=f"upload-{unit.id}",
        file_name="danh-sach.xlsx",
        content=b"",
        sha256="0" * 64,
        unit_id=unit.id,
        group_id=group.id,
        starts_on=date(2026, 1, 1),
        reading={"sheets": [], "counts": dict.fromkeys(ROW_STATES, 0)},
        uploaded_by_id=sender.id,
    )
    return str(_kept(row).key)
