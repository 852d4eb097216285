"""A week of several cities' calendars, lived through in seconds by the same tick on a held clock.

Visitors are thought up: few at the edges of the opening hours, more in the middle, none while the house is closed; the
same for the same seed. Between two pictures control ticks at each change of the calendars and every few minutes; before
each picture the towns are lived in for some seconds, with people who walk.
"""

from __future__ import annotations

import datetime
import itertools
import math
import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from hardware.driver import Event
from hardware.visitors import Visitors
from installation.control.rehearsal import Rehearsal, Town
from installation.feed import Values
from installation.score.calendar import instant
from installation.score.layout import COMPANY
from installation.score.rig import Rig
from installation.score.scene import Scene

EACH, SLOT = 300.0, 600.0
"""Seconds between two ticks when nothing changes, and for which as many visitors stay."""
SOON = (0.2, 0.4, 1.5, 2.6, 4.0, 10.0, 33.0)
"""Seconds after a tick at which what it did has been sent and has arrived, and then at which a doubt is looked at
again: the patience of company."""
FRAMES, RATE = 18, 6.0
"""Frames that are lived through before each picture, and how many in a second."""
WITHIN = 0.75
"""Where in its column a picture is taken: hours change on the hour, and by then the picture has followed."""
WALK = 20.0
"""Seconds for which visitors have walked before."""
CROWD = 3.0
"""Visitors in the middle of a day, in the mean."""


class Stay(NamedTuple):
    """A state of a city from `start` to `end` (seconds since 1970), and whether its house was open."""

    state: str
    open: bool
    start: float
    end: float


class Moment(NamedTuple):
    """A picture to be drawn: of which city, when, and the rows of the frames that lead to it (values, scene time)."""

    site: str
    utc: float
    rows: tuple[tuple[Values, float], ...]


class Week(NamedTuple):
    """What was lived: the columns' instants (one more than there are), each city's stays, the pictures in order."""

    columns: tuple[float, ...]
    days: tuple[datetime.date, ...]
    stays: dict[str, list[Stay]]
    moments: list[Moment]

    def hours(self, site: str, opened: bool | None = None) -> dict[str, float]:
        """Hours in each state; of those in which the house was open, or closed, only."""
        found = dict.fromkeys(COMPANY, 0.0)
        for stay in self.stays[site]:
            if opened is None or stay.open == opened:
                found[stay.state] += (stay.end - stay.start) / 3600
        return found

    @property
    def both_open(self) -> float:
        """Hours in which all the houses are open."""
        edges = sorted({at for stays in self.stays.values() for stay in stays for at in (stay.start, stay.end)})
        found = 0.0
        for start, end in itertools.pairwise(edges):
            middle = (start + end) / 2
            opened = (any(s.open and s.start <= middle < s.end for s in stays) for stays in self.stays.values())
            found += end - start if all(opened) else 0.0
        return found / 3600


def columns(zone: str, first: datetime.date, days: int, hours: int) -> list[float]:
    """The instants at which the columns begin, on the wall clock of `zone`, and that at which the last one ends."""
    dates = [first + datetime.timedelta(n) for n in range(days)]
    found = [instant(zone, day, 60 * hour) for day in dates for hour in range(0, 24, hours)]
    return [*found, instant(zone, dates[-1], 1440)]


def lived(scene: Scene, rigs: Sequence[Rig], first: datetime.date, days: int, hours: int, seed: int) -> Iterator[Week]:
    """The week, growing: given after each column, so that one can tell how far it has come; the last one is whole."""
    edges = columns(rigs[0].calendar.zone, first, days, hours)
    dates = tuple(first + datetime.timedelta(n) for n in range(days))
    week = Week(tuple(edges), dates, {rig.name: [] for rig in rigs}, [])
    life = _Life(scene, rigs, edges[0] - EACH, seed, week)
    for start, end in itertools.pairwise(edges):
        within = start + WITHIN * (end - start)
        life.until(within)
        life.pictured(within)
        life.until(end)
        yield week


