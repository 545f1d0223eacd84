"""Questions about courses and who completed them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.people.models import Person
from hrtrain.training.models import Completion, Course, TrainingSession
from hrtrain.training.rules import read_source


@dataclass(frozen=True)
class CourseRow:
    """A course of the list, with how many training sessions of it the reader may see."""

    course: Course
    session_count: int


@dataclass(frozen=True)
class CompletionRow:
    """A known completion of a person, with what proves it."""

    id: int
    course_key: str
    course_name: str
    completed_on: date
    valid_through: date | None
    revoked_from: date | None
    is_void: bool
    source: str
    document_no: str
    session_key: str | None
    session_title: str | None


def find_course(key: str) -> Course | None:
    """The course of this key."""
    return db.session.scalar(select(Course).where(Course.key == key))


def courses() -> list[Course]:
    """Every course, by name."""
    return list(db.session.scalars(select(Course).order_by(Course.name, Course.id)))


def course_page(text: str, reached: Select[int] | None, after: str | None) -> Page[CourseRow]:
    """A page of the courses whose name or key holds the text, by name."""
    asked = select(Course).order_by(Course.name, Course.id).limit(SIZE + 1)
    if text:
        held = (column.icontains(text, autoescape=True) for column in (Course.name, Course.key))
        asked = asked.where(or_(*held))
    if place := read_cursor(after, str, int):
        name, row_id = place
        asked = asked.where(or_(Course.name > name, (Course.name == name) & (Course.id > row_id)))
    found = db.session.scalars(asked).all()
    counts = _session_counts([course.id for course in found], reached)
    rows = [CourseRow(course, counts.get(course.id, 0)) for course in found]
    return page_of(rows, lambda row: (row.course.name, row.course.id))


def completions_of(person: Person) -> list[CompletionRow]:
    """A person's known completions, the newest first, void and revoked ones included."""
    rows = db.session.execute(
        select(Completion, Course.key, Course.name, TrainingSession.key, TrainingSession.title)
        .join(Course, Course.id == Completion.course_id)
        .outerjoin(TrainingSession, TrainingSession.id == Completion.training_session_id)
        .where(Completion.person_id == person.id, Completion.retracted_at.is_(None))
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
    )
    return [_completion_row(*row) for row in rows]


def find_completion(person: Person, completion_id: int) -> Completion | None:
    """A known completion of the person."""
    return db.session.scalar(
        select(Completion).where(
            Completion.id == completion_id,
            Completion.person_id == person.id,
            Completion.retracted_at.is_(None),
        )
    )


def _completion_row(
    completion: Completion,
    course_key: str,
    course_name: str,
    session_key: str | None,
    session_title: str | None,
) -> CompletionRow:
    source, document_no = read_source(completion.source)
    return CompletionRow(
        id=completion.id,
        course_key=course_key,
        course_name=course_name,
        completed_on=completion.completed_on,
        valid_through=completion.valid_through,
        revoked_from=completion.revoked_from,
        is_void=completion.is_void,
        source=source,
        document_no=document_no,
        session_key=session_key,
        session_title=session_title,
    )


def _session_counts(ids: Iterable[int], reached: Select[int] | None) -> dict[int, int]:
    counted = (
        select(TrainingSession.course_id, func.count())
        .where(TrainingSession.course_id.in_(list(ids)))
        .group_by(TrainingSession.course_id)
    )
    if reached is not None:
        counted = counted.where(TrainingSession.unit_id.in_(reached))
    return {row[0]: row[1] for row in db.session.execute(counted)}
