"""One picture over another: copying, blending (`blending`), what stays of the last frame, and the dither at the end."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.stage.blending import CORNERS, UNMOVED, Blender, Kind, Over
from installation.stage.context import version
from installation.stage.media.decoding import Decoding

_COPY = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D from;
void main() {{ color = texture(from, at); }}
"""
# What stays of the last frame lies under what is new: the lighter of the two, on colours weighted by their alpha.
_STAY = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D now;
uniform sampler2D before;
uniform float amount;
void main() {{
    vec4 n = texture(now, at), b = texture(before, at) * vec4(vec3(1.0), amount);
    if (any(isnan(b)) || any(isinf(b))) b = vec4(0.0);       // one bad pixel must not stay for ever
    float a = max(n.a, b.a);
    color = vec4(a > 0.0 ? max(n.rgb * n.a, b.rgb * b.a) / a : vec3(0.0), a);
}}
"""
# Interleaved gradient noise (Jimenez 2014), a plane for each colour; 0.36 of a step either way, so that a value which 8
# bits hold exactly stays what it is: 16-bit floats near 1 are cut by up to 0.12 of one.
_DITHER = """#version {version} core
out vec4 color;
uniform sampler2D from;
float grain(vec2 p) {{ return fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715)))); }}
void main() {{
    vec2 p = gl_FragCoord.xy;
    vec4 c = texelFetch(from, ivec2(p), 0);
    vec3 noise = vec3(grain(p), grain(p + vec2(47.0, 17.0)), grain(p + vec2(19.0, 71.0))) - 0.5;
    color = vec4(c.rgb + noise * (0.72 / 255.0), c.a);
}}
"""


class Tools:
    """What every scene on one context shares: copying, blending, and the textures that stand for nothing."""

    def __init__(self, context: moderngl.Context) -> None:
        self.context = context
        self._copy, self._copying = self._made(_COPY)
        self._stay, self._staying = self._made(_STAY)
        self._dither, self._dithering = self._made(_DITHER)
        for unit, name in enumerate(("now", "before")):
            self._stay[name].value = unit
        self._blenders: dict[Kind, Blender] = {}
        self._stays = -1.0
        self.blank = context.texture((1, 1), 4, b"\0\0\0\0")
        self.black = context.texture((1, 1), 4, b"\0\0\0\xff")
        self._decoding: Decoding | None = None

    @property
    def decoding(self) -> Decoding:
        """The one child that decodes images and films and sets texts for every scene here."""
        if self._decoding is None:
            self._decoding = Decoding()
        return self._decoding

    def close(self) -> None:
        """Ends the child."""
        if self._decoding is not None:
            self._decoding.close()

    def _made(self, fragment: str) -> tuple[Any, moderngl.VertexArray]:
        glsl = version(self.context)
        program = self.context.program(
            vertex_shader=CORNERS.format(version=glsl), fragment_shader=fragment.format(version=glsl)
        )
        return program, self.context.vertex_array(program, [])

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
        how: Over,
        mask: moderngl.Texture | None = None,
    ) -> None:
        """Draws `layer` over `below` into `frame`, where `mask` is light."""
        frame.use()
        below.use(0)
        layer.use(1)
        if mask is not None:
            mask.use(2)
        self.blender(how.kind(mask is not None)).draw(how, frame.size)

    def blender(self, kind: Kind) -> Blender:
        """What blends in this way, compiled when it is first asked for: see Layers.warm."""
        found = self._blenders.get(kind)
        if found is None:
            found = self._blenders[kind] = Blender(self.context, kind)
        return found

    def warm(self, kind: Kind, frame: moderngl.Framebuffer) -> None:
        """Has the driver compile a way of blending to the end: a drawing clipped to nothing."""
        frame.scissor = (0, 0, 0, 0)
        over = Over(*kind[:1], 1.0, *kind[1:3], (0.0, 0.0, 0.5, 0.0) if kind[4] else UNMOVED)
        self.blend(self.blank, self.blank, frame, over, self.blank if kind[3] else None)
        frame.scissor = None  # type: ignore[assignment]

    def stay(self, now: moderngl.Texture, before: moderngl.Texture, frame: moderngl.Framebuffer, amount: float) -> None:
        """Draws `now` into `frame` with `amount` of `before` under it."""
        if amount != self._stays:
            self._stays = self._stay["amount"].value = amount
        frame.use()
        now.use(0)
        before.use(1)
        self._staying.render(moderngl.TRIANGLES, 3)

    def dither(self, texture: moderngl.Texture, frame: moderngl.Framebuffer) -> None:
        """Draws a 16-bit picture onto an 8-bit frame of its size without bands."""
        frame.use()
        texture.use(0)
        self._dithering.render(moderngl.TRIANGLES, 3)
