"""A trusted peer (or a stranger) that does harm, in a process of its own: `python -m tests.twin.attacker '{"do": …}'`.

It goes on until its stdin ends, and begins anew whenever it is cut.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import select
import socket
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import zmq

from installation.twin import greetings, lanes, wire
from installation.twin.journal import Journal
from installation.twin.keys import Pair
from installation.twin.lanes import BULK, JOURNAL, PRESENCE, STATE
from installation.twin.mirror import Arrived, Mirror
from installation.twin.ways import Dialled
from tests.twin.site import some_keys

FAR = 1 << 62


def deltas(ahead: float = 0.0) -> Iterator[bytes]:
    """Names, a snapshot, then valid deltas without end; `ahead` seconds are in their stamps."""
    mirror, now = Mirror("evil", some_keys(200), 5), time.time() + ahead
    mirror.merge([Arrived("sf", b"")])
    for n in itertools.count():
        now += 0.02
        for key in range(0, 200, 10):
            mirror.touch(f"/scene/p{key}", (n % 7 / 7,), now, firm=True)
        yield from mirror.delta(now).get("sf", [])


def names() -> Iterator[bytes]:
    """All the names there can be, each time of a later epoch, with a snapshot that makes them count."""
    packed = wire.names(some_keys(11_000))
    for epoch in itertools.count(10):
        yield wire.head(wire.NAMES, 1, epoch, 1) + packed
        yield wire.head(wire.SNAPSHOT, 1, epoch, 1)


def bombs() -> Iterator[bytes]:
    """A megabyte of zlib that unpacks to a hundred, and one that is a list of a million empty things."""
    bomb = zlib.compress(bytes(100 << 20), 1)
    empty = zlib.compress(msgspec.msgpack.encode([[]] * 1_000_000), 1)
    for epoch in itertools.count(10):
        yield wire.head(wire.NAMES, 1, epoch, 1) + (bomb, empty)[epoch % 2]


def epochs() -> Iterator[bytes]:
    """Each frame of a later run, and each run with names."""
    packed = wire.names([*some_keys(200)])
    for epoch in itertools.count(10):
        yield wire.head(wire.NAMES, epoch & 0xFFFF, epoch, 1) + packed
        yield wire.head(wire.SNAPSHOT, epoch & 0xFFFF, epoch, 1)
        yield wire.head(wire.HAVE, 1, epoch, 1) + wire.known(epoch << 20, 1, 1, True)


def pieces() -> Iterator[bytes]:
    """Lists of names, each in one piece, then the beginnings of frames that never end."""
    packed = wire.names(some_keys(2_000))
    for epoch in itertools.count(10):
        yield from wire.pieces(wire.head(wire.NAMES, 1, epoch, 1) + packed, 1 << 19)
        yield from wire.pieces(bytes((wire.SNAPSHOT,)) * 900_000, 1 << 17)[:-1]


def changes() -> Iterator[bytes]:
    """Changes since nothing, and since a trail that never was, with sections that lie about their length."""
    for n in itertools.count():
        yield wire.changes(n & 0xFFFFFFFF, n, 0) + bytes((n & 0xFF,)) * 300


def texts() -> Iterator[bytes]:
    """Words without end, under addresses without end."""
    for n in itertools.count(1):
        rows = [(f"/scene/t{n * 64 + i}", (1 << 50) + n, "ha" * 150) for i in range(64)]
        yield wire.head(wire.TEXTS, 1, 5, n) + bytes(4) + msgspec.msgpack.encode(rows)
        yield wire.head(wire.TEXTS_HAVE, 0, 5, n) + wire.known(1, 0, 0, False) + bytes(16)


def nonsense() -> Iterator[bytes]:
    """Entries from the end of time, of later runs, of odd kinds; and thanks for what was never sent."""
    odd = [[FAR, 1, 0.0, "cue", {}], [1, 1, float("nan"), 7, None], ["x"], {}, [2, -5, 1e300, "letter", [[[]]] * 999]]
    for n in itertools.count(1):
        entry = msgspec.msgpack.encode(odd[n % 5])
        yield wire.head(wire.JOURNAL, 0, 5 + n, n) + struct.pack("<I", len(entry) + n % 3) + entry
        yield wire.head(wire.APPLIED, 0, 5 + n, 0) + struct.pack("<QQ", n, FAR)


def wants() -> Iterator[bytes]:
    while True:
        yield wire.head(wire.HAVE, 1, 5, 1) + wire.known(1, 0, 1, True)
        yield wire.head(wire.HAVE, 1, 5, 1) + wire.known(7, 7, 7, True)


def letters() -> Iterator[bytes]:
    """Entries due a century ago and in a century, of numbers that go on."""
    journal = Journal(None, "evil", 5, ["sf"])
    journal.merge([Arrived("sf", b"")])
    for n in itertools.count():
        journal.write("cue", {"name": "x"}, (-3e9, 3e9, float("nan"), FAR)[n % 4], 0)
        journal.merge([Arrived("sf", b"")])
        yield from journal.delta(n * 10.0).get("sf", [])


def over_and_over(frames: Iterator[bytes]) -> Iterator[bytes]:
    """A few hundred made beforehand, again and again: making them would be what slows the attacker."""
    return itertools.cycle(list(itertools.islice(frames, 300)))


def repeated(frame: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: itertools.repeat(frame)


FLOODS: dict[str, tuple[int, Callable[[], Iterator[bytes]]]] = {
    "deltas": (STATE, lambda: over_and_over(deltas())),
    "stamps": (STATE, lambda: over_and_over(deltas(3e7))),
    "names": (STATE, names),
    "bombs": (STATE, bombs),
    "epochs": (STATE, epochs),
    "pieces": (STATE, pieces),
    "changes": (STATE, changes),
    "texts": (STATE, texts),
    "wants": (STATE, wants),
    "nonsense": (JOURNAL, nonsense),
    "pings": (STATE, repeated(greetings.ping(1.0))),
    "pongs": (
        STATE,
        repeated(greetings.PONG.to_bytes(1, "little") + b"\2" + struct.pack("<dddddBd", 1, 2, 3, 4, 1, 1, 0)),
    ),
    "hellos": (STATE, repeated(greetings.hello(5, "evil", "evil"))),
    "huge hello": (STATE, repeated(greetings.hello(5, "evil", "evil") + bytes(1 << 19))),
    "letters": (JOURNAL, lambda: over_and_over(letters())),
    "presence": (PRESENCE, repeated(lanes.presence(1, bytes(60_000)))),
    "bulk": (BULK, repeated(lanes.bulk(1, bytes(lanes.PIECE)))),
    "keys": (STATE, lambda: (greetings.key(n.to_bytes(32, "little")) for n in itertools.count())),
}


class Attacker:
    """`sent` frames or connections so far."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words, self.sent, self.cut = words, 0, 0
        self.pair, self.key, self.endpoint = Pair(*words["pair"]), words["key"], words["endpoint"]
        self.port = int(self.endpoint.rpartition(":")[2])
        self.context: zmq.Context[Any] = zmq.Context(1)

    def open(self, lane: int) -> Dialled:
        way = Dialled(self.context, self.pair, self.endpoint, self.key, 0.0)
        way.put(greetings.hello(5, self.words["site"], "evil", lane=lane), 0.0)
        return way

    def flood(self, lane: int, frames: Iterator[bytes]) -> None:
        """As fast as it goes; on the state's lane it beats, so that it looks alive."""
        while True:
            ways = [self.open(STATE)] + ([self.open(lane)] if lane != STATE else [])
            end = time.monotonic() + 5.0
            while time.monotonic() < end and not ways[-1].monitor.poll(0 if ways[-1].joined else 20):
                pass
            ways[-1].joined = bool(ways[-1].monitor.poll(0)) and ways[-1].event() == "joined"
            ways[-1].socket.poll(500)
            while ways[-1].joined:
                for _ in range(256):
                    try:
                        ways[-1].socket.send(next(frames), zmq.NOBLOCK)
                        self.sent += 1
                    except zmq.Again:
                        ways[-1].socket.poll(1, zmq.POLLOUT)
                        break
                for way in ways:
                    list(way.frames(256))
                    with contextlib.suppress(zmq.ZMQError):
                        way.socket.send(greetings.beat(0xFFFFFFFF), zmq.NOBLOCK)
                if ways[-1].monitor.poll(0) and ways[-1].event():
                    break
            for way in ways:
                way.close()
            self.cut += 1
            time.sleep(0.05)

    def never_reads(self) -> None:
        """Asks for all there is, beats, and takes nothing off its socket."""
        way = self.open(STATE)
        frames = wants()
        while True:
            way.put(next(frames), 0.0)
            way.put(greetings.ping(1.0), 0.0)
            way.put(greetings.beat(1), 0.0)
            way.under_way.clear()
            self.sent += 1
            time.sleep(0.02)

    def many(self) -> None:
        """Connection upon connection under one key, all kept."""
        kept = []
        while True:
            kept.append(self.open(self.sent % 4))
            self.sent += 1
            time.sleep(0.005)
            if len(kept) > 200:
                kept.pop(0).close()

    def strangers(self) -> None:
        """No key: silence, garbage and half a greeting, on as many connections as there are."""
        kept: list[socket.socket] = []
        pieces = (b"", b"\xff\0\0\0\0\0\0\0\1\x7f", b"GET / HTTP/1.0\r\n\r\n", bytes(4096), b"\xff" * 64)
        while True:
            with contextlib.suppress(OSError):
                one = socket.create_connection(("127.0.0.1", self.port), 0.5, ("127.0.0.2", 0))
                one.setblocking(False)
                one.send(pieces[self.sent % 5])
                kept.append(one)
            self.sent += 1
            for slow in kept[::17]:
                with contextlib.suppress(OSError):
                    slow.send(b"\0")
            if len(kept) > 300:
                kept.pop(0).close()

    def run(self) -> None:
        do = self.words["do"]
        if do in FLOODS:
            lane, frames = FLOODS[do]
            work = lambda: self.flood(lane, frames())  # noqa: E731
        else:
            work = getattr(self, do)
        threading.Thread(target=work, daemon=True).start()
        while True:
            print(json.dumps([self.sent, self.cut]), flush=True)
            if select.select([0], [], [], 0.1)[0] and not sys.stdin.buffer.read1():  # type: ignore[union-attr]
                return


if __name__ == "__main__":
    Attacker(json.loads(sys.argv[1])).run()
