"""Marks on spans: they cut days where the evidence changes, and change no state."""

from hrtrain.coverage.gaps import NO_BIRTH, NO_EVIDENCE, with_gaps
from hrtrain.coverage.spans import TRAINED, UNTRAINED, Choice, Proof, Rule, Span, Stay, spans_of

RULE = Rule((Choice("item", 1),))


def test_who_is_trained_on_completions_without_evidence_only_is_marked_until_there_is_some() -> (
    None
):
    stays, bare, sound = [Stay(5, 5, 100)], Proof(1, 10, 60, is_evidenced=False), Proof(1, 40, 80)
    spans = spans_of(stays, [bare, sound], [], RULE)
    evidenced = spans_of(stays, [sound], [], RULE)
    assert with_gaps(spans, evidenced, 0) == [
        Span(5, 5, 10, UNTRAINED),
        Span(5, 10, 40, TRAINED, NO_EVIDENCE),
        Span(5, 40, 80, TRAINED),
        Span(5, 80, 100, UNTRAINED),
    ]


def test_what_a_person_lacks_marks_all_days_whatever_the_state() -> None:
    spans = [Span(5, 0, 10, UNTRAINED), Span(5, 10, 20, TRAINED)]
    marked = with_gaps(spans, spans, NO_BIRTH)
    assert [one.gaps for one in marked] == [NO_BIRTH, NO_BIRTH]
    assert with_gaps(spans, [], NO_BIRTH)[1].gaps == NO_BIRTH | NO_EVIDENCE


def test_marks_change_neither_states_nor_days() -> None:
    spans = [Span(5, 0, 10, TRAINED), Span(6, 10, 30, TRAINED), Span(6, 40, 50, UNTRAINED)]
    marked = with_gaps(spans, [Span(6, 20, 25, TRAINED)], 1)
    days = {(one.unit_id, day): one.state for one in spans for day in range(one.starts, one.ends)}
    assert days == {
        (one.unit_id, day): one.state for one in marked for day in range(one.starts, one.ends)
    }
