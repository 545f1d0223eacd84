"""The page of a person's history: who may read it, what it tells, and from where it is reached."""

from datetime import date

import pytest
from flask import Flask

from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import province
from tests.makers.walk import certificate_of
from tests.pages.test_coverage_pages import leader, words_of


def test_history_tells_each_change_and_its_papers(app: Flask, client: CastClient) -> None:
    here = province()
    session = makers.training_session(here.course, here.left, title="Lớp tháng 5")
    done = {"training_session_id": session.id, "valid_through": date(2026, 8, 31)}
    makers.completion(here.people[2], here.course, date(2026, 5, 5), **done)
    sign_in(client, makers.user("organizer", here.left))
    page = client.get(f"/people/{here.people[2].key}/history").text
    words = words_of(page)
    assert "Vào nhóm tại Sở Văn hóa" in words
    assert f"Hoàn thành “{here.course.name}”" in words
    assert f"“{here.course.name}” hết hiệu lực" in words
    assert "Thiếu “Tập huấn” từ 01/09/2026" in words
    assert f'href="/training-sessions/{session.key}"' in page


def test_leader_reads_the_session_without_a_link(app: Flask, client: CastClient) -> None:
    here = province()
    session = makers.training_session(here.course, here.left, title="Lớp tháng 5")
    done = {"training_session_id": session.id}
    makers.completion(here.people[2], here.course, date(2026, 5, 5), **done)
    page = leader(client, here.left).get(f"/people/{here.people[2].key}/history").text
    assert "Lớp tháng 5" in page and "/training-sessions/" not in page


def test_foreign_person_is_not_found(app: Flask, client: CastClient) -> None:
    here = province()
    leader(client, here.right)
    assert client.get(f"/people/{here.people[0].key}/history").status_code == 404
    assert client.get("/people/khong-co/history").status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("programme=khong-co", 404),
        ("group=khong-co", 422),
        ("known_at=sáng nay", 422),
        ("known_at=01/01/2020 08:00", 200),
        ("programme=kh175&group=hr_officer", 200),
    ],
)
def test_what_cannot_be_asked_is_refused(
    app: Flask, client: CastClient, query: str, status: int
) -> None:
    here = province()
    leader(client, here.left)
    assert client.get(f"/people/{here.people[0].key}/history?{query}").status_code == status


def test_person_page_and_missing_list_lead_to_it(app: Flask, client: CastClient) -> None:
    here = province()
    leader(client, here.left)
    key = here.people[2].key
    wanted = f'href="/people/{key}/history?programme=kh175&amp;group=hr_officer"'
    assert wanted in client.get(f"/people/{key}").text
    assert wanted in client.get("/coverage/kh175/people?group=hr_officer&state=untrained").text


def test_certificate_of_a_completion_is_named_and_linked(app: Flask, client: CastClient) -> None:
    here = province()
    session = makers.training_session(here.course, here.left)
    done = {"training_session_id": session.id}
    makers.completion(here.people[2], here.course, date(2026, 5, 5), **done)
    key = certificate_of(here.people[2], session)
    page = leader(client, here.left).get(f"/people/{here.people[2].key}/history").text
    number = f"0{here.people[2].id}/GCN-X"
    assert f'href="/certificates/{key}">{number}</a>' in page
