"""An artist's own function that bears the name of one of GLSL's.

Mesa then forgets all of GLSL's functions of that name, other compilers keep those of other types. So ours is given
another name, and under that name GLSL's own functions for the types that the artist left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from installation.score.shaders.prelude import FUNCTION_NAMES
from installation.score.shaders.words import missing

ENDING = "_own"

_FLOATS = ("float", "vec2", "vec3", "vec4")
_VECTORS = _FLOATS[1:]
_MATRICES = ("mat2", "mat3", "mat4")
_Signature = tuple[str, ...]
"""The type that comes back, then those that go in."""

_ONE = """radians degrees sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp log exp2 log2 sqrt inversesqrt
abs sign floor trunc round roundEven ceil fract normalize dFdx dFdy fwidth"""
_TWO = "pow mod min max step atan reflect"
_THREE = "clamp mix smoothstep faceforward"


def _each(name: str) -> Iterable[_Signature]:
    if name in _ONE.split():
        yield from ((kind, kind) for kind in _FLOATS)
    if name in _TWO.split():
        yield from ((kind, kind, kind) for kind in _FLOATS)
    if name in _THREE.split():
        yield from ((kind, kind, kind, kind) for kind in _FLOATS)
    if name in ("mod", "min", "max"):
        yield from ((kind, kind, "float") for kind in _VECTORS)
    if name == "step":
        yield from ((kind, "float", kind) for kind in _VECTORS)
    if name == "smoothstep":
        yield from ((kind, "float", "float", kind) for kind in _VECTORS)
    if name == "clamp":
        yield from ((kind, kind, "float", "float") for kind in _VECTORS)
    if name in ("mix", "refract"):
        yield from ((kind, kind, kind, "float") for kind in _VECTORS)
    if name in ("abs", "sign"):
        yield "int", "int"
    if name in ("min", "max"):
        yield "int", "int", "int"
    yield from _SPECIAL.get(name, ())


_SPECIAL: dict[str, tuple[_Signature, ...]] = {
    "length": tuple(("float", kind) for kind in _FLOATS),
    "distance": tuple(("float", kind, kind) for kind in _FLOATS),
    "dot": tuple(("float", kind, kind) for kind in _FLOATS),
    "cross": (("vec3", "vec3", "vec3"),),
    "inverse": tuple((kind, kind) for kind in _MATRICES),
    "transpose": tuple((kind, kind) for kind in _MATRICES),
    "determinant": tuple(("float", kind) for kind in _MATRICES),
    "texture": (
        *(("vec4", "sampler2D", "vec2", *bias) for bias in ((), ("float",))),
        *(("vec4", "samplerCube", "vec3", *bias) for bias in ((), ("float",))),
    ),
    "textureLod": (("vec4", "sampler2D", "vec2", "float"), ("vec4", "samplerCube", "vec3", "float")),
    "texelFetch": (("vec4", "sampler2D", "ivec2", "int"),),
}
_DEFINITION = re.compile(r"\b[A-Za-z_]\w*\s+([A-Za-z_]\w*)\s*\([^;{}()]*\)\s*\{")


def own_functions(body: str) -> set[str]:
    """The names of GLSL's functions that a text without comments defines anew."""
    return {name for name in _DEFINITION.findall(body) if name in FUNCTION_NAMES and any(_each(name))}


def renamed(body: str, names: Iterable[str]) -> str:
    """The text with its own functions, and all calls by their names, under names of their own."""
    for name in names:
        body = re.sub(rf"\b{name}\b(?=\s*\()", name + ENDING, body)
    return body


def forwarded(body: str, names: Iterable[str], vertex: bool = False) -> list[str]:
    """GLSL's functions by these names for the types that the renamed text does not define, a line each."""
    lines: list[str] = []
    for name in sorted(names):
        made = [_line(name, signature) for signature in _each(name)]
        lines += missing(body, name + ENDING, made)
    fragment_only = ("dFdx", "dFdy", "fwidth")
    return [line for line in lines if not vertex or not any(f" {name}{ENDING}(" in line for name in fragment_only)]


def _line(name: str, signature: _Signature) -> str:
    kinds = [f"{kind} {letter}" for kind, letter in zip(signature[1:], "abcd", strict=False)]
    given = ", ".join("abcd"[: len(kinds)])
    return f"{signature[0]} {name}{ENDING}({', '.join(kinds)}) {{ return {name}({given}); }}"
