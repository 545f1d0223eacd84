"""The demo's courses, training sessions, who attended, what was completed, who is exempt."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hrtrain.core.period import holds
from hrtrain.exchange.demo import organisations as org
from hrtrain.exchange.demo.people import (
    HR,
    HR_PRESS,
    IC,
    JOURNALIST,
    PRESS,
    SPO,
    TODAY,
    Somebody,
)
from hrtrain.training.rules import valid_through

Rows = list[dict[str, str]]
COURSE, OUTSIDE, BRIEFING, MATERIAL = "tap-huan-qcn", "boi-duong-nhan-quyen", "cap-nhat", "tai-lieu"
_MONTHS = {COURSE: 36, BRIEFING: 12}
HALL = "Hội trường Sở Văn hóa, Thể thao và Du lịch, phường Long An"

COURSES: Rows = [
    {
        "course": COURSE,
        "name": "Tập huấn kiến thức, kỹ năng truyền thông về quyền con người",
        "name_en": "Training in communication on human rights",
        "kind": "training",
        "hours": "16",
        "validity_months": "36",
    },
    {
        "course": OUTSIDE,
        "name": "Bồi dưỡng nghiệp vụ công tác nhân quyền (ngoài tỉnh, được công nhận)",
        "name_en": "Course on human-rights work (held elsewhere, recognised)",
        "kind": "training",
        "hours": "40",
        "validity_months": "",
    },
    {
        "course": BRIEFING,
        "name": "Hội nghị cập nhật thông tin tình hình công tác quyền con người",
        "name_en": "Briefing on the situation of human-rights work",
        "kind": "briefing",
        "hours": "4",
        "validity_months": "12",
    },
    {
        "course": MATERIAL,
        "name": "Bộ tài liệu tuyên truyền, định hướng báo chí và dư luận về nhân quyền",
        "name_en": "Set of materials on human rights",
        "kind": "material",
        "hours": "",
        "validity_months": "",
    },
]


@dataclass(frozen=True)
class Held:
    """A session, whom it was for, and which share of those not yet trained came."""

    key: str
    title: str
    unit: str
    starts_on: date
    days: int
    place: str
    province: str
    shares: dict[str, float]
    course: str = COURSE
    capacity: int = 0
    units: str = ""

    @property
    def last_day(self) -> date:
        """The day it is completed on."""
        return self.starts_on + timedelta(days=self.days - 1)


_TITLE = "Lớp tập huấn truyền thông về quyền con người"
SESSIONS = (
    Held("cb-2023", f"{_TITLE} tỉnh Cao Bằng năm 2023", "cb-svhttdl", date(2023, 9, 19), 2,
         "Trung tâm Hội nghị tỉnh Cao Bằng", org.CAO_BANG, {JOURNALIST: 0.5, HR_PRESS: 0.4}),
    Held("la-2023", f"{_TITLE} tỉnh Long An năm 2023", "la-stttt", date(2023, 9, 26), 2,
         "Hội trường Sở Thông tin và Truyền thông, thành phố Tân An", org.TAY_NINH,
         {HR: 0.6, IC: 0.7, SPO: 0.6, PRESS: 0.6}, units="la-"),
    Held("mc-2024", f"{_TITLE} thành phố Móng Cái năm 2024", "mc-ubnd", date(2024, 4, 11), 1,
         "Trung tâm Truyền thông và Văn hóa thành phố Móng Cái", org.QUANG_NINH,
         {HR: 0.6, IC: 0.6}),
    Held("st-2024", f"{_TITLE} tỉnh Sóc Trăng năm 2024", "st-stttt", date(2024, 6, 20), 2,
         "Hội trường UBND tỉnh Sóc Trăng", org.CAN_THO,
         {HR: 0.9, IC: 0.9, PRESS: 0.9, SPO: 0.9}, units="st-"),
    Held("la-2024", f"{_TITLE} tỉnh Long An năm 2024", "la-stttt", date(2024, 10, 8), 2,
         "Hội trường Sở Thông tin và Truyền thông, thành phố Tân An", org.TAY_NINH,
         {HR: 0.25, IC: 0.4, SPO: 0.35, PRESS: 0.3}),
    Held("tn-2025-1", f"{_TITLE} năm 2025 (lớp 1)", "tn-svhttdl", date(2025, 9, 16), 2,
         HALL, org.TAY_NINH, {HR: 0.2, IC: 0.5, SPO: 0.4, PRESS: 0.6}, capacity=120),
    Held("cb-2025", f"{_TITLE} tỉnh Cao Bằng năm 2025", "cb-svhttdl", date(2025, 10, 21), 2,
         "Trung tâm Hội nghị tỉnh Cao Bằng", org.CAO_BANG,
         {JOURNALIST: 0.8, HR_PRESS: 0.7, HR: 0.4, IC: 0.4}),
    Held("ct-2025", f"{_TITLE} thành phố Cần Thơ năm 2025", "ct-svhttdl", date(2025, 11, 11), 2,
         "Nhà Văn hóa Lao động thành phố Cần Thơ", org.CAN_THO,
         {HR: 0.3, IC: 0.5, PRESS: 0.6, SPO: 0.3}),
    Held("tn-cn-2026", "Hội nghị cập nhật thông tin công tác quyền con người năm 2026", "tn-ca",
         date(2026, 1, 22), 1, "Hội trường Công an tỉnh", org.TAY_NINH,
         {HR: 0.7, SPO: 0.5}, course=BRIEFING),
    Held("tn-2026-1", f"{_TITLE} năm 2026 (lớp 1)", "tn-svhttdl", date(2026, 4, 14), 2, HALL,
         org.TAY_NINH, {HR: 0.25, SPO: 0.85, IC: 0.3}, capacity=75),
    Held("tn-2026-xa", f"{_TITLE} năm 2026 (lớp cán bộ cấp xã)", "tn-svhttdl", date(2026, 6, 16),
         2, HALL, org.TAY_NINH, {HR: 0.4, IC: 0.5}, capacity=150),
    Held("tn-2026-2", f"{_TITLE} năm 2026 (lớp 2, cơ quan báo chí)", "tn-svhttdl",
         date(2026, 9, 22), 2, HALL, org.TAY_NINH, {PRESS: 1.0, IC: 0.5}, capacity=45),
    Held("qn-2026", f"{_TITLE} tỉnh Quảng Ninh năm 2026", "qn-svhttdl", date(2026, 10, 6), 2,
         "Trung tâm Văn hóa phường Móng Cái 1", org.QUANG_NINH, {HR: 0.5, IC: 0.7}),
)  # fmt: skip
COMING = (
    Held("tn-2026-3", f"{_TITLE} năm 2026 (lớp 3, cấp xã)", "tn-svhttdl", date(2026, 12, 8), 2,
         HALL, org.TAY_NINH, {HR: 0.45}, capacity=30),
    Held("qn-2026-2", f"{_TITLE} tỉnh Quảng Ninh năm 2026 (lớp 2)", "qn-svhttdl",
         date(2026, 12, 15), 1, "Trung tâm Văn hóa phường Móng Cái 1", org.QUANG_NINH,
         {HR: 0.9, IC: 0.9}, capacity=40),
    Held("tn-2027-1", f"{_TITLE} năm 2027 (lớp 1, đang chuẩn bị)", "tn-svhttdl",
         date(2027, 3, 16), 2, HALL, org.TAY_NINH, {}, capacity=60),
)  # fmt: skip


@dataclass
class Training:
    """What happened, as rows of a package."""

    random: Random
    people: list[Somebody]
    sessions: Rows = field(default_factory=list)
    enrolments: Rows = field(default_factory=list)
    completions: Rows = field(default_factory=list)
    exemptions: Rows = field(default_factory=list)
    done: dict[tuple[str, str], list[tuple[date, date | None]]] = field(default_factory=dict)

    def run(self) -> None:
        """All of it, in the order of days."""
        self._recognise_outside()
        for held in SESSIONS:
            self._hold(held)
        for coming in COMING:
            self._book(coming)
        self._hand_out_material()
        self._exempt()

    def is_trained(self, person: Somebody, course: str, day: date) -> bool:
        """Whether a completion of the course counts on the day."""
        spans = self.done.get((person.key, course), [])
        return any(done <= day and (not last or day <= last) for done, last in spans)

    def _candidates(self, held: Held, day: date) -> list[Somebody]:
        chosen = []
        for person in self.people:
            stint = person.at(held.starts_on)
            if person.province != held.province or stint is None:
                continue
            share = held.shares.get(stint.group, 0)
            is_here = stint.unit.startswith(held.units) and not stint.unit.startswith("mttq-")
            is_asked = share and is_here and not self.is_trained(person, held.course, day)
            if is_asked and self.random.random() < share:
                chosen.append(person)
        return chosen

    def _hold(self, held: Held) -> None:
        # Who will still count as trained a good while later is not asked to come again.
        people = self._candidates(held, max(held.last_day, TODAY) if PRESS in held.shares
                                  else held.last_day)  # fmt: skip
        self._add_session(held, max(held.capacity, len(people)))
        for person in people[: held.capacity or None]:
            must_come = held.shares.get(person.stints[-1].group) == 1.0
            came = must_come or self.random.random() < 0.94
            self._enrol(held, person, "completed" if came else "incomplete", "1" if came else "0")
            if came:
                self._complete(person, held.course, held.last_day, "session", held.key)

    def _book(self, held: Held) -> None:
        self._add_session(held, held.capacity)
        people = self._candidates(held, TODAY) if held.shares else []
        for number, person in enumerate(people):
            state = "booked" if number < held.capacity else "waiting"
            self._enrol(held, person, state if number != 4 else "withdrawn", "")

    def _add_session(self, held: Held, capacity: int) -> None:
        self.sessions.append(
            {
                "session": held.key,
                "course": held.course,
                "title": held.title,
                "unit": held.unit,
                "starts_on": held.starts_on.isoformat(),
                "ends_on": (held.last_day + timedelta(days=1)).isoformat(),
                "capacity": str(capacity or ""),
                "place": held.place,
            }
        )

    def _enrol(self, held: Held, person: Somebody, state: str, attended: str) -> None:
        row = {"session": held.key, "person": person.key, "state": state, "attended": attended}
        self.enrolments.append(row)

    def _complete(
        self, person: Somebody, course: str, day: date, source: str, session: str = ""
    ) -> None:
        last = valid_through(day, _MONTHS.get(course))
        self.done.setdefault((person.key, course), []).append((day, last))
        # One session's list was typed in late, two months on: true before it was known.
        late = 61 if session == "la-2024" else 3
        self.completions.append(
            {
                "person": person.key,
                "course": course,
                "completed_on": day.isoformat(),
                "valid_through": last.isoformat() if last else "",
                "revoked_from": "",
                "void": "0",
                "source": source,
                "session": session,
                "recorded_at": f"{(day + timedelta(days=late)).isoformat()}T03:30:00Z",
                "retracted_at": "",
            }
        )

    def _recognise_outside(self) -> None:
        """A few police officers were trained by the ministry; its document is recognised."""
        police = [p for p in self.people if p.stints[0].unit.endswith("-ca")]
        for number, person in enumerate(police[2::7], start=11):
            day = person.stints[0].starts_on + timedelta(days=200)
            if day < TODAY:
                # Every third came with an old list, and nobody wrote down by which document.
                source = f"outside: {number}/GCN-HVANND" if number % 3 else ""
                self._complete(person, OUTSIDE, day, source)

    def _hand_out_material(self) -> None:
        for person in self.people:
            stint = person.at(date(2025, 10, 22))
            if stint and stint.group == HR_PRESS and self.random.random() < 0.7:
                self._complete(person, MATERIAL, date(2025, 10, 22), "handed_over: 214/SVHTTDL-BC")

    def _exempt(self) -> None:
        reasons = ("Nghỉ thai sản", "Đi học tập trung dài hạn", "Chờ nghỉ hưu", "Điều trị dài ngày")
        waiting = [
            p
            for p in self.people
            if (stint := p.at(TODAY)) is not None
            and (stint.group, p.province) in ((HR, org.TAY_NINH), (SPO, org.TAY_NINH))
            and holds(stint.starts_on, None, date(2026, 6, 1))
            and not self.is_trained(p, COURSE, TODAY)
        ]
        for number, person in enumerate(waiting[3::9][:6]):
            stint = person.at(TODAY)
            for programme in ("qd1079", "long_an_2023"):
                self.exemptions.append(
                    {
                        "person": person.key,
                        "programme": programme,
                        "group": stint.group if stint else HR,
                        "valid_from": "2026-07-01",
                        "valid_to": "2027-01-01" if number % 2 else "",
                        "reason": reasons[number % len(reasons)],
                        "document_no": f"{31 + number}/QĐ-SVHTTDL",
                        "recorded_at": "2026-06-29T02:00:00Z",
                        "retracted_at": "",
                    }
                )
