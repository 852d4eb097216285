"""The relay: two sites that nobody can call meet here, and it carries bytes that it cannot read.

It stands below ZeroMQ, not in it: CURVE runs from one site to the other through it, and the relay knows no key. What it
sees is which two rooms' ends talk, when, and how much. Runs anywhere: `jumelage relay`.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, NamedTuple

from installation.twin import rooms
from installation.twin.rooms import DIAL, FULL, GO, LISTEN, MARK, NOBODY, NONCE, REFUSED, ROOM, WAITS, Ends

PORT = 7411
CONNECTIONS, STRANGERS, EACH = 1024, 64, 16
"""Connections in all; such as have not yet proven anything; such as wait, or talk, in one room."""
FIND = 2.0
"""Seconds for which a caller waits for the other site to be there."""
FASTEST = 8 << 20
"""Bytes a second that one connection may carry each way."""


class Waiting(NamedTuple):
    """One who waits in a room: `found` is set by who calls, `free` by who waits, once it reads no more (or is gone)."""

    ends: Ends
    found: asyncio.Future[bool]
    free: asyncio.Future[bool]


class Relay:
    """All rooms of one relay. `say` is told what an operator should know: a word and its figures."""

    def __init__(self, secret: bytes, say: Callable[[str, dict[str, Any]], None]) -> None:
        self._secret, self._say = secret, say
        self._waiting: dict[bytes, deque[Waiting]] = {}
        self._talking: Counter[bytes] = Counter()
        self._open, self._strangers = 0, list[asyncio.StreamWriter]()
        self.lines = self.carried = self.refused = 0

    @property
    def rooms(self) -> int:
        """Rooms in which anybody is."""
        return len(self._waiting.keys() | {room for room, many in self._talking.items() if many})

    @property
    def talking(self) -> int:
        """Connections that are joined now."""
        return sum(self._talking.values())

    async def met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from its first byte to its end; never raises."""
        if self._open >= CONNECTIONS + STRANGERS:
            writer.close()
            return
        self._open += 1
        try:
            role, room = await self._greeted(reader, writer)
            if role == LISTEN:
                await self._listen((reader, writer), room)
            elif role == DIAL:
                await self._dial((reader, writer), room)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open -= 1
            writer.close()

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[bytes, bytes]:
        """Role and room of one who knows the secret; no role for one who does not."""
        nonce = secrets.token_bytes(NONCE)
        self._strangers.append(writer)
        if len(self._strangers) > STRANGERS:  # a crowd that says nothing: who came first has had the longest
            self._strangers.pop(0).transport.abort()
        try:
            writer.write(MARK + nonce)
            async with asyncio.timeout(rooms.GREETING):
                said = await reader.readexactly(1 + ROOM + rooms.PROOF)
        finally:
            if writer in self._strangers:
                self._strangers.remove(writer)
        role, room, given = said[:1], said[1 : 1 + ROOM], said[1 + ROOM :]
        if role in (DIAL, LISTEN) and rooms.proven(self._secret, nonce, role, room, given):
            return role, room
        self.refused += 1
        writer.write(REFUSED)
        self._say("refused", {"address": str(writer.get_extra_info("peername", "?"))})
        return b"", b""

    async def _listen(self, ends: Ends, room: bytes) -> None:
        """Waits until somebody calls; that one carries the bytes, and this task ends when all is over."""
        here = self._waiting.setdefault(room, deque())
        if len(here) >= EACH:
            ends[1].write(FULL)
            return
        loop = asyncio.get_running_loop()
        found, free = loop.create_future(), loop.create_future()
        here.append(Waiting(ends, found, free))
        gone = asyncio.create_task(ends[0].read(1))  # who waits has nothing to say: a byte, or the end, ends it
        try:
            while not found.done() and not gone.done():
                ends[1].write(WAITS)
                await asyncio.wait((found, gone), timeout=rooms.TELLS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._leave(room, found)
            alive = not gone.done()
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await gone
            free.set_result(alive)
        if found.done():
            await ends[1].wait_closed()

    def _leave(self, room: bytes, found: asyncio.Future[bool]) -> None:
        here = deque(one for one in self._waiting.get(room, ()) if one.found is not found)
        if here:
            self._waiting[room] = here
        else:
            self._waiting.pop(room, None)

    async def _dial(self, ends: Ends, room: bytes) -> None:
        """Joins the caller to one who waits."""
        if self._talking[room] >= EACH:
            ends[1].write(FULL)
            return
        self._talking[room] += 1
        try:
            other = await self._found(ends, room)
            if other is None:
                ends[1].write(NOBODY)
                return
            self.lines += 1
            for _, writer in (ends, other):
                writer.write(GO)
            self.carried += sum(await rooms.joined(ends, other, FASTEST))
        finally:
            self._talking[room] -= 1
            if not self._talking[room]:
                del self._talking[room]

    async def _found(self, ends: Ends, room: bytes) -> Ends | None:
        """One who waits in the room and is still there; None when there is none within `FIND` seconds."""
        now = asyncio.get_running_loop().time
        end = now() + FIND
        while now() < end and not ends[0].at_eof():
            if self._waiting.get(room):
                other = self._waiting[room].popleft()
                other.found.set_result(True)
                if await other.free:
                    return other.ends
            else:
                await asyncio.sleep(0.02)
        return None


async def serve(
    host: str | None, port: int, secret: bytes, say: Callable[[str, dict[str, Any]], None], every: float = 60.0
) -> Relay:
    """Runs until SIGINT or SIGTERM; tells how it goes when that has changed. Raises OSError when the port is taken."""
    relay, stop = Relay(secret, say), asyncio.Event()
    server = await asyncio.start_server(relay.met, host or None, port, limit=rooms.HELD)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    say("listens", {"port": server.sockets[0].getsockname()[1]})
    before: tuple[int, ...] = ()
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
        now = relay.rooms, relay.talking, relay.lines
        if now != before and not stop.is_set():
            before = now
            say("goes", {"rooms": now[0], "lines": now[1]})
    server.close()
    return relay
