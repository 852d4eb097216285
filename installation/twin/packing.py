"""Changes packed small: which columns, and by how much each differs from what went before on the same way.

Both ends of a way keep a `Trail`. It is valid only while each frame names the one before it by its sum; whoever
misses one asks to begin again. Pure; every length is checked, whatever is wrong raises `Garbled`.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any, NamedTuple

import numpy as np

from installation.twin.wire import FLOAT32, LATEST_STAMP, PLAIN, RANGE16, TYPES, Garbled, Section

Array = np.ndarray[Any, Any]
MOST = 16384
"""Columns in one packed section at most; what is more goes as a DELTA."""
COARSE = 200
"""A coarse number is a whole multiple of this code: 326 steps of a range, an RMS error of 0.09 % of it."""
_ROUGHLY = 65000 // COARSE + 1
LIST, GAPS, SUBSET, SAME = 0, 1, 2, 3
RAW, STEPS, FLAT = 0, 1, 2
_PART = struct.Struct("<BHHq")
_RICE = struct.Struct("<BH")
_I8, _U2, _U4 = np.dtype("<i8"), np.dtype("<u2"), np.dtype("<u4")
_WIDEST = 32


Packing = tuple[int, bytes, bytes, bytes, dict[int, bytes]]


class Trail:
    """What has gone over one way so far: the codes i64 of each column, which are sure, and the last sets of ids."""

    def __init__(self, size: int) -> None:
        self.codes, self.sure = np.zeros(size, np.int64), np.zeros(size, bool)
        self.member = np.zeros(size, bool)
        self.sets: dict[int, Array] = {}
        self.mark: int | None = None

    def begin(self) -> None:
        """Nothing that went before counts any longer."""
        self.sure[:], self.mark = False, None
        self.sets.clear()

    def took(self, type_: int, columns: Array, ids: Array, codes: Array) -> None:
        """These columns are now known at both ends; `ids` are their numbers on the wire."""
        self.codes[columns], self.sure[columns] = codes, True
        before = self.sets.get(type_)
        if before is None:
            self.sets[type_] = ids
        elif not self.inside(ids, before):
            self.member[ids] = True
            joined = np.flatnonzero(self.member)
            self.sets[type_] = joined if joined.size <= 2 * ids.size else ids

    def inside(self, ids: Array, before: Array) -> bool:
        """Whether each of `ids` is one of `before`; leaves `member` as the set of `before`."""
        self.member[:] = False
        self.member[before] = True
        return bool(self.member[ids].all())

    def packed(self, codes: Array) -> Packing:
        """The trail beside the codes of its half, from which it seldom differs much."""
        ids = np.flatnonzero(self.codes != codes.astype(np.int64))
        sets = {type_: found.astype(_U2).tobytes() for type_, found in self.sets.items()}
        return self.mark or 0, np.packbits(self.sure).tobytes(), ids.tobytes(), self.codes[ids].tobytes(), sets

    def unpack(self, kept: Packing, codes: Array) -> None:
        """Takes back what `packed` gave; of the same half. Raises ValueError or IndexError when it is not."""
        mark_, sure, ids, other, sets = kept
        self.codes[:] = codes.astype(np.int64)
        self.codes[np.frombuffer(ids, np.int64)] = np.frombuffer(other, np.int64)
        self.sure[:] = np.unpackbits(np.frombuffer(sure, np.uint8), count=self.sure.size).astype(bool)
        self.sets = {int(type_): np.frombuffer(found, _U2).astype(np.intp) for type_, found in sets.items()}
        self.mark = mark_ or None


def mark(frame: bytes) -> int:
    """The sum by which the next frame names this one; never 0. The link may put its own wire version into byte 1."""
    return zlib.crc32(memoryview(frame)[2:], frame[0]) or 1


class Packed(NamedTuple):
    """A section as it came: plain registers, and whether their numbers are coarse."""

    part: Section
    coarse: bool


def packed(trail: Trail, type_: int, columns: Array, ids: Array, stamps: Array, codes: Array, coarse: bool) -> bytes:
    """One section of plain registers. `ids` ascend, and number for the reader what are `columns` here.

    `codes` are i64; coarse ones are multiples of COARSE. The trail is left as it is: call `took` when it is sent.
    """
    how, named = _ids(trail, ids, trail.sets.get(type_))
    style, numbers = _numbers(trail, type_, columns, codes, coarse)
    newest = int(stamps.max())
    groups, times = 1, b""
    if newest != int(stamps.min()):
        found, which = np.unique(stamps, return_inverse=True)
        groups = found.size
        times = (newest - found).astype(_I8).tobytes() + rice(which.ravel())
    first = type_ | how << 3 | style << 5 | coarse << 7
    return _PART.pack(first, ids.size, groups, newest) + times + named + numbers


def _ids(trail: Trail, ids: Array, before: Array | None) -> tuple[int, bytes]:
    """The shortest way to say which columns."""
    if before is not None and ids.size <= before.size <= 4 * ids.size and trail.inside(ids, before):
        if ids.size == before.size:
            return SAME, b""
        trail.member[:] = False
        trail.member[ids] = True
        return SUBSET, np.packbits(trail.member[before], bitorder="little").tobytes()
    if ids.size < 6:
        return LIST, ids.astype(_U2).tobytes()
    return GAPS, rice(np.diff(ids, prepend=-1) - 1)


def _numbers(trail: Trail, type_: int, columns: Array, codes: Array, coarse: bool) -> tuple[int, bytes]:
    unit = COARSE if coarse else 1
    plain = codes // unit
    if coarse:
        even = np.append(plain, 0) if plain.size % 2 else plain
        style, shortest = FLAT, _bits(even[::2] * _ROUGHLY + even[1::2], 17)
    else:
        style, shortest = RAW, codes.astype(TYPES[type_]).tobytes()
    if type_ != FLOAT32 and trail.sure[columns].all():
        steps = plain - trail.codes[columns] // unit
        found = rice((steps << 1) ^ (steps >> 63), len(shortest))
        if found and len(found) < len(shortest):
            return STEPS, found
    return style, shortest


def rice(numbers: Array, below: int = 1 << 30) -> bytes:
    """Whole numbers from 0 as k low bits each and the rest counted in ones; b"" when not shorter than `below` bytes.

    After R. F. Rice, "Some practical universal noiseless coding techniques", 1979.
    """
    if int(numbers.max()).bit_length() > _WIDEST:
        return b""
    k = max(int(0.69 * int(numbers.sum()) / numbers.size).bit_length(), 0)
    counted = numbers >> k
    size = int(counted.sum()) + numbers.size * (k + 1)
    if size // 8 + _RICE.size >= below:
        return b""
    ends = np.cumsum(counted + 1) - 1
    ones = np.zeros(int(ends[-1]) + 1, np.uint8)
    ones[ends] = 1
    high = np.packbits(ones, bitorder="little").tobytes()
    return _RICE.pack(k, len(high)) + _bits(numbers, k) + high


def _bits(numbers: Array, width: int) -> bytes:
    """The low `width` bits of each number, end to end."""
    if not width:
        return b""
    each = np.unpackbits(numbers.astype(_U4).view(np.uint8).reshape(-1, 4), axis=1, bitorder="little", count=width)
    return np.packbits(each.ravel(), bitorder="little").tobytes()


class _Reader:
    """Takes columns off the front of some bytes, never beyond their end."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def take(self, type_: np.dtype[Any], count: int) -> Array:
        end = self.at + type_.itemsize * count
        if end > len(self.data):
            raise Garbled("short")
        found = np.frombuffer(self.data, type_, count, self.at)
        self.at = end
        return found

    def fields(self, form: struct.Struct) -> tuple[int, ...]:
        if self.at + form.size > len(self.data):
            raise Garbled("short")
        found = form.unpack_from(self.data, self.at)
        self.at += form.size
        return found

    def bits(self, count: int, width: int) -> Array:
        if not width:
            return np.zeros(count, np.int64)
        raw = self.take(np.dtype("u1"), (count * width + 7) // 8)
        each = np.zeros((count, 32), np.uint8)
        each[:, :width] = np.unpackbits(raw, count=count * width, bitorder="little").reshape(count, width)
        return np.packbits(each, axis=1, bitorder="little").view(_U4).ravel().astype(np.int64)

    def rice(self, count: int) -> Array:
        k, length = self.fields(_RICE)
        if k > _WIDEST:
            raise Garbled("rice")
        low = self.bits(count, k)
        ends = np.flatnonzero(np.unpackbits(self.take(np.dtype("u1"), length), bitorder="little"))
        if ends.size != count:
            raise Garbled("rice")
        high = np.diff(ends, prepend=-1) - 1
        if int(high.max()) >> (_WIDEST + 1 - k):
            raise Garbled("rice")
        return (high << k) | low


def unpacked(data: memoryview, types: Array, trail: Trail) -> list[Packed]:
    """The sections of a frame whose mark was the trail's. After Garbled the trail must be begun again."""
    reader = _Reader(data)
    found: list[Packed] = []
    while reader.at < len(data):
        first, count, groups, newest = reader.fields(_PART)
        if len(found) >= len(TYPES):
            raise Garbled("sections")
        type_, how, style, coarse = first & 7, first >> 3 & 3, first >> 5 & 3, bool(first >> 7)
        if type_ >= len(TYPES) - 1 or not 0 < count <= MOST or not 0 < groups <= count or (coarse and type_ != RANGE16):
            raise Garbled("section")
        stamps = _stamps(reader, count, groups, newest)
        ids = _read_ids(reader, how, count, trail.sets.get(type_))
        if int(ids[0]) < 0 or int(ids[-1]) >= types.size or (types[ids] != type_).any():
            raise Garbled("ids")
        codes = _read_numbers(reader, type_, style, coarse, ids, trail)
        trail.took(type_, ids, ids, codes)
        found.append(Packed(Section(type_, PLAIN, ids, stamps, codes.astype(np.uint64)), coarse))
    return found


def _stamps(reader: _Reader, count: int, groups: int, newest: int) -> Array:
    if groups == 1:
        stamps: Array = np.full(count, newest, np.int64)
    else:
        before, which = reader.take(_I8, groups), reader.rice(count)
        if int(which.max()) >= groups or int(before.min()) < 0:
            raise Garbled("stamps")
        stamps = newest - before[which]
    if not 0 < newest < LATEST_STAMP or int(stamps.min()) <= 0:
        raise Garbled("stamps")
    return stamps


def _read_ids(reader: _Reader, how: int, count: int, before: Array | None) -> Array:
    if how == LIST:
        ids = reader.take(_U2, count).astype(np.intp)
    elif how == GAPS:
        ids = np.cumsum(reader.rice(count) + 1) - 1
    elif before is None:
        raise Garbled("set")
    elif how == SAME:
        ids = before
    else:
        raw = reader.take(np.dtype("u1"), (before.size + 7) // 8)
        ids = before[np.flatnonzero(np.unpackbits(raw, count=before.size, bitorder="little"))]
    if ids.size != count or (ids[1:] <= ids[:-1]).any():
        raise Garbled("ids")
    return ids


def _read_numbers(reader: _Reader, type_: int, style: int, coarse: bool, ids: Array, trail: Trail) -> Array:
    unit = COARSE if coarse else 1
    if style == RAW:
        codes = reader.take(TYPES[type_], ids.size).astype(np.int64)
    elif style == FLAT:
        pairs = reader.bits((ids.size + 1) // 2, 17)
        codes = np.column_stack((pairs // _ROUGHLY, pairs % _ROUGHLY)).ravel()[: ids.size]
    elif style == STEPS and trail.sure[ids].all():
        steps = reader.rice(ids.size)
        codes = trail.codes[ids] // unit + ((steps >> 1) ^ -(steps & 1))
    else:
        raise Garbled("numbers")
    codes = codes * unit
    if int(codes.min()) < 0 or int(codes.max()) > int(np.iinfo(TYPES[type_]).max):
        raise Garbled("number")
    if type_ == FLOAT32 and not np.isfinite(codes.astype(_U4).view("<f4")).all():
        raise Garbled("number")
    return codes
