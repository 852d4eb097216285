"""What a driver says of a shader, in plain words with a remedy, in two languages. One table for all drivers.

Mesa, NVIDIA and those that descend from the reference compiler (Apple, ANGLE, AMD, Intel) say the same things in
different words. Each row of RULES has a way to recognise one thing; the driver's own words stay at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from installation.score.problem import Problem, Row, Two, hint
from installation.score.shaders.compiler_rows import (
    _ISF_TYPES,
    ARGUMENTS,
    BRACE,
    BRACKET,
    BUILT_IN,
    COMPONENTS,
    CONDITION,
    CONVERT,
    DECLARE,
    DEFINE,
    FOREIGN,
    FUNCTIONS,
    NO_FUNCTION,
    NO_MAIN,
    NO_TYPE,
    OTHER,
    READ_ONLY,
    RECURSION,
    REMAINDER,
    SEMICOLON,
    SIZES,
    SWIZZLE,
    TOO_MANY,
    TWICE,
    TYPES,
    UNFED,
    UNFINISHED,
    UNKNOWN,
)
from installation.score.shaders.glsl import OURS
from installation.score.shaders.shader import Shader

OUR_MAIN = "isf_main"


class Said(NamedTuple):
    """One error of a driver's log: whose it is (line 0 is none of the artist's), the compiler's own line, its words."""

    file: str
    line: int
    raw: int
    message: str


class Code(NamedTuple):
    """The code that is at fault: its lines without comments, by the compiler's numbers, and the names that it knows."""

    lines: dict[int, str]
    names: frozenset[str]
    functions: frozenset[str]
    inputs: frozenset[str]

    def at(self, line: int) -> str:
        """The text of one of the compiler's lines."""
        return self.lines.get(line, "")

    def end(self) -> int:
        """The last line with code of the artist's own file; 0 when none is known."""
        return max((n for n, text in self.lines.items() if n < OURS and text.strip()), default=0)

    def before(self, line: int) -> int:
        """The last line with code before this one."""
        return next((n for n in range(line - 1, line - 200, -1) if self.at(n).strip()), line)


def code(body: str, first: int, inputs: Iterable[str] = ()) -> Code:
    """What must be known of a shader to explain an error in it. `body` begins at line `first` and may have #line."""
    bare = without_comments(body)
    known = frozenset(inputs)
    functions = frozenset(re.findall(r"\b[A-Za-z]\w*\s+([A-Za-z_]\w*)\s*\([^;{}]*\)\s*\{", bare))
    own = re.findall(rf"\b(?:{'|'.join(TYPES)})\s+([A-Za-z_]\w*)", bare)
    names = frozenset((*own, *known, *BUILT_IN)) - functions
    return Code(dict(_numbered(bare, first)), names, functions | frozenset(FUNCTIONS), known)


def _numbered(bare: str, first: int) -> Iterator[tuple[int, str]]:
    """Each line with the number by which a compiler tells of it."""
    number = first
    for text in bare.split("\n"):
        found = re.match(r"\s*#\s*line\s+(\d+)", text)
        if found:
            number = int(found[1])
        else:
            yield number, text
            number += 1


def without_comments(text: str) -> str:
    """The text with each comment blank, line for line."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.S)


def explained(found: Code, said: Sequence[Said]) -> list[Problem]:
    """A driver's errors as problems, each told once; what follows from another one on its line is left out."""
    told = dict[tuple[int, Row], Problem]()
    for one in _gathered(said):
        problem = _explained(found, one)
        plain = problem.row is OTHER
        if plain and any(line == problem.line for line, _ in told):
            continue
        told.setdefault((problem.line, problem.row if not plain else Row(*(((one.message,) * 3),) * 2)), problem)
    return list(told.values())


