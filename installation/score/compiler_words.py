"""What a driver says of a shader, in plain words with a remedy, in two languages. One table for all drivers.

Mesa, NVIDIA and those that descend from the reference compiler (Apple, ANGLE, AMD, Intel) say the same things in
different words. Each row of RULES has a way to recognise one thing; the driver's own words stay at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from installation.score.isf import Shader
from installation.score.problem import Problem, Row, Two, nearest

BUILT_IN = (
    *("TIME", "TIMEDELTA", "FRAMEINDEX", "PASSINDEX", "DATE", "RENDERSIZE", "isf_FragNormCoord", "vv_FragNormCoord"),
    *("gl_FragCoord", "gl_FragColor"),
)
FUNCTIONS = tuple(
    [
        "abs",
        "acos",
        "acosh",
        "all",
        "any",
        "asin",
        "asinh",
        "atan",
        "atanh",
        "ceil",
        "clamp",
        "cos",
        "cosh",
        "cross",
        "degrees",
        "determinant",
        "dFdx",
        "dFdy",
        "distance",
        "dot",
        "equal",
        "exp",
        "exp2",
        "faceforward",
        "floor",
        "fract",
        "fwidth",
        "greaterThan",
        "greaterThanEqual",
        "inverse",
        "inversesqrt",
        "isinf",
        "isnan",
        "length",
        "lessThan",
        "lessThanEqual",
        "log",
        "log2",
        "matrixCompMult",
        "max",
        "min",
        "mix",
        "mod",
        "modf",
        "normalize",
        "not",
        "notEqual",
        "outerProduct",
        "pow",
        "radians",
        "reflect",
        "refract",
        "round",
        "roundEven",
        "sign",
        "sin",
        "sinh",
        "smoothstep",
        "sqrt",
        "step",
        "tan",
        "tanh",
        "texture",
        "texture2D",
        "texelFetch",
        "textureSize",
        "transpose",
        "trunc",
        "IMG_PIXEL",
        "IMG_NORM_PIXEL",
        "IMG_THIS_PIXEL",
        "IMG_THIS_NORM_PIXEL",
        "IMG_SIZE",
    ]
)
TYPES = tuple(
    [
        "void",
        "bool",
        "int",
        "uint",
        "float",
        "vec2",
        "vec3",
        "vec4",
        "ivec2",
        "ivec3",
        "ivec4",
        "bvec2",
        "bvec3",
        "bvec4",
        "mat2",
        "mat3",
        "mat4",
        "sampler2D",
    ]
)
FOREIGN = {
    "iTime": "TIME", "iGlobalTime": "TIME", "u_time": "TIME", "time": "TIME", "iTimeDelta": "TIMEDELTA",
    "iFrame": "FRAMEINDEX", "iDate": "DATE", "iResolution": "RENDERSIZE", "u_resolution": "RENDERSIZE",
    "resolution": "RENDERSIZE", "uv": "isf_FragNormCoord", "fragCoord": "gl_FragCoord.xy", "fragColor": "gl_FragColor",
    "iChannel0": "inputImage", "PI": "3.14159265", "TAU": "6.2831853", "M_PI": "3.14159265",
}  # fmt: skip
"""Names of other hosts, and what stands for them under an ISF header."""


class Said(NamedTuple):
    """One line of a driver's log: the artist's line (0 when it is none of theirs) and the words."""

    line: int
    message: str


def _row(en: tuple[str, str, str], fr: tuple[str, str, str]) -> Row:
    """A row that ends in the driver's own words."""
    return Row(
        (en[0], en[1], en[2] + " (the driver: {message})"), (fr[0], fr[1], fr[2] + " (le pilote : {message})")
    )  # fmt: skip


