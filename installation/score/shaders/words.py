"""An artist's GLSL, word by word: what changed its name since GLSL 1.10, and what strict compilers do not take.

Every replacement keeps the lines of the text. Texts in, texts out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from installation.score.shaders.prelude import FUNCTION_NAMES, LEGACY

# Words that GLSL 1.10 lets an artist use and 3.30 to 4.50 reserve.
# fmt: off
RENAMED = frozenset(
    (
        "sample", "smooth", "flat", "noperspective", "centroid", "patch", "buffer", "shared", "filter",
        "input", "output", "common", "partition", "active", "subroutine", "precise", "resource", "restrict",
        "coherent", "readonly", "writeonly", "superp", "hvec2", "hvec3", "hvec4", "fvec2", "fvec3", "fvec4",
        "half", "fixed", "unsigned", "long", "short", "using", "namespace", "template", "this", "public",
        "static", "extern", "external", "interface", "cast", "union", "enum", "typedef", "class", "inline",
        "noinline", "goto", "asm", "sizeof", "image1D", "image2D", "image3D", "imageCube", "volatile",
    )
)
# fmt: on

_COMMENT = re.compile(r"//(?:\\\n|[^\n])*|/\*.*?(?:\*/|\Z)", re.S)
_FILLED = re.compile(r"[^\n]+")
_ODD = re.compile("[\x00\u00a0\u2000-\u200f\u2028\u2029\u202f\ufeff]")
_PLACED = re.compile(
    r"\blayout\s*\([^()]*\)\s*(?=(?:(?:flat|smooth|noperspective|centroid|invariant)\s+)*(?:in|uniform)\b)"
)
_CONTINUED = re.compile(r"^(?:[^\n]*\\\n)+[^\n]*", re.M)
_DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(version|extension)\b([^\n]*)", re.M)
_AS_QUALIFIER = re.compile(r"\b(?:flat|smooth|noperspective|centroid)\s+(?:centroid\s+)?(?:in|out|varying)\b")
_WORD = re.compile(r"(?:\d|\.\d)[\w.]*|[A-Za-z_]\w*")
_CALL = re.compile(r"\s*\(")
_MAIN = re.compile(r"\bvoid\s+main(?=\s*\()")
_MEANT_NOW = {
    "gl_FragColor": "isf_FragColor",
    "sampler2DRect": "sampler2D",
    **LEGACY,
}


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def bare(text: str) -> str:
    """The text without comments; every line and column keeps its place."""
    return _COMMENT.sub(lambda found: _FILLED.sub(_blank, found[0]), _ODD.sub(" ", text))


def hoisted(body: str) -> tuple[str, list[str]]:
    """The body without #version and #extension (their lines stay, empty), and the extensions to ask for.

    Places of inputs and uniforms (`layout(location = …)`), which 3.30 does not know, go too, and a line that runs on is
    made one.
    """
    found = [
        f"#extension{rest.replace('require', 'enable')}".rstrip()
        for word, rest in _DIRECTIVE.findall(body)
        if word == "extension" and not re.match(r"\s*all\b", rest)
    ]
    body = _CONTINUED.sub(lambda line: line[0].replace("\\\n", " ") + "\n" * line[0].count("\n"), body)
    return _PLACED.sub("", _DIRECTIVE.sub("", body)), list(dict.fromkeys(found))


def renewed(body: str, inputs: Set[str], varying: str) -> tuple[str, set[str]]:
    """The body with each word that has changed since GLSL 1.10 in its present form, and the words it uses.

    `inputs` bear the name of a function: where such a name is not called, the input is meant. `varying` is what
    that word has become in this kind of shader.
    """
    used: set[str] = set()
    kept = {found.start() for found in _AS_QUALIFIER.finditer(body)}

    def word(found: re.Match[str]) -> str:
        name = found[0]
        if name[0].isdigit() or name[0] == ".":
            return name
        name = varying if name == "varying" else "in" if name == "attribute" else _MEANT_NOW.get(name, name)
        if name in RENAMED and found.start() not in kept:
            name = f"{name}_isf"
        if name in inputs and not _CALL.match(body, found.end()):
            name = f"{name}_isf"
        used.add(name)
        return name

    body = re.sub(r"\bgl_FragData\s*\[\s*0\s*\]", "gl_FragColor", body)
    return _MAIN.sub("void isf_main", _WORD.sub(word, body)), used


DECLARATION = re.compile(
    r"((?:\blayout\s*\([^)]*\)\s*)?(?:\b(?:flat|smooth|noperspective|centroid|invariant)\s+){0,5}"
    r"\b(uniform|varying|attribute|in|out)\s+(?:(?:low|medium|high)p\s+)?(\w+)((?:\s*\[[^\]]*\])?))\s+"
    r"((?:[^;{}()]|\([^;{}()]*\)){1,2000}+);"
)
"""A global declaration: 1 all before the names, 2 how, 3 its type, 4 the size of an array, 5 the names."""


def named(names: str) -> list[tuple[str, str]]:
    """Each name that a declaration lists, and the size of its array with its brackets, or ""."""
    found = []
    for one in re.split(r",(?![^()]*\))", names):
        match = re.match(r"\s*(\w+)\s*((?:\[[^\]]*\])*)", one)
        if match:
            found.append((match[1], match[2]))
    return found


def without_declarations(body: str, provided: Set[str], how: Set[str]) -> str:
    """The body without the artist's own declarations of what the prelude declares."""

    def emptied(found: re.Match[str]) -> str:
        if found[2] not in how:
            return found[0]
        parts = re.split(r",(?![^()]*\))", found[5])
        kept = [
            part for part in parts if not (found_name := re.match(r"\s*(\w+)", part)) or found_name[1] not in provided
        ]
        if len(kept) == len(parts):
            return found[0]
        lines = "\n" * found[0].count("\n")
        return f"{found[1]} {','.join(kept)};" if kept else lines

    return DECLARATION.sub(emptied, body)


