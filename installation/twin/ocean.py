"""The simulated line: a TCP relay that delays, stalls, resets and loses as an ocean does.

`python -m installation.twin.ocean --listen PORT --to HOST:PORT --profile atlantic [--seed N] [--control PORT_OR_PATH]
[--heartbeat FD]`. While it runs, one datagram to the control port (UDP on loopback) or path (Unix) says `profile NAME`,
`hole` (bytes vanish), `reset` (connections are reset, new ones too), `drop` (reset once) or `mend`. SIGUSR1 digs a hole
and mends it again; SIGUSR2 resets all connections once.

Order is kept, as TCP keeps it. A connection that lost bytes in a hole stays dead: what comes after would be garbage.
Not simulated: the round trip of TCP's own handshake.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import selectors
import signal
import socket
import struct
import sys
import time
from collections import deque
from typing import Any, NamedTuple

BEAT = 0.2
_CHUNK = 1 << 16
_MOST = 8 << 20


class Profile(NamedTuple):
    """Seconds: one way, jitter added (uniform), mean time to a stall, its length, mean time to a reset."""

    one_way: float
    jitter: float
    stall_every: float
    stall: float
    reset_every: float
    state: str = "open"


PROFILES = {
    "lan": Profile(0.000_25, 0.000_1, 0.0, 0.0, 0.0),
    "atlantic": Profile(0.0725, 0.005, 10.0, 0.2, 0.0),
    "storm": Profile(0.0925, 0.04, 3.0, 0.6, 20.0),
    "cut": Profile(0.0725, 0.005, 0.0, 0.0, 0.0, "hole"),
}


class _Way:
    """One direction of one connection: bytes read, and when each piece is due at the far end."""

    def __init__(self, source: socket.socket, sink: socket.socket) -> None:
        self.source, self.sink = source, sink
        self.pieces: deque[tuple[float, bytes]] = deque()
        self.due = 0.0
        self.waiting = 0
        self.ended = self.dead = False


class Sea:
    """The relay. `turn` does what is due and waits at most `seconds`; all sockets are non-blocking."""

    def __init__(self, listen: int, to: tuple[str, int], profile: str = "atlantic", seed: int | None = None) -> None:
        self.profile, self.state = PROFILES[profile], PROFILES[profile].state
        self._random = random.Random(seed)
        self._selector = selectors.DefaultSelector()
        self._doors: dict[socket.socket, tuple[str, int]] = {}
        self.port = self.door(listen, to)
        self._ways: dict[socket.socket, _Way] = {}
        self._control: socket.socket | None = None
        self._stalled_until = 0.0
        now = time.monotonic()
        self._next_stall = self._after(now, self.profile.stall_every)
        self._next_reset = self._after(now, self.profile.reset_every)

    def _after(self, now: float, mean: float) -> float:
        return now + self._random.expovariate(1 / mean) if mean else float("inf")

    def door(self, listen: int, to: tuple[str, int]) -> int:
        """One more port, to one more address, on the same line and under the same weather; gives the port."""
        door = socket.create_server(("127.0.0.1", listen), backlog=128)
        door.setblocking(False)
        self._selector.register(door, selectors.EVENT_READ, None)
        self._doors[door] = to
        port: int = door.getsockname()[1]
        return port

    def control(self, where: str) -> None:
        """Listens for words at a loopback UDP port, or at a Unix path."""
        family = socket.AF_INET if where.isdigit() else socket.AF_UNIX
        self._control = socket.socket(family, socket.SOCK_DGRAM)
        self._control.bind(("127.0.0.1", int(where)) if where.isdigit() else where)
        self._control.setblocking(False)
        self._selector.register(self._control, selectors.EVENT_READ, None)

    def say(self, word: str) -> None:
        """One word of control; what is not understood is said so on stderr."""
        verb, _, rest = word.strip().partition(" ")
        now = time.monotonic()
        if verb == "profile" and rest in PROFILES:
            self.profile, self.state = PROFILES[rest], PROFILES[rest].state
            self._next_stall = self._after(now, self.profile.stall_every)
            self._next_reset = self._after(now, self.profile.reset_every)
        elif verb in ("hole", "reset"):
            self.state = verb
        elif verb == "mend":
            self.state = "open"
        elif verb != "drop":
            print(f"ocean: {word!r} is not understood", file=sys.stderr)
            return
        if verb in ("drop", "reset"):
            self._drop()

    def turn(self, seconds: float = 0.05) -> None:
        now = time.monotonic()
        self._weather(now)
        soonest = min((way.pieces[0][0] for way in self._ways.values() if way.pieces), default=now + seconds)
        for key, _ in self._selector.select(max(0.0, min(seconds, soonest - now))):
            if key.fileobj in self._doors:
                self._accept(key.fileobj)
            elif key.fileobj is self._control:
                self.say(self._control.recv(256).decode("ascii", "replace"))
            elif key.fileobj in self._ways:
                self._read(self._ways[key.fileobj])
        self._deliver(time.monotonic())

    def _weather(self, now: float) -> None:
        if now >= self._next_stall:
            self._stalled_until, self._next_stall = now + self.profile.stall, self._after(now, self.profile.stall_every)
        if now >= self._next_reset:
            self._next_reset = self._after(now, self.profile.reset_every)
            self._drop()

    def _accept(self, door: socket.socket) -> None:
        near, _ = door.accept()
        if self.state == "reset":
            _reset(near)
            return
        far = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        for end in (near, far):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(BlockingIOError):
            far.connect(self._doors[door])
        for source, sink in ((near, far), (far, near)):
            self._ways[source] = _Way(source, sink)
            self._selector.register(source, selectors.EVENT_READ, None)

    def _read(self, way: _Way) -> None:
        if way.waiting > _MOST:
            time.sleep(0.001)
            return
        try:
            data = way.source.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            way.ended = True
            self._selector.unregister(way.source)
        if self.state == "hole":
            way.dead = way.dead or bool(data)
        if data and not way.dead:
            self._send_off(way, data, time.monotonic())

    def _send_off(self, way: _Way, data: bytes, now: float) -> None:
        delay = self.profile.one_way + self._random.uniform(0.0, self.profile.jitter)
        due = max(way.due, now + delay)
        if now < self._stalled_until:
            due = max(due, self._stalled_until + self.profile.one_way)
        way.due = due
        way.waiting += len(data)
        way.pieces.append((due, data))

    def _deliver(self, now: float) -> None:
        for way in list(self._ways.values()):
            if self.state == "hole" and way.pieces:
                way.pieces.clear()
                way.dead = True
            while way.pieces and way.pieces[0][0] <= now and self._pass(way):
                pass
            if way.ended and not way.pieces and self.state != "hole":
                self._close(way)

    def _pass(self, way: _Way) -> bool:
        due, data = way.pieces[0]
        try:
            sent = way.sink.send(data)
        except BlockingIOError:
            return False
        except OSError:
            way.pieces.clear()
            way.ended = True
            return False
        way.waiting -= sent
        if sent < len(data):
            way.pieces[0] = (due, data[sent:])
            return False
        way.pieces.popleft()
        return True

    def _close(self, way: _Way) -> None:
        for end in (way.source, way.sink):
            self._forget(end)
            end.close()

    def _forget(self, end: socket.socket) -> None:
        self._ways.pop(end, None)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(end)

    def _drop(self) -> None:
        for end in list(self._ways):
            self._forget(end)
            _reset(end)

    def close(self) -> None:
        self._drop()
        for door in self._doors:
            door.close()
        if self._control:
            self._control.close()
        self._selector.close()


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("installation.twin.ocean", description="A simulated line between two sites.")
    parser.add_argument("--listen", type=int, required=True, action="append", help="a port; again with --to for more")
    parser.add_argument("--to", required=True, action="append", help="HOST:PORT")
    parser.add_argument("--profile", choices=PROFILES, default="atlantic")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", help="a UDP port on loopback, or a path")
    parser.add_argument("--heartbeat", type=int, help="a file number that gets a line at least each 0.25 s")
    return parser.parse_args(words)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)


def main(words: list[str] | None = None) -> int:
    options = _options(words)
    doors = [(listen, _address(to)) for listen, to in zip(options.listen, options.to, strict=True)]
    sea = Sea(*doors[0], options.profile, options.seed)
    for door in doors[1:]:
        sea.door(*door)
    if options.control:
        sea.control(options.control)
    stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.append(1))
    signal.signal(signal.SIGUSR1, lambda *_: sea.say("mend" if sea.state != "open" else "hole"))
    signal.signal(signal.SIGUSR2, lambda *_: sea.say("drop"))
    _run(sea, options.heartbeat, stop)
    sea.close()
    return 0


def _run(sea: Sea, heartbeat: int | None, stop: list[Any]) -> None:
    beaten = 0.0
    while not stop:
        sea.turn()
        if heartbeat is not None and time.monotonic() - beaten >= BEAT:
            beaten = time.monotonic()
            try:
                os.write(heartbeat, b"beat\n")
            except OSError:
                return


if __name__ == "__main__":
    raise SystemExit(main())
