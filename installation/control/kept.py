"""What a site keeps so that a kill or a power cut costs it nothing: the slate at once, the journal with its done."""

from __future__ import annotations

import msgspec

from installation.control.slate import Slate
from installation.twin.journal import Journal
from installation.twin.mirror import Mirror

DONE = 1.0
"""Seconds between two writings of what the journal has seen done. A cue that a kill makes come again does no harm: its
fade has the same stamp, and its scene is already on air."""
SOON = 0.02
"""Seconds between two writings of the slate while values only flow, as a sensor's do. What happens once (a hold, a
rise, a switch, a choice, a cue) is kept in the tick in which it happens."""


class Saved(msgspec.Struct):
    """What the slate keeps: enough to go on after a kill. `glide` are the smoothed columns under `layout`'s digest,
    `company` the states by peer, `weights` how far each state had come in under the same digest.

    `seen` is the shared time up to which the show's instants were looked after, `carried` the last cues, each by its
    key and instant.
    """

    scene: str = ""
    mirror: bytes = b""
    overrides: list[str] = []
    layout: bytes = b""
    glide: bytes = b""
    start: float = 0.0
    company: dict[str, str] = {}
    weights: dict[str, float] = {}
    seen: float = 0.0
    carried: list[tuple[str, float]] = []
    texts: bytes = b""


def read(slate: Slate) -> Saved:
    """What the slate keeps; an empty one for a first start. Another version's is put aside by the slate."""
    body = slate.saved()
    try:
        return msgspec.msgpack.decode(body, type=Saved) if body else Saved()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        slate.strange()
        return Saved()


class Kept:
    """Notes what changed in a tick, and when it has to be written."""

    def __init__(self, slate: Slate, journal: Journal) -> None:
        self.slate, self.journal = slate, journal
        self._once, self._flowed, self._done = True, False, False
        self._saved_at = self._done_at = 0.0

    def once(self) -> None:
        """Something happened that must be kept in this very tick."""
        self._once = True

    def flowed(self) -> None:
        """A value moved."""
        self._flowed = True

    def done(self) -> None:
        """An entry of the journal was carried out."""
        self._done = True

    def due(self, now: float) -> bool:
        """Whether the slate is to be written in this tick."""
        return self._once or (self._flowed and now - self._saved_at >= SOON)

    def write(self, now: float, saved: Saved) -> None:
        """Keeps `saved` where a kill leaves it."""
        self._once, self._flowed, self._saved_at = False, False, now
        self.slate.write(msgspec.msgpack.encode(saved))

    def settle(self, now: float, mirror: Mirror) -> None:
        """Writes what was done into the journal, in one transaction with the state: each second, or when it is much."""
        if self.journal.laden or (self._done and now - self._done_at >= DONE):
            self._done, self._done_at = False, now
            self.journal.keep(mirror.saved())
