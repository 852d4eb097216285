"""Visitors who are not there: they arrive, wander, stop, touch the wall and leave. The same for the same seed and time.

They tell what a real floor would: how many, how far the nearest is from the wall, where, how lively, and each touch.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hardware.driver import NOBODY, Trouble
from hardware.simulated import Grid, Said

STRIDE = 1.1
"""Metres a second: people in a museum walk slower than in the street (1.4)."""
LIVELY = 1.5
"""The mean speed that is full energy."""
REACH = 0.4
"""Metres from the wall at which a hand touches it."""
NEXT = {"wander": 0.45, "stop": 0.25, "touch": 0.2, "leave": 0.1}
"""What a visitor does next, with what probability, once where they meant to go."""


@dataclass
class Visitor:
    """One person: where (metres; y is the distance from the wall), how fast, where to, and until when they stand."""

    x: float
    y: float
    aim: tuple[float, float]
    intent: str = "wander"
    until: float = 0.0
    vx: float = 0.0
    vy: float = 0.0

    def speed(self) -> float:
        """Metres a second."""
        return math.hypot(self.vx, self.vy)

    def walk(self, seconds: float) -> bool:
        """A step towards the aim; whether they are there. They turn and stop within about 0.4 s, as people do."""
        dx, dy = self.aim[0] - self.x, self.aim[1] - self.y
        far = math.hypot(dx, dy)
        pace = min(STRIDE, 2.0 * far) / far if far > 0.05 else 0.0
        ease = min(1.0, seconds / 0.4)
        self.vx += (dx * pace - self.vx) * ease
        self.vy += (dy * pace - self.vy) * ease
        self.x += self.vx * seconds
        self.y += self.vy * seconds
        return far < 0.15


class Visitors(Grid):
    """A floor of `width` × `depth` metres before a wall; `already` there, `per_minute` more arrive, `most` at a time.

    `hours`: 24 digits, how busy each hour of the local day is, 9 for `per_minute` in full; empty: always.
    Gives `/count`, `/distance` (metres of the nearest from the wall; the depth when nobody is there), `/x`, `/y` (the
    nearest, 0 … 1), `/energy` (0 … 1), each when it changes, and `/touch` (x and height, 0 … 1) at each touch.
    """

    senses = NOBODY

    def __init__(
        self,
        per_minute: float = 6.0,
        most: int = 6,
        already: int = 2,
        width: float = 6.0,
        depth: float = 4.0,
        rate: float = 20.0,
        hours: str = "",
        *,
        address: str = "/floor",
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        seed: int = 0,
    ) -> None:
        super().__init__(rate, address, clock)
        if hours and not (len(hours) == 24 and hours.isascii() and hours.isdigit()):
            raise Trouble(
                (f'hours = "{hours}"', "24 digits from 0 to 9, one for each hour from midnight", "change `hours`"),
                (f"hours = « {hours} »", "24 chiffres de 0 à 9, un par heure depuis minuit", "changez `hours`"),
            )
        self.per_minute, self.most, self.width, self.depth, self.hours = per_minute, most, width, depth, hours
        self._random = random.Random(seed)
        self.people = [Visitor(*self._somewhere(), aim=self._somewhere()) for _ in range(min(already, most))]
        self._opened = wall()
        self._said: dict[str, Any] = {}
        self._energy = 0.0

    def step(self, seconds: float) -> Iterable[Said]:
        said: list[Said] = []
        self._arrive(seconds)
        for person in self.people:
            if seconds >= person.until and person.walk(1.0 / self.rate):
                said += self._arrived(person, seconds)
            elif seconds < person.until:
                person.vx = person.vy = 0.0
        self.people = [person for person in self.people if person.intent != "gone"]
        return said + self._changed()

    def density(self, seconds: float) -> float:
        """How busy it is, 0 … 1, so long after the start."""
        if not self.hours:
            return 1.0
        return int(self.hours[time.localtime(self._opened + seconds).tm_hour]) / 9.0

    def _arrive(self, seconds: float) -> None:
        chance = self.per_minute / 60.0 / self.rate * self.density(seconds)
        if self._random.random() < chance and len(self.people) < self.most:
            door = self._random.choice((0.0, self.width))
            self.people.append(Visitor(door, self.depth * self._random.uniform(0.5, 1.0), self._somewhere()))

    def _somewhere(self) -> tuple[float, float]:
        return self.width * self._random.uniform(0.1, 0.9), self.depth * self._random.uniform(0.2, 0.95)

    def _arrived(self, person: Visitor, seconds: float) -> list[Said]:
        """They are where they meant to be: they do what they came for, and make up their mind anew."""
        if person.intent == "leave":
            person.intent = "gone"
            return []
        said = self._touched(person) if person.intent == "touch" else []
        person.intent = self._random.choices(list(NEXT), list(NEXT.values()))[0]
        if person.intent == "stop":
            person.until = seconds + self._random.uniform(2.0, 8.0)
        elif person.intent == "touch":
            person.aim = (self.width * self._random.uniform(0.1, 0.9), REACH)
        elif person.intent == "leave":
            person.aim = (self._random.choice((-0.5, self.width + 0.5)), person.y)
        else:
            person.aim = self._somewhere()
        return said

    def _touched(self, person: Visitor) -> list[Said]:
        across = min(1.0, max(0.0, person.x / self.width))
        return [("/touch", (round(across, 3), round(self._random.uniform(0.35, 0.75), 3)))]

    def _changed(self) -> list[Said]:
        """What differs from what was last said, to the millimetre or the thousandth."""
        moved = sum(person.speed() for person in self.people) / (len(self.people) or 1)
        self._energy += (min(1.0, moved / LIVELY) - self._energy) * min(1.0, 2.0 / self.rate)
        news = {"/count": len(self.people), **self._nearest(), "/energy": round(self._energy, 3)}
        changed = [(end, (value,)) for end, value in news.items() if self._said.get(end) != value]
        self._said.update(news)
        return changed

    def _nearest(self) -> dict[str, float]:
        if not self.people:
            return {"/distance": self.depth}
        one = min(self.people, key=lambda person: person.y)
        across, along = one.x / self.width, one.y / self.depth
        return {
            "/distance": round(one.y, 3),
            "/x": round(min(1.0, max(0.0, across)), 3),
            "/y": round(min(1.0, max(0.0, along)), 3),
        }
