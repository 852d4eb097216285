"""Text parameters on two sites that run: by verb, by OSC, by cue, over the sea, onto the wall, through a restart."""

from __future__ import annotations

import os
import signal

import pytest

from tests.site.test_two_cities import Pair
from tests.site.venue import answer, until

SCENE = """
[[layer]]
text = { from = "line" }
size = 0.9
[[layer]]
text = "parameter:line_twin"
size = 0.9
[parameter.line]
type = "text"
default = ""
share = "each"
[parameter.word]
type = "text"
default = { fr = "rien", en = "nothing" }
share = "latest"
[alone]
"""
SHOW = """scene = "both"
[cue.say]
set = { word = { fr = "bonsoir", en = "good evening" } }
"""


class Words(Pair):
    def __init__(self, folder):
        super().__init__(folder)
        (folder / "scenes" / "both" / "scene.toml").write_text(SCENE)
        (folder / "show.toml").write_text(SHOW)
        for site in (self.paris, self.frisco):
            site.rig.write_text(site.rig.read_text().replace('scene = "both"', 'scene = "both"\nfile = "show.toml"'))


@pytest.fixture
def pair(folder):
    made = Words(folder)
    try:
        yield made.start()
    finally:
        made.stop()


def lit(site):
    picture = site.picture()
    return picture is not None and int(picture[..., :3].max()) > 100


def test_what_one_city_says_the_other_reads_and_shows(pair):
    paris, frisco = pair.paris, pair.frisco
    assert not lit(frisco)
    assert answer(paris.verb("set", "line", "H", "--site", "paris", "--json"))["value"] == "H"
    until(lambda: frisco.value("/twin/paris/line") == "H", 10.0, "it is there in San Francisco")
    until(lambda: lit(frisco), 10.0, "and on its wall")
    frisco.osc("/scene/word", "il pleut", "it rains")
    rains = {"en": "it rains", "fr": "il pleut"}
    until(lambda: paris.value("/scene/word") == rains, 10.0, "the last hand, by OSC, in both languages")
    assert paris.verb("get", "line", "--site", "paris").stdout == "H\n"
    paris.verb("go", "say", "--site", "paris")
    evening = {"en": "good evening", "fr": "bonsoir"}
    until(lambda: frisco.value("/scene/word") == evening == paris.value("/scene/word"), 10.0, "a cue, everywhere")
    wrong = paris.verb("set", "line", "x" * 1001, "--site", "paris", "--lang", "fr")
    assert wrong.returncode == 1 and "au plus 1000" in wrong.stderr
    before = paris.pid("control")
    os.kill(before, signal.SIGKILL)
    until(lambda: paris.pid("control") not in (0, before), 10.0)
    until(
        lambda: paris.value("/scene/line") == "H" and paris.value("/scene/word") == evening, 10.0, "it knows its words"
    )
    assert paris.verb("reset", "line", "--site", "paris").returncode == 0
    until(lambda: frisco.value("/twin/paris/line") == "", 10.0, "and may take them back")
