"""What has come from one peer and waits for the tick: bounded, and handed over in portions that a tick can bear.

Pure. A flood, or a tick that sleeps, loses frames here rather than grow the queue: a digest heals the state, the
journal is sent again, of presence the newest is what counts. Each peer has its own, so none fills another's.
"""

from __future__ import annotations

from collections import deque

from installation.twin import wire
from installation.twin.lanes import BULK, JOURNAL, PRESENCE, STATE, STREAMS
from installation.twin.wire import Arrived

_NAMES, _PIECE = bytes((wire.NAMES,)), bytes((wire.PIECE,))
FRAMES, BYTES = 4096, 8 << 20
"""What may wait of one lane."""
AT_ONCE = 128 << 10
"""Bytes of the journal that one tick is given: 64 KiB of small entries take it 2 ms."""


class Inbox:
    """Frames of one peer by lane."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Arrived]] = {lane: deque() for lane in (STATE, JOURNAL, BULK)}
        self._bytes = dict.fromkeys((STATE, JOURNAL, PRESENCE, BULK), 0)
        self._newest: dict[bytes, Arrived] = {}
        self._names = 0

    def add(self, lane: int, frame: Arrived) -> bool:
        """False when there is no room. That a line has come up (no body) is always kept."""
        if lane == PRESENCE:
            return self._add_newest(frame)
        waiting, length = self._waiting[lane], len(frame.body)
        if length and (len(waiting) >= FRAMES or self._bytes[lane] + length > BYTES):
            return False
        if not length and waiting and not waiting[-1].body:
            return True
        self._bytes[lane] += length
        self._names += _is_names(frame.body)
        waiting.append(frame)
        return True

    def _add_newest(self, frame: Arrived) -> bool:
        stream, before = frame.body[2:4], self._newest.get(frame.body[2:4])
        grown = self._bytes[PRESENCE] + len(frame.body) - (len(before.body) if before else 0)
        if grown > BYTES or (before is None and len(self._newest) >= STREAMS):
            return False
        self._bytes[PRESENCE], self._newest[stream] = grown, frame
        return True

    def state(self) -> list[Arrived]:
        """All of the state, but of lists of names one: the next, and what follows it, come with the next tick."""
        waiting = self._waiting[STATE]
        if self._names < 2:
            found = list(waiting)
            waiting.clear()
            self._bytes[STATE] = self._names = 0
            return found
        found, names = [], 0
        while waiting and names + _is_names(waiting[0].body) < 2:
            frame = waiting.popleft()
            names += _is_names(frame.body)
            self._bytes[STATE] -= len(frame.body)
            found.append(frame)
        self._names -= names
        return found

    def journal(self) -> list[Arrived]:
        """As much of the journal as a tick can bear."""
        found, length, waiting = [], 0, self._waiting[JOURNAL]
        while waiting and length < AT_ONCE:
            frame = waiting.popleft()
            length += len(frame.body)
            found.append(frame)
        self._bytes[JOURNAL] -= length
        return found

    def presence(self) -> list[Arrived]:
        found = list(self._newest.values())
        self._newest.clear()
        self._bytes[PRESENCE] = 0
        return found

    def bulk(self) -> list[Arrived]:
        found = list(self._waiting[BULK])
        self._waiting[BULK].clear()
        self._bytes[BULK] = 0
        return found

    def __bool__(self) -> bool:
        return bool(self._newest) or any(self._waiting.values())


def _is_names(body: bytes) -> bool:
    """Whether this is a list of names, or makes one whole."""
    return body[:1] == _NAMES or (body[:1] == _PIECE and wire.ends(body))
