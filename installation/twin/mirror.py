"""The mirrored state: this site's half, what is known of the others', and the values that follow from all of them.

Pure: no socket, thread, file or clock; `now` is always the shared time in seconds, handed in. Two mirrors that have
had the same halves compute the same bytes. Merging never raises: what is wrong in a frame is counted in `counted`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from installation.twin import saving, wire
from installation.twin.half import Half, Place, Schema
from installation.twin.row import Row
from installation.twin.wire import FADE, HOLD, PLAIN, Arrived, Garbled, Head, Key

__all__ = ["Arrived", "Key", "Mirror", "Reading"]

Array = np.ndarray[Any, Any]
Numbers = Sequence[float]
RATE = 60.0
DIGEST_EVERY, HAVE_EVERY, NAMES_EVERY = 5.0, 0.25, 1.0
_STEP = 1e-6
"""A kind that does not fade jumps at the fade's start: a fade of a microsecond."""
_NOWHERE = np.zeros(0, np.intp)


class Reading(NamedTuple):
    """The merged values at one instant: float64 columns in key order, and their slopes in units per second."""

    columns: Array
    slopes: Array


def stamp_at(seconds: float) -> int:
    """The first hybrid stamp of an instant: microseconds of shared time, ten bits of counter below."""
    return min(max(int(seconds * 1e6), 0) << 10, wire.LATEST_STAMP - 1)


def seconds_of(stamp: int) -> float:
    return (stamp >> 10) / 1e6


class _Peer:
    """What this site knows of how far another one has come with this site's half."""

    def __init__(self) -> None:
        self.sent = self.acked = 0
        self.named = self.snapshot = self.have = self.want = self.up = False
        self.named_at = self.have_at = self.digest_at = -1e9
        self.strikes = 0


