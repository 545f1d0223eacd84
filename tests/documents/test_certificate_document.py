"""The document itself: every letter, the longest texts, the QR, nothing fetched, PDF/A's needs."""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
import segno
from pypdf import PdfReader

from hrtrain.certificates.content import Content
from hrtrain.certificates.face import html_of, pdf_of, qr_svg
from hrtrain.certificates.places import ASSETS
from hrtrain.core.pdf.printing import PrintingFailed, Renderer

BARE = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
SMALL = [unicodedata.normalize("NFC", letter + tone) for letter in BARE for tone in TONES] + ["đ"]
LETTERS = SMALL + [letter.upper() for letter in SMALL]

CONTENT = Content(
    full_name="Nguyễn Thị Ngọc Hường",
    honorific="Bà",
    birth_date="1987-05-12",
    position="Phó Trưởng phòng",
    unit="Ủy ban nhân dân phường Long An",
    course="Kiến thức, kỹ năng truyền thông về quyền con người",
    course_en="Human rights communication",
    title="Lớp tập huấn năm 2026 (đợt 1)",
    starts_on="2026-05-04",
    last_on="2026-05-05",
    hours=16,
    basis="Thực hiện Kế hoạch số 175/KH-UBND",
    superior_name="Ủy ban nhân dân tỉnh Tây Ninh",
    issuer_name="Sở Văn hóa, Thể thao và Du lịch",
    signing_authority="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
    signatory="Trần Quốc Khánh",
    locality="Tây Ninh",
    issued_on="2026-02-05",
    number="05/GCN-SVHTTDL",
    register_no="05/2026",
    check_code="7K2M-X9QP-04TV-HN3C",
    verify_url="https://example.vn/verify/p3XhBa9Q1n-kW7rT0mVz_gLs",
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer(ASSETS)
    yield made
    made.close()


def text_of(pdf: bytes) -> str:
    return "".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def says(pdf: bytes, *texts: str) -> list[str]:
    """The texts that the PDF does not say, spaces apart."""
    said = text_of(pdf)
    return [text for text in texts if "".join(text.split()) not in said]


def test_all_vietnamese_letters_are_read_back_from_every_face(renderer: Renderer) -> None:
    assert len(LETTERS) == 146
    text = "".join(LETTERS)
    for style in ("", "font-weight: bold", "font-style: italic", "font: italic bold 12pt Serif"):
        html = f'<body style="{style}"><p style="width: 200mm">{text}</p></body>'
        pdf = renderer.print(html, sheet="certificate.css", ground="ground.svg")
        assert text_of(pdf) == text
        fonts = {str(name) for name in PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]}  # type: ignore[index]
        assert len(fonts) == 1, "a letter came from another font"


@pytest.mark.parametrize("layout", ["vi", "bilingual"])
def test_face_says_what_was_frozen_in_nfc(layout: str) -> None:
    pdf = pdf_of(replace(CONTENT, layout=layout))
    assert not says(
        pdf,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Nguyễn Thị Ngọc Hường",
        "12/05/1987",
        "Ủy ban nhân dân phường Long An",
        "Kiến thức, kỹ năng truyền thông về quyền con người",
        "Tây Ninh, ngày 05 tháng 02 năm 2026",
        "Số: 05/GCN-SVHTTDL",
        "Trần Quốc Khánh",
        "7K2M-X9QP-04TV-HN3C",
    )
    assert unicodedata.is_normalized("NFC", text_of(pdf))
    assert ("Human rights communication" in html_of(replace(CONTENT, layout=layout))) == (
        layout == "bilingual"
    )


@pytest.mark.parametrize("layout", ["vi", "bilingual"])
def test_longest_texts_stay_on_the_page_and_whole(layout: str) -> None:
    words = "Trung tâm Văn hóa, Thông tin – Truyền thông và Du lịch trực thuộc Ủy ban nhân dân "
    texts = {
        "full_name": ("Nguyễn Phúc Hoàng Trường " * 8)[:200].strip(),
        "unit": (words * 4)[:250].strip(),
        "position": ("Phó Chủ tịch Thường trực kiêm Trưởng ban " * 6)[:200].strip(),
        "course": ("Chương trình bồi dưỡng kiến thức về quyền con người " * 6)[:300].strip(),
        "title": ("Hội nghị tập huấn trực tiếp kết hợp trực tuyến " * 7)[:300].strip(),
        "basis": ("Thực hiện Kế hoạch số 175/KH-UBND ngày 17/01/2023 " * 6)[:300].strip(),
        "signatory": ("Trần Quốc Khánh " * 4).strip(),
    }
    content = replace(CONTENT, layout=layout, valid_through="2029-05-05", **texts)  # type: ignore[arg-type]
    pdf = pdf_of(content)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert not says(pdf, *texts.values())
    assert lowest_baseline(pdf, "GIẤY") > lowest_baseline(pdf, "Hoàn") > 150


