"""One site's half of the state: a register per column, written by that site alone, and how registers are compared.

A register is a plain number or a fade, with its stamp; beside it stands the hold, with stamps of its own. Pure: no
socket, thread, file or clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from installation.score.parameter import KINDS, RULES
from installation.twin import wire
from installation.twin.wire import BYTE, COUNT, EXACT, FADE, FLOAT32, HOLD, PLAIN, RANGE16, Garbled, Key, Section

Array = np.ndarray[Any, Any]
_NAME = 512
STEPS = 65000
"""Steps of a range in 16 bits: not 65535, so that a half, a tenth or 0.125 is itself again after the crossing."""
_FINE = 1024.0
"""A range wider than this is carried as a float: a 65000th of it would be seen."""


ARRAY, WIDEST = "array", 64
"""A key of several floats that are touched, faded, held and merged as one, column by column; and how many at most."""


def smooths(kind: str) -> bool:
    """Whether a kind's numbers flow, so that they may fade and be told roughly."""
    return kind == ARRAY or KINDS[kind].smooths


class Place(NamedTuple):
    """Where a key's columns are: `width` of them from `offset` on."""

    offset: int
    width: int
    key: Key


def carried_as(key: Key, low: float, high: float) -> int:
    """The number type of one column: the smallest that a person cannot tell from the number itself."""
    if key.kind == "event":
        return COUNT
    if key.rule == "":
        return EXACT
    if key.kind in ("bool", "long"):
        small = math.isfinite(low) and low == int(low) and 0 <= high - low <= 255
        return BYTE if small else FLOAT32
    return RANGE16 if 0 < high - low <= _FINE else FLOAT32


def _sound(key: Key) -> bool:
    """Whether a key can be stored; asked of every key that another site names."""
    numbers = (*key.low, *key.high, *key.default)
    return (
        (key.kind in KINDS or key.kind == ARRAY)
        and (key.rule == "" or key.rule in RULES)
        and (2 <= key.width <= WIDEST if key.kind == ARRAY else key.width == KINDS[key.kind].width)
        and len(key.low) == len(key.high) == len(key.default) == key.width
        and len(key.address) <= _NAME
        and all(abs(number) <= 1e30 for number in numbers)
        and 0 <= key.ttl <= 86_400.0
        and all(low <= high for low, high in zip(key.low, key.high, strict=True))
    )


class Schema:
    """The columns of a half, in the order of its keys; number types and quantisers with them."""

    def __init__(self, keys: list[Key] | tuple[Key, ...]) -> None:
        self.keys = tuple(keys)
        self.places: dict[str, Place] = {}
        self.size = 0
        for key in self.keys:
            if not _sound(key) or key.address in self.places:
                raise Garbled(f"key {key.address[:80]}")
            self.places[key.address] = Place(self.size, key.width, key)
            self.size += key.width
        if self.size > wire.COLUMNS:
            raise Garbled("columns")
        self._measure()

    def _measure(self) -> None:
        rows = [(key, low, high) for key in self.keys for low, high in zip(key.low, key.high, strict=True)]
        self.low = np.array([low for _, low, _ in rows], np.float64)
        self.high = np.array([high for _, _, high in rows], np.float64)
        self.types = np.array([carried_as(*row) for row in rows], np.uint8)
        self.lifetimes = np.array([key.ttl if key.kind != "event" else 0.0 for key, _, _ in rows], np.float64)
        self.brief = np.flatnonzero(self.lifetimes > 0)
        self.lasting = np.flatnonzero(self.lifetimes == 0)
        self.smooths = np.array([smooths(key.kind) for key, _, _ in rows], bool)
        self.scale = np.ones(self.size)
        ranged = self.types == RANGE16
        self.scale[ranged] = (self.high[ranged] - self.low[ranged]) / STEPS
        self.base = np.where(self.types == COUNT, 0.0, self.low)
        self.packed: bytes | None = None
        self.present = [int(type_) for type_ in np.unique(self.types)]
        self.only = self.present[0] if len(self.present) == 1 else -1
        defaults = [n for key in self.keys for n in (key.default if key.kind != "event" else (0.0,) * key.width)]
        self.defaults = self.quantised(np.arange(self.size), np.array(defaults, np.float64))
        self.default_numbers = self.numbers(np.arange(self.size), self.defaults)
        self.events = tuple(place for place in self.places.values() if place.key.kind == "event")

    def quantised(self, ids: Array, values: Array) -> Array:
        """u64 codes of `values` (float64, finite), clamped to their ranges, for the columns `ids`."""
        if self.only == RANGE16:
            steps = np.rint((values - self.base[ids]) / self.scale[ids])
            return np.minimum(np.maximum(steps, 0.0), STEPS).astype(np.uint64)
        types = self.types[ids]
        if (types == EXACT).all():
            return values.astype(np.float64).view(np.uint64)
        steps = np.rint((np.clip(values, self.base[ids], self.high[ids]) - self.base[ids]) / self.scale[ids])
        if (types == RANGE16).all():
            return steps.astype(np.uint64)
        codes = np.clip(np.where(types == COUNT, values, steps), 0, 0xFFFFFFFF).astype(np.uint64)
        single, exact = types == FLOAT32, types == EXACT
        if single.any():
            clipped = np.clip(values[single], self.low[ids[single]], self.high[ids[single]])
            codes[single] = clipped.astype(np.float32).view(np.uint32)
        if exact.any():
            codes[exact] = values[exact].view(np.uint64)
        return codes

    def numbers(self, ids: Array, codes: Array) -> Array:
        """float64 of u64 `codes`; the same operations at every site, so the same bytes."""
        if self.only == RANGE16:
            fast: Array = np.minimum(self.base[ids] + codes * self.scale[ids], self.high[ids])
            return fast
        types = self.types[ids]
        if (types == EXACT).all():
            return codes.astype(np.uint64).view(np.float64)
        found: Array = self.base[ids] + codes * self.scale[ids]
        found = np.where(types == COUNT, found, np.minimum(found, self.high[ids]))
        single, exact = types == FLOAT32, types == EXACT
        if single.any():
            plain = codes[single].astype(np.uint32).view(np.float32).astype(np.float64)
            found[single] = np.clip(plain, self.low[ids[single]], self.high[ids[single]])
        if exact.any():
            found[exact] = codes[exact].astype(np.uint64).view(np.float64)
        return found