class _Life:
    """The towns as they live."""

    def __init__(self, scene: Scene, rigs: Sequence[Rig], utc: float, seed: int, week: Week) -> None:
        self.rehearsal, self.rigs, self.seed, self.week = Rehearsal(scene, rigs, utc), rigs, seed, week
        self._tick(utc)
        for later in SOON:
            self._tick(utc + later)
        self.until(week.columns[0])

    def until(self, end: float) -> None:
        """Lives on to `end`, in steps that miss no change of a calendar."""
        start = self.rehearsal.utc
        steps = {start + n * EACH for n in range(1, math.ceil((end - start) / EACH))}
        for rig in self.rigs:
            at = start
            while (change := rig.calendar.next_change(at)) is not None and change[0] < end:
                steps.add(at := change[0])
        for utc in (*sorted(steps), end):
            self._step(utc, end)

    def _step(self, utc: float, end: float) -> None:
        """A tick, and those in which what it did arrives; more of them while a state is in doubt."""
        self._tick(utc)
        for later in SOON:
            if utc + later < end and (later in SOON[:2] or self._doubtful()):
                self._tick(utc + later)

    def _doubtful(self) -> bool:
        return any(town.control.company.doubtful for town in self.rehearsal.towns.values())

    def _tick(self, utc: float, events: dict[str, list[Event]] | None = None) -> None:
        """One tick of all towns; how long each was in its state until then is noted."""
        before = self.rehearsal.utc
        for name, town in self.rehearsal.towns.items():
            if utc > before >= self.week.columns[0]:
                self._stayed(name, town, before, utc)
        found = events or {}
        people = {rig.name: [Event(utc, "/presence", (self.crowd(rig, utc),))] for rig in self.rigs}
        self.rehearsal.tick(utc, {name: [*people[name], *found.get(name, ())] for name in people})

    def _stayed(self, name: str, town: Town, start: float, end: float) -> None:
        stays = self.week.stays[name]
        state, opened = town.control.company.state, town.rig.calendar.open_at(start)
        if stays and stays[-1].state == state and stays[-1].open == opened:
            stays[-1] = stays[-1]._replace(end=end)
        else:
            stays.append(Stay(state, opened, start, end))

    def crowd(self, rig: Rig, utc: float) -> int:
        """How many visitors are in a house; now and then nobody."""
        if not rig.calendar.open_at(utc):
            return 0
        start, end = next(rig.calendar.openings(utc))
        part = (utc - start) / (end - start) if math.isfinite(end - start) else 0.5
        chance = random.Random(f"{self.seed} {rig.name} {utc // SLOT}")
        mean = CROWD * math.sin(math.pi * min(max(part, 0.0), 1.0)) ** 0.5
        return sum(chance.random() < mean / 8 for _ in range(8))

    def pictured(self, utc: float) -> None:
        """The seconds before the picture at `utc`, in which people walk; the towns are then at `utc`."""
        floors = {rig.name: self._floor(rig, utc) for rig in self.rigs}
        rows: dict[str, list[tuple[Values, float]]] = {name: [] for name in floors}
        begin = max(self.rehearsal.utc, utc)
        for n in range(FRAMES):
            now = begin + (n + 1) / RATE
            self._tick(now, {name: floor(now - begin + WALK) for name, floor in floors.items()})
            for name, town in self.rehearsal.towns.items():
                values = town.values
                rows[name].append((values, town.control.scene_time(values.shared)))
        self.week.moments.extend(Moment(name, utc, tuple(found)) for name, found in rows.items())

    def _floor(self, rig: Rig, utc: float) -> Any:
        """The floor's sensor from `WALK` seconds before on: asked for its events up to a second of its own."""
        count = self.crowd(rig, utc)
        clock = [0.0]
        driver = Visitors(
            per_minute=0.0, already=count, most=max(1, count), clock=lambda: clock[0],
            wall=lambda: utc, seed=hash_of(self.seed, rig.name, utc),
        )  # fmt: skip

        def events(seconds: float) -> list[Event]:
            clock[0] = seconds
            found: list[Event] = []
            while more := driver.poll(seconds, 4096):
                found += more
            return found

        return events


def hash_of(seed: int, name: str, utc: float) -> int:
    """A seed of its own for each city and moment."""
    return random.Random(f"{seed} {name} {utc:.0f}").getrandbits(32)
