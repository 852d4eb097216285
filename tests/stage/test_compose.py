"""Layers one over the other: blending as the W3C has it, masks, places, feedback, filters, the dither at the end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.score.scene import BLENDS, Scene, Shelf, Source, laid_out
from installation.score.scene_file import from_toml
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.passes import canvas
from installation.stage.pixels import rgba
from tests.stage.conftest import Draw

BELOW, ABOVE = (0.2, 0.6, 0.8), (0.6, 0.4, 0.9)
FRAMES = (Moment(0.0, 0.0, 0), Moment(1 / 60, 1 / 60, 1), Moment(2 / 60, 1 / 60, 2))


def flat(rgba: str) -> str:
    return f"/*{{}}*/ void main() {{ gl_FragColor = vec4({rgba}); }}"


def reads(name: str, rgba: str) -> str:
    return f'/*{{"INPUTS":[{{"NAME":"{name}","TYPE":"image"}}]}}*/ void main() {{ gl_FragColor = vec4({rgba}); }}'


def composed(toml: str, **shaders: str) -> Scene:
    """A scene.toml whose shaders are given by name: `a` is `a.fs`."""
    texts = {f"{name}.fs": text for name, text in shaders.items()}
    return from_toml("s", Source("scene.toml", toml), Shelf(lambda name: Source(name, texts[name])))


def two(blend: str, below: str, above: str, **keys: Any) -> Scene:
    more = "".join(f"{key} = {value}\n" for key, value in keys.items())
    toml = f'dither = false\n[[layer]]\nshader="a.fs"\n[[layer]]\nshader="b.fs"\nblend="{blend}"\n{more}'
    return composed(toml, a=flat(below), b=flat(above))


# --- Compositing and Blending Level 1, section 10, in numpy ----------------------------------------------------------


def lum(c: Any) -> float:
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def clip_color(c: Any) -> Any:
    c, light, low, high = np.array(c), lum(c), min(c), max(c)
    if low < 0:
        c = light + (c - light) * light / (light - low)
    if high > 1:
        c = light + (c - light) * (1 - light) / (high - light)
    return c


def set_lum(c: Any, light: float) -> Any:
    return clip_color(np.array(c) + light - lum(c))


def sat(c: Any) -> float:
    return max(c) - min(c)


def set_sat(c: Any, s: float) -> Any:
    order, out = np.argsort(c), np.zeros(3)
    low, middle, high = order
    if c[high] > c[low]:
        out[middle], out[high] = (c[middle] - c[low]) * s / (c[high] - c[low]), s
    return out


def hard_light(b: float, s: float) -> float:
    return b * 2 * s if s <= 0.5 else b + (2 * s - 1) - b * (2 * s - 1)


def soft_light(b: float, s: float) -> float:
    if s <= 0.5:
        return b - (1 - 2 * s) * b * (1 - b)
    d = ((16 * b - 12) * b + 4) * b if b <= 0.25 else b**0.5
    return b + (2 * s - 1) * (d - b)


SEPARABLE = {
    "over": lambda b, s: s,
    "add": lambda b, s: min(1.0, b + s),
    "multiply": lambda b, s: b * s,
    "screen": lambda b, s: b + s - b * s,
    "overlay": lambda b, s: hard_light(s, b),
    "darken": min,
    "lighten": max,
    "dodge": lambda b, s: 0.0 if b == 0 else (1.0 if s == 1 else min(1.0, b / (1 - s))),
    "burn": lambda b, s: 1.0 if b == 1 else (0.0 if s == 0 else 1 - min(1.0, (1 - b) / s)),
    "hard-light": hard_light,
    "soft-light": soft_light,
    "difference": lambda b, s: abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
}
WHOLE = {
    "hue": lambda b, s: set_lum(set_sat(s, sat(b)), lum(b)),
    "saturation": lambda b, s: set_lum(set_sat(b, sat(s)), lum(b)),
    "color": lambda b, s: set_lum(s, lum(b)),
    "luminosity": lambda b, s: set_lum(b, lum(s)),
}


def by_the_w3c(blend: str, b: Any, s: Any) -> Any:
    if blend in WHOLE:
        return WHOLE[blend](b, s)
    return np.array([SEPARABLE[blend](x, y) for x, y in zip(b, s, strict=True)])


def composited(blend: str, b: Any, ab: float, s: Any, a: float) -> Any:
    """Section 9.1: cr = (1 − ab)·cs + ab·B(cb, cs), then source-over; straight alpha out."""
    mixed = (1 - ab) * np.array(s) + ab * np.clip(by_the_w3c(blend, b, s), 0, 1)
    alpha = a + ab * (1 - a)
    return np.array([*((a * mixed + (1 - a) * ab * np.array(b)) / alpha), alpha])


def text(c: Any, alpha: float) -> str:
    return ", ".join(f"{n:.4f}" for n in (*c, alpha))


@pytest.mark.parametrize("blend", BLENDS)
@pytest.mark.parametrize(
    ("b", "s"),
    [(BELOW, ABOVE), (ABOVE, BELOW), ((0.1, 0.2, 0.15), (0.9, 0.1, 0.5)), ((0.0, 1.0, 0.5), (1.0, 0.0, 0.5))],
)
def test_layers_blend_as_the_w3c_has_it(blend: str, b: Any, s: Any, draw: Draw) -> None:
    for below, above in ((1.0, 1.0), (1.0, 0.5), (0.6, 0.4)):
        pixel = draw(two(blend, text(b, below), text(s, above)))[0, 0]
        # The first layer lies on nothing: its own alpha is what the one above it meets.
        wanted = 255 * composited(blend, b, below, s, above)
        assert np.abs(pixel - wanted).max() <= 1.5, (blend, below, above, pixel, wanted)


def test_there_are_the_usual_sixteen_and_add() -> None:
    assert len(BLENDS) == 17 and set(BLENDS) == {*SEPARABLE, *WHOLE}


def test_a_scene_may_ask_for_linear_light(draw: Draw) -> None:
    scene = composed(
        'light="linear"\ndither=false\n[[layer]]\nshader="a.fs"\n[[layer]]\nshader="b.fs"\nopacity=0.5',
        a=flat("0.0, 0.0, 0.0, 1.0"), b=flat("1.0"),
    )  # fmt: skip
    # Half of the light is 0.7354 in sRGB: 1.055 · 0.5^(1/2.4) − 0.055.
    assert abs(int(draw(scene)[0, 0, 0]) - 187.5) <= 1


def test_a_mask_lets_a_layer_through_where_it_is_light(draw: Draw) -> None:
    scene = composed(
        'dither=false\n[[layer]]\nshader="m.fs"\nshown=false\n[[layer]]\nshader="a.fs"\n'
        '[[layer]]\nshader="b.fs"\nmask="layer:m"',
        m="/*{}*/ void main() { gl_FragColor = vec4(vec3(step(4.0, gl_FragCoord.x)), 1.0); }",
        a=flat("1.0, 0.0, 0.0, 1.0"), b=flat("0.0, 1.0, 0.0, 1.0"),
    )  # fmt: skip
    picture = draw(scene)
    assert tuple(picture[0, 1]) == (255, 0, 0, 255) and tuple(picture[0, 6]) == (0, 255, 0, 255)


HALF = "/*{}*/ void main() { gl_FragColor = vec4(vec3(step(isf_FragNormCoord.x, 0.5)), 1.0); }"


@pytest.mark.parametrize(
    ("keys", "white"),
    [
        ("position = [0.5, 0.0]", [4, 5, 6, 7]),  # a picture half a width to the right: its white half is the right one
        ("position = [-0.25, 0.0]", [0, 1]),
        ("rotation = 180", [4, 5, 6, 7]),
        ("scale = 0.5", [2, 3]),  # from 2 to 6 of 8, its left half white
        ("scale = 2", [0, 1, 2, 3]),
    ],
)
def test_a_layer_is_moved_scaled_and_turned_about_its_middle(keys: str, white: list[int], draw: Draw) -> None:
    toml = f'dither=false\n[[layer]]\nshader="a.fs"\n[[layer]]\nshader="b.fs"\n{keys}'
    row = draw(composed(toml, a=flat("0.0, 0.0, 0.0, 1.0"), b=HALF), size=(8, 8))[4, :, 0]
    assert [n for n in range(8) if row[n] > 127] == white


def test_what_is_written_of_a_layer_is_a_parameter_of_it(draw: Draw) -> None:
    scene = composed(
        'dither=false\n[[layer]]\nshader="a.fs"\n[[layer]]\nshader="b.fs"\nposition=[0,0]', a=flat("0.0"), b=HALF
    )
    names = [one.address for one in scene.parameters]
    assert names == ["/scene/a/opacity", "/scene/b/opacity", "/scene/b/position"]
    row = draw(scene, size=(8, 8), **{"b/position": "0.5,0"})[4, :, 0]
    assert [n for n in range(8) if row[n] > 127] == [4, 5, 6, 7]


def test_feedback_keeps_a_part_of_a_layers_own_last_picture(draw: Draw) -> None:
    once = "/*{}*/ void main() { gl_FragColor = vec4(vec3(FRAMEINDEX == 0 ? 1.0 : 0.0), 1.0); }"
    scene = composed('dither=false\n[[layer]]\nshader="a.fs"\nfeedback=0.5', a=once)
    # White in the first frame; each sixtieth of a second half of it is left: 1, 1/2, 1/4.
    assert [int(draw(scene, moments=FRAMES[: n + 1])[0, 0, 0]) for n in range(3)] == [255, 128, 64]


def test_filters_are_drawn_over_their_layer_alone_one_after_the_other(draw: Draw) -> None:
    invert = reads("inputImage", "1.0 - IMG_THIS_PIXEL(inputImage).rgb, 1.0")
    half = reads("inputImage", "0.5 * IMG_THIS_PIXEL(inputImage).rgb, 0.5")
    scene = composed(
        'dither=false\n[[layer]]\nshader="a.fs"\n[[layer]]\nshader="b.fs"\nfilters=["invert.fs", "half.fs"]',
        a=flat("0.0, 1.0, 0.0, 1.0"), b=flat("0.2, 0.2, 1.0, 1.0"), invert=invert, half=half,
    )  # fmt: skip
    # (1 − 0.2)/2 = 0.4 over green at half opacity: red 0.2, green 0.2 + 0.5, blue 0.
    assert np.abs(draw(scene)[0, 0].astype(int) - (51, 179, 0, 255)).max() <= 1


def test_a_layer_may_read_another_and_the_frame_before(draw: Draw) -> None:
    read = reads("other", "IMG_THIS_PIXEL(other).rgb, 1.0")
    index = "/*{}*/ void main() { gl_FragColor = vec4(vec3(float(FRAMEINDEX) / 10.0), 1.0); }"
    for source, wanted in (("layer:a", 51), ("before:a", 26)):
        toml = f'dither=false\n[[layer]]\nshader="a.fs"\n[[layer]]\nshader="b.fs"\nimages={{other="{source}"}}'
        assert abs(int(draw(composed(toml, a=index, b=read), moments=FRAMES)[0, 0, 0]) - wanted) <= 1
    grows = reads("other", "IMG_THIS_PIXEL(other).rgb + 0.1, 1.0")
    scene = composed('dither=false\n[[layer]]\nshader="a.fs"\nimages={other="before"}', a=grows)
    assert abs(int(draw(scene, moments=FRAMES)[0, 0, 0]) - 0.3 * 255) <= 1


def test_a_dark_gradient_shows_no_bands(draw: Draw) -> None:
    ramp = "/*{}*/ void main() { gl_FragColor = vec4(vec3((10.0 + 2.0 * isf_FragNormCoord.x) / 255.0), 1.0); }"
    toml = '[[layer]]\nshader="a.fs"'
    dithered = draw(composed(toml, a=ramp), size=(256, 64))[:, :, 0].astype(float)
    banded = draw(composed("dither=false\n" + toml, a=ramp), size=(256, 64))[:, :, 0].astype(float)
    truth = 10.0 + 2.0 * (np.arange(256) + 0.5) / 256
    assert np.abs(dithered.reshape(64, 32, 8).mean(axis=(0, 2)) - truth.reshape(32, 8).mean(axis=1)).max() < 0.2
    assert np.abs(banded.reshape(64, 32, 8).mean(axis=(0, 2)) - truth.reshape(32, 8).mean(axis=1)).max() > 0.3


def test_the_dither_leaves_whole_steps_as_they_are(draw: Draw) -> None:
    steps = "/*{}*/ void main() { gl_FragColor = vec4(vec3(floor(gl_FragCoord.x) / 255.0), 1.0); }"
    picture = draw(composed('[[layer]]\nshader="a.fs"', a=steps), size=(256, 4))
    assert (picture[:, :, 0] == np.arange(256)).all()


def test_a_single_shaders_bytes_are_its_own(draw: Draw) -> None:
    ramp = "/*{}*/ void main() { gl_FragColor = vec4(vec3((10.0 + 2.0 * isf_FragNormCoord.x) / 255.0), 0.25); }"
    assert set(np.unique(draw(ramp, size=(64, 4))[:, :, 0])) == {10, 11, 12}


VOICE = '/*{"INPUTS":[{"NAME":"voice","TYPE":"float","DEFAULT":0.0}]}*/ void main() { gl_FragColor = vec4(%s, 1.0); }'


def test_one_shader_may_be_two_layers_with_other_constants(draw: Draw) -> None:
    pairs = (("one", 0.2), ("two", 0.4))
    one, two = (f'[[layer]]\nshader="a.fs"\nname="{name}"\nset={{voice={voice}}}\n' for name, voice in pairs)
    toml = f'dither=false\n{one}{two}blend="add"'
    scene = composed(toml, a=VOICE % "vec3(voice)")
    assert "/scene/voice" not in {one.address for one in scene.parameters}
    assert tuple(draw(scene)[0, 0, :3]) == (153, 153, 153)


def test_a_layer_without_opacity_costs_nothing_and_changes_nothing(tools: Tools) -> None:
    rows = (f'[[layer]]\nshader="{name}.fs"\nopacity={part}' for name, part in (("a", 1.0), ("b", 0.0), ("c", 0.5)))
    toml = "dither=false\n" + "\n".join(rows)
    scene = composed(toml, a=flat("1.0, 0.0, 0.0, 1.0"), b=flat("0.0, 1.0, 0.0, 1.0"), c=flat("0.0, 0.0, 1.0, 1.0"))
    layout = laid_out(scene, ())
    layers, (texture, frame) = Layers(tools, scene, layout, (4, 4)), canvas(tools.context, (4, 4))
    drawn: list[str] = []
    layers.after = drawn.append
    layers.draw(frame, defaults(layout), Moment())
    assert drawn == ["a", "c"] and np.abs(rgba(frame, (4, 4))[0, 0].astype(int) - (128, 0, 128, 255)).max() <= 1
    for one in (layers, frame, texture):
        one.release()


def test_what_remembers_goes_on_remembering_while_it_is_not_seen(tools: Tools) -> None:
    counts = (
        '/*{"PASSES":[{"TARGET":"b","PERSISTENT":true,"FLOAT":true}]}*/ '
        "void main() { gl_FragColor = vec4(IMG_THIS_PIXEL(b).rgb + 0.1, 1.0); }"
    )
    toml = 'dither=false\n[[layer]]\nshader="a.fs"\n[[layer]]\nshader="b.fs"'
    scene = composed(toml, a=flat("0.0, 0.0, 0.0, 1.0"), b=counts)
    layout = laid_out(scene, ())
    layers, (texture, frame) = Layers(tools, scene, layout, (4, 4)), canvas(tools.context, (4, 4))
    row, at = defaults(layout), layout.slots["/scene/b/opacity"].offset
    for opacity in (1.0, 0.0, 0.0, 1.0):
        row[at] = opacity
        layers.draw(frame, row, Moment())
    assert abs(int(rgba(frame, (4, 4))[0, 0, 0]) - 0.4 * 255) <= 1
    for one in (layers, frame, texture):
        one.release()


def test_a_moved_layer_at_the_bottom_has_edges_as_sharp_as_any(draw: Draw) -> None:
    white = flat("1.0, 1.0, 1.0, 1.0")
    picture = draw(composed('dither=false\n[[layer]]\nshader="a.fs"\nscale=0.5', a=white), size=(16, 16))
    assert tuple(picture[8, 8]) == (255, 255, 255, 255) and tuple(picture[8, 2, :3]) == (0, 0, 0)
    # From 4 to 12 of 16: the pixels at its edge are half of it at the most.
    assert [int(n) for n in picture[8, 4:12, 0]] == [255] * 8
