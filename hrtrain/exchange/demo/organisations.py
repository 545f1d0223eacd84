"""The demo's units: real areas of both eras, and the offices in them with what became of each."""

from dataclasses import dataclass, field
from functools import cache

from hrtrain.exchange.real_units import Rows, unit_rows

MERGER = "2025-07-01"
# Provincial departments of information and communications went to those of culture earlier.
PRESS_MERGER = "2025-03-01"
ROOT, PRIME_MINISTER = "vn", "vn-ttg"
LONG_AN, OLD_TAY_NINH, TAY_NINH = "2024-80", "2024-72", "2025-80"
QUANG_NINH, CAO_BANG, CAN_THO = "2025-22", "2025-04", "2025-92"
PROVINCES = (
    LONG_AN, OLD_TAY_NINH, TAY_NINH, "2024-22", QUANG_NINH, "2024-04", CAO_BANG,
    "2024-94", "2024-92", "2024-93", CAN_THO,
)  # fmt: skip
MONG_CAI = "2024-22-194"
MONG_CAI_COMMUNES = (
    "2025-22-06712", "2025-22-06709", "2025-22-06736",
    "2025-22-06724", "2025-22-06733", "2025-22-06757",
)  # fmt: skip


@dataclass(frozen=True)
class Office:
    """An office: its life, its parent in each period, and the offices it came from."""

    key: str
    name: str
    kind: str
    parents: tuple[tuple[str, str, str], ...]
    short_name: str = ""
    tier: str = "province"
    valid_from: str = ""
    valid_to: str = ""
    came_from: tuple[str, ...] = ()
    came_on: str = MERGER
    later_name: str = ""


@dataclass(frozen=True)
class _Kind:
    """An office every old province had, and how it is called there."""

    suffix: str
    name: str
    short_name: str
    kind: str
    valid_to: str = MERGER
    came_from: tuple[str, ...] = ()


_OLD = (
    _Kind("ubnd", "Ủy ban nhân dân {}", "UBND", "state"),
    _Kind("stttt", "Sở Thông tin và Truyền thông {}", "Sở TTTT", "state", PRESS_MERGER),
    _Kind("svhttdl", "Sở Văn hóa, Thể thao và Du lịch {}", "Sở VHTTDL", "state",
          came_from=("stttt",)),
    _Kind("stp", "Sở Tư pháp {}", "", "state"),
    _Kind("snv", "Sở Nội vụ {}", "", "state"),
    _Kind("ca", "Công an {}", "", "state"),
    _Kind("bao", "Báo {}", "", "press"),
    _Kind("dai", "Đài Phát thanh và Truyền hình {}", "Đài PTTH", "press"),
    _Kind("mttq", "Ủy ban Mặt trận Tổ quốc {}", "UBMTTQ", "mass_organisation"),
    _Kind("doan", "Đoàn Thanh niên {}", "", "mass_organisation"),
    _Kind("lhpn", "Hội Liên hiệp Phụ nữ {}", "Hội LHPN", "mass_organisation"),
    _Kind("hnd", "Hội Nông dân {}", "", "mass_organisation"),
    _Kind("ldld", "Liên đoàn Lao động {}", "LĐLĐ", "mass_organisation"),
)  # fmt: skip
_OLD_PROVINCES = {
    "la": (LONG_AN, "tỉnh Long An"),
    "tx": (OLD_TAY_NINH, "tỉnh Tây Ninh"),
    "st": ("2024-94", "tỉnh Sóc Trăng"),
    "co": ("2024-92", "thành phố Cần Thơ"),
    "hg": ("2024-93", "tỉnh Hậu Giang"),
}
# Named as rosters of the province name them: key, name, short name, kind, what it came from.
_TAY_NINH = (
    ("ubnd", "Ủy ban nhân dân tỉnh", "UBND tỉnh", "state", "ubnd"),
    ("svhttdl", "Sở Văn hóa, Thể thao và Du lịch", "Sở VHTTDL", "state", "svhttdl"),
    ("stp", "Sở Tư pháp", "", "state", "stp"),
    ("sdttg", "Sở Dân tộc và Tôn giáo", "Sở DTTG", "state", "snv"),
    ("ca", "Công an tỉnh", "", "state", "ca"),
    ("bpttt", "Báo và Phát thanh, Truyền hình tỉnh", "Báo và PTTH", "press", "bao dai"),
    ("mttq", "Ủy ban Mặt trận Tổ quốc tỉnh", "UBMTTQ tỉnh", "mass_organisation", "mttq"),
    ("doan", "Tỉnh Đoàn", "", "mass_organisation", "doan"),
    ("lhpn", "Hội Liên hiệp Phụ nữ tỉnh", "Hội LHPN tỉnh", "mass_organisation", "lhpn"),
    ("hnd", "Hội Nông dân tỉnh", "", "mass_organisation", "hnd"),
    ("ldld", "Liên đoàn Lao động tỉnh", "LĐLĐ tỉnh", "mass_organisation", "ldld"),
)
_CAN_THO = (
    (
        "svhttdl",
        "Sở Văn hóa, Thể thao và Du lịch thành phố Cần Thơ",
        "Sở VHTTDL",
        "state",
        "svhttdl",
    ),
    ("ca", "Công an thành phố Cần Thơ", "", "state", "ca"),
    ("bpttt", "Báo và Phát thanh, Truyền hình Cần Thơ", "", "press", "bao dai"),
    ("mttq", "Ủy ban Mặt trận Tổ quốc thành phố Cần Thơ", "UBMTTQ", "mass_organisation", "mttq"),
    ("lhpn", "Hội Liên hiệp Phụ nữ thành phố Cần Thơ", "Hội LHPN", "mass_organisation", "lhpn"),
)
# From 1 July 2025 these work under the Fatherland Front's committee.
_UNDER_THE_FRONT = frozenset({"doan", "lhpn", "hnd", "ldld"})


