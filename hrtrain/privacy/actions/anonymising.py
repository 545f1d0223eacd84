"""Takes from a person all that tells who it is, and leaves all that is counted.

Facts stay (memberships, completions, exemptions, enrolments): every figure of every day is as it
was. What they carry in words goes. Nothing is kept by which it could be undone. A certificate keeps
its line in the register for as long as the rule says (`docs/personal-data.md`); its file goes.
Backups made before and sealed reports still hold the name: the first end with their own term, the
second are records whose pages show the anonymous name.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import Invitation, SignIn, User
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.text import search_key, sort_key
from hrtrain.coverage.models import Exemption
from hrtrain.coverage.seals.models import Seal
from hrtrain.people.identity import new_access_code
from hrtrain.people.models import Membership, Person
from hrtrain.privacy.actions.forgetting import (
    Subject,
    forget_duplicates,
    forget_in_logs,
    forget_in_rosters,
)
from hrtrain.privacy.actions.register import forget_on_certificates
from hrtrain.privacy.models import SubjectRequest
from hrtrain.privacy.rules import anonymous_name
from hrtrain.training.models import Completion, Enrolment
from hrtrain.training.rules import read_source

PERSONAL = {
    "gender": "",
    "birth_date": "",
    "birth_precision": "",
    "position": "",
    "phone": "",
    "email": "",
    "national_id_hash": "",
    "national_id_last4": "",
}


def anonymise(people: Sequence[Person], reason: str, *, by: User | None) -> None:
    """The person and the records merged into it; not reversible. The audit log has no name of it.

    Refused when it was done before, or while the person's account has a role beside attendee's.
    """
    for person in people:
        lock(person)
    if all(person.anonymised_at is not None for person in people):
        raise Refusal(_("Người này đã được ẩn danh."))
    users = _accounts([person.id for person in people])
    subject = _subject(people, users)
    forget_on_certificates(subject.ids, keep_register=True)
    _forget_words_of_facts(subject.ids)
    forget_in_rosters(subject)
    forget_duplicates(subject.ids)
    for user in users:
        _close(user)
    forget_in_logs(subject)
    for person in people:
        _forget(person)
    db.session.flush()
    for person in people:
        record(by, "person_anonymised", ("person", person.key), _("Ẩn danh"), reason=reason)


def _subject(people: Sequence[Person], users: Sequence[User]) -> Subject:
    names = {person.full_name for person in people} | {user.full_name for user in users}
    return Subject(
        ids=tuple(person.id for person in people),
        keys=tuple(person.key for person in people),
        names=tuple(sorted(names, key=len, reverse=True)),
        births=tuple(person.birth_date for person in people),
        usernames={user.username: _nameless(user) for user in users},
        label=anonymous_name(people[0].id),
    )


def _forget(person: Person) -> None:
    name = anonymous_name(person.id)
    person.full_name, person.sort_key, person.search_key = name, sort_key(name), search_key(name)
    for column, value in PERSONAL.items():
        setattr(person, column, value)
    # Whoever still has the old link must not come in by it.
    person.access_code = new_access_code()
    person.anonymised_at = clock.now()
    person.version += 1


def _forget_words_of_facts(ids: Sequence[int]) -> None:
    """Positions, reasons and foreign document numbers; what is counted is not touched."""
    _update(Membership, ids, position="")
    _update(Exemption, ids, approver="")
    _forget_reasons(ids)
    _update(Enrolment, ids, state_reason="")
    _update(SubjectRequest, ids, said="", answer="", extension_reason="")
    told = select(Completion.id, Completion.source).where(
        Completion.person_id.in_(ids), Completion.source.contains(": ")
    )
    for row in db.session.execute(told).all():
        kind, _document_no = read_source(row.source)
        named = update(Completion).where(Completion.id == row.id)
        db.session.execute(named.values(source=kind))


def _forget_reasons(ids: Sequence[int]) -> None:
    """Why somebody is exempt; not where a sealed report quotes it for want of a document's number:
    it holds the reason anyhow, and could not be counted again without.
    """
    is_quoted = (
        select(Seal.id)
        .where(Seal.programme_id == Exemption.programme_id)
        .where(Seal.known_at >= Exemption.recorded_at, Exemption.document_no == "")
        .exists()
    )
    whose = update(Exemption).where(Exemption.person_id.in_(ids), ~is_quoted)
    forgotten = whose.values(reason="")
    db.session.execute(forgotten, execution_options={"synchronize_session": False})


def _update(
    table: type[Membership | Exemption | Enrolment | SubjectRequest],
    ids: Sequence[int],
    **values: str,
) -> None:
    db.session.execute(update(table).where(table.person_id.in_(ids)).values(**values))


def _accounts(ids: Sequence[int]) -> list[User]:
    users = list(db.session.scalars(select(User).where(User.person_id.in_(ids))))
    for user in users:
        if any(grant.role != Role.ATTENDEE for grant in user.grants):
            raise Refusal(
                _(
                    "Người này còn là người dùng %(username)s có vai trò khác học viên. "
                    "Hãy bỏ các vai trò ấy trước.",
                    username=user.username,
                )
            )
    return users


def _nameless(user: User) -> str:
    return f"an-danh-{user.id}"


def _close(user: User) -> None:
    """The account remains as the doer of what it did, under no name."""
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    db.session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    user.username, user.full_name = _nameless(user), anonymous_name(user.person_id or 0)
    user.search_key = search_key(f"{user.username} {user.full_name}")
    user.email = user.password_hash = ""
    user.is_disabled = True
    user.grants.clear()
    user.version += 1
