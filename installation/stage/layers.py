"""A scene on the driver: its layers drawn one over the other, from one row of values.

One plain shader goes straight to the output, its bytes its own. A composed scene is drawn in 16-bit floats and dithered
at the end. A filter (an ISF with `inputImage`) is given what lies below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import moderngl
import numpy as np
import numpy.typing as npt

from installation.score.layout import Layout
from installation.score.picture import Picture
from installation.score.problem import Problem
from installation.score.scene import Layer, Scene, arrival, laid_out
from installation.stage.behaviour import Behaviour
from installation.stage.blending import Over
from installation.stage.compiling import compiling
from installation.stage.compose import Tools
from installation.stage.drawn import Drawn, Numbers, Pair, Source, path_of
from installation.stage.guard.room import ROOM
from installation.stage.links import Links
from installation.stage.moment import Moment
from installation.stage.passes import Passes, Size
from installation.stage.program import Block, Compiled, ended
from installation.stage.python_sources import python_made
from installation.stage.sources import Making, Sources

__all__ = ["Layers", "Moment", "Tools", "defaults"]


class Reader(NamedTuple):
    """An image input that is given another layer's picture, or the scene's last: whose, and whether of this frame."""

    passes: Passes
    name: str
    of: Drawn | None
    now: bool


class Layers:
    """A scene, compiled and bound to a layout. Raises Fault with every problem of every layer."""

    def __init__(
        self,
        tools: Tools,
        scene: Scene,
        layout: Layout,
        size: Size,
        before: Callable[[str], None] = lambda file: None,
        ready: Iterable[Compiled] | None = None,
        path: str = "",
    ) -> None:
        """`before` is called before each program is compiled; `ready` are the programs where that has been done.

        `path` is the layer that this scene is, in another. `after`, where it is set, is called with each layer's name
        when it has been drawn.
        """
        self.scene, self.layout, self.path, self._tools = scene, layout, path, tools
        self.solo, self.settled = "", False
        self.after: Callable[[str], None] | None = None
        every = list(scene.shaders)
        self._programs = iter(ended(compiling(tools.context, scene, before)) if ready is None else ready)
        ready = list(islice(self._programs, len(every)))
        counts = [len(layer.shader.passes) for layer in every]
        self.block = Block(tools.context, [c.text for c, n in zip(ready, counts, strict=True) for _ in range(n)])
        self._passes = [
            Passes(tools.context, layer.shader, one, self.block, sum(counts[:n]), tools.blank, tools.copy)
            for n, (layer, one) in enumerate(zip(every, ready, strict=True))
        ]
        self._links = Links(self.block, scene, layout, path, every, counts)
        self.drawn = self._all_drawn()
        self._inner: list[Inner] = []
        self.behaviour = Behaviour(scene, layout, size, path) if scene.code else None
        self.sources = self._all_sources(size)
        self._readers = self._all_readers()
        self.arrival = self._transition(size) if not path else None
        self._below, self._scratch = Pair(tools.context), Pair(tools.context)
        self._whole = Pair(tools.context) if any(one.of is None for one in self._readers) else None
        self.size: Size = (0, 0)
        self.resize(size)

    def _all_drawn(self) -> list[Drawn]:
        """Each layer with its filters; those that others read keep their pictures."""
        read = {one.name for one in _pictures(self.scene) if one.kind in ("layer", "before")}
        made, at = [], 0
        for layer in self.scene.layers:
            passes = self._passes[at : at + 1 + len(layer.filters)]
            at += len(passes)
            path, linear = path_of(self.path, layer.name), self.scene.light == "linear"
            made.append(Drawn(self._tools, layer, passes, path, self.layout, layer.name in read, linear))
        return made

    def _all_sources(self, size: Size) -> Sources:
        sources = Sources(
            Making(self._tools, self.scene, self.layout, self.path, size),
            {"scene": self._scene, **python_made(self.behaviour)},
        )
        for drawn in self.drawn:
            sources.fill(drawn.layer, drawn, self.behaviour.textures.known if self.behaviour else ())
            mask = drawn.layer.mask
            drawn.mask = sources.source(mask, drawn.layer) if mask and mask.kind not in ("layer", "before") else None
        return sources

    def _scene(self, making: Making, picture: Picture, layer: Layer) -> Source:
        """A scene that is a layer."""
        assert layer.scene is not None
        path = path_of(self.path, layer.name)
        inner = Inner(self._tools, layer.scene, self.layout, making.size, self._programs, path)
        self._inner.append(inner)
        return inner

    def _transition(self, size: Size) -> Layers | None:
        """How the scene comes in, ready to be drawn."""
        scene = arrival(self.scene)
        return Layers(self._tools, scene, laid_out(scene, ()), size, ready=self._programs) if scene else None

    def _all_readers(self) -> list[Reader]:
        by_name = {one.layer.name: (n, one) for n, one in enumerate(self.drawn)}
        found = []
        for at, drawn in enumerate(self.drawn):
            for number, layer in enumerate((drawn.layer, *drawn.layer.filters)):
                for name, picture in layer.pictures.items():
                    if picture.kind in ("layer", "before"):
                        n, of = by_name[picture.name] if picture.name else (at, None)
                        # What comes later has not been drawn yet in this frame: its front is still the last one's.
                        now = picture.kind == "layer" or n >= at
                        found.append(Reader(drawn.passes[number], name, of, now))
        return found

    @property
    def history(self) -> bool:
        """Whether the picture depends on earlier frames, and not on values and time alone."""
        own = any(passes.history for passes in self._passes) or any(one.stays for one in self.drawn)
        return (
            own
            or self.behaviour is not None
            or self.sources.history
            or any(one.of is None or not one.now for one in self._readers)
        )

    @property
    def count(self) -> int:
        """How many passes one frame draws."""
        return sum(len(passes.shader.passes) for passes in self._passes)

    def feed(self, name: str, texture: moderngl.Texture) -> None:
        """Gives every layer's image input of this name a picture."""
        for passes in self._passes:
            if name in passes.ready.text.samplers:
                passes.feed(name, texture)

    def scale(self, name: str, factor: float) -> None:
        """Draws a layer at a part of the picture's size, from the next frame on; 1 is all of it."""
        for drawn in self.drawn:
            if drawn.layer.name == name and drawn.factor != factor:
                drawn.factor = factor
                drawn.resize(self.size)

    def resize(self, size: Size) -> None:
        """The size of the picture, from the next frame on."""
        if size == self.size:
            return
        self.size = size
        if self.behaviour:
            self.behaviour.size = size
        self.sources.resize(size)
        if self.arrival:
            self.arrival.resize(size)
        for drawn in self.drawn:
            drawn.resize(size)
        for pair in (self._below, self._scratch):
            if self._straight:
                pair.release()
            else:
                pair.resize(size)
        if self._whole:
            self._whole.resize(size)

    @property
    def _straight(self) -> bool:
        """Whether its one shader draws onto the output itself."""
        return len(self.drawn) == 1 and not self._dithers and self.drawn[0].always_plain and not self._whole_is_read

    @property
    def _whole_is_read(self) -> bool:
        return any(one.of is None for one in self._readers)

    @property
    def _dithers(self) -> bool:
        return self.scene.composed and self.scene.dither and not self.path

    def draw(self, output: moderngl.Framebuffer, row: npt.NDArray[np.float64], moment: Moment) -> None:
        """One frame onto `output`. `row` holds a number for each column of the layout, evaluated and clamped."""
        if self.behaviour:
            self._act(self.behaviour, row, moment)
        self.sources.update(row, moment, self.settled)
        self._fill(row, moment)
        seen = self._seen(row)
        top = next(reversed(seen), None)
        below: moderngl.Texture | None = None
        for drawn in self.drawn:
            self._tell_readers(drawn)
            if drawn not in seen:
                if drawn.kept or drawn.history:
                    drawn.apart(row, moment.delta, self._scratch)
                continue
            last = drawn is top and not self._dithers and not self._whole
            into = output if last else self._below.back[1]
            self._draw_layer(drawn, seen[drawn], row, moment, below, into)
            if self.after is not None:
                self.after(drawn.layer.name)
            below = None
            if not last:
                self._below.swap()
                below = self._below.front
        self._finish(output, below, bool(seen))

    def hear(self, said: Mapping[str, Any]) -> None:
        """The words that are said now, by address: for text layers, for Python, for the scenes within."""
        self.sources.hear(said)
        if self.behaviour:
            self.behaviour.hear(said)
        for inner in self._inner:
            inner.layers.hear(said)

    def _seen(self, row: Numbers) -> dict[Drawn, Over]:
        """How each layer is drawn that is seen in this frame; above the first, one without opacity is not."""
        shown = (one for one in self.drawn if one.layer.shown and self.solo in ("", one.layer.name))
        overs = {one: one.over(row) for one in shown}
        return {one: over for n, (one, over) in enumerate(overs.items()) if n == 0 or over.opacity > 0.0}

    def _act(self, behaviour: Behaviour, row: Numbers, moment: Moment) -> None:
        """The Python scene's steps, and the words that it gives to text layers."""
        behaviour.update(row, moment, self.settled)
        while behaviour.texts.fresh:
            name = behaviour.texts.fresh.pop()
            self.sources.say(name, behaviour.texts[name])

    def problems(self) -> list[Problem]:
        """What has come up in buffers, pictures and Python since this was last asked."""
        own = [one for passes in self._passes for one in passes.told()]
        return [*own, *self.sources.problems(), *(self.behaviour.problems() if self.behaviour else ())]

    def faults(self) -> tuple[Problem, ...]:
        """The same of Python alone: a picture that is missing is no reason to refuse a scene."""
        own = self.behaviour.problems() if self.behaviour else []
        return (*own, *(problem for inner in self._inner for problem in inner.layers.faults()))

    def tells(self) -> list[tuple[str, tuple[float | str, ...]]]:
        """What Python scenes have told since this was last asked: addresses with their values."""
        own = self.behaviour.tells() if self.behaviour else []
        return own + [told for inner in self._inner for told in inner.layers.tells()]

    def _finish(self, output: moderngl.Framebuffer, below: moderngl.Texture | None, any_shown: bool) -> None:
        """Brings what was composed to the output."""
        if not any_shown:
            output.use()
            output.clear(0.0, 0.0, 0.0, 1.0)
        elif below is not None:
            if self._whole:
                self._tools.copy(below, self._whole.back[1])
                self._whole.swap()
            (self._tools.dither if self._dithers else self._tools.copy)(below, output)

    def _tell_readers(self, drawn: Drawn) -> None:
        """Gives this layer's inputs the pictures of other layers."""
        for one in self._readers:
            if one.passes in drawn.passes:
                one.passes.feed(one.name, self._read(one))

    def _read(self, one: Reader) -> moderngl.Texture:
        if one.of is None:
            return self._whole.front if self._whole else self._tools.blank
        assert one.of.kept is not None
        return one.of.kept.front if one.now else one.of.kept.back[0]

    def _draw_layer(
        self,
        drawn: Drawn,
        over: Over,
        row: Numbers,
        moment: Moment,
        below: moderngl.Texture | None,
        into: moderngl.Framebuffer,
    ) -> None:
        if drawn.filters and below is not None:
            drawn.passes[0].feed("inputImage", below)
        if drawn.plain(over, below is None):
            drawn.passes[0].draw(into)
            return
        own = drawn.apart(row, moment.delta, self._scratch)
        # A scene that is a layer keeps its transparency.
        ground = self._tools.blank if self.path else self._tools.black
        self._tools.blend(below or ground, own, into, over, self._mask(drawn))

    def _mask(self, drawn: Drawn) -> moderngl.Texture | None:
        mask = drawn.layer.mask
        if mask is None:
            return None
        if drawn.mask is not None:
            return drawn.mask.texture
        kept = next((one.kept for one in self.drawn if one.layer.name == mask.name), None)
        return kept.front if kept else (self._whole.front if self._whole else None)

    def warm(
        self, output: moderngl.Framebuffer, row: npt.NDArray[np.float64], before: Callable[[], None]
    ) -> Iterator[None]:
        """Draws nothing with every program, one a step; a driver then compiles to the end what it would put off."""
        self._fill(row, Moment())
        for passes in self._passes:
            yield from passes.warm(output, before)
        for kind in sorted({kind for one in self.drawn for kind in one.kinds}):
            before()
            self._tools.warm(kind, output)
            yield
        for inner in self._inner:
            yield from inner.layers.warm(output, row, before)
        if self.arrival:
            yield from self.arrival.warm(output, defaults(self.arrival.layout), before)

    def forget(self) -> None:
        """Empties what it remembers."""
        for drawn in self.drawn:
            drawn.forget()
        for inner in self._inner:
            inner.layers.forget()
        if self.behaviour:
            self.behaviour.forget()

    def inherit(self, old: Layers) -> None:
        """Takes over what the same layers of an earlier version of the scene remember."""
        theirs = {one.layer.name: one for one in old.drawn}
        for drawn in self.drawn:
            if drawn.layer.name in theirs:
                drawn.inherit(theirs[drawn.layer.name], self._tools.copy)
        if self.behaviour and old.behaviour:
            self.behaviour.inherit(old.behaviour)
        inner = {one.layers.path: one.layers for one in old._inner}
        for one in self._inner:
            if one.layers.path in inner:
                one.layers.inherit(inner[one.layers.path])

    def _fill(self, row: Numbers, moment: Moment) -> None:
        """Sizes where they may have changed, then all values to the driver."""
        number = 0
        for drawn in self.drawn:
            for passes in drawn.passes:
                if passes.live or passes.size != drawn.size:
                    passes.room = ROOM - sum(one.bytes for one in self._passes if one is not passes)
                    passes.measure(drawn.size, self._links.named(number, row))
                number += 1
        self._links.write(row, moment)

    def release(self) -> None:
        """Gives everything back to the driver."""
        for pair in (self._below, self._scratch, *([self._whole] if self._whole else [])):
            pair.release()
        for drawn in self.drawn:
            drawn.release()
        self.sources.release()
        if self.behaviour:
            self.behaviour.release()
        self.block.release()
        if self.arrival:
            self.arrival.release()


