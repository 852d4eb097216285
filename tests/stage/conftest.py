"""One GL context for the whole process: a second one beside it is not sound, so windows are tested in children."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from installation.score.layout import Layout
from installation.score.scene import Scene, Source, from_shader, laid_out
from installation.stage.context import headless
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.offline import assign
from installation.stage.passes import canvas
from installation.stage.pixels import rgba

Draw = Callable[..., np.ndarray]


@pytest.fixture(scope="session")
def tools() -> Iterator[Tools]:
    made = Tools(headless())
    yield made
    made.close()


def scene(text: str, file: str = "a.fs") -> Scene:
    return from_shader(file.removesuffix(".fs"), Source(file, text))


@pytest.fixture
def draw(tools: Tools) -> Draw:
    """Draws an ISF text (or a scene) and gives its bytes, the top row first."""

    def drawn(
        what: str | Scene,
        size: tuple[int, int] = (8, 4),
        moments: tuple[Moment, ...] = (Moment(),),
        settled: bool = False,
        **values: Any,
    ) -> np.ndarray:
        wanted = scene(what) if isinstance(what, str) else what
        layout: Layout = laid_out(wanted, ())
        row = defaults(layout)
        assign(row, layout, wanted, {name: str(value) for name, value in values.items()})
        layers = Layers(tools, wanted, layout, size)
        layers.settled = settled
        texture, frame = canvas(tools.context, size)
        for moment in moments:
            layers.draw(frame, row, moment)
        picture = rgba(frame, size).copy()
        layers.release()
        frame.release()
        texture.release()
        return picture

    return drawn