UNKNOWN = _row(
    ('"{name}" is not declared', "an input of the header, or a variable declared above", "{hint}"),
    ("« {name} » n'est pas déclaré", "une entrée de l'en-tête, ou une variable déclarée plus haut", "{hint}"),
)
NO_FUNCTION = _row(
    ('there is no function "{name}"', "a function of GLSL, or one written above", "{hint}"),
    ("la fonction « {name} » n'existe pas", "une fonction de GLSL, ou une écrite plus haut", "{hint}"),
)
ARGUMENTS = _row(
    ("{call} does not fit", "{expected}", "give it values of these types: 2.0 for 2, vec3(x) for x, v.xy for v"),
    ("{call} ne convient pas", "{expected}", "donnez-lui ces types : 2.0 pour 2, vec3(x) pour x, v.xy pour v"),
)
CONVERT = _row(
    ("a {given} is put where a {wanted} is needed", "a {wanted}", "{hint}"),
    ("un {given} est mis là où il faut un {wanted}", "un {wanted}", "{hint}"),
)
SIZES = _row(
    ("two vectors of different sizes meet in one sum", "vectors of one size", "shorten one (c.rgb, p.xy) or lengthen it: vec4(c, 1.0)"),
    ("deux vecteurs de tailles différentes se rencontrent dans un calcul", "des vecteurs de même taille", "raccourcissez l'un (c.rgb, p.xy), ou allongez-le : vec4(c, 1.0)"),
)  # fmt: skip
SEMICOLON = _row(
    ("a ; is missing at the end of this line", "a ; after each statement", "add it"),
    ("il manque un ; à la fin de cette ligne", "un ; après chaque instruction", "ajoutez-le"),
)
NO_TYPE = _row(
    ('"{name}" is no type', "{known}", "{hint}"),
    ("« {name} » n'est pas un type", "{known}", "{hint}"),
)
BRACKET = _row(
    ("a bracket is not closed on this line", "a ) for each (", "count them, and add the one that is missing"),
    ("une parenthèse n'est pas fermée sur cette ligne", "une ) pour chaque (", "comptez-les, ajoutez celle qui manque"),
)
BRACE = _row(
    ("the {{ that opens here is not closed before the end of the file", "a }} for each {{", "add the }} that is missing"),
    ("la {{ ouverte ici n'est pas fermée avant la fin du fichier", "une }} pour chaque {{", "ajoutez la }} qui manque"),
)  # fmt: skip
CONDITION = _row(
    ("the condition is no bool", "true or false", "compare: x > 0.5, or x != 0.0"),
    ("la condition n'est pas un bool", "vrai ou faux", "comparez : x > 0.5, ou x != 0.0"),
)
READ_ONLY = _row(
    ('"{name}" can only be read', "a variable of your own", "write float my_{name} = {name}; and change that one"),
    ("« {name} » ne peut qu'être lu", "une variable à vous", "écrivez float my_{name} = {name}; et modifiez celle-ci"),
)
COMPONENTS = _row(
    ("the vector is given too few or too many numbers", "as many as its name says, or one for all", "vec3(x, y, z), vec3(v.xy, z) or vec3(x)"),
    ("le vecteur reçoit trop peu ou trop de nombres", "autant que son nom le dit, ou un seul pour tous", "vec3(x, y, z), vec3(v.xy, z) ou vec3(x)"),
)  # fmt: skip
TWICE = _row(
    ('"{name}" is declared twice', "each name once in a block", "rename one, or leave out its type to change the first"),
    ("« {name} » est déclaré deux fois", "chaque nom une fois par bloc", "renommez-en un, ou ôtez son type pour modifier le premier"),
)  # fmt: skip
REMAINDER = _row(
    ("% takes whole numbers only", "int on both sides", "for float write mod(a, b)"),
    ("% ne prend que des entiers", "des int des deux côtés", "pour des float, écrivez mod(a, b)"),
)
SWIZZLE = _row(
    ('the vector has no part "{name}"', "x y for vec2, x y z for vec3, x y z w for vec4 (or r g b a)", "use a part that it has"),
    ("le vecteur n'a pas de partie « {name} »", "x y pour vec2, x y z pour vec3, x y z w pour vec4 (ou r g b a)", "utilisez une partie qu'il a"),
)  # fmt: skip
NO_MAIN = _row(
    ("the shader has no function main", "void main() {{ … }}", "{hint}"),
    ("le shader n'a pas de fonction main", "void main() {{ … }}", "{hint}"),
)
RECURSION = _row(
    ("a function calls itself", "a loop; GLSL has no recursion", "write it as a for"),
    ("une fonction s'appelle elle-même", "une boucle ; GLSL n'a pas de récursion", "écrivez-la avec un for"),
)
OTHER = Row(
    ("{message}", "GLSL that the driver accepts", "correct this line"),
    ("{message}", "du GLSL que le pilote graphique accepte", "corrigez cette ligne"),
)
UNFED = Row(
    ("the uniform {name} is in no INPUTS, so nothing moves it: it stays 0", "an input of the header", 'add {{"NAME": "{name}", "TYPE": "{kind}"}} to INPUTS'),
    ("l'uniform {name} n'est dans aucun INPUTS ; rien ne le fait bouger, il reste à 0", "une entrée de l'en-tête", 'ajoutez {{"NAME": "{name}", "TYPE": "{kind}"}} à INPUTS'),
)  # fmt: skip

