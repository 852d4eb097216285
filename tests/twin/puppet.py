"""A peer whose key is trusted and whose owner does as he pleases: connections of its own, frames by hand."""

from __future__ import annotations

import contextlib
from typing import Any

import zmq

from installation.twin import greetings
from installation.twin.keys import Pair
from installation.twin.ways import Dialled
from tests.twin.site import until


class Puppet:
    """`lanes[n]` is the connection of lane n, once `dial(n)` has greeted."""

    def __init__(self, site: str, pair: Pair, endpoint: str, key: str, epoch: int = 1) -> None:
        self.context: zmq.Context[Any] = zmq.Context(1)
        self.site, self.pair, self.endpoint, self.key, self.epoch = site, pair, endpoint, key, epoch
        self.lanes: dict[int, Dialled] = {}
        self.extra: list[Dialled] = []

    def open(self) -> Dialled:
        """One more connection; nothing is said."""
        found = Dialled(self.context, self.pair, self.endpoint, self.key, 0.0)
        self.extra.append(found)
        return found

    def dial(self, lane: int = 0) -> Dialled:
        """A connection that has said hello, and heard it."""
        way = self.lanes[lane] = self.open()
        way.put(greetings.hello(self.epoch, self.site, "puppet", lane=lane), 0.0)
        until(lambda: way.socket.poll(5) > 0)
        return way

    def beat(self) -> None:
        """As if all that came had been read."""
        for way in self.lanes.values():
            with contextlib.suppress(zmq.ZMQError):
                way.socket.send(greetings.beat(0xFFFFFFFF), zmq.NOBLOCK)

    def drain(self, lane: int) -> list[bytes]:
        """What has come on a lane."""
        return list(self.lanes[lane].frames(4096))

    def close(self) -> None:
        for way in self.extra:
            way.close()
        self.context.destroy(0)
