"""The ways a frame can take to another site: a socket that this site dialled, or a caller at its own door.

Everything here stands behind the link's lock. CURVE is on before the first byte; a caller without a trusted key gets no
further than the ZAP door.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import zmq
import zmq.utils.z85
from zmq.utils.monitor import parse_monitor_message

from installation.twin import callers, wire
from installation.twin.callers import Callers
from installation.twin.keys import Pair, fingerprint

_WAITING = 512
_UNANSWERED = 4096
"""Frames under way on one connection at most, when the other end reads and never says so."""
HANDSHAKE = 10_000
"""Milliseconds after which a handshake that does not end is given up."""
_HANDSHAKE = zmq.EVENT_HANDSHAKE_SUCCEEDED
_REFUSED = zmq.EVENT_HANDSHAKE_FAILED_AUTH
_FAILED = zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
_LOST = zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED | zmq.EVENT_CONNECT_RETRIED
_WATCHED = _HANDSHAKE | _REFUSED | _FAILED | _LOST


def _set_up(socket: zmq.Socket[bytes], pair: Pair) -> None:
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.SNDHWM, _WAITING)
    socket.setsockopt(zmq.RCVHWM, _WAITING)
    socket.setsockopt(zmq.MAXMSGSIZE, wire.LARGEST)
    socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE)
    socket.setsockopt(zmq.IPV6, 1)
    socket.curve_publickey = pair.public.encode()
    socket.curve_secretkey = pair.secret.encode()


def waiting(socket: zmq.Socket[Any]) -> bool:
    """Whether the socket has something to read. To be asked after each use: its file number tells only of news."""
    return bool(int(socket.get(zmq.EVENTS)) & zmq.POLLIN)


class Way:
    """One connection to one site, with the frames on it counted in both directions."""

    def __init__(self, socket: zmq.Socket[bytes], born: float) -> None:
        self.socket = socket
        self.born = self.heard = born
        self.sent = self.received = self.acknowledged = 0
        self.under_way: deque[tuple[int, float]] = deque()
        self.key, self.closed = "", False

    def put(self, body: bytes, now: float) -> bool:
        """Sends without waiting; False when it cannot be."""
        if len(self.under_way) >= _UNANSWERED:
            return False
        try:
            self._put(body)
        except zmq.ZMQError:
            return False
        self.sent += 1
        self.under_way.append((self.sent, now))
        return True

    def acknowledge(self, count: int) -> None:
        """The other end has had `count` frames of this way."""
        self.acknowledged = max(self.acknowledged, min(count, self.sent))
        while self.under_way and self.under_way[0][0] <= self.acknowledged:
            self.under_way.popleft()

    def age(self, now: float) -> float:
        """For how long the oldest frame has been without an answer."""
        return now - self.under_way[0][1] if self.under_way else 0.0

    def _put(self, body: bytes) -> None:
        raise NotImplementedError


class Dialled(Way):
    """A connection that this site opened; it is never reconnected, a new one is dialled instead."""

    def __init__(self, context: zmq.Context[Any], pair: Pair, address: str, key: str, born: float) -> None:
        super().__init__(context.socket(zmq.DEALER), born)
        self.key = key
        _set_up(self.socket, pair)
        self.socket.setsockopt(zmq.RECONNECT_IVL, -1)
        self.socket.curve_serverkey = key.encode()
        self.monitor = self.socket.get_monitor_socket(_WATCHED)
        self.joined = False
        try:
            self.socket.connect(address)
        except zmq.ZMQError:
            self.close()
            raise

    def _put(self, body: bytes) -> None:
        self.socket.send(body, zmq.NOBLOCK)

    def event(self) -> str:
        """What has become of the connection: "joined", "refused", "failed", "lost" or ""."""
        event = int(parse_monitor_message(self.monitor.recv_multipart(zmq.NOBLOCK))["event"])
        if event & _HANDSHAKE:
            self.joined = True
            return "joined"
        if event & _REFUSED:
            return "refused"
        return "failed" if event & _FAILED else "lost" if event & _LOST else ""

    def frames(self, limit: int) -> Iterator[bytes]:
        for _ in range(limit):
            try:
                parts = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.ZMQError:
                return
            if len(parts) == 1:
                yield parts[0]

    def close(self) -> None:
        self.closed = True
        with contextlib.suppress(zmq.ZMQError):
            self.socket.disable_monitor()
        self.monitor.close(0)
        self.socket.close(0)


class Called(Way):
    """A caller at this site's door: `site` and `key` by its key, `lane` by its hello."""

    def __init__(self, door: Door, identity: bytes, user: str, file: int, born: float) -> None:
        super().__init__(door.socket, born)
        self.identity, self.user, self.lane, self.cut_at = identity, user, -1, math.inf
        self.site, _, self.key = user.partition(" ")
        self._file, self._end = file, door.callers.spoke(file)

    def _put(self, body: bytes) -> None:
        self.socket.send_multipart([self.identity, body], zmq.NOBLOCK)

    def cut(self) -> None:
        """Ends the connection."""
        callers.cut(self._file, self._end)


