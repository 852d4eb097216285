"""A drawn letter as a texture: white lines on nothing, drawn in the time in which they were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import moderngl
import numpy as np

from installation.score.problem import Problem
from installation.stage.context import version
from installation.stage.drawn import Numbers
from installation.stage.moment import Moment
from installation.stage.passes import Size, canvas

LARGEST, SMALLEST = 1024, 64
"""Pixels of the sheet's side: that of the picture's height, within these."""
WIDTH = 1.0 / 110.0
"""A line's width, as a part of the sheet's side."""
LONGEST = 14.0
"""Seconds that a drawing takes at most; what was written more slowly is drawn faster, all of it alike."""

# The largest coverage stands where lines cross: sums would show every joint as a bead.
_VERTEX = """#version {version} core
in vec4 ends;
uniform float radius;
out vec2 at;
flat out vec4 line;
void main() {{
    vec2 a = ends.xy, b = ends.zw, along = b - a;
    along = dot(along, along) > 1e-12 ? normalize(along) : vec2(1.0, 0.0);
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0, side = vec2(-along.y, along.x);
    at = (corner.x < 0.0 ? a : b) + (along * corner.x + side * corner.y) * radius;
    line = ends;
    gl_Position = vec4(at * 2.0 - 1.0, 0.0, 1.0);
}}
"""
_FRAGMENT = """#version {version} core
in vec2 at;
flat in vec4 line;
uniform float radius, pixel;
out vec4 color;
void main() {{
    vec2 along = line.zw - line.xy, from = at - line.xy;
    float part = clamp(dot(from, along) / max(dot(along, along), 1e-12), 0.0, 1.0);
    float far = length(from - along * part);
    color = vec4(1.0, 1.0, 1.0, clamp((radius - pixel - far) / pixel + 0.5, 0.0, 1.0));
}}
"""


def segments(strokes: Sequence[Sequence[Sequence[float]]]) -> tuple[np.ndarray, np.ndarray]:
    """Strokes as lines: N×4 float32 (from x, y to x, y), and N×2 seconds, from and to, LONGEST at the most."""
    ends, times = [], []
    for stroke in strokes:
        for (x, y, t), (u, v, s) in zip(stroke, stroke[1:] or stroke[:1], strict=False):
            ends.append((x, y, u, v))
            times.append((t, max(s, t)))
    found = np.array(times, np.float64).reshape(-1, 2)
    last = float(found.max(initial=0.0))
    return np.array(ends, np.float32).reshape(-1, 4), found * min(1.0, LONGEST / last) if last else found


class Strokes:
    """The drawing of the letter that is on the wall; a transparent pixel while that has none."""

    history = False

    def __init__(self, context: moderngl.Context, blank: moderngl.Texture, size: Size) -> None:
        self.problems: list[Problem] = []
        self._context, self._blank, self._since = context, blank, 0.0
        self._ends, self._times = segments(())
        self._given: Any = None
        self._drawn = -1.0
        self._side = _side(size)
        self._own: tuple[moderngl.Texture, moderngl.Framebuffer] | None = None
        self._program: Any = None

    @property
    def texture(self) -> moderngl.Texture:
        return self._own[0] if self._own else self._blank

    def hear(self, letter: Mapping[str, Any] | None) -> None:
        """The letter that is shown now; another one is drawn from its beginning."""
        given = (letter.get("since"), letter.get("strokes") or None) if letter else None
        if given == self._given:
            return
        self._given, self._since, self._drawn = given, 0.0, -1.0
        self._ends, self._times = segments(given[1] if given and given[1] else ())
        if not len(self._ends):
            self._free()

    def update(self, row: Numbers, moment: Moment) -> None:
        self._since += moment.delta
        self._draw(self._since)

    def settle(self, row: Numbers, moment: Moment) -> None:
        """All of it: a picture that is drawn alone shows the whole letter."""
        self._draw(np.inf)

    def _draw(self, until: float) -> None:
        last = float(self._times.max(initial=0.0))
        until = min(until, last)
        if not len(self._ends) or until == self._drawn:
            return
        self._drawn = until
        count = int(np.searchsorted(self._times[:, 0], until, "right"))
        ends = self._ends[:count].copy()
        if count:
            begun, done = self._times[count - 1]
            part = min(max((until - begun) / (done - begun), 0.0), 1.0) if done > begun else 1.0
            ends[-1, 2:] = ends[-1, :2] + (ends[-1, 2:] - ends[-1, :2]) * part
        self._render(ends)

    def _render(self, ends: np.ndarray) -> None:
        context = self._context
        if self._own is None:
            self._own = canvas(context, (self._side, self._side))
        if self._program is None:
            glsl = version(context)
            self._program = context.program(
                vertex_shader=_VERTEX.format(version=glsl), fragment_shader=_FRAGMENT.format(version=glsl)
            )
            self._buffer = context.buffer(reserve=16, dynamic=True)
            self._array = context.vertex_array(self._program, [(self._buffer, "4f/i", "ends")])
        frame = self._own[1]
        frame.use()
        frame.clear(0.0, 0.0, 0.0, 0.0)
        if not len(ends):
            return
        self._buffer.orphan(ends.nbytes)
        self._buffer.write(np.ascontiguousarray(ends))
        pixel = 1.0 / self._side
        self._program["pixel"].value, self._program["radius"].value = pixel, max(0.5 * WIDTH, 0.8 * pixel) + pixel
        context.enable(moderngl.BLEND)
        context.blend_equation = moderngl.MAX, moderngl.MAX
        self._array.render(moderngl.TRIANGLE_STRIP, 4, instances=len(ends))
        context.blend_equation = moderngl.FUNC_ADD, moderngl.FUNC_ADD
        context.disable(moderngl.BLEND)

    def resize(self, size: Size) -> None:
        if _side(size) != self._side:
            self._free()
            self._side, self._drawn = _side(size), -1.0

    def _free(self) -> None:
        if self._own:
            self._own[1].release()
            self._own[0].release()
        self._own = None

    def release(self) -> None:
        self._free()
        if self._program is not None:
            for one in (self._array, self._buffer, self._program):
                one.release()
        self._program = None


def _side(size: Size) -> int:
    return max(SMALLEST, min(LARGEST, size[1]))
