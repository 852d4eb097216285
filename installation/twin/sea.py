"""The relay of the simulated line: TCP connections whose bytes are held back, kept waiting, reset and lost.

Order is kept, as TCP keeps it, and so is its pressure: what the far end does not read is not read here. A connection
that lost bytes in a hole stays dead: what comes after would be garbage. Not simulated: the round trip of TCP's own
handshake, and its own ways with a hole, which it would try to bridge for minutes.
"""

from __future__ import annotations

import contextlib
import random
import select
import selectors
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from installation.score.ocean import Ocean, Order
from installation.twin.weather import NEVER, SEGMENT, Strait, Weather

CHUNK, BURST = 1 << 16, 4 * SEGMENT
"""What one reading takes at most: of a wide line, and of a narrow one, where others wait too."""
WINDOW = 8 << 20
"""Bytes of one connection under way; a TCP of today has no larger window."""
BUFFER = 128 << 10
"""Of each socket of ours: larger ones would be a queue before the queue."""
LOOKED = 4096

Trace = Callable[[float, float, int, int], None]
"""(monotonic second read, second sent on, 0 there or 1 back, bytes) of each piece."""


class _Way:
    """One direction of one connection: bytes read, and when each piece is due at the far end."""

    def __init__(self, source: socket.socket, sink: socket.socket, strait: int, passed: list[int]) -> None:
        self.source, self.sink, self.strait, self.passed = source, sink, strait, passed
        self.pieces: deque[tuple[float, float, bytes]] = deque()
        self.due = 0.0
        self.waiting = 0
        self.ended = self.broken = self.dead = self.blocked = self.full = self.shut = False


