"""A rehearsal of sharing: sites in one process on a held clock, over an ocean, through partition, loss and restart.

Real mirrors and journals, and the ocean's own weather; the hands, the cuts and the restarts are drawn by chance from
a seed. Pure but for the journals' files in `folder`: a minute of it takes a second or so.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from installation.score.ocean import Ocean
from installation.twin.journal import Entry, Journal
from installation.twin.mirror import Arrived, Key, Mirror
from installation.twin.weather import Strait, Weather
from installation.twin.wire import JOURNAL

STEP = 1 / 60
PLAY, CUT, LONGEST, STILL = 4.0, 6.0, 20.0, 0.5
"""Held seconds: hands on an open line; on one that is cut; then at most so long until all agree, and stay so."""
HANDSHAKE = 3.5
"""Round trips until a line that has come back carries anything (WIRE.md)."""
BEFORE = 1000.0
LOSE = DOUBLE = LATE = 0.02
SAVE_EVERY = 1.0
TOLERANCE = 2e-3
"""Of a parameter's range; what crosses is quantised."""
HANDS = 4.0
"""Touches a second of each parameter at each site, rises a quarter of it."""


class Fate(NamedTuple):
    """What became of one parameter: seconds until all agreed, the worst of all cycles; None when they never did."""

    address: str
    agreed: float | None
    given: int = 0
    lost: int = 0
    doubled: int = 0


class Told(NamedTuple):
    """What a rehearsal has come to. Counts are of all cycles; `journal` is written, lost, doubled."""

    cycles: int
    seconds: float
    fates: dict[str, Fate]
    journal: tuple[int, int, int]
    counted: dict[str, int]


class _Site:
    """One site: what it has, and what it has applied."""

    def __init__(self, name: str, keys: list[Key], peers: list[str], file: Path, kind: type[Mirror]) -> None:
        self.name, self.keys, self.peers, self.file, self.kind = name, keys, peers, file, kind
        self.epoch, self.saved, self.saved_at = 0, b"", 0.0
        self.applied: dict[tuple[str, int, int], int] = {}
        self.written: list[tuple[str, int, int]] = []
        self.begin()

    def begin(self) -> None:
        """A run, after whatever the last one left."""
        self.epoch += 1
        self.journal = Journal(self.file, self.name, self.epoch, self.peers)
        self.mirror = self.kind(self.name, self.keys, self.epoch, self.saved or None)
        for entry in self.journal.pending():
            self.apply(entry)

    def restart(self) -> None:
        self.journal.flush()
        self.journal.close()
        self.begin()

    def save(self, now: float) -> None:
        self.saved, self.saved_at = self.mirror.saved(), now

    def apply(self, entry: Entry) -> None:
        mark = entry.site, entry.epoch, entry.number
        self.applied[mark] = self.applied.get(mark, 0) + 1
        self.journal.done(entry)
        self.journal.keep(self.mirror.saved())


class _Line:
    """The way from one site to another: what is under way, soonest first."""

    def __init__(self, strait: Strait) -> None:
        self.strait, self.last, self.count = strait, 0.0, 0
        self.under_way: list[tuple[float, int, bytes]] = []

    def add(self, now: float, frame: bytes, extra: float = 0.0) -> None:
        """In order behind the others, but for one that is made `extra` late."""
        self.count += 1
        due = max(self.last, self.strait.due(now, len(frame)))
        self.last = due if not extra else self.last
        heapq.heappush(self.under_way, (due + extra, self.count, frame))