def _both_eras(before: str, after: str) -> tuple[tuple[str, str, str], ...]:
    return ((before, "", MERGER), (after, MERGER, ""))


_STANDING = (
    Office("cb-ubnd", "Ủy ban nhân dân tỉnh Cao Bằng", "state", _both_eras("2024-04", CAO_BANG)),
    Office("cb-ca", "Công an tỉnh Cao Bằng", "state", _both_eras("2024-04", CAO_BANG)),
    Office("cb-svhttdl", "Sở Văn hóa, Thể thao và Du lịch tỉnh Cao Bằng", "state",
           _both_eras("2024-04", CAO_BANG), "Sở VHTTDL"),
    Office("cb-bao", "Báo Cao Bằng", "press", _both_eras("2024-04", CAO_BANG),
           later_name="Báo và Phát thanh, Truyền hình Cao Bằng"),
    Office("qn-svhttdl", "Sở Văn hóa, Thể thao và Du lịch tỉnh Quảng Ninh", "state",
           _both_eras("2024-22", QUANG_NINH), "Sở VHTTDL"),
    Office("ct-bcd", "Ban Chỉ đạo về công tác nhân quyền thành phố Cần Thơ", "state",
           _both_eras("2024-92", CAN_THO), "BCĐ Nhân quyền"),
    Office("mc-ubnd", "Ủy ban nhân dân thành phố Móng Cái", "state", ((MONG_CAI, "", MERGER),),
           tier="district", valid_to=MERGER),
    Office("mc-pvhtt", "Phòng Văn hóa và Thông tin thành phố Móng Cái", "state",
           ((MONG_CAI, "", MERGER),), tier="district", valid_to=MERGER),
    Office("mc-tt", "Trung tâm Truyền thông và Văn hóa thành phố Móng Cái", "press",
           ((MONG_CAI, "", MERGER),), tier="district", valid_to=MERGER),
    Office(PRIME_MINISTER, "Thủ tướng Chính phủ", "state", ((ROOT, "", ""),), tier="central"),
)  # fmt: skip


def _old_offices() -> list[Office]:
    return [
        Office(
            key=f"{prefix}-{kind.suffix}",
            name=kind.name.format(place),
            kind=kind.kind,
            parents=((province, "", kind.valid_to),),
            short_name=kind.short_name,
            valid_to=kind.valid_to,
            came_from=tuple(f"{prefix}-{suffix}" for suffix in kind.came_from),
            came_on=PRESS_MERGER,
        )
        for prefix, (province, place) in _OLD_PROVINCES.items()
        for kind in _OLD
    ]


def _new_offices(
    prefix: str, province: str, kinds: tuple[tuple[str, ...], ...], old: tuple[str, ...]
) -> list[Office]:
    return [
        Office(
            key=f"{prefix}-{suffix}",
            name=name,
            kind=kind,
            parents=((f"{prefix}-mttq" if suffix in _UNDER_THE_FRONT else province, MERGER, ""),),
            short_name=short_name,
            valid_from=MERGER,
            came_from=tuple(f"{before}-{one}" for one in came_from.split() for before in old),
        )
        for suffix, name, short_name, kind, came_from in kinds
    ]


