"""The program text of a shader: the artist's GLSL made to hold on strict core-profile drivers, line for line.

IMG_* are functions that take a sampler, so they nest, go through macros and take sampler parameters. All values
stand in one std140 block (decision 0020). Texts in, texts out; it knows no GL context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

import msgspec

from installation.score.isf import Shader
from installation.score.parameter import KINDS

VERSIONS = (450, 420, 410, 330)
BLOCK = "isf_Values"
OURS = 100_000
"""Our own lines are numbered from here on, so that a compiler's message tells them from the artist's.

Source-string numbers in `#line` would say it better, but Mesa forgets them in half of its messages.
"""

_BUILT_IN = (
    ("DATE", "vec4"),
    ("iMouse", "vec4"),
    ("RENDERSIZE", "vec2"),
    ("TIME", "float"),
    ("TIMEDELTA", "float"),
    ("FRAMEINDEX", "int"),
    ("PASSINDEX", "int"),
)
_WIDTHS = {"vec4": 4, "vec3": 4, "vec2": 2, "float": 1, "int": 1, "bool": 1}

# Words that GLSL 1.10 lets an artist use and 3.30 to 4.50 reserve.
# fmt: off
_NOW_RESERVED = frozenset(
    (
        "sample", "smooth", "flat", "noperspective", "centroid", "patch", "buffer", "shared", "filter",
        "input", "output", "common", "partition", "active", "subroutine", "precise", "resource", "restrict",
        "coherent", "readonly", "writeonly", "superp", "hvec2", "hvec3", "hvec4", "fvec2", "fvec3", "fvec4",
        "half", "fixed", "unsigned", "long", "short", "using", "namespace", "template", "this", "public",
        "static", "extern", "external", "interface", "cast", "union", "enum", "typedef", "class", "inline",
        "noinline", "goto", "asm", "sizeof", "image1D", "image2D", "image3D", "imageCube",
    )
)
# fmt: on
_CALLED_HERE = frozenset(("texture", "textureSize", "textureLod", "textureProj"))
"""Functions that our own text calls: an input by such a name would hide them."""
_AS_QUALIFIER = re.compile(r"\b(?:flat|smooth|noperspective|centroid)\s+(?:centroid\s+)?(?:in|out|varying)\b")
_CALL = re.compile(r"\s*\(")
_WORD = re.compile(r"[A-Za-z_]\w*")
_DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(version|extension)\b([^\n]*)", re.M)

_VERTEX = """#version {version} core
out vec2 isf_FragNormCoord;
void main() {{
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    isf_FragNormCoord = corner * 0.5 + 0.5;
    gl_Position = vec4(corner, 0.0, 1.0);
}}
"""

_FUNCTIONS: dict[str, str] = {
    "IMG_NORM_PIXEL": (
        "vec4 IMG_NORM_PIXEL(sampler2D s, vec2 p) { return texture(s, p); }\n"
        "vec4 IMG_NORM_PIXEL(sampler2D s, vec2 p, float b) { return texture(s, p, b); }\n"
    ),
    "IMG_PIXEL": (
        "vec4 IMG_PIXEL(sampler2D s, vec2 p) { return texture(s, p / vec2(textureSize(s, 0))); }\n"
        "vec4 IMG_PIXEL(sampler2D s, vec2 p, float b) { return texture(s, p / vec2(textureSize(s, 0)), b); }\n"
    ),
    "IMG_THIS_PIXEL": "vec4 IMG_THIS_PIXEL(sampler2D s) { return texture(s, isf_FragNormCoord); }\n",
    "IMG_THIS_NORM_PIXEL": "vec4 IMG_THIS_NORM_PIXEL(sampler2D s) { return texture(s, isf_FragNormCoord); }\n",
    "IMG_SIZE": "vec2 IMG_SIZE(sampler2D s) { return vec2(textureSize(s, 0)); }\n",
    "isf_pixel": (
        "vec4 isf_pixel(sampler2D s, vec2 size, vec2 p) { return texture(s, p / size); }\n"
        "vec4 isf_pixel(sampler2D s, vec2 size, vec2 p, float b) { return texture(s, p / size, b); }\n"
    ),
    "texture2D": (
        "vec4 texture2D(sampler2D s, vec2 p) { return texture(s, p); }\n"
        "vec4 texture2D(sampler2D s, vec2 p, float b) { return texture(s, p, b); }\n"
    ),
    "texture2DLod": "vec4 texture2DLod(sampler2D s, vec2 p, float l) { return textureLod(s, p, l); }\n",
    "texture2DLodEXT": "vec4 texture2DLodEXT(sampler2D s, vec2 p, float l) { return textureLod(s, p, l); }\n",
    "texture2DProj": "vec4 texture2DProj(sampler2D s, vec3 p) { return textureProj(s, p); }\n",
    "textureCube": "vec4 textureCube(samplerCube s, vec3 p) { return texture(s, p); }\n",
}

_TOY = {
    "iResolution": "vec3(RENDERSIZE, 1.0)",
    "iTime": "TIME",
    "iGlobalTime": "TIME",
    "iTimeDelta": "TIMEDELTA",
    "iFrame": "FRAMEINDEX",
    "iFrameRate": "(TIMEDELTA > 0.0 ? 1.0 / TIMEDELTA : 60.0)",
    "iDate": "vec4(DATE.x, DATE.y - 1.0, DATE.zw)",
    "iSampleRate": "44100.0",
}
_PLAIN = {
    "u_time": "TIME",
    "u_delta": "TIMEDELTA",
    "u_frame": "FRAMEINDEX",
    "u_resolution": "RENDERSIZE",
    "u_mouse": "iMouse.xy",
    "u_date": "DATE",
}
_SANDBOX = {"time": "TIME", "resolution": "RENDERSIZE", "mouse": "iMouse.xy"}
"""Names that only a file which declares them as uniforms means in this sense."""

_MAIN = {
    "shadertoy": (
        "\nvoid main() {{ vec4 c = vec4(0.0); mainImage(c, gl_FragCoord.xy); isf_FragColor = vec4(c.rgb, 1.0); }}\n"
    ),
    "isf": "\n",
    "glsl": "\n",
}


class Field(msgspec.Struct, frozen=True):
    """One value in the block: `at` counts numbers of four bytes; `whole` says that it is stored as an int."""

    name: str
    glsl: str
    at: int
    width: int
    whole: bool


class Program(msgspec.Struct, frozen=True):
    """What a driver compiles. `size` is the block's, in numbers of four bytes, a multiple of four."""

    vertex: str
    fragment: str
    fields: dict[str, Field]
    size: int
    samplers: tuple[str, ...]


