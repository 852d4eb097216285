"""Cues: in order, at their instant, whatever a peer wrote."""

import pytest

from installation.control.cues import Cues, abroad, read, written
from installation.score.show import Cue

STORM = Cue(name="storm", fade=4.0, values={"/scene/swell": (0.9,)}, release=("/scene/foam",))


def test_a_cue_comes_through_the_journal_as_it_was():
    assert read(written(STORM), pytest.fail) == STORM


def test_cues_come_when_they_are_due_soonest_first():
    cues = Cues()
    cues.add(STORM, 5.0)
    cues.add(Cue(name="calm"), 3.0)
    assert [due.cue.name for due in cues.due(4.0)] == ["calm"]
    assert [due.cue.name for due in cues.due(9.0)] == ["storm"]
    assert len(cues) == 0


@pytest.mark.parametrize(
    "arguments", [None, 7, {}, {"cue": "x", "values": {"/scene/a": ["b"]}}, {"cue": "x", "fade": "y"}]
)
def test_a_cue_that_makes_no_sense_is_told_and_passed_over(arguments):
    told = []
    assert read(arguments, told.append) is None and len(told) == 1


def test_what_an_artist_does_at_one_site_is_no_part_of_a_cue_from_abroad():
    cue = Cue(name="still", values={"/time/at": (2.0,), "/solo/sky": (1.0,), "/scene/swell": (0.5,)})
    assert abroad(read(written(cue), pytest.fail)).values == {"/scene/swell": (0.5,)}


def test_a_cue_keeps_its_preset_and_that_it_is_for_here():
    cue = Cue(name="dusk", preset="dusk", fade=-1.0, here=True)
    assert read(written(cue), pytest.fail) == cue
