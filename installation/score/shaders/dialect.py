"""What the names of each dialect mean: ISF's own, Shadertoy's, glslViewer's, GLSL Sandbox's and MadMapper's.

Outside ISF the values of the block have names of our own, and the dialect's names are macros for them, so that an
artist may use ISF's names for anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from installation.score.parameter import KINDS
from installation.score.shaders.prelude import cast
from installation.score.shaders.shader import Shader
from installation.score.shaders.words import bare

BUILT_IN = (
    ("DATE", "vec4"),
    ("RENDERSIZE", "vec2"),
    ("TIME", "float"),
    ("TIMEDELTA", "float"),
    ("FRAMEINDEX", "int"),
    ("PASSINDEX", "int"),
)
"""The values that every shader has, and their types in the block."""

MOUSE = "mouse"
"""The parameter that a shader of another dialect gets when it reads the mouse: 0 to 1 of width and height."""

_PIXELS = "(isf_mouse * isf_RENDERSIZE)"
_RATE = "(isf_TIMEDELTA > 0.0 ? 1.0 / isf_TIMEDELTA : 60.0)"
_ALWAYS = {
    "iResolution": ("vec3", "vec3(isf_RENDERSIZE, 1.0)"),
    "iTime": ("float", "isf_TIME"),
    "iGlobalTime": ("float", "isf_TIME"),
    "iTimeDelta": ("float", "isf_TIMEDELTA"),
    "iFrame": ("int", "isf_FRAMEINDEX"),
    "iFrameRate": ("float", _RATE),
    "iMouse": ("vec4", f"vec4({_PIXELS}, {_PIXELS})"),
    "iDate": ("vec4", "vec4(isf_DATE.x, isf_DATE.y - 1.0, isf_DATE.zw)"),
    "iSampleRate": ("float", "44100.0"),
    "u_time": ("float", "isf_TIME"),
    "u_delta": ("float", "isf_TIMEDELTA"),
    "u_frame": ("int", "isf_FRAMEINDEX"),
    "u_resolution": ("vec2", "isf_RENDERSIZE"),
    "u_mouse": ("vec2", _PIXELS),
    "u_date": ("vec4", "vec4(isf_DATE.x, isf_DATE.y - 1.0, isf_DATE.zw)"),
    **{name: (kind, f"isf_{name}") for name, kind in BUILT_IN},
}
"""Names that mean this wherever they are read: type and meaning."""
_SIZE, _TIME, _DELTA = ("vec2", "isf_RENDERSIZE"), ("float", "isf_TIME"), ("float", "isf_TIMEDELTA")
_DECLARED = {
    **dict.fromkeys(("time", "uTime", "u_Time", "globalTime", "u_globalTime", "iGlobalTime"), _TIME),
    **dict.fromkeys(("resolution", "uResolution", "u_Resolution", "u_res", "screenResolution"), _SIZE),
    **dict.fromkeys(("delta", "uDelta", "u_deltaTime", "u_deltatime", "deltaTime"), _DELTA),
    **dict.fromkeys(("frame", "uFrame", "u_frameCount"), ("int", "isf_FRAMEINDEX")),
    "mouse": ("vec2", "isf_mouse"),
    "uMouse": ("vec2", _PIXELS),
    "surfaceSize": ("vec2", "vec2(isf_RENDERSIZE.x / isf_RENDERSIZE.y, 1.0)"),
}
"""Names that only a file which declares them as uniforms means in this sense."""
MICE = ("iMouse", "u_mouse", "uMouse")
_UNIFORM = re.compile(r"\buniform\s+(?:(?:low|medium|high)p\s+)?(\w+)\s+([^;{}]{1,2000}+);")


def uniforms(body: str) -> dict[str, str]:
    """Each uniform that a text without comments declares: name to type."""
    found: dict[str, str] = {}
    for kind, names in _UNIFORM.findall(body):
        for name in re.split(r",(?![^()]*\))", names):
            match = re.match(r"\s*(\w+)", name)
            if match:
                found[match[1]] = kind
    return found


def reads_mouse(body: str) -> bool:
    """Whether a text without comments reads the mouse by any of its names."""
    return any(re.search(rf"\b{name}\b", body) for name in MICE) or "mouse" in uniforms(body)


class Dialect(msgspec.Struct, frozen=True):
    """How one shader's text speaks."""

    shader: Shader
    declared: dict[str, str] = {}

    @property
    def own(self) -> bool:
        """Whether ISF's own names are the program's."""
        return self.shader.kind in ("isf", "madmapper")

    def built_in(self, name: str) -> str:
        """The member of the block that holds one of BUILT_IN."""
        return name if self.own else f"isf_{name}"

    def parameter(self, name: str) -> str:
        """The member of the block that holds a parameter."""
        return name if self.own else f"isf_{name}"

    def provided(self, channels: Iterable[str]) -> set[str]:
        """Names that the prelude declares, so that the artist's own declaration of them must go."""
        names = {"isf_FragNormCoord", "vv_FragNormCoord", "isf_FragColor", "gl_FragColor", *channels}
        names |= {*self.shader.samplers, *self.shader.generators}
        if self.own:
            return names | {name for name, _ in BUILT_IN} | {p.name for p in self.shader.parameters}
        sizes = {name for name in self.declared if self._sized(name)}
        return (
            names
            | set(_ALWAYS)
            | (set(_DECLARED) & set(self.declared))
            | sizes
            | {"iChannelResolution", "iChannelTime"}
        )

    def _sized(self, name: str) -> str:
        """The sampler whose size a uniform `tex0Resolution` holds; "" for none."""
        stem = re.sub(r"_?(?:[Rr]esolution|[Ss]ize)\Z", "", name)
        return stem if stem != name and stem in self.shader.samplers else ""

    def meanings(self, code: str, used: set[str], channels: dict[str, str]) -> list[str]:
        """The globals and macros that a text needs, a line each; none that it has itself."""
        found = dict(self.shader.generators)
        if not self.own:
            declared = {name: row for name, row in _DECLARED.items() if name in self.declared}
            for name, (have, text) in {**_ALWAYS, **declared}.items():
                want = self.declared.get(name, have)
                found[name] = f"{want} {name} = {cast(text, have, want, '1.0' if 'esolution' in name else '0.0')};"
            found |= {
                name: f"vec2 {name} = _{self._sized(name)}_imgSize;" for name in self.declared if self._sized(name)
            }
            found |= {
                p.name: f"{KINDS[p.kind].glsl} {p.name} = isf_{p.name};"
                for p in self.shader.parameters
                if p.name != MOUSE
            }
        if channels:
            found |= _channels(channels)
        wanted = {name: line for name, line in found.items() if name in used}
        shell = outermost(code) if wanted else ""
        return [line for name, line in wanted.items() if not _has(shell, name, line)]

    def ending(self, shown: bool, data: bool) -> str:
        """Our own `main`, which calls what the artist wrote."""
        first = "isf_FragColor = vec4(0.0); " if shown else ""
        last = " isf_FragColor = gl_FragData[0];" if data and shown else ""
        if self.shader.kind == "shadertoy":
            return (
                "void main() { vec4 c = vec4(0.0); mainImage(c, gl_FragCoord.xy); isf_FragColor = vec4(c.rgb, 1.0); }"
            )
        if self.shader.kind == "madmapper":
            return "void main() { isf_FragColor = materialColorForPixel(isf_FragNormCoord); }"
        return f"void main() {{ {first}isf_main();{last} }}"


