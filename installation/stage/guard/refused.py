"""The scene that was refused last: what is told of it, and when it may be tried again."""

from __future__ import annotations

import numpy as np

from installation.feed import Values
from installation.score.layout import Layout
from installation.score.problem import Fault, Problem
from installation.stage.columns import Numbers, set_by_hand

HALF_WRITTEN = 0.15
"""Seconds after which a fault is told: a file that is being written is often wrong for a moment."""
AGAIN = 2.0
"""Seconds at least between two tastings of a scene whose values made it endless."""


class Overrun(Fault):
    """A scene that was ended while it was tasted, with these values; with others it may be well."""

    def __init__(self, problems: tuple[Problem, ...], layout: Layout, row: Numbers) -> None:
        super().__init__(problems)
        self.layout, self.row = layout, set_by_hand(layout, row)


class Refused:
    """Of a scene, by its layout's digest: tried once, and told once."""

    def __init__(self) -> None:
        self._digest: bytes | None = None
        self._problems: tuple[Problem, ...] = ()
        self._text, self._at = "", 0.0
        self._overrun: Overrun | None = None

    def note(self, digest: bytes, fault: Fault, now: float) -> None:
        """A scene was refused."""
        self._overrun = fault if isinstance(fault, Overrun) else None
        self._at = now
        if digest == self._digest and str(fault) == self._text:
            return
        self._digest, self._text, self._problems = digest, str(fault), fault.problems

    def told(self, digest: bytes, now: float) -> tuple[Problem, ...]:
        """What is to be told now, once; a fault that was mended before it could be told is none."""
        if not self._problems or now < self._at + HALF_WRITTEN:
            return ()
        told, self._problems = self._problems, ()
        return told if digest == self._digest else ()

    def may(self, values: Values, now: float) -> bool:
        """Whether the feed's scene may be tried: it is another, or its values are others than those it failed with."""
        if values.digest != self._digest:
            return True
        over = self._overrun
        if over is None or now < self._at + AGAIN or over.layout.digest != values.digest:
            return False
        return not np.array_equal(set_by_hand(over.layout, values.columns), over.row)
