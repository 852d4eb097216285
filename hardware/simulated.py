"""A sensor that is not there: shapes and noise, the same for the same seed and time. No device.

What simulates advances on a fixed grid counted from its start, so its events do not depend on how often it is polled.
"""

from __future__ import annotations

import math
import random
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from hardware.driver import NOBODY, Event, Trouble

Said = tuple[str, tuple[Any, ...]]
"""What a step gives: the end of an address, and a value."""
MOST_STEPS = 100
"""Steps of one poll after a long sleep, about 2 ms of work; the next polls catch up."""


class Grid:
    """An input whose `step` is called once for each grid time that has passed, never twice, never out of order."""

    def __init__(self, rate: float, address: str, clock: Callable[[], float]) -> None:
        if not 0.0 < rate <= 1000.0:
            raise Trouble(
                (f"a rate of {rate:g}", "steps a second, above 0 and up to 1000", "change `rate`"),
                (f"une cadence de {rate:g}", "des pas par seconde, plus de 0 et jusqu'à 1000", "changez `rate`"),
            )
        self.rate, self.address = rate, address.rstrip("/")
        self._start = clock()
        self._steps = self._received = 0
        self._pending: deque[Event] = deque()
        self._open = True

    def step(self, seconds: float) -> Iterable[Said]:
        """What happens at one grid time, in seconds since the start."""
        raise NotImplementedError

    def wait(self) -> int | None:
        return None

    def poll(self, now: float, limit: int) -> list[Event]:
        steps = 0
        while self._open and len(self._pending) < limit and steps < MOST_STEPS and self._due() <= now:
            steps += 1
            self._advance()
        events = [self._pending.popleft() for _ in range(min(max(limit, 0), len(self._pending)))]
        self._received += len(events)
        return events

    def _due(self) -> float:
        return self._start + self._steps / self.rate

    def _advance(self) -> None:
        at, seconds = self._due(), self._steps / self.rate
        self._pending.extend(Event(at, self.address + end, value) for end, value in self.step(seconds))
        self._steps += 1

    def health(self) -> str:
        return "alive" if self._open else "lost"

    def counts(self) -> dict[str, int]:
        return {"received": self._received}

    def close(self) -> None:
        self._open = False
        self._pending.clear()


def smooth_noise(seed: int, cycles: float) -> float:
    """Value noise in 0 … 1: a random height at each whole number, eased between them."""
    whole = math.floor(cycles)
    left, right = (random.Random(f"{seed}:{whole + side}").random() for side in (0, 1))
    part = cycles - whole
    return left + (right - left) * part * part * (3.0 - 2.0 * part)


SHAPES: dict[str, Callable[[int, float], float]] = {
    "sine": lambda seed, cycles: 0.5 - 0.5 * math.cos(math.tau * cycles),
    "triangle": lambda seed, cycles: 1.0 - abs(2.0 * (cycles % 1.0) - 1.0),
    "ramp": lambda seed, cycles: cycles % 1.0,
    "square": lambda seed, cycles: float(cycles % 1.0 >= 0.5),
    "steps": lambda seed, cycles: random.Random(f"{seed}:{math.floor(cycles)}").random(),
    "noise": smooth_noise,
}
"""Each from 0 to 1, by its seed and the cycles since the start."""


class SimulatedInput(Grid):
    """One value at its `address`, `rate` times a second, through `shape` from `low` to `high` in `period` seconds.

    `noise` is the deviation of what a real sensor would add, in the unit of the value.
    """

    senses = NOBODY

    def __init__(
        self,
        shape: str = "sine",
        rate: float = 30.0,
        period: float = 4.0,
        low: float = 0.0,
        high: float = 1.0,
        noise: float = 0.0,
        *,
        address: str = "/simulated",
        clock: Callable[[], float] = time.monotonic,
        seed: int = 0,
    ) -> None:
        super().__init__(rate, address, clock)
        if shape not in SHAPES:
            raise Trouble(
                (f'no shape "{shape}"', "one of " + ", ".join(SHAPES), "change `shape`"),
                (f"forme « {shape} » inconnue", "au choix : " + ", ".join(SHAPES), "changez `shape`"),
            )
        self.shape, self.seed = SHAPES[shape], seed
        self.period, self.low, self.high, self.noise = max(period, 1e-3), low, high, noise
        self._jitter = random.Random(seed)

    def step(self, seconds: float) -> Iterable[Said]:
        clean = self.low + (self.high - self.low) * self.shape(self.seed, seconds / self.period)
        return [("", (clean + self._jitter.gauss(0.0, self.noise),))]
