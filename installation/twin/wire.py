"""The frames that cross the sea, byte by byte: WIRE.md says the same in words.

Pure: bytes in, columns out. Every length is checked before it is used; whatever is wrong raises `Garbled` and
nothing else. Knows no socket, no site and no clock.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import numpy as np

WIRE = 2
"""The version of this wire. A peer that speaks another is told so; what both know goes on: see `LAYOUTS`."""
LAYOUTS = (3, 2, 1, 1)
"""By lane (state, journal, presence, bulk): raised when one of its frames changes. What two have alike is merged."""
LARGEST = 1 << 20
"""No frame is longer than this many bytes; a longer one is not read."""
MOST_PIECES = LARGEST // 64 + 1
"""A frame is cut into so many pieces at most."""
COLUMNS = 0xFFFF
"""Columns of one half at most, since ids are u16."""
LATEST_STAMP = (1 << 63) - (1 << 40)
"""No stamp lies beyond: the next ones must still fit in an i64."""

HELLO, REFUSE, BEAT, PING, PONG, NOTICE, LANE, KEY, KEYED, CREDIT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
NAMES, SNAPSHOT, DELTA, DIGEST, HAVE, CHANGES, PIECE = 16, 17, 18, 19, 20, 21, 22
TEXTS, TEXTS_HAVE = 28, 29
JOURNAL, APPLIED = 32, 33
PRESENCE, BULK = 48, 49
OF_THE_LINK = frozenset(range(HELLO, NAMES))
OF_THE_MIRROR = frozenset((NAMES, SNAPSHOT, DELTA, DIGEST, HAVE, CHANGES, PIECE))
OF_THE_JOURNAL = frozenset((JOURNAL, APPLIED))
OF_THE_TEXTS = frozenset((TEXTS, TEXTS_HAVE))

RANGE16, FLOAT32, BYTE, COUNT, EXACT = 0, 1, 2, 3, 4
PLAIN, FADE, HOLD = 0, 1, 2
BITMAP = 0x80
"""Added to a form: the ids are not a list but one bit per column, up to the last that is set."""
TYPES = (np.dtype("<u2"), np.dtype("<u4"), np.dtype("u1"), np.dtype("<u4"), np.dtype("<u8"))
"""How a column's number is carried: u16 of the range, the bits of a float, u8, a count, the bits of a double."""
MOST_SECTIONS = 3 * len(TYPES)
"""In one frame: one of each type and form. A megabyte of empty ones would cost a tick three seconds."""

_HEAD = struct.Struct("<BBHQI")
_SECTION = struct.Struct("<BBHH")
_GROUP = struct.Struct("<qH")
_KNOWN = struct.Struct("<QIHB")
_CLAIMS = struct.Struct("<III")
_CHANGES = struct.Struct("<BBIIH")
_PIECE = struct.Struct("<BBHHI")
KNOWN = _KNOWN.size
"""Bytes of what `known` gives."""
_I8, _U2, _F8, _F4 = np.dtype("<i8"), np.dtype("<u2"), np.dtype("<f8"), np.dtype("<f4")


class Garbled(Exception):
    """These bytes are no frame of ours."""


class Arrived(NamedTuple):
    """One frame as the link hands it to the tick. An empty body says that the line to `site` has just come up."""

    site: str
    body: bytes
    when: float = 0.0


class Head(NamedTuple):
    """The first 16 bytes of every frame of the state: kind, wire, schema, epoch, version."""

    kind: int
    wire: int
    schema: int
    epoch: int
    version: int


class Key(NamedTuple):
    """One parameter of a half. `rule` "" is the site's own and is never sent. Tuples have `width` numbers.

    `ttl` above 0: so many seconds after it last came the value falls back to its default. `importance` (0 to 1, below
    0: by its kind and rule) is the writer's affair and does not cross.
    """

    address: str
    kind: str
    rule: str
    width: int
    low: tuple[float, ...]
    high: tuple[float, ...]
    default: tuple[float, ...]
    step: float = 0.005
    ttl: float = 0.0
    importance: float = -1.0


class Section(NamedTuple):
    """Columns of one number type and one form, with their stamps. `since` is only of holds, the rest only of fades."""

    type: int
    form: int
    ids: np.ndarray[Any, Any]
    stamps: np.ndarray[Any, Any]
    numbers: np.ndarray[Any, Any]
    froms: np.ndarray[Any, Any] | None = None
    starts: np.ndarray[Any, Any] | None = None
    lengths: np.ndarray[Any, Any] | None = None
    since: np.ndarray[Any, Any] | None = None


def head(kind: int, schema: int, epoch: int, version: int) -> bytes:
    return _HEAD.pack(kind, WIRE, schema, epoch, version)


def headed(frame: bytes) -> Head:
    """The head of `frame`. Raises Garbled when it is too short, or of another wire."""
    if not _HEAD.size <= len(frame) <= LARGEST:
        raise Garbled("length")
    found = Head(*_HEAD.unpack_from(frame))
    if found.wire != WIRE:
        raise Garbled("wire")
    return found


def body(frame: bytes) -> memoryview:
    return memoryview(frame)[_HEAD.size :]


