"""Pages of duplicates and merges: who sees which pair, decisions, the preview and its undoing."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hrtrain.accounts.rules import Role
from hrtrain.cli.people import look_at_all
from hrtrain.core.db import db
from hrtrain.coverage.queries import Question, standings
from hrtrain.merging.actions import merge
from hrtrain.merging.rules import Choices
from hrtrain.people.duplicates.models import DuplicatePair
from hrtrain.people.models import Membership, Person
from tests import makers
from tests.cast import sign_in
from tests.makers.province import Province, province

FULL = {"birth_date": "1985-03-02", "birth_precision": "day"}


class Twice:
    """Somebody written down twice at two units of a province, trained under the second."""

    def __init__(self) -> None:
        self.place: Province = province()
        self.kept = makers.person("Nguyễn Văn An", phone="0912345678", **FULL)
        self.merged = makers.person("Nguyễn An", phone="0987654321", **FULL)
        makers.membership(self.kept, self.place.group, self.place.left)
        makers.membership(
            self.merged, self.place.group, self.place.right, starts_on=date(2024, 1, 1)
        )
        makers.completion(self.merged, self.place.course, date(2025, 5, 10))
        look_at_all()
        self.pair = db.session.scalars(select(DuplicatePair)).one()
        self.address = f"/people/{self.kept.key}/merge/{self.merged.key}"


@pytest.fixture
def twice(app: Flask) -> Twice:
    return Twice()


@pytest.fixture
def focal(client: FlaskClient, twice: Twice) -> FlaskClient:
    return sign_in(client, makers.user(Role.FOCAL_POINT, twice.place.top))


def form_of(html: str) -> dict[str, str]:
    """What the page's merge form would send as it stands."""
    found = dict(re.findall(r'<input[^>]*name="(seen)"[^>]*value="([^"]*)"', html))
    checked = re.findall(r'<input checked[^>]*name="(\w+)"[^>]*value="(\w+)"', html)
    return {**found, **dict(checked)}


def text_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_pair_stands_with_its_reasons_and_both_sides(focal: FlaskClient, twice: Twice) -> None:
    listed = text_of(focal, "/duplicates")
    for words in ("Nguyễn Văn An", "Nguyễn An", "thiếu tên đệm", "Cùng ngày sinh"):
        assert words in listed
    page = text_of(focal, f"/duplicates/{twice.pair.key}")
    for words in ("0912345678", "0987654321", "Khác số điện thoại", twice.place.course.name):
        assert words in page


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.ORGANIZER, Role.PROGRAMME_MANAGER])
def test_pair_with_one_person_out_of_scope_is_nobodys_business(
    client: FlaskClient, twice: Twice, role: Role
) -> None:
    sign_in(client, makers.user(role, twice.place.left))
    assert twice.pair.key not in text_of(client, "/duplicates")
    for address in (f"/duplicates/{twice.pair.key}", twice.address):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_two_people_are_remembered_and_can_be_taken_up_again(
    focal: FlaskClient, twice: Twice
) -> None:
    address = f"/duplicates/{twice.pair.key}"
    said = {"version": "1", "state": "apart", "reason": "khác quê quán"}
    assert focal.post(address, data=said).status_code == 303
    assert twice.pair.key not in text_of(focal, "/duplicates")
    assert "khác quê quán" in text_of(focal, "/duplicates?state=apart")
    assert focal.post(address, data=said).status_code == 409
    assert focal.post(address, data={"version": "2", "state": "open"}).status_code == 303
    assert twice.pair.key in text_of(focal, "/duplicates")


def test_put_off_pair_is_still_there(focal: FlaskClient, twice: Twice) -> None:
    said = {"version": "1", "state": "later", "reason": "hỏi đơn vị"}
    focal.post(f"/duplicates/{twice.pair.key}", data=said)
    assert "Để sau" in text_of(focal, "/duplicates")
    assert focal.post(f"/duplicates/{twice.pair.key}", data={"state": "no"}).status_code == 422


