"""This site's own half: what a person, a sensor or a cue may do to it, and how it survives a power cut.

Pure: no socket, thread, file or clock; `now` is always the shared time in seconds, handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from installation.twin import saving, wire
from installation.twin.half import Half, Place, Schema, smooths
from installation.twin.row import Row
from installation.twin.wire import Key

Array = np.ndarray[Any, Any]
Numbers = Sequence[float]
_WIDEST = 1e30


def stamp_at(seconds: float) -> int:
    """The first hybrid stamp of an instant: microseconds of shared time, ten bits of counter below."""
    return min(max(int(seconds * 1e6), 1) << 10, wire.LATEST_STAMP - 1)


def seconds_of(stamp: int) -> float:
    return (stamp >> 10) / 1e6


class Own:
    """The part of a mirror that writes: one half, no peer."""

    def __init__(self, site: str, keys: Iterable[Key], epoch: int, saved: bytes | None = None) -> None:
        self.site, self.epoch, self.serial, self.version = site, epoch, 0, 1
        self.counted: Counter[str] = Counter()
        self.unlike: dict[str, list[str]] = {}
        self._rows: dict[str, Row] = {}
        self._attic = saving.Attic()
        self._carried: dict[str, float] = {}
        self._columns: list[int] = []
        self._values: list[float] = []
        self._now = -1e9
        self._steady: float | None = None
        self._schema = Schema([])
        self._half = Half(self._schema)
        self._restore(saved)
        self.declare(keys)

    def declare(self, keys: Iterable[Key]) -> None:
        """The scene has these parameters now. Values are kept by address, also those of scenes gone by."""
        wanted = tuple(_bounded(key) for key in keys)
        if self.serial and wanted == self._schema.keys:
            return
        self._flush()
        self._attic.store(self._half, max(self._now, 0.0))
        self._schema = Schema(wanted)
        self._half = Half(self._schema)
        self._attic.recall(self._half)
        self._begin_schema()
        self._let_counts_go()

    def _let_counts_go(self) -> None:
        """Of events that no scene here has any more, only the latest counts are kept."""
        gone = [address for address in self._carried if address not in self._schema.places]
        for address in gone[: max(0, len(gone) - saving.MOST)]:
            del self._carried[address]

    @property
    def forgotten(self) -> tuple[int, str]:
        """How many addresses of ended scenes were let go, and the first of them."""
        return self._attic.forgotten, self._attic.first

    def only(self, sites: Collection[str]) -> list[str]:
        """These are the sites there are; what an earlier run knew of others is let go. Gives their names."""
        gone = [site for site in self._rows if site != self.site and site not in sites]
        for site in gone:
            del self._rows[site]
        self._lay()
        return gone

    def _begin_schema(self) -> None:
        schema = self._schema
        self.serial = self.serial + 1 & 0xFFFF or 1
        written = (self._half.stamps > 0) | (self._half.hold_stamps > 0)
        self._changed = np.where(written, self.version, 0).astype(np.uint32)
        self._held_at = np.where(self._half.hold_stamps > 0, self._changed, 0).astype(np.uint32)
        self._untaken: list[Array] = []
        shared = [p for p in schema.places.values() if p.key.rule]
        self._shared = _columns(shared)
        self._wires = np.zeros(schema.size, np.uint16)
        self._wires[self._shared] = np.arange(self._shared.size)
        self._lasting = self._shared[schema.lifetimes[self._shared] == 0]
        self._weights = np.array([_importance(p.key) for p in schema.places.values() for _ in _span(p)])
        self._key_of = np.array([n for n, p in enumerate(schema.places.values()) for _ in _span(p)], np.intp)
        self._wide = schema.size > len(schema.places)
        self._names = wire.names([place.key for place in shared])
        self._steps = {p.key.address: (p, _step(p), p.key.low[0], p.key.high[0]) for p in schema.places.values()}
        self._by_rule = {
            rule: _columns(p for p in shared if p.key.rule == rule and p.key.kind != "event")
            for rule in ("latest", "highest", "sum", "mean")
        }
        self._crosses = np.zeros(schema.size, bool)
        self._crosses[self._shared] = True
        self._always = np.zeros(schema.size, bool)
        self._always[self._by_rule["latest"]] = True
        self._always[schema.brief] = True
        self._fresh: dict[int, float] = {}
        self._events = [p for p in shared if p.key.kind == "event" and p.key.rule != "each"]
        own = {p.key.address for p in schema.places.values() if p.key.rule in ("", "each")}
        self._private = {column for address in own for column in _span(schema.places[address])}
        self._event_columns = set(_columns(p for p in schema.places.values() if p.key.kind == "event").tolist())
        codes = schema.numbers(np.arange(schema.size), self._half.codes)
        self._targets: list[float] = np.where(self._half.stamps > 0, codes, np.nan).tolist()
        came = self._rows[self.site].lives if self.site in self._rows else {}
        self._rows[self.site] = Row(self.site, self._half)
        self._rows[self.site].live(came)
        self._lay()

    def _lay(self) -> None:
        for row in self._rows.values():
            row.lay(self._schema)
        self._rows = dict(sorted(self._rows.items()))
        self._own = self._rows[self.site]
        self.unlike = {site: row.unlike for site, row in self._rows.items() if row.unlike}
        self._find_holds()

    def _find_holds(self) -> None:
        """The hold that lives on each column: the earliest of all sites, or only this site's on its own keys."""
        self._holds: dict[int, tuple[int, str, float]] = {}
        for row in self._rows.values():
            for column, held in row.holds.items():
                private = column in self._private and row is not self._own
                if not private and column not in self._event_columns:
                    self._holds[column] = min(self._holds.get(column, held), held)

    def touch(self, address: str, numbers: Numbers, now: float, firm: bool = False) -> bool:
        """A person or a sensor sets a target; ends a fade. Below the key's step it is no touch, unless `firm`.

        False when nothing came of it: no such key, no number, or too small a change against this site's last touch
        (whatever has become of the value since: a sensor at rest does not touch again). A first touch is always one.
        """
        found = self._steps.get(address)
        if found is None or len(numbers) != found[0].width:
            self.counted["refused"] += 1
            return False
        if now != self._now:
            self._flush()
            self._now = now
        place, step, low, high = found
        if place.width > 1:
            return self._touch_wide(place, step, numbers, firm or self._faded(place, now))
        number, column = numbers[0], place.offset
        if not low <= number <= high:
            if number != number:
                self.counted["refused"] += 1
                return False
            number = low if number < low else high
        change = number - self._targets[column]
        if -step < change < step and not firm and not self._faded(place, now):
            return False
        self._targets[column] = number
        self._columns.append(column)
        self._values.append(number)
        return True

    def _faded(self, place: Place, now: float) -> bool:
        """Whether a value with a time to live must be said again though it is the same: at each third of its time."""
        ttl = place.key.ttl
        if not ttl or 0 <= now - self._fresh.get(place.offset, -1e9) < ttl / 3:
            return False
        self._fresh[place.offset] = now
        return True

    def _touch_wide(self, place: Place, step: float, numbers: Numbers, firm: bool) -> bool:
        if any(number != number for number in numbers):
            self.counted["refused"] += 1
            return False
        clamped = [min(max(n, lo), hi) for n, lo, hi in zip(numbers, place.key.low, place.key.high, strict=True)]
        span = slice(place.offset, place.offset + place.width)
        if not firm and all(abs(n - was) < step for n, was in zip(clamped, self._targets[span], strict=True)):
            return False
        self._targets[span] = clamped
        self._columns.extend(_span(place))
        self._values.extend(clamped)
        return True

    @property
    def held(self) -> Collection[int]:
        """The columns on which a hold lives."""
        return self._holds.keys()

    @property
    def schema(self) -> Schema:
        """The columns that `read` and `half` give, with the place of each key."""
        return self._schema

    def target(self, address: str) -> tuple[float, ...]:
        """What this site last set the key to, its default before. Raises KeyError for a key that is not there."""
        place = self._schema.places[address]
        found = self._targets[place.offset : place.offset + place.width]
        return tuple(default if n != n else n for n, default in zip(found, place.key.default, strict=True))

    def write(self, touches: Iterable[tuple[str, Numbers]], now: float) -> None:
        """Touches, in their order."""
        for address, numbers in touches:
            self.touch(address, numbers, now)

    def set_local(self, address: str, numbers: Numbers, now: float | None = None) -> bool:
        """What this site measures of itself (rule "each" or ""): no step test; sent when its code differs."""
        return self.touch(address, numbers, self._now if now is None else now, firm=True)

    def hold(self, address: str, numbers: Numbers, now: float) -> bool:
        """Holds the key at `numbers` at every site until released; held again, it keeps its age."""
        place = self._schema.places.get(address)
        if place is None or len(numbers) != place.width or not np.isfinite(numbers).all():
            self.counted["refused"] += 1
            return False
        self._hold(place, np.array(numbers, np.float64), now)
        return True

    def release(self, address: str, now: float) -> bool:
        """Ends this site's hold on the key."""
        place = self._schema.places.get(address)
        if place is None or not self._half.since[place.offset]:
            return False
        self._hold(place, None, now)
        return True

    def _hold(self, place: Place, numbers: Array | None, now: float) -> None:
        half, ids = self._half, np.arange(place.offset, place.offset + place.width)
        seen = max(int(row.half.hold_stamps.max(initial=0)) for row in self._rows.values())
        mark = min(max(stamp_at(now), int(half.hold_stamps[ids[0]]) + 1), wire.LATEST_STAMP - 1)
        mark = max(mark, min(seen + 1, stamp_at(now + 60.0)))
        half.hold_stamps[ids] = mark
        half.since[ids] = 0 if numbers is None else int(half.since[ids[0]]) or mark
        half.hold_codes[ids] = 0 if numbers is None else self._schema.quantised(ids, numbers)
        self._mark(ids)
        self._held_at[ids] = self.version
        half.holds = True
        self._own.find_holds()
        self._find_holds()

    def rise(self, address: str, times: int = 1, now: float | None = None) -> bool:
        """An event has happened `times` times here."""
        place = self._schema.places.get(address)
        if place is None or place.key.kind != "event" or times < 1:
            self.counted["refused"] += 1
            return False
        self._flush()
        column, half = place.offset, self._half
        half.codes[column] = int(half.codes[column]) + times & 0xFFFFFFFF
        half.stamps[column] = max(stamp_at(self._now if now is None else now), int(half.stamps[column]) + 1)
        self._mark(np.array([column]))
        return True

    def _mark(self, ids: Array) -> None:
        self.version += 1
        self._changed[ids] = self.version
        self._untaken.append(ids)
        self._own.heard(ids)
        self._own.highest = max(self._own.highest, int(self._half.stamps[ids].max(initial=0)))

    def _settle(self) -> None:
        """Lays what was written over this site's own columns; after the sending, which does not need them."""
        for ids in self._untaken:
            self._own.take(ids)
        self._untaken = []

    def _flush(self) -> None:
        """Puts the touches since the last flush into the half, all with one stamp, or one above what they answer."""
        if not self._columns:
            return
        ids, values = np.array(self._columns, np.intp), np.array(self._values)
        self._columns, self._values = [], []
        half = self._half
        codes = self._schema.quantised(ids, values)
        changed = (codes != half.codes[ids]) | self._always[ids]
        if half.fades:
            changed |= half.lengths[ids] > 0
        if not changed.all():
            ids, codes = ids[changed], codes[changed]
        if not ids.size:
            return
        stamp = stamp_at(self._now)
        seen = max(self._rows.values(), key=lambda row: row.highest).highest
        stamps: Array | int = stamp
        if seen >= stamp:
            self._settle()
            stamps = np.full(ids.size, stamp, np.int64)
            for row in self._rows.values():
                np.maximum(stamps, row.stamps[ids] + 1, out=stamps)
            stamps = np.minimum(stamps, wire.LATEST_STAMP - 1)
        half.codes[ids], half.stamps[ids] = codes, stamps
        ended = self._own.fading.size and bool((half.lengths[ids] > 0).any())
        if half.fades:
            half.lengths[ids], half.starts[ids], half.froms[ids] = 0.0, 0.0, 0
        self._mark(ids)
        if ended:
            self._own.find_fades()

    def last_touch(self, address: str) -> float:
        """When this site last touched the key, in shared seconds; 0 for never."""
        self._flush()
        place = self._schema.places.get(address)
        return seconds_of(int(self._half.stamps[place.offset])) if place else 0.0

    def saved(self) -> bytes:
        """All that a restart needs: every half, fades and holds and counts with it."""
        self._flush()
        return saving.packed(self.site, self.epoch, self._half, list(self._rows.values()), self._carried)

    def _restore(self, saved: bytes | None) -> None:
        if saved is None:
            return
        found = saving.unpacked(saved)
        if found is None or found.site != self.site:
            self.counted["damaged"] += 1
            return
        self.epoch = max(self.epoch, found.epoch + 1)
        self._half, self._carried = found.half, found.carried
        self._schema = self._half.schema
        for row in found.rows:
            self._rows[row.site] = row
        self._steps, self._rows[self.site] = {}, Row(self.site, self._half)
        self._rows[self.site].live(found.came)


def _bounded(key: Key) -> Key:
    """The key with a range that can be carried: an artist's header may say 1e38, or high below low."""
    pairs = [sorted(min(max(n, -_WIDEST), _WIDEST) for n in pair) for pair in zip(key.low, key.high, strict=True)]
    low, high = tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)
    default = tuple(min(max(n, -_WIDEST), _WIDEST) for n in key.default)
    return key._replace(low=low, high=high, default=default)


def _importance(key: Key) -> float:
    """How soon a change must be told: what happens once before what flows, what is everyone's before one's own."""
    if key.importance >= 0:
        return min(key.importance, 1.0)
    if not smooths(key.kind):
        return 1.0
    return {"latest": 0.5, "each": 0.1}.get(key.rule, 0.3)


def _span(place: Place) -> range:
    return range(place.offset, place.offset + place.width)


def _columns(places: Iterable[Place]) -> Array:
    return np.array([column for place in places for column in _span(place)], np.intp)


def _step(place: Place) -> float:
    """What a change must reach to be a touch; kinds that do not fade count every change."""
    key = place.key
    if key.kind in ("bool", "long", "event"):
        return 1e-9
    return max(key.step * max(high - low for low, high in zip(key.low, key.high, strict=True)), 1e-12)
