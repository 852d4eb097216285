"""The rules of ISF headers; those that the specification leaves open are the reference implementation's (VVISF)."""

from __future__ import annotations

import pytest

from installation.score.parameter import Parameter
from installation.score.problem import Fault, Told
from installation.score.shaders.isf import Shader, read

MAIN = "\nvoid main() { gl_FragColor = vec4(1.0); }\n"


def header(text: str) -> Shader:
    return read(f"/*{text}*/{MAIN}", "a.fs")


def one(declaration: str) -> Parameter:
    return header('{"INPUTS": [%s]}' % declaration).parameters[0]  # noqa: UP031


def fault(text: str) -> list[Told]:
    with pytest.raises(Fault) as stop:
        read(text, "a.fs")
    return [problem.told() for problem in stop.value.problems]


def test_a_float_without_default_is_the_middle_of_its_range() -> None:
    assert one('{"NAME": "a", "TYPE": "float", "MIN": 2, "MAX": 6}').default == (4.0,)


def test_a_float_without_range_goes_from_0_to_1() -> None:
    found = one('{"NAME": "a", "TYPE": "float"}')
    assert (found.low, found.high, found.default) == ((0.0,), (1.0,), (0.5,))


def test_min_and_max_count_only_together() -> None:
    found = one('{"NAME": "a", "TYPE": "float", "MAX": 8, "DEFAULT": 5}')
    assert (found.low, found.high, found.default) == ((0.0,), (1.0,), (1.0,))


def test_a_default_is_clamped() -> None:
    assert one('{"NAME": "a", "TYPE": "float", "MIN": -1, "MAX": 1, "DEFAULT": 9}').default == (1.0,)


def test_a_bool_without_default_is_true() -> None:
    assert one('{"NAME": "a", "TYPE": "bool"}').default == (1.0,)
    assert one('{"NAME": "a", "TYPE": "bool", "DEFAULT": false}').default == (0.0,)


def test_an_int_is_a_long_and_a_long_has_values_and_labels() -> None:
    found = one('{"NAME": "a", "TYPE": "int", "VALUES": [3, 5], "LABELS": ["trois", "cinq"], "DEFAULT": 5}')
    assert (found.kind, found.values, found.labels, found.default) == ("long", (3, 5), ("trois", "cinq"), (5.0,))


def test_a_color_without_default_is_transparent_black() -> None:
    assert one('{"NAME": "a", "TYPE": "color"}').default == (0.0, 0.0, 0.0, 0.0)


def test_a_point_without_range_may_be_in_pixels() -> None:
    shader = header('{"INPUTS": [{"NAME": "a", "TYPE": "point2D", "DEFAULT": [320, 0.5]}]}')
    assert shader.parameters[0].default == (320.0, 0.5)
    assert shader.free == ("a",)


def test_an_event_is_a_count_that_begins_at_nothing() -> None:
    assert one('{"NAME": "a", "TYPE": "event", "DEFAULT": true}').default == (0.0,)


def test_image_inputs_are_told_apart_from_values() -> None:
    shader = header('{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "s", "TYPE": "audioFFT"}]}')
    assert [(image.name, image.kind) for image in shader.images] == [("inputImage", "image"), ("s", "audioFFT")]
    assert shader.parameters == ()


def test_json_is_not_strict() -> None:
    shader = header(
        '{ // a note\n "DESCRIPTION": "x", /* another */ "CREDIT": "a\tb",\n'
        '"INPUTS": [{"NAME": "a", "TYPE": "float", "DEFAULT": .25,},],\n "DESCRIPTION": "y",}'
    )
    assert (shader.description, shader.credit, shader.parameters[0].default) == ("y", "a\tb", (0.25,))


def test_inputs_may_be_null_and_a_file_may_begin_with_a_mark() -> None:
    assert read('\ufeff/*{"INPUTS": null}*/' + MAIN, "a.fs").parameters == ()