def _gathered(said: Sequence[Said]) -> Iterable[Said]:
    """The errors with the candidates that follow them on lines of their own, and without the closing words."""
    whole: list[Said] = []
    for one in said:
        if one.message.startswith("   ") and whole:
            whole[-1] = whole[-1]._replace(message=f"{whole[-1].message} {one.message.strip()};")
        elif "compilation terminated" not in one.message:
            whole.append(one)
    return whole


def _explained(found: Code, said: Said) -> Problem:
    for rule in RULES:
        match = rule.says.search(said.message)
        if match is not None:
            made = rule.make(found, said, match)
            if made is not None:
                row, raw, words = made
                line = max(0, said.line + raw - said.raw) if said.line else raw if raw < OURS else 0
                return Problem(said.file, line, row, {"message": _short(said.message), **words})
    return Problem(said.file, said.line, OTHER, {"message": _short(said.message)})


def _short(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= 160 else f"{text[:159]}…"


Made = tuple[Row, int, dict[str, Any]] | None
Make = Callable[[Code, Said, "re.Match[str]"], Made]


class Rule(NamedTuple):
    """One thing that drivers say: how it is recognised, and what is made of it (None: it was something else)."""

    says: re.Pattern[str]
    make: Make


def _name(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), "")


def _unknown(found: Code, said: Said, match: re.Match[str]) -> Made:
    name = _name(match)
    if re.match(rf"\s*{name}\s+[A-Za-z_]\w*\s*[=;,(]", found.at(said.raw)):
        return NO_TYPE, said.raw, _type_words(name)
    if re.search(rf"\b{name}\s*\(", found.at(said.raw)):
        return NO_FUNCTION, said.raw, {"name": name, "hint": hint(name, found.functions, DEFINE)}
    if name in FOREIGN and name not in found.names:
        meant = Two(f"under an ISF header it is {FOREIGN[name]}", f"sous un en-tête ISF, c'est {FOREIGN[name]}")
        return UNKNOWN, said.raw, {"name": name, "hint": meant}
    return UNKNOWN, said.raw, {"name": name, "hint": hint(name, found.names, DECLARE)}


def _function(found: Code, said: Said, match: re.Match[str]) -> Made:
    name = _name(match)
    if name == OUR_MAIN:  # what the translation calls the artist's
        return _main(found, said, match)
    if name in found.functions:
        return _arguments(found, said, match)
    return NO_FUNCTION, said.raw, {"name": name, "hint": hint(name, found.functions, DEFINE)}


def _arguments(found: Code, said: Said, match: re.Match[str]) -> Made:
    call = _name(match)
    candidates = re.findall(r"\b\w+ \w+\([^)]*\)", said.message.partition("candidates are")[2])
    listed = ", ".join(dict.fromkeys(candidates[:4]))
    expected: str = listed or Two("the types that the function takes", "les types que la fonction prend")
    return ARGUMENTS, said.raw, {"call": call, "expected": expected}


def _plain_type(text: str) -> str:
    """A type as the artist writes it, from "const 3-component vector of float" or "vec3"."""
    vector = re.search(r"(\d)-component vector of (\w+)", text)
    if vector:
        return {"float": "vec", "int": "ivec", "bool": "bvec"}.get(vector[2], "vec") + vector[1]
    return text.replace('"', "").split()[-1] if text.split() else "?"


def _convert(found: Code, said: Said, match: re.Match[str]) -> Made:
    given, wanted = _plain_type(match[1]), _plain_type(match[2])
    return CONVERT, said.raw, {"given": given, "wanted": wanted, "hint": _bridge(given, wanted)}


