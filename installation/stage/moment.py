"""When a frame is."""

from __future__ import annotations

from typing import NamedTuple


class Moment(NamedTuple):
    """When a frame is: seconds of the scene, seconds since the frame before, its number, the local date."""

    time: float = 0.0
    delta: float = 0.0
    frame: int = 0
    date: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