def test_preview_writes_nothing_and_shows_what_then_happens(
    focal: FlaskClient, twice: Twice
) -> None:
    page = text_of(focal, twice.address)
    assert "Những ngày cả hai hồ sơ cùng có" in page
    looked = focal.post(twice.address, data={**form_of(page), "impact": "1"})
    shown = re.sub(r"<[^>]+>", " ", looked.get_data(as_text=True))
    assert db.session.get_one(Person, twice.merged.id).is_set_aside is False
    before = standings(Question("kh175", date(2026, 6, 1)))[0]
    assert focal.post(twice.address, data=form_of(page)).status_code == 303
    db.session.expire_all()
    after = standings(Question("kh175", date(2026, 6, 1)))[0]
    assert (before.in_scope, before.trained) == (6, 3)
    assert (after.in_scope, after.trained) == (5, 3)
    assert re.search(r"50,0%.*thành.*60,0%", shown, re.DOTALL)


def test_choices_are_done_and_one_click_takes_them_back(focal: FlaskClient, twice: Twice) -> None:
    group, kept = twice.place.group.id, twice.kept.id
    chosen = {"take_phone": "merged", f"days_{group}": "merged", "take_full_name": "merged"}
    sent = {**form_of(text_of(focal, twice.address)), **chosen, "reason": "đã hỏi"}
    made = focal.post(twice.address, data=sent)
    person = db.session.get_one(Person, kept)
    assert (person.full_name, person.phone) == ("Nguyễn An", "0987654321")
    known = select(Membership.unit_id).filter_by(person_id=kept, retracted_at=None)
    in_order = known.order_by(Membership.starts_on)
    assert db.session.scalars(in_order).all() == [twice.place.left.id, twice.place.right.id]
    assert "đã hỏi" in text_of(focal, made.location)
    assert focal.post(f"{made.location}/undo").status_code == 303
    db.session.expire_all()
    assert (person.full_name, person.phone) == ("Nguyễn Văn An", "0912345678")
    assert focal.post(f"{made.location}/undo").status_code == 409


def test_of_two_who_merge_the_same_pair_the_second_is_told(
    focal: FlaskClient, twice: Twice
) -> None:
    sent = form_of(text_of(focal, twice.address))
    assert focal.post(twice.address, data=sent).status_code == 303
    assert focal.post(twice.address, data=sent).status_code == 409


def test_what_changed_since_the_preview_is_shown_first(focal: FlaskClient, twice: Twice) -> None:
    sent = form_of(text_of(focal, twice.address))
    makers.completion(twice.kept, twice.place.course, date(2025, 6, 1))
    answer = focal.post(twice.address, data=sent)
    assert answer.status_code == 409
    again = form_of(answer.get_data(as_text=True))
    assert again["seen"] != sent["seen"]
    assert focal.post(twice.address, data=again).status_code == 303


def test_merged_record_says_who_it_is_now_and_is_changed_no_more(
    focal: FlaskClient, twice: Twice
) -> None:
    merge(twice.kept, twice.merged, Choices(), by=None)
    page = text_of(focal, f"/people/{twice.merged.key}")
    assert f'href="/people/{twice.kept.key}"' in page
    for door in ("edit", "memberships/new", "history?programme=kh175&group=g"):
        assert focal.get(f"/people/{twice.merged.key}/{door}").status_code == 409
    assert "Nguyễn An" in text_of(focal, f"/people/{twice.kept.key}")
    assert twice.merged.key not in text_of(focal, "/people?q=an")


def test_merged_record_answers_only_who_may_see_the_kept(client: FlaskClient, twice: Twice) -> None:
    act = merge(twice.kept, twice.merged, Choices(), by=None)
    sign_in(client, makers.user(Role.FOCAL_POINT, twice.place.other))
    for address in (f"/people/{twice.merged.key}", f"/merges/{act.key}"):
        assert client.get(address).status_code == 404
    assert client.post(f"/merges/{act.key}/undo").status_code == 404


def test_person_page_names_who_may_be_the_same(focal: FlaskClient, twice: Twice) -> None:
    assert f"/duplicates/{twice.pair.key}" in text_of(focal, f"/people/{twice.kept.key}")


def test_national_ids_are_shown_by_their_last_digits_only(focal: FlaskClient, twice: Twice) -> None:
    twice.kept.national_id_hash, twice.kept.national_id_last4 = "f" * 64, "1234"
    twice.merged.national_id_hash, twice.merged.national_id_last4 = "e" * 64, "5678"
    page = text_of(focal, twice.address)
    assert "••••••••1234" in page
    assert "fff" not in page
    assert "take_national_id" in page