@dataclass
class Map:
    """The demo's units as rows of a package, and the offices by key."""

    rows: dict[str, Rows]
    offices: dict[str, Office]
    communes: dict[str, list[str]] = field(default_factory=dict)
    home_district: dict[str, str] = field(default_factory=dict)


@cache
def demo_map() -> Map:
    """All units of the demo."""
    rows = unit_rows(PROVINCES, root=ROOT)
    places = Map(rows, {})
    _find_communes(places)
    offices = [*_STANDING, *_old_offices()]
    offices += _new_offices("tn", TAY_NINH, _TAY_NINH, ("la", "tx"))
    offices += _new_offices("ct", CAN_THO, _CAN_THO, ("co", "st", "hg"))
    offices += _district_offices(places) + _commune_offices(places)
    places.offices = {office.key: office for office in offices}
    root = {"unit": ROOT, "name": "Cả nước", "short_name": "", "tier": "central", "kind": "area"}
    rows["units"].insert(0, {**root, "valid_from": "", "valid_to": ""})
    for office in offices:
        _write(rows, office)
    return places


def _find_communes(places: Map) -> None:
    """The communes of today the demo has people in, and the old district each came from."""
    district = {
        row["successor"]: row["predecessor"].rsplit("-", 1)[0]
        for row in places.rows["unit_successions"]
        if row["predecessor"].count("-") == 3
    }
    every = [row["unit"] for row in places.rows["units"] if row["unit"] in district]
    for province, count in ((TAY_NINH, 96), (CAO_BANG, 8), (CAN_THO, 10)):
        inside = [key for key in every if key.startswith(f"{province}-")]
        places.communes[province] = inside[:: max(1, len(inside) // count)][:count]
    places.communes[QUANG_NINH] = list(MONG_CAI_COMMUNES)
    places.home_district = district


def _district_offices(places: Map) -> list[Office]:
    names = {row["unit"]: row["name"] for row in places.rows["units"]}
    homes = {places.home_district[key] for keys in places.communes.values() for key in keys}
    return [
        Office(
            key=f"pvhtt-{home}",
            name=f"Phòng Văn hóa và Thông tin {_lower(names[home])}",
            kind="state",
            parents=((home, "", MERGER),),
            short_name="Phòng VHTT",
            tier="district",
            valid_to=MERGER,
        )
        for home in sorted(homes - {MONG_CAI})
    ]


def _commune_offices(places: Map) -> list[Office]:
    names = {row["unit"]: row["name"] for row in places.rows["units"]}
    offices = []
    for province, communes in places.communes.items():
        for number, commune in enumerate(communes):
            offices.append(_in_commune(f"vhxh-{commune}", "Phòng Văn hóa - Xã hội", names, commune))
            if province == TAY_NINH and number % 4 == 0:
                office = _in_commune(f"mttq-{commune}", "Ủy ban Mặt trận Tổ quốc", names, commune)
                offices.append(office)
    return offices


def _in_commune(key: str, what: str, names: dict[str, str], commune: str) -> Office:
    is_front = what.startswith("Ủy ban")
    return Office(
        key=key,
        name=f"{what} {names[commune]}",
        kind="mass_organisation" if is_front else "state",
        parents=((commune, MERGER, ""),),
        short_name="UBMTTQ" if is_front else "Phòng VHXH",
        tier="commune",
        valid_from=MERGER,
    )


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _write(rows: dict[str, Rows], office: Office) -> None:
    life = {"valid_from": office.valid_from, "valid_to": office.valid_to}
    named = {"unit": office.key, "name": office.name, "short_name": office.short_name}
    rows["units"].append({**named, "tier": office.tier, "kind": office.kind, **life})
    for parent, starts, ends in office.parents:
        edge = {"unit": office.key, "parent": parent, "valid_from": starts, "valid_to": ends}
        rows["unit_parents"].append(edge)
    for before in office.came_from:
        told = {"predecessor": before, "successor": office.key, "effective_on": office.came_on}
        rows["unit_successions"].append({**told, "is_default": "1"})
    if office.later_name:
        named = {"unit": office.key, "name": office.later_name, "short_name": ""}
        rows["unit_names"].append({**named, "valid_from": MERGER, "valid_to": ""})
