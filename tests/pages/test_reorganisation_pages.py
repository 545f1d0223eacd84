"""A reorganisation on the pages: entered, previewed, done, decided on, undone."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hrtrain.accounts.models import User
from hrtrain.core.db import db
from hrtrain.core.jobs.worker import run_waiting
from hrtrain.coverage.queries import Question, standings
from hrtrain.people.models import Membership
from hrtrain.reorganising.models import Choice, Reorganisation
from hrtrain.reorganising.views import page as pages
from hrtrain.units.models import Unit, UnitName
from tests import makers
from tests.cast import sign_in
from tests.makers.certificates import series
from tests.makers.province import Province, province

ON = date(2025, 7, 1)


@pytest.fixture
def there(client: FlaskClient) -> Province:
    """The province, its manager signed in."""
    made = province()
    sign_in(client, makers.user("programme_manager"))
    return made


def begun(client: FlaskClient, title: str = "Sắp xếp cơ quan báo chí") -> str:
    """The address of a plan that has no steps yet."""
    form = client.get("/reorganisations/new").get_data(as_text=True)
    once = re.search(r'name="once"[^>]*value="([^"]+)"', form)
    assert once
    values = {"title": title, "document_no": "12/NQ", "effective_on": "01/07/2025"}
    client.post("/reorganisations/new", data={**values, "once": once.group(1)})
    return f"/reorganisations/{once.group(1)}"


def add(client: FlaskClient, plan: str, does: str, **values: Any) -> TestResponse:
    return client.post(f"{plan}/steps/{does}", data={"tier": "", "kind": "", **values})


def shown(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def merged(client: FlaskClient) -> str:
    plan = begun(client)
    assert add(client, plan, "merge", **{"units-0": "u2", "to": "Sở Văn hóa"}).status_code == 303
    return plan


def split(client: FlaskClient, there: Province) -> str:
    plan = begun(client)
    values = {"unit": "u1", "to-0": "Báo Tây Ninh [u2]", "name-0": "", "to-1": ""}
    values["name-1"] = "Tạp chí Tây Ninh"
    assert add(client, plan, "split", **values).status_code == 303
    assert client.post(f"{plan}/apply").status_code == 303
    return plan


def at(unit: Unit) -> int:
    held = select(Membership.id).where(Membership.unit_id == unit.id)
    held = held.where(Membership.retracted_at.is_(None), Membership.ends_on.is_(None))
    return len(db.session.scalars(held).all())


def test_a_merger_is_previewed_done_and_undone(client: FlaskClient, there: Province) -> None:
    makers.training_session(there.course, there.right, title="Lớp của Báo")
    focal_point = makers.user("focal_point", there.right, full_name="Đầu mối Báo")
    plan = merged(client)
    text = shown(client, plan)
    for words in ("Lớp của Báo", focal_point.full_name, "Đang soạn", "Báo Tây Ninh"):
        assert words in text
    assert "Bùi Đạt" in shown(client, f"{plan}/people")
    assert at(there.right) == 1
    assert client.post(f"{plan}/apply").status_code == 303
    assert (at(there.right), at(there.left)) == (0, 4)
    assert "Đã thực hiện" in shown(client, plan)
    assert "Bùi Đạt" in shown(client, f"{plan}/people")
    assert client.post(f"{plan}/undo").status_code == 303
    assert at(there.right) == 1
    assert "Đã hoàn tác" in shown(client, plan)
    assert client.post(f"{plan}/undo").status_code == 409


def test_what_would_change_is_what_then_changes(client: FlaskClient, there: Province) -> None:
    plan = merged(client)
    text = client.post(f"{plan}/apply", data={"impact": "1"}).get_data(as_text=True)
    cells = re.findall(r'impact-was">([^<]*)</span>.*?<strong>([^<]*)</strong>', text, re.DOTALL)
    assert ("3", "4") in cells
    assert at(there.right) == 1
    before = standings(Question("kh175", ON, "u1"))[0].required
    client.post(f"{plan}/apply")
    assert (before, standings(Question("kh175", ON, "u1"))[0].required) == (3, 4)


def test_a_split_into_an_existing_and_a_new_unit_is_decided_person_by_person(
    client: FlaskClient, there: Province
) -> None:
    plan = split(client, there)
    queue = shown(client, f"{plan}/queue?unit=u1")
    for words in ("Đỗ Anh", "Trần Thị Ánh", "Lê Văn Ân", "Tạp chí Tây Ninh"):
        assert words in queue
    journal = db.session.scalars(select(Unit).where(Unit.name == "Tạp chí Tây Ninh")).one()
    first, second, _third = db.session.scalars(select(Choice.id).order_by(Choice.id)).all()
    chosen = {"choice": [first, second], "to": journal.key}
    assert client.post(f"{plan}/queue?unit=u1", data=chosen).status_code == 303
    assert at(journal) == 2
    decided = shown(client, f"{plan}/queue?state=decided")
    assert "Đỗ Anh" in decided
    assert "Lê Văn Ân" not in decided
    assert "còn 1/3" in shown(client, plan)
    assert journal.key in shown(client, plan)


def test_nobody_ticked_or_nowhere_to_go_is_said_on_the_page(
    client: FlaskClient, there: Province
) -> None:
    plan = split(client, there)
    first = db.session.scalars(select(Choice.id)).first()
    nobody = client.post(f"{plan}/queue?unit=u1", data={"to": "u2"})
    assert (nobody.status_code, "ít nhất một người" in nobody.text) == (422, True)
    nowhere = client.post(f"{plan}/queue", data={"choice": [first], "unit": "không có"})
    assert nowhere.status_code == 422
    assert client.get(f"{plan}/queue?unit=nothing").status_code == 404


def test_every_kind_of_step_can_be_entered_and_taken_out(
    client: FlaskClient, there: Province
) -> None:
    plan = begun(client)
    steps: list[tuple[str, dict[str, str]]] = [
        ("rename", {"unit": "u1", "name": "Sở Văn hóa và Thể thao"}),
        ("retype", {"unit": "u2", "tier": "commune"}),
        ("move", {"unit": "u1", "parent": "v0"}),
        ("dissolve", {"unit": "v0"}),
    ]
    for does, values in steps:
        assert client.get(f"{plan}/steps/{does}").status_code == 200
        assert add(client, plan, does, **values).status_code == 303
    text = shown(client, plan)
    assert "Phương án chưa thực hiện được" in text
    assert client.post(f"{plan}/apply").status_code == 422
    assert client.post(f"{plan}/steps/4/remove").status_code == 303
    assert client.post(f"{plan}/steps/4/remove").status_code == 409
    assert client.post(f"{plan}/apply").status_code == 303
    names = select(UnitName.name).where(UnitName.starts_on == ON).order_by(UnitName.name)
    assert db.session.scalars(names).all() == ["Báo Tây Ninh", "Sở Văn hóa và Thể thao"]
    assert client.get(f"{plan}/steps/nothing").status_code == 404


@pytest.mark.parametrize(
    ("does", "values"),
    [
        ("merge", {"to": "u1"}),
        ("merge", {"units-0": "u2"}),
        ("merge", {"units-0": "u2", "to": "u1", "name": "Mới"}),
        ("merge", {"units-0": "nobody", "to": "u1"}),
        ("split", {"unit": "u1", "to-0": "u2"}),
        ("split", {"unit": "u1", "to-0": "u2", "name-0": "Mới", "to-1": "v0"}),
        ("retype", {"unit": "u1"}),
        ("rename", {"unit": "u1", "name": " "}),
        ("dissolve", {"unit": ""}),
    ],
)
def test_a_step_half_filled_in_is_shown_again(
    client: FlaskClient, there: Province, does: str, values: dict[str, str]
) -> None:
    plan = begun(client)
    assert add(client, plan, does, **values).status_code == 422
    assert db.session.scalars(select(Reorganisation)).one().plan == []


def send(client: FlaskClient, plan: str, text: str) -> TestResponse:
    file = (BytesIO(text.encode()), "plan.csv")
    return client.post(f"{plan}/file", data={"file": file})


HEAD = "predecessor_key,successor_key,effective_on,is_default\n"


def test_a_plan_comes_from_a_file_or_is_refused_by_line(
    client: FlaskClient, there: Province
) -> None:
    plan = begun(client)
    refused = send(client, plan, HEAD + "u2,u1,2025-07-02,1\n")
    assert (refused.status_code, "Dòng 2, cột effective_on" in refused.text) == (422, True)
    assert send(client, plan, HEAD + "u2,u1,2025-07-01,1\n").status_code == 303
    client.post(f"{plan}/apply")
    assert at(there.left) == 4
    late = send(client, plan, HEAD + "u2,u1,2025-07-01,1\n")
    assert late.status_code == 422


def test_a_great_plan_is_done_by_a_worker(
    client: FlaskClient, there: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_MEMBERSHIPS_AT_ONCE", 0)
    plan = merged(client)
    assert "tiến trình nền" in shown(client, plan)
    job = client.post(f"{plan}/apply").headers["Location"]
    assert at(there.right) == 1
    run_waiting()
    assert at(there.left) == 4
    assert "Xem kết quả" in shown(client, job)


def test_what_stays_at_an_ended_unit_is_listed_to_be_decided_by_hand(
    client: FlaskClient, there: Province
) -> None:
    series(there.right, "GCN-BTN")
    there.target.scope_unit_id = there.right.id
    plan = merged(client)
    before = shown(client, plan)
    client.post(f"{plan}/apply")
    for text in (before, shown(client, plan)):
        assert "GCN-BTN" in text
        assert there.group.name in text


def test_heading_is_changed_until_it_is_done_and_two_at_a_time_are_told(
    client: FlaskClient, there: Province
) -> None:
    plan = merged(client)
    form = shown(client, f"{plan}/edit")
    version = re.search(r'name="version"[^>]*value="(\d+)"', form)
    once = re.search(r'name="once"[^>]*value="([^"]+)"', form)
    assert version
    assert once
    values = {"version": version.group(1), "once": once.group(1), "document_no": "13/NQ"}
    values |= {"title": "Tên khác", "effective_on": "01/08/2025"}
    assert client.post(f"{plan}/edit", data=values).status_code == 303
    assert "01/08/2025" in shown(client, plan)
    assert client.post(f"{plan}/edit", data=values).status_code == 409


def test_a_plan_can_be_discarded_until_it_is_done(client: FlaskClient, there: Province) -> None:
    plan = merged(client)
    assert client.post(f"{plan}/discard").status_code == 303
    assert client.get(plan).status_code == 404
    done = merged(client)
    client.post(f"{done}/apply")
    assert client.post(f"{done}/discard").status_code == 422
    assert "Sắp xếp cơ quan báo chí" in shown(client, "/reorganisations")


def test_a_manager_of_a_part_reorganises_that_part_only(client: FlaskClient) -> None:
    there = province()
    sign_in(client, makers.user("programme_manager", there.left))
    plan = begun(client)
    assert add(client, plan, "dissolve", unit="u2").status_code == 422
    assert add(client, plan, "rename", unit="u1", name="Sở Mới").status_code == 303
    assert send(client, plan, HEAD + "u2,u1,2025-07-01,1\n").status_code == 422
    assert client.post(f"{plan}/apply").status_code == 303
    stranger: User = makers.user("programme_manager", there.right)
    sign_in(client, stranger)
    assert client.get(plan).status_code == 404
    assert "Sắp xếp cơ quan" not in shown(client, "/reorganisations")


def test_a_unit_shows_its_lineage_with_the_document(client: FlaskClient, there: Province) -> None:
    plan = merged(client)
    client.post(f"{plan}/apply")
    for unit, kin in (("u1", "Báo Tây Ninh"), ("u2", "Sở Văn hóa")):
        text = shown(client, f"/units/{unit}")
        assert "lineage-bar" in text
        assert kin in text
        assert f'href="{plan}">12/NQ' in text
    assert "lineage-bar" not in shown(client, "/units/v0")
