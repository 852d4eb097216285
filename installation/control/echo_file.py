"""The other cities' gestures on the disk: what each did while it was open, kept for a week, in files of an hour.

A file is `JMLE`, a version (u16), the length of its head (u32), the head (MessagePack: city, scene, keys); then
records: length, CRC-32, the first and the last instant (`<IIdd`), and a body (zlib). A body is a MessagePack array of
four columns: times (f64), how many values changed at each (u16), which (u16), to what (f32). The first row of a record
is whole, so that each can be read alone. A last record cut short, by a power cut, ends the file there.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

MAGIC, VERSION = b"JMLE", 1
ROOM, AGE = 64 << 20, 8 * 86400.0
"""Bytes and seconds that are kept at most of all cities together. A week: a house may be closed for some days."""
FILE_SECONDS, FILE_BYTES = 3600.0, 4 << 20
LARGEST = 16 << 20
"""Bytes of one record; a longer one is none."""
ASIDES = 4
"""Spoilt files that are left for whoever wants to look."""
_HEAD, _RECORD = struct.Struct("<4sHI"), struct.Struct("<IIdd")
Array = np.ndarray[Any, Any]


class Spoilt(ValueError):
    """A file that is damaged, or of another version."""


class Head(msgspec.Struct, frozen=True):
    """Whose gestures a file has, in which scene, and its columns: (address, kind, width) in order."""

    site: str
    scene: str
    keys: tuple[tuple[str, str, int], ...]


class Span(NamedTuple):
    """One record: its file and place, its first and last instant (shared seconds)."""

    path: Path
    head: Head
    at: int
    size: int
    first: float
    last: float


class Rows(NamedTuple):
    """Gestures in order: `times` (n, shared seconds), `values` (n × columns), whole at each time."""

    times: Array
    values: Array


def packed(rows: Rows) -> bytes:
    """Rows as a record's bytes, head and all: what changed from row to row."""
    changed = np.ones(rows.values.shape, bool)
    changed[1:] = rows.values[1:] != rows.values[:-1]
    which = np.nonzero(changed)[1]
    columns = (
        rows.times.astype("<f8"),
        changed.sum(axis=1).astype("<u2"),
        which.astype("<u2"),
        rows.values[changed].astype("<f4"),
    )
    body = zlib.compress(msgspec.msgpack.encode([column.tobytes() for column in columns]), 4)
    return _RECORD.pack(len(body), zlib.crc32(body), float(rows.times[0]), float(rows.times[-1])) + body


def unpacked(body: bytes, width: int) -> Rows:
    """A record's body as rows. Raises Spoilt."""
    try:
        parts = msgspec.msgpack.decode(zlib.decompress(body), type=list[bytes])
        times, counts, which, numbers = (
            np.frombuffer(part, kind) for part, kind in zip(parts, ("<f8", "<u2", "<u2", "<f4"), strict=True)
        )
        if len(counts) != len(times) or counts.sum() != len(which) or len(which) != len(numbers):
            raise Spoilt
        if not len(times) or counts[0] != width or (which >= width).any():
            raise Spoilt
    except (zlib.error, msgspec.MsgspecError, ValueError) as fault:
        raise Spoilt(str(fault)) from fault
    values, ends = np.empty((len(times), width), np.float32), np.cumsum(counts.astype(np.intp))
    row = np.zeros(width, np.float32)
    for n, end in enumerate(ends.tolist()):
        start = end - int(counts[n])
        row[which[start:end]] = numbers[start:end]
        values[n] = row
    return Rows(times, values)


def begun(head: Head) -> bytes:
    """How a file begins."""
    body = msgspec.msgpack.encode(head)
    return _HEAD.pack(MAGIC, VERSION, len(body)) + body


def spans(path: Path) -> Iterator[Span]:
    """The records of a file, as far as it goes. Raises Spoilt, OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(_HEAD.size)
        if len(start) < _HEAD.size:
            return
        magic, version, length = _HEAD.unpack(start)
        if magic != MAGIC or version != VERSION or length > LARGEST:
            raise Spoilt
        try:
            head = msgspec.msgpack.decode(file.read(length), type=Head)
        except msgspec.MsgspecError as fault:
            raise Spoilt from fault
        at = _HEAD.size + length
        while at + _RECORD.size <= size:
            file.seek(at)
            length, _, first, last = _RECORD.unpack(file.read(_RECORD.size))
            if length > LARGEST or not first <= last:
                raise Spoilt
            if at + _RECORD.size + length > size:
                return
            yield Span(path, head, at, _RECORD.size + length, first, last)
            at += _RECORD.size + length


def rows_of(span: Span) -> Rows:
    """A record's rows. Raises Spoilt, OSError."""
    with span.path.open("rb") as file:
        file.seek(span.at)
        record = file.read(span.size)
    if len(record) != span.size:
        raise Spoilt
    _, crc, _, _ = _RECORD.unpack_from(record)
    body = record[_RECORD.size :]
    if zlib.crc32(body) != crc:
        raise Spoilt
    return unpacked(body, sum(width for _, _, width in span.head.keys))
