"""A reader who switches to English is spoken to in English; names of people and units stay."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hrtrain.accounts.rules import Role
from hrtrain.people.rosters.header import field_of
from hrtrain.people.rosters.types import FIELDS
from hrtrain.people.rosters.words import column_words
from tests import makers
from tests.cast import sign_in
from tests.makers.province import province

# Of each page, what its labels are called: Vietnamese, English.
LABELS = {
    "/": [
        ("Bảng theo dõi", "Dashboard"),
        ("Chỉ tiêu chưa đạt", "Targets not met"),
        ("Người đã tập huấn", "People trained"),
        ("Tính đến ngày", "As of"),
    ],
    "/people": [
        ("Những người thuộc các nhóm phải tập huấn", "The people of the groups that must be"),
        ("Đơn vị và cấp dưới", "Unit and below"),
        ("Ngày sinh", "Date of birth"),
        ("Tham gia vào ngày", "Members on"),
    ],
    "/training-sessions?when=all": [
        ("Lớp tập huấn", "Training sessions"),
        ("Chỗ đã xếp", "Seats taken"),
        ("Trạng thái", "Status"),
        ("Đang mở", "Open"),
    ],
    "/certificates": [
        ("Giấy chứng nhận", "Certificates"),
        ("Tình trạng", "Status"),
        ("Đã thu hồi", "Revoked"),
    ],
    "/programmes": [
        ("Kế hoạch và chỉ tiêu", "Plans and targets"),
        ("Đơn vị ban hành", "Issuing unit"),
        ("Thời gian", "Period"),
    ],
    "/units/u0": [
        ("Cán bộ theo nhóm", "People by group"),
        ("Cả đơn vị cấp dưới", "Including subordinate units"),
        ("Tiền thân", "Predecessors"),
        ("Tên qua các thời kỳ", "Names over time"),
    ],
    "/trust": [
        ("Cách xếp mức", "How grades are given"),
        ("Điều còn thiếu", "What is missing"),
    ],
    "/headcounts/-/due": [
        ("Đơn vị cần khai số lượng", "Units to declare headcounts"),
        ("Chưa khai lần nào", "Never declared"),
    ],
    "/reorganisations": [
        ("Sắp xếp đơn vị", "Reorganisations"),
        ("Soạn phương án", "Draft a reorganisation"),
    ],
    "/privacy/requests": [
        ("Phiếu yêu cầu về dữ liệu cá nhân", "Request forms about personal data"),
        ("Không có phiếu nào", "No request forms"),
    ],
}
FRAME = [("Danh mục chính", "Main menu"), ("Đăng xuất", "Sign out"), ("Đơn vị", "Units")]
# What the data themselves say, and the button that leads back.
NAMES = (
    *("Tỉnh Tây Ninh", "Sở Văn hóa", "Báo Tây Ninh", "Tỉnh khác", "Cán bộ nhân quyền", "Tập huấn"),
    *("Kế hoạch kh175", "Khóa qcn"),
    *("Đỗ Anh", "Trần Thị Ánh", "Lê Văn Ân", "Bùi Đạt", ": chuyển sang tiếng Việt"),
)
VIETNAMESE = re.compile("[^<>]*[à-ỹđĐ][^<>]*")


@pytest.fixture(params=[Role.PROGRAMME_MANAGER, Role.LEADERSHIP])
def reader(client: FlaskClient, request: pytest.FixtureRequest) -> FlaskClient:
    place = province()
    makers.training_session(place.course, place.left, title="2026/1", place="")
    return sign_in(client, makers.user(request.param, full_name="Lan"))


def open_pages(reader: FlaskClient) -> dict[str, str]:
    """The pages the reader's role opens."""
    answers = {path: reader.get(path) for path in LABELS}
    return {path: answer.text for path, answer in answers.items() if answer.status_code == 200}


def switch(reader: FlaskClient, language: str) -> None:
    answer = reader.post("/language", data={"language": language, "next": "/"})
    assert answer.status_code in (302, 303)


def test_pages_are_vietnamese_until_english_is_chosen(reader: FlaskClient) -> None:
    for path, page in open_pages(reader).items():
        assert '<html lang="vi">' in page
        assert [one for one, _ in LABELS[path] if one not in page] == [], path


def test_pages_speak_english_and_no_vietnamese(reader: FlaskClient) -> None:
    switch(reader, "en")
    pages = open_pages(reader)
    assert {"/", "/programmes"} <= set(pages)
    for path, page in pages.items():
        assert '<html lang="en">' in page
        words = LABELS[path] + FRAME
        assert [english for _, english in words if english not in page] == [], path
        for name in NAMES:
            page = page.replace(name, "")
        assert VIETNAMESE.findall(page) == [], path


def test_every_page_opens_to_a_programme_manager(client: FlaskClient) -> None:
    province()
    sign_in(client, makers.user(Role.PROGRAMME_MANAGER))
    assert set(open_pages(client)) == set(LABELS)


def test_names_stay_as_they_are_written(reader: FlaskClient) -> None:
    switch(reader, "en")
    assert "Cán bộ nhân quyền" in reader.get("/").text


def test_vietnamese_comes_back(reader: FlaskClient) -> None:
    switch(reader, "en")
    switch(reader, "vi")
    assert "Bảng theo dõi" in reader.get("/").text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_headings_of_the_refused_rows_can_be_read_again(app: Flask, language: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        found = {name: field_of(column_words(name)) for name in FIELDS}
    assert {
        name: field for name, field in found.items() if name.removesuffix("_text") != field
    } == {}
