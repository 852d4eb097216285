"""One layer at work: its passes and its filters', where its numbers stand in the row, the pictures that it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import moderngl
import numpy as np
import numpy.typing as npt

from installation.score.layout import Layout
from installation.score.problem import Problem
from installation.score.scene import Layer
from installation.stage.blending import UNMOVED, Kind, Over
from installation.stage.compose import Tools
from installation.stage.moment import Moment
from installation.stage.passes import Passes, Size

INPUT = "inputImage"
Numbers = npt.NDArray[np.float64]
Canvas = tuple[moderngl.Texture, moderngl.Framebuffer]
SIXTIETH = 1.0 / 60.0


def deep(context: moderngl.Context, size: Size) -> Canvas:
    """A canvas in 16-bit floats, transparent black at first, clamped at its edges and read linearly."""
    texture = context.texture(size, 4, dtype="f2")
    texture.repeat_x = texture.repeat_y = False
    texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
    frame = context.framebuffer([texture])
    frame.clear(0.0, 0.0, 0.0, 0.0)
    return texture, frame


class Pair:
    """Two canvases that take turns: `front` was drawn last, `back` the time before and is drawn next."""

    def __init__(self, context: moderngl.Context, make: Callable[[moderngl.Context, Size], Canvas] = deep) -> None:
        self._context, self._make = context, make
        self._sides: list[Canvas] = []
        self.size: Size = (0, 0)

    def resize(self, size: Size) -> None:
        """New canvases, empty, where the size is another."""
        if size != self.size:
            self.release()
            self.size, self._sides = size, [self._make(self._context, size) for _ in "ab"]

    @property
    def front(self) -> moderngl.Texture:
        return self._sides[0][0]

    @property
    def back(self) -> Canvas:
        return self._sides[1]

    def swap(self) -> None:
        self._sides.reverse()

    def clear(self) -> None:
        for _, frame in self._sides:
            frame.clear(0.0, 0.0, 0.0, 0.0)

    def release(self) -> None:
        for texture, frame in self._sides:
            frame.release()
            texture.release()
        self._sides, self.size = [], (0, 0)


class Source(Protocol):
    """One picture that changes or does not: see `sources`."""

    problems: list[Problem]

    @property
    def texture(self) -> moderngl.Texture:
        """What it shows now; another object at any time."""

    @property
    def history(self) -> bool:
        """Whether what it shows depends on earlier frames."""

    def update(self, row: Numbers, moment: Moment) -> None:
        """Before each frame; never waits."""

    def settle(self, row: Numbers, moment: Moment) -> None:
        """Waits until it shows just what belongs to this moment: for pictures drawn offline."""

    def resize(self, size: Size) -> None:
        """The picture is of another size."""

    def release(self) -> None:
        """Gives everything back."""


class Control:
    """One of the layer's own numbers: a column of the row, or what the scene says for good."""

    def __init__(self, layer: Layer, name: str, path: str, layout: Layout) -> None:
        shadowed = any(one.name == name for one in layer.shader.parameters)
        slot = None if shadowed else layout.slots.get(f"/scene/{path}/{name}")
        value = getattr(layer, name)
        self.numbers = value if isinstance(value, tuple) else (value,)
        self.at = -1 if slot is None else slot.offset

    def of(self, row: Numbers) -> tuple[float, ...]:
        """The numbers in this frame."""
        if self.at < 0:
            return self.numbers
        return tuple(row[self.at : self.at + len(self.numbers)].tolist())


