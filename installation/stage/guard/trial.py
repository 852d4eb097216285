"""A new scene's trial: compiled and drawn once where nobody sees it, a program a frame, each under an allowance.

A scene that the taster could not find out ends here at the latest: the supervisor ends the process within seconds,
and the next one avoids it.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar, cast

import moderngl
import numpy as np
import numpy.typing as npt

from installation.score.layout import Layout
from installation.score.scene import Scene
from installation.stage.compiling import compiling
from installation.stage.heart import Heart
from installation.stage.layers import Layers, Moment, Tools
from installation.stage.passes import Size, canvas

T = TypeVar("T")


class Trial:
    """Tries scenes on one context, and says to the supervisor what it is about to do."""

    def __init__(self, heart: Heart, context: moderngl.Context) -> None:
        self._heart, self._context = heart, context
        self._aired = ""

    @property
    def drawing(self) -> bool:
        """Whether a scene is on air meanwhile."""
        return bool(self._aired)

    def aired(self, digest: str) -> None:
        """Names the scene that is on air: what dies from here on dies of it."""
        self._aired = digest
        self._heart.scene(digest)

    def steps(
        self,
        tools: Tools,
        scene: Scene,
        layout: Layout,
        size: Size,
        row: npt.NDArray[np.float64],
        time: float = 0.0,
    ) -> Generator[None, None, Layers]:
        """Compiles a scene, a program a step, draws it once at `time`, and returns its layers. Raises Fault.

        Between two steps another scene may be drawn, so that each names its own anew.
        """
        programs = yield from self._named(scene, compiling(self._context, scene, lambda file: self._heart.compiling()))
        layers = Layers(tools, scene, layout, size, ready=programs)
        try:
            yield from self._named(scene, self._draw(layers, row, time))
        except GeneratorExit:
            layers.release()
            raise
        return layers

    def _named(self, scene: Scene, steps: Generator[None, None, T]) -> Generator[None, None, T]:
        while True:
            self._heart.scene(scene.digest)
            try:
                next(steps)
            except StopIteration as end:
                return cast(T, end.value)
            finally:
                if self._aired:
                    self._heart.scene(self._aired)
                    self._heart.beat()
            yield

    def _draw(self, layers: Layers, row: npt.NDArray[np.float64], time: float) -> Generator[None, None, None]:
        """Draws the first frame; whatever the scene remembers of it is forgotten."""
        texture, frame = canvas(self._context, layers.size)
        for _ in layers.warm(frame, row, self._heart.compiling):
            self._context.finish()
            yield
        self._heart.trying()
        layers.draw(frame, row, Moment(time))
        self._context.finish()
        self._heart.beat()
        layers.forget()
        frame.release()
        texture.release()