class Knock(NamedTuple):
    """Someone with a key that is not trusted."""

    address: str
    fingerprint: str


class Door:
    """One TCP port where trusted sites call, and the ZAP answers that keep the others out. `address` may name several,
    with a space between them: the port, and a local door for those who come by a relay.

    `trust` gives the site of a raw key, "" for none; `shut` says whether a site may not call now.
    """

    def __init__(
        self, context: zmq.Context[Any], pair: Pair, address: str,
        trust: Callable[[bytes], str], shut: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self._trust, self._shut = trust, shut
        self.callers = Callers()
        self.zap: zmq.Socket[bytes] = context.socket(zmq.REP)
        self.zap.setsockopt(zmq.LINGER, 0)
        self.zap.bind("inproc://zeromq.zap.01")
        self.socket: zmq.Socket[bytes] = context.socket(zmq.ROUTER)
        _set_up(self.socket, pair)
        self.socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self.socket.setsockopt(zmq.ZAP_DOMAIN, b"jumelage")
        self.socket.curve_server = True
        self.monitor = self.socket.get_monitor_socket(zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED)
        try:
            for one in address.split():
                self.socket.bind(one)
        except zmq.ZMQError:
            self.close()
            raise
        self.endpoint: str = self.socket.last_endpoint.decode().rstrip("\0")

    def answer(self) -> Knock | None:
        """Answers one ZAP request; gives the knock when it was refused."""
        parts = self.zap.recv_multipart(zmq.NOBLOCK)
        request, address = (parts[1], parts[3]) if len(parts) > 3 else (b"", b"")
        raw = parts[6] if len(parts) == 7 and parts[5] == b"CURVE" else b""
        site = self._trust(raw)
        if site and self._shut(site):
            self.zap.send_multipart([b"1.0", request, b"300", b"later", b"", b""])
            return None
        if site:
            self.zap.send_multipart([b"1.0", request, b"200", b"OK", f"{site} {z85(raw)}".encode(), b""])
            return None
        self.zap.send_multipart([b"1.0", request, b"400", b"unknown key", b"", b""])
        return Knock(address.decode("ascii", "replace"), fingerprint(z85(raw) if len(raw) == 32 else ""))

    def hear(self, limit: int, now: float) -> None:
        """Takes note of connections that came and went."""
        for _ in range(limit):
            try:
                found = parse_monitor_message(self.monitor.recv_multipart(zmq.NOBLOCK))
            except zmq.ZMQError:
                return
            (
                self.callers.gone(found["value"])
                if found["event"] & zmq.EVENT_DISCONNECTED
                else self.callers.came(found["value"], now)
            )

    def frames(self, limit: int) -> Iterator[tuple[bytes, str, int, bytes]]:
        """Identity, site and key, file number, and frame, of what waits at the door."""
        for _ in range(limit):
            try:
                parts = self.socket.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.ZMQError:
                return
            if len(parts) == 2:
                yield parts[0].bytes, str(parts[1].get("User-Id")), int(parts[1].get("__fd")), parts[1].bytes

    def close(self) -> None:
        with contextlib.suppress(zmq.ZMQError):
            self.socket.disable_monitor()
        for end in (self.zap, self.monitor, self.socket):
            end.close(0)


def z85(key: bytes) -> str:
    return zmq.utils.z85.encode(key).decode()


class Wake:
    """A file number that becomes readable when something has come. Rung and cleared behind one lock."""

    def __init__(self) -> None:
        self.read, self._write = os.pipe()
        self._rung = False

    def ring(self) -> None:
        if not self._rung:
            self._rung = True
            os.write(self._write, b"\0")

    def clear(self) -> None:
        if self._rung:
            os.read(self.read, 1)
            self._rung = False

    def close(self) -> None:
        os.close(self.read)
        os.close(self._write)
