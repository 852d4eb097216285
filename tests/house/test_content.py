"""Content is tested as code: each scene draws, each shader compiles (under a second compiler too), each rig parses."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from installation.score.problem import Fault
from installation.score.scene import Scene
from installation.score.shaders import isf
from installation.score.shaders.glsl import translate

ROOT = Path(__file__).parents[2]
library = pytest.importorskip("installation.library")
OURS = library.Library([ROOT])
SCENES = dict(OURS.scenes())
SHADERS = dict(OURS.shaders())
RIGS = dict(OURS.rigs())
OWN = sorted(str(path.relative_to(ROOT)) for folder in ("shaders", "scenes") for path in (ROOT / folder).rglob("*.fs"))
"""Every shader that ships, in the library and beside the scenes."""


def told(fault: Fault) -> str:
    return "\n".join(str(problem.told()) for problem in fault.problems)


@pytest.mark.parametrize("name", SCENES)
def test_each_scene_is_read(name: str) -> None:
    try:
        scene = OURS.scene(name)
    except Fault as fault:
        pytest.fail(told(fault))
    assert scene.layers
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(scene), type=Scene) == scene  # it travels to the taster whole


@pytest.mark.parametrize("name", RIGS)
def test_each_rig_is_read(name: str) -> None:
    try:
        OURS.rig(name)
    except Fault as fault:
        pytest.fail(told(fault))


@pytest.mark.parametrize("name", SHADERS)
def test_each_shader_is_read(name: str) -> None:
    path = SHADERS[name]
    try:
        isf.read(path.read_text(), str(path.relative_to(ROOT)))
    except Fault as fault:
        pytest.fail(told(fault))


def drawn(names: list[str], folder: Path) -> list[str]:
    """What could not be drawn, or came out blank, at 64×36 after half a second; each problem on its line."""
    offline = pytest.importorskip("installation.stage.offline")
    jobs = [offline.Job(name, str(folder / f"{n}.png"), (64, 36), 0.5) for n, name in enumerate(names)]
    try:
        results = list(offline.render(jobs, OURS.scene))
    except offline.Lacking as lack:
        pytest.skip(str(lack))
    wrong = [str(problem.told()) for result in results for problem in result.problems]
    wrong += [f"{result.what}: nothing but one colour" for result in results if result.constant and not result.problems]
    return wrong + [f"{job.what}: no picture" for job in jobs[len(results) :]]


def test_each_scene_draws_a_picture(tmp_path: Path) -> None:
    wrong = drawn(list(SCENES), tmp_path)
    assert not wrong, "\n".join(wrong)


def test_each_shader_compiles_and_draws(tmp_path: Path) -> None:
    # A filter's input is black without a picture, so only generators must show more than one colour.
    wrong = drawn([str(path) for path in SHADERS.values()], tmp_path)
    grave = [line for line in wrong if "one colour" not in line or "/generators/" in line]
    assert not grave, "\n".join(grave)


@pytest.mark.parametrize("name", OWN)
def test_each_shader_passes_a_second_stricter_compiler(name: str, tmp_path: Path) -> None:
    compiler = shutil.which("glslangValidator")
    if compiler is None:
        pytest.skip("glslangValidator is not installed (glslang-tools)")
    shader = OURS.scene_at(ROOT / name).layers[0].shader
    for version in (330, 410):  # the lowest that we ask for, and macOS's
        for one in translate(shader, version).stages:
            files = [tmp_path / "a.vert", tmp_path / "a.frag"]
            for file, text in zip(files, (one.vertex, one.fragment), strict=True):
                file.write_text(text, encoding="utf-8")
            ran = subprocess.run([compiler, "-l", *map(str, files)], capture_output=True, text=True)
            assert ran.returncode == 0, f"{version}: {ran.stdout}"
