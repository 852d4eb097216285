"""A drawn letter as a texture: its lines where they were drawn, in the time in which they were written."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.context import headless
from installation.stage.moment import Moment
from installation.stage.strokes import LONGEST, Strokes, segments

LINE = [[(0.1, 0.5, 0.0), (0.9, 0.5, 4.0)], [(0.5, 0.9, 6.0)]]
ROW = np.zeros(0)


@pytest.fixture
def strokes():
    context = headless()
    blank = context.texture((1, 1), 4, bytes(4))
    made = Strokes(context, blank, (320, 200))
    yield made
    made.release()


def covered(strokes):
    """What is covered, in rows from below."""
    size = strokes.texture.size
    return np.frombuffer(strokes.texture.read(), np.uint8).reshape(size[1], size[0], 4)[..., 3]


def test_a_line_is_drawn_as_fast_as_it_was_written_and_a_point_is_a_dot(strokes):
    strokes.hear({"since": 1.0, "strokes": LINE})
    strokes.update(ROW, Moment(delta=2.0))
    half = covered(strokes)
    assert half.shape == (200, 200)
    assert half[100, 60] > 150 and half[100, 140] == 0 and half[180, 100] == 0
    strokes.update(ROW, Moment(delta=10.0))
    whole = covered(strokes)
    assert min(whole[100, 60], whole[100, 140], whole[179:182, 99:102].max()) > 150


def test_another_letter_begins_anew_and_none_is_nothing(strokes):
    strokes.hear({"since": 1.0, "strokes": LINE})
    strokes.settle(ROW, Moment())
    assert covered(strokes)[100, 140] > 150
    strokes.hear({"since": 1.0, "strokes": LINE})
    strokes.settle(ROW, Moment())
    strokes.hear({"since": 3.0, "strokes": LINE})
    strokes.update(ROW, Moment())
    assert covered(strokes)[100, 140] == 0
    strokes.hear(None)
    assert strokes.texture.size == (1, 1)


def test_what_was_written_slowly_is_drawn_faster_all_of_it_alike():
    ends, times = segments([[(0, 0, 0.0), (1, 0, 50.0), (1, 1, 100.0)]])
    assert ends.shape == (2, 4)
    assert np.allclose(times, [[0.0, LONGEST / 2], [LONGEST / 2, LONGEST]])


def test_a_picture_of_another_size_is_drawn_again(strokes):
    strokes.hear({"since": 1.0, "strokes": LINE})
    strokes.settle(ROW, Moment())
    strokes.resize((640, 400))
    strokes.settle(ROW, Moment())
    assert covered(strokes).shape == (400, 400) and covered(strokes)[200, 280] > 150