def _bridge(given: str, wanted: str) -> Two:
    """How one type is made of another."""
    parts = {"vec2": 2, "vec3": 3, "vec4": 4}
    if given in parts and wanted in parts:
        if parts[given] > parts[wanted]:
            end = "xyzw"[: parts[wanted]] + (" or .rgb" if wanted == "vec3" else "")
            return Two(f"take its first parts: .{end}", f"prenez ses premières parties : .{end.replace('or', 'ou')}")
        filled = "v, 1.0" if parts[wanted] - parts[given] == 1 else "v, 0.0, 1.0"
        return Two(f"fill it up: {wanted}({filled})", f"complétez-le : {wanted}({filled})")
    if wanted in parts:
        return Two(f"write {wanted}(x)", f"écrivez {wanted}(x)")
    if given in parts:
        return Two("take one of its parts, .x, or its length(…)", "prenez une partie, .x, ou sa longueur, length(…)")
    if wanted == "bool":
        return Two("compare: x > 0.5", "comparez : x > 0.5")
    return Two(f"write {wanted}(x)", f"écrivez {wanted}(x)")


def _operands(found: Code, said: Said, match: re.Match[str]) -> Made:
    if match[1] == "%":
        return REMAINDER, said.raw, {}
    a, b = _plain_type(match[2]), _plain_type(match[3])
    if a.startswith("vec") and b.startswith("vec"):
        return SIZES, said.raw, {}
    return CONVERT, said.raw, {"given": b, "wanted": a, "hint": _bridge(b, a)}


def _plain(row: Row) -> Make:
    """A rule whose words are the name that it found, if any."""

    def made(found: Code, said: Said, match: re.Match[str]) -> Made:
        return row, said.raw, {"name": _name(match)}

    return made


def _syntax(found: Code, said: Said, match: re.Match[str]) -> Made:
    """A statement that does not end: a ; that the line before lacks, a word that is no type, or an open bracket."""
    if not said.line and (whole := found.end()):
        # The driver stumbled over what we write after the artist's text: that text is not at its end where it ends.
        unclosed = _unclosed(found)
        return (BRACE, unclosed, {}) if unclosed else (UNFINISHED, whole, {})
    text, before = found.at(said.raw), found.before(said.raw)
    if (
        "unexpected '{'" in match[0]
        and re.match(r"\s*\w+\s+\w+\s*\(", text)
        and (unclosed := _unclosed(found, said.raw))
    ):
        return BRACE, unclosed, {}  # a function within a function: the one above was not closed
    start = re.match(r"\s*([A-Za-z_]\w*)\s+[A-Za-z_]\w*\s*[=;,(]", text)
    last = found.at(before).rstrip()
    if before < said.raw and last and last[-1] not in ";{},(+-*/&|=<>?:" and not last.lstrip().startswith("#"):
        open_ = last.count("(") > last.count(")")
        return (BRACKET if open_ else SEMICOLON), before, {}
    if start and start[1] not in (*TYPES, "const", "in", "out", "inout", "uniform", "return", "else", "struct"):
        return NO_TYPE, said.raw, _type_words(start[1])
    if text.count("(") > text.count(")"):
        return BRACKET, said.raw, {}
    if "';'" in match[0] or "SEMICOLON" in match[0]:
        return SEMICOLON, said.raw, {}
    return None


def _type_words(name: str) -> dict[str, Any]:
    known = ", ".join(TYPES[1:8])
    close = {"vector2": "vec2", "vector3": "vec3", "vector4": "vec4", "float2": "vec2", "float3": "vec3", "float4": "vec4",
             "half": "float", "double": "float", "var": "float", "let": "float", "number": "float"}.get(name.lower(), "")  # fmt: skip
    meant = (
        Two(f"write {close}", f"écrivez {close}")
        if close
        else hint(name, TYPES, Two("use one of these", "prenez l'un d'eux"))
    )
    return {"name": name, "known": Two(f"{known} …", f"{known} …"), "hint": meant}


def _end_of_file(found: Code, said: Said, match: re.Match[str]) -> Made:
    """The last brace that nothing closes."""
    return BRACE, _unclosed(found) or said.raw, {}


def _unclosed(found: Code, before: int = OURS) -> int:
    """The artist's line, of those before this one, with the last brace that nothing closes; 0 when all are closed."""
    open_: list[int] = []
    for n, text in found.lines.items():
        for letter in text if n < before else "":
            if letter == "{":
                open_.append(n)
            elif letter == "}" and open_:
                open_.pop()
    return open_[-1] if open_ else 0


