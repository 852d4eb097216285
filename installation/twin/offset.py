"""How far apart two clocks are, how sure that is, and the one time that all sites agree on without a master.

Pure: stamps of monotonic clocks in, seconds out. See decisions/0010-shared-time.md for why it is done so.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from typing import NamedTuple

WINDOW = 120.0
FEW = 4
"""Samples before an estimate is used: the first second of pings."""
SLEW, FAST = 500e-6, 5e-3
"""How much faster or slower than the host's clock shared time may run: usually, and while it is `FAR` off."""
FAR = 0.1
UNKNOWN = 1e6
"""The bound of a clock that has agreed with nobody yet, in seconds."""
_FLOOR = 0.3e-3
_WANDER = 100e-6
_GROWTH = 2 * SLEW
_TIME = 8.0
_SPAN = 20.0
_STALE = 10.0
_LEAN, _LEANS = 3600.0, 50e-6
"""The lean towards a host's own date: a difference is made good in about an hour, at 50 ppm at most."""
_ALIKE, _TIMES, _ASTRAY, _ABSURD = 0.05, 4, 1.0, 60.0
"""A date is believed when it has been the same to 50 ms four times; a lone site that is a second off steps to it. One a
minute off the time that sites have agreed on would take weeks to lean to: it is no use, and not leant on."""


class Sample(NamedTuple):
    """One ping: its middle on our clock, what the other clock was ahead then, and its round trip."""

    at: float
    offset: float
    rtt: float


class Delay(NamedTuple):
    """One way over a line in seconds, of the last two minutes: the median, the slowest of a hundred, how much it varies
    from one ping to the next in the mean. That the slowest was slow on one of its two ways only is allowed for."""

    median: float = 0.0
    slowest: float = 0.0
    jitter: float = 0.0


class Estimate(NamedTuple):
    """The other clock is `offset` + `drift`·(t − `at`) ahead of ours; the truth is within `bound` of it at `at`."""

    at: float
    offset: float
    drift: float
    bound: float

    def ahead(self, now: float) -> float:
        return self.offset + self.drift * (now - self.at)


