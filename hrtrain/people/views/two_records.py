"""Two records side by side: details, days in groups, what each completed and holds."""

from dataclasses import dataclass

from hrtrain.accounts.access import current_user
from hrtrain.accounts.models import User
from hrtrain.certificates.queries.certificates import CertificateRow, certificates_of
from hrtrain.core.formats import birth
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.merging.queries import account_of
from hrtrain.people.gates import KEEPERS
from hrtrain.people.models import Person
from hrtrain.people.queries import MembershipRow, memberships_of
from hrtrain.people.words import gender_name
from hrtrain.training.queries.courses import CompletionRow, completions_of
from hrtrain.training.queries.sessions import OwnSession, training_sessions_of
from hrtrain.units.scope import scope_of

LABELS = {
    "full_name": _l("Họ và tên"),
    "birth": _l("Ngày sinh"),
    "gender": _l("Giới tính"),
    "position": _l("Chức vụ"),
    "phone": _l("Số điện thoại"),
    "email": _l("Thư điện tử"),
    "national_id": _l("Số định danh"),
}


@dataclass(frozen=True)
class Record:
    """One side: the person, the details as written, and the facts known now."""

    person: Person
    details: dict[str, str]
    memberships: list[MembershipRow]
    completions: list[CompletionRow]
    certificates: list[CertificateRow]
    sessions: list[OwnSession]
    account: User | None


def record_of(person: Person) -> Record:
    """Everything a decision about the record needs."""
    scope = scope_of(current_user(), *KEEPERS)
    rows = memberships_of(person, scope, scope)
    return Record(
        person=person,
        details=details_of(person),
        memberships=[row for row in rows if row.retracted_at is None],
        completions=completions_of(person),
        certificates=certificates_of(person.id),
        sessions=training_sessions_of(person),
        account=account_of(person),
    )


def details_of(person: Person) -> dict[str, str]:
    """The details as pages write them; of a national ID its last digits only."""
    last4 = person.national_id_last4
    return {
        "full_name": person.full_name,
        "birth": birth(person.birth_date) if person.birth_date else "",
        "gender": gender_name(person.gender),
        "position": person.position,
        "phone": person.phone,
        "email": person.email,
        "national_id": f"••••••••{last4}" if last4 else "",
    }