class Drawn:
    """A layer, compiled. `kept` holds its last two pictures when somebody asks for them."""

    def __init__(
        self, tools: Tools, layer: Layer, passes: list[Passes], path: str, layout: Layout, kept: bool, linear: bool
    ) -> None:
        """`passes` are the layer's own and then its filters'."""
        self.layer, self.passes, self._tools, self._linear = layer, passes, tools, linear
        names = ("opacity", "position", "scale", "rotation", "feedback")
        self._controls = [Control(layer, name, path, layout) for name in names]
        self._still = all(one.at < 0 for one in self._controls)
        self.filters = INPUT in passes[0].ready.text.samplers and INPUT not in layer.pictures
        self.stays = layer.feedback > 0 or self._controls[4].at >= 0
        self.kept = Pair(tools.context) if kept or self.stays else None
        self.mask: Source | None = None
        self._small = Pair(tools.context)
        self.factor, self.size, self._over = 1.0, (0, 0), Over()
        self.once = Over(layer.blend, *self._constants())
        self._placed = any(one.at >= 0 for one in self._controls[1:4]) or self.once.place != UNMOVED

    def _constants(self) -> tuple[float, bool, bool, tuple[float, float, float, float]]:
        (opacity,), (x, y), (scale,), (turn,), _ = (one.numbers for one in self._controls)
        return opacity, self.filters, self._linear, (x, y, scale, turn)

    def over(self, row: Numbers) -> Over:
        """How it is drawn over what lies below, in this frame."""
        if self._still:
            return self.once
        (opacity,), (x, y), (scale,), (turn,), _ = (one.of(row) for one in self._controls)
        return Over(self.layer.blend, opacity, self.filters, self._linear, (x, y, scale, turn))

    @property
    def kinds(self) -> set[Kind]:
        """The ways in which it may be blended; also where nothing is blended until it is drawn smaller."""
        masked, moves = self.layer.mask is not None, any(one.at >= 0 for one in self._controls[1:4])
        kind = self.once.kind(masked)
        return {kind, (*kind[:4], True)} if moves else {kind}

    @property
    def always_plain(self) -> bool:
        """Whether its own drawing is the result in every frame, where it lies at the bottom."""
        return self._controls[0].at < 0 and self._controls[0].numbers[0] >= 1.0 and self._could_be_plain(True)

    def plain(self, over: Over, first: bool) -> bool:
        """Whether its own drawing is the result in this frame, with nothing to blend."""
        return over.opacity >= 1.0 and self._could_be_plain(first)

    def _could_be_plain(self, first: bool) -> bool:
        direct = self.kept is None and len(self.passes) == 1 and self.factor == 1.0
        whole = self.layer.blend == "over" and self.layer.mask is None and not self._placed
        # What is not a shader of the artist's is seldom opaque: at the bottom it lies over black, not beside its alpha.
        return direct and whole and (self.filters or (first and not self.layer.own))

    @property
    def history(self) -> bool:
        """Whether one of its shaders remembers what it drew."""
        return any(passes.history for passes in self.passes)

    def resize(self, size: Size) -> None:
        """The size at which it is drawn, `factor` of the picture's."""
        self.size = max(1, round(size[0] * self.factor)), max(1, round(size[1] * self.factor))
        if self.kept:
            self.kept.resize(self.size)
        if self.factor == 1.0:
            self._small.release()
        else:
            self._small.resize(self.size)

    def apart(self, row: Numbers, delta: float, shared: Pair) -> moderngl.Texture:
        """Its own picture: its passes, its filters one after the other, then what stays of the last.

        `shared` are two canvases of the picture's size that all layers may draw on in turn.
        """
        scratch = shared if self.factor == 1.0 else self._small
        final = self.kept if self.kept and not self.stays else scratch
        last = len(self.passes) - 1
        for number, passes in enumerate(self.passes):
            if number:
                passes.feed(INPUT, scratch.front)
            pair = final if number == last else scratch
            passes.draw(pair.back[1])
            pair.swap()
        if self.kept is None or not self.stays:
            return final.front
        amount = self._controls[4].of(row)[0]
        part = amount ** (delta / SIXTIETH) if 0.0 < amount < 1.0 else amount
        self._tools.stay(final.front, self.kept.front, self.kept.back[1], part)
        self.kept.swap()
        return self.kept.front

    def each(self, do: Callable[[Passes], None]) -> None:
        """Does something to its passes and its filters'."""
        for passes in self.passes:
            do(passes)

    def forget(self) -> None:
        """Empties what it remembers."""
        self.each(Passes.forget)
        if self.kept:
            self.kept.clear()

    def inherit(self, old: Drawn, copy: Callable[[moderngl.Texture, moderngl.Framebuffer], None]) -> None:
        """Takes over what the same layer of an earlier version remembers."""
        theirs = {one.shader.file: one for one in reversed(old.passes)}
        for passes in self.passes:
            if passes.shader.file in theirs:
                passes.inherit(theirs[passes.shader.file])
        if self.kept and old.kept and old.kept.size != (0, 0):
            self.kept.resize(self.size)
            copy(old.kept.front, self.kept.back[1])
            self.kept.swap()

    def release(self) -> None:
        """Gives everything back to the driver."""
        self.each(Passes.release)
        for pair in (self._small, *([self.kept] if self.kept else [])):
            pair.release()


def path_of(outer: str, name: str) -> str:
    """A layer's path: its name below that of the scene that is a layer, if it is in one."""
    return f"{outer}/{name}" if outer else name
