"""Cues that nobody gives by hand: at an instant of the show's, or when a condition comes true.

Every site computes the same instants from the shared time and its rig, so each gives them and no site is master. What
is given is told to the others by the journal under its key; whoever has that key already passes it over. So a cue is
carried out once at each site: when both give it, when the line is cut, and after a restart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from installation.score.condition import Condition, Value
from installation.score.instant import Houses
from installation.score.problem import Problem
from installation.score.rig import Rig
from installation.score.show import Cue, Show, unplaced

AHEAD = 5.0
"""Seconds before its instant at which a cue is given, so that a line that stalls for as long loses none."""
LOOK = 0.1
SAME = 60.0
"""Two givings of one key whose instants are nearer than this are one: rigs may differ by a digit of a longitude."""
REMEMBERED, LAST = 256, 64
AGAIN = 3600.0
"""Seconds after which an instant that could not be found is looked for again."""


class Given(NamedTuple):
    """A cue that the show itself gives, for the shared instant `due`."""

    cue: Cue
    due: float
    key: str


class Done(NamedTuple):
    """A cue that was carried out: its instant in shared time, how many milliseconds after it, and when that was on this
    machine's own clock."""

    name: str
    due: float
    late_ms: float
    at: float


class _Watched:
    """One condition: it gives its cue when it has held for a while, and again only after it has not."""

    def __init__(self, cue: Cue) -> None:
        self.cue = cue
        self.armed: bool | None = None
        self.since: float | None = None

    def comes(self, value: Value, now: float) -> bool:
        """Whether this is the moment. What holds already at the start gives nothing."""
        held = self.cue.when is not None and self.cue.when.holds(value)
        if self.armed is None:
            self.armed = not held
        turns = held if self.armed else self._rests(held, value)
        if not turns:
            self.since = None
            return False
        self.since = now if self.since is None else self.since
        if now - self.since < self.cue.hold:
            return False
        self.since, self.armed = None, not self.armed
        return not self.armed

    def _rests(self, held: bool, value: Value) -> bool:
        until: Condition | None = self.cue.until
        return not held if until is None else until.holds(value)


class Schedule:
    """When each cue of a show comes next, and which have been. `seen` is up to when that has been looked after."""

    def __init__(
        self, show: Show, rig: Rig, tell: Callable[[Problem], None], seen: float = 0.0, known: Any = (),
    ) -> None:  # fmt: skip
        self.show, self.houses = show, Houses(rig)
        for problem in unplaced(show, self.houses):
            tell(problem)
        timed = (cue for cue in show.cues.values() if cue.at and not self.houses.lacks(cue.name, cue.at))
        self._timed = tuple(timed)
        self._watched = tuple(_Watched(cue) for cue in show.cues.values() if cue.when)
        self.seen, self._looked = seen, -1e9
        self._next: dict[str, float | None] = {}
        self._from: dict[str, float] = {}
        self._none: dict[str, float] = {}
        self._known: dict[str, list[float]] = {}
        self._carried: list[tuple[str, float]] = []
        self.count = 0
        self.last: deque[Done] = deque(maxlen=LAST)
        for key, due in known:
            self.carried_out(str(key), float(due))

    # What has been.

    def knows(self, key: str, due: float) -> bool:
        """Whether this very giving waits here or has been carried out."""
        return any(abs(due - one) < SAME for one in self._known.get(key, ()))

    def expect(self, key: str, due: float) -> None:
        """It waits here."""
        self._known.setdefault(key, []).append(due)

    def carried_out(self, key: str, due: float) -> None:
        """It was done, or passed over; remembered among the last of them, also through a restart."""
        if not self.knows(key, due):
            self.expect(key, due)
        self.count += 1
        self._carried.append((key, due))
        if len(self._carried) > REMEMBERED:
            old, when = self._carried.pop(0)
            left = [one for one in self._known.get(old, ()) if one != when]
            self._known[old] = left
            if not left:
                del self._known[old]

    @property
    def known(self) -> list[tuple[str, float]]:
        """What has been carried out, for the slate."""
        return list(self._carried)

    # What comes.

    def look(self, now: float, shared: float, value: Value, ahead: float) -> list[Given]:
        """What the show gives in this tick. `ahead` is how long before its instant a cue must be on its way."""
        if now - self._looked < LOOK:
            return []
        self._looked = now
        if not self.seen or self.seen > shared + 1.0:  # a first start; or a clock that was ahead, and is right now
            self.seen = shared
            self._from.clear()
            self._next.clear()
        found = [given for cue in self._timed if (given := self._timely(cue, shared, max(ahead, AHEAD)))]
        self.seen = max(self.seen, shared)
        for watched in self._watched:
            if watched.comes(value, now):
                due = shared if watched.cue.here else shared + ahead
                # At home each coming true is one of its own; for all cities those of one minute are one.
                own = f"#{due:.3f}" if watched.cue.here else ""
                found.append(Given(watched.cue, due, self.key(watched.cue) + own))
        return sorted(found, key=lambda given: given.due)

    def key(self, cue: Cue) -> str:
        """What tells this cue from others; with its instant, one giving of it from others."""
        return f"{self.show.name}/{cue.name}"

    def own(self, key: str) -> Cue | None:
        """The show's own cue of a key; None for a hand's, or another show's."""
        show, _, name = key.partition("/")
        return self.show.cues.get(name) if show == self.show.name else None

    def _timely(self, cue: Cue, shared: float, ahead: float) -> Given | None:
        """The giving of one cue that is due, if there is one: of those that were slept through, the last."""
        due = self.next(cue, shared)
        if due is None or due > shared + ahead:
            return None
        assert cue.at is not None
        if due <= shared:
            due = self.houses.last(cue.at, self._from.get(cue.name, self.seen), shared) or due
        self._from[cue.name] = due
        self._next.pop(cue.name, None)
        return Given(cue, due, self.key(cue))

    def next(self, cue: Cue, shared: float) -> float | None:
        """When a cue comes next, None for never; computed once and kept."""
        if cue.at is None:
            return None
        stale = self._next.get(cue.name, 0.0) is None and shared - self._none.get(cue.name, 0.0) > AGAIN
        if cue.name not in self._next or stale:
            start = self._from.get(cue.name, self.seen or shared)
            self._next[cue.name] = self.houses.following(cue.at, start)
            self._none[cue.name] = shared
        return self._next[cue.name]

    def coming(self, shared: float) -> list[tuple[float, Cue]]:
        """The show's cues with their next instant, soonest first."""
        found = [(due, cue) for cue in self._timed if (due := self.next(cue, shared)) is not None]
        return sorted(found, key=lambda one: one[0])
