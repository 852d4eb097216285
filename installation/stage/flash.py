"""The flash guard, the stage's last pass: no more than three flashes in any one second (WCAG 2.2, 2.3.1).

Of each picture a coarse grid of samples is counted (score/flashes.py). While nothing flashes, what is counted is the
picture before, so that nothing waits for the driver; from the second change on, each picture is counted before it is
shown, and what was shown is kept. A picture that would be a fourth flash is not shown: the last one stays, and then
glides towards the work as slowly as the count allows, until the work is calm again. Decision 0042.
"""

from __future__ import annotations

import math

import moderngl
import numpy as np

from installation.score.flashes import COLUMNS, ROWS, SECOND, Flashes, Light
from installation.score.problem import Problem, Row
from installation.stage.context import version
from installation.stage.layers import Tools
from installation.stage.passes import Size

ARMED = 2
"""Opposing changes in a second from which on each picture is counted before it is shown."""
GLIDE = 1.5
"""Seconds in which the shown picture goes 63 % of its way to the work while that flashes."""
RELEASE = 2.5
"""Seconds of calm after which the work is shown as it is."""

FLASHED = Row(
    (
        "{scene} flashes {rate:.0f} times a second",
        "three flashes in any second at most (WCAG 2.3.1)",
        "the wall shows it softened; slow the flashing, or lessen its contrast or its area",
    ),
    (
        "{scene} clignote {rate:.0f} fois par seconde",
        "au plus trois éclats dans toute seconde (WCAG 2.3.1)",
        "le mur l'adoucit ; ralentissez le clignotement, réduisez son contraste ou sa surface",
    ),
)

_CORNERS = """#version {version} core
out vec2 at;
void main() {{
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    at = corner * 0.5 + 0.5;
    gl_Position = vec4(corner, 0.0, 1.0);
}}
"""
# Each sample is the mean of a square of a hundredth of the width, wide enough for a grain of single pixels to come to
# rest (a fine, balanced pattern is no flash), at a place in its cell that no pattern follows. The polynomial is sRGB's
# curve to 0.003, a third of the time of pow().
_SAMPLE = """#version {version} core
in vec2 at;
out vec4 light;
uniform sampler2D picture;
vec3 linear(vec3 c) {{ return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878); }}
void main() {{
    vec2 cell = gl_FragCoord.xy, whole = vec2({columns}.0, {rows}.0);
    vec2 size = vec2(textureSize(picture, 0));
    float side = max(4.0, size.x / 128.0);
    vec2 place = fract(sin(vec2(dot(cell, vec2(12.9898, 78.233)), dot(cell, vec2(39.346, 11.135)))) * 43758.5453);
    vec2 corner = (floor(cell) + place * max(vec2(0.0), 1.0 - side * whole / size)) * size / whole;
    vec3 sum = vec3(0.0);
    for (int y = 0; y < 5; y++) for (int x = 0; x < 5; x++)
        sum += linear(clamp(texture(picture, (corner + (vec2(x, y) + 0.5) * side / 5.0) / size).rgb, 0.0, 1.0));
    light = vec4(sum / 25.0, 1.0);
}}
"""
_MIX = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D kept;
uniform sampler2D work;
uniform float share;
void main() {{ color = mix(texture(kept, at), texture(work, at), share); }}
"""

Canvas = tuple[moderngl.Texture, moderngl.Framebuffer]


class _Eye:
    """The samples of a picture: drawn small, read back at once or a frame later."""

    def __init__(self, context: moderngl.Context, corners: str, glsl: int) -> None:
        fragment = _SAMPLE.format(version=glsl, rows=ROWS, columns=COLUMNS)
        self._program = context.program(vertex_shader=corners, fragment_shader=fragment)
        self._array = context.vertex_array(self._program, [])
        self._small = context.framebuffer([context.texture((COLUMNS, ROWS), 4, dtype="f4")])
        self._buffer = context.buffer(reserve=ROWS * COLUMNS * 16)
        self._waits: float | None = None

    def look(self, picture: moderngl.Texture) -> Light:
        """The picture's samples, now; waits for the driver."""
        self._draw(picture)
        return _light(self._small.read(components=4, dtype="f4"))

    def ask(self, picture: moderngl.Texture, now: float) -> None:
        """Has the picture's samples brought while the driver goes on."""
        self._draw(picture)
        self._small.read_into(self._buffer, components=4, dtype="f4")
        self._waits = now

    def asked(self) -> tuple[Light, float] | None:
        """The samples last asked for, and when; None when there are none."""
        if self._waits is None:
            return None
        now, self._waits = self._waits, None
        return _light(self._buffer.read()), now

    def _draw(self, picture: moderngl.Texture) -> None:
        self._small.use()
        picture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        picture.use(0)
        self._array.render(moderngl.TRIANGLES, 3)


def _light(raw: bytes) -> Light:
    found: Light = np.frombuffer(raw, np.float32).reshape(ROWS, COLUMNS, 4)[..., :3]
    return found


