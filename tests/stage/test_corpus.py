"""Every row of what shaders may do: each a small file of `tests/corpus` whose comments work its pixels out by hand.

`// expect X,Y: R G B A` is a pixel, X from the left and Y from the top; `// size`, `// frames`, `// image NAME FILE`
and `// warns N` say how it is drawn and what is told. A frame is 1/60 s; the date is 7 June 2026. Each also goes
through glslangValidator, linked, at the lowest version and at macOS's.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from installation.library import Library
from installation.score.scene import Scene, laid_out
from installation.score.shaders.glsl import translate
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.passes import canvas
from installation.stage.pixels import picture, rgba

CORPUS = Path(__file__).parents[1] / "corpus"
VALIDATOR = shutil.which("glslangValidator")
FILES = [
    path.relative_to(CORPUS).as_posix()
    for path in sorted(CORPUS.rglob("*"))
    if path.suffix in (".fs", ".frag", ".glsl") and "expect" in path.read_text(encoding="utf-8")
]


def loaded(name: str) -> Scene:
    return Library([CORPUS]).scene_at(CORPUS / name)


def said(name: str, word: str, fallback: str = "") -> list[str]:
    return re.findall(rf"^// {word}:? (.+)$", (CORPUS / name).read_text(encoding="utf-8"), re.M) or [fallback]


def drawn(tools: Tools, name: str) -> tuple[np.ndarray, int]:
    """The picture of the last frame, the top row first, and how many things were told."""
    scene = loaded(name)
    width, height = map(int, said(name, "size", "8x4")[0].split("x"))
    layout = laid_out(scene, ())
    layers = Layers(tools, scene, layout, (width, height))
    texture, frame = canvas(tools.context, (width, height))
    for image in filter(None, said(name, "image")):
        size, raw = picture(CORPUS / image.split()[1])
        layers.feed(image.split()[0], tools.context.texture(size, 4, raw))
    for n in range(int(said(name, "frames", "1")[0])):
        layers.draw(frame, defaults(layout), Moment(n / 60, 1 / 60 if n else 0.0, n, (2026.0, 6.0, 7.0, 60.0)))
    found = rgba(frame, (width, height)).copy()
    told = len(scene.layers[0].shader.warnings) + len(layers.problems())
    layers.release()
    frame.release()
    texture.release()
    return found, told


@pytest.mark.parametrize("name", FILES)
def test_each_shader_of_the_corpus_draws_what_was_worked_out_by_hand(name: str, tools: Tools) -> None:
    found, told = drawn(tools, name)
    for line in said(name, "expect"):
        place, numbers = line.split(":")
        x, y = map(int, place.split(","))
        wanted = np.array([int(n) for n in numbers.split()])
        assert (abs(found[y, x].astype(int) - wanted) <= 1).all(), (place, found[y, x].tolist(), wanted.tolist())
    assert told == int(said(name, "warns", "0")[0])


def stages(name: str) -> Iterator[tuple[int, str, str]]:
    for version in (330, 410):
        for one in translate(loaded(name).layers[0].shader, version).stages:
            yield version, one.vertex, one.fragment


@pytest.mark.skipif(VALIDATOR is None, reason="glslangValidator is missing: apt-get install glslang-tools")
@pytest.mark.parametrize("name", FILES)
def test_a_strict_compiler_takes_and_links_each_of_them(name: str, tmp_path: Path) -> None:
    for _, vertex, fragment in stages(name):
        files = [tmp_path / "a.vert", tmp_path / "a.frag"]
        for file, text in zip(files, (vertex, fragment), strict=True):
            file.write_text(text, encoding="utf-8")
        found = subprocess.run([str(VALIDATOR), "-l", *map(str, files)], capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("name", FILES)
def test_each_travels_to_another_process_whole(name: str) -> None:
    # The taster and the process that follows a stage are handed a scene as bytes: it must be a pure value.
    scene = loaded(name)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(scene), type=Scene) == scene
