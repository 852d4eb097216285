"""The link's own frames: hello, refusal, beat, ping and pong. Kind and wire version first, then fixed fields.

Pure: bytes in, tuples out; whatever is wrong raises `Garbled`.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from installation.twin.offset import Line
from installation.twin.wire import BEAT, HELLO, NOTICE, PING, PONG, REFUSE, WIRE, Garbled

_TWO = struct.Struct("<BB")
_HELLO = struct.Struct("<QBB")
_BEAT = struct.Struct("<I")
_PING = struct.Struct("<d")
_PONG = struct.Struct("<dddddBd")
VERSION, EPOCH, NAME, DOUBLE = 1, 2, 3, 4
"""Why a hello is refused: another wire, a second run of one site, another name, a second way."""


class Hello(NamedTuple):
    """Who calls: this run's epoch, the site, the version of its software."""

    wire: int
    epoch: int
    site: str
    software: str


def hello(epoch: int, site: str, software: str, wire: int = WIRE) -> bytes:
    names = site.encode()[:255], software.encode()[:255]
    return _TWO.pack(HELLO, wire) + _HELLO.pack(epoch, len(names[0]), len(names[1])) + names[0] + names[1]


def read_hello(frame: bytes) -> Hello:
    """Reads the wire version whatever else another version may have put behind it."""
    _, wire = _fields(frame, _TWO, 0)
    if wire != WIRE:
        return Hello(wire, 0, "", "")
    epoch, one, two = _fields(frame, _HELLO, _TWO.size)
    rest = frame[_TWO.size + _HELLO.size :]
    if len(rest) != one + two:
        raise Garbled("hello")
    return Hello(wire, epoch, rest[:one].decode("utf-8", "replace"), rest[one:].decode("utf-8", "replace"))


def refusal(reason: int) -> bytes:
    return _TWO.pack(REFUSE, WIRE) + bytes((reason,))


def read_refusal(frame: bytes) -> tuple[int, int]:
    """The other's wire version and its reason."""
    if len(frame) < 3:
        raise Garbled("refusal")
    return frame[1], frame[2]


def notice() -> bytes:
    """Someone else calls itself by your name."""
    return _TWO.pack(NOTICE, WIRE)


def beat(count: int) -> bytes:
    """Alive, and `count` frames of this way have come."""
    return _TWO.pack(BEAT, WIRE) + _BEAT.pack(count & 0xFFFFFFFF)


def read_beat(frame: bytes) -> int:
    found: int = _fields(frame, _BEAT, _TWO.size)[0]
    return found


def ping(sent: float) -> bytes:
    return _TWO.pack(PING, WIRE) + _PING.pack(sent)


def read_ping(frame: bytes) -> float:
    found: float = _fields(frame, _PING, _TWO.size)[0]
    return found


def pong(sent: float, received: float, answered: float, line: Line) -> bytes:
    """Three stamps, and the shared time of the one who answers at its second stamp."""
    shared = line.time(answered)
    flags = line.agreed | line.kept << 1
    return _TWO.pack(PONG, WIRE) + _PONG.pack(sent, received, answered, shared, line.rate, flags, line.bound)


def read_pong(frame: bytes) -> tuple[float, float, float, Line]:
    sent, received, answered, shared, rate, flags, bound = _fields(frame, _PONG, _TWO.size)
    return sent, received, answered, Line(answered, shared, rate, bool(flags & 1), bound, bool(flags & 2))


def _fields(frame: bytes, form: struct.Struct, at: int) -> tuple[int, ...]:
    if len(frame) < at + form.size:
        raise Garbled("short")
    return form.unpack_from(frame, at)
