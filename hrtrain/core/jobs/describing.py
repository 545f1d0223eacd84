"""What a job is called on its page and where its result is: each feature's views say so."""

from collections.abc import Callable
from dataclasses import dataclass

from hrtrain.core.jobs.models import Job
from hrtrain.core.language import gettext as _


@dataclass(frozen=True)
class Description:
    """A job in words; ``links`` are (label, address) of what it made, shown when it is over."""

    title: str
    links: tuple[tuple[str, str], ...] = ()


Describe = Callable[[Job], Description]
_known: dict[str, Describe] = {}


def describes(kind: str) -> Callable[[Describe], Describe]:
    """Register how jobs of this kind are described."""

    def keep(describe: Describe) -> Describe:
        _known[kind] = describe
        return describe

    return keep


def description_of(job: Job) -> Description:
    """The job in words."""
    describe = _known.get(job.kind)
    return describe(job) if describe else Description(str(job.payload.get("title", _("Việc nền"))))
