"""The program text of a shader: the artist's GLSL made to hold on strict core-profile drivers, line for line.

IMG_* are functions that take a sampler, so they nest, go through macros and take sampler parameters. All values
stand in one std140 block (decision 0020). Texts in, texts out; it knows no GL context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from installation.score.parameter import KINDS
from installation.score.shaders.dialect import BUILT_IN, Dialect, dialect
from installation.score.shaders.overloads import ENDING, forwarded, own_functions, renamed
from installation.score.shaders.prelude import (
    BIASED,
    FUNCTION_NAMES,
    FUNCTIONS,
    QUAD,
    TEXCOORDS,
    TRIANGLE,
    VERTEX_LEGACY,
    VERTEX_SET,
    guessed,
)
from installation.score.shaders.shader import Part, Shader
from installation.score.shaders.words import (
    DECLARATION,
    RENAMED,
    bare,
    constants_kept,
    hoisted,
    missing,
    named,
    renewed,
    without_declarations,
)

VERSIONS = (450, 420, 410, 330)
BLOCK = "isf_Values"
OURS = 100_000
"""Our own lines are numbered from here on, so that a compiler's message tells them from the artist's; the lines of
the texts that stand before a part begin at twice this, thrice this …

Source-string numbers in `#line` would say it better, but Mesa forgets them in half of its messages.
"""
APART = 8
"""Passes up to which each has a program of its own, if the text asks which pass it draws (decision 0048)."""
_WIDTHS = {"vec4": 4, "vec3": 4, "vec2": 2, "float": 1, "int": 1, "bool": 1}


class Field(msgspec.Struct, frozen=True):
    """One value in the block: `at` counts numbers of four bytes; `whole` says that it is stored as an int."""

    name: str
    glsl: str
    at: int
    width: int
    whole: bool


class Stages(NamedTuple):
    """What a driver compiles for one part; `fragment_files` are those told of at each further step of OURS, the two
    bodies what the artist wrote."""

    vertex: str
    fragment: str
    vertex_file: str
    fragment_files: tuple[str, ...]
    vertex_body: str = ""
    fragment_body: str = ""


class Program(msgspec.Struct, frozen=True):
    """What a driver compiles: a pair of texts for each part, and which of them each pass runs.

    `size` is the block's, in numbers of four bytes, a multiple of four. `strip` says that four corners are drawn as
    a strip, else three. `samplers` are in the order of their units.
    """

    stages: tuple[Stages, ...]
    runs: tuple[int, ...]
    fields: dict[str, Field]
    size: int
    samplers: tuple[str, ...]
    strip: bool = False

    @property
    def vertex(self) -> str:
        """The text of the last pass."""
        return self.stages[self.runs[-1]].vertex

    @property
    def fragment(self) -> str:
        """The text of the last pass."""
        return self.stages[self.runs[-1]].fragment


class _Around(NamedTuple):
    """What all texts of one shader share while they are translated."""

    shader: Shader
    version: int
    dialect: Dialect
    block: tuple[str, ...]
    inputs: frozenset[str]
    own: frozenset[str]


def translate(shader: Shader, version: int = 330) -> Program:
    """The program of `shader` for GLSL `version` (one of VERSIONS), core profile."""
    spoken = dialect(shader)
    apart = spoken.own and not shader.parts and 1 < len(shader.passes) <= APART and _asks(shader)
    fields, size = _block(shader, spoken, {"PASSINDEX"} if apart else set())
    members = (f"    {field.glsl} {field.name};" for field in fields.values())
    block = (f"layout(std140) uniform {BLOCK} {{", *members, "};")
    inputs = FUNCTION_NAMES & {*shader.samplers, *(one.name for one in shader.parameters)}
    whole = Part(body=shader.body, file=shader.file, line=shader.line)
    parts = shader.parts or (whole,) * len(shader.passes)
    unique = list({id(part): part for part in parts}.values())
    texts = [shader.vertex, *(one.body for part in unique for one in (*part.before, part))]
    own = frozenset(name for text in texts for name in own_functions(bare(text)))
    around = _Around(shader, version, spoken, block, inputs, own)
    if apart:
        runs = tuple(range(len(parts)))
        stages = _apart(_stages(whole, around, alone=True), len(parts))
    else:
        stages = tuple(_stages(part, around) for part in unique)
        runs = tuple(next(n for n, one in enumerate(unique) if one is part) for part in parts)
    return Program(stages, runs, fields, size, shader.samplers, bool(shader.vertex))


def _asks(shader: Shader) -> bool:
    """Whether a shader's text asks which pass it draws."""
    return any("PASSINDEX" in bare(text) for text in (shader.body, shader.vertex))


# A variable, not a constant: `corners[PASSINDEX]` beyond the end is an error where the number is a constant.
_NUMBER = "int PASSINDEX = 0;"


