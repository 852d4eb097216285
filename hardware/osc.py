"""OSC over UDP, in and out. Bytes are the business of `osc_format`, wildcards of `osc_pattern`."""

from __future__ import annotations

import errno
import heapq
import itertools
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pythonosc.osc_message import ParseError
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

from hardware.driver import Event, Pulse, Trouble
from hardware.osc_format import AT_ONCE, MALFORMED, MOST, Reader, elements

SO_RCVBUFFORCE = 33
SO_MEMINFO = 55  # the kernel's own account of a socket; its ninth number is what SO_RXQ_OVFL would append to packets
MOST_WAITING = 4096
"""Messages of bundles dated ahead that may wait for their time."""
LARGEST_WAITING = 4096
"""Bytes of one of them: together they can never hold more than 16 MiB."""
NTP_1970 = 2208988800
UNSAYABLE = (BuildError, ParseError, ValueError, TypeError, ArithmeticError, RecursionError, struct.error)
"""What python-osc was seen to raise, or may, at a value that has no OSC type."""

IN_USE = (
    (
        "port {port} on {host} is taken",
        "a free UDP port",
        "close the program that holds it (`ss -lunp`), or change `port`",
    ),
    (
        "le port {port} sur {host} est pris",
        "un port UDP libre",
        "fermez le programme qui le tient (`ss -lunp`), ou changez `port`",
    ),
)
NOT_ALLOWED = (
    ("port {port} on {host} is not allowed", "a port from 1024 to 65535", "change `port`"),
    ("le port {port} sur {host} n'est pas permis", "un port de 1024 à 65535", "changez `port`"),
)
NOT_HERE = (
    (
        "this machine has no address {host}",
        "one of its own addresses",
        'use "127.0.0.1" for this machine only, "0.0.0.0" for every network',
    ),
    (
        "cette machine n'a pas l'adresse {host}",
        "une de ses adresses",
        "mettez « 127.0.0.1 » pour cette machine seule, « 0.0.0.0 » pour tous les réseaux",
    ),
)
NO_HOST = (
    ("the name {host} leads nowhere", "a host's name or address", "check `host`, or give its number"),
    ("le nom {host} ne mène nulle part", "un nom ou une adresse de machine", "vérifiez `host`, ou donnez son numéro"),
)
CANNOT = {
    errno.EADDRINUSE: IN_USE,
    errno.EACCES: NOT_ALLOWED,
    errno.EADDRNOTAVAIL: NOT_HERE,
}


def trouble(fault: Exception, host: str, port: int) -> Trouble:
    """Why a socket cannot be had, in both languages."""
    rows = NOT_ALLOWED if isinstance(fault, OverflowError) else CANNOT.get(getattr(fault, "errno", None) or 0, NO_HOST)
    en, fr = (tuple(part.format(host=host, port=port) for part in row) for row in rows)
    return Trouble((en[0], en[1], en[2]), (fr[0], fr[1], fr[2]))