class Half:
    """The registers of one site under one schema. Columns of arrays, all of the schema's size.

    `length` above 0 means that the register is a fade; `since` above 0 that a hold lives, since that stamp. While
    `fades` is False no register is a fade, while `holds` is False none was ever held: so most ticks need not look.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.clear()

    def clear(self) -> None:
        """Everything at its default, never touched."""
        size = self.schema.size
        self.codes = self.schema.defaults.copy()
        self.stamps = np.zeros(size, np.int64)
        self.froms = np.zeros(size, np.uint64)
        self.starts = np.zeros(size, np.float64)
        self.lengths = np.zeros(size, np.float32)
        self.hold_stamps = np.zeros(size, np.int64)
        self.since = np.zeros(size, np.int64)
        self.hold_codes = np.zeros(size, np.uint64)
        self.fades = self.holds = False

    def columns(self) -> tuple[Array, ...]:
        """All registers, in the order in which the digest reads them."""
        return (
            self.codes, self.stamps, self.froms, self.starts, self.lengths,
            self.hold_stamps, self.since, self.hold_codes,
        )  # fmt: skip

    def digest(self, ids: Array | slice = slice(None)) -> bytes:
        return wire.digest(*(column[ids] for column in self.columns()))

    def apply(self, part: Section, coarse: bool = False) -> Array:
        """Takes what is newer than what is here; gives the columns that changed. Twice is as once.

        Of one stamp, exact numbers replace coarse ones.
        """
        seen = self.hold_stamps if part.form == HOLD else self.stamps
        newer = part.stamps > seen[part.ids] if coarse or part.form == HOLD else part.stamps >= seen[part.ids]
        if not newer.all():
            part = Section(part.type, part.form, *(None if a is None else a[newer] for a in part[2:]))  # type: ignore[arg-type]
        ids = part.ids
        seen[ids] = part.stamps
        if part.form == HOLD:
            assert part.since is not None
            self.since[ids], self.hold_codes[ids], self.holds = part.since, part.numbers, True
            return ids
        self.codes[ids] = part.numbers
        if part.form == FADE:
            assert part.froms is not None and part.starts is not None and part.lengths is not None
            self.froms[ids], self.starts[ids], self.lengths[ids] = part.froms, part.starts, part.lengths
            self.fades = True
        elif self.fades:
            self.froms[ids], self.starts[ids], self.lengths[ids] = 0, 0.0, 0.0
        return ids

    def sections(self, ids: Array, holds: Array, wires: Array) -> Iterator[Section]:
        """The registers `ids` and the holds `holds` (own columns) as sections, numbered for the reader by `wires`."""
        moving = self.lengths[ids] > 0 if self.fades else None
        forms = [(PLAIN, ids)] if moving is None else [(PLAIN, ids[~moving]), (FADE, ids[moving])]
        for form, chosen in [*forms, (HOLD, holds)]:
            if chosen.size:
                yield from self._of_one_form(form, chosen, wires)

    def _of_one_form(self, form: int, chosen: Array, wires: Array) -> Iterator[Section]:
        types = self.schema.types[chosen]
        for type_ in self.schema.present:
            ids = chosen if self.schema.only == type_ else chosen[types == type_]
            if not ids.size:
                continue
            if form == HOLD:
                held = self.hold_stamps[ids], self.hold_codes[ids]
                yield Section(type_, form, wires[ids], *held, since=self.since[ids])
            elif form == FADE:
                fade = self.froms[ids], self.starts[ids], self.lengths[ids]
                yield Section(type_, form, wires[ids], self.stamps[ids], self.codes[ids], *fade)
            else:
                yield Section(type_, form, wires[ids], self.stamps[ids], self.codes[ids])
