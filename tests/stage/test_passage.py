"""From one scene to the next by a transition: the first at its beginning, the second at its end, both moving."""

from __future__ import annotations

import pytest

from installation.score.scene import Scene, Shelf, Source, laid_out
from installation.score.scene_file import from_toml
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.passage import Passage
from installation.stage.passes import canvas
from installation.stage.pixels import rgba

MIX = """/*{"INPUTS": [{"NAME": "startImage", "TYPE": "image"}, {"NAME": "endImage", "TYPE": "image"},
  {"NAME": "progress", "TYPE": "float", "DEFAULT": 0.5}, {"NAME": "tint", "TYPE": "float", "DEFAULT": 0.0}]}*/
void main() { gl_FragColor = mix(IMG_THIS_PIXEL(startImage), IMG_THIS_PIXEL(endImage), progress)
  + vec4(0.0, 0.0, tint, 0.0); }"""
RED = "/*{}*/ void main() { gl_FragColor = vec4(TIME / 10.0, 0.0, 0.0, 1.0); }"
GREEN = "/*{}*/ void main() { gl_FragColor = vec4(0.0, 1.0, 0.0, 1.0); }"


def composed(toml: str, shader: str) -> Scene:
    texts = {"a.fs": shader, "mix.fs": MIX}
    return from_toml("s", Source("scene.toml", "dither=false\n" + toml), Shelf(lambda name: Source(name, texts[name])))


@pytest.mark.parametrize(("now", "wanted"), [(100.0, (51, 0, 0)), (101.0, (26, 128, 0)), (102.0, (0, 255, 0))])
def test_the_transition_is_drawn_over_both(now: float, wanted: tuple[int, ...], tools: Tools) -> None:
    old = composed('[[layer]]\nshader="a.fs"', RED)
    new = composed('transition={shader="mix.fs", seconds=2.0}\n[[layer]]\nshader="a.fs"', GREEN)
    layers = [Layers(tools, one, laid_out(one, ()), (4, 4)) for one in (old, new)]
    texture, frame = canvas(tools.context, (4, 4))
    passage = Passage(tools, (layers[0], defaults(layers[0].layout), Moment(2.0, 0.0, 120)), layers[1], 100.0)
    passage.draw(frame, layers[1], defaults(layers[1].layout), Moment(), now)
    assert max(abs(int(a) - b) for a, b in zip(rgba(frame, (4, 4))[0, 0], wanted, strict=False)) <= 1
    assert passage.over(now) == (now >= 102.0)
    for one in (*layers, passage, frame, texture):
        one.release()


def test_what_the_scene_says_of_the_transitions_inputs_holds(tools: Tools) -> None:
    new = composed('transition={shader="mix.fs", tint=0.4}\n[[layer]]\nshader="a.fs"', GREEN)
    assert new.transition is not None and new.seconds == 1.5
    assert {one.name: one.default for one in new.transition.shader.parameters}["tint"] == (0.4,)
