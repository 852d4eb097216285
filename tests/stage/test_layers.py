"""What a layer may be: an image, words, another scene, found beside the scene's own file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.library import Library, own_root
from installation.score.problem import Fault
from installation.score.scene import Scene
from tests.stage.conftest import Draw

FLAT = "/*{{}}*/ void main() {{ gl_FragColor = vec4({}); }}"
GLOW = (
    '/*{"INPUTS":[{"NAME":"glow","TYPE":"float","DEFAULT":0.4}]}*/ void main() { gl_FragColor = vec4(vec3(glow), 1); }'
)


def written(folder: Path, name: str, toml: str, **shaders: str) -> None:
    place = folder / "scenes" / name
    place.mkdir(parents=True)
    (place / "scene.toml").write_text("dither = false\n" + toml)
    for stem, text in shaders.items():
        (place / f"{stem}.fs").write_text(text)


def read(folder: Path, name: str) -> Scene:
    return Library([folder, own_root()]).scene(name)


def test_an_image_is_drawn_pixel_for_pixel(tmp_path: Path, draw: Draw) -> None:
    written(tmp_path, "s", '[[layer]]\nimage="a.png"')
    pixels = np.random.default_rng(1).integers(0, 256, (4, 8, 4), np.uint8)
    pixels[..., 3] = 255
    Image.fromarray(pixels).save(tmp_path / "scenes/s/a.png")
    assert (draw(read(tmp_path, "s"), settled=True) == pixels).all()


def test_a_change_of_the_image_is_another_scene(tmp_path: Path) -> None:
    written(tmp_path, "s", '[[layer]]\nimage="a.png"')
    path = tmp_path / "scenes/s/a.png"
    Image.new("RGB", (2, 2)).save(path)
    before = read(tmp_path, "s")
    assert str(path) in before.files
    os.utime(path, (1, 1))
    assert read(tmp_path, "s").digest != before.digest


def test_words_are_seen_in_the_language_that_is_asked_for(tmp_path: Path, draw: Draw) -> None:
    toml = '[[layer]]\nshader="a.fs"\n[[layer]]\ntext={fr="WWWWWWWW", en="i"}\nname="words"\nsize=0.5\ncolor=[1,0,0]'
    written(tmp_path, "s", toml, a=FLAT.format("0.0, 0.0, 0.0, 1.0"))
    scene = read(tmp_path, "s")
    assert {one.address for one in scene.parameters} >= {"/scene/words/color", "/scene/words/language"}
    ink = [
        int(draw(scene, size=(96, 32), settled=True, **{"words/language": tongue})[:, :, 0].sum())
        for tongue in ("1", "2")
    ]
    assert ink[0] > 4 * ink[1] > 0


def test_a_scene_may_be_a_layer_with_its_parameters_below_its_name(tmp_path: Path, draw: Draw) -> None:
    written(tmp_path, "inner", '[[layer]]\nshader="glow.fs"\n[alone]\nglow=1.0', glow=GLOW)
    written(tmp_path, "outer", '[[layer]]\nscene="inner"\nname="lamp"\n[[layer]]\nshader="b.fs"\nblend="add"',
            b=FLAT.format("0.0, 0.2, 0.0, 1.0"))  # fmt: skip
    scene = read(tmp_path, "outer")
    assert "/scene/lamp/glow" in {one.address for one in scene.parameters}
    assert scene.company["alone"].values == {"/scene/lamp/glow": (1.0,)}
    assert tuple(draw(scene)[0, 0]) == (102, 153, 102, 255)
    assert tuple(draw(scene, **{"lamp/glow": "0.6"})[0, 0]) == (153, 204, 153, 255)


def test_a_scene_that_holds_itself_is_told_and_ends(tmp_path: Path) -> None:
    written(tmp_path, "one", '[[layer]]\nscene="two"')
    written(tmp_path, "two", '[[layer]]\nscene="one"')
    with pytest.raises(Fault) as fault:
        read(tmp_path, "one")
    assert 'the scene "one" holds itself' in str(fault.value) and "two/scene.toml:3" in str(fault.value)


def test_a_path_that_leads_out_of_the_scene_is_not_read(tmp_path: Path) -> None:
    Image.new("RGB", (2, 2)).save(tmp_path / "secret.png")
    written(tmp_path, "s", '[[layer]]\nimage="../../secret.png"')
    with pytest.raises(Fault) as fault:
        read(tmp_path, "s")
    assert 'no file "../../secret.png"' in str(fault.value)