DECLARE = Two("declare it, or add it to INPUTS", "déclarez-le, ou ajoutez-le à INPUTS")
DEFINE = Two("write it above, or correct its name", "écrivez-la plus haut, ou corrigez son nom")
_ISF_TYPES = {"float": "float", "bool": "bool", "int": "long", "vec2": "point2D", "vec4": "color", "sampler2D": "image"}


class Code(NamedTuple):
    """The shader that is at fault: its lines without comments, the first at `first`, and the names that it knows."""

    lines: tuple[str, ...]
    first: int
    names: frozenset[str]
    functions: frozenset[str]
    inputs: frozenset[str]

    def at(self, line: int) -> str:
        """The text of one of the artist's lines."""
        return self.lines[line - self.first] if 0 <= line - self.first < len(self.lines) else ""

    def before(self, line: int) -> int:
        """The last line with code before this one."""
        return next((n for n in range(line - 1, self.first - 1, -1) if self.at(n).strip()), line)


def code(shader: Shader) -> Code:
    """What must be known of a shader to explain an error in it."""
    bare = without_comments(shader.body)
    inputs = frozenset(one.name for one in (*shader.parameters, *shader.images))
    functions = frozenset(re.findall(r"\b[A-Za-z]\w*\s+([A-Za-z_]\w*)\s*\([^;{}]*\)\s*\{", bare))
    own = re.findall(r"\b(?:%s)\s+([A-Za-z_]\w*)" % "|".join(TYPES), bare)
    names = frozenset((*own, *inputs, *shader.samplers, *BUILT_IN)) - functions
    return Code(tuple(bare.split("\n")), shader.line, names, functions | frozenset(FUNCTIONS), inputs)


def without_comments(text: str) -> str:
    """The text with each comment blank, line for line."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.S)


def explained(shader: Shader, said: Sequence[Said]) -> list[Problem]:
    """A driver's errors as problems, each told once; what follows from another one on its line is left out."""
    found, told = code(shader), dict[tuple[int, Row], Problem]()
    for one in _gathered(said):
        problem = _explained(shader.file, found, one)
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
            whole[-1] = Said(whole[-1].line, f"{whole[-1].message} {one.message.strip()};")
        elif "compilation terminated" not in one.message:
            whole.append(one)
    return whole


def _explained(file: str, found: Code, said: Said) -> Problem:
    for rule in RULES:
        match = rule.says.search(said.message)
        if match is not None:
            made = rule.make(found, said, match)
            if made is not None:
                row, line, words = made
                return Problem(file, line, row, {"message": _short(said.message), **words})
    return Problem(file, said.line, OTHER, {"message": _short(said.message)})


