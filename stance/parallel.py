"""Work on several cores, by joblib: tasks go out as they are asked for, results come back in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from joblib import Parallel, delayed

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_processes(work: Callable[[list[Item]], Result], items: Iterable[Item], *, jobs: int, batch: int) -> Iterator[Result]:
    """Yield `work(batch of items)` in order, in `jobs` processes (-1: one a core); two batches a process are under way."""
    source = iter(items)
    batches: Iterator[list[Item]] = iter(lambda: list(islice(source, batch)), [])
    parallel = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)
    yield from parallel(delayed(work)(part) for part in batches)
