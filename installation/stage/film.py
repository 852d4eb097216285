"""A show drawn again from its values, two cities side by side: what `demo --out` writes.

The picture is a function of the values and the time, so rows of numbers are enough; the film is drawn at its own size
and rate after the show, and costs the show nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from installation.feed import Values
from installation.score.scene import Scene, laid_out
from installation.stage import pixels
from installation.stage.again import Again
from installation.stage.context import headless
from installation.stage.layers import Layers, Moment, Tools
from installation.stage.offline import dated
from installation.stage.passes import canvas

Size = tuple[int, int]
RATE = 60.0
"""Frames a second before a picture, where a scene remembers them: those of the wall."""


class _Shore:
    """One city's picture, drawn from its rows."""

    def __init__(self, tools: Tools, rows: Sequence[Values], load: Callable[[str], Scene], size: Size) -> None:
        self.tools, self.rows, self.load, self.size = tools, rows, load, size
        self.texture, self.frame = canvas(tools.context, size)
        self.at = self.index = 0
        self.digest = b""
        self.layers: Layers | None = None
        self.again: Again | None = None

    def remembers(self) -> bool:
        """Whether the last of the scenes shown draws from its own frames before."""
        self._take_up(self.rows[-1])
        found = self.layers is not None and self.layers.history
        self.digest = b""
        return found

    def pixels(self) -> pixels.Pixels:
        """What was drawn last."""
        return pixels.rgba(self.frame, self.size)

    def draw(self, now: float, delta: float) -> None:
        """Draws the picture at the monotonic instant `now`."""
        while self.at + 1 < len(self.rows) and self.rows[self.at + 1].monotonic <= now:
            self.at += 1
        values = self.rows[self.at]
        if values.digest != self.digest:
            self._take_up(values)
        if self.layers is not None and self.again is not None:
            row = self.again.at(values.columns, values.slopes, min(max(now - values.monotonic, 0.0), 0.05))
            time = values.shared + (now - values.monotonic) * values.rate - values.start
            moment = Moment(max(time, 0.0), delta if self.index else 0.0, self.index, dated(values.shared))
            self.layers.draw(self.frame, row, moment)
            self.index += 1

    def _take_up(self, values: Values) -> None:
        scene = self.load(str(values.words["scene"]))
        layout = laid_out(scene, tuple(values.words["peers"]))
        if layout.digest == values.digest:
            if self.layers is not None:
                self.layers.release()
            self.layers, self.again = Layers(self.tools, scene, layout, self.size), Again(scene, layout)
            self.layers.settled = True
            self.digest, self.index = values.digest, 0


def side_by_side(
    out: str,
    cities: Sequence[Sequence[Values]],
    load: Callable[[str], Any],
    size: Size,
    fps: float,
    tools: Tools | None = None,
) -> None:
    """Writes `out`: a PNG of the last moment, or a film of all. `size` is one city's; the file is twice as wide.

    `tools` are those of the process where it has some: a second context beside the first is not sound.
    Raises NoGL, NoVideo, Fault, OSError.
    """
    tools = tools or Tools(headless())
    shores = [_Shore(tools, rows, load, size) for rows in cities]
    begun = max(rows[0].monotonic for rows in cities)
    ended = min(rows[-1].monotonic for rows in cities)
    if out.endswith(".png"):
        # A scene that remembers is drawn from as far back as there are rows, so that it has something to remember.
        steps = int(max(0.0, ended - begun) * RATE) if any([shore.remembers() for shore in shores]) else 0
        for left in range(steps, -1, -1):
            for shore in shores:
                shore.draw(ended - left / RATE, 1.0 / RATE)
        pixels.png(out, _beside([shore.pixels() for shore in shores]))
        return
    film = pixels.Video(out, (size[0] * len(cities), size[1]), fps)
    for number in range(max(1, int((ended - begun) * fps))):
        for shore in shores:
            shore.draw(begun + number / fps, 1.0 / fps)
        film.write(_beside([shore.pixels() for shore in shores]))
    film.close()


def _beside(pictures: Sequence[pixels.Pixels]) -> pixels.Pixels:
    return np.ascontiguousarray(np.concatenate(pictures, axis=1))
