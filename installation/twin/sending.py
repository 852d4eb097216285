"""What goes to each peer: the newest of what it does not have, as much as its line may carry, the important first.

Nothing queues: what does not fit waits in the half, where its next value overtakes it. First the rate falls, then the
precision. Pure; `now` is shared time in seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import numpy as np

from installation.twin import packing, wire
from installation.twin.budget import Budget
from installation.twin.merged import Merged
from installation.twin.own import Array, stamp_at
from installation.twin.packing import COARSE, Trail
from installation.twin.wire import RANGE16, Key

RATE = 60.5
"""Deltas a second at most, in the mean; the half above 60 so that a tick whose clock is slewed never falls behind."""
DIGEST_EVERY, HAVE_EVERY, NAMES_EVERY = 5.0, 0.25, 1.0
SLOWEST = 0.05
"""A budget that is too small makes frames rarer down to one in so many seconds; only then are numbers made coarse."""
URGENT, PATIENT = 0.9, 0.25
"""What is at least so important does not wait for the rest; but the rest has its turn every so many seconds."""
_HEAD, _COLUMN = 60, 2.7


class Peer:
    """What this site knows of how far another one has come with this site's half."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.acked = self.claimed = self.last = 0
        self.named = self.snapshot = self.have = self.want = self.again = self.up = False
        self.named_at = self.have_at = self.digest_at = self.news_at = self.rest_at = -1e9
        self.strikes = 0
        self.pieces: deque[bytes] = deque()
        self.partial: list[bytes] = []
        self.lay(0)

    def lay(self, size: int) -> None:
        """The columns are others now: which version of each was sent, when, and whether only roughly."""
        self.sent, self.sent_at = np.zeros(size, np.uint32), np.full(size, -1e9)
        self.rough, self.trail = np.zeros(size, bool), Trail(size)
        self.named = False
        self.pieces.clear()

    def rewind(self, version: int, changed: Array) -> None:
        """The peer has all up to `version` and perhaps more; from there on everything goes again."""
        again = changed > version
        self.sent[again], self.rough[again] = 0, False
        self.claimed = version
        self.trail.begin()


