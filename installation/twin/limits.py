"""How much one trusted peer may send: frames, bytes, and what each kind of frame may cost. Pure: `now` is handed in.

Beyond a limit frames are let go and counted. Whoever goes on is shut out for a while, each time for longer. The limits
lie well above what a site ever sends (60 deltas a second, 5 beats, 4 pings, a journal that catches up), a burst after a
stall included.
"""

from __future__ import annotations

import math

from installation.twin import wire
from installation.twin.lanes import BULK, JOURNAL, PRESENCE, STATE

FRAMES = {STATE: (300, 900), JOURNAL: (600, 1200), PRESENCE: (600, 1200), BULK: (20_000, 20_000)}
"""By lane: frames a second, and in one burst."""
BYTES = {
    STATE: (4 << 20, 8 << 20),
    JOURNAL: (16 << 20, 32 << 20),
    PRESENCE: (4 << 20, 8 << 20),
    BULK: (1 << 30, 1 << 30),
}
"""By lane: bytes a second, and in one burst. Bulk has its credit instead."""
KINDS = {
    wire.HELLO: (4, 16), wire.REFUSE: (4, 16), wire.BEAT: (40, 120), wire.PING: (20, 60), wire.PONG: (20, 60),
    wire.NOTICE: (2, 8), wire.LANE: (2, 8), wire.KEY: (1, 4), wire.KEYED: (2, 8), wire.CREDIT: (20_000, 20_000),
    wire.NAMES: (1, 6), wire.SNAPSHOT: (4, 12), wire.DIGEST: (4, 12), wire.HAVE: (10, 30), wire.PIECE: (4, 12),
    wire.DELTA: (150, 450), wire.CHANGES: (150, 450), wire.TEXTS: (40, 120), wire.TEXTS_HAVE: (10, 30),
}  # fmt: skip
"""By kind, of those that cost more than their bytes: frames a second, and in one burst. A HAVE may cost a snapshot; of
pieces, only the last is counted here, which costs what the whole does."""
CHARGED = wire.OF_THE_MIRROR | wire.OF_THE_TEXTS
"""The kinds whose cost to the tick is charged."""
PATIENCE = (50, 3000)
"""Frames beyond a limit that are let go, a second and in one burst, before the peer is shut out; 4 KiB count as one."""
COST = (0.05, 1.0)
"""Seconds of our tick, a second and in one burst, that what a peer sends may cost."""
SHUT_FIRST, SHUT_LONGEST, FORGIVEN = 1.0, 60.0, 120.0
"""Seconds for which a peer that floods is shut out, at first and at most, and after which it begins anew."""


class Bucket:
    """Fills at `rate` a second up to `burst`; what is taken beyond is refused."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self.level, self._at = float(burst), -math.inf

    def fill(self, now: float) -> float:
        if now > self._at:
            self.level = min(self.burst, self.level + (now - max(self._at, now - 1e6)) * self.rate)
            self._at = now
        return self.level

    def take(self, amount: float, now: float) -> bool:
        if self.fill(now) < amount:
            return False
        self.level -= amount
        return True


class Limits:
    """What one peer may still send, all lanes of it."""

    def __init__(self) -> None:
        self._frames = {lane: Bucket(*of) for lane, of in FRAMES.items()}
        self._bytes = {lane: Bucket(*of) for lane, of in BYTES.items()}
        self._kinds = {kind: Bucket(*of) for kind, of in KINDS.items()}
        self._patience, self._cost = Bucket(*PATIENCE), Bucket(*COST)
        self.refused, self.shut_until, self._shut = 0, -math.inf, 0.0

    def allows(self, lane: int, frame: bytes, now: float) -> bool:
        """Whether this frame may be read; a refusal is counted."""
        kind = frame[0] if frame else 0
        of_kind = self._kinds.get(kind) if wire.ends(frame) else None
        fine = self._frames[lane].take(1, now) and self._bytes[lane].take(len(frame), now)
        fine = fine and (of_kind is None or of_kind.take(1, now))
        fine = fine and (kind not in CHARGED or self._cost.fill(now) > 0)
        self.refused += not fine
        return fine

    def spent(self, seconds: float, now: float) -> None:
        """What a peer sent has cost the tick so many seconds."""
        self._cost.fill(now)
        self._cost.level = max(-10.0, self._cost.level - seconds)

    def exhausted(self, length: int, now: float) -> bool:
        """To be asked at each refusal: whether the peer is to be shut out now."""
        if self._patience.take(1 + length // 4096, now):
            return False
        self._shut = SHUT_FIRST if now - self.shut_until > FORGIVEN else min(SHUT_LONGEST, self._shut * 2)
        self.shut_until = now + self._shut
        self._patience.level = self._patience.burst / 4
        return True

    def shut(self, now: float) -> bool:
        return now < self.shut_until
