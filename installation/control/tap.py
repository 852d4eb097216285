"""Events as they come, for whoever watches: what does that fader send?"""

from __future__ import annotations

import contextlib
from typing import Any, Protocol

import msgspec
import zmq

from hardware.driver import Event

MOST = 64
"""Events of one tick that are shown; how many there were is told."""


class Ear(Protocol):
    """Whoever hears a tick's events."""

    def write(self, now: float, events: list[Event]) -> None:
        """Takes the events of the tick at `now`."""

    def open(self, until: float) -> None:
        """Listens until the monotonic instant `until`."""

    def close(self) -> None:
        """Hears no more."""


class Deaf:
    """Nobody watches."""

    def write(self, now: float, events: list[Event]) -> None:
        pass

    def open(self, until: float) -> None:
        pass

    def close(self) -> None:
        pass


class Tap:
    """A local door at which events are published while it is open; costs nothing while nobody watches."""

    def __init__(self, context: Any, address: str) -> None:
        self._socket = context.socket(zmq.PUB)
        self._socket.set(zmq.SNDHWM, 1000)
        self._socket.set(zmq.LINGER, 0)
        self._socket.bind(address)
        self._until = 0.0

    def open(self, until: float) -> None:
        """Shows events until the monotonic instant `until`."""
        self._until = until

    def write(self, now: float, events: list[Event]) -> None:
        """Sends a tick's events, at most MOST of them, while the tap is open."""
        if events and now < self._until:
            shown = [(event.time, event.address, [_plain(value) for value in event.value]) for event in events[:MOST]]
            with contextlib.suppress(zmq.Again):
                self._socket.send(msgspec.json.encode({"events": shown, "of": len(events)}), zmq.NOBLOCK)

    def close(self) -> None:
        self._socket.close()


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, str, bool, type(None))) else str(value)
