"""A person's history in pieces: by cases, and against the rule of spans by Hypothesis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage.spans import (
    EXEMPT,
    IN_GRACE,
    TRAINED,
    UNTRAINED,
    Choice,
    Proof,
    Rule,
    Stay,
    spans_of,
)
from hrtrain.coverage.strip import (
    NOT_COUNTED,
    Cause,
    Evidence,
    Freed,
    History,
    Kind,
    Piece,
    pieces_of,
)

RULE = Rule((Choice("a", 1), Choice("b", 2)))
ONE = Rule((Choice("a", 1),))
STAY = Stay(7, 10, OPEN_END)


def history(
    *evidence: Evidence,
    stays: tuple[Stay, ...] = (STAY,),
    exempt: tuple[Freed, ...] = (),
    rule: Rule = ONE,
) -> History:
    return History(stays, evidence, exempt, rule)


def told(pieces: list[Piece]) -> list[tuple[int, int, list[Kind]]]:
    return [(one.starts, one.state, [cause.kind for cause in one.causes]) for one in pieces]


def test_completion_and_its_end_are_the_causes() -> None:
    found = pieces_of(history(Evidence(5, Proof(1, 20, 30))))
    assert told(found) == [
        (10, UNTRAINED, [Kind.JOINED]),
        (20, TRAINED, [Kind.COMPLETED]),
        (30, UNTRAINED, [Kind.EXPIRED]),
    ]
    assert found[1].causes == (Cause(Kind.COMPLETED, 5),) and found[1].met == (("a", 5),)
    assert found[2].missing == (("a", 30),)


def test_revocation_is_told_apart_from_expiry() -> None:
    found = pieces_of(history(Evidence(5, Proof(1, 20, 30), is_revoked=True)))
    assert found[2].causes == (Cause(Kind.REVOKED, 5),)


def test_item_is_missing_since_it_was_first_and_not_since_the_last_piece() -> None:
    found = pieces_of(history(Evidence(5, Proof(1, 20)), rule=RULE))
    assert [piece.missing for piece in found] == [(("a", 10), ("b", 10)), (("b", 10),)]
    assert told(found)[1] == (20, UNTRAINED, [Kind.COMPLETED])


def test_transfer_keeps_the_state_and_names_the_unit() -> None:
    stays = (Stay(7, 10, 15), Stay(8, 15, OPEN_END))
    found = pieces_of(history(Evidence(5, Proof(1, 10)), stays=stays))
    assert [(one.unit_id, one.state) for one in found] == [(7, TRAINED), (8, TRAINED)]
    assert found[1].causes == (Cause(Kind.TRANSFERRED, 8),)


def test_gap_between_memberships_is_a_piece_that_does_not_count() -> None:
    stays = (Stay(7, 10, 15), Stay(7, 18, OPEN_END))
    assert told(pieces_of(history(stays=stays))) == [
        (10, UNTRAINED, [Kind.JOINED]),
        (15, NOT_COUNTED, [Kind.LEFT]),
        (18, UNTRAINED, [Kind.JOINED]),
    ]


def test_end_of_grace_and_exemption_are_causes() -> None:
    rule = Rule((Choice("a", 1),), grace_days=5)
    found = pieces_of(history(exempt=(Freed(3, 20, 30),), rule=rule))
    assert told(found) == [
        (10, IN_GRACE, [Kind.JOINED]),
        (15, UNTRAINED, [Kind.GRACE_ENDED]),
        (20, EXEMPT, [Kind.EXEMPTED]),
        (30, UNTRAINED, [Kind.EXEMPTION_ENDED]),
    ]


def test_item_that_begins_to_be_asked_and_ends_is_named() -> None:
    rule = Rule((Choice("a", 1), Choice("b", 2, 20, 30)))
    found = pieces_of(history(Evidence(5, Proof(1, 10)), rule=rule))
    assert [(one.starts, one.state, one.causes) for one in found[1:]] == [
        (20, UNTRAINED, (Cause(Kind.ASKED, item="b"),)),
        (30, TRAINED, (Cause(Kind.ASKED_NO_MORE, item="b"),)),
    ]


def test_renewal_before_the_end_is_told_without_a_change_of_state() -> None:
    found = pieces_of(history(Evidence(5, Proof(1, 10, 30)), Evidence(6, Proof(1, 25, 50))))
    assert told(found)[:2] == [
        (10, TRAINED, [Kind.JOINED, Kind.COMPLETED]),
        (25, TRAINED, [Kind.COMPLETED]),
    ]


def test_unit_that_leaves_the_scope_is_named() -> None:
    stays = (Stay(7, 10, 15), Stay(7, 15, OPEN_END, counts=False))
    assert told(pieces_of(history(stays=stays)))[1] == (
        15, NOT_COUNTED, [Kind.WENT_OUT_OF_SCOPE]
    )  # fmt: skip


def test_item_that_accepts_another_course_is_named() -> None:
    rule = Rule((Choice("a", 1, OPEN_START, 20), Choice("a", 2, 20)))
    found = pieces_of(history(Evidence(5, Proof(1, 10)), rule=rule))
    assert told(found)[1] == (20, UNTRAINED, [Kind.ASKED_OTHERWISE])


def test_nothing_asked_is_no_history() -> None:
    assert pieces_of(history(rule=Rule(()))) == []


# --- against the rule of spans ---

DAY = st.integers(1, 12)
BOUND = st.one_of(st.none(), DAY)


@st.composite
def periods(draw: st.DrawFn) -> tuple[int, int]:
    start, length = draw(BOUND), draw(st.integers(1, 8))
    first = OPEN_START if start is None else start
    return first, OPEN_END if draw(st.booleans()) else first + length


@st.composite
def histories(draw: st.DrawFn) -> History:
    stays, day = [], draw(DAY)
    for _each in range(draw(st.integers(0, 3))):
        length = draw(st.integers(1, 5))
        stays.append(Stay(draw(st.integers(1, 2)), day, day + length, draw(st.booleans())))
        day += length + draw(st.integers(0, 2))
    choices = tuple(
        Choice(draw(st.sampled_from("ab")), draw(st.integers(1, 2)), *draw(periods()))
        for _each in range(draw(st.integers(0, 3)))
    )
    evidence = []
    for number in range(draw(st.integers(0, 3))):
        done = draw(DAY)
        proof = Proof(draw(st.integers(1, 2)), done, done + draw(st.integers(0, 9)))
        evidence.append(Evidence(number + 1, proof))
    freed = tuple(Freed(n + 1, *draw(periods())) for n in range(draw(st.integers(0, 1))))
    rule = Rule(choices, draw(st.one_of(st.just(OPEN_START), DAY)), draw(st.integers(0, 4)))
    return History(tuple(stays), tuple(evidence), freed, rule)


@given(histories())
def test_pieces_are_the_spans_cut_where_the_explanation_changes(one: History) -> None:
    proofs = [evidence.proof for evidence in one.evidence]
    exempt = [(freed.starts, freed.ends) for freed in one.exempt]
    wanted = {
        (day, span.unit_id, span.state)
        for span in spans_of(one.stays, proofs, exempt, one.rule)
        for day in range(span.starts, min(span.ends, 60))
    }
    got = {
        (day, piece.unit_id, piece.state)
        for piece in pieces_of(one)
        for day in range(piece.starts, min(piece.ends, 60))
        if piece.state != NOT_COUNTED
    }
    assert got == wanted


@given(histories())
def test_every_piece_says_why_it_begins(one: History) -> None:
    for piece in pieces_of(one):
        assert piece.causes or piece.starts == OPEN_START, piece


@pytest.mark.parametrize("state", [EXEMPT, IN_GRACE, UNTRAINED])
@given(one=histories())
def test_who_is_not_trained_lacks_an_item_or_is_exempt(state: int, one: History) -> None:
    for piece in pieces_of(one):
        if piece.state == state and state != EXEMPT:
            assert piece.missing and all(since <= piece.starts for _item, since in piece.missing)