def test_passes_have_targets_sizes_and_flags_as_they_are_found() -> None:
    shader = header(
        '{"PASSES": [{"TARGET": "a", "WIDTH": "$WIDTH/2", "HEIGHT": 8, "FLOAT": 1, "PERSISTENT": "true"}, {}]}'
    )
    first = shader.passes[0]
    assert (first.target, first.width, first.height, first.floating, first.persistent) == (
        "a", "$WIDTH/2", "8", True, True,
    )  # fmt: skip


def test_the_persistent_buffers_of_isf_1_are_persistent_targets() -> None:
    shader = header('{"PERSISTENT_BUFFERS": {"a": {"FLOAT": true, "WIDTH": 4}}, "PASSES": [{"TARGET": "a"}]}')
    assert (shader.passes[0].persistent, shader.passes[0].floating, shader.passes[0].width) == (True, True, "4")


def test_every_line_of_the_body_keeps_its_number() -> None:
    shader = read('// mine\n/*{\n"INPUTS": []\n}*/\nvoid main() {}', "a.fs")
    assert shader.body.split("\n")[4] == "void main() {}"
    assert shader.line == 1


def test_a_parameter_knows_its_line() -> None:
    shader = read('/*{\n"INPUTS": [\n{"NAME": "a", "TYPE": "float"}]}*/' + MAIN, "a.fs", line_offset=10)
    assert shader.parameters[0].line == 13


def test_an_unknown_type_is_told_with_its_line_and_the_nearest_name() -> None:
    (told,) = fault('/*{"INPUTS": [\n{"NAME": "a", "TYPE": "flot"}]}*/' + MAIN)
    assert str(told).startswith('a.fs:2: input a has the type "flot"; one of float, bool,')
    assert told.remedy == 'did you mean "float"?'


def test_a_missing_comma_is_told_where_it_is_missing() -> None:
    (told,) = fault('/*{\n"CREDIT": "a"\n"INPUTS": []}*/' + MAIN)
    assert told.line == 3


def test_an_unknown_key_is_a_warning_with_the_nearest_name() -> None:
    (problem,) = header('{"INPUTS": [{"NAME": "a", "TYPE": "float", "DEFALT": 1}]}').warnings
    assert problem.told("fr").remedy == "vouliez-vous dire « DEFAULT » ?"


def test_two_inputs_of_one_name_are_a_fault() -> None:
    assert "twice" in fault('/*{"INPUTS": [{"NAME":"a","TYPE":"float"},{"NAME":"a","TYPE":"bool"}]}*/')[0].found


def test_a_file_without_a_shader_is_told() -> None:
    assert fault("hello")[0].found == "no shader was found in this file"


def test_the_kind_of_a_file_is_found_from_its_text() -> None:
    assert header("{}").kind == "isf"
    assert read("void mainImage(out vec4 c, in vec2 p) { c = vec4(1); }", "a.fs").kind == "shadertoy"
    assert read("uniform float u_time; void main() {}", "a.fs").kind == "glsl"


@pytest.mark.parametrize(
    "text", ["/*{", '/*{"A": [', '/*{"A": "', "/*{}", "", "/*{" + "[" * 500, '/*{"INPUTS": [3]}*/' + MAIN]
)
def test_nothing_that_is_read_brings_the_reader_down(text: str) -> None:
    try:
        read(text, "a.fs")
    except Fault as stop:
        assert stop.problems


def test_a_wrap_or_filter_that_cannot_be_is_told_at_its_line() -> None:
    text = """/*{"INPUTS": [
    {"NAME": "a", "TYPE": "image", "WRAP": "sideways", "FILTER": "NEAREST"},
    {"NAME": "b", "TYPE": "float", "WRAP": "repeat"}]}*/ void main() {}"""
    shader = read(text, "a.fs")
    assert (shader.images[0].wrap, shader.images[0].filter) == ("", "nearest")
    told = [(one.line, one.told().found) for one in shader.warnings]
    assert told == [
        (2, "WRAP is 'sideways', and is passed over"),
        (3, "WRAP is given to b, which is no texture"),
    ]
    assert shader.warnings[0].told("fr").expected == "au choix : clamp, repeat"
