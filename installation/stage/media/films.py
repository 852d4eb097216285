"""A film as a texture: the frame shown is a function of the scene's time, decoded ahead in the child.

At the scene's second t the film stands at `start + t · speed`, modulo its duration when it loops, else held at its
first and last frame. Where decoding is slower than that, the newest frame that is ready is shown, and it is told.
"""

from __future__ import annotations

import math
from typing import Any

import moderngl

from installation.score.picture import Picture
from installation.score.problem import Problem
from installation.stage.media.bounds import SIDE
from installation.stage.media.decoding import Decoding, taken
from installation.stage.media.ring import BEGIN, BUSY, PINNED, SERIAL, SPEED, WANTED, Ring
from installation.stage.media.source_words import FAULTS, spoken
from installation.stage.media.stills import Size, clamped, placeholder

_JUMP = 0.25
"""Seconds from one frame to the next; more, or less than none, is a jump: nothing from before it is shown again."""
_LATE = 2.0
"""Seconds, in all, during which no frame was there in time; then it is told."""


class Film:
    """A video file. Its texture is one transparent pixel until the first frame is there."""

    history = False

    def __init__(self, context: moderngl.Context, picture: Picture, decoding: Decoding) -> None:
        self._context, self._decoding, self._picture = context, decoding, picture
        self.texture = placeholder(context)
        self.problems: list[Problem] = []
        """All that was found, each once."""
        self._ring: Ring | None = None
        self._views: list[memoryview[int]] = []
        self.duration = 0.0
        """Seconds; 0 until the film is open."""
        self._shown, self._floor, self._begin = 0, 0, 0.0
        self._before, self._late, self._step = math.nan, 0.0, 0.0
        self._failed = False
        side = min(SIDE, int(context.info["GL_MAX_TEXTURE_SIZE"]))
        self._work = {
            "kind": "video", "file": picture.name, "side": side, "loop": picture.loop, "speed": picture.speed,
            "wanted": max(picture.start, 0.0),
        }  # fmt: skip
        self._order = decoding.ask(self._work, self)

    @property
    def size(self) -> Size:
        """Of the texture, in pixels; (1, 1) until there is a frame."""
        return self.texture.size

    @property
    def ready(self) -> bool:
        """Whether it is open, or known to be at fault."""
        return self._ring is not None or self._failed

    def answered(self, answer: dict[str, Any]) -> None:
        """Takes the child's answer."""
        if "fault" in answer:
            self.tell(answer["fault"], answer["words"])
            self._failed = self._failed or bool(answer.get("done")) or answer["fault"] in ("hung", "fatal")
        elif "lost" in answer:
            self._let_go()
        elif "memory" in answer:
            self._open(answer)

    def _open(self, answer: dict[str, Any]) -> None:
        self._let_go()
        size = answer["size"][0], answer["size"][1]
        try:
            self._ring = Ring(taken(answer["memory"]), size, answer["count"])
        except OSError as stop:
            self.tell("memory", {"why": str(stop)})
            return
        self.duration = answer["duration"]
        self._views = [pixels.data.cast("B") for pixels in self._ring.pixels]
        self._shown = self._floor = 0
        self._before = math.nan

    def _let_go(self) -> None:
        if self._ring is not None:
            for view in self._views:
                view.release()
            self._views = []
            self._ring.close()
            self._ring = None

    def busy(self) -> bool:
        """Whether the child was decoding this film a moment ago."""
        return self._ring is not None and self._ring.head[BUSY] > 0.0

    def tell(self, fault: str, words: dict[str, Any]) -> None:
        """Keeps a problem, unless one of its kind is known."""
        if not any(problem.row is FAULTS[fault] for problem in self.problems):
            self.problems.append(Problem(self._picture.name, 0, FAULTS[fault], spoken(words)))

    def position(self, time: float) -> float:
        """The second of the film at the scene's second `time`: 0 up to, but without, its duration."""
        at = self._picture.start + time * self._picture.speed
        if not math.isfinite(at):
            return 0.0
        if self._picture.loop:
            at %= self.duration
        return min(max(at, 0.0), math.nextafter(self.duration, 0.0))

    def update(self, time: float) -> None:
        """Once a frame before drawing; never waits."""
        self._decoding.poll()
        if self._ring is None:
            return
        at = self._want(time)
        slot = self._ring.covering(at)
        self._judge(slot >= 0)
        if slot < 0:
            slot = self._newest(at)
        if slot >= 0:
            self._show(slot)

    def settle(self, time: float, seconds: float = 30.0) -> bool:
        """Waits until the very frame for `time` is the texture; for offline drawing. False when it is not to be had."""
        if not self._decoding.until(lambda: self.ready, seconds) or self._ring is None:
            if not self._failed:
                self.tell("slow", {"seconds": seconds})
            return False
        self._want(time)
        self._decoding.poke(self._order)
        if not self._decoding.until(lambda: self._exact(time), seconds):
            self.tell("slow", {"seconds": seconds})
            return False
        return True

    def _exact(self, time: float) -> bool:
        if self._ring is None:  # the child was lost; the next one opens the film again
            return self._failed
        at = self._want(time)
        slot = self._ring.covering(at)
        # The decoder may have put another frame there between the two looks: asked again once it is the texture.
        return slot >= 0 and self._show(slot) and self._ring.covers(slot, at)

    def _want(self, time: float) -> float:
        """Tells the decoder where the film stands, and notices a jump."""
        assert self._ring is not None
        at = self.position(time)
        self._ring.head[WANTED], self._ring.head[SPEED] = at, self._picture.speed
        moved = time - self._before
        self._before = time
        if not 0.0 <= moved <= _JUMP:
            self._floor, self._late = int(self._ring.table[:, SERIAL].max()), 0.0
            self._step = 0.0
        else:
            self._step = abs(moved)
        return at

    def _judge(self, there: bool) -> None:
        """Counts for how long no frame was there in time; one that was makes up for a quarter of one that was not."""
        self._late = max(0.0, self._late + self._step * (-0.25 if there else 1.0))
        if self._late > _LATE:
            self.tell("late", {})

    def _newest(self, at: float) -> int:
        """A frame nearer to `at` than the one that is shown, decoded since the last jump; -1 when there is none."""
        assert self._ring is not None
        best, least = -1, self._behind(at, self._begin) if self._shown > self._floor else math.inf
        for slot, (serial, begin, _, _) in enumerate(self._ring.table.tolist()):
            behind = self._behind(at, begin)
            if serial > self._floor and 0.0 <= behind < least:
                best, least = slot, behind
        return best

    def _behind(self, at: float, begin: float) -> float:
        """How long before `at` a frame begins, in the direction in which the film runs."""
        behind = (at - begin) * math.copysign(1.0, self._picture.speed)
        return behind % self.duration if self._picture.loop else behind

    def _show(self, slot: int) -> bool:
        """Brings a frame to the driver unless it is there; whether it is whole."""
        ring = self._ring
        assert ring is not None
        ring.head[PINNED] = slot
        serial = int(ring.table[slot, SERIAL])
        if serial == self._shown and self.texture.size == ring.size:
            return True
        if serial <= 0:
            return False
        if self.texture.size != ring.size:
            self.texture.release()
            self.texture = clamped(self._context, ring.size)
        self.texture.write(self._views[slot])
        whole = int(ring.table[slot, SERIAL]) == serial
        self._shown, self._begin = serial if whole else 0, float(ring.table[slot, BEGIN])
        return whole

    def release(self) -> None:
        """Gives everything back; the child closes the file."""
        self._decoding.drop(self._order)
        self._let_go()
        self.texture.release()
