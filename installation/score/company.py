"""Which of the four states of company a site is in: together, alone, asleep, cut."""

from __future__ import annotations

from typing import NamedTuple

PATIENCE = {("together", "alone"): 8.0, ("", "together"): 1.0, ("", ""): 2.0}
"""Seconds for which a doubt must hold before it is believed, from one state to another; "" is any. That a visitor has
left is believed slowly, since who steps aside has not gone; a meeting at once, since it must not wait."""


def patience(before: str, after: str) -> float:
    """Seconds to wait before `after` follows `before`."""
    return PATIENCE.get((before, after)) or PATIENCE.get(("", after)) or PATIENCE["", ""]


class Seen(NamedTuple):
    """What is known of the peers at one moment: is any linked, is any open, how many visitors are there."""

    linked: bool
    open: bool
    visitors: float


def plain(seen: Seen) -> str:
    """The state as it is right now. A sleeping city is asleep whether or not its machine is on."""
    if not seen.open:
        return "asleep"
    if not seen.linked:
        return "cut"
    return "together" if seen.visitors >= 0.5 else "alone"


class Company:
    """The state with its patience: short doubts do not change the picture."""

    def __init__(self, state: str = "") -> None:
        self.state = state
        self.doubt, self.since = "", 0.0

    def update(self, seen: Seen, now: float) -> str:
        """The state at `now` (monotonic seconds)."""
        found = plain(seen)
        if not self.state:
            self.state = found
        if found == self.state:
            self.doubt = ""
        elif found != self.doubt:
            self.doubt, self.since = found, now
        elif now - self.since >= patience(self.state, found):
            self.state, self.doubt = found, ""
        return self.state
