"""A scene on the driver: its layers drawn one over the other, from one row of values.

One layer alone goes straight to the output. A filter (an ISF with `inputImage`) is given what lies below it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple, TypeVar, cast

import moderngl
import numpy as np
import numpy.typing as npt

from installation.score.isf import Shader
from installation.score.layout import Layout, Slot
from installation.score.problem import Fault, Problem
from installation.score.scene import BLENDS, Layer, Scene, bound
from installation.stage.context import version
from installation.stage.passes import Passes, Size, canvas
from installation.stage.program import Block, Compiled, compiled

INPUT = "inputImage"
T = TypeVar("T")

_CORNERS = """#version {version} core
out vec2 at;
void main() {{
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    at = corner * 0.5 + 0.5;
    gl_Position = vec4(corner, 0.0, 1.0);
}}
"""
_COPY = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D from;
void main() {{ color = texture(from, at); }}
"""
# The formulae of W3C Compositing and Blending Level 1, on straight alpha in display space as ISF hosts blend.
_BLEND = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D below;
uniform sampler2D layer;
uniform int blend;
uniform float opacity;
uniform bool filters;
vec3 blended(vec3 b, vec3 s) {{
    if (blend == 1) return min(b + s, 1.0);
    if (blend == 2) return b * s;
    if (blend == 3) return b + s - b * s;
    if (blend == 4) return max(b, s);
    if (blend == 5) return min(b, s);
    if (blend == 6) return abs(b - s);
    return s;
}}
void main() {{
    vec4 b = texture(below, at), s = texture(layer, at);
    if (filters && blend == 0) {{ color = mix(b, s, opacity); return; }}
    s.a *= opacity;
    float a = s.a + b.a * (1.0 - s.a);
    vec3 c = s.a * (1.0 - b.a) * s.rgb + s.a * b.a * blended(b.rgb, s.rgb) + (1.0 - s.a) * b.a * b.rgb;
    color = vec4(a > 0.0 ? c / a : c, a);
}}
"""


class Moment(NamedTuple):
    """When a frame is: seconds of the scene, seconds since the frame before, its number, the local date."""

    time: float = 0.0
    delta: float = 0.0
    frame: int = 0
    date: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


class Tools:
    """What every scene on one context shares: copying, blending, and the textures that stand for nothing."""

    def __init__(self, context: moderngl.Context) -> None:
        self.context = context
        corners, glsl = _CORNERS.format(version=version(context)), version(context)
        self._copy = context.program(vertex_shader=corners, fragment_shader=_COPY.format(version=glsl))
        self._blend = context.program(vertex_shader=corners, fragment_shader=_BLEND.format(version=glsl))
        self._copying = context.vertex_array(self._copy, [])
        self.blending = context.vertex_array(self._blend, [])
        self._blended: tuple[str, float, bool] = ("", 0.0, False)
        self._blend["layer"].value = 1  # type: ignore[union-attr]
        self.blank = context.texture((1, 1), 4, b"\0\0\0\0")
        self.black = context.texture((1, 1), 4, b"\0\0\0\xff")

    def copy(self, texture: moderngl.Texture, frame: moderngl.Framebuffer) -> None:
        """Draws a texture over the whole of a frame, scaled linearly."""
        frame.use()
        texture.use(0)
        self._copying.render(moderngl.TRIANGLES, 3)

    def blend(
        self,
        below: moderngl.Texture,
        layer: moderngl.Texture,
        frame: moderngl.Framebuffer,
        how: str,
        opacity: float,
        filters: bool,
    ) -> None:
        """Draws `layer` over `below` into `frame`; `how` is one of BLENDS."""
        if (how, opacity, filters) != self._blended:
            self._blended = how, opacity, filters
            for name, value in (("blend", BLENDS.index(how)), ("opacity", opacity), ("filters", filters)):
                self._blend[name].value = value  # type: ignore[union-attr]
        frame.use()
        below.use(0)
        layer.use(1)
        self.blending.render(moderngl.TRIANGLES, 3)


class Layers:
    """A scene, compiled and bound to a layout. Raises Fault with every problem of every layer."""

    def __init__(
        self,
        tools: Tools,
        scene: Scene,
        layout: Layout,
        size: Size,
        before: Callable[[], None] = lambda: None,
        ready: list[Compiled] | None = None,
    ) -> None:
        """`before` is called before each program is compiled; `ready` are the programs where that has been done.

        `after`, where it is set, is called with each layer's name when it has been drawn.
        """
        self.scene, self.layout, self._tools = scene, layout, tools
        self.after: Callable[[str], None] | None = None
        if ready is None:
            ready = ended(compiling(tools.context, scene, before))
        counts = [len(layer.shader.passes) for layer in scene.layers]
        self.block = Block(tools.context, [c.text for c, n in zip(ready, counts, strict=True) for _ in range(n)])
        self._passes = [
            Passes(tools.context, layer.shader, one, self.block, sum(counts[:n]), tools.blank, tools.copy)
            for n, (layer, one) in enumerate(zip(scene.layers, ready, strict=True))
        ]
        self._link(counts)
        self._opacities = [_opacity(layer, layout) for layer in scene.layers]
        self._canvases: list[tuple[moderngl.Texture, moderngl.Framebuffer]] = []
        self.size: Size = (0, 0)
        self.resize(size)

    def _link(self, counts: list[int]) -> None:
        """From which column each number of the block comes; what no column feeds keeps its default."""
        floats: list[tuple[int, int]] = []
        ints: list[tuple[int, int]] = []
        self._names: list[dict[str, int]] = []
        section = 0
        for layer, count in zip(self.scene.layers, counts, strict=True):
            slots = {p.name: bound(self.scene, layer.name, p.name, self.layout) for p in layer.shader.parameters}
            self._names.append({name: slot.offset for name, slot in slots.items() if slot is not None})
            for at in range(section, section + count):
                self._link_pass(at, layer.shader, slots, floats, ints)
            section += count
        self._float_from, self._float_to = _columns(floats)
        self._int_from, self._int_to = _columns(ints)
        times, deltas, dates = (self.block.places(name) for name in ("TIME", "TIMEDELTA", "DATE"))
        whens = (
            [(0, at) for at in times] + [(1, at) for at in deltas] + [(2 + n, at + n) for at in dates for n in range(4)]
        )
        self._when_from, self._when_to = _columns(whens)
        self._when = np.zeros(6)
        self._index = self.block.places("FRAMEINDEX")

    def _link_pass(
        self,
        section: int,
        shader: Shader,
        slots: dict[str, Slot | None],
        floats: list[tuple[int, int]],
        ints: list[tuple[int, int]],
    ) -> None:
        for parameter in shader.parameters:
            slot = slots[parameter.name]
            if slot is None or slot.parameter.width != parameter.width:
                self.block.set(section, parameter.name, *parameter.default)
                continue
            whole = parameter.kind in ("bool", "long", "event")
            start = self.block.place(section, parameter.name)
            (ints if whole else floats).extend((slot.offset + n, start + n) for n in range(parameter.width))

    @property
    def history(self) -> bool:
        """Whether the picture depends on earlier frames, and not on values and time alone."""
        return any(passes.history for passes in self._passes)

    @property
    def count(self) -> int:
        """How many passes one frame draws."""
        return sum(len(passes.shader.passes) for passes in self._passes)

    def feed(self, name: str, texture: moderngl.Texture) -> None:
        """Gives every layer's image input of this name a picture."""
        for passes in self._passes:
            if name in passes.ready.text.samplers:
                passes.feed(name, texture)

    def resize(self, size: Size) -> None:
        """The size of the picture, from the next frame on."""
        if size == self.size:
            return
        self.size = size
        _release(self._canvases)
        self._canvases = [canvas(self._tools.context, size) for _ in range(3)] if not self._straight else []

    @property
    def _straight(self) -> bool:
        layer = self.scene.layers[0]
        return len(self.scene.layers) == 1 and self._opacities[0] < 0 and _plain(layer, layer.opacity, True, False)

    def draw(self, output: moderngl.Framebuffer, row: npt.NDArray[np.float64], moment: Moment) -> None:
        """One frame onto `output`. `row` holds a number for each column of the layout, evaluated and clamped."""
        self._fill(row, moment)
        below: moderngl.Texture | None = None
        last = len(self._passes) - 1
        for n, (layer, passes) in enumerate(zip(self.scene.layers, self._passes, strict=True)):
            into = output if n == last else self._canvases[n % 2][1]
            column = self._opacities[n]
            self._draw_layer(layer, passes, below, into, layer.opacity if column < 0 else float(row[column]), n == 0)
            if self.after is not None:
                self.after(layer.name)
            below = None if n == last else self._canvases[n % 2][0]

    def warm(
        self, output: moderngl.Framebuffer, row: npt.NDArray[np.float64], before: Callable[[], None]
    ) -> Iterator[None]:
        """Draws nothing with every program, one a step; a driver then compiles to the end what it would put off."""
        self._fill(row, Moment())
        for passes in self._passes:
            yield from passes.warm(output, before)

    def forget(self) -> None:
        """Empties what passes remember."""
        for passes in self._passes:
            passes.forget()

    def inherit(self, old: Layers) -> None:
        """Takes over what the same buffers of an earlier version of the scene remember."""
        theirs = {layer.name: passes for layer, passes in zip(old.scene.layers, old._passes, strict=True)}
        for layer, passes in zip(self.scene.layers, self._passes, strict=True):
            if layer.name in theirs:
                passes.inherit(theirs[layer.name])

    def _fill(self, row: npt.NDArray[np.float64], moment: Moment) -> None:
        block = self.block
        for names, passes in zip(self._names, self._passes, strict=True):
            if passes.live or passes.size != self.size:
                passes.measure(self.size, {name: float(row[at]) for name, at in names.items()})
        block.floats[self._float_to] = row[self._float_from]
        if self._int_to.size:
            block.ints[self._int_to] = np.rint(row[self._int_from])
        self._when[:] = (moment.time, moment.delta, *moment.date)
        block.floats[self._when_to] = self._when[self._when_from]
        block.ints[self._index] = moment.frame
        block.write()

    def _draw_layer(
        self,
        layer: Layer,
        passes: Passes,
        below: moderngl.Texture | None,
        into: moderngl.Framebuffer,
        opacity: float,
        first: bool,
    ) -> None:
        filters = INPUT in passes.ready.text.samplers
        if filters and below is not None:
            passes.feed(INPUT, below)
        if _plain(layer, opacity, first, filters):
            passes.draw(into)
            return
        own, frame = self._canvases[2]
        passes.draw(frame)
        self._tools.blend(below or self._tools.black, own, into, layer.blend, opacity, filters)

    def release(self) -> None:
        """Gives everything back to the driver."""
        _release(self._canvases)
        self._canvases = []
        for passes in self._passes:
            passes.release()
        self.block.release()


