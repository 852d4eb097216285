"""An entry of the journal and its frames, as bytes. Pure: it knows no file, no thread and no line."""

from __future__ import annotations

import contextlib
import math
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from installation.twin import wire
from installation.twin.wire import Garbled

FRAME_ENTRIES, FRAME_BYTES = 256, 64 << 10
"""In one frame at most. 256 a tick are 25,000 a second, and take a tick at the other end about a millisecond."""
LARGEST_ENTRY = 32 << 10
LATEST = 1 << 62
GAP = "gap"
"""The name of an entry that says what went: its arguments are the first and the last number let go."""
Position = tuple[int, int]
"""A book and a number in it. Books of one site rise from run to run, so positions compare as they were written."""
_HAD, _APPLIED = struct.Struct("<Q"), struct.Struct("<QQ")


class Entry(NamedTuple):
    """One entry. `stamp` and `due` are shared seconds; `due` 0 means at once. `epoch` is that of its site's book."""

    site: str
    epoch: int
    number: int
    stamp: float
    due: float
    name: str
    arguments: Any

    @property
    def key(self) -> tuple[str, int, int]:
        """What no other entry has."""
        return self.site, self.epoch, self.number


encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[int, float, float, str, Any]).decode


def packed(entry: Entry) -> bytes:
    """What is kept and sent: all but whose it is."""
    return encode(entry[2:])


def unpacked(site: str, book: int, raw: bytes) -> Entry:
    """The entry in `raw`; its `due` may be no instant: whoever carries it out sees to that. Raises Garbled."""
    try:
        entry = Entry(site, book, *_decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Garbled("entry") from fault
    if not 0 < entry.number < LATEST:
        raise Garbled("entry")
    return entry if math.isfinite(entry.stamp) else entry._replace(stamp=0.0)


def whole(site: str, book: int, number: int, raw: bytes) -> Entry | None:
    """The entry that a disk has kept as `number`; None when it did not keep it well."""
    with contextlib.suppress(Garbled):
        entry = unpacked(site, book, raw)
        return entry if entry.number == number else None
    return None


def gap(first: int, last: int) -> bytes:
    """The entry that stands for those that were let go."""
    return encode((last, 0.0, 0.0, GAP, [first, last]))


def gone(entry: Entry) -> Position | None:
    """The first and the last number that a gap stands for; None for every other entry."""
    match entry.arguments:
        case [int(first), int(last)] if entry.name == GAP and 0 < first <= last == entry.number:
            return first, last
    return None


def blanked(raw: bytes) -> bytes:
    """The same entry without what it says: its number, instants and name stay."""
    number, stamp, due, name, _ = _decode(raw)
    return encode((number, stamp, due, name, None))


def frame(book: int, had: int, bodies: list[bytes]) -> bytes:
    """Entries of `book` for a peer that has acknowledged all up to the number `had`."""
    framed = [part for body in bodies for part in (len(body).to_bytes(4, "little"), body)]
    return wire.head(wire.JOURNAL, 0, book, len(bodies)) + _HAD.pack(had) + b"".join(framed)


def read(data: bytes) -> tuple[int, int, Iterator[bytes]]:
    """The book, the number that we have acknowledged, and the entries as they come. Raises Garbled."""
    head, body = wire.headed(data), wire.body(data)
    if head.version > FRAME_ENTRIES or len(body) < _HAD.size or not 0 < head.epoch < LATEST:
        raise Garbled("entries")
    had = _HAD.unpack_from(body)[0]
    if had >= LATEST:
        raise Garbled("had")
    return head.epoch, had, _bodies(body[_HAD.size :], head.version)


def _bodies(data: memoryview, count: int) -> Iterator[bytes]:
    at = 0
    for _ in range(count):
        length = int.from_bytes(data[at : at + 4], "little")
        if at + 4 + length > len(data) or length > LARGEST_ENTRY:
            raise Garbled("entry")
        yield bytes(data[at + 4 : at + 4 + length])
        at += 4 + length


def applied(own: int, book: int, number: int) -> bytes:
    """Says that all of the receiver's `book` up to `number` is on the disk here."""
    return wire.head(wire.APPLIED, 0, own, 0) + _APPLIED.pack(book, number)


def read_applied(data: bytes) -> Position:
    """The book and the number of `applied`. Raises Garbled."""
    wire.headed(data)
    body = wire.body(data)
    if len(body) != _APPLIED.size:
        raise Garbled("applied")
    book, number = _APPLIED.unpack(body)
    return book, number
