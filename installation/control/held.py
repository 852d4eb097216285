"""The doors of a tick, held in the hand: what stands in for devices, line, journal, reader, slate and feed where there
are none. A replay opens them by its take, a rehearsal by what is thought up.
"""

from __future__ import annotations

from typing import Any, cast

from hardware.driver import Event
from installation.control.kept import Kept
from installation.control.letters import Letters
from installation.feed import Values
from installation.twin.mirror import Arrived, Mirror
from installation.twin.offset import SharedTime


class HeldInput:
    """The devices: what came in."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def poll(self, now: float, limit: int) -> list[Event]:
        found, self.events = self.events, []
        return found


class HeldLine:
    """The line: what came over it, and the time that was shared."""

    def __init__(self, shared: SharedTime, peers: tuple[str, ...]) -> None:
        self.shared, self.peers = shared, peers
        self.arrived: list[Arrived] = []

    def received(self) -> list[Arrived]:
        found, self.arrived = self.arrived, []
        return found

    def charge(self, site: str, seconds: float) -> None:
        """What comes out of a file costs no peer anything."""

    def full(self, lane: str = "state") -> frozenset[str]:
        return frozenset(self.peers)

    def send(self, frames: Any) -> None:
        pass

    def status(self) -> dict[str, Any]:
        return {}


class HeldJournal:
    """The journal: its cues come as the take has them."""

    def pending(self) -> list[Any]:
        return []

    def merge(self, arrived: Any) -> list[Any]:
        return []

    def delta(self, now: float, full: Any, room: Any = None) -> dict[str, list[bytes]]:
        return {}


class HeldReader:
    """The reader: the scene stays."""

    def request(self, name: str) -> None:
        pass


class HeldFeed:
    """The feed: the newest row."""

    values: Values

    def publish(self, values: Values) -> None:
        self.values = values._replace(columns=values.columns.copy(), slopes=values.slopes.copy())


class HeldLetters(Letters):
    """The letters: what is on the wall the take tells."""

    def show(self, shown: dict[str, Any] | None) -> None:
        self._shown = shown

    def tick(self, shared: float, veiled: bool) -> list[float]:
        return []


class HeldKept(Kept):
    """The slate: nothing is to be kept."""

    def __init__(self) -> None:
        super().__init__(cast(Any, None), cast(Any, None))

    def due(self, now: float) -> bool:
        return False

    def settle(self, now: float, mirror: Mirror) -> None:
        pass
