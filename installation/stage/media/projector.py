"""A film's thread in the decoding child: keeps the ring filled from the wanted second on, across the loop's seam."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from multiprocessing import shared_memory
from typing import Any

from installation.stage.media.film_file import FilmFile, Shown
from installation.stage.media.ring import BEGIN, BUSY, END, FEWEST, PINNED, SERIAL, SPEED, WANTED, Ring, bytes_of, slots

_REST = 0.004
_STALE = 0.1
"""Seconds of catching up after which a frame that is behind is shown all the same."""
_FAR = 0.5
"""Seconds ahead from which a keyframe nearer to the goal is looked for."""


class Projector:
    """Opens `file`, says so, then serves the ring until `stop`. Raises Refusal, OSError."""

    def __init__(
        self, order: dict[str, Any], say: Callable[..., None], memory: Callable[[int], shared_memory.SharedMemory]
    ) -> None:
        self._order, self._say, self._memory = order, say, memory
        self._loop = bool(order.get("loop", True))
        self.wake = threading.Event()
        self._stopped = False
        self._serial = 0
        self._last = 0.0

    def stop(self) -> None:
        """Ends `run` soon."""
        self._stopped = True
        self.wake.set()

    def run(self) -> None:
        """The life of a film."""
        self._film = film = FilmFile(self._order["file"], self._order["side"])
        self._tell()
        memory, count = self._room(slots(film.size))
        self._ring = ring = Ring(memory, film.size, count)
        ring.head[PINNED] = -1.0
        ring.head[WANTED], ring.head[SPEED] = self._order.get("wanted", 0.0), self._order.get("speed", 1.0)
        self._say(memory=memory.name, size=list(film.size), count=count, duration=film.duration)
        while not self._stopped:
            ring.head[BUSY] = 1.0
            worked = self._step()
            ring.head[BUSY] = 0.0
            if not worked:
                self.wake.wait(_REST)
                self.wake.clear()
        film.close()
        ring.close()

    def _room(self, count: int) -> tuple[shared_memory.SharedMemory, int]:
        """Memory for so many frames, or for fewer where there is little. Raises OSError."""
        while True:
            try:
                return self._memory(bytes_of(self._film.size, count)), count
            except OSError:
                if count <= FEWEST:
                    raise
                count = max(FEWEST, count // 2)

    def _tell(self) -> None:
        while self._film.told:
            fault, words = self._film.told.pop(0)
            self._say(fault=fault, words=words)

    def _step(self) -> bool:
        """Readies one more frame, or some; False when the ring holds what is wanted."""
        at, backwards = float(self._ring.head[WANTED]), self._ring.head[SPEED] < 0.0
        goal = self._behind(at) if backwards else self._ahead(at)
        if goal is None:
            return False
        if backwards and self._ring.covering(at) >= 0:
            self._fetch_before(goal)
        else:
            self._fetch(goal, at, backwards)
        self._tell()
        return True

    def _ahead(self, at: float) -> float | None:
        """The second from which on frames are lacking, playing forwards; None when enough are ready."""
        ring, slot = self._ring, self._ring.covering(at)
        if slot < 0:
            return at
        first = slot
        for _ in range(ring.count - 2):
            end = float(ring.table[slot, END])
            if end >= self._film.duration:
                if not self._loop:
                    return None
                end = 0.0
            slot = ring.covering(end)
            if slot < 0:
                return end
            if slot == first:
                return None
        return None

    def _behind(self, at: float) -> float | None:
        """The second up to which frames are lacking, playing backwards."""
        ring, slot = self._ring, self._ring.covering(at)
        if slot < 0:
            return at
        first = slot
        for _ in range(ring.count // 2):
            begin = float(ring.table[slot, BEGIN])
            if begin <= 0.0:
                if not self._loop:
                    return None
                begin = self._film.duration
            slot = ring.covering(math.nextafter(begin, 0.0))
            if slot < 0:
                return begin
            if slot == first:
                return None
        return None

    def _fetch(self, goal: float, at: float, backwards: bool) -> None:
        """Readies the frame that covers `goal`."""
        film = self._film
        if goal < film.at or (goal > film.at + _FAR and film.further(goal)):
            film.seek(goal)
        began = time.monotonic()
        while (shown := film.following()) is not None and not self._stopped:
            if goal < shown.end:
                self._publish(shown, at, backwards)
                return
            if time.monotonic() - began > _STALE:
                self._publish(shown, at, backwards)
                return

    def _fetch_before(self, goal: float) -> None:
        """Readies the frames that lead up to `goal`, half a ring at a time, since decoding goes forwards only."""
        film = self._film
        film.seek(max(0.0, goal - film.frame_time * (self._ring.count // 2)))
        kept: list[Shown] = []
        while (shown := film.following()) is not None and not self._stopped:
            if shown.begin < goal:
                kept = [*kept[-(self._ring.count // 2) + 1 :], shown]
            if shown.end >= goal:
                break
        for shown in reversed(kept):
            self._publish(shown, float(self._ring.head[WANTED]), True)

    def _publish(self, shown: Shown, at: float, backwards: bool) -> None:
        ring = self._ring
        slot = self._spare(at, backwards)
        ring.table[slot, SERIAL] = 0.0
        if int(ring.head[PINNED]) == slot:  # the stage began to read it at this very moment
            slot = self._spare(at, backwards)
            ring.table[slot, SERIAL] = 0.0
        self._film.paint(shown.frame, ring.pixels[slot])
        self._serial += 1
        ring.table[slot, BEGIN], ring.table[slot, END] = shown.begin, shown.end
        ring.table[slot, SERIAL] = self._serial

    def _spare(self, at: float, backwards: bool) -> int:
        """The slot whose frame will be wanted last."""
        pinned = int(self._ring.head[PINNED])
        far = [self._distance(n, at, backwards) if n != pinned else -1.0 for n in range(self._ring.count)]
        return far.index(max(far))

    def _distance(self, slot: int, at: float, backwards: bool) -> float:
        serial, begin, end, _ = (float(number) for number in self._ring.table[slot])
        if serial <= 0.0:
            return math.inf
        if begin <= at < end:
            return 0.0
        away = at - end if backwards else begin - at
        return away % self._film.duration if self._loop else (away if away >= 0.0 else 1e9 - away)
