"""Points as soft round dots: one program, one buffer that grows by doubling and is written once a frame."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from installation.stage.context import version
from installation.stage.passes import Size

SIZE = 0.01
"""A dot's diameter as a part of the picture's height, where the scene says none."""
FIRST = 256
_NUMBERS = 7
"""x, y, size, r, g, b, a."""

# A dot under three pixels would fall between them: it is drawn as one of three, as much fainter as it is smaller.
_VERTEX = """#version {version} core
in vec2 place;
in float span;
in vec4 tint;
uniform vec2 size;
out vec2 at;
out vec4 color;
void main() {{
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    float wide = span * size.y, drawn = max(wide, 3.0);
    at = corner;
    color = vec4(tint.rgb, clamp(tint.a, 0.0, 1.0) * min(wide * wide / (drawn * drawn), 1.0));
    gl_Position = vec4(place * 2.0 - 1.0 + corner * drawn / size, 0.0, wide > 0.0 ? 1.0 : 0.0);
}}
"""
_FRAGMENT = """#version {version} core
in vec2 at;
in vec4 color;
out vec4 sum;
void main() {{
    float near = max(1.0 - dot(at, at), 0.0), alpha = color.a * near * near;
    sum = vec4(color.rgb * alpha, alpha);
}}
"""


class Points:
    """The points of one layer. `add` sums their light where they overlap; else the later lies over the earlier."""

    def __init__(self, context: moderngl.Context, add: bool = False) -> None:
        self._context, self._add, self.count = context, add, 0
        glsl = version(context)
        self._program: Any = context.program(
            vertex_shader=_VERTEX.format(version=glsl), fragment_shader=_FRAGMENT.format(version=glsl)
        )
        self._rows = np.zeros((0, _NUMBERS), np.float32)
        self._buffer: moderngl.Buffer | None = None
        self._array: moderngl.VertexArray | None = None
        self._room(FIRST)

    def _room(self, count: int) -> None:
        """Room for as many points, twice what there was at least."""
        if count <= len(self._rows):
            return
        most = max(FIRST, len(self._rows))
        while most < count:
            most *= 2
        self._free()
        self._rows = np.zeros((most, _NUMBERS), np.float32)
        self._buffer = self._context.buffer(reserve=self._rows.nbytes, dynamic=True)
        content = [(self._buffer, "2f 1f 4f/i", "place", "span", "tint")]
        self._array = self._context.vertex_array(self._program, content)

    def write(self, points: Any) -> None:
        """N×2 (x, y), N×3 (and size), N×6 (and r, g, b) or N×7 (and a); x, y from 0 to 1, from the left and below."""
        count, given = points.shape
        self._room(count)
        rows = self._rows[:count]
        rows[:, :given] = points
        if given < 3:
            rows[:, 2] = SIZE
        if given < 6:
            rows[:, 3:6] = 1.0
        if given < 7:
            rows[:, 6] = 1.0
        self.count = count
        if count and self._buffer is not None:
            self._buffer.orphan()  # what the last frame still reads is left to it
            self._buffer.write(rows)

    def draw(self, frame: moderngl.Framebuffer, size: Size) -> None:
        """Draws them alone onto a frame of this size: sums of colour weighed by alpha, and of alpha."""
        frame.use()
        frame.clear(0.0, 0.0, 0.0, 0.0)
        if not self.count or self._array is None:
            return
        self._program["size"].value = size
        context = self._context
        context.enable(moderngl.BLEND)
        context.blend_func = (moderngl.ONE, moderngl.ONE if self._add else moderngl.ONE_MINUS_SRC_ALPHA)
        self._array.render(moderngl.TRIANGLE_STRIP, 4, instances=self.count)
        context.disable(moderngl.BLEND)

    def _free(self) -> None:
        if self._array is not None and self._buffer is not None:
            self._array.release()
            self._buffer.release()

    def release(self) -> None:
        """Gives everything back to the driver."""
        self._free()
        self._array = self._buffer = None
        self._program.release()


class Field:
    """A scene's array as a texture, made anew only when its shape or kind is another."""

    def __init__(self, context: moderngl.Context, blank: moderngl.Texture) -> None:
        self._context, self._blank = context, blank
        self._texture: moderngl.Texture | None = None
        self._kind: tuple[Any, ...] = ()

    @property
    def texture(self) -> moderngl.Texture:
        """What it shows; a transparent pixel until something was written."""
        return self._texture or self._blank

    def write(self, array: Any) -> None:
        """H×W or H×W×(1 to 4), float32, float16 or uint8; row 0 is at the bottom."""
        height, width = array.shape[:2]
        depth = array.shape[2] if array.ndim == 3 else 1
        kind = (width, height, depth, array.dtype)
        if kind != self._kind or self._texture is None:
            self.release()
            held = "f1" if array.dtype == np.uint8 else f"f{array.dtype.itemsize}"
            self._texture = self._context.texture((width, height), depth, dtype=held, alignment=1)
            self._texture.repeat_x = self._texture.repeat_y = False
            if depth == 1:
                self._texture.swizzle = "RRR1"
            self._kind = kind
        self._texture.write(np.ascontiguousarray(array), alignment=1)

    def release(self) -> None:
        """Gives the texture back to the driver."""
        if self._texture is not None:
            self._texture.release()
        self._texture, self._kind = None, ()
