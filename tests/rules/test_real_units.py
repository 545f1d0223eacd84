"""The shipped unit data: both eras, codes given out again, lineage."""

from hrtrain.exchange.real_units import all_provinces, unit_rows


def test_code_80_is_long_an_and_then_tay_ninh() -> None:
    rows = unit_rows(["2024-80", "2024-72", "2025-80"])
    codes = {(r["unit"], r["valid_to"]) for r in rows["unit_codes"] if r["code"] == "80"}
    assert codes == {("2024-80", "2025-07-01"), ("2025-80", "")}
    after = {r["predecessor"] for r in rows["unit_successions"] if r["successor"] == "2025-80"}
    assert after == {"2024-80", "2024-72"}


def test_new_province_has_its_communes_under_it() -> None:
    rows = unit_rows(["2025-80"], root="vn")
    assert sum(r["tier"] == "commune" for r in rows["units"]) == 96
    assert {r["parent"] for r in rows["unit_parents"]} == {"vn", "2025-80"}


def test_what_leads_to_units_not_chosen_is_left_out() -> None:
    assert unit_rows(["2024-80"])["unit_successions"] == []


def test_dong_nai_is_renamed_on_30_april_2026() -> None:
    names = unit_rows(["2025-75"])["unit_names"]
    assert len(names) == 11
    assert names[0]["name"] == "Thành phố Đồng Nai"
    assert {r["valid_from"] for r in names} == {"2026-04-30"}


def test_country_has_63_and_34_provinces() -> None:
    assert len(all_provinces()) == 97