def _apart(stages: Stages, count: int) -> tuple[Stages, ...]:
    """The same text once for each pass, its number in it."""
    numbers = (_NUMBER.replace("0", str(n)) for n in range(count))
    return tuple(
        stages._replace(
            vertex=stages.vertex.replace(_NUMBER, number, 1), fragment=stages.fragment.replace(_NUMBER, number, 1)
        )
        for number in numbers
    )


def safe(name: str) -> str:
    """`name`, or the name it has in the program where a newer GLSL has reserved it, or means a function by it."""
    return f"{name}_isf" if name in RENAMED or name in FUNCTION_NAMES else name


def _block(shader: Shader, spoken: Dialect, but: set[str]) -> tuple[dict[str, Field], int]:
    """The std140 block, without the built-in values in `but`: the widest first, so that nothing is padded."""
    wanted = [(name, spoken.built_in(name), glsl) for name, glsl in BUILT_IN if name not in but]
    wanted += [(p.name, spoken.parameter(safe(p.name)), KINDS[p.kind].glsl) for p in shader.parameters]
    wanted += [(f"_{name}_imgSize", f"_{name}_imgSize", "vec2") for name in shader.samplers]
    fields: dict[str, Field] = {}
    at = 0
    for key, name, glsl in sorted(wanted, key=lambda row: -_WIDTHS[row[2]]):
        fields[key] = Field(name, glsl, at, _WIDTHS[glsl], glsl in ("int", "bool"))
        at += _WIDTHS[glsl]
    return fields, -(-at // 4) * 4


def _stages(part: Part, around: _Around, alone: bool = False) -> Stages:
    """The texts of one part; `alone`: for one pass of those that share it, its number in the text."""
    number = (_NUMBER,) if alone else ()
    texts = [_written(one, around, "in") for one in (*part.before, part)]
    code = "\n".join(text for text, _, _ in texts)
    used = {word for _, words, _ in texts for word in words}
    extensions = dict.fromkeys(line for _, _, lines in texts for line in lines)
    entering = _entering(code)
    shown = not _has_out(code)
    meanings = around.dialect.meanings(code, used, part.channels)
    lines = [
        f"#version {around.version} core",
        *extensions,
        f"#line {OURS}",
        *around.block,
        *number,
        "in vec2 isf_FragNormCoord;",
        *(["out vec4 isf_FragColor;"] if shown or "isf_FragColor" in used else []),
        *(["vec4 isf_FragData[8];"] if "gl_FragData" in used else []),
        *([f"in vec4 isf_TexCoord[{TEXCOORDS}];"] if "isf_TexCoord" in used else []),
        *(["const vec4 isf_Color = vec4(1.0);"] if "isf_Color" in used else []),
        *_samplers(around.shader),
        *_functions(code, used, vertex=False),
        *forwarded(code, around.own & {word.removesuffix(ENDING) for word in used}),
        *meanings,
        *(f"#define {name}" for name in part.defines),
    ]
    for n, (one, (text, _, _)) in enumerate(zip((*part.before, part), texts, strict=True)):
        offset = 0 if one is part else (n + 2) * OURS
        lines += [f"#line {one.line + offset}", text]
    ending = around.dialect.ending(shown or "isf_FragColor" in used, "gl_FragData" in used)
    fragment = "\n".join([*lines, f"#line {OURS}", ending, ""])
    if "gl_FragData" in used:
        fragment = re.sub(r"\bgl_FragData\b", "isf_FragData", fragment)
    vertex = _vertex(around, entering, "isf_TexCoord" in used, number)
    files = (part.file, *(one.file for one in part.before))
    return Stages(vertex, fragment, around.shader.vertex_file, files, around.shader.vertex, part.body)


def _written(part: Part, around: _Around, varying: str) -> tuple[str, set[str], list[str]]:
    """A part's text as it goes into the program, the words it uses, and the extensions it asks for."""
    body, extensions = hoisted(bare(part.body))
    spoken = around.dialect
    body = _sized(body, around.shader.samplers) if not part.channels else body
    provided = spoken.provided(part.channels)
    body = without_declarations(body, provided, {"uniform", "varying", "in", "out"})
    body = renamed(constants_kept(body), around.own)
    body, used = renewed(body, around.inputs, varying)
    return body, used, extensions


def _sized(body: str, samplers: Iterable[str]) -> str:
    """A known sampler's size comes from the block: a pass may be 0.5 pixel larger than its texture."""
    if "IMG_" not in body:
        return body
    for name in samplers:
        body = re.sub(rf"\bIMG_SIZE\s*\(\s*{name}\s*\)", f"_{name}_imgSize", body)
        body = re.sub(rf"\bIMG_PIXEL\s*\(\s*{name}\s*,", f"isf_pixel({safe(name)}, _{name}_imgSize,", body)
    return body


def _samplers(shader: Shader) -> Iterable[str]:
    cubes = {image.name for image in (*shader.images, *shader.imported) if image.kind == "cube"}
    for name in shader.samplers:
        yield f"uniform {'samplerCube' if name in cubes else 'sampler2D'} {safe(name)};"
        yield f"const vec4 _{name}_imgRect = vec4(0.0, 0.0, 1.0, 1.0);"
        yield f"const bool _{name}_flip = false;"


def _functions(code: str, used: set[str], vertex: bool) -> Iterable[str]:
    for name, rows in FUNCTIONS.items():
        if name in used:
            yield from (line for line in missing(code, name, rows) if not (vertex and BIASED[0] in line))


_GLOBAL_OUT = re.compile(
    r"^[^\S\n]*+(?:layout\s*\([^)]*\)\s*)?out\s+(?:(?:low|medium|high)p\s+)?vec[34]\s+\w+\s*;", re.M
)


def _has_out(code: str) -> bool:
    return _GLOBAL_OUT.search(code) is not None


class _Varying(NamedTuple):
    """One value that a fragment shader takes from the vertex shader."""

    before: str
    kind: str
    name: str
    size: str


def _entering(code: str) -> list[_Varying]:
    """What a fragment's text declares as `in` at its outermost level."""
    found: dict[str, _Varying] = {}
    for one in DECLARATION.finditer(code):
        if one[2] == "in" and not one[5].lstrip().startswith("gl_"):
            before = re.sub(r"\bin\b", "out", one[1], count=1)
            found |= {name: _Varying(before, one[3], name, size or one[4].strip()) for name, size in named(one[5])}
    return list(found.values())


def _vertex(around: _Around, entering: list[_Varying], texcoords: bool, number: tuple[str, ...]) -> str:
    """The vertex shader: the artist's, or one that gives the fragment shader all that it takes."""
    shader, size = around.shader, around.dialect.built_in("RENDERSIZE")
    given, used, extensions = (
        _written(Part(body=shader.vertex, file=shader.vertex_file), around, "out") if shader.vertex else ("", set(), [])
    )
    given, attributes = _attributes(given)
    leaving = {name for one in DECLARATION.finditer(given) if one[2] == "out" for name, _ in named(one[5])}
    wanted = [one for one in entering if one.name not in leaving]
    sets = [f"{one.name} = {guessed(one.name, one.kind, size)};" for one in wanted if not one.size]
    sets += [f"{name} = {guessed(name, kind, size)};" for name, kind in attributes]
    sets += [text.format(size=size) for name, text in VERTEX_SET.items() if name in used or "isf_transform" in used]
    if texcoords:
        corners = "vec4(corner * 0.5 + 0.5, 0.0, 1.0)"
        sets.insert(0, f"for (int i = 0; i < {TEXCOORDS}; i++) isf_TexCoord[i] = {corners};")
    legacy = {name: text for name, text in VERTEX_LEGACY.items() if name in used}
    if "isf_transform" in used:
        legacy |= {name: VERTEX_LEGACY[name] for name in ("isf_Vertex", "isf_Corner", "isf_Projection")}
    lines = [
        f"#version {around.version} core",
        *dict.fromkeys(extensions),
        f"#line {OURS}",
        *(around.block if shader.vertex or any(size in one for one in sets) else ()),
        *(number if shader.vertex else ()),
        "out vec2 isf_FragNormCoord;",
        *([f"out vec4 isf_TexCoord[{TEXCOORDS}];"] if texcoords or "isf_TexCoord" in used else []),
        *(f"{one.before} {one.name}{one.size if one.size not in one.before else ''};" for one in wanted),
        *legacy.values(),
    ]
    if shader.vertex:
        lines += [
            *_samplers(shader),
            *_functions(given, used, vertex=True),
            *forwarded(given, around.own & {word.removesuffix(ENDING) for word in used}, vertex=True),
            "void isf_vertShaderInit();",
            *(["vec4 isf_transform() { return isf_Projection * isf_Vertex; }"] if "isf_transform" in used else []),
            "#line 1",
            given,
            f"#line {OURS}",
            _VERTEX_INIT,
        ]
    main = f"vec2 corner = {QUAD if shader.vertex else TRIANGLE};"
    own = "isf_vertShaderInit(); isf_main();" if shader.vertex else _PLACED
    return "\n".join([*lines, f"void main() {{ {main} {' '.join(sets)} {own} }}", ""])


_PLACED = "gl_Position = vec4(corner, 0.0, 1.0); isf_FragNormCoord = corner * 0.5 + 0.5;"
_VERTEX_INIT = f"void isf_vertShaderInit() {{ vec2 corner = {QUAD}; {_PLACED} }}"


def _attributes(given: str) -> tuple[str, list[tuple[str, str]]]:
    """A vertex text whose attributes are plain globals, and each one's name and type: no buffer of corners is bound."""
    found: list[tuple[str, str]] = []

    def plain(one: re.Match[str]) -> str:
        if one[2] != "in":
            return one[0]
        found.extend((name, one[3]) for name, _ in named(one[5]))
        return f"{one[3]} {one[5]};"

    return DECLARATION.sub(plain, given), found
