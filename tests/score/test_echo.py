"""An echo: how it is written in a scene, and which hour is played for which."""

from __future__ import annotations

import pytest

from installation.score.echo import seconds, source
from installation.score.problem import Fault
from installation.score.scene import Shelf, Source
from installation.score.scene_file import from_toml, silent

HOUR = 3600.0
MONDAY = 1_800_000_000.0
SHADER = """/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.25}, {"NAME": "level_twin", "TYPE": "float"},
  {"NAME": "mine", "TYPE": "float"}]}*/
void main() { gl_FragColor = vec4(level, level_twin, mine, 1.0); }"""


def scene(states, top=""):
    head = f'{top}\n[[layer]]\nshader = "a.fs"\n[parameter.level]\nshare = "each"\n'
    files = {"day.take": Source("/here/day.take", "1:2")}
    return from_toml("a", Source("scene.toml", head + states), Shelf(lambda name: Source(name, SHADER), files.get))


@pytest.mark.parametrize(
    ("text", "back"),
    [("24h", 86400), ("90min", 5400), ("90 m", 5400), ("10s", 10), ("1.5h", 5400), ("7d", 604800)],
)
def test_how_long_ago_is_a_number_and_its_unit(text, back):
    assert seconds(text) == back


@pytest.mark.parametrize("text", ["0s", "8d", "yesterday", "24", "", "1h30", 24, None])
def test_what_says_no_length_of_time_is_none(text):
    assert seconds(text) is None


def test_a_state_echoes_what_the_other_city_does():
    made = scene('[alone]\nfade = 2.0\n[asleep]\nlevel_twin = { echo = "24h" }\nmine = 1.0\n')
    assert made.company["asleep"].echoes == {"/twin/*/level": 86400.0}
    assert made.company["asleep"].values == {"/twin/*/level": (0.25,), "/scene/mine": (1.0,)}
    assert made.company["alone"].echoes == {}


@pytest.mark.parametrize(
    ("states", "line", "words"),
    [
        ('[alone]\nlevel_twin = { echo = "soon" }', 7, ("soon", "24h")),
        ('[alone]\nmine = { echo = "24h" }', 7, ("mine", "mine_twin")),
        ('[alone]\nlevel = { echo = "24h" }', 7, ("level", "level_twin")),
        ('[alone]\n[together]\nlevel_twin = { echo = "24h" }', 8, ("[together]", "[asleep]")),
        ('[alone]\nlevle_twin = { echo = "24h" }', 7, ("levle_twin", "level_twin")),
        ('[alone]\nlevel_twin = { echo = "24h", fade = 2 }', 7, ("fade",)),
    ],
)
def test_an_echo_that_cannot_be_is_told_at_its_line_in_both_languages(states, line, words):
    with pytest.raises(Fault) as fault:
        scene(states)
    (problem,) = fault.value.problems
    assert problem.line == line
    for language in ("en", "fr"):
        assert all(word in problem.told(language).sentence() for word in words)


def test_a_scene_that_echoes_without_a_take_is_told_what_it_will_be_on_its_first_day():
    echo = '[alone]\nlevel_twin = { echo = "24h" }\n'
    assert len(silent(scene(echo))) == 1 and not silent(scene("[alone]\n"))
    shipped = scene(echo, 'echo_take = "day.take"')
    assert shipped.echo_take == "/here/day.take" and not silent(shipped)
    with pytest.raises(Fault, match=r"nought\.take"):
        scene(echo, 'echo_take = "nought.take"')


def test_within_what_was_recorded_an_echo_is_exactly_so_long_ago():
    assert source(MONDAY + 10, 10, [(MONDAY - 5, MONDAY + 7)]) == MONDAY


def test_when_the_other_city_was_closed_its_last_day_is_played_from_its_beginning():
    """Paris at two in the afternoon: in San Francisco it is five in the morning, and was a day ago; its last day
    before that, ten to six, is played again and again since it closed."""
    day = (MONDAY - 11 * HOUR - 24 * HOUR - 8 * HOUR, MONDAY - 11 * HOUR - 24 * HOUR)
    today = (day[0] + 24 * HOUR, day[1] + 24 * HOUR)
    found = source(MONDAY, 24 * HOUR, [day, today])
    assert found == day[0] + 3 * HOUR  # eleven hours after closing: once through, and three hours into it again
    assert source(MONDAY + HOUR, 24 * HOUR, [day, today]) == found + HOUR


def test_before_there_is_anything_so_long_ago_the_first_that_there_is_is_played():
    first = (MONDAY - 2 * HOUR, MONDAY)
    found = source(MONDAY + HOUR, 24 * HOUR, [first])
    assert found is not None and first[0] <= found < first[1]


def test_with_nothing_recorded_or_next_to_nothing_there_is_no_echo():
    assert source(MONDAY, 10, []) is None
    assert source(MONDAY, 10, [(MONDAY - 11, MONDAY - 9)]) is None
