"""The take that a scene ships for its echoes, as rows: what its hands and sensors did to the values, and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

import hardware.osc_pattern
from hardware import take
from hardware.driver import Trouble
from installation.control.echo import RATE, Key
from installation.control.echo_file import Rows
from installation.control.recording import DESK
from installation.control.replay import house_of
from installation.score.fitting import house_lines
from installation.score.layout import PRESENCE
from installation.score.patch import Patchbay, Touch
from installation.score.scene import Scene

MOST = 1_000_000
"""Rows of a take that are held at most."""


def shipped(scene: Scene, keys: tuple[Key, ...]) -> Rows | None:
    """The scene's own take as rows of `keys`, from 0 seconds on; None where there is none that can be read."""
    if not scene.echo_take:
        return None
    try:
        head, ticks = take.read(Path(scene.echo_take))
    except Trouble:
        return None
    parameters = (*scene.parameters, PRESENCE)
    of_house, _ = house_lines(house_of(head), scene.name, parameters)
    bay = Patchbay(parameters, (*scene.patches, *of_house), hardware.osc_pattern.matches)
    state = {one.address: list(one.default) for one in scene.parameters}
    state |= {one.address: [0.0] for one in scene.parameters if one.kind == "event"}
    state |= {a: list(numbers) for a, numbers in head.state.items() if a in state and len(numbers) == len(state[a])}
    return _rows(ticks, bay, state, keys)


def _rows(ticks: take.Ticks, bay: Patchbay, state: dict[str, list[float]], keys: tuple[Key, ...]) -> Rows | None:
    times: list[float] = []
    values: list[list[float]] = []
    first = last = None
    for tick in ticks:
        first = tick.time if first is None else first
        last = tick.time - first
        for touch in (*bay.apply(list(tick.events)), *_asked(tick)):
            _touched(state, touch, bay)
        row = [n for address, _, width in keys for n in state.get(address, [np.nan] * width)]
        if not values or (row != values[-1] and last - times[-1] >= 1.0 / RATE):
            times.append(last)
            values.append(row)
        if len(times) >= MOST:
            break
    ticks.close()
    if last is None or last <= 0.0:
        return None
    return Rows(np.array([*times, last]), np.array([*values, values[-1]]))


def _touched(state: dict[str, list[float]], touch: Touch, bay: Patchbay) -> None:
    numbers = state.get(touch.address)
    if numbers is None:
        return
    if bay.parameters[touch.address].kind == "event":
        numbers[0] += 1.0
    elif touch.component >= 0:
        numbers[touch.component] = touch.numbers[0]
    elif len(touch.numbers) == len(numbers):
        numbers[:] = touch.numbers


def _asked(tick: take.Tick) -> Iterator[Touch]:
    """What a person set by hand."""
    for one in tick.desk:
        if one.address == f"{DESK}set":
            try:
                request: dict[str, Any] = msgspec.json.decode(one.value[0])
                yield Touch(str(request["address"]), tuple(float(n) for n in request["value"]))
            except (msgspec.MsgspecError, KeyError, TypeError, ValueError, IndexError):
                continue