def known(epoch: int, version: int, schema: int, want: bool, again: bool = False) -> bytes:
    """The body of HAVE: what the sender has of the receiver's half; whether it wants all, or again from there on."""
    return _KNOWN.pack(epoch, version, schema, want | again << 1)


def read_known(data: memoryview) -> tuple[int, int, int, bool, bool]:
    if len(data) != _KNOWN.size:
        raise Garbled("have")
    epoch, version, schema, asks = _KNOWN.unpack(data)
    return epoch, version, schema, bool(asks & 1), bool(asks & 2)


def claims(base: int, claimed: int, after: int) -> bytes:
    """A DELTA's first 12 bytes: who has all up to `base` has now all up to `claimed`; the mark before, or 0."""
    return _CLAIMS.pack(base, claimed, after)


def read_claims(data: memoryview) -> tuple[int, int, int, memoryview]:
    if len(data) < _CLAIMS.size:
        raise Garbled("short")
    base, claimed, after = _CLAIMS.unpack_from(data)
    return base, claimed, after, data[_CLAIMS.size :]


def changes(after: int, version: int, claimed: int) -> bytes:
    """The short head of CHANGES: the mark of the frame before, this version, and how far behind it the claim is."""
    return _CHANGES.pack(CHANGES, WIRE, after, version, min(version - claimed, 0xFFFF))


def read_changes(frame: bytes) -> tuple[int, int, int, memoryview]:
    """The mark before, the version, the version up to which the reader then has all (0: unsaid), and the sections."""
    if not _CHANGES.size <= len(frame) <= LARGEST:
        raise Garbled("length")
    _, wire, after, version, behind = _CHANGES.unpack_from(frame)
    if wire != WIRE or (behind > version and behind < 0xFFFF):
        raise Garbled("wire")
    claimed = 0 if behind == 0xFFFF else version - behind
    return after, version, claimed, memoryview(frame)[_CHANGES.size :]


def pieces(frame: bytes, most: int) -> list[bytes]:
    """A frame that is too long for the line, cut; each piece has `most` bytes at most."""
    step = max(most - _PIECE.size, 64)
    parts = [frame[at : at + step] for at in range(0, len(frame), step)]
    sum_ = zlib.crc32(frame)
    return [_PIECE.pack(PIECE, WIRE, n, len(parts), sum_) + part for n, part in enumerate(parts)]


def ends(frame: bytes) -> bool:
    """Whether something is whole with this frame: no piece, or the last of some."""
    if frame[:1] != bytes((PIECE,)) or len(frame) < _PIECE.size:
        return True
    _, _, number, count, _ = _PIECE.unpack_from(frame)
    return bool(number + 1 >= count)


def joined(frame: bytes, before: list[bytes]) -> bytes | None:
    """Adds a piece to those `before`; gives the whole frame with the last one. One out of turn makes all of it void."""
    if not _PIECE.size < len(frame) <= LARGEST:
        raise Garbled("length")
    _, wire, number, count, sum_ = _PIECE.unpack_from(frame)
    if number == 0:
        before.clear()
    if wire != WIRE or not number < count <= MOST_PIECES or sum(map(len, before)) + len(frame) > LARGEST + _PIECE.size:
        before.clear()
        raise Garbled("piece")
    if number != len(before):
        before.clear()
        return None
    before.append(frame[_PIECE.size :])
    if number < count - 1:
        return None
    whole = b"".join(before)
    before.clear()
    return whole if zlib.crc32(whole) == sum_ else None


def section(part: Section) -> bytes:
    """One section as bytes. Columns are put in runs of one stamp, so a usual delta carries its stamp once."""
    mapped = None
    if part.stamps.size and (part.stamps == part.stamps[0]).all():
        count, mapped, stamps = 1, _bitmap(part.ids), _GROUP.pack(int(part.stamps[0]), part.stamps.size)
    else:
        order = np.argsort(part.stamps, kind="stable")
        part = Section(part.type, part.form, *(None if a is None else a[order] for a in part[2:]))  # type: ignore[arg-type]
        groups, runs = np.unique(part.stamps, return_counts=True)
        count, stamps = groups.size, groups.astype(_I8).tobytes() + runs.astype(_U2).tobytes()
    pieces = [
        _SECTION.pack(part.type, part.form | (0 if mapped is None else BITMAP), count, part.ids.size),
        stamps,
        part.ids.astype(_U2).tobytes() if mapped is None else mapped,
        part.numbers.astype(TYPES[part.type]).tobytes(),
    ]
    if part.form == FADE:
        assert part.froms is not None and part.starts is not None and part.lengths is not None
        pieces += [part.froms.astype(TYPES[part.type]).tobytes(), part.starts.tobytes(), part.lengths.tobytes()]
    if part.form == HOLD:
        assert part.since is not None
        pieces.append(part.since.tobytes())
    return b"".join(pieces)


