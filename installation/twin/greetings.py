"""The link's own frames: hello, refusal, beat, ping and pong. Kind and wire version first, then fixed fields.

They are frozen: every version of the wire reads them alike, so that two versions stay linked for clock and company.
What a later version adds stands behind, and an earlier one does not read it. Pure: bytes in, tuples out; whatever is
wrong raises `Garbled`.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from installation.twin import wire as frames
from installation.twin.offset import Line
from installation.twin.wire import BEAT, CREDIT, HELLO, KEY, KEYED, LANE, NOTICE, PING, PONG, REFUSE, WIRE, Garbled

_TWO = struct.Struct("<BB")
_HELLO = struct.Struct("<QBB")
_MORE = struct.Struct("<BQB")
_BEAT = struct.Struct("<I")
_PING = struct.Struct("<d")
_PONG = struct.Struct("<dddddBd")
_CREDIT = struct.Struct("<QI")
_FIRST_LAYOUTS = (1, 1)
"""What version 1 spoke, whose hello says nothing of it: state and journal, on one lane."""
LARGEST_HELLO = 1024
VERSION, EPOCH, NAME, DOUBLE, FLOOD = 1, 2, 3, 4, 5
"""Why a hello is refused: another wire, a second run of one site, another name, a second way, more than is taken."""


class Hello(NamedTuple):
    """Who calls: this run's epoch, the site, its software; which lane this is, and the layout of each lane's frames."""

    wire: int
    epoch: int
    site: str
    software: str
    lane: int = 0
    layouts: tuple[int, ...] = _FIRST_LAYOUTS
    features: int = 0


def hello(
    epoch: int, site: str, software: str, wire: int = WIRE, lane: int = 0,
    layouts: tuple[int, ...] = frames.LAYOUTS, features: int = 0,
) -> bytes:  # fmt: skip
    names = site.encode()[:255], software.encode()[:255]
    first = _TWO.pack(HELLO, wire) + _HELLO.pack(epoch, len(names[0]), len(names[1])) + names[0] + names[1]
    return first + _MORE.pack(lane, features, len(layouts)) + bytes(layouts)


def read_hello(frame: bytes) -> Hello:
    """Reads the hello of any version; what stands behind is of a later one."""
    _, wire = _fields(frame, _TWO, 0)
    epoch, one, two = _fields(frame, _HELLO, _TWO.size)
    at = _TWO.size + _HELLO.size
    rest = frame[at:]
    if len(rest) < one + two or len(frame) > LARGEST_HELLO:
        raise Garbled("hello")
    who = Hello(wire, epoch, rest[:one].decode("utf-8", "replace"), rest[one : one + two].decode("utf-8", "replace"))
    if len(rest) == one + two:
        return who
    lane, features, count = _fields(frame, _MORE, at + one + two)
    layouts = frame[at + one + two + _MORE.size :][:count]
    if len(layouts) < count:
        raise Garbled("hello")
    return who._replace(lane=lane, features=features, layouts=tuple(layouts))


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


def lane(number: int) -> bytes:
    """To the one who dials: dial this lane, there is something for it."""
    return _TWO.pack(LANE, WIRE) + bytes((number,))


def read_lane(frame: bytes) -> int:
    if len(frame) < 3:
        raise Garbled("lane")
    return frame[2]


def key(public: bytes, kind: int = KEY) -> bytes:
    """The raw public key that this site will have next; as KEYED, the one of the other's that is trusted here now."""
    return _TWO.pack(kind, WIRE) + public


def keyed(public: bytes) -> bytes:
    return key(public, KEYED)


def read_key(frame: bytes) -> bytes:
    if len(frame) < 34:
        raise Garbled("key")
    return frame[2:34]


def credit(taken: int, more: int) -> bytes:
    """So many bytes of bulk were taken on this way in all, and so many more may be under way."""
    return _TWO.pack(CREDIT, WIRE) + _CREDIT.pack(taken, more)


def read_credit(frame: bytes) -> tuple[int, int]:
    taken, more = _fields(frame, _CREDIT, _TWO.size)
    return taken, more


def _fields(frame: bytes, form: struct.Struct, at: int) -> tuple[int, ...]:
    if len(frame) < at + form.size:
        raise Garbled("short")
    return form.unpack_from(frame, at)
