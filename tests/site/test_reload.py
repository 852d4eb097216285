"""A scene that is edited while it is on air, and one that is chosen by a cue."""

from __future__ import annotations

import os
import signal

from tests.site.venue import until

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
