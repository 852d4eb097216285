"""What is drawn, pixel by pixel; every expected value is worked out by hand from the shader's text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from installation.score.problem import Fault
from installation.score.scene import Layer, Scene, Shelf, Source
from installation.score.scene_file import from_toml
from installation.score.shaders import isf
from installation.stage.layers import Moment, Tools
from installation.stage.passes import measured
from installation.stage.pixels import png
from tests.stage.conftest import Draw, scene

INPUTS = {
    "float": ("vec4(x, 0.0, 0.0, 1.0)", "0.2", (51, 0, 0, 255), "1", (255, 0, 0, 255)),
    "bool": ("x ? vec4(1.0) : vec4(0.0, 0.0, 1.0, 1.0)", "true", (255, 255, 255, 255), "false", (0, 0, 255, 255)),
    "long": ("vec4(float(x) / 5.0, 0.0, 0.0, 1.0)", "1", (51, 0, 0, 255), "3", (153, 0, 0, 255)),
    "color": ("x", "1,0.2,0,0.4", (255, 51, 0, 102), "0,0,0.6,1", (0, 0, 153, 255)),
    "point2D": ("vec4(x, 0.0, 1.0)", "0.2,0.4", (51, 102, 0, 255), "1,0", (255, 0, 0, 255)),
    "event": ("x ? vec4(1.0) : vec4(0.0)", "0", (0, 0, 0, 0), "1", (255, 255, 255, 255)),
}


def text(kind: str, expression: str) -> str:
    return (
        f'/*{{"INPUTS": [{{"NAME": "x", "TYPE": "{kind}", "MIN": 0, "MAX": 9}}]}}*/\n'
        f"void main() {{ gl_FragColor = {expression}; }}"
    )


@pytest.mark.parametrize("kind", INPUTS)
def test_each_type_of_input_reaches_the_pixel(kind: str, draw: Draw) -> None:
    expression, first, one, second, two = INPUTS[kind]
    assert tuple(draw(text(kind, expression), x=first)[0, 0]) == one
    assert tuple(draw(text(kind, expression), x=second)[0, 0]) == two


def test_an_input_whose_name_became_a_keyword_still_works(draw: Draw) -> None:
    picture = draw('/*{"INPUTS": [{"NAME": "sample", "TYPE": "float", "DEFAULT": 0.4}]}*/ void main()'
                   "{ float filter = sample; gl_FragColor = vec4(filter); }")  # fmt: skip
    assert tuple(picture[0, 0]) == (102, 102, 102, 102)


def test_the_top_row_comes_first_and_pixels_have_their_centres(draw: Draw) -> None:
    picture = draw("/*{}*/ void main() { gl_FragColor = vec4(isf_FragNormCoord, 0.0, 1.0); }", (5, 5))
    # Centres of five pixels: 0.1 0.3 0.5 0.7 0.9, that is 25.5 76.5 127.5 178.5 229.5; GL may round a half either way.
    assert picture[0, 0, 0] in (25, 26) and picture[0, 0, 1] in (229, 230)
    assert picture[4, 4, 0] in (229, 230) and picture[4, 4, 1] in (25, 26)


def test_the_time_the_frame_and_the_date_are_the_moments(draw: Draw) -> None:
    body = "gl_FragColor = vec4(TIME / 10.0, TIMEDELTA, float(FRAMEINDEX) / 5.0, DATE.y / 12.0);"
    picture = draw(f"/*{{}}*/ void main() {{ {body} }}", moments=(Moment(2.0, 0.2, 3, (2026.0, 6.0, 1.0, 0.0)),))
    assert tuple(picture[0, 0]) == (51, 51, 153, 128)


def test_a_persistent_buffer_remembers_and_begins_at_nothing(draw: Draw) -> None:
    keeps = """/*{"PASSES": [{"TARGET": "b", "PERSISTENT": true, "FLOAT": true}, {}]}*/
    void main() { gl_FragColor = PASSINDEX == 0 ? IMG_THIS_PIXEL(b) + 0.2 : IMG_THIS_PIXEL(b); }"""
    assert draw(keeps, moments=(Moment(),) * 1)[0, 0, 0] == 51
    assert draw(keeps, moments=(Moment(),) * 3)[0, 0, 0] == 153


def test_a_target_has_its_own_size_and_the_last_pass_reaches_the_output(draw: Draw) -> None:
    small = """/*{"PASSES": [{"TARGET": "b", "WIDTH": "$WIDTH / 4", "HEIGHT": "max($HEIGHT - 3, 1)"}, {}]}*/
    void main() { gl_FragColor = PASSINDEX == 0 ? vec4(RENDERSIZE / 10.0, 0.0, 1.0) : IMG_THIS_PIXEL(b); }"""
    assert tuple(draw(small, (8, 4))[0, 0]) == (51, 26, 0, 255)
    last = '/*{"PASSES": [{"TARGET": "b"}]}*/ void main() { gl_FragColor = vec4(0.2); }'
    assert tuple(draw(last)[0, 0]) == (51, 51, 51, 51)


def test_a_pass_keeps_its_fraction_where_its_texture_is_rounded(draw: Draw) -> None:
    thin = """/*{"PASSES": [{"TARGET": "b", "WIDTH": 2.5}, {}]}*/
    void main() { gl_FragColor = vec4(RENDERSIZE.x / 10.0, IMG_SIZE(b).x / 10.0, 0.0, 1.0); }"""
    assert draw(thin, (10, 4))[0, 0, 1] == 64


@pytest.mark.parametrize(
    ("expression", "value"),
    [("$WIDTH/2", 50.0), ("floor(7.9)", 7.0), ("max($HEIGHT, 3) * 2", 60.0), ("pow(2, 3)", 8.0), ("speed * 4", 10.0),
     ("__import__('os')", 1.0), ("1/0", 1.0), ("", 7.0), ("'a'", 1.0), ("9**9**9**9", 1.0), ("1e9", 8192.0),
     ("$Width > 50 ? 4 : 5", 4.0), ("if($HEIGHT > 50, 4, 5)", 5.0), ("2^3", 8.0), ("round(2.5)", 3.0), ("-3", 1.0)],
)  # fmt: skip
def test_a_passes_size_is_a_sum_and_never_code(expression: str, value: float) -> None:
    assert measured(expression, {"width": 100, "height": 30, "speed": 2.5}, 7.0) == value


def test_what_a_shader_discards_is_transparent(draw: Draw) -> None:
    picture = draw("/*{}*/ void main() { if (gl_FragCoord.x < 4.0) discard; gl_FragColor = vec4(1.0); }")
    assert tuple(picture[0, 0]) == (0, 0, 0, 0) and tuple(picture[0, 7]) == (255, 255, 255, 255)


FLAT = "/*{}*/ void main() { gl_FragColor = vec4(%s); }"


def stacked(below: str, above: str, blend: str = "over", opacity: float = 1.0, **kinds: Any) -> Scene:
    base = scene(FLAT % below, "below.fs")
    text_ = kinds.get("text", FLAT % above)
    layer = Layer(name="above", file="above.fs", shader=isf.read(text_, "above.fs"), blend=blend, opacity=opacity)
    return msgspec.structs.replace(base, layers=(*base.layers, layer))


def test_opacity_lets_what_is_below_through(draw: Draw) -> None:
    assert tuple(draw(stacked("0.0, 0.0, 0.0, 1.0", "1.0", opacity=0.4))[0, 0]) == (102, 102, 102, 255)


TWO_LAYERS = """[[layer]]
shader = "below.fs"
[[layer]]
shader = "above.fs"
blend = "{blend}"
opacity = 1.0
"""


@pytest.mark.parametrize(("blend", "opacity", "wanted"), [("over", "1", 255), ("over", "0.4", 102), ("add", "0.2", 51)])
def test_a_layers_opacity_is_the_parameters_value_and_not_the_files(
    blend: str, opacity: str, wanted: int, draw: Draw
) -> None:
    texts = {"below.fs": "/*{}*/ void main() { gl_FragColor = vec4(0.0, 0.0, 0.0, 1.0); }",
             "above.fs": "/*{}*/ void main() { gl_FragColor = vec4(1.0); }"}  # fmt: skip
    source = Source("scene.toml", TWO_LAYERS.format(blend=blend))
    two = from_toml("two", source, Shelf(lambda name: Source(name, texts[name])))
    assert tuple(draw(two, **{"above/opacity": opacity})[0, 0]) == (wanted, wanted, wanted, 255)


def test_a_filter_is_given_what_lies_below_it(draw: Draw) -> None:
    invert = """/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
    void main() { vec4 p = IMG_THIS_PIXEL(inputImage); gl_FragColor = vec4(1.0 - p.rgb, p.a); }"""
    assert tuple(draw(stacked("0.2, 0.6, 0.8, 1.0", "", text=invert))[0, 0]) == (204, 102, 51, 255)


@pytest.mark.parametrize(
    ("sampling", "wanted"),
    [("", (255, 128, 255, 255)), ('"FILTER": "nearest"', (255, 0, 255, 255)), ('"WRAP": "Repeat"', (0, 128, 255, 255))],
)
def test_a_target_is_read_as_it_is_declared(sampling: str, wanted: tuple[int, ...], draw: Draw) -> None:
    keys = ", ".join(filter(None, ('"TARGET": "t", "WIDTH": "2", "HEIGHT": "1"', sampling)))
    body = """void main() {
        if (PASSINDEX == 0) { gl_FragColor = vec4(step(1.0, gl_FragCoord.x)); return; }
        gl_FragColor = vec4(IMG_NORM_PIXEL(t, vec2(1.25, 0.5)).r, IMG_NORM_PIXEL(t, vec2(0.499, 0.5)).r, 1.0, 1.0); }"""
    found = draw('/*{"PASSES": [{' + keys + "}, {}]}*/" + body)[0, 0]
    assert np.allclose(found, wanted, atol=2)


def test_an_image_named_like_a_function_is_an_image(draw: Draw) -> None:
    text_ = '/*{"INPUTS": [{"NAME": "texture", "TYPE": "image"}]}*/ void main() { gl_FragColor = '
    text_ += "IMG_NORM_PIXEL(texture, vec2(0.5)) + texture2D(texture, vec2(0.5)) + texture(texture, vec2(0.5)) + 0.2; }"
    assert tuple(draw(text_)[0, 0]) == (51, 51, 51, 255)  # what is not fed is opaque black, three times over


def test_a_function_of_ours_stays_beside_one_by_its_name_with_other_types(draw: Draw) -> None:
    text_ = """/*{"INPUTS": [{"NAME": "i", "TYPE": "image"}]}*/
    vec4 IMG_NORM_PIXEL(sampler2D s, vec2 p, vec2 q) { return IMG_NORM_PIXEL(s, p + q) + 0.2; }
    vec4 texture2D(const in sampler2D s, in vec2 p) { return vec4(0.4); }
    void main() { gl_FragColor = IMG_NORM_PIXEL(i, vec2(0.5), vec2(0.1)) + texture2D(i, vec2(0.5)); }"""
    assert tuple(draw(text_)[0, 0]) == (153, 153, 153, 255)


def test_shadertoy_and_plain_glsl_draw(draw: Draw) -> None:
    toy = "void mainImage(out vec4 c, in vec2 p) { c = vec4(p.x < 4.0, iTime, 0.0, 0.0); }"
    assert tuple(draw(toy, moments=(Moment(0.2),))[0, 0]) == (255, 51, 0, 255)
    plain = "uniform float u_time; void main() { gl_FragColor = vec4(u_time, 0.0, 0.0, 1.0); }"
    assert tuple(draw(plain, moments=(Moment(0.4),))[0, 0]) == (102, 0, 0, 255)


@pytest.mark.parametrize(
    ("body", "line"),
    [("gl_FragColor = vec4(foo);", 3), ("gl_FragColor = vec4(1.0)", 3), ("nothing(1.0);", 3), ("#error here", 3)],
)
def test_an_error_is_told_at_the_artists_own_line(body: str, line: int, tools: Tools, draw: Draw) -> None:
    with pytest.raises(Fault) as stop:
        draw(f"/*{{}}*/\nvoid main() {{\n{body}\n}}")
    assert stop.value.problems[0].told().line == line
    remedy = stop.value.problems[0].told("fr").remedy
    assert remedy == "corrigez cette ligne" or "(le pilote : " in remedy


def test_a_png_keeps_every_byte_and_its_alpha(tmp_path: Path) -> None:
    from PIL import Image

    pixels = np.arange(6 * 5 * 4, dtype=np.uint8).reshape(6, 5, 4)
    png(tmp_path / "a.png", pixels)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), pixels)