class Rehearsal:
    """`keys` are each site's parameters by its name; sites may run different versions of a scene."""

    def __init__(
        self, keys: Mapping[str, Iterable[Key]], ocean: Ocean, find: Callable[[str], Ocean], seed: int, folder: Path,
        kind: type[Mirror] = Mirror,
    ) -> None:  # fmt: skip
        self._chance = random.Random(seed)
        self.now, self.cycles = BEFORE, 0
        names = list(keys)
        self.sites = {
            name: _Site(name, list(keys[name]), [n for n in names if n != name], folder / f"{name}.sqlite", kind)
            for name in names
        }
        self._weather = Weather(ocean, self.now, self._chance, find)
        self._lines = {
            (one, other): _Line(Strait(place > names.index(other), self._weather, self._chance))
            for place, one in enumerate(names)
            for other in names
            if one != other
        }
        self._up_at = dict.fromkeys(self._pairs(), self.now)
        self._up = dict.fromkeys(self._pairs(), False)
        self.counted = {"frames": 0, "lost": 0, "doubled": 0, "late": 0, "cuts": 0, "restarts": 0}
        self._worst: dict[str, float | None] = {}
        self._rises: dict[str, list[int]] = {}
        self._lossy: set[frozenset[str]] = set()  # a frame is only lost on a line that will break: TCP knows no other
        first = self.sites[names[0]]
        self.shared = [key for key in first.keys if key.rule and self._crosses(key)]

    def _crosses(self, key: Key) -> bool:
        """Whether all sites have it alike: those that do not are told beforehand, and cannot agree."""
        return all(
            any((one.address, one.kind, one.rule, one.width) == (key.address, key.kind, key.rule, key.width)
                for one in site.keys)
            for site in self.sites.values()
        )  # fmt: skip

    def _pairs(self) -> list[frozenset[str]]:
        names = list(self.sites)
        return [frozenset((one, other)) for n, one in enumerate(names) for other in names[n + 1 :]]

    def close(self) -> None:
        for site in self.sites.values():
            site.journal.close()

    # A cycle.

    def cycle(self) -> None:
        """Hands on an open line, a cut with hands at both sides, a restart now and then, and the return."""
        self.cycles += 1
        counts = {name: self._counts(site) for name, site in self.sites.items()}
        given: dict[str, int] = {key.address: 0 for key in self.shared if key.kind == "event"}
        cut = self._chance.sample(self._pairs(), 1) if self.cycles % 2 else self._pairs()
        self._lossy, self.counted["cuts"] = set(cut), self.counted["cuts"] + len(cut)
        self._run(PLAY, given)
        for pair in cut:
            self._sever(pair, until=self.now + CUT + HANDSHAKE * self._weather.line.rtt)
        self._run(CUT / 2, given)
        if self.cycles % 3 != 1:
            self._restart(self._chance.choice(list(self.sites)))
        self._run(CUT / 2, given)
        self._settle()
        self._count(counts, given)

    def _run(self, seconds: float, given: dict[str, int]) -> None:
        """Time in which hands move; three letters a site in all."""
        for _ in range(round(seconds / STEP)):
            for site in self.sites.values():
                self._hands(site, given)
                if self._chance.random() < STEP / 4:
                    entry = site.journal.write("letter", [self.cycles], 0.0, self.now)
                    site.written.append((entry.site, entry.epoch, entry.number))
                    site.apply(entry)
                    site.journal.flush()
            self._step(rough=True)

    def _hands(self, site: _Site, given: dict[str, int]) -> None:
        for key in self.shared:
            if self._chance.random() >= HANDS * STEP:
                continue
            if key.kind == "event":
                if self._chance.random() < 0.25:
                    site.mirror.rise(key.address, now=self.now)
                    site.save(self.now)
                    given[key.address] += 1
                continue
            numbers = tuple(self._number(key, n) for n in range(key.width))
            if self._chance.random() < 0.05 and key.kind in ("float", "color", "point2D"):
                site.mirror.fade(key.address, None, numbers, self.now, self._chance.uniform(0.2, 2.0))
            else:
                site.mirror.touch(key.address, numbers, self.now, firm=True)
        if self.now - site.saved_at >= SAVE_EVERY:
            site.save(self.now)

    def _number(self, key: Key, n: int) -> float:
        found = self._chance.uniform(key.low[n], key.high[n])
        return float(round(found)) if key.kind in ("bool", "long") else found

    def _step(self, rough: bool = False) -> None:
        """One tick of every site."""
        self.now += STEP
        if self._weather.turn(self.now):
            for pair in self._pairs():
                self._sever(pair, until=self.now + HANDSHAKE * self._weather.line.rtt)
        self._raise_lines()
        for name, site in self.sites.items():
            off = {peer for peer in site.peers if not self._up[frozenset((name, peer))]}
            frames = site.mirror.delta(self.now, off)
            for peer, more in site.journal.delta(self.now, off).items():
                frames[peer] = frames.get(peer, []) + more
            for peer, each in frames.items():
                for frame in each:
                    self._send(name, peer, frame, rough)
        for (_, to), line in self._lines.items():
            self._arrive(to, line)

    def _send(self, name: str, peer: str, frame: bytes, rough: bool) -> None:
        line, chance = self._lines[name, peer], self._chance.random() if rough else 1.0
        self.counted["frames"] += 1
        pair = frozenset((name, peer))
        if not self._up[pair] or (chance < LOSE and pair in self._lossy):
            self.counted["lost"] += 1
            return
        if LOSE <= chance < LOSE + LATE:
            self.counted["late"] += 1
            line.add(self.now, frame, extra=self._chance.uniform(0.0, 1.0))
            return
        line.add(self.now, frame)
        if chance > 1.0 - DOUBLE and rough:
            self.counted["doubled"] += 1
            line.add(self.now, frame, extra=self._chance.uniform(0.0, 1.0))

    def _arrive(self, to: str, line: _Line) -> None:
        sender = next(one for (one, other), each in self._lines.items() if each is line and other == to)
        arrived = []
        while line.under_way and line.under_way[0][0] <= self.now:
            arrived.append(Arrived(sender, heapq.heappop(line.under_way)[2]))
        if arrived:
            self._merge(self.sites[to], arrived)

    def _merge(self, site: _Site, arrived: list[Arrived]) -> None:
        site.mirror.merge(arrived)
        entries = site.journal.merge(arrived)
        if any(frame.body and frame.body[0] == JOURNAL for frame in arrived):
            site.journal.flush()
            entries += site.journal.merge(())
        for entry in entries:
            site.apply(entry)

    # The line.

    def _sever(self, pair: frozenset[str], until: float) -> None:
        """What is under way is lost, and nothing is sent until the line is up again."""
        self._up[pair], self._up_at[pair] = False, max(until, self._up_at[pair])
        for ends, line in self._lines.items():
            if frozenset(ends) == pair:
                self.counted["lost"] += len(line.under_way)
                line.under_way, line.last = [], 0.0

    def _raise_lines(self) -> None:
        for pair, up in self._up.items():
            if not up and self.now >= self._up_at[pair] and self._weather.state == "open":
                self._up[pair] = True
                one, other = sorted(pair)
                self._merge(self.sites[one], [Arrived(other, b"")])
                self._merge(self.sites[other], [Arrived(one, b"")])
            elif up and self._weather.state != "open":
                self._sever(pair, until=self.now)

    def _restart(self, name: str) -> None:
        """A process that was killed: what it had saved is all that it knows."""
        self.counted["restarts"] += 1
        self.sites[name].restart()
        for pair in self._pairs():
            if name in pair:
                self._sever(pair, until=self.now + HANDSHAKE * self._weather.line.rtt)

    # What is found.

    def _settle(self) -> None:
        """The hands rest; how long until each parameter is the same everywhere, from the return of the line on."""
        back = self.now
        since: dict[str, float | None] = dict.fromkeys((key.address for key in self.shared), None)
        while self.now - back < LONGEST:
            self._step()
            wrong = self._apart()
            for address in since:
                since[address] = None if address in wrong else since[address] or self.now
            if all(at is not None and self.now - at >= STILL for at in since.values()) and self._delivered():
                break
        for address, at in since.items():
            before = self._worst.get(address, 0.0)
            self._worst[address] = None if at is None or before is None else max(before, at - back)

    def _apart(self) -> set[str]:
        """The addresses on which not all sites agree now."""
        readings = {name: site.mirror.read(self.now).columns for name, site in self.sites.items()}
        halves = {
            (name, of): site.mirror.half(of)[0] for name, site in self.sites.items() for of in self.sites
        }  # fmt: skip
        wrong = set()
        for key in self.shared:
            if key.kind == "event" or getattr(key, "ttl", False):
                continue  # a count is counted; what falls back does so by each receiver's own clock
            if key.rule == "each":
                apart = any(self._differ(key, [(n, halves[n, of]) for n in self.sites]) for of in self.sites)
            else:
                apart = self._differ(key, list(readings.items()))
            if apart:
                wrong.add(key.address)
        return wrong

    def _differ(self, key: Key, columns: list[tuple[str, Any]]) -> bool:
        parts = []
        for name, row in columns:
            at = self.sites[name].mirror.schema.places[key.address].offset
            parts.append(row[at : at + key.width])
        span = np.maximum(np.abs(np.array(key.high) - np.array(key.low)), 1e-9)
        return any(bool((np.abs(part - parts[0]) > TOLERANCE * span).any()) for part in parts[1:])

    def _delivered(self) -> bool:
        written = {mark for site in self.sites.values() for mark in site.written}
        return all(written <= site.applied.keys() for site in self.sites.values())

    def _counts(self, site: _Site) -> dict[str, float]:
        columns, places = site.mirror.read(self.now).columns, site.mirror.schema.places
        return {key.address: float(columns[places[key.address].offset]) for key in self.shared if key.kind == "event"}

    def _count(self, before: dict[str, dict[str, float]], given: dict[str, int]) -> None:
        """Every rise is seen once at every site."""
        for address, count in given.items():
            row = self._rises.setdefault(address, [0, 0, 0])
            row[0] += count
            for name, site in self.sites.items():
                seen = self._counts(site)[address] - before[name][address]
                row[1] += max(0, round(count - seen))
                row[2] += max(0, round(seen - count))

    def told(self) -> Told:
        """What it has come to."""
        fates = {
            key.address: Fate(key.address, self._worst.get(key.address), *self._rises.get(key.address, (0, 0, 0)))
            for key in self.shared
        }
        written = [mark for site in self.sites.values() for mark in site.written]
        lost = sum(mark not in site.applied for mark in written for site in self.sites.values())
        doubled = sum(count - 1 for site in self.sites.values() for count in site.applied.values())
        return Told(self.cycles, self.now - BEFORE, fates, (len(written), lost, doubled), dict(self.counted))
