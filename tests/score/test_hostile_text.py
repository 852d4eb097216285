"""Texts that nobody means to write: each is read, or told, on one line and soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from installation.library import Library, own_root
from installation.score.lines import parsed
from installation.score.problem import LONGEST, Fault, Problem, Row, Two
from installation.score.scene import from_shader
from installation.score.shaders import glsl
from installation.score.shaders.shader import Source

NAMED = Row(en=("no {name}", "{known}", "add it"), fr=("pas de {name}", "{known}", "ajoutez-le"))
HEADER = '/*{"ISFVSN": "2"}*/\n'
MAIN = "\nvoid main() { gl_FragColor = vec4(1.0); }\n"
TOY = "void mainImage(out vec4 c, in vec2 p) { c = vec4(1.0); }\n"
LONG = 60_000


def translated(text: str) -> str:
    scene = from_shader("x", Source("x.fs", text))
    return "".join(stage.fragment for layer in scene.layers for stage in glsl.translate(layer.shader).stages)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_name_that_would_move_a_terminal_or_a_line_is_written_out(language):
    told = Problem("a\nb\udce9.toml", 3, NAMED, {"name": "\x1b[2J\n\0", "known": Two("x\ny", "x\ny")}).told(language)
    assert "\\x1b[2J\\x0a\\x00" in told.found and told.expected == "x\\x0ay"
    assert str(told).startswith("a\\x0ab\\xe9.toml:3: ") and str(told).isprintable()


def test_a_whole_file_in_the_place_of_a_name_is_not_quoted_whole_but_what_there_is_is():
    known = Two("k" * 2000, "k" * 2000)
    told = Problem("a.toml", 3, NAMED, {"name": "x" * 100_000, "known": known}).told()
    assert told.found == "no " + "x" * (LONGEST - 1) + "…" and told.expected == known


def test_brackets_too_deep_for_the_parser_are_told_with_their_line():
    with pytest.raises(Fault) as caught:
        parsed('title = "a"\nlayer = ' + "[" * 5000 + "]" * 5000, "a.toml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("a.toml", 2) and "trop de crochets" in problem.told("fr").found


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "a" * 4 * LONG + MAIN,  # one long line
        HEADER + "\n" * 4 * LONG + MAIN,
        HEADER + "uniform " * (LONG // 8) + MAIN,
        HEADER + "flat " * (LONG // 5) + MAIN,
        HEADER + "const a b = " * (LONG // 12) + MAIN,
        "/*" + " " * LONG + "*/" + MAIN,
        "/" + "*" * LONG + "/\n" + TOY,
        "#iChannel0" + " " * LONG + '"a"b"\n' + TOY,
        HEADER + "".join(f"#define A{n} A{n + 1} A{n + 1}\n" for n in range(40)) + "#define A40 1\nconst int x = A0;",
        HEADER + "".join(f"#define A{n} A{n + 1}\n" for n in range(3000)) + "const int x = A0;" + MAIN,
    ],
    ids=["line", "blank", "uniform", "flat", "const", "spaces", "stars", "channel", "doubling", "chain"],
)  # fmt: skip
def test_a_long_text_takes_no_longer_than_its_length_asks_for(text):
    begun = time.process_time()
    translated(text if "main" in text else text + MAIN)
    assert time.process_time() - begun < 2.0  # each took minutes, or ended in a RecursionError


def test_a_constant_made_of_macros_is_one_and_one_made_of_a_uniform_is_none():
    body = (
        "#define TWO ONE * 2.0\n#define ONE half(2.0)\n#define half(x) x\nconst float a = TWO;\nconst float b = TIME;"
    )
    text = translated(HEADER + body + MAIN)
    assert "const float a = TWO" in text and "const float b" not in text


def test_a_number_that_no_machine_holds_is_told_by_its_line():
    with pytest.raises(Fault) as caught:
        translated('/*{"INPUTS": [{"NAME": "a", "TYPE": "long",\n"DEFAULT": 1e999}]}*/' + MAIN)
    assert (problem := caught.value.problems[0]).line == 2 and "1e999" in problem.told().found


def project(folder: Path, **scenes: str) -> Library:
    for name, text in scenes.items():
        (folder / "scenes" / name).mkdir(parents=True)
        (folder / "scenes" / name / "scene.toml").write_text(text)
        (folder / "scenes" / name / "a.fs").write_text(HEADER + MAIN)
    return Library([folder, own_root()])


def test_scenes_that_hold_one_another_many_times_over_are_bounded_and_told_once(tmp_path):
    held = {"s0": '[[layer]]\nshader = "a.fs"\n'}
    for n in range(1, 16):
        held[f"s{n}"] = "".join(f'[[layer]]\nscene = "s{n - 1}"\nname = "n{m}"\n' for m in range(4))
    lib, begun = project(tmp_path, **held), time.process_time()
    assert len(lib.scene("s4").layers) == 4
    with pytest.raises(Fault) as caught:
        lib.scene("s15")
    (problem,) = caught.value.problems
    assert "at most 1024" in problem.told().expected and problem.file.endswith("s5/scene.toml") and problem.line == 1
    assert time.process_time() - begun < 2.0


def test_a_text_that_fits_no_wall_is_told_before_it_is_set(tmp_path):
    with pytest.raises(Fault) as caught:
        project(tmp_path, a='[[layer]]\ntext = "' + "x" * 5000 + '"\n').scene("a")
    assert "5000 characters" in caught.value.problems[0].told().found


def test_what_is_no_file_is_not_offered_as_the_nearest(tmp_path):
    lib = project(tmp_path, a='[[layer]]\nshader = "x.fs"\n')
    (tmp_path / "scenes" / "a" / "x.fs").mkdir()
    (tmp_path / "scenes" / "a" / "y.fs").symlink_to("/etc/passwd")
    with pytest.raises(Fault) as caught:
        lib.scene("a")
    assert "x.fs" not in caught.value.problems[0].told().remedy and "y.fs" not in caught.value.problems[0].told().remedy