class OscInput:
    """Hears OSC on a UDP port. The kernel's buffer is the queue: what a poll leaves is still there for the next.

    `buffer` is asked of the kernel in bytes; it counts about 832 for a small message, and doubles what is asked, so
    16 MiB hold some 40,000. `buffer_granted` is what it gave, in its own count (doctor's business).
    `horizon`: a bundle dated further ahead than that many seconds is played after that many.
    `silence`: seconds without a message after which the device is called silent.
    """

    senses = (
        "what the house's own sensors, desk and tablets send",
        "ce qu'envoient les capteurs, la console et les tablettes du lieu",
    )
    door = "udp"

    def __init__(
        self,
        port: int,
        host: str = "127.0.0.1",
        buffer: int = 16 * 2**20,
        horizon: float = 10.0,
        silence: float = 10.0,
        *,
        address: str = "",
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.horizon, self.wall, self.pulse = horizon, wall, Pulse(clock, silence)
        self._reader = Reader(address)
        self._pending: deque[bytes] = deque()
        self._waiting: list[tuple[float, int, bytes]] = []
        self._order = itertools.count()
        self._received = self._malformed = self._clamped = self._refused = self._lost = 0
        self._socket: socket.socket | None = bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.buffer_granted = enlarge(self._socket, buffer)

    def wait(self) -> int | None:
        return self._socket.fileno() if self._socket else None

    def poll(self, now: float, limit: int) -> list[Event]:
        if self._socket is None:
            return []
        events: list[Event] = []
        self._ripen(now)
        self._unload(now, limit, events)
        self._receive(self._socket, now, limit, events)
        if events:
            self._received += len(events)
            self.pulse.gone = False
            self.pulse.beat(now)
        return events

    def _receive(self, door: socket.socket, now: float, limit: int, events: list[Event]) -> None:
        """Reads packets until the limit or the end; garbage counts towards the limit, so it cannot hold us."""
        receive, message, new = door.recv, self._reader.message, tuple.__new__
        for _ in range(limit):
            if len(events) >= limit or self._pending:
                break
            try:
                data = receive(65535)
                if data[:1] == b"#":
                    self._bundle(data, now)
                    self._unload(now, limit, events)
                    continue
                events.append(new(Event, (now, *message(data))))
            except MALFORMED:
                self._malformed += 1
            except BlockingIOError:
                break
            except OSError:
                self.pulse.gone = True
                break

    def _bundle(self, data: bytes, now: float) -> None:
        """Each message by its own time tag, still unread: now and past at once, ahead into the heap."""
        try:
            for tag, one in elements(data):
                ahead = 0.0 if tag == AT_ONCE else tag / 2**32 - NTP_1970 - self.wall()
                if ahead <= 0.0:
                    self._pending.append(one)
                else:
                    self._postpone(one, ahead, now)
        except MALFORMED:
            self._malformed += 1

    def _postpone(self, one: bytes, ahead: float, now: float) -> None:
        if len(self._waiting) >= MOST_WAITING or len(one) > LARGEST_WAITING:
            self._refused += 1
            self.pulse.overrun(now)
            return
        self._clamped += ahead > self.horizon
        heapq.heappush(self._waiting, (now + min(ahead, self.horizon), next(self._order), one))

    def _ripen(self, now: float) -> None:
        """Moves what has come due behind what is already pending."""
        while self._waiting and self._waiting[0][0] <= now:
            self._pending.append(heapq.heappop(self._waiting)[2])

    def _unload(self, now: float, limit: int, events: list[Event]) -> None:
        """Reads what came in bundles, a message at a time, so that a full one cannot hold us either."""
        for _ in range(min(limit - len(events), len(self._pending))):
            try:
                events.append(Event(now, *self._reader.message(self._pending.popleft())))
            except MALFORMED:
                self._malformed += 1

    def health(self) -> str:
        if self._socket and (lost := dropped(self._socket)) > self._lost:
            self._lost = lost
            self.pulse.overrun(self.pulse.clock())
        return self.pulse.health()

    def counts(self) -> dict[str, int]:
        """`dropped`: by the kernel, for want of buffer; `refused`: dated ahead, and too many or too large; `clamped`:
        dated ahead beyond the horizon; `waiting`: dated ahead, or left over from a bundle."""
        return {
            "received": self._received,
            "malformed": self._malformed,
            "dropped": dropped(self._socket) if self._socket else self._lost,
            "refused": self._refused,
            "clamped": self._clamped,
            "waiting": len(self._waiting) + len(self._pending),
        }

    def close(self) -> None:
        if self._socket:
            self._lost = dropped(self._socket)
            self._socket.close()
            self._socket = None
        self._pending.clear()
        self._waiting.clear()


def bound(host: str, port: int) -> socket.socket:
    """A UDP socket that listens there and never blocks. Raises Trouble."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)[0]
        door = socket.socket(family, socket.SOCK_DGRAM)
        try:
            door.bind((place[0], port))
        except BaseException:
            door.close()
            raise
    except (OSError, OverflowError, UnicodeError) as fault:
        raise trouble(fault, host, port) from fault
    door.setblocking(False)
    return door


def enlarge(door: socket.socket, size: int) -> int:
    """Asks for `size` bytes of receive buffer, beyond the system's limit where we may; tells what was given."""
    for option in (SO_RCVBUFFORCE if sys.platform == "linux" else socket.SO_RCVBUF, socket.SO_RCVBUF):
        try:
            door.setsockopt(socket.SOL_SOCKET, option, max(0, min(size, 2**30)))
            break
        except OSError:
            continue
    return door.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)


def dropped(door: socket.socket) -> int:
    """Packets that the kernel had no room for since the socket was made; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    try:
        account: tuple[int, ...] = struct.unpack("=9I", door.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 36))
    except (OSError, struct.error):
        return 0
    return account[8]


class OscOutput:
    """Says OSC to one host and port, `address` before each address. What cannot leave at once is dropped, counted."""

    door = "udp"

    def __init__(
        self,
        port: int,
        host: str = "127.0.0.1",
        *,
        address: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.prefix = address.rstrip("/")
        self.pulse = Pulse(clock, silence=float("inf"))
        self._sent = self._malformed = self._dropped = 0
        self._socket: socket.socket | None = None
        try:
            family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._place: tuple[Any, ...] = place
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
        except (OSError, OverflowError, UnicodeError) as fault:
            raise trouble(fault, host, port) from fault
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._socket.setblocking(False)

    def write(self, now: float, address: str, value: tuple[Any, ...]) -> None:
        if self._socket is None:
            return
        try:
            self._socket.sendto(packet(self.prefix + address, value), self._place)
        except UNSAYABLE:
            self._malformed += 1
        except BlockingIOError:
            self._dropped += 1
            self.pulse.overrun(now)
        except OSError:
            self._dropped += 1
            self.pulse.gone = True
        else:
            self._sent += 1
            self.pulse.gone = False
            self.pulse.beat(now)

    def health(self) -> str:
        health = self.pulse.health()
        return "alive" if health == "silent" else health

    def counts(self) -> dict[str, int]:
        return {"sent": self._sent, "malformed": self._malformed, "dropped": self._dropped}

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None


def packet(address: str, value: tuple[Any, ...]) -> bytes:
    """The bytes of a message. Raises one of UNSAYABLE."""
    if len(value) > MOST:
        raise ValueError("too many arguments")
    builder = OscMessageBuilder(address=address)
    for one in value:
        builder.add_arg(plain(one))
    return builder.build().dgram


def plain(value: Any) -> Any:
    """A value as python-osc knows it: numpy's numbers as Python's, tuples as arrays."""
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.tolist() if hasattr(value, "tolist") else value
