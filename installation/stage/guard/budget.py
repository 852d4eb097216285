"""What a frame may cost, and what gives way when it costs more: the dearest layer is drawn smaller, and scaled up.

It knows nothing of GL: it is given what frames have cost, and gives each layer's scale. Too dear for a second, a layer
steps down; with room for three, one steps up, and a step up that was a mistake is not made again for a while.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from installation.score.problem import Problem, Row

SCALES = (1.0, 0.71, 0.5, 0.35, 0.25)
"""Of the picture's width and height: each step draws about half the pixels of the one before."""
WINDOW, SECOND, MANY = 64, 1.0, 0.5
"""Frames looked back at, the seconds that they must span, and the part of them that must have cost too much."""
ROOM, CALM, LONGEST = 0.75, 3.0, 300.0
"""The part of the period that a frame may cost after a step up; seconds of room before one, at first and at most."""
KNOWN = 64
"""Scenes whose scales are remembered."""
HELPED = 0.97
"""A step down after which a frame costs more than this part of what it did was in vain: its pixels are not dear."""

SMALLER = Row(
    (
        "the layer {layer} is drawn at {percent} % of its size: a frame took {found:.0f} ms, {there:.0f} ms are there",
        "frames in {there:.0f} ms",
        "lighten it, or give the window a smaller picture; it grows again when there is room",
    ),
    (
        "la couche {layer} est dessinée à {percent} % de sa taille : une image prenait {found:.0f} ms, "
        "il y en a {there:.0f}",
        "des images en {there:.0f} ms",
        "allégez-la, ou donnez à la fenêtre une image plus petite ; elle regrandit dès qu'il y a de la place",
    ),
)
SLOW = Row(
    (
        "a frame takes {found:.0f} ms, {there:.0f} ms are there; drawing it smaller does not help",
        "frames in {there:.0f} ms",
        "lighten the scene: fewer layers or passes, shorter loops",
    ),
    (
        "une image prend {found:.0f} ms, il y en a {there:.0f} ; la dessiner plus petite n'y change rien",
        "des images en {there:.0f} ms",
        "allégez la scène : moins de couches ou de passes, des boucles plus courtes",
    ),
)


class Budget:
    """The scales of the layers on air. `period` is what a frame may cost, in seconds."""

    def __init__(self, period: float, tell: Callable[[Iterable[Problem]], None]) -> None:
        self.period, self._tell = period, tell
        self._last: dict[str, dict[str, float]] = {}
        self._samples: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._room_since = LONGEST
        self.begin("", (), {})

    def begin(self, file: str, layers: Iterable[str], costs: dict[str, float]) -> None:
        """Another scene, at the scales that it last had. `costs` are milliseconds by layer; unknown: alike."""
        self._file = file
        before = self._last.pop(file, {})
        self.scales = {name: before.get(name, 1.0) for name in layers}
        self._last[file] = self.scales
        while len(self._last) > KNOWN:
            del self._last[next(iter(self._last))]
        self._costs = {name: costs.get(name, 1.0) for name in self.scales}
        self._stiff: set[str] = set()
        self._told_slow = False
        self._patience, self._grown = CALM, -LONGEST
        self._shrunk: set[str] = set()
        self._cost = LONGEST
        self._fresh(LONGEST)

    def add(self, now: float, cost: float) -> bool:
        """One frame's cost in seconds, to its last pixel; whether a scale has changed."""
        self._samples.append((now, cost))
        self._room_since = min(self._room_since, now)
        if cost > ROOM * self.period:
            self._room_since = now
        if now - self._samples[0][0] < SECOND or len(self._samples) < 5:
            return False
        over = sum(cost > self.period for _, cost in self._samples)
        if over >= MANY * len(self._samples):
            return self._smaller(now)
        self._shrunk, self._cost = set(), LONGEST
        return now - self._room_since >= self._patience and self._larger(now)

    @property
    def eager(self) -> bool:
        """Whether every frame is worth a look: one is too dear, or something is drawn smaller."""
        return any(scale < 1.0 for scale in self.scales.values()) or bool(
            self._samples and self._samples[-1][1] > self.period
        )

    def _fresh(self, now: float) -> None:
        """Looks at what comes from now on."""
        self._samples.clear()
        self._room_since = now

    def _typical(self) -> float:
        return sorted(cost for _, cost in self._samples)[len(self._samples) // 2]

    def _smaller(self, now: float) -> bool:
        """Steps down as far as should do; what the last step down was in vain for, is at its size again."""
        cost = self._typical()
        if now - self._grown < 10.0:
            self._patience = min(2.0 * self._patience, LONGEST)
        old = dict(self.scales)
        if cost > HELPED * self._cost:
            self._stiff |= self._shrunk
            self.scales |= dict.fromkeys(self._shrunk, 1.0)
        self._shrunk = self._shrink(cost)
        self._cost = cost if self._shrunk else LONGEST
        for name in self._shrunk:
            self._say(SMALLER, cost, layer=name, percent=round(100 * self.scales[name]))
        if not self._shrunk and not self._told_slow:
            self._told_slow = True
            self._say(SLOW, cost)
        self._fresh(now)
        return old != self.scales

    def _shrink(self, cost: float) -> set[str]:
        """Makes the dearest layers smaller until the frame should be in time, if pixels are what it costs."""
        shrunk: set[str] = set()
        whole = self._weight()
        while cost * self._weight() > self.period * whole and (name := self._dearest()):
            self.scales[name] = SCALES[SCALES.index(self.scales[name]) + 1]
            shrunk.add(name)
        return shrunk

    def _weight(self) -> float:
        """What all layers cost at their scales, as the taster has it."""
        return sum(self._costs[name] * scale**2 for name, scale in self.scales.items())

    def _dearest(self) -> str:
        """The layer that costs most at its present size, of those that may still shrink; "" when none may."""
        open_ = [name for name, scale in self.scales.items() if scale > SCALES[-1] and name not in self._stiff]
        return max(open_, key=lambda name: self._costs[name] * self.scales[name] ** 2, default="")

    def _larger(self, now: float) -> bool:
        """The layer whose step up costs least, where the frame then still has room."""
        cost = self._typical()
        whole = self._weight()
        for name in sorted(self.scales, key=lambda name: self._costs[name]):
            scale = self.scales[name]
            if scale == 1.0 or not whole:
                continue
            larger = SCALES[SCALES.index(scale) - 1]
            more = self._costs[name] * (larger**2 - scale**2) / whole * cost
            if cost + more <= ROOM * self.period:
                self.scales[name] = larger
                self._grown = now
                self._fresh(now)
                return True
        return False

    def _say(self, row: Row, cost: float, **words: object) -> None:
        self._tell([Problem(self._file, 0, row, {"found": 1e3 * cost, "there": 1e3 * self.period, **words})])
