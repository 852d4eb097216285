"""Patches from values: what the row held last tick, handed on to what follows it. One tick late, never in a circle."""

from __future__ import annotations

import numpy as np

from installation.score.layout import Layout
from installation.score.patch import Line, Patchbay, Touch, mapped

RISEN = 0.5
"""Where a value that an event follows has to pass, on its way up, to be a rise."""


class Wires:
    """The followed values of a scene. While none of them changes, a tick pays for one comparison of arrays."""

    def __init__(self, bay: Patchbay, layout: Layout) -> None:
        slots = [layout.slots[address] for address in bay.wired]
        self._spans = [(slot.offset, slot.offset + slot.parameter.width) for slot in slots]
        self._counts = [slot.parameter.kind == "event" for slot in slots]
        self._lines = [tuple(lines) for lines in bay.wired.values()]
        self._at = np.array([n for start, end in self._spans for n in range(start, end)], np.intp)
        self.last = np.full(len(self._at), np.nan)

    def rest(self, columns: np.ndarray) -> None:
        """Takes what the row holds as handed on already."""
        self.last = columns[self._at]

    def touches(self, columns: np.ndarray) -> list[Touch]:
        """What the change of values since the last look asks of parameters; at the first look, everything."""
        if not len(self._at):
            return []
        now = columns[self._at]
        if np.array_equal(now, self.last):
            return []
        found: list[Touch] = []
        place = 0
        for (start, end), count, lines in zip(self._spans, self._counts, self._lines, strict=True):
            after = place + end - start
            if not np.array_equal(now[place:after], self.last[place:after]):
                before, numbers = self.last[place:after].tolist(), now[place:after].tolist()
                found += _handed(lines, before, numbers, count)
            place = after
        self.last = now
        return found


def _handed(lines: tuple[Line, ...], before: list[float], numbers: list[float], count: bool) -> list[Touch]:
    """An event's count hands on a rise; an event that follows a level rises where that passes RISEN."""
    if count:
        risen = bool(numbers[0] > before[0])
        numbers = [1.0]
    else:
        risen = before[0] <= RISEN < numbers[0]
    touches = []
    for line in lines:
        if (count or line.parameter.kind == "event") and not risen:
            continue
        value = mapped(line, tuple(numbers))
        if value is not None:
            touches.append(Touch(line.parameter.address, value, line.component))
    return touches
