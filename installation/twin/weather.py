"""What an ocean does at an instant: its script, its chance and what hands say; and when what enters it comes out.

Pure: no socket, no clock; `now` is monotonic seconds, handed in, and the chance is too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from installation.score.ocean import Line, Ocean, Order, changed

SEGMENT = 1448
"""What of a stream one packet carries, in bytes: Ethernet's 1500 less IP, TCP and its stamps."""
NEVER = float("inf")
_LONGEST = 20.0
"""A long tail ends at so many times `jitter`."""
_RESTORE = Order("restore")


class _Step(NamedTuple):
    at: float
    order: Order
    length: float


def _script(ocean: Ocean) -> list[_Step]:
    """The events in order, with what ends those that have an end."""
    steps = [_Step(*event) for event in ocean.events]
    for event in ocean.events:
        if event.length and event.order.verb in ("hole", "reset"):
            steps.append(_Step(event.at + event.length, Order("mend"), 0.0))
        elif event.length and event.order.verb in ("profile", "set"):
            steps.append(_Step(event.at + event.length, _RESTORE, 0.0))
    return sorted(steps, key=lambda step: step.at)


class Weather:
    """The state of the line: `state` is open, hole or reset; `line` what a byte meets; both may change at each turn.

    `find` gives an ocean by its name; it may raise Fault, which `say` hands on and the script passes over.
    """

    def __init__(self, ocean: Ocean, now: float, chance: random.Random, find: Callable[[str], Ocean]) -> None:
        self._chance, self._find = chance, find
        self.stalled_until = 0.0
        self.begin(ocean, now)

    def begin(self, ocean: Ocean, now: float) -> bool:
        """Puts an ocean in place of what was, its script from the start. True when connections are to be reset."""
        self.ocean, self.state = ocean, "open"
        self._steps, self._began, self._next = _script(ocean), now, 0
        self._take(ocean.line, now)
        return self.turn(now)

    def edit(self, ocean: Ocean, now: float) -> bool:
        """The same ocean, its file changed: the script goes on from where it is. True as in `begin`."""
        self.ocean, self._steps = ocean, _script(ocean)
        self._next = sum(step.at <= now - self._began for step in self._steps)
        self._take(ocean.line, now)
        return False

    def _take(self, line: Line, now: float) -> None:
        self.line = line
        self._next_stall = self._after(now, line.stall_every)
        self._next_reset = self._after(now, line.reset_every)

    def _after(self, now: float, mean: float) -> float:
        return now + self._chance.expovariate(1 / mean) if mean else NEVER

    def turn(self, now: float) -> bool:
        """What is due by now happens. True when the connections are to be reset."""
        reset = False
        while self._scripted() <= now:
            step = self._steps[self._next]
            reset |= self._do(step.order, step.length, now)
            self._next += 1
            if self._next == len(self._steps) and self.ocean.loop:
                self._began, self._next = self._began + self.ocean.loop, 0
        if now >= self._next_stall:
            self.stalled_until, self._next_stall = now + self.line.stall, self._after(now, self.line.stall_every)
        if now >= self._next_reset:
            self._next_reset, reset = self._after(now, self.line.reset_every), True
        return reset

    def _scripted(self) -> float:
        return self._began + self._steps[self._next].at if self._next < len(self._steps) else NEVER

    def next(self) -> float:
        """When `turn` has something to do again."""
        return min(self._scripted(), self._next_stall, self._next_reset)

    def say(self, order: Order, now: float) -> bool:
        """A hand's word. True when the connections are to be reset. Raises Fault for a value that cannot be."""
        if order.verb == "profile":
            return self.begin(self._find(order.rest), now)
        if order.verb == "set":
            self.ocean = changed(self.ocean, order.rest)
            self._take(self.ocean.line, now)
            return False
        return self._do(order, float(order.rest or 0.2) if order.verb == "stall" else 0.0, now)

    def _do(self, order: Order, length: float, now: float) -> bool:
        if order.verb in ("hole", "reset"):
            self.state = order.verb
        elif order.verb == "mend":
            self.state = "open"
        elif order.verb == "stall":
            self.stalled_until = max(self.stalled_until, now + length)
        elif order.verb == "profile":
            self._take(self._find(order.rest).line, now)
        elif order.verb == "set":
            self._take(changed(self.ocean, order.rest).line, now)
        elif order == _RESTORE:
            self._take(self.ocean.line, now)
        return order.verb in ("drop", "reset")


class Strait:
    """One direction of the line, all connections together: they share its narrow place and the queue before it."""

    def __init__(self, way: int, weather: Weather, chance: random.Random) -> None:
        self._way, self._weather, self._chance = way, weather, chance
        self._free = 0.0

    @property
    def narrow(self) -> bool:
        """Whether packets are counted one by one here."""
        line = self._weather.line
        return bool(line.bandwidth[self._way] or line.loss[self._way])

    def room(self, now: float) -> float:
        """Bytes that the queue takes now; infinite where the line is as wide as one likes."""
        line = self._weather.line
        wide = line.bandwidth[self._way]
        if not wide:
            return NEVER
        return line.queue[self._way] - max(0.0, self._free - self._begins(now)) * wide

    def resumes(self, now: float) -> float:
        """When the queue has room for a packet again."""
        line, room = self._weather.line, self.room(now)
        need = min(SEGMENT, line.queue[self._way])
        return now if room >= need else self._begins(now) + (need - room) / line.bandwidth[self._way]

    def _begins(self, now: float) -> float:
        return max(now, self._weather.stalled_until)

    def due(self, now: float, length: int) -> float:
        """When a piece of so many bytes, here now, comes out at the other end; its connection keeps the order."""
        line, way = self._weather.line, self._way
        out = self._begins(now)
        if line.bandwidth[way]:
            out = self._free = max(out, self._free) + length / line.bandwidth[way]
        return out + line.one_way[way] + self._jitter(line) + self._lost(line)

    def _jitter(self, line: Line) -> float:
        most = line.jitter[self._way]
        if line.spread == "uniform" or not most:
            return self._chance.uniform(0.0, most)
        # A log-normal of sigma 1 has the mean exp(1/2): scaled so that its mean is the uniform one's.
        return min(_LONGEST * most, most / 2 * self._chance.lognormvariate(-0.5, 1.0))

    def _lost(self, line: Line) -> float:
        """What TCP makes of a lost packet: it is sent again a round trip later, and what follows waits for it."""
        waits = 0.0
        while line.loss[self._way] and self._chance.random() < line.loss[self._way]:
            waits += line.rtt
        return waits
