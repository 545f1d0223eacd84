"""A real worker process for tests: its handler is slow enough to be killed in the middle."""

import signal
import time
from datetime import timedelta
from threading import Event
from typing import Any

from hrtrain.core.jobs import worker
from hrtrain.core.jobs.models import Job, JobItem
from tests import makers


def prepare_slowly(payload: dict[str, Any]) -> str:
    time.sleep(0.02)
    return str(payload["name"])


@worker.handles("test.slow", prepare=prepare_slowly)
def make(item: JobItem, job: Job, name: str) -> dict[str, Any]:
    makers.group(name)
    return {}


def work() -> None:
    """What a worker's process does until it is asked to stop."""
    worker.LEASE = timedelta(seconds=1)
    stop = Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    worker.run_forever(stop)
