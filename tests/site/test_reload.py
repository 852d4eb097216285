"""A scene that is edited while it is on air, and one that is chosen by a cue."""

from __future__ import annotations

import os
import signal
import statistics
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.site.venue import Site, until

SHADER = """/*{"INPUTS": [{"NAME": "glow", "TYPE": "float", "DEFAULT": 0.25}]}*/
void main() { gl_FragColor = vec4(vec3(glow), 1.0); }
"""
SCENE = """title = { fr = "Phare", en = "Lighthouse" }
[[layer]]
shader = "light.fs"
[parameter.glow]
smooth = 0.05
"""


def grey(site):
    return (site.pixel(0) or (-1,))[0]


def lit(site):
    inside = site.folder / "scenes" / "lighthouse"
    inside.mkdir()
    (inside / "light.fs").write_text(SHADER)
    (inside / "scene.toml").write_text(SCENE)
    assert site.verb("go", "scene:lighthouse").returncode == 0
    until(lambda: site.status()["scene"] == "lighthouse", 5.0)
    until(lambda: abs(grey(site) - 64) <= 1, 10.0, "the scene is on the wall")
    return inside


def test_a_cue_brings_another_scene_on_air(site):
    lit(site)


def test_a_misspelt_key_in_a_running_scene_is_told_and_the_scene_stays(site):
    inside = lit(site)
    site.verb("set", "glow", "0.5")
    until(lambda: abs(site.value("/scene/glow") - 0.5) < 1e-4 and abs(grey(site) - 128) <= 1, 5.0)
    (inside / "scene.toml").write_text(SCENE.replace("smooth", "smoth"))
    told = until(lambda: site.status()["problems"], 10.0)[0]
    assert told["en"]["file"].endswith("lighthouse/scene.toml") and told["en"]["line"] == 5
    assert 'no option "smoth"' in told["en"]["found"] and "smooth" in told["en"]["remedy"]
    assert "vouliez-vous dire" in told["fr"]["remedy"]
    assert abs(site.value("/scene/glow") - 0.5) < 1e-3 and abs(grey(site) - 128) <= 1
    (inside / "scene.toml").write_text(SCENE)
    until(lambda: not site.status()["problems"], 10.0, "mended, it is well again")
    assert abs(site.value("/scene/glow") - 0.5) < 1e-3


def test_a_rig_that_is_spoilt_while_the_house_is_open_does_not_keep_control_from_coming_back(site):
    site.osc("/scene/amount", 0.5)
    until(lambda: abs((site.value("/scene/amount") or 0) - 0.5) < 1e-4, 5.0)
    site.rig.write_text(site.rig.read_text().replace("[device.osc]", "[device.osc"))
    before = site.pid("control")
    os.kill(before, signal.SIGKILL)
    until(lambda: site.pid("control") not in (0, before), 10.0)
    until(lambda: abs((site.value("/scene/amount") or 0) - 0.5) < 1e-4, 10.0, "it runs on with the last good rig")
    assert "here.toml:6: this is not TOML" in site.said()


def test_a_cue_to_a_scene_that_is_not_there_is_refused(site):
    wrong = site.verb("go", "scene:inptus")
    assert wrong.returncode == 1 and 'did you mean "inputs"' in wrong.stderr


def test_a_saved_shader_is_on_the_wall_and_keeps_the_values(site):
    inside = lit(site)
    site.verb("set", "glow", "0.75")
    until(lambda: abs(grey(site) - 191) <= 1, 5.0)
    (inside / "light.fs").write_text(SHADER.replace("vec3(glow)", "vec3(1.0 - glow)"))
    until(lambda: abs(grey(site) - 64) <= 1, 10.0, "what was saved is drawn with the value as it was")


def test_the_stewards_veil_is_an_address_like_any_other(site):
    lit(site)
    site.osc("/house/veil", 1)
    until(lambda: site.status()["override"] == "veil", 5.0)
    until(lambda: abs(grey(site) - 64) > 20, 5.0, "the picture is veiled")
    site.osc("/house/veil", 0)
    until(lambda: abs(grey(site) - 64) <= 1, 5.0)


GLOW = "void main() { gl_FragColor = vec4(vec3(%s / 255.0), 1.0); }\n"
HEAD = '/*{"INPUTS": [{"NAME": "glow", "TYPE": "float", "DEFAULT": 0.25}]}*/\n'


def told(site):
    return [problem["en"]["found"] for problem in site.status()["problems"]]


def shown(site, value, seconds=10.0):
    until(lambda: grey(site) == value, seconds, f"{value} is on the wall, not {grey(site)}")


def test_a_save_is_on_the_wall_within_three_tenths_of_a_second(site):
    inside = lit(site)
    took = []
    for value in range(20, 220, 20):
        begun = time.monotonic()
        (inside / "light.fs").write_text(HEAD + GLOW % f"{value}.0")
        shown(site, value)
        took.append(time.monotonic() - begun)
    assert statistics.median(took) < 0.5, took  # 0.19 s on two cores that do nothing else; a machine for tests is busy
    assert not told(site)


