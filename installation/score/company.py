"""Which of the four states of company a site is in: together, alone, asleep, cut; with each peer, and over all.

Pure: what is known of the peers comes in, with the time. The states have patience, so that no line and no sensor can
make the picture change to and fro.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

PATIENCE = {("together", "alone"): 8.0, ("", "together"): 1.0, ("", ""): 2.0}
"""Seconds for which a doubt must hold before it is believed, from one state to another; "" is any. That a visitor has
left is believed slowly, since who steps aside has not gone; a meeting at once, since it must not wait."""
LONGEST = 30.0
"""Seconds of patience at most."""
RESTLESS = 120.0
"""Seconds without any doubt after which it is forgotten how often a state was left and come back to."""
SETTLING = 8.0
"""Seconds after a start in which a line that is not there yet is not a cut one: calling takes a moment."""
NEAREST = ("together", "alone", "cut", "asleep")
"""Of the states with several peers the first of these is the site's: one who is here outweighs one who is not, and a
city that is open behind a broken line one that sleeps."""


def patience(before: str, after: str, returns: int = 0) -> float:
    """Seconds to wait before `after` follows `before`, a state to which so many `returns` were made of late.

    Each return doubles it: a line that flaps every three seconds is cut, not cut again and again. But a cut is always
    believed as quickly, and so are visitors where nobody was.
    """
    base = PATIENCE.get((before, after)) or PATIENCE.get(("", after)) or PATIENCE["", ""]
    if after == "cut" or (before, after) == ("alone", "together"):
        return base
    return min(base * 2.0 ** min(returns, 8), max(base, LONGEST))


class Seen(NamedTuple):
    """What is known of a peer at one moment: is it linked, is it open, how many visitors are there."""

    linked: bool
    open: bool
    visitors: float


def plain(seen: Seen) -> str:
    """The state as it is right now. A sleeping city is asleep whether or not its machine is on, and whoever cleans
    there at night."""
    if not seen.open:
        return "asleep"
    if not seen.linked:
        return "cut"
    return "together" if seen.visitors >= 0.5 else "alone"


def over_all(states: Iterable[str]) -> str:
    """The one state of a site from those with its peers; without peers it is alone."""
    return min(states, key=NEAREST.index, default="alone")


EXACT = 4
"""So many visitors are told as they are: where one stands alone in each city, a second one must be felt."""
STEPS = (*range(EXACT + 1), 5, 10, 20, 50, 100, 200, 500, 1000)
"""The counts that leave a house; beyond EXACT each is for "at least so many"."""
SLACK = 0.2
"""Of the way down to the step below, and one at least: so far must a crowd shrink below its step before that is told.
Without it, nine people would tell each coming and going of a tenth."""


def leaving(count: float, before: float = 0.0) -> float:
    """How many visitors are here, as it leaves the house: one of STEPS. `before` is what was told last.

    `/presence` is this number in the house, too: who needs the exact count there patches the sensor to a parameter
    of its own, which stays at home.
    """
    found = max(step for step in STEPS if step <= max(count, 0.0))
    if found < before and before in STEPS and before > EXACT:
        below = STEPS[STEPS.index(int(before)) - 1]
        if count >= before - max(SLACK * (before - below), 1.0):
            return before
    return float(found)


class Company:
    """The state with its patience: short doubts do not change the picture.

    `state` is that of an earlier run, "" for none.
    """

    def __init__(self, state: str = "") -> None:
        self.state = state
        self.doubt, self.since = "", 0.0
        self.linked = False
        self._began: float | None = None
        self._left, self._doubted = dict.fromkeys(NEAREST, 0), 0.0

    def update(self, seen: Seen, now: float) -> str:
        """The state at `now` (monotonic seconds)."""
        if self._began is None:
            self._began = now
        self.linked |= seen.linked
        found = plain(seen)
        if found == "cut" and not self.linked and now - self._began < SETTLING:
            found = self.state or "alone"
        if not self.state:
            self.state = found
        if found == self.state:
            self.doubt = ""
        elif found != self.doubt:
            self._doubtful(now)
            self.doubt, self.since = found, now
        elif now - self.since >= patience(self.state, found, self._left[self.state]):
            self._left[self.state] += 1
            self.state, self.doubt = found, ""
        return self.state

    def _doubtful(self, now: float) -> None:
        """A new doubt: what was left and come back to before a long quiet is forgotten."""
        if now - self._doubted > RESTLESS:
            self._left = dict.fromkeys(NEAREST, 0)
        self._doubted = now
