"""Work shared out among processes of this machine; its results come back in the order given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def pool(count: int, begin: Callable[..., None], given: tuple[Any, ...]) -> Iterator[Executor]:
    """So many processes, each begun by ``begin(*given)``; nothing of this one is in them.

    They end with the block, or with this process, however it ends.
    """
    made = ProcessPoolExecutor(
        count, get_context("spawn"), initializer=_begin, initargs=(begin, given)
    )
    try:
        yield made
    finally:
        made.shutdown(cancel_futures=True)


def in_order(
    executor: Executor, work: Callable[[T], R], things: Iterable[T], ahead: int
) -> Iterator[R]:
    """What the work makes of each of the things; so many are in hand at a time, and from now on."""
    left = iter(things)
    waiting = deque(executor.submit(work, thing) for thing in islice(left, ahead))
    return _results(executor, work, left, waiting)


def _results(
    executor: Executor, work: Callable[[T], R], left: Iterator[T], waiting: deque[Future[R]]
) -> Iterator[R]:
    while waiting:
        result = waiting.popleft().result()
        waiting.extend(executor.submit(work, thing) for thing in islice(left, 1))
        yield result


def _begin(begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    begin(*given)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
