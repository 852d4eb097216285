"""How far a long piece of work has come: a bar on a terminal's stderr, nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from installation.score.problem import Say

T = TypeVar("T")
FEW = 2
DRAWS = Say("draws", "dessine")


def followed(results: Iterable[T], total: int, spoken: str) -> Iterator[T]:
    """The same results; meanwhile a person at a terminal sees how many of `total` there are."""
    if total <= FEW or not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(DRAWS.told(spoken), total=total)
        for result in results:
            bar.advance(task)
            yield result
