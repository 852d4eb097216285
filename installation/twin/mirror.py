"""The mirrored state: this site's half, what is known of the others', and the values that follow from all of them.

Pure: no socket, thread, file or clock; `now` is always the shared time in seconds, handed in. Two mirrors that have
had the same halves compute the same bytes. Merging never raises: what is wrong in a frame is counted in `counted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from installation.twin import packing, wire
from installation.twin.half import Half, Schema
from installation.twin.merged import Reading, risen
from installation.twin.own import stamp_at
from installation.twin.row import Row
from installation.twin.sending import Peer, Sending
from installation.twin.wire import FADE, HOLD, PLAIN, Arrived, Garbled, Head, Key

__all__ = ["Arrived", "Key", "Mirror", "Reading"]

AHEAD = 60.0
"""Stamps so many seconds in the future are counted; they order as sent, at every site alike."""


class Mirror(Sending):
    """One site's view of the state of all sites: `Own` writes, `Merged` reads, `Sending` sends, and here
    is what comes from over the sea.

    `keys` are the parameters of the running scene, `epoch` any number above those of earlier runs, `saved` what
    `saved()` gave in an earlier run, whole or damaged.
    """

    def __init__(
        self, site: str, keys: Iterable[Key], epoch: int, saved: bytes | None = None,
        budgets: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(site, keys, epoch, saved, budgets)
        self._schemas = {(row.site, row.epoch, row.serial): row.half.schema for row in self._rows.values()}

    def merge(self, arrived: Iterable[Arrived]) -> None:
        """Takes in what the link has received. Frames of the journal and of the link are left to those."""
        for frame in arrived:
            if frame.site == self.site:
                self.counted["own"] += 1
                continue
            peer = self._peer(frame.site)
            if not frame.body:
                self._up(peer)
                continue
            try:
                self._take(frame.site, peer, frame.body)
            except Garbled:
                self.counted["garbled"] += 1

    def down(self, site: str) -> None:
        """The line to `site` is cut: nothing is made for it until it comes up again."""
        self._peer(site).up = False

    def _up(self, peer: Peer) -> None:
        peer.up = peer.have = True
        peer.have_at = peer.named_at = -1e9
        peer.strikes = 0
        peer.pieces.clear()
        peer.partial.clear()
        if peer.acked:
            peer.rewind(peer.acked, self._changed)
        else:
            peer.named = False

    def _take(self, site: str, peer: Peer, frame: bytes) -> None:
        kind = frame[0]
        if kind not in wire.OF_THE_MIRROR:
            if kind not in wire.OF_THE_JOURNAL | wire.OF_THE_TEXTS:
                self.counted["unknown"] += 1
            return
        if kind == wire.PIECE:
            whole = wire.joined(frame, peer.partial)
            if whole is not None and whole[:1] != bytes((wire.PIECE,)):
                self._take(site, peer, whole)
            return
        peer.up = True
        if kind == wire.CHANGES:
            self._take_changes(site, peer, frame)
            return
        head, body = wire.headed(frame), wire.body(frame)
        if kind == wire.HAVE:
            self._take_have(peer, body)
        elif kind == wire.NAMES:
            self._take_names(site, head, body)
        else:
            self._take_state(site, peer, head, body, packing.mark(frame))

    def _take_have(self, peer: Peer, body: memoryview) -> None:
        epoch, version, serial, want, again = wire.read_known(body)
        if epoch == self.epoch and serial == self.serial and version <= self.version:
            if again or version < peer.acked:
                peer.rewind(version, self._changed)
            peer.acked = version
            peer.named, peer.snapshot = True, peer.snapshot or want
            return
        peer.named, peer.acked = bool(peer.pieces), 0
        if self.epoch < epoch < 1 << 62:
            self.epoch, peer.named = epoch + 1, False
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

    def _take_state(self, site: str, peer: Peer, head: Head, body: memoryview, mark: int) -> None:
        row = self._rows.get(site)
        if row is None or (head.epoch, head.schema) != (row.epoch, row.serial):
            if row is not None and not _after(head, row):
                self.counted["old"] += 1
                return
            if head.kind != wire.SNAPSHOT or (site, head.epoch, head.schema) not in self._schemas:
                peer.have = True
                return
            parts = list(wire.sections(body, self._schemas[site, head.epoch, head.schema].types))
            self._take_snapshot(self._begin_row(site, head), peer, head, parts, mark)
            self._first_sight(self._rows[site], row)
        elif head.kind == wire.DIGEST:
            self._compare(row, peer, head, body)
        elif head.kind == wire.SNAPSHOT:
            self._take_snapshot(row, peer, head, list(wire.sections(body, row.half.schema.types)), mark)
            self._first_sight(row, None)
        else:
            self._take_delta(row, peer, head, body, mark)

    def _take_snapshot(self, row: Row, peer: Peer, head: Head, parts: list[wire.Section], mark: int) -> None:
        row.trail.begin()
        whole = head.version >= row.newest
        if whole:
            row.half.clear()
            row.refresh()
        self._apply(row, parts)
        if whole:
            row.trail.codes[:], row.trail.sure[:] = row.half.codes.astype(np.int64), True
            row.trail.mark = mark
        self._come(row, peer, head.version, head.version)

    def _take_delta(self, row: Row, peer: Peer, head: Head, body: memoryview, mark: int) -> None:
        """Good in itself; whether what follows can be counted from it, the mark before it says."""
        base, claimed, after, rest = wire.read_claims(body)
        parts, trail = list(wire.sections(rest, row.half.schema.types)), row.trail
        follows = after == trail.mark if after else head.version > row.newest
        if not after or not follows:
            trail.begin()
        self._apply(row, parts)
        trail.sets.clear()
        for part in parts:
            if part.form != HOLD:
                trail.codes[part.ids], trail.sure[part.ids] = part.numbers.astype(np.int64), True
        sound = base <= row.complete
        trail.mark = mark if follows and sound else None
        peer.again = peer.again or (trail.mark is None and head.version > row.complete)
        self._come(row, peer, head.version, claimed if sound else 0)

    def _take_changes(self, site: str, peer: Peer, frame: bytes) -> None:
        after, version, claimed, body = wire.read_changes(frame)
        row = self._rows.get(site)
        peer.have = True
        if row is None or row.trail.mark != after:
            peer.again = peer.again or (row is not None and version > row.complete)
            return
        try:
            found = packing.unpacked(body, row.half.schema.types, row.trail)
        except Garbled:
            row.trail.begin()
            peer.again = True
            raise
        row.trail.mark = packing.mark(frame)
        for part, coarse in found:
            self._apply(row, [part], coarse)
        self._come(row, peer, version, claimed)

    def _come(self, row: Row, peer: Peer, version: int, claimed: int) -> None:
        row.complete, row.newest = max(row.complete, claimed), max(row.newest, version)
        if row.highest > stamp_at(self._asked_at + AHEAD):
            self.counted["ahead"] += 1
        peer.have = True

    def _apply(self, row: Row, parts: list[wire.Section], coarse: bool = False) -> None:
        for part in parts:
            ids = row.half.apply(part, coarse)
            row.heard(ids)
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
        self._carried[address] = self._carried.pop(address, 0.0) + risen(before, address, before.base[address])

    def _compare(self, row: Row, peer: Peer, head: Head, body: memoryview) -> None:
        if row.newest > head.version:
            return
        if bytes(body) == row.half.digest(row.half.schema.lasting):
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
