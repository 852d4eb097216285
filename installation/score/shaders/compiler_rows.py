"""What is told of a shader that a driver refuses: the rows, and the names that an artist may have meant."""

from __future__ import annotations

from installation.score.problem import Row, Two

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
    "iTime": "TIME",
    "iGlobalTime": "TIME",
    "u_time": "TIME",
    "time": "TIME",
    "iTimeDelta": "TIMEDELTA",
    "iFrame": "FRAMEINDEX",
    "iDate": "DATE",
    "iResolution": "RENDERSIZE",
    "u_resolution": "RENDERSIZE",
    "resolution": "RENDERSIZE",
    "uv": "isf_FragNormCoord",
    "fragCoord": "gl_FragCoord.xy",
    "fragColor": "gl_FragColor",
    "iChannel0": "inputImage",
    "PI": "3.14159265",
    "TAU": "6.2831853",
    "M_PI": "3.14159265",
}
"""Names of other hosts, and what stands for them under an ISF header."""


def _row(en: tuple[str, str, str], fr: tuple[str, str, str]) -> Row:
    """A row that ends in the driver's own words."""
    return Row((en[0], en[1], en[2] + " (the driver: {message})"), (fr[0], fr[1], fr[2] + " (le pilote : {message})"))


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
    (
        "two vectors of different sizes meet in one sum",
        "vectors of one size",
        "shorten one (c.rgb, p.xy) or lengthen it: vec4(c, 1.0)",
    ),
    (
        "deux vecteurs de tailles différentes se rencontrent dans un calcul",
        "des vecteurs de même taille",
        "raccourcissez l'un (c.rgb, p.xy), ou allongez-le : vec4(c, 1.0)",
    ),
)
UNFINISHED = _row(
    (
        "the text ends in the middle of a statement",
        "whole statements, and a closed }}",
        "finish this line, or remove it",
    ),
    (
        "le texte s'arrête au milieu d'une instruction",
        "des instructions entières, et }} fermée",
        "finissez cette ligne, ou ôtez-la",
    ),
)
TOO_MANY = _row(
    (
        "more pictures are read than this driver allows",
        "16 image inputs, passes and imports in one shader",
        "read fewer",
    ),
    (
        "plus d'images sont lues que le pilote n'en permet",
        "16 entrées image, passes et imports par shader",
        "lisez-en moins",
    ),
)
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
    (
        "the {{ that opens here is not closed before the end of the file",
        "a }} for each {{",
        "add the }} that is missing",
    ),
    ("la {{ ouverte ici n'est pas fermée avant la fin du fichier", "une }} pour chaque {{", "ajoutez la }} qui manque"),
)
CONDITION = _row(
    ("the condition is no bool", "true or false", "compare: x > 0.5, or x != 0.0"),
    ("la condition n'est pas un bool", "vrai ou faux", "comparez : x > 0.5, ou x != 0.0"),
)
READ_ONLY = _row(
    ('"{name}" can only be read', "a variable of your own", "write float my_{name} = {name}; and change that one"),
    ("« {name} » ne peut qu'être lu", "une variable à vous", "écrivez float my_{name} = {name}; et modifiez celle-ci"),
)
COMPONENTS = _row(
    (
        "the vector is given too few or too many numbers",
        "as many as its name says, or one for all",
        "vec3(x, y, z), vec3(v.xy, z) or vec3(x)",
    ),
    (
        "le vecteur reçoit trop peu ou trop de nombres",
        "autant que son nom le dit, ou un seul pour tous",
        "vec3(x, y, z), vec3(v.xy, z) ou vec3(x)",
    ),
)
TWICE = _row(
    (
        '"{name}" is declared twice',
        "each name once in a block",
        "rename one, or leave out its type to change the first",
    ),
    (
        "« {name} » est déclaré deux fois",
        "chaque nom une fois par bloc",
        "renommez-en un, ou ôtez son type pour modifier le premier",
    ),
)
REMAINDER = _row(
    ("% takes whole numbers only", "int on both sides", "for float write mod(a, b)"),
    ("% ne prend que des entiers", "des int des deux côtés", "pour des float, écrivez mod(a, b)"),
)
SWIZZLE = _row(
    (
        'the vector has no part "{name}"',
        "x y for vec2, x y z for vec3, x y z w for vec4 (or r g b a)",
        "use a part that it has",
    ),
    (
        "le vecteur n'a pas de partie « {name} »",
        "x y pour vec2, x y z pour vec3, x y z w pour vec4 (ou r g b a)",
        "utilisez une partie qu'il a",
    ),
)
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
    (
        "the uniform {name} is in no INPUTS, so nothing moves it: it stays 0",
        "an input of the header",
        'add {{"NAME": "{name}", "TYPE": "{kind}"}} to INPUTS',
    ),
    (
        "l'uniform {name} n'est dans aucun INPUTS ; rien ne le fait bouger, il reste à 0",
        "une entrée de l'en-tête",
        'ajoutez {{"NAME": "{name}", "TYPE": "{kind}"}} à INPUTS',
    ),
)

DECLARE = Two("declare it, or add it to INPUTS", "déclarez-le, ou ajoutez-le à INPUTS")
DEFINE = Two("write it above, or correct its name", "écrivez-la plus haut, ou corrigez son nom")
_ISF_TYPES = {"float": "float", "bool": "bool", "int": "long", "vec2": "point2D", "vec4": "color", "sampler2D": "image"}