def _bitmap(ids: np.ndarray[Any, Any]) -> bytes | None:
    """The ids as a length (u16) and that many bytes of bits, where that is shorter than a list. `ids` ascend."""
    last = int(ids[-1])
    if 2 + (last + 8) // 8 >= 2 * ids.size or not (ids[1:] > ids[:-1]).all():
        return None
    bits = np.zeros(last + 1, np.uint8)
    bits[ids] = 1
    packed = np.packbits(bits, bitorder="little").tobytes()
    return len(packed).to_bytes(2, "little") + packed


class _Cursor:
    """Takes columns off the front of some bytes, never beyond their end."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def take(self, type_: np.dtype[Any], count: int) -> np.ndarray[Any, Any]:
        end = self.at + type_.itemsize * count
        if end > len(self.data):
            raise Garbled("short")
        found = np.frombuffer(self.data, type_, count, self.at)
        self.at = end
        return found

    def stamps(self, groups: int, count: int) -> np.ndarray[Any, Any]:
        """One stamp for each column. The usual section has one for all."""
        first, runs = self.take(_I8, groups), self.take(_U2, groups)
        if groups == 1:
            stamp = int(first[0])
            if runs[0] != count or not 0 < stamp < LATEST_STAMP:
                raise Garbled("stamps")
            return np.full(count, stamp, _I8)
        if int(runs.sum()) != count or (groups and not (first.min() > 0 and first.max() < LATEST_STAMP)):
            raise Garbled("stamps")
        return np.repeat(first, runs)

    def head(self) -> tuple[int, int, int, int]:
        if self.at + _SECTION.size > len(self.data):
            raise Garbled("short")
        found: tuple[int, int, int, int] = _SECTION.unpack_from(self.data, self.at)
        self.at += _SECTION.size
        return found


def sections(data: memoryview, types: np.ndarray[Any, Any]) -> Iterator[Section]:
    """The sections in `data`, checked against the number types of the sender's columns."""
    cursor, left = _Cursor(data), MOST_SECTIONS
    while cursor.at < len(data):
        type_, form, groups, count = cursor.head()
        left -= 1
        if left < 0:
            raise Garbled("sections")
        mapped, form = form & BITMAP, form & ~BITMAP
        if type_ >= len(TYPES) or form > HOLD:
            raise Garbled("section")
        stamps = cursor.stamps(groups, count)
        ids = _mapped(cursor, count) if mapped else cursor.take(_U2, count)
        if count and (int(ids.max()) >= types.size or (types[ids] != type_).any()):
            raise Garbled("ids")
        yield _checked(Section(type_, form, ids, stamps, *_columns(cursor, type_, form, count)))


def _mapped(cursor: _Cursor, count: int) -> np.ndarray[Any, Any]:
    length = int(cursor.take(_U2, 1)[0])
    bits = np.unpackbits(cursor.take(TYPES[BYTE], length), bitorder="little")
    ids = np.flatnonzero(bits)
    if ids.size != count or length > COLUMNS // 8 + 1:
        raise Garbled("bitmap")
    return ids


def _columns(cursor: _Cursor, type_: int, form: int, count: int) -> tuple[Any, ...]:
    numbers = cursor.take(TYPES[type_], count)
    if form == FADE:
        return numbers, cursor.take(TYPES[type_], count), cursor.take(_F8, count), cursor.take(_F4, count), None
    if form == HOLD:
        return numbers, None, None, None, cursor.take(_I8, count)
    return numbers, None, None, None, None


def _checked(part: Section) -> Section:
    """The section, unless it holds a number that is none, or a time that is no time."""
    for numbers in (part.numbers, part.froms):
        if numbers is not None and not _finite(part.type, numbers):
            raise Garbled("number")
    if part.form == FADE:
        assert part.starts is not None and part.lengths is not None
        if not (np.isfinite(part.starts).all() and np.isfinite(part.lengths).all() and (part.lengths > 0).all()):
            raise Garbled("fade")
    if part.since is not None and part.since.size and not (part.since.min() >= 0 and part.since.max() < LATEST_STAMP):
        raise Garbled("hold")
    return part


def _finite(type_: int, numbers: np.ndarray[Any, Any]) -> bool:
    if type_ == FLOAT32:
        return bool(np.isfinite(numbers.view(_F4)).all())
    if type_ == EXACT:
        return bool(np.isfinite(numbers.view(_F8)).all())
    return True


_names = msgspec.msgpack.Encoder()
_read_names = msgspec.msgpack.Decoder(list[Key])
_LARGEST_NAMES = 1 << 20


def names(keys: list[Key]) -> bytes:
    """All keys of a schema, packed small; they cross once, then a column is its number in this list."""
    return zlib.compress(_names.encode([key._replace(importance=-1.0) for key in keys]), 6)


def read_names(data: memoryview | bytes) -> list[Key]:
    """The keys of `names`. Raises Garbled; a bomb is not unpacked."""
    try:
        plain = zlib.decompressobj().decompress(data, _LARGEST_NAMES)
        return _read_names.decode(plain)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Garbled("names") from fault


def digest(*columns: np.ndarray[Any, Any]) -> bytes:
    """16 bytes that differ when any of the columns does."""
    sum_ = hashlib.blake2b(digest_size=16)
    for column in columns:
        sum_.update(np.ascontiguousarray(column).tobytes())
    return sum_.digest()
