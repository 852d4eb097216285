"""What a scene says of the other cities' hands, as columns and seconds."""

import pytest

from installation.control.hands import Hands, way
from installation.control.values import keys
from installation.score.parameter import WAYS
from installation.score.scene import Shelf, Source
from installation.score.scene_file import from_toml
from installation.score.tempo import Tempo
from installation.twin.mirror import Mirror

SHADER = """/*{"INPUTS": [
  {"NAME": "heading", "TYPE": "float", "MIN": 0, "MAX": 360}, {"NAME": "level", "TYPE": "float"},
  {"NAME": "where", "TYPE": "point2D"}, {"NAME": "lamp", "TYPE": "bool"}, {"NAME": "drop", "TYPE": "event"}]}*/
void main() { gl_FragColor = vec4(level); }"""
TOML = """[[layer]]
shader = "a.fs"
[parameter.heading]
share = "each"
between = "angle"
delay = "1 bar"
delay_self = true
[parameter.level]
share = "latest"
between = "raw"
[parameter.where]
share = "each"
delay = 0.5
[parameter.lamp]
share = "each"
[parameter.drop]
share = "sum"
[alone]
"""


@pytest.fixture
def scene():
    return from_toml("a", Source("scene.toml", TOML), Shelf(lambda name: Source(name, SHADER)))


def test_each_column_is_shown_as_its_parameter_says_or_as_its_kind_bears(scene):
    mirror = Mirror("paris", keys(scene, {}), 1)
    between = Hands(scene, mirror.schema).ways.between
    found = {address: WAYS[between[place.offset]] for address, place in mirror.schema.places.items()}
    assert {parameter.name: way(parameter) for parameter in scene.parameters} == {
        "heading": "angle", "level": "raw", "where": "linear", "lamp": "step", "drop": "raw",
    }  # fmt: skip
    assert {found[address] for address in ("/open", "/presence", "/tempo")} == {"raw"}


def test_a_bar_of_delay_is_as_long_as_the_tempo_on_air_says(scene):
    hands = Hands(scene, Mirror("paris", keys(scene, {}), 1).schema)
    assert hands.ways.own.tolist() == [True, False, False]
    assert hands.waits(Tempo(120.0, 4)).tolist() == [2.0, 0.5, 0.5]
    assert hands.waits(Tempo(90.0, 3)).tolist() == [2.0, 0.5, 0.5]
    assert hands.waits(Tempo(60.0, 4)).tolist() == [4.0, 0.5, 0.5]
