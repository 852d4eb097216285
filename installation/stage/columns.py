"""The feed's columns as a scene takes them: triggers fire once a rise, each column has its range, and a scene that is
not the feed's (its next version is being tasted, or was refused) goes on with the values that both have."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from installation.feed import Values
from installation.score.layout import Layout
from installation.score.scene import Scene

QUEUED = 8
Numbers = npt.NDArray[np.float64]


class Rises:
    """Triggers: each column counts rises, each rise is true for one frame, several on frames that follow."""

    def __init__(self, layout: Layout) -> None:
        slots = [slot for slot in layout.slots.values() if slot.parameter.kind == "event"]
        self.names = [slot.address for slot in slots]
        self.columns = np.array([slot.offset for slot in slots], np.intp)
        self._waiting = np.zeros(len(slots), np.int64)
        self._seen: npt.NDArray[np.int64] | None = None
        self.lost: dict[str, int] = {}

    def fire(self, columns: Numbers) -> Numbers:
        """1.0 for each trigger that is true in this frame. What is seen first is no rise."""
        counts = columns[self.columns].astype(np.int64)
        if self._seen is not None:
            self._waiting += np.maximum(counts - self._seen, 0)
        self._seen = counts
        for n in np.flatnonzero(self._waiting > QUEUED):
            self.lost[self.names[n]] = self.lost.get(self.names[n], 0) + int(self._waiting[n]) - QUEUED
            self._waiting[n] = QUEUED
        fired = self._waiting > 0
        self._waiting -= fired
        return fired.astype(np.float64)


class Bridge:
    """From the columns of the feed's scene to those of the one on air, by address.

    Of another version of the same scene (`alike`) all that both have is taken, of another scene what every scene has.
    What is not taken holds.
    """

    def __init__(self, feed: Layout, aired: Layout, alike: bool, held: Numbers) -> None:
        self.feed, self.aired = feed.digest, aired.digest
        pairs = [
            (feed.slots[address].offset + n, slot.offset + n)
            for address, slot in aired.slots.items()
            if address in feed.slots
            and (feed.slots[address].parameter.kind, feed.slots[address].parameter.width)
            == (slot.parameter.kind, slot.parameter.width)
            and (alike or not address.startswith(("/scene/", "/twin/")))
            for n in range(slot.parameter.width)
        ]
        self._from = np.array([a for a, _ in pairs], np.intp)
        self._to = np.array([b for _, b in pairs], np.intp)
        self._columns, self._slopes = held.copy(), np.zeros(len(held))

    def over(self, values: Values) -> Values:
        """The values as the scene on air would be given them. The same arrays each time."""
        self._columns[self._to] = values.columns[self._from]
        self._slopes[self._to] = values.slopes[self._from]
        return values._replace(columns=self._columns, slopes=self._slopes)


def ranges(layout: Layout, scene: Scene) -> tuple[Numbers, Numbers]:
    """The range of each column; a trigger's count and an open-ended point have none above."""
    free = {name for layer in scene.layers for name in layer.shader.free}
    low, high = np.full(layout.size, -np.inf), np.full(layout.size, np.inf)
    for slot in layout.slots.values():
        if slot.parameter.kind != "event" and slot.parameter.name not in free:
            span = slice(slot.offset, slot.offset + slot.parameter.width)
            low[span], high[span] = slot.parameter.low, slot.parameter.high
    return low, high


def at_rest(layout: Layout, columns: Numbers) -> Numbers:
    """A copy of a row in which no trigger fires."""
    row = columns.copy()
    for slot in layout.slots.values():
        if slot.parameter.kind == "event":
            row[slot.offset] = 0.0
    return row


def set_by_hand(layout: Layout, columns: Numbers) -> Numbers:
    """Of a row, what people and patches set: the scene's own values, and the twin's."""
    spans = [
        columns[slot.offset : slot.offset + slot.parameter.width]
        for slot in layout.slots.values()
        if slot.address.startswith(("/scene/", "/twin/"))
    ]
    return np.concatenate(spans) if spans else np.zeros(0)
