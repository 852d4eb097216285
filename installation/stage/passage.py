"""The passage from one scene to the next by an ISF transition, both of them moving meanwhile."""

from __future__ import annotations

import moderngl

from installation.stage.compose import Tools
from installation.stage.drawn import Numbers, Pair
from installation.stage.layers import Layers, defaults
from installation.stage.moment import Moment
from installation.stage.passes import canvas

START, END, PROGRESS = "startImage", "endImage", "progress"


class Passage:
    """Draws two scenes and the transition over them. The one that goes keeps its last values; its time runs on."""

    def __init__(self, tools: Tools, before: tuple[Layers, Numbers, Moment], after: Layers, now: float) -> None:
        """`after` has an arrival; `now` is the monotonic time at which it begins."""
        assert after.arrival is not None
        self._layers, self._row, self._moment = before[0], before[1].copy(), before[2]
        self._arrival, self._begun, self.seconds = after.arrival, now, after.scene.seconds
        self._row_of_arrival = defaults(self._arrival.layout)
        slot = self._arrival.layout.slots[f"/scene/{PROGRESS}"]
        self._at, self._low, self._high = slot.offset, slot.parameter.low[0], slot.parameter.high[0]
        # Eight bits, as the wall has them: what is over white there must not shine through here.
        self._sides = Pair(tools.context, canvas), Pair(tools.context, canvas)

    def over(self, now: float) -> bool:
        """Whether the new scene is all that is seen."""
        return now - self._begun >= self.seconds

    def draw(self, frame: moderngl.Framebuffer, after: Layers, row: Numbers, moment: Moment, now: float) -> None:
        """One frame of the passage."""
        part = min(max((now - self._begun) / self.seconds, 0.0), 1.0) if self.seconds > 0 else 1.0
        for side, name in zip(self._sides, (START, END), strict=True):
            side.resize(after.size)
            self._arrival.feed(name, side.back[0])
        old = self._moment
        then = Moment(old.time + moment.delta, moment.delta, old.frame + 1, moment.date)
        self._layers.resize(after.size)
        self._layers.draw(self._sides[0].back[1], self._row, then)
        after.draw(self._sides[1].back[1], row, moment)
        self._moment = then
        self._row_of_arrival[self._at] = self._low + (self._high - self._low) * part
        self._arrival.draw(
            frame, self._row_of_arrival, Moment(now - self._begun, moment.delta, moment.frame, moment.date)
        )

    def release(self) -> None:
        """Gives its canvases back; the scenes belong to whoever made them."""
        for side in self._sides:
            side.release()
