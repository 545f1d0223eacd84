"""Questions about who is in a training session, who is eligible, and who could be enrolled."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.paging import Page, page_of, read_cursor
from hrtrain.core.text import search_key
from hrtrain.people.models import Membership, Person
from hrtrain.people.rosters.types import Entry
from hrtrain.training.matching import KnownPerson, Match, match_people
from hrtrain.training.models import Completion, Enrolment, TrainingSession
from hrtrain.training.rules import SEATED, Mark, Reason, Standing, eligibility
from hrtrain.units.queries import names_on

PAGE = 100


@dataclass(frozen=True)
class Enrollee:
    """A person in a session; unit and position are those of the session's first day.

    ``standing_id``: the record that stands for it now; another where it was merged.
    """

    id: int
    person_id: int
    standing_id: int
    person_key: str
    full_name: str
    sort_key: str
    birth_date: str
    state: str
    state_reason: str
    seat: int | None
    attended: bool | None
    version: int
    position: str = ""
    unit_name: str = ""


@dataclass(frozen=True)
class Candidate:
    """A person who could be enrolled; ``state`` says when already in the session."""

    person_key: str
    full_name: str
    birth_date: str
    position: str
    unit_name: str
    state: str | None


@dataclass(frozen=True)
class MissedRow:
    """A row of a file that means nobody for sure, and the people it might mean."""

    match: Match
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether a person in a session gets a certificate, and why or why not."""

    enrollee: Enrollee
    reason: Reason


def roster_page(
    session: TrainingSession, after: str | None, states: Collection[str] = ()
) -> Page[Enrollee]:
    """A page of the people of a session in Vietnamese name order, of these states if any named."""
    asked = _enrolled(session, states).limit(PAGE + 1)
    if place := read_cursor(after, str, int):
        key, row_id = place
        later = and_(Person.sort_key == key, Person.id > row_id)
        asked = asked.where(or_(Person.sort_key > key, later))
    rows = _with_posts(session, _enrollees(asked))
    return page_of(rows, lambda row: (row.sort_key, row.person_id), size=PAGE)


def roster_of(session: TrainingSession, states: Collection[str] = ()) -> list[Enrollee]:
    """Everybody of a session, of these states if any are named, in Vietnamese name order."""
    return _with_posts(session, _enrollees(_enrolled(session, states)))


def marks_of(session: TrainingSession) -> dict[int, Mark]:
    """How everybody with a seat in the session is marked, by enrolment id."""
    asked = select(Enrolment.id, Enrolment.attended, Enrolment.version).where(
        Enrolment.training_session_id == session.id,
        Enrolment.state.in_(list(SEATED)),
    )
    return {row.id: Mark(row.attended, row.version) for row in db.session.execute(asked)}


def find_enrolment(session: TrainingSession, person_key: str) -> Enrolment | None:
    """The person's place in the session, whatever its state."""
    return db.session.scalar(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.training_session_id == session.id, Person.key == person_key)
    )


def verdicts(
    session: TrainingSession, enrollees: Iterable[Enrollee], certified: Collection[int]
) -> list[Verdict]:
    """Who of these gets a certificate and why not; ``certified`` are person ids holding one."""
    completions = _completions_of(session)
    return [
        Verdict(row, eligibility(_standing(session, row, completions, certified)))
        for row in enrollees
    ]


def reason_counts(session: TrainingSession, certified: Collection[int]) -> dict[Reason, int]:
    """How many people of the session stand for each reason, the eligible first."""
    rows = _enrollees(_enrolled(session))
    counted = Counter(verdict.reason for verdict in verdicts(session, rows, certified))
    return {reason: counted[reason] for reason in Reason if counted[reason]}


def no_longer_complete(session: TrainingSession, certified: Collection[int]) -> list[Enrollee]:
    """People holding a certificate of the session whose completion does not stand any more."""
    standing = {p for p, revoked in _completions_of(session).items() if not revoked}
    return [
        row
        for row in _enrollees(_enrolled(session))
        if row.standing_id in certified and row.standing_id not in standing
    ]


def people_to_enrol(
    session: TrainingSession, text: str, seen: ColumnElement[bool] | None, limit: int = 30
) -> list[Candidate]:
    """Those of the people who may be seen whose name holds the text without marks."""
    words = search_key(text)
    if not words:
        return []
    found = _people(seen).where(Person.search_key.contains(words, autoescape=True))
    return candidates(session, db.session.scalars(found.limit(limit)).all())


def candidates(session: TrainingSession, people: Collection[Person]) -> list[Candidate]:
    """The people with unit and position on the session's first day, and their place in it."""
    ids = [person.id for person in people]
    posts = _posts_on(ids, session.starts_on)
    states = _states_of(session, ids)
    return [
        Candidate(
            person.key,
            person.full_name,
            person.birth_date,
            *posts.get(person.id, (person.position, "")),
            state=states.get(person.id),
        )
        for person in people
    ]