def _main(found: Code, said: Said, match: re.Match[str]) -> Made:
    own = found.functions - {*FUNCTIONS, "main", OUR_MAIN}
    return NO_MAIN, said.raw, {"hint": hint("main", own, Two("write it, or look for a slip in its name", "écrivez-la, ou cherchez une faute dans son nom"))}  # fmt: skip


def _rule(pattern: str, make: Make) -> Rule:
    return Rule(re.compile(pattern), make)


RULES = (
    _rule(r"`(\w+)' undeclared|undefined variable \"(\w+)\"|'(\w+)' : undeclared identifier|undeclared identifier '(\w+)'", _unknown),
    _rule(r"no function with name '(\w+)'|unable to find compatible overloaded function \"(\w+)|'(\w+)' : no matching overloaded function|No matching function for call to (\w+)", _function),
    _rule(r"no matching function for call to `([^']*)'", _arguments),
    _rule(r"(?:initializer|value) of type (\w+) cannot be assigned to variable of type (\w+)", _convert),
    _rule(r"cannot convert from '([^']*)' to '([^']*)'", _convert),
    _rule(r"implicit cast from (\"\w+\") to (\"\w+\")", _convert),
    _rule(r"no operation '(.+?)' exists that takes a left-hand operand of type '([^']*)' and a right operand of type '([^']*)'", _operands),
    _rule(r"operator % must be an integer|'%'|operator ?% not defined", _plain(REMAINDER)),
    _rule(r"vector size mismatch|incompatible (?:vector )?(?:types|sizes)", _plain(SIZES)),
    _rule(r"unexpected end of file|unexpected \$end|unexpected end$", _end_of_file),
    _rule(r"syntax error, unexpected .*|syntax error", _syntax),
    _rule(r"condition must be (?:a )?scalar boolean|boolean expression expected|operand of `!' must be scalar boolean", _plain(CONDITION)),
    _rule(r"read-only variable '(\w+)'|l-value required \"(\w+)\"|assignment to (?:constant|uniform|input) (?:variable )?\"?(\w+)", _plain(READ_ONLY)),
    _rule(r"too (?:few|many) (?:components|parameters|arguments)|not enough data provided|constructor.*(?:not enough|too many)", _plain(COMPONENTS)),
    _rule(r"`(\w+)' redeclared|'(\w+)' : redefinition|redeclaration of \"?(\w+)|redefinition of '?(\w+)", _plain(TWICE)),
    _rule(r"invalid swizzle / mask `(\w+)'|'(\w+)' : (?:vector swizzle|vector field) selection out of range|invalid swizzle \"?(\w+)", _plain(SWIZZLE)),
    _rule(r"lacks `main'|[Mm]issing entry point|no program defined|main\(\) is missing|main.*not defined", _main),
    _rule(r"[Tt]oo many .*samplers|[Tt]oo many .*texture", _plain(TOO_MANY)),
    _rule(r"static recursion|recursive call|recursion", _plain(RECURSION)),
)  # fmt: skip
"""In this order; the first that fits and makes something of it is taken."""


def unfed(shader: Shader) -> list[Problem]:
    """A warning for each `uniform` of an ISF shader that is no input: nothing would ever move it."""
    if shader.kind != "isf":
        return []
    known = {*BUILT_IN, *shader.samplers, *(one.name for one in shader.parameters)}
    found = []
    for n, text in enumerate(without_comments(shader.body).split("\n"), shader.line):
        for kind, name in re.findall(r"^\s*uniform\s+(?:(?:lowp|mediump|highp)\s+)?(\w+)\s+(\w+)", text):
            if name not in known:
                words = {"name": name, "kind": _ISF_TYPES.get(kind, "float")}
                found.append(Problem(shader.file, n, UNFED, words))
    return found