class Mirror:
    """One site's view of the state of all sites.

    `keys` are the parameters of the running scene, `epoch` any number above those of earlier runs, `saved` what
    `saved()` gave in an earlier run, whole or damaged.
    """

    def __init__(self, site: str, keys: Iterable[Key], epoch: int, saved: bytes | None = None) -> None:
        self.site, self.epoch, self.serial, self.version = site, epoch, 0, 1
        self.counted: Counter[str] = Counter()
        self.unlike: dict[str, list[str]] = {}
        self._rows: dict[str, Row] = {}
        self._schemas: dict[tuple[str, int, int], Schema] = {}
        self._peers: dict[str, _Peer] = {}
        self._attic: dict[str, saving.Kept] = {}
        self._carried: dict[str, float] = {}
        self._columns: list[int] = []
        self._values: list[float] = []
        self._now = self._asked_at = -1e9
        self._credit = 1.0
        self._schema = Schema([])
        self._half = Half(self._schema)
        self._restore(saved)
        self.declare(keys)

    # What this site does to its own half.

    def declare(self, keys: Iterable[Key]) -> None:
        """The scene has these parameters now. Values are kept by address, also those of scenes gone by."""
        wanted = tuple(keys)
        if self.serial and wanted == self._schema.keys:
            return
        self._flush()
        saving.store(self._half, self._attic)
        self._schema = Schema(wanted)
        self._half = Half(self._schema)
        saving.recall(self._half, self._attic)
        self._begin_schema()

    def _begin_schema(self) -> None:
        schema = self._schema
        self.serial = self.serial + 1 & 0xFFFF or 1
        self._changed = np.full(schema.size, self.version, np.uint32)
        shared = [p for p in schema.places.values() if p.key.rule]
        self._shared = _columns(shared)
        self._wires = np.zeros(schema.size, np.uint16)
        self._wires[self._shared] = np.arange(self._shared.size)
        self._names = wire.names([place.key for place in shared])
        self._steps = {p.key.address: (p, _step(p), p.key.low[0], p.key.high[0]) for p in schema.places.values()}
        self._by_rule = {
            rule: _columns(p for p in shared if p.key.rule == rule and p.key.kind != "event")
            for rule in ("latest", "highest", "sum", "mean")
        }
        self._always = np.zeros(schema.size, bool)
        self._always[self._by_rule["latest"]] = True
        self._events = [p for p in shared if p.key.kind == "event" and p.key.rule != "each"]
        own = {p.key.address for p in schema.places.values() if p.key.rule in ("", "each")}
        self._private = {column for address in own for column in _span(schema.places[address])}
        self._event_columns = set(_columns(p for p in schema.places.values() if p.key.kind == "event").tolist())
        for peer in self._peers.values():
            peer.named = False
        codes = schema.numbers(np.arange(schema.size), self._half.codes)
        self._targets: list[float] = np.where(self._half.stamps > 0, codes, np.nan).tolist()
        self._rows[self.site] = Row(self.site, self._half)
        self._lay()

    def _lay(self) -> None:
        for row in self._rows.values():
            row.lay(self._schema)
        self._rows = dict(sorted(self._rows.items()))
        self._own = self._rows[self.site]
        self.unlike = {site: row.unlike for site, row in self._rows.items() if row.unlike}
        self._find_holds()

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
            return self._touch_wide(place, step, numbers, firm)
        number, column = numbers[0], place.offset
        if not low <= number <= high:
            if number != number:
                self.counted["refused"] += 1
                return False
            number = low if number < low else high
        change = number - self._targets[column]
        if -step < change < step and not firm:
            return False
        self._targets[column] = number
        self._columns.append(column)
        self._values.append(number)
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

    def write(self, touches: Iterable[tuple[str, Numbers]], now: float) -> None:
        """Touches, in their order."""
        for address, numbers in touches:
            self.touch(address, numbers, now)

    def set_local(self, address: str, numbers: Numbers, now: float | None = None) -> bool:
        """What this site measures of itself (rule "each" or ""): no step test; sent when its code differs."""
        return self.touch(address, numbers, self._now if now is None else now, firm=True)

    def fade(
        self, address: str, start_value: Numbers | None, to: Numbers, start: float, length: float,
        stamp: float | None = None,
    ) -> bool:  # fmt: skip
        """One entry that every site computes alike. `stamp` (shared seconds) is its cue's; given twice is as once.

        From the merged value at `start` when `start_value` is None. False when a later touch is already here.
        """
        place = self._schema.places.get(address)
        if place is None or len(to) != place.width or not (np.isfinite(to).all() and np.isfinite(start + length)):
            self.counted["refused"] += 1
            return False
        self._flush()
        ids = np.arange(place.offset, place.offset + place.width)
        mark = stamp_at(start if stamp is None else stamp)
        if mark <= int(self._half.stamps[ids[0]]):
            return False
        first = self.read(start).columns[ids] if start_value is None else np.array(start_value, np.float64)
        half, schema = self._half, self._schema
        half.froms[ids], half.starts[ids] = schema.quantised(ids, first), start
        half.lengths[ids] = max(length, _STEP) if schema.smooths[ids[0]] else _STEP
        half.codes[ids], half.stamps[ids] = schema.quantised(ids, np.array(to, np.float64)), mark
        self._mark(ids)
        self._own.find_fades()
        return True

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
        self._own.take(ids)

    def _flush(self) -> None:
        """Puts the touches since the last flush into the half, all with one stamp, or one above what they answer."""
        if not self._columns:
            return
        ids, values = np.array(self._columns, np.intp), np.array(self._values)
        self._columns, self._values = [], []
        half = self._half
        codes = self._schema.quantised(ids, values)
        changed = (codes != half.codes[ids]) | self._always[ids] | (half.lengths[ids] > 0)
        if not changed.all():
            ids, codes = ids[changed], codes[changed]
        if not ids.size:
            return
        stamps = np.full(ids.size, stamp_at(self._now), np.int64)
        for row in self._rows.values():
            np.maximum(stamps, row.stamps[ids] + 1, out=stamps)
        half.codes[ids], half.stamps[ids] = codes, np.minimum(stamps, wire.LATEST_STAMP - 1)
        ended = self._own.fading.size and bool((half.lengths[ids] > 0).any())
        half.lengths[ids], half.starts[ids], half.froms[ids] = 0.0, 0.0, 0
        self._mark(ids)
        if ended:
            self._own.find_fades()

    # What goes to the others and comes from them.

    def delta(self, now: float, without: Iterable[str] = ()) -> dict[str, list[bytes]]:
        """Frames for each peer that is up; to those in `without` nothing, until later.

        60 times a second at most in the mean, two in a row: so the grid of a tick of 100 Hz delays nothing.
        """
        self._flush()
        credit = self._credit = min(2.0, self._credit + abs(now - self._asked_at) * RATE)
        self._asked_at, state = now, credit >= 1.0
        found: dict[str, list[bytes]] = {}
        made: dict[int, bytes] = {}
        for site, peer in self._peers.items():
            if peer.up and site not in without:
                frames = self._have(site, peer, now)
                if state:
                    news = self._state(peer, now, made) + self._digests(peer, now)
                    self._credit = min(self._credit, credit - 1.0) if news else self._credit
                    frames += news
                if frames:
                    found[site] = frames
        return found

    def _have(self, site: str, peer: _Peer, now: float) -> list[bytes]:
        if not (peer.have or peer.want) or 0 <= now - peer.have_at < HAVE_EVERY:
            return []
        row = self._rows.get(site)
        epoch, version, serial = (row.epoch, row.complete, row.serial) if row else (0, 0, 0)
        head = wire.head(wire.HAVE, self.serial, self.epoch, self.version)
        frame = head + wire.known(epoch, version, serial, peer.want)
        peer.have, peer.want, peer.have_at = False, False, now
        return [frame]

    def _state(self, peer: _Peer, now: float, made: dict[int, bytes]) -> list[bytes]:
        if not peer.named and not 0 <= now - peer.named_at < NAMES_EVERY:
            peer.named, peer.snapshot, peer.named_at = True, False, now
            peer.sent, peer.digest_at = self.version, now
            return [wire.head(wire.NAMES, self.serial, self.epoch, self.version) + self._names, self._snapshot()]
        if peer.snapshot:
            peer.snapshot, peer.sent, peer.digest_at = False, self.version, now
            return [self._snapshot()]
        if peer.sent >= self.version or not peer.named:
            return []
        base, peer.sent = peer.sent, self.version
        if base not in made:
            made[base] = self._changes(base)
        return [made[base]]

    def _changes(self, base: int) -> bytes:
        shared = self._shared
        ids = shared[self._changed[shared] > base]
        held, ids = ids[self._half.hold_stamps[ids] > 0], ids[self._half.stamps[ids] > 0]
        head = wire.head(wire.DELTA, self.serial, self.epoch, self.version)
        parts = (wire.section(part) for part in self._half.sections(ids, held, self._wires))
        return head + base.to_bytes(4, "little") + b"".join(parts)

    def _snapshot(self) -> bytes:
        half, shared = self._half, self._shared
        ids, held = shared[half.stamps[shared] > 0], shared[half.hold_stamps[shared] > 0]
        head = wire.head(wire.SNAPSHOT, self.serial, self.epoch, self.version)
        return head + b"".join(wire.section(part) for part in half.sections(ids, held, self._wires))

    def _digests(self, peer: _Peer, now: float) -> list[bytes]:
        if 0 <= now - peer.digest_at < DIGEST_EVERY or peer.sent != self.version or not peer.named:
            return []
        peer.digest_at = now
        return [wire.head(wire.DIGEST, self.serial, self.epoch, self.version) + self._half.digest(self._shared)]

    def merge(self, arrived: Iterable[Arrived]) -> None:
        """Takes in what the link has received. Frames of the journal and of the link are left to those."""
        for frame in arrived:
            if frame.site == self.site:
                self.counted["own"] += 1
                continue
            peer = self._peers.setdefault(frame.site, _Peer())
            if not frame.body:
                self._up(peer)
                continue
            try:
                self._take(frame.site, peer, frame.body)
            except Garbled:
                self.counted["garbled"] += 1

    def down(self, site: str) -> None:
        """The line to `site` is cut: nothing is made for it until it comes up again."""
        self._peers.setdefault(site, _Peer()).up = False

    def _up(self, peer: _Peer) -> None:
        peer.up = peer.have = True
        peer.have_at = peer.named_at = -1e9
        peer.sent, peer.strikes = peer.acked, 0
        if not peer.acked:
            peer.named = False

    def _take(self, site: str, peer: _Peer, frame: bytes) -> None:
        kind = frame[0]
        if kind not in wire.OF_THE_MIRROR:
            if kind not in wire.OF_THE_JOURNAL:
                self.counted["unknown"] += 1
            return
        head, body = wire.headed(frame), wire.body(frame)
        peer.up = True
        if kind == wire.HAVE:
            self._take_have(peer, body)
        elif kind == wire.NAMES:
            self._take_names(site, head, body)
        else:
            self._take_state(site, peer, head, body)

    def _take_have(self, peer: _Peer, body: memoryview) -> None:
        epoch, version, serial, want = wire.read_known(body)
        if epoch == self.epoch and serial == self.serial and version <= self.version:
            peer.acked = max(peer.acked, version)
            peer.named, peer.snapshot = True, peer.snapshot or want
            return
        peer.named, peer.acked = False, 0
        if self.epoch < epoch < 1 << 62:
            self.epoch = epoch + 1
            self.counted["epochs"] += 1

    def _take_names(self, site: str, head: Head, body: memoryview) -> None:
        row = self._rows.get(site)
        if row and not _after(head, row) and (head.epoch, head.schema) != (row.epoch, row.serial):
            self.counted["old"] += 1
            return
        if (site, head.epoch, head.schema) in self._schemas:
            return
        keys = wire.read_names(body)
        if not all(key.rule for key in keys):
            raise Garbled("rule")
        keep = {(site, row.epoch, row.serial)} if row else set()
        self._schemas = {k: v for k, v in self._schemas.items() if k[0] != site or k in keep}
        self._schemas[site, head.epoch, head.schema] = Schema(keys)

    def _take_state(self, site: str, peer: _Peer, head: Head, body: memoryview) -> None:
        row = self._rows.get(site)
        if row is None or (head.epoch, head.schema) != (row.epoch, row.serial):
            if row is not None and not _after(head, row):
                self.counted["old"] += 1
                return
            if head.kind != wire.SNAPSHOT or (site, head.epoch, head.schema) not in self._schemas:
                peer.have = True
                return
            row = self._begin_row(site, head)
        if head.kind == wire.DIGEST:
            self._compare(row, peer, head, body)
            return
        base = int.from_bytes(body[:4], "little") if head.kind == wire.DELTA else 0
        parts = list(wire.sections(body[4:] if head.kind == wire.DELTA else body, row.half.schema.types))
        if head.kind == wire.SNAPSHOT and head.version >= row.newest:
            row.half.clear()
            row.refresh()
        self._apply(row, parts)
        if base <= row.complete:
            row.complete = max(row.complete, head.version)
        row.newest = max(row.newest, head.version)
        peer.have = True
        if head.kind == wire.SNAPSHOT:
            self._first_sight(row)

    def _apply(self, row: Row, parts: list[wire.Section]) -> None:
        for part in parts:
            ids = row.half.apply(part)
            if part.form == HOLD:
                row.find_holds()
                self._find_holds()
            else:
                row.take(ids)
                if part.form == FADE or (part.form == PLAIN and row.fading.size):
                    row.find_fades()

    def _begin_row(self, site: str, head: Head) -> Row:
        """A site seen for the first time, or anew: a new epoch or a new scene."""
        before = self._rows.get(site)
        row = Row(site, Half(self._schemas[site, head.epoch, head.schema]), head.epoch, head.schema)
        if before and before.epoch == head.epoch:
            row.base = before.base
        elif before:
            for address, base in before.base.items():
                self._carried[address] = self._carried.get(address, 0.0) + _count(before, address, base)
        self._rows[site] = row
        self._lay()
        return row

    def _first_sight(self, row: Row) -> None:
        """Counts as they are when first seen are no rises."""
        for address, place in row.half.schema.places.items():
            if place.key.kind == "event":
                row.base.setdefault(address, float(row.half.codes[place.offset]))

    def _compare(self, row: Row, peer: _Peer, head: Head, body: memoryview) -> None:
        if row.newest > head.version:
            return
        if bytes(body) == row.half.digest():
            row.complete, peer.strikes = max(row.complete, head.version), 0
            return
        self.counted["differences"] += 1
        peer.strikes += 1
        if peer.strikes >= 2:
            self.counted["diverged"] += 1
            peer.strikes, peer.want, peer.have_at = 0, True, -1e9

    # What follows from all halves.

    def read(self, now: float) -> Reading:
        """The merged values at `now`. The arrays are the caller's to keep."""
        self._flush()
        for row in self._rows.values():
            row.advance(now)
        reading = Reading(self._own.values.copy(), self._own.slopes.copy())
        if len(self._rows) > 1:
            self._latest(reading)
            self._highest(reading)
            self._together(reading)
            self._count(reading)
        for column, (_, _, number) in self._holds.items():
            reading.columns[column], reading.slopes[column] = number, 0.0
        return reading

    def _latest(self, into: Reading) -> None:
        """Last touch wins; of two with one stamp, the site whose name is last."""
        ids = self._by_rule["latest"]
        if not ids.size:
            return
        rows = list(self._rows.values())
        best, columns, slopes = rows[0].stamps[ids], rows[0].values[ids], rows[0].slopes[ids]
        for row in rows[1:]:
            stamps = row.stamps[ids]
            later = stamps >= best
            best = np.maximum(best, stamps)
            columns = np.where(later, row.values[ids], columns)
            slopes = np.where(later, row.slopes[ids], slopes)
        into.columns[ids], into.slopes[ids] = columns, slopes

    def _highest(self, into: Reading) -> None:
        ids = self._by_rule["highest"]
        if not ids.size:
            return
        for row in self._rows.values():
            values = row.values[ids]
            higher = row.mapped[ids] & (values > into.columns[ids])
            into.columns[ids[higher]], into.slopes[ids[higher]] = values[higher], row.slopes[ids[higher]]

    def _together(self, into: Reading) -> None:
        """Sums and means, added in the order of the sites' names so that every site rounds alike."""
        for rule in ("sum", "mean"):
            ids = self._by_rule[rule]
            if not ids.size:
                continue
            columns, slopes, sites = np.zeros(ids.size), np.zeros(ids.size), np.zeros(ids.size)
            for row in self._rows.values():
                columns, slopes, sites = columns + row.values[ids], slopes + row.slopes[ids], sites + row.mapped[ids]
            by = sites if rule == "mean" else 1.0
            into.columns[ids], into.slopes[ids] = columns / by, slopes / by

    def _count(self, into: Reading) -> None:
        for place in self._events:
            address = place.key.address
            others = (r for r in self._rows.values() if r is not self._own and address in r.base)
            risen = sum(_count(row, address, row.base[address]) for row in others)
            into.columns[place.offset] += risen + self._carried.get(address, 0.0)

    def _find_holds(self) -> None:
        """The hold that lives on each column: the earliest of all sites, or only this site's on its own keys."""
        self._holds: dict[int, tuple[int, str, float]] = {}
        for row in self._rows.values():
            for column, held in row.holds.items():
                private = column in self._private and row is not self._own
                if not private and column not in self._event_columns:
                    self._holds[column] = min(self._holds.get(column, held), held)

    def half(self, site: str) -> tuple[Array, bool]:
        """What each column is at `site` alone, as of the last `read`, and whether that site has ever been heard."""
        row = self._rows.get(site)
        defaults = self._schema.numbers(np.arange(self._schema.size), self._schema.defaults)
        if row is None:
            return defaults, False
        values = np.where(row.mapped, row.values, defaults)
        for column, (_, _, number) in row.holds.items():
            values[column] = number
        if row is not self._own:
            for place in self._schema.places.values():
                if place.key.kind == "event" and row.mapped[place.offset]:
                    values[place.offset] = _count(row, place.key.address, row.base.get(place.key.address, 0.0))
        return values, True

    def last_touch(self, address: str) -> float:
        """When this site last touched the key, in shared seconds; 0 for never."""
        self._flush()
        place = self._schema.places.get(address)
        return seconds_of(int(self._half.stamps[place.offset])) if place else 0.0

    @property
    def schema(self) -> Schema:
        """The columns that `read` and `half` give, with the place of each key."""
        return self._schema

    def target(self, address: str) -> tuple[float, ...]:
        """What this site last set the key to. Raises KeyError for a key that is not there."""
        place = self._schema.places[address]
        return tuple(self._targets[place.offset : place.offset + place.width])

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites whose halves are known here, in the order of their names."""
        return tuple(self._rows)

    # Through a power cut.

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
            self._schemas[row.site, row.epoch, row.serial] = row.half.schema
        self._steps, self._rows[self.site] = {}, Row(self.site, self._half)


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


def _after(head: Head, row: Row) -> bool:
    """Whether a frame is of a later epoch than the row, or of a later schema of the same."""
    if head.epoch != row.epoch:
        return head.epoch > row.epoch
    return 0 < (head.schema - row.serial & 0xFFFF) < 0x8000


def _count(row: Row, address: str, base: float) -> float:
    place = row.half.schema.places.get(address)
    return max(0.0, float(row.half.codes[place.offset]) - base) if place else 0.0
