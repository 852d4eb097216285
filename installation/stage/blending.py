"""One picture over another by a blend mode: W3C Compositing and Blending Level 1 on straight alpha, in display space as
ISF hosts blend, or in linear light where a scene asks for it.

Each mode is a program of its own: some drivers work out all that a program could do, for every pixel (decision 0049).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import moderngl

from installation.score.scene import BLENDS
from installation.stage.context import version

Place = tuple[float, float, float, float]
"""Where a layer lies: x and y in picture widths and heights from where it was, its scale, its rotation in degrees."""
UNMOVED: Place = (0.0, 0.0, 1.0, 0.0)

_FLAGS = ("filters", "linear", "masked", "moved")
CORNERS = """#version {version} core
out vec2 at;
void main() {{
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    at = corner * 0.5 + 0.5;
    gl_Position = vec4(corner, 0.0, 1.0);
}}
"""
_TEXT = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D below;
uniform sampler2D layer;
uniform sampler2D mask;
const int blend = {blend};
uniform float opacity;
const bool filters = {filters};
const bool masked = {masked};
const bool linear = {linear};
const bool moved = {moved};
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


class Over(NamedTuple):
    """How one picture is drawn over another."""

    blend: str = "over"
    opacity: float = 1.0
    filters: bool = False
    linear: bool = False
    place: Place = UNMOVED

    def kind(self, masked: bool) -> Kind:
        """Which program draws it."""
        return self.blend, self.filters, self.linear, masked, self.place != UNMOVED


Kind = tuple[str, bool, bool, bool, bool]
"""A blend mode; whether the layer is a filter, the light is linear, there is a mask, the layer lies elsewhere."""


class Blender:
    """One kind of blending, compiled."""

    def __init__(self, context: moderngl.Context, kind: Kind) -> None:
        words = {name: str(is_so).lower() for name, is_so in zip(_FLAGS, kind[1:], strict=True)}
        glsl = version(context)
        self._program: Any = context.program(
            vertex_shader=CORNERS.format(version=glsl),
            fragment_shader=_TEXT.format(version=glsl, blend=BLENDS.index(kind[0]), **words),
        )
        for unit, name in enumerate(("below", "layer", "mask")):
            self._tell(name, unit)
        self.array = context.vertex_array(self._program, [])
        self._told: tuple[Over, tuple[int, int]] | None = None

    def _tell(self, name: str, value: object) -> None:
        if name in self._program:
            self._program[name].value = value

    def draw(self, how: Over, size: tuple[int, int]) -> None:
        """Draws with the textures at units 0 to 2 into the frame in use, which is of this size."""
        if (how, size) != self._told:
            self._told = how, size
            x, y, scale, turn = how.place
            self._tell("opacity", how.opacity)
            self._tell("aspect", size[0] / size[1])
            self._tell("pixel", (1.0 / size[0], 1.0 / size[1]))
            self._tell("place", (x, y, scale or 1e-6, math.radians(turn)))
        self.array.render(moderngl.TRIANGLES, 3)
