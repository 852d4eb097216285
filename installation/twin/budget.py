"""How many bytes a line may carry: a bucket that fills at a steady pace, so that no second ever has more than its due.

Pure; `now` is handed in, in seconds of any steady clock.
"""

from __future__ import annotations

USUAL = 2_000_000.0
"""Bytes a second where the rig says nothing: no line is asked for more, and no scene comes near it."""
LEAST = 1000.0
"""Less than this carries no mirror; a smaller budget is taken as this."""
JOURNAL = 0.5
"""The journal's share at most. What it leaves is the mirror's, what it does not use too."""
_DEPTH = 0.1


class Budget:
    """Of `rate` bytes a second a tenth may go at once, the rest at an even pace: any whole second has `rate` at most.

    The journal comes first, but a replay of any length has `JOURNAL` of the line and no more.
    """

    def __init__(self, rate: float = USUAL) -> None:
        self.rate = max(rate or USUAL, LEAST)
        self.depth = self.rate * _DEPTH
        self._left, self._letters, self._at = self.depth, self.depth * JOURNAL, 0.0

    def room(self, now: float) -> int:
        """Bytes that may go now. A clock that was stepped gives one full bucket at most."""
        passed, self._at = abs(now - self._at), now
        pace = passed * self.rate * (1.0 - _DEPTH)
        self._left = min(self.depth, self._left + pace)
        self._letters = min(self.depth * JOURNAL, self._letters + pace * JOURNAL)
        return int(self._left)

    def letters(self, now: float) -> int:
        """Bytes that the journal may send now; of a longer entry the rest is owed, and nothing goes till then."""
        left = min(self.room(now), int(self._letters))
        return left if left >= self.depth * JOURNAL / 2 else 0

    def spend(self, size: int) -> None:
        self._left -= size

    def spend_letters(self, size: int) -> None:
        self._left -= size
        self._letters -= size