class Inner:
    """A scene that is a layer of another: a source like any other."""

    def __init__(
        self, tools: Tools, scene: Scene, layout: Layout, size: Size, ready: Iterable[Compiled], path: str
    ) -> None:
        self.layers = Layers(tools, scene, layout, size, ready=ready, path=path)
        self.problems: list[Problem] = []
        self._canvas = Pair(tools.context)
        self._canvas.resize(size)

    @property
    def history(self) -> bool:
        return self.layers.history

    @property
    def texture(self) -> moderngl.Texture:
        return self._canvas.front

    def update(self, row: Numbers, moment: Moment) -> None:
        self.layers.draw(self._canvas.back[1], row, moment)
        self._canvas.swap()
        self.problems += self.layers.problems()

    def settle(self, row: Numbers, moment: Moment) -> None:
        self.layers.settled = True
        self.update(row, moment)

    def resize(self, size: Size) -> None:
        self.layers.resize(size)
        self._canvas.resize(size)

    def release(self) -> None:
        self.layers.release()
        self._canvas.release()


def _pictures(scene: Scene) -> list[Picture]:
    """Every picture that the scene's layers read."""
    masks = [layer.mask for layer in scene.layers if layer.mask]
    return [*masks, *(picture for layer in scene.shaders for picture in layer.pictures.values())]


def defaults(layout: Layout) -> npt.NDArray[np.float64]:
    """The row in which every value is at its default."""
    row = np.zeros(layout.size)
    for slot in layout.slots.values():
        row[slot.offset : slot.offset + slot.parameter.width] = slot.parameter.default
    return row
