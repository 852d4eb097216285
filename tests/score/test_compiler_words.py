"""What drivers say, in plain words: the same slip in the words of Mesa, of NVIDIA, and of the reference compiler's kin."""

from __future__ import annotations

import pytest

from installation.score.shaders.compiler_words import Said, code, explained, unfed
from installation.score.shaders.isf import read

BODY = """float wave(vec2 p) { return p.x; }
void main() {
    vec3 tint = vec3(0.5)
    gl_FragColor = vec4(tint * amout, 1.0);
    if (x > 0.0) { tint = vec3((1.0);
}
"""

SAME = [
    ('"amout" is not declared', 'did you mean "amount"?', 4, (
        "`amout' undeclared", 'undefined variable "amout"', "'amout' : undeclared identifier", "use of undeclared identifier 'amout'",
    )),
    ('there is no function "smoothstp"', 'did you mean "smoothstep"?', 4, (
        "no function with name 'smoothstp'", 'unable to find compatible overloaded function "smoothstp(float)"',
        "'smoothstp' : no matching overloaded function found",
    )),
    ("a ; is missing at the end of this line", "add it", 3, (
        "syntax error, unexpected IDENTIFIER, expecting ',' or ';'",
        'syntax error, unexpected identifier, expecting \',\' or \';\' at token "gl_FragColor"',
        "'' :  syntax error, unexpected IDENTIFIER, expecting COMMA or SEMICOLON", "'gl_FragColor' : syntax error: syntax error",
    )),
    ("a float is put where a vec3 is needed", "write vec3(x)", 4, (
        "initializer of type float cannot be assigned to variable of type vec3",
        "'=' :  cannot convert from ' const float' to ' temp 3-component vector of float'",
    )),
    ("a float is put where a int is needed", "write int(x)", 4, (
        "value of type float cannot be assigned to variable of type int", 'implicit cast from "float" to "int"',
        "'assign' :  cannot convert from ' temp float' to ' temp int'",
    )),
    ("a vec4 is put where a vec3 is needed", "take its first parts: .xyz or .rgb", 4, (
        "value of type vec4 cannot be assigned to variable of type vec3",
        "'assign' :  cannot convert from ' temp 4-component vector of float' to ' temp 3-component vector of float'",
    )),
    ("two vectors of different sizes meet in one sum", "vec4(c, 1.0)", 4, (
        "vector size mismatch for arithmetic operator",
        "'+' :  wrong operand types: no operation '+' exists that takes a left-hand operand of type ' const 3-component vector "
        "of float' and a right operand of type ' const 4-component vector of float' (or there is no acceptable conversion)",
    )),
    ("% takes whole numbers only", "mod(a, b)", 4, (
        "LHS of operator % must be an integer",
        "'%' :  wrong operand types: no operation '%' exists that takes a left-hand operand of type ' const float' and a right "
        "operand of type ' const float' (or there is no acceptable conversion)",
    )),
    ('"amount" can only be read', "write float my_amount = amount", 4, (
        "assignment to read-only variable 'amount'", "'assign' :  l-value required \"amount\" (can't modify a uniform)",
    )),
    ('"tint" is declared twice', "rename one", 4, ("`tint' redeclared", "'tint' : redefinition")),
    ('the vector has no part "z"', "use a part that it has", 4, (
        "invalid swizzle / mask `z'", "'z' : vector swizzle selection out of range",
    )),
    ("the condition is no bool", "x > 0.5", 4, (
        "if-statement condition must be scalar boolean", "'' : boolean expression expected",
    )),
    ("the vector is given too few or too many numbers", "vec3(x)", 4, (
        "too few components to construct `vec3'", "too many parameters to `vec2' constructor",
        "'constructor' : not enough data provided for construction",
    )),
]  # fmt: skip
EACH = [(found, remedy, line, message) for found, remedy, line, messages in SAME for message in messages]


def told(*rows: tuple[int, str], body: str = BODY):
    known = code(body, 1, ("amount", "x"))
    return explained(known, [Said("a.fs", line, line, message) for line, message in rows])


@pytest.mark.parametrize(("found", "remedy", "line", "message"), EACH)
def test_every_driver_is_understood_and_its_words_are_kept(found: str, remedy: str, line: int, message: str) -> None:
    (problem,) = told((4, message))
    assert problem.told("en").found == found and problem.line == line
    assert remedy in problem.told("en").remedy
    assert problem.told("en").remedy.endswith(
        f"(the driver: {' '.join(message.split())[:159]}" + ("…)" if len(" ".join(message.split())) > 160 else ")")
    )
    assert problem.told("fr").found != problem.told("en").found and "le pilote : " in problem.told("fr").remedy


def test_a_name_of_another_host_is_known() -> None:
    (problem,) = told((4, "`iTime' undeclared"))
    assert "it is TIME" in problem.told().remedy and "c'est TIME" in problem.told("fr").remedy


def test_a_word_that_is_no_type_is_told_as_one() -> None:
    body = "void main() {\n    vector3 c = vec3(1.0);\n}"
    for message in (
        "syntax error, unexpected NEW_IDENTIFIER, expecting ',' or ';'",
        "'vector3' : undeclared identifier",
    ):
        (problem,) = told((2, message), body=body)
        assert (problem.told().found, problem.told().remedy[:10]) == ('"vector3" is no type', "write vec3")


def test_an_open_bracket_and_an_open_brace_are_told_where_they_open() -> None:
    (bracket,) = told((5, "syntax error, unexpected ';', expecting ')' or ','"))
    assert (bracket.line, bracket.told().found) == (5, "a bracket is not closed on this line")
    (brace,) = told((7, "syntax error, unexpected end of file"))
    assert brace.line == 2 and "the { that opens here" in brace.told().found


def test_candidates_that_follow_a_call_are_part_of_it() -> None:
    rows = [(4, "no matching function for call to `wave(float)'; candidates are:"), (4, "   float wave(vec2)")]
    (problem,) = told(*rows)
    assert problem.told().found == "wave(float) does not fit" and problem.told().expected == "float wave(vec2)"


def test_what_follows_from_an_error_on_its_own_line_is_left_out() -> None:
    rows = [
        (4, "`amout' undeclared"),
        (4, "cannot construct `vec3' from a non-numeric data type"),
        (5, "something else"),
    ]
    assert [problem.line for problem in told(*rows)] == [4, 5]


def test_comments_neither_hide_the_line_before_nor_count_as_code() -> None:
    body = "void main() {\n    float a = 1.0 // one\n    // two;\n\n    gl_FragColor = vec4(a);\n}"
    (problem,) = told((5, "syntax error, unexpected IDENTIFIER, expecting ',' or ';'"), body=body)
    assert problem.line == 2


def test_a_uniform_that_no_input_feeds_is_warned_of_at_its_line() -> None:
    text = '/*{"INPUTS": [{"NAME": "level", "TYPE": "float"}]}*/\nuniform float level;\nuniform vec2 place;\nvoid main() {}'
    (note,) = unfed(read(text, "a.fs"))
    assert (note.line, note.told().remedy) == (3, 'add {"NAME": "place", "TYPE": "point2D"} to INPUTS')