def _short(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= 160 else f"{text[:159]}…"


Made = tuple[Row, int, dict[str, Any]] | None
Make = Callable[[Code, Said, "re.Match[str]"], Made]


class Rule(NamedTuple):
    """One thing that drivers say: how it is recognised, and what is made of it (None: it was something else)."""

    says: re.Pattern[str]
    make: Make


def _close(name: str, known: Iterable[str], otherwise: Two) -> Two:
    close = nearest(name, known)
    return Two(f'did you mean "{close}"?', f"vouliez-vous dire « {close} » ?") if close else otherwise


def _name(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), "")


def _unknown(found: Code, said: Said, match: re.Match[str]) -> Made:
    name = _name(match)
    if re.match(rf"\s*{name}\s+[A-Za-z_]\w*\s*[=;,(]", found.at(said.line)):
        return NO_TYPE, said.line, _type_words(name)
    if re.search(rf"\b{name}\s*\(", found.at(said.line)):
        return NO_FUNCTION, said.line, {"name": name, "hint": _close(name, found.functions, DEFINE)}
    if name in FOREIGN and name not in found.names:
        hint = Two(f"under an ISF header it is {FOREIGN[name]}", f"sous un en-tête ISF, c'est {FOREIGN[name]}")
        return UNKNOWN, said.line, {"name": name, "hint": hint}
    return UNKNOWN, said.line, {"name": name, "hint": _close(name, found.names, DECLARE)}


def _function(found: Code, said: Said, match: re.Match[str]) -> Made:
    name = _name(match)
    if name in found.functions:
        return _arguments(found, said, match)
    return NO_FUNCTION, said.line, {"name": name, "hint": _close(name, found.functions, DEFINE)}


def _arguments(found: Code, said: Said, match: re.Match[str]) -> Made:
    call = _name(match)
    candidates = re.findall(r"\b\w+ \w+\([^)]*\)", said.message.partition("candidates are")[2])
    listed = ", ".join(dict.fromkeys(candidates[:4]))
    expected: str = listed or Two("the types that the function takes", "les types que la fonction prend")
    return ARGUMENTS, said.line, {"call": call, "expected": expected}


def _plain_type(text: str) -> str:
    """A type as the artist writes it, from "const 3-component vector of float" or "vec3"."""
    vector = re.search(r"(\d)-component vector of (\w+)", text)
    if vector:
        return {"float": "vec", "int": "ivec", "bool": "bvec"}.get(vector[2], "vec") + vector[1]
    return text.replace('"', "").split()[-1] if text.split() else "?"


def _convert(found: Code, said: Said, match: re.Match[str]) -> Made:
    given, wanted = _plain_type(match[1]), _plain_type(match[2])
    return CONVERT, said.line, {"given": given, "wanted": wanted, "hint": _bridge(given, wanted)}


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
        return REMAINDER, said.line, {}
    a, b = _plain_type(match[2]), _plain_type(match[3])
    if a.startswith("vec") and b.startswith("vec"):
        return SIZES, said.line, {}
    return CONVERT, said.line, {"given": b, "wanted": a, "hint": _bridge(b, a)}


def _plain(row: Row) -> Make:
    """A rule whose words are the name that it found, if any."""

    def made(found: Code, said: Said, match: re.Match[str]) -> Made:
        return row, said.line, {"name": _name(match)}

    return made


