"""The mirrored state: this site's half, what is known of the others', and the values that follow from all of them.

Pure: no socket, thread, file or clock; `now` is always the shared time in seconds, handed in. Two mirrors that have
had the same halves compute the same bytes. Merging never raises: what is wrong in a frame is counted in `counted`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from installation.twin import wire
from installation.twin.half import Half, Schema
from installation.twin.merged import Merged, Reading, risen
from installation.twin.own import stamp_at
from installation.twin.row import Row
from installation.twin.wire import FADE, HOLD, PLAIN, Arrived, Garbled, Head, Key

__all__ = ["Arrived", "Key", "Mirror", "Reading"]

RATE = 60.5
"""Deltas a second at most, in the mean; the half above 60 so that a tick whose clock is slewed never falls behind."""
AHEAD = 60.0
"""Stamps so many seconds in the future are counted; they order as sent, at every site alike."""
DIGEST_EVERY, HAVE_EVERY, NAMES_EVERY = 5.0, 0.25, 1.0


class _Peer:
    """What this site knows of how far another one has come with this site's half."""

    def __init__(self) -> None:
        self.sent = self.acked = 0
        self.named = self.snapshot = self.have = self.want = self.up = False
        self.named_at = self.have_at = self.digest_at = -1e9
        self.strikes = 0


class Mirror(Merged):
    """One site's view of the state of all sites: `Own` writes, `Merged` reads, and here is what crosses the sea.

    `keys` are the parameters of the running scene, `epoch` any number above those of earlier runs, `saved` what
    `saved()` gave in an earlier run, whole or damaged.
    """

    def __init__(self, site: str, keys: Iterable[Key], epoch: int, saved: bytes | None = None) -> None:
        self._peers: dict[str, _Peer] = {}
        self._asked_at, self._credit = -1e9, 1.0
        super().__init__(site, keys, epoch, saved)
        self._schemas = {(row.site, row.epoch, row.serial): row.half.schema for row in self._rows.values()}

    def _begin_schema(self) -> None:
        super()._begin_schema()
        for peer in self._peers.values():
            peer.named = False

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
        ids = np.flatnonzero((self._changed > base) & self._crosses)
        held = ids[:0]
        if self._half.holds:
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
            if kind not in wire.OF_THE_JOURNAL | wire.OF_THE_TEXTS:
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
            parts = list(wire.sections(body, self._schemas[site, head.epoch, head.schema].types))
            self._take_columns(self._begin_row(site, head), peer, head, parts, 0)
            self._first_sight(self._rows[site], row)
        elif head.kind == wire.DIGEST:
            self._compare(row, peer, head, body)
        elif head.kind == wire.SNAPSHOT:
            self._take_columns(row, peer, head, list(wire.sections(body, row.half.schema.types)), 0)
            self._first_sight(row, None)
        else:
            base = int.from_bytes(body[:4], "little")
            self._take_columns(row, peer, head, list(wire.sections(body[4:], row.half.schema.types)), base)

    def _take_columns(self, row: Row, peer: _Peer, head: Head, parts: list[wire.Section], base: int) -> None:
        if head.kind == wire.SNAPSHOT and head.version >= row.newest:
            row.half.clear()
            row.refresh()
        self._apply(row, parts)
        if base <= row.complete:
            row.complete = max(row.complete, head.version)
        row.newest = max(row.newest, head.version)
        if row.highest > stamp_at(self._asked_at + AHEAD):
            self.counted["ahead"] += 1
        peer.have = True

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
        row = Row(site, Half(self._schemas[site, head.epoch, head.schema]), head.epoch, head.schema)
        self._rows[site] = row
        self._lay()
        return row

    def _first_sight(self, row: Row, before: Row | None) -> None:
        """Counts as they are when first seen are no rises; those of a run that remembers the one before go on.

        A count below the last one known is that of a run that has forgotten: what had risen until then is carried.
        """
        for place in row.half.schema.events:
            address, count = place.key.address, float(row.half.codes[place.offset])
            row.base.setdefault(address, count)
            known = before.half.schema.places.get(address) if before else None
            if before is None or known is None or address not in before.base:
                continue
            if count >= float(before.half.codes[known.offset]):
                row.base[address] = before.base[address]
            else:
                self._carry(before, address)
        if before:
            for address in before.base.keys() - row.base.keys():
                self._carry(before, address)

    def _carry(self, before: Row, address: str) -> None:
        self._carried[address] = self._carried.get(address, 0.0) + risen(before, address, before.base[address])

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


def _after(head: Head, row: Row) -> bool:
    """Whether a frame is of a later epoch than the row, or of a later schema of the same."""
    if head.epoch != row.epoch:
        return head.epoch > row.epoch
    return 0 < (head.schema - row.serial & 0xFFFF) < 0x8000
