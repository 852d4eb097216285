"""The scene on air: loaded by name, shown once its layout is the feed's, kept until a better one is ready.

It turns the feed's values into the row that the layers draw: slopes run on, triggers fire once a rise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec
import numpy as np

from installation.feed import Values
from installation.score.layout import Layout
from installation.score.problem import Fault, Problem, Row
from installation.score.scene import HOUR, Scene, laid_out
from installation.stage.columns import Bridge, Numbers, Rises, at_rest, ranges
from installation.stage.guard.coming import Coming, Load, Made
from installation.stage.guard.refused import HALF_WRITTEN, Refused
from installation.stage.guard.taster import Taster
from installation.stage.guard.trial import Trial
from installation.stage.kept import Last
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.offline import dated
from installation.stage.passes import Size

TOO_MANY = Row(
    ("{name} rose {lost} times more than can be shown", "at most 8 rises waiting", "send it less often"),
    ("{name} a été déclenché {lost} fois de trop", "au plus 8 déclenchements en attente", "envoyez-le moins souvent"),
)

Tell = Callable[[Iterable[Problem]], None]


class Aired(NamedTuple):
    """A scene on air: the name it was asked by, what is drawn, its triggers, and its range for each column."""

    name: str
    made: Made
    rises: Rises
    low: Numbers
    high: Numbers

    @property
    def scene(self) -> Scene:
        return self.made.scene

    @property
    def layout(self) -> Layout:
        return self.made.layout

    @property
    def layers(self) -> Layers:
        return self.made.layers


class OnAir:
    """What is drawn now. `aired` is None before the first scene."""

    def __init__(
        self,
        tools: Tools,
        load: Load,
        size: Size,
        tell: Tell,
        trial: Trial,
        avoid: str = "",
        taster: Taster | None = None,
    ) -> None:
        self._tell, self._trial = tell, trial
        self.coming = Coming(tools, load, trial, taster, avoid)
        self.size = size
        self.aired: Aired | None = None
        self.retired: Aired | None = None
        self.row: Numbers = np.zeros(0)
        self.moment = Moment()
        self.last: tuple[Layers, Numbers, Moment] | None = None
        self.restarted = self.mended = False
        self._wanted: tuple[str, tuple[str, ...]] | None = None
        self._refused = Refused()
        self._columns: Numbers = np.zeros(0)
        self._heard: tuple[Any, dict[str, Any]] = None, {}
        self._bridge: Bridge | None = None
        self._proven = True
        self._tick = (0, 0.0)
        self._period = 0.01
        self._index, self._start, self._since = 0, 0.0, 0.0
        self._second, self._day = -1, (0.0, 0.0, 0.0, 0.0)

    def take(self, name: str, peers: tuple[str, ...], now: float, values: Values | None = None) -> None:
        """One step towards a scene; it goes on air when it is ready and its layout is that of `values`, if any."""
        self._wanted = (name, peers)
        try:
            made = self.coming.next(name, peers, self.size, now, self._since, values)
            if made is not None:
                self._air(name, made, defaults(made.layout) if values is None else values.columns)
        except Fault as fault:
            digest = values.digest if values is not None else b""
            self._refused.note(digest, fault, now)
            if values is None:
                self._wanted = None
                self._tell(self._refused.told(digest, now + HALF_WRITTEN))

    def recall(self, last: Last) -> bool:
        """Puts on air what the process before this one drew, unless it is that which took it down.

        Until the taster has drawn it with the values of now, it goes on with those that it last drew well with.
        """
        layout, row = laid_out(last.scene, last.peers), np.array(last.row)
        if last.scene.digest == self.coming.avoid or len(row) != layout.size:
            return False
        try:
            made = self.coming.at_once(last.scene, layout, row, self.size)
        except Fault:
            return False
        self._air(last.name, made, row)
        self._proven = not self.coming.tastes
        return True

    def _air(self, name: str, made: Made, columns: Numbers) -> None:
        made.layers.hear(self._heard[1])
        rises, (low, high) = Rises(made.layout), ranges(made.layout, made.scene)
        again = self.aired is not None and self.aired.scene.name == made.scene.name
        if again and self.aired is not None:
            made.layers.inherit(self.aired.layers)
        self.drop()
        self.mended, self._wanted = again, None
        self.retired, self.aired = self.aired, Aired(name, made, rises, low, high)
        self.row, self._columns, self._index = at_rest(made.layout, columns), columns, self._index if again else 0
        self._refused, self._proven, self._bridge = Refused(), True, None
        self._trial.aired(made.scene.digest)

    def drop(self) -> None:
        """Puts the scene that was on air before on the shelf; its still has been drawn."""
        if self.retired is not None and self.aired is not None:
            if self.retired.scene.name == self.aired.scene.name:
                self.retired.layers.release()
            else:
                self.coming.keep(self.retired.made)
        self.retired = None

    def resize(self, size: Size) -> None:
        self.size = size
        if self.aired is not None:
            self.aired.layers.resize(size)

    def update(self, values: Values | None, monotonic: float, shared: float, wall: float) -> None:
        """Chooses the scene, evaluates its values and its time for one frame."""
        self.last = (self.aired.layers, self.row, self.moment) if self.aired is not None else None
        self.coming.poll()
        if values is not None:
            self._since = max(0.0, shared - values.start)
            self._choose(values, monotonic)
            problems = self._refused.told(values.digest, monotonic)
            if problems:
                self._tell(problems)
            if self.aired is not None and self._proven:
                self._evaluate(self.aired, self._own(self.aired, values), monotonic)
            if self.aired is None or self.aired.name == values.words.get("scene"):
                self._start = values.start
        elif self._wanted is not None:
            self.take(*self._wanted, monotonic)
        words = values.words if values is not None else {}
        self._hear(words.get("texts"))
        if self.aired is not None:
            self.aired.layers.solo = str(words.get("solo", ""))
        self._advance(shared - self._start, wall, words.get("time"))

    def _hear(self, texts: Any) -> None:
        """Unpacks what is said where it is new, and tells it to the scene on air."""
        if texts is None or texts[0] == self._heard[0]:
            return
        self._heard = texts[0], msgspec.msgpack.decode(texts[1])
        if self.aired is not None:
            self.aired.layers.hear(self._heard[1])

    def _choose(self, values: Values, now: float) -> None:
        """Towards the feed's scene where it is another; else towards those of the show that are not ready yet."""
        name, peers = str(values.words.get("scene", "")), tuple(values.words.get("peers", ()))
        aired = self.aired
        try:
            if aired is None or aired.layout.digest != values.digest:
                if name and self._refused.may(values, now):
                    self.take(name, peers, now, values)
            elif self._proven:
                self.coming.ahead([str(one) for one in values.words.get("show", ()) if one != name], peers, self.size)
            elif self._refused.may(values, now):
                self._proven = self.coming.proven(aired.made, values, self.size, self._since)
        except Fault as fault:
            if self._proven:
                self._tell(fault.problems)
            else:
                self._refused.note(values.digest, fault, now)

    def _own(self, aired: Aired, values: Values) -> Values:
        """The values by the layout of the scene on air, which may not be the feed's (yet)."""
        if values.digest == aired.layout.digest:
            self._columns, self._bridge = values.columns, None
            return values
        if self._bridge is None or self._bridge.feed != values.digest:
            feed = self.coming.layout(values.digest)
            if feed is None:
                return values._replace(columns=self._columns, slopes=np.zeros(len(self._columns)))
            alike = aired.name == values.words.get("scene")
            self._bridge = Bridge(feed, aired.layout, alike, self._columns)
        return self._bridge.over(values)

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