class FlashGuard:
    """One window's guard. `problems` is what is to be told since it was last emptied."""

    def __init__(self, tools: Tools) -> None:
        self._tools, self._context = tools, tools.context
        glsl = version(tools.context)
        corners = _CORNERS.format(version=glsl)
        self._eye = _Eye(tools.context, corners, glsl)
        self._mix = tools.context.program(vertex_shader=corners, fragment_shader=_MIX.format(version=glsl))
        self._mix["work"].value = 1  # type: ignore[union-attr]
        self._mixing = tools.context.vertex_array(self._mix, [])
        self._shown = Flashes()
        self._work: Flashes | None = None
        self._armed = self._calm = self._before = -math.inf
        self._size: Size = (0, 0)
        self._kept: list[Canvas] = []
        self._own: Canvas | None = None
        self._told: set[str] = set()
        self.problems: list[Problem] = []

    @property
    def softens(self) -> bool:
        """Whether what is shown is not the work as it is."""
        return self._work is not None

    def draw(
        self, frame: moderngl.Framebuffer, texture: moderngl.Texture | None, size: Size, now: float, scene: str
    ) -> None:
        """Counts the picture that stands in `frame`, and draws over it when it would be a fourth flash.

        `texture` is the frame's own, None for a window's; `now` is seconds, `scene` whom to blame.
        """
        if size != self._size:
            self._resize(size)
        picture = texture if texture is not None else self._copied(frame)
        late = self._eye.asked()
        if late is not None:
            self._take(*late)
        if self._work is not None:
            self._soften(frame, picture, now, self._work)
        elif now < self._armed:
            self._watch(frame, picture, now, scene)
        else:
            self._eye.ask(picture, now)
        self._before = now

    def _take(self, light: Light, now: float) -> None:
        """Notes a picture that was shown."""
        seen = self._shown.see(light, now)
        self._shown.take(seen)
        if (seen.up.any() or seen.down.any()) and self._shown.changes(now) >= ARMED:
            self._armed = now + SECOND

    def _watch(self, frame: moderngl.Framebuffer, picture: moderngl.Texture, now: float, scene: str) -> None:
        """Counts a picture before it is shown, and keeps it; one that is too much gives way to the one before."""
        light = self._eye.look(picture)
        seen = self._shown.see(light, now)
        if not seen.over:
            self._take(light, now)
            self._lay(picture, picture, 0.0)
            return
        if scene not in self._told:
            self._told.add(scene)
            rate = self._shown.rate(now)
            self.problems.append(Problem("", 0, FLASHED, {"scene": scene or "?", "rate": rate}))
        self._work = self._shown.copy()
        self._work.take(seen)
        self._calm = now
        self._show(frame)

    def _soften(self, frame: moderngl.Framebuffer, picture: moderngl.Texture, now: float, work: Flashes) -> None:
        """Shows the last picture, moved towards the work by as much as adds no flash; the work itself, once calm."""
        light = self._eye.look(picture)
        seen = work.see(light, now)
        work.take(seen)
        if seen.over:
            self._calm = now
        if now - self._calm >= RELEASE:
            free = self._shown.see(light, now)
            if not free.over:
                self._shown.take(free)
                self._lay(picture, picture, 0.0)
                self._work, self._armed = None, now + SECOND
                return
        delta = min(max(now - self._before, 0.0), 0.1)
        share = 1.0 - math.exp(-delta / GLIDE * math.exp(3.0 * max(0.0, now - self._calm - SECOND)))
        self._lay(self._kept[0][0], picture, share)
        moved = self._shown.see(self._eye.look(self._kept[0][0]), now)
        if moved.over:
            self._kept.reverse()
        else:
            self._shown.take(moved)
        self._show(frame)

    def _lay(self, kept: moderngl.Texture, work: moderngl.Texture, share: float) -> None:
        """Mixes the two into the spare canvas, which then is the first."""
        if not self._kept:
            self._kept = [_deep(self._context, self._size) for _ in range(2)]
        self._mix["share"].value = share  # type: ignore[union-attr]
        self._kept[1][1].use()
        kept.use(0)
        work.use(1)
        self._mixing.render(moderngl.TRIANGLES, 3)
        self._kept.reverse()

    def _show(self, frame: moderngl.Framebuffer) -> None:
        self._tools.copy(self._kept[0][0], frame)

    def _copied(self, frame: moderngl.Framebuffer) -> moderngl.Texture:
        """The window's picture as a texture."""
        if self._own is None:
            texture = self._context.texture(self._size, 4)
            texture.repeat_x = texture.repeat_y = False
            self._own = texture, self._context.framebuffer([texture])
        self._context.copy_framebuffer(self._own[1], frame)
        return self._own[0]

    def _resize(self, size: Size) -> None:
        """The picture has another size: what was kept is kept, stretched."""
        before, self._kept, self._own, self._size = self._kept, [], None, size
        if before:
            self._lay(before[0][0], before[0][0], 0.0)


def _deep(context: moderngl.Context, size: Size) -> Canvas:
    """Half floats: eight bits would stand still before a slow glide has come to its end."""
    texture = context.texture(size, 4, dtype="f2")
    texture.repeat_x = texture.repeat_y = False
    return texture, context.framebuffer([texture])
