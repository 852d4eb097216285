"""Buffers that ask for more than there is: they are cut, which is told once, and all is still drawn."""

from __future__ import annotations

import numpy as np

from installation.score.scene import laid_out
from installation.stage.guard.room import ROOM, Asked, given
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.passes import canvas
from installation.stage.pixels import rgba
from tests.site.venue import jumelage
from tests.stage.conftest import scene

WIDE = """/*{"PASSES": [{"TARGET": "small"},
  {"TARGET": "wide", "WIDTH": "100000", "HEIGHT": "2"}, {}]}*/
void main() { gl_FragColor = vec4(IMG_SIZE(wide).x == 8192.0 ? 1.0 : 0.0, IMG_SIZE(wide).y / 255.0, 0.0, 1.0); }
"""


def test_what_has_room_is_given_as_it_is_asked() -> None:
    asked = [Asked("a", 1920.5, 1080.0, True), Asked("b", 3.0, 1.0)]
    assert given(asked) == asked


def test_all_together_are_halved_until_they_have_room_the_largest_first() -> None:
    small, *large = given([Asked("small", 64, 64), Asked("a", 8192, 8192, True), Asked("b", 8192, 8192)])
    assert (small.width, small.height) == (64, 64)
    assert sum(one.bytes for one in (small, *large)) <= ROOM
    # By hand: a has 2 GiB, b 512 MiB; at half its sides a has 512 MiB, with the small one 32 KiB too much.
    assert [one.width for one in large] == [2048, 8192]


def test_a_side_is_cut_and_told_once_at_its_pass(tools: Tools) -> None:
    wide = scene(WIDE)
    layout = laid_out(wide, ())
    layers = Layers(tools, wide, layout, (8, 4))
    texture, frame = canvas(tools.context, (8, 4))
    for _ in range(2):
        layers.draw(frame, defaults(layout), Moment())
    assert np.array_equal(rgba(frame, (8, 4))[0, 0], (255, 2, 0, 255))
    (problem,) = layers.problems()
    assert (problem.file, problem.line) == ("a.fs", 2)
    assert "asks for 100000 × 2 pixels; it is given 8192 × 2" in problem.told("en").found
    assert "il en reçoit 8192 × 2" in problem.told("fr").found
    layers.draw(frame, defaults(layout), Moment())
    assert not layers.problems()
    for one in (frame, texture, layers):
        one.release()


def test_render_and_check_tell_it_and_draw(tmp_path) -> None:
    (tmp_path / "wide.fs").write_text(WIDE)
    for verb in ("check", "render"):
        told = jumelage(tmp_path, verb, "wide.fs")
        assert told.returncode == 0 and "wide.fs:2: the buffer wide asks for" in told.stderr