def _has(shell: str, name: str, line: str) -> bool:
    """Whether a text has a global of this name, or, where ours would be a macro, a macro."""
    if line.startswith("#define"):
        return re.search(rf"#[ \t]*define[ \t]+{name}\b", shell) is not None
    return re.search(rf"^(?![ \t]*#).*(?:\w|\])[ \t]+{name}[ \t]*[;=,\[(]", shell, re.M) is not None


def _channels(channels: dict[str, str]) -> dict[str, str]:
    """Shadertoy's channels: which sampler each one is, and how large."""
    found = {name: f"#define {name} {target}" for name, target in channels.items() if name != target}
    named = [channels.get(f"iChannel{n}", "") for n in range(4)]
    sizes = ", ".join(f"vec3(_{name}_imgSize, 1.0)" if name else "vec3(0.0)" for name in named)
    found["iChannelResolution"] = f"vec3 iChannelResolution[4] = vec3[4]({sizes});"
    found["iChannelTime"] = "float iChannelTime[4] = float[4](isf_TIME, isf_TIME, isf_TIME, isf_TIME);"
    return found


def outermost(code: str) -> str:
    """A text without what stands in braces or between parentheses."""
    for inside, left in ((r"\{[^{}]*\}", " "), (r"\([^()]*\)", " [")):
        count = 1
        while count:
            code, count = re.subn(inside, left, code)
    return code


def dialect(shader: Shader) -> Dialect:
    """How a shader speaks."""
    if shader.kind in ("isf", "madmapper"):
        return Dialect(shader)
    texts = [shader.body, *(one.body for part in shader.parts for one in (*part.before, part))]
    return Dialect(shader, uniforms(bare("\n".join(texts))))
