"""What leaves the house, and what comes back of it."""

from __future__ import annotations

from hardware.driver import Event
from installation.control.outputs import ECHO, MOST_SAID, Echoes


def heard(*values):
    return [Event(0.0, "/scene/level", value) for value in values]


def test_what_was_said_a_moment_ago_is_no_hand_once():
    echoes = Echoes()
    echoes.said(0.0, "/scene/level", (0.5,))
    assert echoes.without(0.1, heard((0.5,), (0.5,), (0.25,))) == heard((0.5,), (0.25,))
    assert echoes.heard == 1


def test_an_echo_is_known_by_its_single_precision():
    echoes = Echoes()
    echoes.said(0.0, "/scene/level", (0.1, 1e300))
    assert echoes.without(0.1, heard((0.10000000149011612, float("inf")))) == []


def test_the_same_word_later_is_a_hand_again():
    echoes = Echoes()
    echoes.said(0.0, "/scene/level", (0.5,))
    assert echoes.without(ECHO + 0.1, heard((0.5,))) == heard((0.5,))


def test_what_is_remembered_is_bounded():
    echoes = Echoes()
    for number in range(MOST_SAID + 10):
        echoes.said(0.0, "/scene/level", (float(number),))
    assert len(echoes._said) == MOST_SAID
    echoes.said(ECHO + 0.1, "/scene/level", (0.5,))
    assert len(echoes._said) == 1


def test_a_value_that_cannot_be_looked_up_is_no_echo():
    echoes = Echoes()
    echoes.said(0.0, "/scene/level", (0.5,))
    assert echoes.without(0.1, heard(({"a": 1},))) == heard(({"a": 1},))