def translate(shader: Shader, version: int = 330) -> Program:
    """The program of `shader` for GLSL `version` (one of VERSIONS), core profile."""
    body, extensions = _hoisted(shader.body)
    samplers, meanings = _samplers(shader, body), _meanings(shader, body)
    body = _without_declarations(_sized(body, samplers), _provided(shader, samplers, meanings))
    body, used = _retold(body, _CALLED_HERE & {*samplers, *(one.name for one in shader.parameters)})
    fields, size = _block(shader, samplers)
    prelude = [
        f"#version {version} core",
        *extensions,
        f"#line {OURS}",
        f"layout(std140) uniform {BLOCK} {{",
        *(f"    {field.glsl} {field.name};" for field in fields.values()),
        "};",
        "in vec2 isf_FragNormCoord;",
        *([] if _declares_out(body) and "isf_FragColor" not in used else ["out vec4 isf_FragColor;"]),
        *(_sampler_lines(shader, samplers)),
        *(line for name, text in _FUNCTIONS.items() if name in used for line in _missing(body, name, text)),
        *(f"#define {name} {meaning}" for name, meaning in meanings.items() if name in used),
        f"#line {shader.line}",
    ]
    fragment = "\n".join(prelude) + "\n" + body + f"\n#line {OURS}" + _MAIN[shader.kind].format()
    return Program(_VERTEX.format(version=version), fragment, fields, size, samplers)


def safe(name: str) -> str:
    """`name`, or the name it has in the program where a newer GLSL has reserved it, or means a function by it."""
    return f"{name}_isf" if name in _NOW_RESERVED or name in _CALLED_HERE else name


def _hoisted(body: str) -> tuple[str, list[str]]:
    """The body without #version and #extension (their lines stay, empty), and the extensions to ask for."""
    found = [
        f"#extension{rest.split('//')[0].replace('require', 'enable')}"
        for word, rest in _DIRECTIVE.findall(body)
        if word == "extension"
    ]
    return _DIRECTIVE.sub("", body), list(dict.fromkeys(found))


def _samplers(shader: Shader, body: str) -> tuple[str, ...]:
    if shader.kind == "isf":
        return shader.samplers
    return tuple(name for name in ("iChannel0", "iChannel1", "iChannel2", "iChannel3") if name in body)


def _sized(body: str, samplers: Iterable[str]) -> str:
    """A known sampler's size comes from the block: a pass may be 0.5 pixel larger than its texture."""
    for name in samplers:
        body = re.sub(rf"\bIMG_SIZE\s*\(\s*{name}\s*\)", f"_{name}_imgSize", body)
        body = re.sub(rf"\bIMG_PIXEL\s*\(\s*{name}\s*,", f"isf_pixel({safe(name)}, _{name}_imgSize,", body)
    return body


def _provided(shader: Shader, samplers: Iterable[str], meanings: Iterable[str]) -> set[str]:
    """Names that the prelude declares, so that the artist's own declaration of them must go."""
    names = {name for name, _ in _BUILT_IN} | {p.name for p in shader.parameters} | set(samplers)
    return names | {"isf_FragNormCoord", "vv_FragNormCoord"} | set(meanings)


