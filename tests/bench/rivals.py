"""How others carry the twin's load, each with its own Python client and as its own documents have it.

Each has a way to come back after a reset: a socket that dials again, a state asked for again, a full state at times.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from typing import Any

import msgspec

from tests.bench.ends import Pairs, Rival

FRAME = 560
"""The length of our own delta of 200 of 1,000 keys, for the raw bytes."""
AGAIN = 0.25
"""Seconds between two attempts to dial, where it is ours to say."""
_STAMP = struct.Struct("<I")
_HOST = "127.0.0.1"


class Raw(Rival):
    """Bytes over TCP, and nothing that heals. Of these the one-way delay alone is asked."""

    def run(self) -> None:
        if self.sends:
            self.end = socket.create_connection((_HOST, self.port))
            self.end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.paced()
        end, _ = socket.create_server((_HOST, self.port)).accept()
        data = b""
        with contextlib.suppress(ConnectionError):
            while piece := end.recv(65536):
                now, data = time.monotonic(), data + piece
                while len(data) >= FRAME:
                    self.times[_STAMP.unpack_from(data)[0]] = now
                    data = data[FRAME:]
        while True:
            time.sleep(1)

    def tick(self, now: float) -> None:
        if self.loaded:
            self.number += 1
            self.times[self.number] = time.monotonic()
            with contextlib.suppress(OSError):
                self.end.sendall(_STAMP.pack(self.number) + bytes(FRAME - _STAMP.size))


class Pyzmq(Rival):
    """PUB that binds and SUB that connects; msgpack by msgspec; short names, which is kind to it."""

    def run(self) -> None:
        import zmq

        kind = zmq.PUB if self.sends else zmq.SUB
        self.socket = zmq.Context(1).socket(kind)
        for option, value in ((zmq.HEARTBEAT_IVL, 1000), (zmq.HEARTBEAT_TIMEOUT, 3000), (zmq.RECONNECT_IVL, 250)):
            self.socket.set(option, value)
        if self.sends:
            self.socket.bind(f"tcp://{_HOST}:{self.port}")
            self.paced()
        self.socket.set(zmq.SUBSCRIBE, b"")
        self.socket.connect(f"tcp://{_HOST}:{self.port}")
        while True:
            self.got(self.socket.recv())

    def send(self, pairs: Pairs, events: list[int], full: bool) -> None:
        message = named(pairs, events)
        self.payload += len(message)
        self.socket.send(message)

    def got(self, message: bytes) -> None:
        found = msgspec.msgpack.decode(message)
        self.take((name[1:], value) for name, value in found["v"].items())
        self.events += found["e"]


def named(pairs: Pairs, events: list[int]) -> bytes:
    """A frame with names, as msgpack."""
    return msgspec.msgpack.encode({"v": {f"p{n}": value for n, value in pairs.items()}, "e": events})


class Yjs(Rival):
    """A Map and an Array of pycrdt over websockets. Who comes back says what it has, and gets the rest."""

    def run(self) -> None:
        from pycrdt import Array, Doc, Map

        self.doc: Any = Doc()
        self.map, self.list = self.doc.get("values", type=Map), self.doc.get("events", type=Array)
        self.way: Any = None
        asyncio.run(self.sending() if self.sends else self.receiving())

    async def sending(self) -> None:
        waiting: list[bytes] = []
        kept = self.doc.observe(lambda event: waiting.append(event.update))
        dialling = asyncio.create_task(self.dial())
        due = time.monotonic()
        while True:
            self.tick(time.monotonic())
            updates, waiting[:] = list(waiting), []
            for update in updates if self.way else ():
                self.payload += len(update)
                with contextlib.suppress(Exception):
                    await self.way.send(update)
            due = max(due + 1 / 60, time.monotonic() - 1)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        del kept, dialling

    async def dial(self) -> None:
        from websockets.asyncio.client import connect

        options: Any = {"compression": None, "ping_interval": 1, "ping_timeout": 3, "max_size": None, "open_timeout": 2}
        while True:
            with contextlib.suppress(Exception):
                async with connect(f"ws://{_HOST}:{self.port}", **options) as way:
                    update = self.doc.get_update(await way.recv())
                    self.way = way
                    self.payload += len(update)
                    await way.send(update)
                    await way.wait_closed()
            self.way = None
            await asyncio.sleep(AGAIN)

    def tick(self, now: float) -> None:
        pairs, events = self.news(now)
        if pairs or events:
            self.send(pairs, events, False)

    def send(self, pairs: Pairs, events: list[int], full: bool) -> None:
        with self.doc.transaction():
            for n, value in pairs.items():
                self.map[f"p{n}"] = value
            self.list.extend(events)

    async def receiving(self) -> None:
        from websockets.asyncio.server import serve

        kept = (self.map.observe(self.changed), self.list.observe(self.added))
        async with serve(self.called, _HOST, self.port, compression=None, ping_interval=1, max_size=None):
            await asyncio.get_running_loop().create_future()
        del kept

    async def called(self, way: Any) -> None:
        await way.send(self.doc.get_state())
        with contextlib.suppress(Exception):
            async for update in way:
                self.doc.apply_update(update)

    def changed(self, event: Any) -> None:
        self.take((name[1:], change["newValue"]) for name, change in event.keys.items())

    def added(self, event: Any) -> None:
        for part in event.delta:
            self.events += [int(n) for n in part.get("insert", ())]


class Zenoh(Rival):
    """Two peers, a key for the frame, msgpack as above. Without gossip and shared memory: both go round the line."""

    def run(self) -> None:
        import zenoh

        there = f'["tcp/{_HOST}:{self.port}"]'
        config: Any = zenoh.Config()
        for name, value in (
            ("mode", '"peer"'), ("scouting/multicast/enabled", "false"), ("scouting/gossip/enabled", "false"),
            ("transport/shared_memory/enabled", "false"),
            ("connect/exit_on_failure", "false"), ("connect/timeout_ms", "-1"),
            ("connect/endpoints", there if self.sends else "[]"), ("listen/endpoints", "[]" if self.sends else there),
        ):  # fmt: skip
            config.insert_json5(name, value)
        session = zenoh.open(config)
        if self.sends:
            self.publisher = session.declare_publisher("twin/frame")
            self.paced()
        kept = session.declare_subscriber("twin/frame", self.got)
        while kept:
            time.sleep(1)

    def send(self, pairs: Pairs, events: list[int], full: bool) -> None:
        message = named(pairs, events)
        self.payload += len(message)
        self.publisher.put(message)

    def got(self, sample: Any) -> None:
        found = msgspec.msgpack.decode(sample.payload.to_bytes())
        self.take((name[1:], value) for name, value in found["v"].items())
        self.events += found["e"]


class Osc(Rival):
    """A bundle a frame over UDP, by python-osc's own builder and parser; a dict in place of its dispatcher."""

    def run(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        if self.sends:
            self.paced()
        self.socket.bind((_HOST, self.port))
        self.names = {f"/p{n}": n for n in range(1000)}
        while True:
            self.got(self.socket.recv(65536))

    def tick(self, now: float) -> None:
        pairs, events = self.news(now)
        if pairs or events:
            self.send(pairs, events, False)

    def send(self, pairs: Pairs, events: list[int], full: bool) -> None:
        from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
        from pythonosc.osc_message_builder import OscMessageBuilder

        bundle = OscBundleBuilder(IMMEDIATELY)
        lines = [(f"/p{n}", value) for n, value in pairs.items()]
        for address, value in [*lines, *(("/event", n) for n in events)]:
            message = OscMessageBuilder(address)
            message.add_arg(value)
            bundle.add_content(message.build())  # type: ignore[arg-type]
        data = bundle.build().dgram
        self.payload += len(data)
        with contextlib.suppress(OSError):
            self.socket.sendto(data, (_HOST, self.port))

    def got(self, data: bytes) -> None:
        from pythonosc.osc_packet import OscPacket

        pairs: dict[int, float] = {}
        for timed in OscPacket(data).messages:
            address, value = timed.message.address, timed.message.params[0]
            if address == "/event":
                self.events.append(int(value))
            else:
                pairs[self.names[address]] = value
        self.take(pairs)