def _opacity(layer: Layer, layout: Layout) -> int:
    """The column of the layer's opacity; -1 where the scene holds it still, or means a shader's input by that name."""
    slot = layout.slots.get(f"/scene/{layer.name}/opacity")
    return -1 if slot is None or any(one.name == "opacity" for one in layer.shader.parameters) else slot.offset


def _plain(layer: Layer, opacity: float, first: bool, filters: bool) -> bool:
    """Whether the layer's own drawing is the result, with nothing to blend."""
    return opacity >= 1.0 and layer.blend == "over" and (first or filters)


def compiling(
    context: moderngl.Context, scene: Scene, before: Callable[[], None]
) -> Generator[None, None, list[Compiled]]:
    """Compiles a scene's programs, one a step, and returns them. Raises Fault with every problem of every layer."""
    ready: list[Compiled] = []
    problems: list[Problem] = []
    for layer in scene.layers:
        before()
        try:
            ready.append(compiled(context, layer.shader))
        except Fault as fault:
            problems += fault.problems
        yield
    if problems:
        for one in ready:
            one.release()
        raise Fault(problems)
    return ready


def ended(steps: Generator[Any, None, T]) -> T:
    """What a work of several steps returns, all of them taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(T, end.value)


def _columns(pairs: list[tuple[int, int]]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    return np.array([a for a, _ in pairs], np.intp), np.array([b for _, b in pairs], np.intp)


def _release(canvases: list[tuple[moderngl.Texture, moderngl.Framebuffer]]) -> None:
    for texture, frame in canvases:
        frame.release()
        texture.release()


def defaults(layout: Layout) -> npt.NDArray[np.float64]:
    """The row in which every value is at its default."""
    row = np.zeros(layout.size)
    for slot in layout.slots.values():
        row[slot.offset : slot.offset + slot.parameter.width] = slot.parameter.default
    return row