class Sea:
    """The relay. `turn` does what is due and waits at most `seconds`; all sockets are non-blocking.

    `find` gives an ocean by its name, for the script and for `profile NAME`.
    """

    def __init__(
        self, listen: int, to: tuple[str, int], ocean: Ocean, seed: int | None = None,
        find: Callable[[str], Ocean] | None = None, trace: Trace | None = None,
    ) -> None:  # fmt: skip
        chance = random.Random(seed)
        self.weather = Weather(ocean, time.monotonic(), chance, find or (lambda name: ocean))
        self._straits = Strait(0, self.weather, chance), Strait(1, self.weather, chance)
        self._selector = selectors.DefaultSelector()
        self._doors: dict[socket.socket, tuple[str, int]] = {}
        self._ways: dict[socket.socket, _Way] = {}
        self._into: dict[socket.socket, _Way] = {}
        self._ears: dict[socket.socket, Callable[[], None]] = {}
        self._trace = trace
        self.late: deque[float] = deque(maxlen=LOOKED)
        self.delays: tuple[deque[float], ...] = (deque(maxlen=LOOKED), deque(maxlen=LOOKED))
        self.passed: dict[int, list[int]] = {}
        self.port = self.door(listen, to)

    @property
    def state(self) -> str:
        """open, hole or reset."""
        return self.weather.state

    @property
    def connections(self) -> int:
        return len(self._ways) // 2

    def door(self, listen: int, to: tuple[str, int]) -> int:
        """One more port, to one more address, on the same line and under the same weather; gives the port."""
        door = socket.create_server(("127.0.0.1", listen), backlog=128)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)  # taken over by what is accepted
        door.setblocking(False)
        self._selector.register(door, selectors.EVENT_READ)
        self._doors[door] = to
        port: int = door.getsockname()[1]
        self.passed[port] = [0, 0]
        return port

    def ear(self, end: socket.socket, heard: Callable[[], None]) -> None:
        """One more socket to wake for; it is closed with the sea."""
        self._selector.register(end, selectors.EVENT_READ)
        self._ears[end] = heard

    def say(self, order: Order) -> None:
        """A hand's word. Raises Fault for a value that cannot be."""
        if self.weather.say(order, time.monotonic()):
            self._drop()

    def turn(self, seconds: float = 0.05) -> None:
        now = time.monotonic()
        if self.weather.turn(now):
            self._drop()
        wait = max(0.0, min(seconds, self._next(now) - now))
        # The selector itself waits in whole milliseconds; `select` on it waits to some 0.05 ms.
        number = getattr(self._selector, "fileno", None)
        if number is not None:
            select.select([number()], [], [], wait)
        for key, mask in self._selector.select(0 if number else wait):
            self._happened(key.fileobj, mask)
        self._deliver(time.monotonic())

    def _next(self, now: float) -> float:
        due = min((way.pieces[0][0] for way in self._ways.values() if way.pieces and not way.blocked), default=NEVER)
        full = min((self._straits[way.strait].resumes(now) for way in self._ways.values() if way.full), default=NEVER)
        return min(due, full, self.weather.next())

    def _happened(self, end: Any, mask: int) -> None:
        if end in self._doors:
            self._accept(end)
        elif end in self._ears:
            self._ears[end]()
        else:
            if mask & selectors.EVENT_WRITE and end in self._into:
                self._into[end].blocked = False
                self._listen(end)
            if mask & selectors.EVENT_READ and end in self._ways:
                self._read(self._ways[end])

    def _accept(self, door: socket.socket) -> None:
        try:
            near, _ = door.accept()
        except OSError:
            return
        if self.state == "reset":
            _reset(near)
            return
        far = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        for end in (near, far):
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):
            far.connect(self._doors[door])
        for strait, (source, sink) in enumerate(((near, far), (far, near))):
            way = _Way(source, sink, strait, self.passed[door.getsockname()[1]])
            self._ways[source] = self._into[sink] = way
        self._into[far].blocked = True  # until it is connected
        for end in (near, far):
            self._selector.register(end, selectors.EVENT_READ)
            self._listen(end)

    def _listen(self, end: socket.socket) -> None:
        """Waits for what this socket is wanted for: to be read, to be written to again."""
        reading, writing = self._ways[end], self._into[end]
        wanted = 0 if reading.ended or reading.full or reading.waiting > WINDOW else selectors.EVENT_READ
        wanted |= selectors.EVENT_WRITE if writing.blocked else 0
        known = self._selector.get_map().get(end)
        if known is None:
            if wanted:
                self._selector.register(end, wanted)
        elif not wanted:
            self._selector.unregister(end)
        elif known.events != wanted:
            self._selector.modify(end, wanted)

    def _read(self, way: _Way) -> None:
        now, strait = time.monotonic(), self._straits[way.strait]
        room = strait.room(now)
        if strait.resumes(now) > now and self.state != "hole":
            way.full = True
            self._listen(way.source)
            return
        try:
            data = way.source.recv(int(min(CHUNK if room == NEVER else BURST, max(room, 1.0))))
        except BlockingIOError:
            return
        except OSError:
            data, way.broken = b"", True
        if not data:
            way.ended = True
        way.dead = way.dead or (self.state == "hole" and bool(data))
        if data and not way.dead:
            if strait.narrow:  # the others have their turn first next time
                self._ways[way.source] = self._ways.pop(way.source)
            step = SEGMENT if strait.narrow else CHUNK
            for at in range(0, len(data), step):
                self._send_off(way, data[at : at + step], now)
        self._listen(way.source)

    def _send_off(self, way: _Way, data: bytes, now: float) -> None:
        way.due = max(way.due, self._straits[way.strait].due(now, len(data)))
        way.waiting += len(data)
        way.pieces.append((way.due, now, data))

    def _deliver(self, now: float) -> None:
        for way in list(self._ways.values()):
            if way.source not in self._ways:
                continue  # the way back was broken in this very turn, and both ends are closed
            if self.state == "hole" and way.pieces:
                way.pieces.clear()
                way.waiting, way.dead = 0, True
            before = way.waiting
            while way.pieces and not way.blocked and way.pieces[0][0] <= now and self._pass(way):
                pass
            opened = way.full and self._straits[way.strait].resumes(now) <= now
            if opened or (before > WINDOW >= way.waiting and way.source in self._ways):
                way.full = False
                self._listen(way.source)
            if way.ended and not way.pieces and self.state != "hole":
                self._end(way)

    def _pass(self, way: _Way) -> bool:
        due, read, data = way.pieces[0]
        try:
            sent = way.sink.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            way.pieces.clear()
            way.waiting, way.ended, way.broken = 0, True, True
            self._listen(way.source)
            return False
        way.waiting -= sent
        way.passed[way.strait] += sent
        if sent < len(data):
            way.pieces[0] = (due, read, data[sent:])
            way.blocked = True
            self._listen(way.sink)
            return False
        way.pieces.popleft()
        now = time.monotonic()
        self.late.append(now - due)
        self.delays[way.strait].append(now - read)
        if self._trace:
            self._trace(read, now, way.strait, len(data))
        return True

    def _end(self, way: _Way) -> None:
        """One direction is over: the far end is told, as it was told here; both over, both sockets go."""
        other = self._ways.get(way.sink)
        if way.broken:
            for end in (way.source, way.sink):
                self._forget(end)
                _reset(end)
        elif other is None or (other.ended and not other.pieces):
            for end in (way.source, way.sink):
                self._forget(end)
                end.close()
        elif not way.shut:
            way.shut = True
            with contextlib.suppress(OSError):
                way.sink.shutdown(socket.SHUT_WR)

    def _forget(self, end: socket.socket) -> None:
        self._ways.pop(end, None)
        self._into.pop(end, None)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(end)

    def _drop(self) -> None:
        for end in list(self._ways):
            self._forget(end)
            _reset(end)

    def close(self) -> None:
        self._drop()
        for end in (*self._doors, *self._ears):
            end.close()
        self._selector.close()


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()
