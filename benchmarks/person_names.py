"""Names as people in Viet Nam bear them, by how common the family name is."""

import random
from collections.abc import Iterator

FAMILIES = {
    "Nguyễn": 38, "Trần": 11, "Lê": 9, "Phạm": 7, "Huỳnh": 3, "Hoàng": 3, "Phan": 4, "Vũ": 3,
    "Võ": 3, "Đặng": 2, "Bùi": 2, "Đỗ": 2, "Hồ": 2, "Ngô": 1, "Dương": 1, "Lý": 1, "Đinh": 1,
    "Trương": 1, "Mai": 1, "Lương": 1, "Thạch": 1, "Nông": 1, "Triệu": 1, "Y": 1,
}  # fmt: skip
MIDDLES = {
    "male": "Văn Văn Văn Hữu Đức Minh Quốc Công Xuân Đình Trọng Quang Thanh Anh Hoàng Ngọc Thế",
    "female": "Thị Thị Thị Thị Ngọc Thu Kim Thanh Diễm Thùy Bích Phương Mỹ Hồng Khánh Bảo",
}
GIVEN = {
    "male": "An Bình Chiến Cường Dũng Dương Đạt Đông Giang Hải Hiếu Hòa Hùng Huy Khang Khoa Kiên "
    "Lâm Long Lộc Minh Nam Nghĩa Phong Phúc Phước Quân Quang Sơn Tài Tâm Thắng Thành Thịnh Toàn "
    "Trí Trung Tuấn Tùng Việt Vinh",
    "female": "Anh Ánh Châu Chi Cúc Diệp Dung Duyên Đào Giang Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương "
    "Lan Liên Linh Loan Mai My Nga Ngân Nhung Oanh Phượng Quyên Thảo Thu Thủy Trang Trinh Tuyết "
    "Uyên Vân Xuân Yến",
}


def people_names(dice: random.Random) -> Iterator[tuple[str, str]]:
    """Endlessly a full name and its gender; every other one has two middle names."""
    families = [name for name, weight in FAMILIES.items() for _each in range(weight)]
    middles = {gender: text.split() for gender, text in MIDDLES.items()}
    given = {gender: text.split() for gender, text in GIVEN.items()}
    while True:
        gender = "male" if dice.random() < 0.52 else "female"
        name = f"{dice.choice(families)} {dice.choice(middles[gender])}"
        if dice.random() < 0.3:
            name += f" {dice.choice(middles[gender][4:])}"
        yield f"{name} {dice.choice(given[gender])}", gender
