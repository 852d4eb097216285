"""The scene on air: loaded by name, shown once its layout is the feed's, kept until a better one compiles.

It turns the feed's values into the row that the layers draw: slopes run on, triggers fire once a rise.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from installation.feed import Values
from installation.score.layout import Layout
from installation.score.problem import Fault, Problem, Row
from installation.score.scene import HOUR, Scene, laid_out
from installation.stage.kept import Last
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.offline import dated
from installation.stage.passes import Size
from installation.stage.trial import Trial

QUEUED = 8
RETRY = 0.5
"""Seconds between two looks at a scene whose text is not yet the one that control has read."""

AVOIDED = Row(
    (
        "the scene {name} has taken the stage down",
        "a frame in less than a second",
        "look for a loop without an end, or lighten it; once it is changed it is tried again",
    ),
    (
        "la scène {name} a fait tomber l'affichage",
        "une image en moins d'une seconde",
        "cherchez une boucle sans fin, ou allégez-la ; modifiée, elle sera essayée de nouveau",
    ),
)
TOO_MANY = Row(
    ("{name} rose {lost} times more than can be shown", "at most 8 rises waiting", "send it less often"),
    ("{name} a été déclenché {lost} fois de trop", "au plus 8 déclenchements en attente", "envoyez-le moins souvent"),
)

Load = Callable[[str, tuple[str, ...]], tuple[Scene, Layout]]
"""From a scene's name and the rig's peers to the scene and its layout; raises Fault."""
Tell = Callable[[Iterable[Problem]], None]


class Rises:
    """Triggers: each column counts rises, each rise is true for one frame, several on frames that follow."""

    def __init__(self, layout: Layout) -> None:
        slots = [slot for slot in layout.slots.values() if slot.parameter.kind == "event"]
        self.names = [slot.address for slot in slots]
        self.columns = np.array([slot.offset for slot in slots], np.intp)
        self._waiting = np.zeros(len(slots), np.int64)
        self._seen: npt.NDArray[np.int64] | None = None
        self.lost: dict[str, int] = {}

    def fire(self, columns: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """1.0 for each trigger that is true in this frame. What is seen first is no rise."""
        counts = columns[self.columns].astype(np.int64)
        if self._seen is not None:
            self._waiting += np.maximum(counts - self._seen, 0)
        self._seen = counts
        for n in np.flatnonzero(self._waiting > QUEUED):
            self.lost[self.names[n]] = self.lost.get(self.names[n], 0) + int(self._waiting[n]) - QUEUED
            self._waiting[n] = QUEUED
        fired = self._waiting > 0
        self._waiting -= fired
        return fired.astype(np.float64)


class Aired(NamedTuple):
    """A scene that is ready: its layers, its triggers, and its range for each column."""

    scene: Scene
    layout: Layout
    layers: Layers
    rises: Rises
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


class OnAir:
    """What is drawn now. `aired` is None before the first scene."""

    def __init__(self, tools: Tools, load: Load, size: Size, tell: Tell, trial: Trial, avoid: str = "") -> None:
        self._tools, self._load, self._tell, self._trial, self._avoid = tools, load, tell, trial, avoid
        self.size = size
        self.aired: Aired | None = None
        self.retired: Aired | None = None
        self.row: npt.NDArray[np.float64] = np.zeros(0)
        self.moment = Moment()
        self.last: tuple[Layers, npt.NDArray[np.float64], Moment] | None = None
        self.restarted = False
        self._refused: tuple[str, bytes, str] | None = None
        self._bad, self._again = b"", 0.0
        self._tick = (0, 0.0)
        self._period = 0.01
        self._index = 0
        self._second, self._day = -1, (0.0, 0.0, 0.0, 0.0)

    def take(self, name: str, peers: tuple[str, ...], now: float, values: Values | None = None) -> None:
        """Loads and compiles a scene; it goes on air when its layout is that of `values` (or none are given)."""
        self._again = now + RETRY
        try:
            scene, layout = self._load(name, peers)
            if values is not None and layout.digest != values.digest:
                return
            self._bad = values.digest if values is not None else b""
            if scene.digest == self._avoid:
                raise Fault([Problem(scene.files[0] if scene.files else name, 0, AVOIDED, {"name": name})])
            self._air(scene, layout, defaults(layout) if values is None else values.columns.copy())
        except Fault as fault:
            if self.aired is not None:  # what dies from here on dies of this one
                self._trial.begin(self.aired.scene.digest)
            seen = (name, values.digest if values is not None else b"", str(fault))
            if seen != self._refused:
                self._refused = seen
                self._tell(fault.problems)

    def recall(self, last: Last) -> None:
        """Puts on air what the process before this one last drew, unless it is that which took it down."""
        layout = laid_out(last.scene, last.peers)
        if last.scene.digest == self._avoid or len(last.row) != layout.size:
            return
        with contextlib.suppress(Fault):
            self._air(last.scene, layout, np.array(last.row))

    def _air(self, scene: Scene, layout: Layout, row: npt.NDArray[np.float64]) -> None:
        """Compiles and tries a scene with this row of values. Raises Fault."""
        layers = Layers(self._tools, scene, layout, self.size, self._trial.begin(scene.digest))
        rises, (low, high) = Rises(layout), _ranges(layout, scene)
        row[rises.columns] = 0.0
        self._trial.draw(layers, row)
        again = self.aired is not None and self.aired.scene.name == scene.name
        if again and self.aired is not None:
            layers.inherit(self.aired.layers)
        self.drop()
        self.retired, self.aired = self.aired, Aired(scene, layout, layers, rises, low, high)
        self.row, self._index, self._refused = row, self._index if again else 0, None
        self._bad = b""

    def drop(self) -> None:
        """Lets go of the scene that was on air before; its still has been drawn."""
        if self.retired is not None:
            self.retired.layers.release()
            self.retired = None

    def resize(self, size: Size) -> None:
        self.size = size
        if self.aired is not None:
            self.aired.layers.resize(size)

    def update(self, values: Values | None, monotonic: float, shared: float, wall: float) -> None:
        """Chooses the scene, evaluates its values and its time for one frame."""
        self.last = (self.aired.layers, self.row, self.moment) if self.aired is not None else None
        if values is not None:
            name = str(values.words.get("scene", ""))
            if name and monotonic >= self._again and not self._has(values.digest) and values.digest != self._bad:
                self.take(name, tuple(values.words.get("peers", ())), monotonic, values)
            if self.aired is not None and values.digest == self.aired.layout.digest:
                self._evaluate(self.aired, values, monotonic)
        words = values.words if values is not None else {}
        if self.aired is not None:
            self.aired.layers.solo = str(words.get("solo", ""))
        stopped = words.get("time")
        self._advance(shared - (values.start if values is not None else 0.0), wall, stopped)

    def _has(self, digest: bytes) -> bool:
        return self.aired is not None and self.aired.layout.digest == digest

    def _evaluate(self, aired: Aired, values: Values, monotonic: float) -> None:
        """Each value run on along its slope since its tick, two ticks at most, within its range."""
        tick, at = self._tick
        if values.tick != tick:
            if 0 < values.tick - tick < 1000 and at:
                self._period = min(max((values.monotonic - at) / (values.tick - tick), 0.001), 0.1)
            self._tick = (values.tick, values.monotonic)
        ahead = min(max(monotonic - values.monotonic, 0.0), 2.0 * self._period)
        np.multiply(values.slopes, ahead, out=self.row)
        self.row += values.columns
        np.maximum(self.row, aired.low, out=self.row)
        np.minimum(self.row, aired.high, out=self.row)
        if aired.rises.names:
            self.row[aired.rises.columns] = aired.rises.fire(values.columns)
        if aired.rises.lost:
            lost = aired.rises.lost.items()
            self._tell([Problem(aired.scene.name, 0, TOO_MANY, {"name": name, "lost": many}) for name, many in lost])
            aired.rises.lost.clear()

    def _advance(self, seconds: float, wall: float, stopped: float | None = None) -> None:
        """The scene's time, in float64 to the last; it begins anew each period, or each hour, or is `stopped`."""
        period = self.aired.scene.cycle if self.aired is not None else HOUR
        time = math.fmod(max(0.0, seconds), period)
        self.restarted = self._index > 0 and time < self.moment.time - 0.5 * period
        if stopped is not None:
            time, self.restarted = float(stopped), False
        delta = time - self.moment.time if self._index and stopped is None else 0.0
        self.moment = Moment(time, delta if 0.0 <= delta < 1.0 else 0.0, self._index, self._date(wall))
        self._index += 1

    def _date(self, wall: float) -> tuple[float, float, float, float]:
        """The local date; asked of the system once a second, since that takes longer than all the rest of the time."""
        whole = math.floor(wall)
        if whole != self._second:
            self._second, self._day = whole, dated(float(whole))
        year, month, day, seconds = self._day
        return year, month, day, seconds + wall - whole


def _ranges(layout: Layout, scene: Scene) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The range of each column; a trigger's count and an open-ended point have none above."""
    free = {name for layer in scene.layers for name in layer.shader.free}
    low, high = np.full(layout.size, -np.inf), np.full(layout.size, np.inf)
    for slot in layout.slots.values():
        if slot.parameter.kind != "event" and slot.parameter.name not in free:
            span = slice(slot.offset, slot.offset + slot.parameter.width)
            low[span], high[span] = slot.parameter.low, slot.parameter.high
    return low, high
