"""From the row of values to the uniforms: which column each number of the block comes from, found once a scene."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from installation.score.layout import Layout, Slot
from installation.score.scene import Layer, Scene, bound
from installation.stage.drawn import Numbers, path_of
from installation.stage.moment import Moment
from installation.stage.program import Block

Indices = npt.NDArray[np.intp]


class Links:
    """The links of one scene. What no column feeds keeps its default."""

    def __init__(
        self, block: Block, scene: Scene, layout: Layout, path: str, every: Sequence[Layer], counts: Sequence[int]
    ) -> None:
        """`every` are the layers and their filters, each of as many sections of the block as `counts` says."""
        self._block, self._scene, self._layout, self._path = block, scene, layout, path
        self._columns: list[dict[str, int]] = []
        self._constants: list[dict[str, float]] = []
        floats: list[tuple[int, int]] = []
        ints: list[tuple[int, int]] = []
        section = 0
        for layer, count in zip(every, counts, strict=True):
            slots = {one.name: self._slot(layer, one.name) for one in layer.shader.parameters}
            self._columns.append({name: slot.offset for name, slot in slots.items() if slot is not None})
            still = (one for one in layer.shader.parameters if slots[one.name] is None)
            self._constants.append({one.name: one.default[0] for one in still})
            for at in range(section, section + count):
                self._section(at, layer, slots, floats, ints)
            section += count
        self._float_from, self._float_to = _indices(floats)
        self._int_from, self._int_to = _indices(ints)
        times, deltas, dates = (block.places(name) for name in ("TIME", "TIMEDELTA", "DATE"))
        whens = [(0, at) for at in times] + [(1, at) for at in deltas]
        whens += [(2 + n, at + n) for at in dates for n in range(4)]
        self._when_from, self._when_to = _indices(whens)
        self._when = np.zeros(6)
        self._index = block.places("FRAMEINDEX")

    def _slot(self, layer: Layer, name: str) -> Slot | None:
        """Where an input's numbers stand in the row; None for what stays as it is."""
        if name in layer.fixed:
            return None
        return bound(self._scene, path_of(self._path, layer.name), name, self._layout)

    def _section(
        self,
        section: int,
        layer: Layer,
        slots: dict[str, Slot | None],
        floats: list[tuple[int, int]],
        ints: list[tuple[int, int]],
    ) -> None:
        for parameter in layer.shader.parameters:
            slot = slots[parameter.name]
            if slot is None or slot.parameter.width != parameter.width:
                luck = parameter.name == "seed" and parameter.kind == "float"
                self._block.set(section, parameter.name, *((self._scene.luck,) if luck else parameter.default))
                continue
            whole = parameter.kind in ("bool", "long", "event")
            start = self._block.place(section, parameter.name)
            (ints if whole else floats).extend((slot.offset + n, start + n) for n in range(parameter.width))

    def named(self, number: int, row: Numbers) -> dict[str, float]:
        """The first number of each input of the layer `number` in `every`: for the sums of its passes' sizes."""
        return self._constants[number] | {name: float(row[at]) for name, at in self._columns[number].items()}

    def write(self, row: Numbers, moment: Moment) -> None:
        """All values of one frame, in one piece to the driver."""
        block = self._block
        block.floats[self._float_to] = row[self._float_from]
        if self._int_to.size:
            block.ints[self._int_to] = np.rint(row[self._int_from])
        self._when[:] = (moment.time, moment.delta, *moment.date)
        block.floats[self._when_to] = self._when[self._when_from]
        block.ints[self._index] = moment.frame
        block.write()


def _indices(pairs: list[tuple[int, int]]) -> tuple[Indices, Indices]:
    return np.array([a for a, _ in pairs], np.intp), np.array([b for _, b in pairs], np.intp)
