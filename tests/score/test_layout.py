"""The row of values: what every site has, whatever its scene."""

from __future__ import annotations

import pytest

from installation.control.values import keys
from installation.score.layout import PRESENCE, builtins, canonical, twin_address
from installation.score.scene import Source, bound, from_shader, laid_out
from installation.twin.mirror import Mirror

SHADER = """/*{"INPUTS": [
  {"NAME": "presence", "TYPE": "float", "MAX": 8},
  {"NAME": "presence_twin", "TYPE": "float", "MAX": 8}]}*/
void main() { gl_FragColor = vec4(presence, presence_twin, 0.0, 1.0); }"""
SCENE = from_shader("room", Source("room.fs", SHADER))


def test_any_number_of_people_is_read_as_it_was_counted():
    mirror = Mirror("here", keys(SCENE, {}), 1)
    at = mirror.schema.places["/presence"].offset
    for people in range(int(PRESENCE.high[0]) + 1):
        mirror.touch("/presence", (float(people),), float(people))
        assert mirror.read(float(people)).columns[at] == people


def test_presence_is_of_one_kind_here_and_there():
    found = {parameter.address: parameter for parameter in builtins(("there",))}
    there = found[twin_address("there", PRESENCE)]
    assert (there.kind, there.low, there.high) == (PRESENCE.kind, PRESENCE.low, PRESENCE.high)


def test_a_shader_takes_presence_as_a_float_without_declaring_a_parameter():
    layout = laid_out(SCENE, ("there",))
    assert SCENE.parameters == ()
    assert [bound(SCENE, "room", name, layout).address for name in ("presence", "presence_twin")] == [
        "/presence",
        "/twin/there/presence",
    ]


def test_until_it_is_heard_the_other_citys_value_is_what_the_shader_says_of_it() -> None:
    text = """/*{"INPUTS": [{"NAME": "hand", "TYPE": "float", "DEFAULT": 0.2},
      {"NAME": "hand_twin", "TYPE": "float", "DEFAULT": 0.8}]}*/ void main() { gl_FragColor = vec4(hand_twin); }"""
    layout = laid_out(from_shader("a", Source("a.fs", text)), ("sf",))
    assert layout.slots["/scene/hand"].parameter.default == (0.2,)
    assert layout.slots["/twin/sf/hand"].parameter.default == (0.8,)


def test_a_shader_names_the_suns_clocks_and_the_bar_as_inputs():
    named = ("sun_elevation", "sun_elevation_twin", "clock_local", "tempo_beat", "site_index", "link_jitter")
    inputs = ", ".join(f'{{"NAME": "{name}", "TYPE": "float"}}' for name in named)
    scene = from_shader(
        "a", Source("a.fs", f'/*{{"INPUTS": [{inputs}]}}*/\nvoid main() {{ gl_FragColor = vec4(1.0); }}')
    )
    layout = laid_out(scene, ("there",))
    assert [bound(scene, "a", name, layout).address for name in named] == [
        "/sun/here/elevation", "/sun/there/elevation", "/clock/local", "/tempo/beat", "/site/index",
        "/link/there/jitter",
    ]  # fmt: skip
    assert scene.parameters == () and scene.hears_tempo


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/sun/paris/elevation", "/sun/here/elevation"),
        ("/sun/twin/azimuth", "/sun/frisco/azimuth"),
        ("/clock/here/local", "/clock/local"),
        ("/clock/paris/local", "/clock/local"),
        ("/clock/bound", "/clock/bound"),
        ("/twin/twin/a/b", "/twin/frisco/a/b"),
        ("/link/lyon/delay", "/link/lyon/delay"),
        ("/company/twin", "/company/frisco"),
        ("/floor/twin/x", "/floor/twin/x"),
    ],
)
def test_here_twin_and_the_own_name_stand_for_one_address(said, meant):
    assert canonical(said, "paris", ("frisco", "lyon")) == meant