def people_of_keys(keys: Collection[str], seen: ColumnElement[bool] | None) -> list[Person]:
    """Those of the named people who may be seen, by name."""
    return list(db.session.scalars(_people(seen).where(Person.key.in_(list(keys)))))


def matches_of(
    session: TrainingSession, entries: Sequence[Entry], seen: ColumnElement[bool] | None
) -> tuple[list[Candidate], list[MissedRow]]:
    """The people a file's rows mean, by name, and the rows that mean nobody, in their order."""
    names = {search_key(entry.full_name) for entry in entries}
    hashes = {entry.national_id_hash for entry in entries if entry.national_id_hash}
    people = {person.key: person for person in people_named(names, hashes, seen)}
    known = [
        KnownPerson(p.key, p.search_key, p.birth_date, p.national_id_hash) for p in people.values()
    ]
    matches = match_people(entries, known)
    meant = {match.person_key for match in matches if match.person_key}
    found = candidates(session, [people[key] for key in people if key in meant])
    missed = [
        MissedRow(match, tuple(candidates(session, [people[key] for key in match.candidates])))
        for match in matches
        if match.miss
    ]
    return found, missed


def people_named(
    names: Collection[str], hashes: Collection[str], seen: ColumnElement[bool] | None
) -> list[Person]:
    """People who may be seen with one of the folded names or of the national ID hashes."""
    alike = or_(
        Person.search_key.in_(list(names)),
        and_(Person.national_id_hash != "", Person.national_id_hash.in_(list(hashes))),
    )
    return list(db.session.scalars(_people(seen).where(alike)))


def _people(seen: ColumnElement[bool] | None) -> Select[Person]:
    people = select(Person).where(~Person.is_set_aside).order_by(Person.sort_key, Person.id)
    return people if seen is None else people.where(seen)


def _enrolled(session: TrainingSession, states: Collection[str] = ()) -> Select[Enrolment, Person]:
    found = (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.training_session_id == session.id)
        .order_by(Person.sort_key, Person.id)
        # What was read may be minutes old in a session that a bulk statement has since passed by.
        .execution_options(populate_existing=True)
    )
    return found.where(Enrolment.state.in_(list(states))) if states else found


def _enrollees(asked: Select[Enrolment, Person]) -> list[Enrollee]:
    return [
        Enrollee(
            id=enrolment.id,
            person_id=person.id,
            standing_id=person.merged_into_id or person.id,
            person_key=person.key,
            full_name=person.full_name,
            sort_key=person.sort_key,
            birth_date=person.birth_date,
            state=enrolment.state,
            state_reason=enrolment.state_reason,
            seat=enrolment.seat,
            attended=enrolment.attended,
            version=enrolment.version,
            position=person.position,
        )
        for enrolment, person in db.session.execute(asked)
    ]


def _with_posts(session: TrainingSession, rows: list[Enrollee]) -> list[Enrollee]:
    posts = _posts_on([row.person_id for row in rows], session.starts_on)
    told = ((row, posts.get(row.person_id, (row.position, ""))) for row in rows)
    return [replace(row, position=post[0], unit_name=post[1]) for row, post in told]


def _posts_on(person_ids: Collection[int], day: date) -> dict[int, tuple[str, str]]:
    """Position and unit name of each person on the day: the first recorded of several posts."""
    rows = db.session.execute(
        select(Membership.person_id, Membership.position, Membership.unit_id, Person.position)
        .join(Person, Person.id == Membership.person_id)
        .where(*_member_on(day), Membership.person_id.in_(list(person_ids)))
        .order_by(Membership.id.desc())
    ).all()
    names = names_on({row[2] for row in rows}, day)
    return {row[0]: (row[1] or row[3], names[row[2]]) for row in rows}


def _member_on(day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        holds_sql(Membership.starts_on, Membership.ends_on, day),
        Membership.known_at(clock.now()),
    )


def _states_of(session: TrainingSession, person_ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Enrolment.person_id, Enrolment.state).where(
            Enrolment.training_session_id == session.id,
            Enrolment.person_id.in_(list(person_ids)),
        )
    )
    return {row[0]: row[1] for row in rows}


def _completions_of(session: TrainingSession) -> dict[int, bool]:
    """Person id: whether the session's known completion is void or revoked by today."""
    rows = db.session.execute(
        select(Completion.person_id, Completion.is_void, Completion.revoked_from)
        .where(Completion.training_session_id == session.id, Completion.retracted_at.is_(None))
        .order_by(Completion.id)
    )
    today = clock.today()
    return {row[0]: bool(row[1]) or (row[2] is not None and row[2] <= today) for row in rows}


def _standing(
    session: TrainingSession,
    row: Enrollee,
    completions: Mapping[int, bool],
    certified: Collection[int],
) -> Standing:
    return Standing(
        session_state=session.state,
        enrolment_state=row.state,
        attended=row.attended,
        has_completion=row.standing_id in completions,
        completion_revoked=completions.get(row.standing_id, False),
        holds_certificate=row.standing_id in certified,
    )
