"""A take played again: rows worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from hardware.driver import Event
from hardware.take import Head, Tick
from installation.control.replay import Replay
from installation.score.scene import Scene, Shelf, Source
from installation.score.scene_file import from_toml
from installation.stage.again import Rows, shown
from installation.verbs import redraw

SHADER = """/*{"INPUTS": [
  {"NAME": "level", "TYPE": "float", "DEFAULT": 0}, {"NAME": "level_twin", "TYPE": "float", "DEFAULT": 0},
  {"NAME": "sharp", "TYPE": "float", "DEFAULT": 0}, {"NAME": "company", "TYPE": "long", "VALUES": [0, 1, 2, 3]},
  {"NAME": "drop", "TYPE": "event"}]}*/
void main() { gl_FragColor = vec4(level, level_twin, sharp, drop ? 1.0 : 0.0); }"""
TOML = """time = "local"
[[layer]]
shader = "a.fs"
[parameter.level]
share = "each"
smooth = 0.5
[[patch]]
from = "/floor/distance"
to = "sharp"
in = [0.0, 4.0]
out = [1.0, 0.0]
[alone]
sharp = 1.0
fade = 2.0
"""
LEVEL, SHARP, DROP = "/scene/level", "/scene/sharp", "/scene/drop"


def event(time: float, address: str, *value: Any) -> Event:
    return Event(time, address, value)


@pytest.fixture
def scene() -> Scene:
    return from_toml("a", Source("scene.toml", TOML), Shelf(lambda name: Source(name, SHADER)))


class Seen:
    """What the frames of a take show, 60 a second."""

    def __init__(self, scene: Scene, ticks: list[Tick], seconds: float = 3.0, **head: Any) -> None:
        self.replay = Replay(Head(**head), ticks, scene)
        self.rows: Rows = redraw._rows(self.replay, self.replay.play(seconds), 0.0)
        at = shown(self.rows, scene, self.replay.layout)
        self.frames = [
            (n / 60, found.row.copy(), found.time) for n in range(int(seconds * 60)) for found in [at(n / 60)]
        ]

    def at(self, time: float, address: str) -> float:
        return float(self.frames[round(time * 60)][1][self.replay.layout.slots[address].offset])


def test_a_value_is_what_the_newest_tick_at_or_before_the_frame_says(scene: Scene) -> None:
    seen = Seen(
        scene, [Tick(100.0), Tick(101.0, [event(101.0, SHARP, 0.25)]), Tick(102.0, [event(102.0, SHARP, 0.75)])]
    )
    found = [seen.at(time, SHARP) for time in (0.0, 59 / 60, 1.0, 119 / 60, 2.0, 2.5)]
    assert found == [0.0, 0.0, 0.25, 0.25, 0.75, 0.75]


def test_a_smoothed_value_goes_63_percent_of_its_way_in_its_time(scene: Scene) -> None:
    """1 − e^(−t/0.5), whatever ticks the take has, t from the tick before the event, a hundredth of a second earlier;
    a slope run on over a tick differs from it by less than 0.0003."""
    seen = Seen(scene, [Tick(5.0), Tick(6.0, [event(6.0, LEVEL, 1.0)])])
    for time in (0.25, 0.5, 1.0, 1.5):
        assert seen.at(1.0 + time, LEVEL) == pytest.approx(1.0 - math.exp(-(time + 0.01) / 0.5), abs=3e-4)
    assert seen.at(59 / 60, LEVEL) == 0.0


def test_the_state_at_the_start_holds_until_something_comes(scene: Scene) -> None:
    state = {LEVEL: [0.5], SHARP: [0.25], "/twin/paris/level": [0.75], "/company": [3.0]}
    seen = Seen(scene, [Tick(1.0), Tick(2.0, [event(2.0, SHARP, 1.0)])], state=state)
    assert seen.replay.peers == ("paris",)
    found = [seen.at(0.5, address) for address in (LEVEL, SHARP, "/twin/paris/level", "/company")]
    assert found == pytest.approx([0.5, 0.25, 0.75, 3.0], abs=1e-5)
    assert seen.at(1.5, SHARP) == 1.0 and seen.at(1.5, "/twin/paris/level") == pytest.approx(0.75)


def test_what_a_patch_makes_of_a_sensor_is_made_again(scene: Scene) -> None:
    seen = Seen(scene, [Tick(0.0), Tick(1.0, [event(1.0, "/floor/distance", 1.0)])])
    assert seen.at(1.5, SHARP) == pytest.approx(0.75)


def test_a_state_of_company_fades_in_as_it_did(scene: Scene) -> None:
    """Half way through two seconds the weight is a half, and so is its ease."""
    seen = Seen(scene, [Tick(0.0), Tick(0.5, [], [], [event(0.5, "/company", 1.0)])], 4.0)
    assert seen.at(0.25, SHARP) == 0.0
    assert seen.at(1.5, SHARP) == pytest.approx(0.5, abs=0.02)
    assert seen.at(3.0, SHARP) == 1.0


def test_a_trigger_is_true_for_one_frame_and_what_was_before_is_no_rise(scene: Scene) -> None:
    ticks = [Tick(0.0), Tick(1.0, [event(1.0, DROP), event(1.0, DROP)])]
    seen = Seen(scene, ticks, state={DROP: [7.0]})
    assert [round(time * 60) for time, row, _ in seen.frames if row[seen.replay.layout.slots[DROP].offset] > 0] == [
        60,
        61,
    ]


def test_what_was_asked_at_the_desk_is_asked_again(scene: Scene) -> None:
    asked = event(1.0, "/desk/set", '{"do": "set", "address": "/scene/sharp", "value": [0.5], "hold": true}')
    later = Tick(2.0, [event(2.0, SHARP, 1.0)])
    seen = Seen(scene, [Tick(0.0), Tick(1.0, [], [], [asked]), later])
    assert seen.at(1.5, SHARP) == seen.at(2.5, SHARP) == pytest.approx(0.5)


def test_a_cue_fades_from_its_instant_on(scene: Scene) -> None:
    """From 0 to 1 in one second, given half a second ahead: a quarter of the way a quarter of a second after it."""
    start = Seen(scene, [Tick(0.0)]).replay.begun.line[1]
    given = event(0.5, "/desk/cue", '{"cue": "up", "fade": 1.0, "values": {"/scene/sharp": [1.0]}}', start + 1.0)
    seen = Seen(scene, [Tick(0.0), Tick(0.5, [], [], [given])])
    assert seen.at(59 / 60, SHARP) == 0.0
    assert seen.at(1.25, SHARP) == pytest.approx(0.25, abs=0.01)
    assert seen.at(2.5, SHARP) == 1.0


def test_the_scenes_time_begins_with_the_take_and_stands_where_it_was_stopped(scene: Scene) -> None:
    ticks = [
        Tick(50.0),
        Tick(51.0, [event(51.0, "/time/pause", True)]),
        Tick(52.0, [event(52.0, "/time/pause", False)]),
    ]
    seen = Seen(scene, ticks)
    found = [seen.frames[round(time * 60)][2] for time in (0.0, 0.5, 1.5, 2.5)]
    assert found == pytest.approx([0.0, 0.5, 1.0, 1.5], abs=1e-6)


@pytest.mark.parametrize(
    "desk",
    [
        event(1.0, "/desk/set", "no JSON"),
        event(1.0, "/desk/set", '{"address": ["x"], "value": {}}'),
        event(1.0, "/desk/set"),
        event(1.0, "/desk/cue", "[]", "x"),
        event(1.0, "/desk/status", "{}"),
        event(1.0, "/clock/shared", "never"),
        event(1.0, "/clock/shared", 1.0),
    ],
)
def test_what_makes_no_sense_in_a_take_moves_nothing(scene: Scene, desk: Event) -> None:
    ticks = [Tick(0.0), Tick(1.0, [], [b"", b"\xff" * 9], [desk]), Tick(math.nan), Tick(2.0, [event(2.0, SHARP, 1.0)])]
    seen = Seen(scene, ticks)
    assert [seen.at(time, SHARP) for time in (0.5, 1.5, 2.5)] == [0.0, 0.0, 1.0]


def test_a_long_rest_costs_no_rows_and_no_time(scene: Scene) -> None:
    seen = Seen(scene, [Tick(0.0), Tick(80000.0, [event(80000.0, SHARP, 1.0)])], 2.0)
    assert len(seen.rows.times) < 5


def test_a_take_without_a_tick_shows_its_start(scene: Scene) -> None:
    seen = Seen(scene, [], state={SHARP: [0.5]})
    assert seen.at(1.0, SHARP) == pytest.approx(0.5) and seen.replay.ended == 0.0


def test_of_another_scene_what_both_have_moves(scene: Scene, tmp_path: Path) -> None:
    from hardware.take import TakeWriter

    path = tmp_path / "a.take"
    writer = TakeWriter(path, Head(scene="other", hash="0123456789", state={"/scene/none": [1.0]}))
    for time in range(3):
        writer.write(float(time), [event(float(time), SHARP, 0.25 * time), event(float(time), "/scene/none", 1.0)])
    writer.close()
    rows, notes = redraw.rows(str(path), scene, 2.0)
    told = notes[0].told()
    assert (told.found, told.expected) == ("a take of the scene other", "a")
    assert shown(rows, scene, Replay(Head(), [], scene).layout)(2.0).row[1] == pytest.approx(0.5)