def _syntax(found: Code, said: Said, match: re.Match[str]) -> Made:
    """A statement that does not end: a ; that the line before lacks, a word that is no type, or an open bracket."""
    text, before = found.at(said.line), found.before(said.line)
    start = re.match(r"\s*([A-Za-z_]\w*)\s+[A-Za-z_]\w*\s*[=;,(]", text)
    last = found.at(before).rstrip()
    if before < said.line and last and last[-1] not in ";{},(+-*/&|=<>?:" and not last.lstrip().startswith("#"):
        open_ = last.count("(") > last.count(")")
        return (BRACKET if open_ else SEMICOLON), before, {}
    if start and start[1] not in (*TYPES, "const", "in", "out", "inout", "uniform", "return", "else", "struct"):
        return NO_TYPE, said.line, _type_words(start[1])
    if text.count("(") > text.count(")"):
        return BRACKET, said.line, {}
    if "';'" in match[0] or "SEMICOLON" in match[0]:
        return SEMICOLON, said.line, {}
    return None


def _type_words(name: str) -> dict[str, Any]:
    known = ", ".join(TYPES[1:8])
    close = {"vector2": "vec2", "vector3": "vec3", "vector4": "vec4", "float2": "vec2", "float3": "vec3", "float4": "vec4",
             "half": "float", "double": "float", "var": "float", "let": "float", "number": "float"}.get(name.lower(), "")  # fmt: skip
    hint = (
        Two(f"write {close}", f"écrivez {close}")
        if close
        else _close(name, TYPES, Two("use one of these", "prenez l'un d'eux"))
    )
    return {"name": name, "known": Two(f"{known} …", f"{known} …"), "hint": hint}


def _end_of_file(found: Code, said: Said, match: re.Match[str]) -> Made:
    """The brace that is not closed: the outermost, since an artist counts from there."""
    open_: list[int] = []
    for n, text in enumerate(found.lines, found.first):
        for letter in text:
            if letter == "{":
                open_.append(n)
            elif letter == "}" and open_:
                open_.pop()
    return BRACE, open_[-1] if open_ else said.line, {}


def _main(found: Code, said: Said, match: re.Match[str]) -> Made:
    own = found.functions - frozenset(FUNCTIONS)
    return NO_MAIN, 0, {"hint": _close("main", own, Two("write it, or look for a slip in its name", "écrivez-la, ou cherchez une faute dans son nom"))}  # fmt: skip


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
    _rule(r"read-only variable '(\w+)'|l-value required \"(\w+)\"|assignment to (?:constant|uniform|input) (?:variable )?\"?(\w+)|cannot modify a (?:uniform|const)", _plain(READ_ONLY)),
    _rule(r"too (?:few|many) (?:components|parameters|arguments)|not enough data provided|constructor.*(?:not enough|too many)", _plain(COMPONENTS)),
    _rule(r"`(\w+)' redeclared|'(\w+)' : redefinition|redeclaration of \"?(\w+)|redefinition of '?(\w+)", _plain(TWICE)),
    _rule(r"invalid swizzle / mask `(\w+)'|'(\w+)' : (?:vector swizzle|vector field) selection out of range|invalid swizzle \"?(\w+)", _plain(SWIZZLE)),
    _rule(r"lacks `main'|[Mm]issing entry point|no program defined|main\(\) is missing|main.*not defined", _main),
    _rule(r"static recursion|recursive call|recursion", _plain(RECURSION)),
)  # fmt: skip
"""In this order; the first that fits and makes something of it is taken."""


def unfed(shader: Shader) -> list[Problem]:
    """A warning for each `uniform` of an ISF shader that is no input: nothing would ever move it."""
    if shader.kind != "isf":
        return []
    known = {*BUILT_IN, *shader.samplers, *(one.name for one in (*shader.parameters, *shader.images, *shader.imported))}
    found = []
    for n, text in enumerate(without_comments(shader.body).split("\n"), shader.line):
        for kind, name in re.findall(r"^\s*uniform\s+(?:(?:lowp|mediump|highp)\s+)?(\w+)\s+(\w+)", text):
            if name not in known:
                words = {"name": name, "kind": _ISF_TYPES.get(kind, "float")}
                found.append(Problem(shader.file, n, UNFED, words))
    return found