def lowest_baseline(pdf: bytes, word: str) -> float:
    """The height in points at which the word stands last; the foot begins at 163."""
    found: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], *_more: object) -> None:
        if word in text:
            found.append(cm[5] + cm[3] * tm[5])

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return min(found)


def test_missing_values_leave_no_empty_labels() -> None:
    bare = Content(
        full_name="Lê An", course="Khóa", issued_on="2026-03-12", number="12/GCN-X",
        issuer_name="Tỉnh Đoàn", verify_url="http://h/verify/x", check_code="c",
    )  # fmt: skip
    said = text_of(pdf_of(bare))
    assert "Sinh" not in said and "Chứcvụ" not in said and "Đơnvị" not in said
    assert "Ngày12tháng3năm2026" in said


def test_birth_year_alone_is_called_a_year() -> None:
    assert "Sinh năm" in html_of(replace(CONTENT, birth_date="1987"))
    assert "Sinh tháng" in html_of(replace(CONTENT, birth_date="1987-05"))


def test_qr_on_the_face_is_the_one_of_the_address() -> None:
    drawn = qr_svg(CONTENT.verify_url)
    rows = [
        [bool(cell) for cell in row] for row in segno.make(CONTENT.verify_url, error="m").matrix
    ]
    assert drawn_matrix(drawn, len(rows)) == rows
    assert drawn in html_of(CONTENT)


def drawn_matrix(svg: str, size: int) -> list[list[bool]]:
    """The dark modules of segno's line path: M/m moves, h draws along a row."""
    cells = [[False] * size for _ in range(size)]
    x, y = 0.0, 0.0
    found = re.search(r' d="([^"]+)"', svg)
    assert found is not None
    for command, args in re.findall(r"([Mmh])([-\d. ]+)", found[1]):
        numbers = [float(number) for number in args.split()]
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            for column in range(int(x), int(x + numbers[0])):
                cells[int(y)][column] = True
            x += numbers[0]
    return cells


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.svg", "https://example.org/x", "asset:../rules.py",
     "asset:layouts/vi.html", "data:image/svg+xml,<svg/>", "ftp://x/y", "//127.0.0.1/x"],
)  # fmt: skip
def test_nothing_but_own_assets_is_fetched(renderer: Renderer, address: str) -> None:
    html = f'<body><img src="{address}"></body>'
    if address.startswith("//"):
        # Without a base address this is no address at all, and nothing is asked for.
        renderer.print(html, sheet="certificate.css", ground="ground.svg")
        return
    with pytest.raises(PrintingFailed):
        renderer.print(html, sheet="certificate.css", ground="ground.svg")


def test_content_cannot_become_markup_or_code() -> None:
    evil = replace(CONTENT, full_name='<img src="file:///etc/passwd">{{ 7 * 7 }}')
    html = html_of(evil)
    assert "<img" not in html.split("</head>")[1].split("qr")[0]
    assert "{{ 7 * 7 }}" in html and "49" not in html.split("name-rule")[0][-200:]


def test_fonts_are_embedded_and_images_are_not_smoothed() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(CONTENT))) as pdf:
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        assert not [item for item in streams if item.get("/Interpolate")]
        assert not [item for item in streams if item.get("/ShadingType")]
        fonts = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert fonts and all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
        assert "/OutputIntents" in pdf.Root


def test_child_that_dies_is_replaced(renderer: Renderer) -> None:
    renderer.print("<p>a</p>", sheet="certificate.css", ground="ground.svg")
    assert renderer.child is not None
    renderer.child.kill()
    renderer.child.wait()
    pdf = renderer.print("<p>b</p>", sheet="certificate.css", ground="ground.svg")
    assert text_of(pdf) == "b"


def test_assets_carry_their_licences() -> None:
    names = {path.name for path in (Path(ASSETS) / "fonts").iterdir()}
    assert "LiberationSerif-copyright.txt" in names
    assert len([name for name in names if name.endswith(".ttf")]) >= 4
