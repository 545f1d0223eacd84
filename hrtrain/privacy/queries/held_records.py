"""What is held of the person in other records: training, plans, certificates, account, requests."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.models import SignIn, User
from hrtrain.certificates.queries.certificates import certificates_of
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.language import gettext as _
from hrtrain.core.period import day_before
from hrtrain.coverage import words as coverage_words
from hrtrain.coverage.models import Exemption, Programme
from hrtrain.coverage.person_standings import person_standing
from hrtrain.people.models import CadreGroup, Person
from hrtrain.privacy.keeping import LEFT_PEOPLE, REGISTER, REQUESTS, ROSTERS, SIGN_INS
from hrtrain.privacy.queries.parts import LAST_ENTRIES, Part, Value, headings, rows_of
from hrtrain.privacy.queries.requests import requests_of
from hrtrain.privacy.words import right_name, state_name, via_name
from hrtrain.training import words as training_words
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.training.rules import last_day, read_source


def sessions(ids: Sequence[int]) -> Part:
    """Sessions with state and attendance."""
    asked = (
        select(TrainingSession, Enrolment)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_session_id)
        .where(Enrolment.person_id.in_(ids))
        .order_by(TrainingSession.starts_on, TrainingSession.id)
    )

    def read(row: Any) -> tuple[Value, ...]:
        session, one = row
        attended = str(training_words.ATTENDANCE[one.attended])
        state = str(training_words.ENROLMENT_STATES[one.state])
        return session.title, session.starts_on, last_day(session.ends_on), state, attended

    return Part(
        key="sessions",
        title=_("Lớp tập huấn và điểm danh"),
        purpose=_("Xếp chỗ, điểm danh, xét hoàn thành"),
        source=_("Đơn vị tổ chức lớp"),
        kept=LEFT_PEOPLE,
        columns=headings(("session", "starts_on", "last_on", "state", "attended")),
        rows=rows_of(asked, read),
    )


def completions(ids: Sequence[int]) -> Part:
    """What was completed, what was retracted included."""
    asked = (
        select(Course.name, Completion)
        .join(Course, Course.id == Completion.course_id)
        .where(Completion.person_id.in_(ids))
        .order_by(Completion.completed_on, Completion.id)
    )

    def read(row: Any) -> tuple[Value, ...]:
        course, one = row
        kind, document = read_source(one.source)
        source = str(training_words.SOURCES.get(kind, kind))
        days = one.completed_on, one.valid_through
        return course, *days, source, document, one.recorded_at, one.retracted_at

    columns = ("course", "completed_on", "valid_through", "source_kind", "document_no")
    return Part(
        key="completions",
        title=_("Kết quả tập huấn"),
        purpose=_("Chứng minh ai đã được tập huấn"),
        source=_("Đơn vị tổ chức lớp; giấy tờ của khóa học ở nơi khác được công nhận"),
        kept=LEFT_PEOPLE,
        columns=headings((*columns, "recorded_at", "retracted_at")),
        rows=rows_of(asked, read),
    )


def standings(people: Sequence[Person]) -> Part:
    """What is computed of it today."""
    found = [one for person in people for one in person_standing(person, clock.today())]
    rows: list[tuple[Value, ...]] = [
        (one.title, one.group, str(coverage_words.STATES[one.named.state.value])) for one in found
    ]
    return Part(
        key="standings",
        title=_("Trạng thái theo các kế hoạch, tính từ những dữ liệu trên"),
        purpose=_("Tính tỷ lệ đã tập huấn và lập danh sách còn phải tập huấn"),
        source=_("Hệ thống tính, không nhập riêng"),
        kept=LEFT_PEOPLE,
        columns=headings(("programme", "group", "state")),
        rows=rows,
    )


def exemptions(ids: Sequence[int]) -> Part:
    """Exemptions, what was retracted included."""
    asked = (
        select(Programme.title, CadreGroup.name, Exemption)
        .join(Programme, Programme.id == Exemption.programme_id)
        .join(CadreGroup, CadreGroup.id == Exemption.group_id)
        .where(Exemption.person_id.in_(ids))
        .order_by(Exemption.id)
    )

    def read(row: Any) -> tuple[Value, ...]:
        title, group, one = row
        days = one.starts_on, day_before(one.ends_on)
        return title, group, *days, one.reason, one.document_no, one.recorded_at, one.retracted_at

    columns = ("programme", "group", "starts_on", "last_on", "reason", "document_no")
    return Part(
        key="exemptions",
        title=_("Miễn"),
        purpose=_("Không tính người được miễn vào số phải tập huấn"),
        source=_("Quản lý kế hoạch, theo văn bản"),
        kept=LEFT_PEOPLE,
        columns=headings((*columns, "recorded_at", "retracted_at")),
        rows=rows_of(asked, read),
    )


def certificates(ids: Sequence[int]) -> Part:
    """Certificates and their lines in the register."""
    found = [row for person_id in ids for row in certificates_of(person_id)]
    rows: list[tuple[Value, ...]] = [
        (one.number, one.full_name, one.course, one.issued_on, one.state_name) for one in found
    ]
    return Part(
        key="certificates",
        title=_("Giấy chứng nhận và sổ cấp"),
        purpose=_("Chứng minh kết quả với người khác; sổ cấp là hồ sơ lưu của đơn vị"),
        source=_("Đơn vị cấp giấy; tệp giấy có họ tên, ngày sinh, chức vụ, đơn vị lúc cấp"),
        kept=REGISTER,
        columns=headings(("number", "full_name", "course", "issued_on", "state")),
        rows=rows,
    )


def account(ids: Sequence[int]) -> Part:
    """The account and its sign-ins."""
    users = select(User).where(User.person_id.in_(ids))
    signed = (
        select(SignIn.created_at, SignIn.expires_at, SignIn.address, SignIn.agent)
        .join(User, User.id == SignIn.user_id)
        .where(User.person_id.in_(ids))
        .order_by(SignIn.id.desc())
        .limit(LAST_ENTRIES)
    )
    rows: list[tuple[Value, ...]] = [
        (_("Tài khoản"), f"{user.username} · {user.email}".strip(" ·"), user.created_at, None)
        for user in db.session.scalars(users)
    ]
    rows += [
        (_("Phiên đăng nhập"), f"{row.address} · {row.agent}", row.created_at, row.expires_at)
        for row in db.session.execute(signed)
    ]
    return Part(
        key="account",
        title=_("Tài khoản và phiên đăng nhập"),
        purpose=_("Mở trang của mình và giữ an toàn cho tài khoản"),
        source=_("Quản trị viên lập; trình duyệt gửi khi đăng nhập"),
        kept=SIGN_INS,
        columns=headings(("datum", "value", "recorded_at", "expires_at")),
        rows=rows,
    )


def rosters() -> Part:
    """That rows of rosters are kept for a while; whose they are is not looked up."""
    return Part(
        key="rosters",
        title=_("Dòng trong danh sách bảng tính đơn vị đã gửi"),
        purpose=_("Đối chiếu và hoàn tác việc nhập danh sách"),
        source=_("Đơn vị công tác gửi; số định danh không được giữ trong các dòng này"),
        kept=ROSTERS,
        columns=(),
        rows=[],
    )


def requests(ids: Sequence[int]) -> Part:
    """What the person asked for before."""
    found = requests_of(ids, clock.today())
    rows: list[tuple[Value, ...]] = [
        (
            right_name(one.request.kind),
            one.request.received_on,
            via_name(one.request.via),
            state_name(one.request.state),
            one.request.said,
            one.request.answer,
        )
        for one in found
    ]
    return Part(
        key="requests",
        title=_("Phiếu yêu cầu"),
        purpose=_("Trả lời yêu cầu của chủ thể dữ liệu đúng hạn"),
        source=_("Chính chủ thể dữ liệu"),
        kept=REQUESTS,
        columns=headings(("right", "received_on", "via", "state", "said", "answer")),
        rows=rows,
    )
