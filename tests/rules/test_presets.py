"""The presets say what the plans say, and leave empty what they do not."""

from datetime import date

from hrtrain.coverage.presets import Preset, find_preset, presets


def preset(key: str) -> Preset:
    found = find_preset(key)
    assert found is not None
    return found


def test_there_are_the_decision_and_five_plans() -> None:
    assert [p.key for p in presets()] == [
        "qd1079", "long_an_2023", "mong_cai_2023", "cao_bang_2018", "soc_trang_2024", "can_tho_2024"
    ]  # fmt: skip


def test_long_an_counts_the_70_percent_at_province_tier_only() -> None:
    targets = preset("long_an_2023").targets
    assert [t.percent for t in targets] == [100, 100, 100, 70]
    assert [t.tiers for t in targets] == [(), (), (), ("province",)]


def test_mong_cai_states_nothing_itself() -> None:
    assert {t.origin for t in preset("mong_cai_2023").targets} == {"inherited"}


def test_cao_bang_has_no_end_and_needs_two_things_of_its_second_group() -> None:
    plan = preset("cao_bang_2018")
    assert plan.ends_on is None and plan.issued_on == date(2018, 10, 25)
    assert [[i.kind for i in t.items] for t in plan.targets] == [
        ["training"],
        ["training", "material"],
    ]


def test_soc_trang_states_no_percentage_and_can_tho_no_target() -> None:
    assert {t.percent for t in preset("soc_trang_2024").targets} == {None}
    assert preset("can_tho_2024").targets == ()


def test_every_statement_stands_beside_the_plans_own_words() -> None:
    for plan in presets():
        assert plan.not_said and plan.says
        assert all(said.text and said.quote for said in plan.says)