@pytest.mark.parametrize("pause", [0.0, 0.005, 0.03])
def test_a_file_that_is_written_in_pieces_is_waited_for(site, pause):
    inside = lit(site)
    text = HEAD + "".join(f"float f{n}() {{ return {n}.0; }}\n" for n in range(40)) + GLOW % "200.0"
    with (inside / "light.fs").open("w") as out:
        for at in range(0, len(text), len(text) // 4):
            out.write(text[at : at + len(text) // 4])
            out.flush()
            begun = time.monotonic()
            until(lambda begun=begun: time.monotonic() >= begun + pause)
    shown(site, 200)
    assert not told(site)


def test_a_file_that_is_replaced_by_renaming_is_seen(site):
    inside = lit(site)
    (inside / ".light.fs.new").write_text(HEAD + GLOW % "180.0")
    os.replace(inside / ".light.fs.new", inside / "light.fs")
    shown(site, 180)
    (inside / "light.fs").unlink()
    (inside / "light.fs").write_text(HEAD + GLOW % "90.0")
    shown(site, 90)


def test_what_a_shader_includes_is_watched_too_and_its_errors_name_it(site):
    inside = lit(site)
    (inside / "light.fs").write_text(HEAD + '#include "level.glsl"\n' + GLOW % "level()")
    until(lambda: told(site), 5.0, "what is missing is told")
    assert told(site) == ['no file "level.glsl" to include']
    (inside / "level.glsl").write_text("float level() {\n  return 140.0;\n}\n")
    shown(site, 140)
    (inside / "level.glsl").write_text("float level() {\n  return oops;\n}\n")
    problem = until(lambda: site.status()["problems"], 5.0)[0]["en"]
    assert problem["file"].endswith("lighthouse/level.glsl") and problem["line"] == 2
    assert grey(site) == 140, "the last good picture stays"
    (inside / "level.glsl").write_text("float level() {\n  return 60.0;\n}\n")
    shown(site, 60)


PICTURE = """/*{"IMPORTED": {"tone": {"PATH": "tone.png"}}}*/
void main() { gl_FragColor = IMG_NORM_PIXEL(tone, vec2(0.5)); }
"""
PYTHON = """from installation import Layer, Scene


class Lamp(Scene):
    title = {"fr": "Lampe", "en": "Lamp"}
    layers = [Layer(shader="%s.fs")]
"""


def tone(path, value):
    Image.new("RGB", (4, 4), (value, value, value)).save(path)


def test_a_picture_that_a_shader_imports_is_watched_even_while_it_is_missing(site):
    site.shader.write_text(PICTURE)
    until(lambda: site.status()["scene"] == "inputs" and grey(site) == 0, 5.0)
    for value in (120, 200):
        tone(site.folder / "scenes" / "tone.png", value)
        shown(site, value)


def test_the_vertex_shader_beside_is_watched(site):
    inside = lit(site)
    vertex = "varying float bright; void main() { isf_vertShaderInit(); bright = %s / 255.0; }"
    (inside / "light.vs").write_text(vertex % "80.0")
    (inside / "light.fs").write_text(HEAD + "varying float bright; void main() { gl_FragColor = vec4(bright); }")
    shown(site, 80)
    (inside / "light.vs").write_text(vertex % "160.0")
    shown(site, 160)


def test_a_python_scene_is_read_again_when_it_is_saved(site):
    inside = site.folder / "scenes" / "lamp"
    inside.mkdir()
    for name, value in (("dim", "51.0"), ("bright", "153.0")):
        (inside / f"{name}.fs").write_text(HEAD + GLOW % value)
    (inside / "scene.py").write_text(PYTHON % "dim")
    assert site.verb("go", "scene:lamp").returncode == 0
    until(lambda: abs(grey(site) - 51) <= 1, 15.0)
    (inside / "scene.py").write_text(PYTHON % "bright")
    until(lambda: abs(grey(site) - 153) <= 1, 10.0)


COUNTS = """/*{"PASSES": [{"TARGET": "count", "PERSISTENT": true, "FLOAT": true, "WIDTH": "%d", "HEIGHT": "1"}, {}]}*/
void main() {
    if (PASSINDEX == 0) { gl_FragColor = IMG_NORM_PIXEL(count, vec2(0.5)) + vec4(1.0); return; }
    float agree = IMG_NORM_PIXEL(count, vec2(0.5)).r - float(FRAMEINDEX);
    gl_FragColor = vec4(FRAMEINDEX > 60 ? 1.0 : 0.0, agree == 1.0 ? 1.0 : 0.0, %s, 1.0);
}
"""


@pytest.fixture
def counting(folder):
    made = Site(folder, shader=COUNTS % (1, "0.2")).start()
    yield made
    made.stop()


def test_frames_and_buffers_go_on_through_saves_of_another_size_and_one_during_another(counting):
    site = counting
    until(lambda: site.pixel(0) == (255, 255, 51, 255), 10.0, "sixty frames have been counted")
    site.shader.write_text(COUNTS % (4, "0.4"))
    site.shader.write_text(COUNTS % (8, "0.6"))
    until(lambda: (site.pixel(0) or (0, 0, 0))[2] == 153, 10.0)
    until(lambda: site.pixel(0) == (255, 255, 153, 255), 2.0, "neither began anew")


def resident(site):
    """Megabytes of the stage, its taster, and control."""
    stage = site.pid("main")
    children = Path(f"/proc/{stage}/task/{stage}/children").read_text().split()
    pids = (stage, site.pid("control"), *children)
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return [round(count * os.sysconf("SC_PAGE_SIZE") / 1e6, 1) for count in pages]


@pytest.mark.parametrize("saves", [30, pytest.param(1000, marks=[pytest.mark.soak, pytest.mark.timeout(1200)])])
def test_memory_is_flat_over_many_saves(site, saves):
    def save(number):
        site.shader.write_text(COUNTS % (1 + number % 7, f"{number % 200}.0 / 255.0"))
        until(lambda: (site.pixel(0) or (0, 0, 0))[2] == number % 200, 10.0)

    for number in range(1, 21):
        save(number)
    before = resident(site)
    for number in range(21, 21 + saves):
        save(number)
    after = resident(site)
    print(f"MB of stage, control, taster before {before}, after {saves} saves {after}")
    assert sum(after) < sum(before) + 10.0 + 0.02 * saves, (before, after)
