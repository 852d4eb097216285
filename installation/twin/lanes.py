"""The lanes between two sites, each a connection of its own: what goes on which, and what waits for its turn.

Pure: no socket, thread or clock. Presence is worth nothing once it is old, so only the newest of a stream waits. Bulk
yields: it sends within the credit of the one who takes it, and less as its answers grow slow (LEDBAT, RFC 6817).
"""

from __future__ import annotations

import struct
from collections import deque
from typing import NamedTuple

from installation.twin.wire import BULK as BULK_KIND
from installation.twin.wire import JOURNAL as JOURNAL_KIND
from installation.twin.wire import NAMES, WIRE, Garbled
from installation.twin.wire import PRESENCE as PRESENCE_KIND

STATE, JOURNAL, PRESENCE, BULK = range(4)
LANES = ("state", "journal", "presence", "bulk")
"""State carries the clock, too."""

STREAMS = 64
"""Streams of presence to one site at most."""
PIECE = 16 << 10
"""Bytes of one frame of bulk at most: a lane behind it waits for one of them, no longer."""
CREDIT, WAITING = 1 << 20, 1 << 20
"""Bytes of bulk that may be under way to one who has not taken them; bytes that wait here for their turn."""
SMALLEST, TARGET, BASE_FOR = 2 * PIECE, 0.025, 60.0
"""The window never falls below; the seconds of its own queue that bulk allows; how long the best answer counts."""

_HEAD = struct.Struct("<BBH")


def lane_of(kind: int) -> int:
    """The lane of a frame. What this version does not know goes with the state, which counts it."""
    if JOURNAL_KIND <= kind < PRESENCE_KIND:
        return JOURNAL
    return {PRESENCE_KIND: PRESENCE, BULK_KIND: BULK}.get(kind, STATE)


def presence(stream: int, body: bytes) -> bytes:
    """A frame of presence. `stream`, 0 to 65535, says what it replaces."""
    return _HEAD.pack(PRESENCE_KIND, WIRE, stream) + body


def bulk(stream: int, body: bytes) -> bytes:
    """A frame of bulk; `body` has at most `PIECE` bytes."""
    if len(body) > PIECE:
        raise ValueError(f"{len(body)} bytes in one piece of bulk; at most {PIECE}")
    return _HEAD.pack(BULK_KIND, WIRE, stream) + body


def streamed(frame: bytes) -> tuple[int, bytes]:
    """The stream and the body of a frame of presence or bulk. Raises Garbled."""
    if len(frame) < _HEAD.size:
        raise Garbled("short")
    return _HEAD.unpack_from(frame)[2], frame[_HEAD.size :]


class Newest:
    """Presence that waits: one frame a stream. `dropped` counts what a newer one replaced, or had no room."""

    def __init__(self) -> None:
        self.frames: dict[int, bytes] = {}
        self.dropped = 0

    def add(self, frame: bytes) -> None:
        stream, _ = streamed(frame)
        if stream in self.frames or len(self.frames) >= STREAMS:
            self.dropped += 1
        if stream in self.frames or len(self.frames) < STREAMS:
            self.frames[stream] = frame

    def take(self) -> list[bytes]:
        found, self.frames = list(self.frames.values()), {}
        return found


class _Sent(NamedTuple):
    """Bulk up to this many bytes was sent at this time."""

    total: int
    when: float


class Outgoing:
    """Bulk that waits, and how much of it may be under way now."""

    def __init__(self) -> None:
        self.waiting: deque[bytes] = deque()
        self.queued = self.sent = self.taken = self.dropped = 0
        self.window, self.granted = 4.0 * PIECE, CREDIT
        self._under_way: deque[_Sent] = deque()
        self._best: deque[tuple[float, float]] = deque()

    @property
    def room(self) -> int:
        """Bytes that may be handed in now."""
        return max(0, WAITING - self.queued)

    def add(self, frame: bytes) -> None:
        if len(frame) > self.room:
            self.dropped += 1
            return
        self.waiting.append(frame)
        self.queued += len(frame)

    def next(self, now: float) -> bytes | None:
        """The next piece, if it may go now; it counts as sent."""
        if not self.waiting:
            return None
        frame, flying = self.waiting[0], self.sent - self.taken
        if flying and flying + len(frame) > min(self.window, self.granted):
            return None
        self.waiting.popleft()
        self.queued -= len(frame)
        self.sent += len(frame)
        self._under_way.append(_Sent(self.sent, now))
        return frame

    def back(self, frame: bytes) -> None:
        """The piece could not go after all."""
        self.waiting.appendleft(frame)
        self.queued += len(frame)
        self.sent -= len(frame)
        self._under_way.pop()

    def credit(self, taken: int, granted: int, now: float) -> None:
        """The other side has taken so many bytes in all, and takes `granted` more before it says so again."""
        taken = min(taken, self.sent)
        if taken <= self.taken:
            return
        news, self.taken, self.granted = taken - self.taken, taken, min(granted, CREDIT)
        when = now
        while self._under_way and self._under_way[0].total <= taken:
            when = self._under_way.popleft().when
        queue = self._queue(now - when, now)
        gain = (TARGET - queue) / TARGET * news * PIECE / self.window
        self.window = min(float(CREDIT), max(float(SMALLEST), self.window + max(gain, -self.window / 2)))

    def _queue(self, answer: float, now: float) -> float:
        """How much longer than the best of late an answer took: the queue that bulk itself has made."""
        while self._best and self._best[-1][1] >= answer:
            self._best.pop()
        self._best.append((now, answer))
        while self._best[0][0] < now - BASE_FOR:
            self._best.popleft()
        return answer - self._best[0][1]

    def anew(self) -> None:
        """Another connection: what was under way is lost, and whoever sends it sends it again."""
        self.sent = self.taken = 0
        self.window, self.granted = 4.0 * PIECE, CREDIT
        self._under_way.clear()
        self._best.clear()


class Incoming:
    """Bulk that has come and was not taken; more than the credit is a lie, and is not kept."""

    def __init__(self) -> None:
        self.come = self.taken = self.said = 0

    def add(self, length: int) -> bool:
        """False when it goes beyond the credit."""
        if self.come - self.taken + length > CREDIT + PIECE:
            return False
        self.come += length
        return True

    def take(self, length: int) -> bool:
        """True when it is time to give credit."""
        self.taken = min(self.come, self.taken + length)
        return self.taken - self.said >= PIECE

    def anew(self) -> None:
        self.come = self.taken = self.said = 0


assert NAMES < JOURNAL_KIND < PRESENCE_KIND
