"""What fills the image inputs of layers: tables of values, other scenes, and what is not there."""

from __future__ import annotations

import pytest

from installation.score.problem import Fault
from installation.score.scene import Scene, Shelf, Source, from_shader, laid_out
from installation.score.scene_file import from_toml
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.passes import canvas
from installation.stage.pixels import rgba
from tests.stage.conftest import Draw

FRAMES = tuple(Moment(n / 4, 0.25 if n else 0.0, n) for n in range(5))
SHOWS = (
    '/*{"INPUTS":[{"NAME":"%s","TYPE":"image"}]}*/ void main() { gl_FragColor = vec4(IMG_THIS_PIXEL(%s).rgb, 1.0); }'
)


def composed(toml: str, **shaders: str) -> Scene:
    texts = {f"{name}.fs": text for name, text in shaders.items()}
    return from_toml(
        "s", Source("scene.toml", "dither = false\n" + toml), Shelf(lambda name: Source(name, texts[name]))
    )


def faults(toml: str, **shaders: str) -> list[str]:
    with pytest.raises(Fault) as fault:
        composed(toml, **shaders)
    return [str(one.told()) for one in fault.value.problems]


def test_people_are_a_texture_a_column_each(draw: Draw) -> None:
    scene = composed('[[layer]]\nshader="a.fs"\n[data.people]\nkind="people"\ncount=4', a=SHOWS % ("people", "people"))
    assert [one.address for one in scene.parameters] == [f"/scene/people/{n}" for n in (1, 2, 3, 4)]
    picture = draw(scene, size=(4, 2), **{"people/2": "0.2,0.4,0.6,1"})
    assert [tuple(picture[0, n, :3]) for n in (0, 1, 2)] == [(0, 0, 0), (51, 102, 153), (0, 0, 0)]


def test_the_other_citys_people_are_there_too(draw: Draw) -> None:
    shader = SHOWS % ("people_twin", "people_twin")
    toml = '[[layer]]\nshader="a.fs"\n[data.people]\nkind="people"\ncount=2\nshare="each"\n[alone]\n'
    picture = draw(composed(toml, a=shader), size=(2, 2), **{"/twin/twin/people/2": "1,0.4,0,1"})
    assert tuple(picture[0, 1, :3]) == (255, 102, 0)


def test_a_sound_input_takes_the_table_that_is_there(draw: Draw) -> None:
    shader = '/*{"INPUTS":[{"NAME":"fft","TYPE":"audioFFT"}]}*/ void main() { gl_FragColor = IMG_THIS_PIXEL(fft); }'
    toml = '[[layer]]\nshader="a.fs"\n[data.bands]\nkind="spectrum"\ncount=4'
    assert tuple(draw(composed(toml, a=shader), size=(4, 1), **{"bands/3": "0.4"})[0, 2]) == (102, 102, 102, 255)


def test_a_trace_is_where_a_value_was_the_newest_at_the_right(tools: Tools) -> None:
    level = '/*{"INPUTS":[{"NAME":"level","TYPE":"float"},{"NAME":"past","TYPE":"image"}]}*/ '
    body = "void main() { gl_FragColor = vec4(IMG_THIS_PIXEL(past).rrr, 1.0); }"
    toml = '[[layer]]\nshader="a.fs"\n[data.past]\nkind="trace"\nof="level"\nseconds=1.0\ncount=4'
    scene = composed(toml, a=level + body)
    layout = laid_out(scene, ())
    layers, (texture, frame) = Layers(tools, scene, layout, (4, 1)), canvas(tools.context, (4, 1))
    row, at = defaults(layout), layout.slots["/scene/level"].offset
    for value, moment in zip((0.0, 0.2, 0.4, 0.6, 0.8), FRAMES, strict=True):
        row[at] = value
        layers.draw(frame, row, moment)
    # A column each quarter of a second: what was 0.2, 0.4, 0.6 and is 0.8.
    assert rgba(frame, (4, 1))[0, :, 0].tolist() == [51, 102, 153, 204]
    assert layers.history
    layers.release(), frame.release(), texture.release()


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[[layer]]\nshader="a.fs"\nimages={pest="data:past"}', 'input "pest"; one of past; did you mean "past"?'),
        ('[[layer]]\nshader="a.fs"\nimages={past="layer:b"}', '"b" names no layer of this scene; one of a'),
        ('[[layer]]\nshader="a.fs"\nimages={past="gone.png"}', 'no file "gone.png"; a file beside the scene'),
        ('[[layer]]\nshader="a.fs"\nimages={past="camera:me"}', 'no camera "me"; camera:self or camera:twin'),
        ('[[layer]]\nshader="a.fs"\nmask="layer:q"', '"q" names no layer'),
        ('[[layer]]\nname="x"', "says nothing to draw; one of shader, image, video, text, scene, camera, points"),
        ('[[layer]]\nshader="a.fs"\ntext="b"', "is shader, text at once"),
        ('[[layer]]\nshader="a.fs"\nloop=true', 'a layer of `shader` has no "loop"'),
        ('[[layer]]\nshader="a.fs"\nblend="colour"', 'did you mean "color"?'),
        ('[[layer]]\nshader="a.fs"\n[data.past]\nkind="trace"\nof="levle"', 'scene has an input "levle"'),
        ('transition="a.fs"\n[[layer]]\nshader="a.fs"', "is no transition: it has no startImage, endImage, progress"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_at_its_line(toml: str, said: str) -> None:
    (told,) = faults(toml, a=SHOWS % ("past", "past"))
    assert said in told and told.startswith("scene.toml:")


def test_a_seed_is_a_number_that_every_shader_may_read(draw: Draw) -> None:
    shader = '/*{"INPUTS":[{"NAME":"seed","TYPE":"float"}]}*/ void main() { gl_FragColor = vec4(seed, 0.0, 0.0, 1.0); }'
    reds = {int(draw(composed(f'seed={n}\n[[layer]]\nshader="a.fs"', a=shader))[0, 0, 0]) for n in range(8)}
    assert len(reds) > 5
    assert not composed('[[layer]]\nshader="a.fs"', a=shader).parameters


def test_time_is_shared_where_something_is_and_a_scene_may_say_otherwise() -> None:
    alone = SHOWS % ("x", "x")
    assert not composed('[[layer]]\nshader="a.fs"', a=alone).in_step
    assert composed('time="shared"\n[[layer]]\nshader="a.fs"', a=alone).in_step
    both = '/*{"INPUTS":[{"NAME":"h","TYPE":"float"},{"NAME":"h_twin","TYPE":"float"}]}*/ void main() {}'
    assert from_shader("a", Source("a.fs", both)).in_step
    shared = '[[layer]]\nshader="a.fs"\n[parameter.h]\nshare="each"\n[alone]\n'
    assert not composed('time="local"\n' + shared, a=both).in_step