_DEFINED = r"\b\w+\s+{}\s*\(([^;{{}}()]*)\)\s*\{{"
_HOW = frozenset(("const", "in", "out", "inout", "lowp", "mediump", "highp"))


def missing(body: str, name: str, lines: Iterable[str]) -> list[str]:
    """Of our functions of this name, one a line, those that the artist does not write with the same types."""
    if re.search(rf"#[ \t]*define[ \t]+{name}\b", body):
        return []
    theirs = {_types(found[1]) for found in re.finditer(_DEFINED.format(name), body)}
    return [line for line in lines if _types(re.findall(_DEFINED.format(name), line)[0]) not in theirs]


def _types(parameters: str) -> tuple[str, ...]:
    """The types of a function's parameters."""
    words = ([word for word in one.split() if word not in _HOW] for one in parameters.split(","))
    return tuple(row[0] for row in words if row and row[0] != "void")


_CONST = re.compile(r"\bconst\s+((?:(?:low|medium|high)p\s+)?\w+(?:\s*\[[^\]]*\])?)\s+(\w+)(\s*(?:\[[^\]]*\]\s*)?=)")
_DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)]*\))?[ \t]*((?:\\\n|[^\n])*)", re.M)
_PLAIN_TYPES = ("float", "int", "uint", "bool", "true", "false")
_TYPES = frozenset(
    (
        *_PLAIN_TYPES,
        *(f"{kind}vec{n}" for kind in ("", "i", "b", "u") for n in (2, 3, 4)),
        *(f"mat{n}{m}" for n in (2, 3, 4) for m in ("", "x2", "x3", "x4")),
    )
)


def constants_kept(body: str) -> str:
    """`const` taken from what no compiler before GLSL 4.20 finds constant: a value worked out while it runs."""
    if "const" not in body:
        return body
    still = set(_TYPES | FUNCTION_NAMES)
    macros = {name: (arguments, text) for name, arguments, text in _DEFINE.findall(body)}
    structs = set(re.findall(r"\bstruct\s+(\w+)", body))

    def constant(expression: str) -> bool:
        # Each macro is looked into once, however many name it: they may name one another in a circle, or each twice.
        waiting, looked = [(expression, frozenset[str]())], set[str]()
        while waiting:
            text, arguments = waiting.pop()
            for name in _WORD.findall(re.sub(r"\.\s*[A-Za-z_]\w*", "", text)):
                if name[0].isdigit() or name[0] == "." or name in still or name in structs or name in arguments:
                    continue
                if name not in macros:
                    return False
                if name not in looked:
                    looked.add(name)
                    waiting.append((macros[name][1], frozenset(re.findall(r"\w+", macros[name][0]))))
        return True

    out, at, end = [], 0, 0
    for found in _CONST.finditer(body):
        if found.start() < end:
            continue  # within another's value, where none can stand
        end = body.find(";", found.end())
        end = end if end >= 0 else len(body)
        whole = body[found.end() : end]
        if constant(whole):
            still.add(found[2])
            still.update(re.findall(r",\s*(\w+)\s*(?:\[[^\]]*\]\s*)?=", whole))
        else:
            out += [body[at : found.start()], " " * 5]
            at = found.start() + 5
    return "".join([*out, body[at:]])