class Sending(Merged):
    """The part of a mirror that sends. `budgets` are bytes a second by site."""

    def __init__(
        self, site: str, keys: Iterable[Key], epoch: int, saved: bytes | None = None,
        budgets: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        self._peers: dict[str, Peer] = {}
        self._budgets = dict(budgets or {})
        self._asked_at, self._credit = -1e9, 1.0
        super().__init__(site, keys, epoch, saved)

    def _peer(self, site: str) -> Peer:
        found = self._peers.get(site)
        if found is None:
            found = self._peers[site] = Peer(Budget(self._budgets.get(site, 0.0)))
            found.lay(self._schema.size)
        return found

    def _begin_schema(self) -> None:
        super()._begin_schema()
        for peer in self._peers.values():
            peer.lay(self._schema.size)

    def letters(self, now: float) -> dict[str, int]:
        """How many bytes the journal may send to each site now."""
        return {site: peer.budget.letters(now) for site, peer in self._peers.items()}

    def spent(self, site: str, size: int) -> None:
        """The journal has sent `size` bytes to `site`."""
        self._peer(site).budget.spend_letters(size)

    def delta(self, now: float, without: Iterable[str] = ()) -> dict[str, list[bytes]]:
        """Frames for each peer that is up; to those in `without` nothing, until later.

        60 times a second at most in the mean, two in a row: so the grid of a tick of 100 Hz delays nothing.
        """
        self._flush()
        credit = self._credit = min(2.0, self._credit + abs(now - self._asked_at) * RATE)
        self._asked_at, state = now, credit >= 1.0
        found: dict[str, list[bytes]] = {}
        for site, peer in self._peers.items():
            if peer.up and site not in without:
                frames = self._have(site, peer, now)
                if state:
                    news = self._state(peer, now) + self._digests(peer, now)
                    self._credit = min(self._credit, credit - 1.0) if news else self._credit
                    frames += news
                if frames:
                    found[site] = frames
        return found

    def _have(self, site: str, peer: Peer, now: float) -> list[bytes]:
        if not (peer.have or peer.want) or 0 <= now - peer.have_at < HAVE_EVERY:
            return []
        row = self._rows.get(site)
        epoch, version, serial = (row.epoch, row.complete, row.serial) if row else (0, 0, 0)
        head = wire.head(wire.HAVE, self.serial, self.epoch, self.version)
        frame = head + wire.known(epoch, version, serial, peer.want, peer.again)
        if len(frame) > peer.budget.room(now):
            return []
        peer.budget.spend(len(frame))
        peer.have, peer.want, peer.again, peer.have_at = False, False, False, now
        return [frame]

    def _state(self, peer: Peer, now: float) -> list[bytes]:
        if not peer.named and not 0 <= now - peer.named_at < NAMES_EVERY:
            peer.named, peer.named_at = True, now
            peer.pieces.clear()
            names = wire.head(wire.NAMES, self.serial, self.epoch, self.version) + self._names
            self._cut(peer, [names, self._snapshot(peer, now)], now)
        elif peer.named and peer.snapshot:
            peer.pieces.clear()
            self._cut(peer, [self._snapshot(peer, now)], now)
        if peer.pieces:
            return self._next_pieces(peer, now)
        if not peer.named:
            return []
        frame = self._news(peer, now)
        if frame:
            peer.budget.spend(len(frame))
        return [frame] if frame else []

    def _cut(self, peer: Peer, frames: list[bytes], now: float) -> None:
        """Frames as pieces that fit the line; one that fits as it is stays whole."""
        most = int(peer.budget.depth * 0.5)
        for frame in frames:
            peer.pieces.extend([frame] if len(frame) <= most else wire.pieces(frame, most))

    def _next_pieces(self, peer: Peer, now: float) -> list[bytes]:
        found = []
        while peer.pieces and len(peer.pieces[0]) <= peer.budget.room(now):
            found.append(peer.pieces.popleft())
            peer.budget.spend(len(found[-1]))
        return found

    def _snapshot(self, peer: Peer, now: float) -> bytes:
        """All that was written; not what has outlived its time."""
        half, shared = self._half, self._shared
        self._above(peer)
        lives = self._lives(shared, now)
        ids, held = shared[(half.stamps[shared] > 0) & lives], shared[half.hold_stamps[shared] > 0]
        head = wire.head(wire.SNAPSHOT, self.serial, self.epoch, self.version)
        frame = head + b"".join(wire.section(part) for part in half.sections(ids, held, self._wires))
        peer.snapshot, peer.claimed, peer.digest_at = False, self.version, now
        peer.sent[:], peer.rough[:] = self.version, False
        peer.trail.begin()
        peer.trail.codes[:], peer.trail.sure[:] = half.codes.astype(np.int64), self._schema.lifetimes == 0
        peer.trail.mark = packing.mark(frame)
        return frame

    def _above(self, peer: Peer) -> None:
        """Of two frames to one peer the later has the higher version, also when nothing but precision is new."""
        if peer.last >= self.version:
            self.version = peer.last + 1
        peer.last = self.version

    def _lives(self, ids: Array, now: float) -> Array:
        lifetimes = self._schema.lifetimes[ids]
        return np.asarray(
            (lifetimes == 0) | (self._half.stamps[ids] >= stamp_at(now) - (lifetimes * 1024e6).astype(np.int64))
        )

    def _news(self, peer: Peer, now: float) -> bytes:
        late = self._crosses & (self._changed > peer.sent)
        ids = np.flatnonzero(late)
        if self._schema.brief.size and ids.size:
            lives = self._lives(ids, now) | (self._held_at[ids] > peer.sent[ids])
            peer.sent[ids[~lives]] = self.version
            ids = ids[lives]
        room = peer.budget.room(now)
        resting = np.flatnonzero(peer.rough & ~late & (peer.sent_at < now - 0.1)) if peer.rough.any() else ids[:0]
        if resting.size and _cost(ids.size + resting.size) <= room:
            return self._fitting(peer, np.union1d(ids, resting), False, now, room)
        if not ids.size:
            return self._fitting(peer, resting, False, now, room) if resting.size else b""
        if _cost(ids.size) <= room:
            return self._fitting(peer, ids, False, now, room)
        return self._squeezed(peer, ids, now, room)

    def _squeezed(self, peer: Peer, ids: Array, now: float, room: int) -> bytes:
        """A line that cannot carry all: what is urgent at once, the rest more rarely, more roughly, by turns."""
        urgent = ids[(self._weights[ids] >= URGENT) | (self._held_at[ids] > peer.sent[ids])]
        if urgent.size and 0 <= now - peer.rest_at < PATIENT:
            return self._fitting(peer, urgent, False, now, room)
        if 0 <= now - peer.news_at < SLOWEST:
            return b""
        peer.rest_at = now
        return self._fitting(peer, ids, True, now, room)

    def _fitting(self, peer: Peer, ids: Array, coarse: bool, now: float, room: int) -> bytes:
        """The frame of as many of `ids` as fit: the heaviest first, and each grows heavier while it waits."""
        if _cost(ids.size) <= room:
            chosen = self._whole(ids)
            frame = self._frame(peer, chosen, coarse)
            if len(frame) <= room:
                self._sent(peer, chosen, coarse, now, frame)
                return frame
        heavy = self._weights[ids] * (0.001 + np.minimum(np.abs(now - peer.sent_at[ids]), 1e6))
        order = np.argsort(-heavy, kind="stable")
        most = max(1, int((room - _HEAD) / 1.3))
        while room >= _HEAD:
            chosen = self._whole(np.sort(ids[order[:most]]))
            frame = self._frame(peer, chosen, coarse)
            if len(frame) <= room:
                self._sent(peer, chosen, coarse, now, frame)
                return frame
            if most == 1:
                return b""
            most = max(1, min(most, ids.size) * 3 // 4)
        return b""

    def _whole(self, ids: Array) -> Array:
        """A colour goes whole or not at all: half of one is a colour that nobody chose."""
        if not self._wide:
            return ids
        written = (self._half.stamps > 0) | (self._half.hold_stamps > 0)
        return np.flatnonzero(np.isin(self._key_of, self._key_of[ids]) & self._crosses & written)

    def _frame(self, peer: Peer, ids: Array, coarse: bool) -> bytes:
        half, trail = self._half, peer.trail
        held = ids[self._held_at[ids] > peer.sent[ids]] if half.holds else ids[:0]
        version = max(self.version, peer.last + 1)
        claimed = self._claim(peer, ids, coarse, version)
        if trail.mark is None or held.size or ids.size > packing.MOST or (half.fades and (half.lengths[ids] > 0).any()):
            plain = ids[half.stamps[ids] > 0]
            head = wire.head(wire.DELTA, self.serial, self.epoch, version)
            head += wire.claims(peer.claimed, claimed, trail.mark or 0)
            return head + b"".join(wire.section(part) for part in half.sections(plain, held, self._wires))
        parts = [wire.changes(trail.mark, version, claimed)]
        for type_, chosen, codes, rough in self._by_type(ids, coarse):
            wires = self._wires[chosen].astype(np.int64)
            parts.append(packing.packed(trail, type_, chosen, wires, half.stamps[chosen], codes, rough))
        return b"".join(parts)

    def _by_type(self, ids: Array, coarse: bool) -> Iterable[tuple[int, Array, Array, bool]]:
        types = self._schema.types[ids]
        for type_ in self._schema.present:
            chosen = ids if self._schema.only == type_ else ids[types == type_]
            if chosen.size:
                codes, rough = self._half.codes[chosen].astype(np.int64), coarse and type_ == RANGE16
                yield type_, chosen, (codes + COARSE // 2) // COARSE * COARSE if rough else codes, rough

    def _claim(self, peer: Peer, ids: Array, coarse: bool, version: int) -> int:
        """Up to which version the peer has everything, once it has this."""
        left = (self._crosses & (self._changed > peer.sent)) | peer.rough
        left[ids] = coarse
        return max(peer.claimed, int(self._changed[left].min()) - 1) if left.any() else version

    def _sent(self, peer: Peer, ids: Array, coarse: bool, now: float, frame: bytes) -> None:
        self._above(peer)
        trail, packed = peer.trail, frame[0] == wire.CHANGES
        if packed:
            peer.claimed = wire.read_changes(frame)[2]
        else:
            peer.claimed = wire.read_claims(wire.body(frame))[1]
            trail.sets.clear()
        for type_, chosen, codes, rough in self._by_type(ids, coarse and packed):
            if packed:
                trail.took(type_, chosen, self._wires[chosen].astype(np.int64), codes)
            else:
                trail.codes[chosen], trail.sure[chosen] = codes, self._half.stamps[chosen] > 0
            peer.rough[chosen] = rough & (codes != self._half.codes[chosen].astype(np.int64))
        trail.mark = packing.mark(frame)
        peer.sent[ids], peer.sent_at[ids], peer.news_at = self.version, now, now

    def _digests(self, peer: Peer, now: float) -> list[bytes]:
        if 0 <= now - peer.digest_at < DIGEST_EVERY or not peer.named or peer.pieces or peer.rough.any():
            return []
        if (self._crosses & (self._changed > peer.sent)).any() or peer.budget.room(now) < 32:
            return []
        peer.digest_at = now
        frame = wire.head(wire.DIGEST, self.serial, self.epoch, self.version) + self._half.digest(self._lasting)
        peer.budget.spend(len(frame))
        return [frame]


def _cost(columns: int) -> float:
    return _HEAD + columns * _COLUMN
