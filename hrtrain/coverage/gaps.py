"""What a person's figures should be trusted less for: marks on spans that change no count. Pure."""

from collections.abc import Iterable, Sequence

from hrtrain.coverage.spans import TRAINED, Span, append, cut

NO_IDENTITY, NO_BIRTH, NO_EVIDENCE = 1, 2, 4
"""No national ID is known · no birth date, not even a year · counted as trained on completions
alone that have neither training session nor document nor certificate."""
GAPS = (NO_BIRTH, NO_IDENTITY, NO_EVIDENCE)
"""In the order of the ledger's counters."""


def with_gaps(spans: Iterable[Span], evidenced: Sequence[Span], of_person: int) -> list[Span]:
    """The spans, marked; ``evidenced``: those there were without completions lacking evidence."""
    marked: list[Span] = []
    sure = [span for span in evidenced if span.state == TRAINED]
    for span in spans:
        if span.state != TRAINED:
            append(marked, span._replace(gaps=of_person))
            continue
        days = {day for one in sure for day in (one.starts, one.ends)}
        for starts, ends in cut(span.starts, span.ends, days):
            is_sure = any(one.starts <= starts < one.ends for one in sure)
            gaps = of_person if is_sure else of_person | NO_EVIDENCE
            append(marked, span._replace(starts=starts, ends=ends, gaps=gaps))
    return marked
