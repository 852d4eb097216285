"""The artist's easel on a site that runs: time, solo, reset, presets; by verb, by OSC, by cue."""

from __future__ import annotations

import pytest

from tests.site.venue import Site, answer, until

CLOCK = '/*{"INPUTS": []}*/\nvoid main() { gl_FragColor = vec4(fract(TIME / 10.0), 0.0, 0.0, 1.0); }'
OVER = """/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.5},
  {"NAME": "on", "TYPE": "bool", "DEFAULT": false}, {"NAME": "inputImage", "TYPE": "image"}]}*/
void main() { gl_FragColor = vec4(IMG_THIS_PIXEL(inputImage).r, level, on ? 1.0 : 0.0, 1.0); }"""
SCENE = """
[[layer]]
shader = "clock.fs"
[[layer]]
shader = "over.fs"
[preset.dusk]
level = 0.2
on = true
fade = 0.1
[preset.night]
label = { fr = "Nuit", en = "Night" }
level = 1.0
fade = 0
[[patch]]
from = "/desk/jog"
to = "/preset/mix"
in = [0, 127]
"""
SHOW = """scene = "inputs"
[cue.evening]
preset = "dusk"
[cue.still]
set = { "/time/at" = 2.5 }
"""


@pytest.fixture
def easel(folder):
    (folder / "scenes" / "easel").mkdir(parents=True)
    for name, text in (("scene.toml", SCENE), ("clock.fs", CLOCK), ("over.fs", OVER)):
        (folder / "scenes" / "easel" / name).write_text(text)
    (folder / "show.toml").write_text(SHOW.replace("inputs", "easel"))
    site = Site(folder).start("--scene", "easel", "--show", "show.toml")
    until(lambda: site.status().get("scene") == "easel", 10.0)
    yield site
    site.stop()


def colour(site):
    picture = site.picture()
    return tuple(int(n) for n in picture[5, 5]) if picture is not None else (0, 0, 0, 0)


def near(site, *wanted):
    return all(abs(a - b) <= 2 for a, b in zip(colour(site), wanted, strict=False))


def test_time_is_stopped_moved_and_goes_on_from_there(easel):
    assert answer(easel.verb("time", "5", "--json")) == {"time": 5.0, "paused": True}
    until(lambda: near(easel, 128), 5.0, "the picture of the fifth second")
    easel.osc("/time/at", 2.0)
    until(lambda: near(easel, 51), 5.0, "scrubbed by OSC")
    assert easel.verb("get", "/time/pause").stdout == "1\n"
    assert easel.status()["time"] == 2.0
    easel.osc("/time/pause", False)
    until(lambda: colour(easel)[0] > 56, 5.0, "it plays")
    assert colour(easel)[0] < 120 and easel.status()["time"] is None
    assert easel.verb("time", "backwards").returncode == 2


def test_one_layer_alone_and_all_again(easel):
    easel.verb("time", "5")
    until(lambda: near(easel, 128, 128), 5.0)
    assert easel.verb("solo", "clock").stdout == "clock\n"
    until(lambda: near(easel, 128, 0), 5.0, "the layer below alone")
    wrong = easel.verb("solo", "clok")
    assert wrong.returncode == 1 and 'did you mean "clock"' in wrong.stderr
    easel.osc("/solo/clock", False)
    until(lambda: near(easel, 128, 128), 5.0)
    assert easel.verb("--lang", "fr", "solo", "off").stdout == "toutes les couches\n"


def test_defaults_again_but_for_what_is_held(easel):
    easel.desk("set", address="level", value=[0.9])
    easel.desk("set", address="on", value=[1], hold=True)
    told = easel.verb("reset")
    assert "/scene/on is held" in told.stderr
    until(lambda: easel.value("/scene/level") == 0.5, 5.0)
    assert easel.value("/scene/on") == 1.0
    easel.desk("set", address="level", value=[0.9])
    easel.osc("/reset")
    until(lambda: easel.value("/scene/level") == 0.5, 5.0)


def test_presets_come_by_address_by_cue_and_by_one_fader(easel):
    easel.osc("/preset/night")
    until(lambda: easel.value("/scene/level") == 1.0, 5.0)
    assert easel.verb("go", "preset:dusk").returncode == 0
    until(lambda: easel.value("/scene/level") == 0.2 and easel.value("/scene/on") == 1.0, 5.0)
    easel.osc("/desk/jog", 63.5)
    until(lambda: easel.value("/scene/level") == 0.6, 5.0, "halfway from 0.2 to 1.0")
    easel.verb("go", "evening")
    until(lambda: easel.value("/scene/level") == 0.2, 5.0)
    listed = answer(easel.verb("--lang", "fr", "list", "presets", "--json"))["presets"]
    assert [one["label"] for one in listed] == ["dusk", "Nuit"]
    wrong = easel.verb("go", "preset:dsk")
    assert wrong.returncode == 1 and 'did you mean "dusk"' in wrong.stderr


def test_a_cue_may_stop_the_time_and_a_restart_plays_on(easel):
    easel.verb("go", "still")
    until(lambda: near(easel, 64), 5.0)
    easel.stop()
    again = Site(easel.folder).start("--scene", "easel")
    try:
        assert again.status()["time"] is None
    finally:
        again.stop()
