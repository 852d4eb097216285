"""From an event to a target."""

import pytest

from hardware.osc_pattern import matches
from installation.score.parameter import Parameter
from installation.score.patch import Patch, Patchbay, Touch, taken

LEVEL = Parameter(name="level", low=(0.0,), high=(2.0,))
WHERE = Parameter(name="where", kind="point2D", default=(0.5, 0.5), low=(0.0, 0.0), high=(1.0, 1.0))
DROP = Parameter(name="drop", kind="event", default=(0.0,))
MODE = Parameter(name="mode", kind="long", default=(0.0,), low=(0.0,), high=(7.0,), values=(0, 3, 7))
COLOR = Parameter(name="city", kind="color", default=(1.0,) * 4, low=(0.0,) * 4, high=(1.0,) * 4)
ON = Parameter(name="on", kind="bool", default=(1.0,))
ALL = (LEVEL, WHERE, DROP, MODE, COLOR, ON)


def touches(*events, lines=()):
    return Patchbay(ALL, lines, matches).apply((0.0, address, value) for address, value in events)


def test_a_parameters_own_address_needs_no_patch():
    assert touches(("/scene/level", (1.5,))) == [Touch("/scene/level", (1.5,))]


def test_a_value_beyond_the_range_is_brought_into_it():
    assert touches(("/scene/level", (9.0,))) == [Touch("/scene/level", (2.0,))]


def test_a_patch_maps_its_range_onto_the_parameters():
    line = Patch(
        source="/floor/distance", target="/scene/level", low=0.2, high=3.2, out_low=1.0, out_high=0.0, ranged=True
    )
    assert touches(("/floor/distance", (1.7,)), lines=[line])[0].numbers == pytest.approx((0.5,))
    assert touches(("/floor/distance", (99,)), lines=[line])[0].numbers == (0.0,)


@pytest.mark.parametrize(("curve", "half"), [("linear", 1.0), ("exp", 0.5), ("log", 2**0.5), ("smooth", 1.0)])
def test_a_curve_bends_the_way(curve, half):
    line = Patch(source="/x", target="/scene/level", curve=curve, ranged=True)
    assert touches(("/x", (0.5,)), lines=[line])[0].numbers == pytest.approx((half,))


def test_a_patch_may_lead_to_one_component():
    line = Patch(source="/x", target="/scene/where", component=1)
    assert touches(("/x", (0.7,)), lines=[line]) == [Touch("/scene/where", (0.7,), 1)]


def test_a_patch_may_listen_to_a_pattern_of_addresses():
    line = Patch(source="/midi/*/cc/1/7", target="/scene/level")
    assert touches(("/midi/nano/cc/1/7", (1.0,)), lines=[line]) == [Touch("/scene/level", (1.0,))]


def test_a_message_may_be_addressed_by_a_pattern():
    assert [touch.address for touch in touches(("/scene/{level,on}", (1.0,)))] == ["/scene/level", "/scene/on"]


def test_a_button_sends_one_then_zero_and_is_one_rise():
    assert touches(("/scene/drop", (1,)), ("/scene/drop", (0,))) == [Touch("/scene/drop", (1.0,))]


def test_a_bang_without_a_number_is_a_rise():
    assert touches(("/scene/drop", ())) == [Touch("/scene/drop", (1.0,))]


def test_a_long_takes_the_nearest_of_its_values():
    assert taken(MODE, (4.0,)) == (3.0,)


def test_a_colour_of_three_numbers_is_opaque():
    assert taken(COLOR, (0.1, 0.2, 0.3)) == (0.1, 0.2, 0.3, 1.0)


@pytest.mark.parametrize("value", [(), ("a",), (float("nan"),), (float("inf"),), (None,)])
def test_what_is_no_number_does_not_touch(value):
    assert touches(("/scene/level", value)) == []


def test_what_nothing_listens_to_is_remembered_within_bounds():
    bay = Patchbay(ALL, (), matches)
    bay.apply((0.0, f"/noise/{n}", (1.0,)) for n in range(Patchbay.LIMIT + 50))
    assert len(bay.unmatched) == Patchbay.LIMIT