def _meanings(shader: Shader, body: str) -> dict[str, str]:
    """The names of Shadertoy, The Book of Shaders and GLSL Sandbox, in ISF's terms."""
    if shader.kind == "isf":
        return {}
    declared = {n: m for n, m in _SANDBOX.items() if re.search(rf"\buniform\b[^;(]*\b{n}\b[^;(]*;", body)}
    return {**_TOY, **_PLAIN, **declared}


def _without_declarations(body: str, names: set[str]) -> str:
    """The body without the artist's own declarations of what the prelude declares."""

    def emptied(found: re.Match[str]) -> str:
        kept = [n for n in re.split(r"\s*,\s*", found[2].strip()) if n.split("[")[0].strip() not in names]
        return found[0] if len(kept) == found[2].count(",") + 1 else (f"{found[1]} {', '.join(kept)};" if kept else "")

    return re.sub(r"\b((?:uniform|varying)\s+(?:(?:low|medium|high)p\s+)?\w+)\s+([^;{}()]+);", emptied, body)


def _retold(body: str, inputs: Set[str]) -> tuple[str, set[str]]:
    """The body with each word that has changed since GLSL 1.10 in its present form, and the words it uses.

    `inputs` bear the name of a function: where such a name is not called, the input is meant.
    """
    used: set[str] = set()
    kept = {found.start() for found in _AS_QUALIFIER.finditer(body)}

    def word(found: re.Match[str]) -> str:
        name = _RETOLD.get(found[0], found[0])
        if name in _NOW_RESERVED and found.start() not in kept:
            name = f"{name}_isf"
        if name in inputs and not _CALL.match(body, found.end()):
            name = f"{name}_isf"
        used.add(name)
        return name

    body = re.sub(r"\bgl_FragData\s*\[\s*0\s*\]", "isf_FragColor", body)
    return _WORD.sub(word, body), used


_RETOLD = {
    "gl_FragColor": "isf_FragColor",
    "vv_FragNormCoord": "isf_FragNormCoord",
    "varying": "in",
}


def _declares_out(body: str) -> bool:
    return (
        re.search(r"^\s*(?:layout\s*\([^)]*\)\s*)?out\s+(?:(?:low|medium|high)p\s+)?vec[34]\s+\w+\s*;", body, re.M)
        is not None
    )


def _missing(body: str, name: str, text: str) -> Iterable[str]:
    """Of our functions of this name, one a line, those that the artist does not write with the same types."""
    if re.search(rf"#\s*define\s+{name}\b", body):
        return []
    theirs = {_types(found[1]) for found in re.finditer(_DEFINED.format(name), body)}
    return [line for line in text.splitlines() if _types(re.findall(_DEFINED.format(name), line)[0]) not in theirs]


_DEFINED = r"\b\w+\s+{}\s*\(([^;{{}}()]*)\)\s*\{{"
_HOW = frozenset(("const", "in", "out", "inout", "lowp", "mediump", "highp"))


def _types(parameters: str) -> tuple[str, ...]:
    """The types of a function's parameters."""
    words = ([word for word in one.split() if word not in _HOW] for one in parameters.split(","))
    return tuple(row[0] for row in words if row)


def _sampler_lines(shader: Shader, samplers: tuple[str, ...]) -> Iterable[str]:
    cubes = {image.name for image in (*shader.images, *shader.imported) if image.kind == "cube"}
    for name in samplers:
        yield f"uniform {'samplerCube' if name in cubes else 'sampler2D'} {safe(name)};"
        yield f"const vec4 _{name}_imgRect = vec4(0.0, 0.0, 1.0, 1.0);"
        yield f"const bool _{name}_flip = false;"
    if shader.kind == "shadertoy":
        sizes = [
            f"vec3(_{n}_imgSize, 1.0)" if n in samplers else "vec3(0.0)" for n in map("iChannel{}".format, range(4))
        ]
        yield f"#define iChannelResolution (vec3[4]({', '.join(sizes)}))"
        yield "#define iChannelTime (float[4](TIME, TIME, TIME, TIME))"


def _block(shader: Shader, samplers: tuple[str, ...]) -> tuple[dict[str, Field], int]:
    """The std140 block: the widest first, so that nothing is padded."""
    wanted = [(name, name, glsl) for name, glsl in _BUILT_IN]
    wanted += [(p.name, safe(p.name), KINDS[p.kind].glsl) for p in shader.parameters]
    wanted += [(f"_{name}_imgSize", f"_{name}_imgSize", "vec2") for name in samplers]
    fields: dict[str, Field] = {}
    at = 0
    for key, name, glsl in sorted(wanted, key=lambda row: -_WIDTHS[row[2]]):
        fields[key] = Field(name, glsl, at, _WIDTHS[glsl], glsl in ("int", "bool"))
        at += _WIDTHS[glsl]
    return fields, -(-at // 4) * 4
