"""After the merge: gliding, and the states of company."""

import math

import numpy as np
import pytest

from installation.control.smooth import Fades, Smooth
from installation.score.scene import Shelf, Source, laid_out
from installation.score.scene_file import from_toml

SHADER = """/*{"INPUTS": [
  {"NAME": "level", "TYPE": "float", "DEFAULT": 0}, {"NAME": "level_twin", "TYPE": "float", "DEFAULT": 0},
  {"NAME": "sharp", "TYPE": "float", "DEFAULT": 0}]}*/
void main() { gl_FragColor = vec4(level, level_twin, sharp, 1.0); }"""
TOML = """[[layer]]
shader = "a.fs"
[parameter.level]
share = "each"
smooth = 0.5
[alone]
sharp = 1.0
level_twin = 0.8
fade = 2.0
"""


@pytest.fixture
def scene():
    return from_toml("a", Source("scene.toml", TOML), Shelf(lambda name: Source(name, SHADER)))


@pytest.fixture
def layout(scene):
    return laid_out(scene, ("paris",))


def column(layout, address):
    return layout.slots[address].offset


def test_after_its_time_a_value_has_gone_63_percent_of_its_way(layout):
    smooth, level = Smooth(layout), column(layout, "/scene/level")
    columns, slopes = np.zeros(layout.size), np.zeros(layout.size)
    smooth.apply(columns, slopes, 0.0)
    columns[level] = 1.0
    smooth.apply(columns, slopes, 0.5)
    assert columns[level] == pytest.approx(1 - math.exp(-1))


def test_smoothing_is_the_same_at_any_rate_of_ticks(layout):
    level, ends = column(layout, "/scene/level"), []
    for count in (1, 10, 137):
        smooth, slopes = Smooth(layout), np.zeros(layout.size)
        smooth.apply(np.zeros(layout.size), slopes, 0.0)
        for n in range(count):
            columns = np.ones(layout.size)
            smooth.apply(columns, slopes, (n + 1) / count)
        ends.append(columns[level])
    assert ends == pytest.approx([1 - math.exp(-2)] * 3)


def test_the_slope_is_the_one_the_stage_may_draw_on_with(layout):
    smooth, level = Smooth(layout), column(layout, "/scene/level")
    columns, slopes = np.zeros(layout.size), np.zeros(layout.size)
    smooth.apply(columns, slopes, 0.0)
    columns[level] = 1.0
    smooth.apply(columns, slopes, 0.1)
    now, ahead = columns[level], 1 - math.exp(-0.101 / 0.5)
    assert slopes[level] == pytest.approx((ahead - now) / 0.001, rel=0.01)


def test_a_parameter_without_smoothing_steps(layout):
    smooth, sharp = Smooth(layout), column(layout, "/scene/sharp")
    columns, slopes = np.zeros(layout.size), np.zeros(layout.size)
    smooth.apply(columns, slopes, 0.0)
    columns[sharp] = 1.0
    smooth.apply(columns, slopes, 0.01)
    assert columns[sharp] == 1.0


def test_a_glide_goes_on_in_the_next_layout(layout):
    smooth, level = Smooth(layout), column(layout, "/scene/level")
    smooth.apply(np.zeros(layout.size), np.zeros(layout.size), 0.0)
    half_way = np.ones(layout.size)
    smooth.apply(half_way, np.zeros(layout.size), 0.25)
    next_one, columns = Smooth(layout), np.ones(layout.size)
    next_one.resume(smooth.state_of(), columns, 0.25)
    next_one.apply(columns, np.zeros(layout.size), 0.25)
    assert columns[level] == pytest.approx(half_way[level])


def test_a_state_of_company_fades_in_and_out_again(scene, layout):
    fades, sharp = Fades(scene, layout), column(layout, "/scene/sharp")
    seen = []
    for state, now in (
        ("together", 0.0),
        ("alone", 1.0),
        ("alone", 1.5),
        ("alone", 9.0),
        ("together", 9.0),
        ("together", 99.0),
    ):
        columns = np.zeros(layout.size)
        fades.apply(state, columns, now)
        seen.append(columns[sharp])
    assert seen[0] == 0.0 and 0.0 < seen[2] < 1.0 and seen[3] == 1.0 and seen[-1] == 0.0


def test_a_start_in_a_state_is_in_it_at_once(scene, layout):
    columns = np.zeros(layout.size)
    Fades(scene, layout).apply("alone", columns, 5.0)
    assert columns[column(layout, "/scene/sharp")] == 1.0
    assert columns[column(layout, "/twin/paris/level")] == 0.8


def test_a_hand_wins_over_the_state_of_company(scene, layout):
    fades, columns = Fades(scene, layout), np.zeros(layout.size)
    fades.apply("alone", columns, 5.0)
    fades.touched("/scene/sharp")
    columns = np.full(layout.size, 0.3)
    fades.apply("alone", columns, 6.0)
    assert columns[column(layout, "/scene/sharp")] == 0.3
