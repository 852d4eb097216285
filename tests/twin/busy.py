"""The child of `site.py` with bulk and presence to send, and with its ticks timed."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from typing import Any

from installation.twin import lanes
from tests.twin.site import Child

BODY = bytes(range(256)) * (lanes.PIECE // 256)


class Busy(Child):
    """Counts what comes on the lanes beside state and journal."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.left, self.number, self.to = 0, 0, ""
        self.bulk_bytes, self.bulk_sum = 0, hashlib.blake2b()
        self.presence: dict[str, list[Any]] = {}
        self.spent: list[float] = []

    def tick(self) -> None:
        began = time.perf_counter()
        super().tick()
        for frame in self.link.received("bulk"):
            stream, body = lanes.streamed(frame.body)
            self.bulk_bytes += len(body)
            self.bulk_sum.update(stream.to_bytes(2, "little"))
        for frame in self.link.received("presence"):
            stream, body = lanes.streamed(frame.body)
            self.presence[str(stream)] = [len(body), body[:1].hex()]
        while self.left > 0 and self.link.room(self.to) > lanes.PIECE + 4:
            self.link.send({self.to: [lanes.bulk(self.number & 0xFFFF, BODY)]})
            self.left -= len(BODY)
            self.number += 1
        self.spent.append(time.perf_counter() - began)

    def do_bulk(self, to: str, length: int) -> int:
        self.to, self.left = to, length
        return -(-length // len(BODY))

    def do_bulk_come(self) -> list[Any]:
        return [self.bulk_bytes, self.bulk_sum.hexdigest()]

    def do_show(self, to: str, stream: int, first: int, length: int) -> None:
        self.link.send({to: [lanes.presence(stream, bytes((first,)) * length)]})

    def do_shown(self) -> dict[str, list[Any]]:
        return self.presence

    def do_ticks(self) -> dict[str, float]:
        """Milliseconds of the ticks since the last call, how many, and the most memory there ever was, in MB."""
        found, self.spent = sorted(self.spent), []
        at = [found[int(part * (len(found) - 1))] * 1e3 for part in (0.5, 0.99, 1.0)] if found else [0.0] * 3
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return dict(zip(("p50", "p99", "max", "count", "rss"), (*at, len(found), rss), strict=True))


if __name__ == "__main__":
    Busy(json.loads(sys.argv[1])).run()
