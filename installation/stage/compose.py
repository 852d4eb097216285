"""One picture over another: copying, blending, what stays of the last frame, and the dither at the end.

Blending is that of W3C Compositing and Blending Level 1 on straight alpha, in display space as ISF hosts blend, or in
linear light where a scene asks for it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import moderngl

from installation.score.scene import BLENDS
from installation.stage.context import version
from installation.stage.media.decoding import Decoding

Place = tuple[float, float, float, float]
"""Where a layer lies: x and y in picture widths and heights from where it was, its scale, its rotation in degrees."""
UNMOVED: Place = (0.0, 0.0, 1.0, 0.0)

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
_BLEND = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D below;
uniform sampler2D layer;
uniform sampler2D mask;
uniform int blend;
uniform float opacity;
uniform bool filters;
uniform bool masked;
uniform bool linear;
uniform bool moved;
uniform vec4 place;      // x, y, scale, rotation in radians
uniform float aspect;
uniform vec2 pixel;      // of the frame, as a part of its width and height

float lum(vec3 c) {{ return dot(c, vec3(0.3, 0.59, 0.11)); }}
float sat(vec3 c) {{ return max(max(c.r, c.g), c.b) - min(min(c.r, c.g), c.b); }}
vec3 clipped(vec3 c) {{
    float l = lum(c), low = min(min(c.r, c.g), c.b), high = max(max(c.r, c.g), c.b);
    if (low < 0.0) c = l + (c - l) * l / (l - low);
    if (high > 1.0) c = l + (c - l) * (1.0 - l) / (high - l);
    return c;
}}
vec3 with_lum(vec3 c, float l) {{ return clipped(c + (l - lum(c))); }}
vec3 with_sat(vec3 c, float s) {{
    float low = min(min(c.r, c.g), c.b), span = sat(c);
    return span > 0.0 ? (c - low) * s / span : vec3(0.0);
}}
vec3 hard(vec3 b, vec3 s) {{ return mix(2.0 * b * s, b + (2.0 * s - 1.0) - b * (2.0 * s - 1.0), step(0.5, s)); }}
float dodge(float b, float s) {{ return b <= 0.0 ? 0.0 : (s >= 1.0 ? 1.0 : min(1.0, b / (1.0 - s))); }}
float burn(float b, float s) {{ return b >= 1.0 ? 1.0 : (s <= 0.0 ? 0.0 : 1.0 - min(1.0, (1.0 - b) / s)); }}
float soft(float b, float s) {{
    if (s <= 0.5) return b - (1.0 - 2.0 * s) * b * (1.0 - b);
    float d = b <= 0.25 ? ((16.0 * b - 12.0) * b + 4.0) * b : sqrt(b);
    return b + (2.0 * s - 1.0) * (d - b);
}}
vec3 blended(vec3 b, vec3 s) {{
    switch (blend) {{
        case 1: return min(b + s, 1.0);
        case 2: return b * s;
        case 3: return b + s - b * s;
        case 4: return hard(s, b);
        case 5: return min(b, s);
        case 6: return max(b, s);
        case 7: return vec3(dodge(b.r, s.r), dodge(b.g, s.g), dodge(b.b, s.b));
        case 8: return vec3(burn(b.r, s.r), burn(b.g, s.g), burn(b.b, s.b));
        case 9: return hard(b, s);
        case 10: return vec3(soft(b.r, s.r), soft(b.g, s.g), soft(b.b, s.b));
        case 11: return abs(b - s);
        case 12: return b + s - 2.0 * b * s;
        case 13: return with_lum(with_sat(s, sat(b)), lum(b));
        case 14: return with_lum(with_sat(b, sat(s)), lum(b));
        case 15: return with_lum(s, lum(b));
        case 16: return with_lum(b, lum(s));
    }}
    return s;
}}
vec3 to_linear(vec3 c) {{ return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c)); }}
vec3 to_display(vec3 c) {{ return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c)); }}

vec4 placed() {{
    if (!moved) return texture(layer, at);
    vec2 p = (at - 0.5 - place.xy) * vec2(aspect, 1.0);
    float c = cos(place.w), s = sin(place.w);
    p = vec2(c * p.x + s * p.y, c * p.y - s * p.x) / place.z;
    vec2 there = p / vec2(aspect, 1.0) + 0.5;
    // Its edges are as soft as one pixel of the picture, or a turned layer has steps along them.
    vec2 soft_edge = 0.5 * pixel / abs(place.z);
    vec2 inside = clamp(0.5 + (0.5 - abs(there - 0.5)) / (2.0 * soft_edge), 0.0, 1.0);
    vec4 found = texture(layer, clamp(there, 0.0, 1.0));
    return vec4(found.rgb, found.a * inside.x * inside.y);
}}

void main() {{
    vec4 b = texture(below, at), s = placed();
    float amount = opacity;
    if (masked) {{
        vec4 m = texture(mask, at);
        amount *= clamp(dot(m.rgb, vec3(0.2126, 0.7152, 0.0722)) * m.a, 0.0, 1.0);
    }}
    if (filters && blend == 0 && !linear) {{ color = mix(b, s, amount); return; }}
    b = clamp(b, 0.0, 1.0);
    s = clamp(s, 0.0, 1.0);
    if (linear) {{ b.rgb = to_linear(b.rgb); s.rgb = to_linear(s.rgb); }}
    if (filters && blend == 0) {{
        vec4 mixed = mix(b, s, amount);
        color = vec4(to_display(mixed.rgb), mixed.a);
        return;
    }}
    s.a *= amount;
    float a = s.a + b.a * (1.0 - s.a);
    vec3 c = s.a * (1.0 - b.a) * s.rgb + s.a * b.a * blended(b.rgb, s.rgb) + (1.0 - s.a) * b.a * b.rgb;
    c = a > 0.0 ? c / a : c;
    color = vec4(linear ? to_display(c) : c, a);
}}
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


class Over(NamedTuple):
    """How one picture is drawn over another."""

    blend: str = "over"
    opacity: float = 1.0
    filters: bool = False
    linear: bool = False
    place: Place = UNMOVED


class Tools:
    """What every scene on one context shares: copying, blending, and the textures that stand for nothing."""

    def __init__(self, context: moderngl.Context) -> None:
        self.context = context
        self._copy, self._copying = self._made(_COPY)
        self._blend, self.blending = self._made(_BLEND)
        self._stay, self._staying = self._made(_STAY)
        self._dither, self._dithering = self._made(_DITHER)
        for program, names in ((self._blend, ("below", "layer", "mask")), (self._stay, ("now", "before"))):
            for unit, name in enumerate(names):
                program[name].value = unit
        self._blended: tuple[Over, bool, tuple[int, int]] | None = None
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
            vertex_shader=_CORNERS.format(version=glsl), fragment_shader=fragment.format(version=glsl)
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
        if (how, mask is not None, frame.size) != self._blended:
            self._blended = how, mask is not None, frame.size
            self._tell(how, mask is not None, frame.size)
        frame.use()
        below.use(0)
        layer.use(1)
        if mask is not None:
            mask.use(2)
        self.blending.render(moderngl.TRIANGLES, 3)

    def _tell(self, how: Over, masked: bool, size: tuple[int, int]) -> None:
        x, y, scale, turn = how.place
        values = {
            "blend": BLENDS.index(how.blend), "opacity": how.opacity, "filters": how.filters, "linear": how.linear,
            "masked": masked, "moved": how.place != UNMOVED, "aspect": size[0] / size[1],
            "pixel": (1.0 / size[0], 1.0 / size[1]),
            "place": (x, y, scale or 1e-6, math.radians(turn)),
        }  # fmt: skip
        for name, value in values.items():
            self._blend[name].value = value

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