class Offset:
    """One other clock, from four stamps a ping: a weighted line through 120 s of samples."""

    def __init__(self) -> None:
        self.samples: deque[Sample] = deque(maxlen=256)
        self.estimate: Estimate | None = None
        self.rtt = 0.0
        self.delay = Delay()
        self.refused = 0

    def hear(self, sent: float, received: float, answered: float, back: float) -> bool:
        """Takes one ping's stamps: ours, theirs, theirs, ours. False when they cannot be true."""
        rtt = (back - sent) - (answered - received)
        if not (back - WINDOW <= sent <= back and abs(received) < 1e15 and answered >= received and rtt >= -1e-6):
            self.refused += 1
            return False
        sample = Sample((sent + back) / 2, ((received - sent) + (answered - back)) / 2, max(rtt, 0.0))
        self.rtt = sample.rtt
        self.samples.append(sample)
        while self.samples[0].at < sample.at - WINDOW:
            self.samples.popleft()
        self.estimate = self._fit(back)
        self.delay = self._delay()
        return True

    def _delay(self) -> Delay:
        trips = [sample.rtt for sample in self.samples]
        moved = [abs(b - a) / 2 for a, b in itertools.pairwise(trips)]
        trips.sort()
        slowest = trips[min(len(trips) - 1, int(len(trips) * 0.99))] - trips[0] / 2
        return Delay(trips[len(trips) // 2] / 2, slowest, sum(moved) / len(moved) if moved else 0.0)

    def _fit(self, now: float) -> Estimate:
        """Fast answers weigh most: what delayed a ping delayed it on one of its two ways."""
        fastest = min(sample.rtt for sample in self.samples)
        rows = [(1.0 / (_FLOOR**2 + (s.rtt - fastest) ** 2), s.at - now, s.offset) for s in self.samples]
        total = sum(w for w, _, _ in rows)
        at, offset = sum(w * t for w, t, _ in rows) / total, sum(w * o for w, _, o in rows) / total
        drift = 0.0
        if self.samples[-1].at - self.samples[0].at >= _SPAN:
            spread = sum(w * (t - at) ** 2 for w, t, _ in rows)
            drift = sum(w * (t - at) * (o - offset) for w, t, o in rows) / spread if spread else 0.0
            drift = max(-4 * SLEW, min(4 * SLEW, drift))
        here = offset - drift * at
        return Estimate(now, here, drift, self._bound(now, here, drift))

    def _bound(self, now: float, here: float, drift: float) -> float:
        """True whatever the routes: each ping alone proves the offset to half its round trip, and all are true."""
        low, high = -math.inf, math.inf
        for sample in self.samples:
            age = now - sample.at
            half, moved = sample.rtt / 2 + _WANDER * age, sample.offset + drift * age
            low, high = max(low, moved - half), min(high, moved + half)
        if low > high:
            self.samples = deque(list(self.samples)[-FEW:], maxlen=256)
            return max(sample.rtt for sample in self.samples) + abs(low - high)
        return max(here - low, high - here, 0.0)


class Line(NamedTuple):
    """A shared time as a site has it: `shared` at `at` on its own monotonic clock, running at `rate`.

    `agreed`: with any other site; `kept`: it leans on a date that NTP or the like keeps.
    """

    at: float
    shared: float
    rate: float
    agreed: bool
    bound: float
    kept: bool = False

    def time(self, now: float) -> float:
        return self.shared + (now - self.at) * self.rate


class _Far:
    """Another site: its clock, and its shared time as it last told it."""

    def __init__(self) -> None:
        self.offset = Offset()
        self.line: Line | None = None
        self.heard = -1e9

    def shared(self, now: float) -> float | None:
        """The other site's shared time at `now` of ours; None while that cannot be said."""
        if self.line is None or self.offset.estimate is None or len(self.offset.samples) < FEW:
            return None
        return self.line.time(now + self.offset.estimate.ahead(now))

    def doubt(self, now: float) -> float:
        """How wrong `shared` may be."""
        assert self.offset.estimate is not None and self.line is not None
        return self.offset.estimate.bound + (now - self.offset.estimate.at) * _growth(self.line)


class SharedTime:
    """The time that the sites share, in seconds since 1970 as near as they know it together.

    `wall` and `now` are the host's two clocks, read once at start; the date may be stepped later, to no effect.
    """

    def __init__(self, now: float, wall: float) -> None:
        self.line = Line(now, wall, 1.0, False, UNKNOWN)
        self._far: dict[str, _Far] = {}
        self._trend = self._lean = 0.0
        self._behind, self._alike, self._suspended = 0.0, 0, -1.0

    def shared(self, now: float) -> float:
        """Shared seconds at the monotonic instant `now`."""
        return self.line.time(now)

    @property
    def rate(self) -> float:
        """Shared seconds per monotonic second."""
        return self.line.rate

    @property
    def behind(self) -> float:
        """Seconds by which the host's own date is ahead of the shared time, as of the last `steer`."""
        return self._behind

    def bound(self, now: float) -> float:
        """No site that was heard differs from this one's shared time by more seconds; 1e6 before any agreement."""
        line = self.line
        return UNKNOWN if not line.agreed else min(UNKNOWN, line.bound + max(0.0, now - line.at) * _growth(line))

    def rtt(self, site: str) -> float:
        """The last round trip to `site`, in seconds; 0 before the first."""
        far = self._far.get(site)
        return far.offset.rtt if far else 0.0

    def delay(self, site: str) -> Delay:
        """How long a message is under way to `site`; nothing but zeros before the first ping."""
        far = self._far.get(site)
        return far.offset.delay if far else Delay()

    def bound_to(self, site: str, now: float) -> float:
        """The same bound for one site alone."""
        far = self._far.get(site)
        there = far.shared(now) if far else None
        if far is None or there is None:
            return UNKNOWN
        return min(UNKNOWN, abs(there - self.shared(now)) + far.doubt(now))

    def hear(self, site: str, stamps: tuple[float, float, float, float], line: Line) -> None:
        """One answered ping from `site`, with its shared time at its third stamp."""
        sound = all(math.isfinite(n) for n in line) and abs(line.rate - 1.0) <= 2 * FAST and abs(line.shared) < 1e12
        far = self._far.setdefault(site, _Far())
        if not sound or not far.offset.hear(*stamps):
            return
        far.line, far.heard = line, stamps[3]
        self._adjust(stamps[3])

    def steer(self, now: float, date: float, kept: bool, suspended: float = 0.0) -> None:
        """The host's own date, each few seconds: while something keeps it right, shared time leans towards it.

        `suspended` is for how long the host has slept since it started. A date that has just been stepped is not
        believed, until it has been seen to go on.
        """
        if 0.0 <= self._suspended < suspended - 0.5:
            self._wake(now, suspended - self._suspended)
        self._suspended = suspended
        behind = date - self.shared(now)
        self._alike = self._alike + 1 if kept and abs(behind - self._behind) < _ALIKE else 0
        self._behind = behind
        believed = self._alike >= _TIMES
        self._lean = max(-_LEANS, min(_LEANS, behind / _LEAN)) if believed and abs(behind) < _ABSURD else 0.0
        here = self.shared(now)
        if believed and not self.line.agreed and abs(behind) > _ASTRAY:
            here, self._behind, self._lean = date, 0.0, 0.0
        if any(now - far.heard < _STALE for far in self._far.values()):
            self.line = self.line._replace(kept=believed)
            return
        # Nobody is heard: on with the quartz as it was last known, and not with the last correction.
        self.line = Line(now, here, 1.0 + self._trend + self._lean, self.line.agreed, self.bound(now), believed)

    def _wake(self, now: float, slept: float) -> None:
        """The host was suspended: its monotonic clock stood still, and what was known by it of others is void."""
        self.line = self.line._replace(shared=self.line.shared + slept, bound=UNKNOWN)
        for far in self._far.values():
            far.offset, far.line = Offset(), None

    def _adjust(self, now: float) -> None:
        """A newcomer steps once, to those who agree already or else half way; from then on all slew to their mean."""
        here = self.shared(now)
        known = [(far, there) for far in self._far.values() if (there := far.shared(now)) is not None]
        near = [(far, there) for far, there in known if now - far.heard < _STALE]
        agreed = [there for far, there in near if far.line and far.line.agreed]
        if not near:
            return
        if not self.line.agreed:
            here = self._first(here, agreed, near)
            self.line = Line(now, here, 1.0, True, UNKNOWN, self.line.kept)
        kept = [there for far, there in near if far.line and far.line.agreed and far.line.kept]
        towards = kept if kept or self.line.kept else agreed  # a date that is kept does not yield to one that is not
        behind = (sum(towards) - len(towards) * here) / (len(towards) + 1)
        passed, most = min(2.0, now - self.line.at), FAST if abs(behind) > FAR else SLEW
        if most == SLEW:
            self._trend = max(-SLEW, min(SLEW, (self._trend + behind / _TIME * passed / 30.0) * (1 - passed / 3600.0)))
        rate = 1.0 + max(-most, min(most, self._trend + self._lean + behind / _TIME))
        bound = max(abs(there - here) + far.doubt(now) for far, there in known)
        self.line = Line(now, here, rate, True, bound, self.line.kept)

    def _first(self, here: float, agreed: list[float], near: list[tuple[_Far, float]]) -> float:
        """Where a newcomer steps to: those who agree, else those whose date is kept, else the mean of all."""
        kept = [there for far, there in near if far.line and far.line.kept] + ([here] if self.line.kept else [])
        times = agreed or kept or [here, *(there for _, there in near)]
        return sum(times) / len(times)


def _growth(line: Line) -> float:
    """How much a second may add to the difference of two shared times."""
    return 2 * FAST if abs(line.rate - 1.0) > 1.5 * SLEW else _GROWTH
