"""The state as bytes for the disk, and back; damaged bytes give None, never a failure.

Pure: who writes the file, where and when is the caller's affair.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
import numpy as np

from installation.twin import wire
from installation.twin.half import Half, Schema
from installation.twin.packing import Packing
from installation.twin.row import Row
from installation.twin.wire import Garbled

Array = np.ndarray[Any, Any]
Kept = tuple[wire.Key, tuple[Array, ...]]
_MARK = b"JUMELAGE\x01"
MOST, OLDEST = 4096, 90 * 86_400.0
"""Addresses of ended scenes that are kept, and for how many seconds of shared time."""


class _Row(msgspec.Struct, array_like=True):
    site: str
    epoch: int
    serial: int
    complete: int
    newest: int
    names: bytes
    body: bytes
    base: dict[str, float]
    trail: Packing | None = None
    came: dict[str, float] = {}


class _All(msgspec.Struct, array_like=True):
    site: str
    epoch: int
    names: bytes
    body: bytes
    carried: dict[str, float]
    rows: list[_Row]
    came: dict[str, float] = {}


class Found(msgspec.Struct):
    """What an earlier run left."""

    site: str
    epoch: int
    half: Half
    carried: dict[str, float]
    rows: list[Row]
    came: dict[str, float]


_encode = msgspec.msgpack.Encoder()
_decode = msgspec.msgpack.Decoder(_All)


def _names(schema: Schema) -> bytes:
    """The names of a schema, packed once: a save is made many times a minute."""
    if schema.packed is None:
        schema.packed = wire.names(list(schema.keys))
    return schema.packed


def _body(half: Half) -> bytes:
    ids, held = np.flatnonzero(half.stamps > 0), np.flatnonzero(half.hold_stamps > 0)
    wires = np.arange(half.schema.size)
    return b"".join(wire.section(part) for part in half.sections(ids, held, wires))


def _half(names: bytes, body: bytes) -> Half:
    half = Half(Schema(wire.read_names(names)))
    for part in wire.sections(memoryview(body), half.schema.types):
        half.apply(part)
    return half


def packed(site: str, epoch: int, half: Half, rows: list[Row], carried: dict[str, float]) -> bytes:
    """Everything, with a sum that shows a torn write."""
    others = [
        _Row(
            r.site, r.epoch, r.serial, r.complete, r.newest, _names(r.half.schema), _body(r.half), r.base,
            r.trail.packed(r.half.codes), r.lives,
        )
        for r in rows
        if r.site != site
    ]  # fmt: skip
    came = next((r.lives for r in rows if r.site == site), {})
    plain = _encode.encode(_All(site, epoch, _names(half.schema), _body(half), carried, others, came))
    return _MARK + zlib.crc32(plain).to_bytes(4, "little") + plain


def unpacked(data: bytes) -> Found | None:
    """What `packed` was given; None when the bytes are damaged or not ours."""
    plain = data[len(_MARK) + 4 :]
    if not data.startswith(_MARK) or zlib.crc32(plain).to_bytes(4, "little") != data[len(_MARK) : len(_MARK) + 4]:
        return None
    try:
        found = _decode.decode(plain)
        rows = [_row(row) for row in found.rows]
        return Found(found.site, found.epoch, _half(found.names, found.body), found.carried, rows, found.came)
    except (msgspec.DecodeError, Garbled, ValueError, IndexError):
        return None


def _row(row: _Row) -> Row:
    found = Row(row.site, _half(row.names, row.body), row.epoch, row.serial)
    found.complete, found.newest, found.base = row.complete, row.newest, row.base
    found.live(row.came)
    if row.trail is not None:
        found.trail.unpack(row.trail, found.half.codes)
    return found


class Attic:
    """The registers of scenes that have ended, by address: `MOST` of them at most, none older than `OLDEST`.

    What is let go is counted in `forgotten`, the first address of it in `first`.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Kept, float]] = {}
        self.forgotten, self.first = 0, ""

    def __len__(self) -> int:
        return len(self._kept)

    def store(self, half: Half, now: float) -> None:
        """Puts every written register of `half` away; `now` is shared time."""
        for place in half.schema.places.values():
            span = slice(place.offset, place.offset + place.width)
            registers = tuple(column[span].copy() for column in half.columns())
            self._kept.pop(place.key.address, None)
            if half.stamps[span].any() or half.hold_stamps[span].any():
                self._kept[place.key.address] = (place.key, registers), now
        self._sweep(now)

    def _sweep(self, now: float) -> None:
        """Those put away last are at the end."""
        while self._kept:
            address, (_, since) = next(iter(self._kept.items()))
            if len(self._kept) <= MOST and now - since <= OLDEST:
                return
            del self._kept[address]
            self.first = self.first or address
            self.forgotten += 1

    def recall(self, half: Half) -> None:
        """Takes back what was put away, where the key is still of one kind, rule and range."""
        for place in half.schema.places.values():
            kept, _ = self._kept.get(place.key.address, (None, 0.0))
            if kept and _alike(kept[0]) == _alike(place.key):
                span = slice(place.offset, place.offset + place.width)
                for column, numbers in zip(half.columns(), kept[1], strict=True):
                    column[span] = numbers
        half.fades, half.holds = bool((half.lengths > 0).any()), bool((half.hold_stamps > 0).any())


def _alike(key: wire.Key) -> tuple[str, str, tuple[float, ...], tuple[float, ...]]:
    return key.kind, key.rule, key.low, key.high
