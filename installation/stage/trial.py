"""A new scene's trial: compiled and drawn once where nobody sees it, each step under an allowance of its own.

A scene that never ends is found out here, and the supervisor ends the process within seconds; the next one avoids it.
"""

from __future__ import annotations

from collections.abc import Callable

import moderngl
import numpy as np
import numpy.typing as npt

from installation.stage.heart import Heart
from installation.stage.layers import Layers, Moment
from installation.stage.passes import canvas


class Trial:
    """Tries scenes on one context, and says to the supervisor what it is about to do."""

    def __init__(self, heart: Heart, context: moderngl.Context) -> None:
        self._heart, self._context = heart, context

    def begin(self, digest: str) -> Callable[[], None]:
        """Names the scene, so that what dies of it is known; gives what is to be called before each compiling."""
        self._heart.scene(digest)
        return self._heart.compiling

    def draw(self, layers: Layers, row: npt.NDArray[np.float64]) -> None:
        """Draws the first frame; whatever the scene remembers of it is forgotten."""
        texture, frame = canvas(self._context, layers.size)
        layers.warm(frame, row, self._heart.compiling)
        self._heart.trying()
        layers.draw(frame, row, Moment())
        self._context.finish()
        self._heart.beat()
        layers.forget()
        frame.release()
        texture.release()
