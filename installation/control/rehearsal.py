"""Several cities in one process, on one held clock, with a line that takes no time: the same tick, without a device.

What happens in them is thought up by whoever rehearses; `week` runs a calendar in this way, tests an evening.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, cast

import msgspec

from hardware.driver import Event
from installation.clock import HeldClock
from installation.control.echo_take import shipped
from installation.control.held import HeldFeed, HeldInput, HeldJournal, HeldKept, HeldLine, HeldReader
from installation.control.kept import Saved
from installation.control.outputs import Outputs
from installation.control.reader import Loaded
from installation.control.tap import Deaf
from installation.control.tick import Control, Parts
from installation.control.values import keys
from installation.feed import Values
from installation.score.rig import Peer, Rig
from installation.score.scene import Scene, laid_out
from installation.score.show import Show
from installation.twin.mirror import Arrived, Mirror
from installation.twin.offset import Line, SharedTime

RTT = 145.0
"""Milliseconds of a round trip between the cities, as the towns are told; nothing waits for it here."""


class _Wire(HeldLine):
    """The line to the other towns: up, or cut."""

    def __init__(self, shared: SharedTime, peers: tuple[str, ...]) -> None:
        super().__init__(shared, peers)
        self.up = False
        self.sent: dict[str, list[bytes]] = {}

    def full(self, lane: str = "state") -> frozenset[str]:
        return frozenset() if self.up else frozenset(self.peers)

    def send(self, frames: Any) -> None:
        self.sent = frames

    def status(self) -> dict[str, Any]:
        return {peer: {"connected": self.up, "rtt_ms": RTT, "state": ""} for peer in self.peers}


class _Unkept:
    """What is kept of the other cities: nothing. Their echo is the take that the scene ships."""

    problems: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stretches: Mapping[tuple[str, str], tuple[Any, ...]] = MappingProxyType({})

    def keep(self, head: Any, now: float, values: Any) -> None:
        pass

    def rest(self, site: str) -> None:
        pass

    def run(self, act: Callable[[], None]) -> None:
        act()

    def close(self) -> None:
        pass


class Town:
    """One site: its control, and the doors that are held."""

    def __init__(self, rig: Rig, scene: Scene, clock: HeldClock, utc: float, saved: Saved | None = None) -> None:
        self.name, self.rig, self.clock = rig.name, rig, clock
        self.peers = tuple(peer.name for peer in rig.peers)
        shared = SharedTime(clock.now(), utc)
        shared.line = Line(clock.now(), utc, 1.0, True, 0.0)
        self.input, self.line, self.feed = HeldInput(), _Wire(shared, self.peers), HeldFeed()
        mirror = Mirror(rig.name, keys(scene, rig.values), int(utc * 1000))
        parts = Parts(
            rig, Show(title={}, scene="", cues={}), clock,
            devices=cast(Any, self.input), outputs=Outputs(_quiet(rig), clock, _deaf), link=cast(Any, self.line),
            mirror=mirror, journal=cast(Any, HeldJournal()), reader=cast(Any, HeldReader()), slate=cast(Any, None),
            feed=cast(Any, self.feed), tap=Deaf(), health=cast(Any, None), tell=_deaf,
        )  # fmt: skip
        self.control = Control(parts, Loaded(scene.name, scene, laid_out(scene, self.peers)), saved or Saved())
        self.control.kept = HeldKept()
        self.control.echo.open(cast(Any, _Unkept()), shipped)

    @property
    def values(self) -> Values:
        """The row that was published last; its arrays are the caller's to keep."""
        return self.feed.values

    def value(self, address: str) -> tuple[float, ...]:
        """The numbers at an address, as of the last tick."""
        return self.control.row.value(address)


class Rehearsal:
    """The towns, and the instant (seconds since 1970) at which they are. The line is up from the start."""

    def __init__(self, scene: Scene, rigs: Iterable[Rig], utc: float) -> None:
        self.clock = HeldClock(0.0)
        self.utc = utc
        self.towns = {rig.name: Town(rig, scene, self.clock, utc) for rig in rigs}
        self.join()

    def join(self) -> None:
        """The line comes up."""
        for town in self.towns.values():
            town.line.up = True
            town.line.arrived += [Arrived(peer, b"") for peer in town.peers if peer in self.towns]

    def cut(self) -> None:
        """The line goes down; what was under way is lost."""
        for town in self.towns.values():
            town.line.up, town.line.arrived = False, []
            for peer in town.peers:
                town.control.mirror.down(peer)

    def tick(self, utc: float, events: Mapping[str, list[Event]] | None = None) -> None:
        """One tick in each town at `utc`, with what happens there; then what it sent arrives."""
        self.clock.advance(max(0.0, utc - self.utc))
        self.utc = max(utc, self.utc)
        for name, town in self.towns.items():
            town.input.events = list((events or {}).get(name, ()))
            town.control.tick()
        for name, town in self.towns.items():
            for peer, frames in town.line.sent.items() if town.line.up else ():
                if peer in self.towns:
                    self.towns[peer].line.arrived += [Arrived(name, frame) for frame in frames]
            town.line.sent = {}


def other_house(rig: Rig, peer: Peer) -> Rig:
    """The other city as a rig knows it: its name and hours, the same patches, this house as its peer."""
    here = Peer(name=rig.name, calendar=rig.calendar)
    hours = peer.calendar or rig.calendar._replace(week=(), closed=(), open=())
    return msgspec.structs.replace(rig, name=peer.name, city=peer.name, calendar=hours, peers=(here,), values={})


def _quiet(rig: Rig) -> Rig:
    """The house without what leaves it."""
    return msgspec.structs.replace(rig, outputs=())


def _deaf(problem: Any) -> None:
    """What a rehearsal has to tell is told by `check`."""
