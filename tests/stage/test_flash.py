"""The flash guard: what is shown never flashes more than three times in a second, and what does not flash passes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from installation.library import library
from installation.score.flashes import COLUMNS, ROWS, Flashes
from installation.score.scene import Scene, laid_out
from installation.stage.flash import FlashGuard
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.passes import canvas
from installation.stage.pixels import rgba
from tests.stage.conftest import scene
from tests.stage.wcag import flashes

FPS, SIZE = 60, (192, 108)
STROBE = (
    "/*{{}}*/\nvoid main() {{ vec2 p = isf_FragNormCoord; "
    "float on = mod(floor(TIME * {hz:.1f} * 2.0 + 1e-4), 2.0); {body} }}"
)
FULL = "gl_FragColor = vec4(vec3(on), 1.0);"
RED = "gl_FragColor = mix(vec4(1.0, 0.0, 0.0, 1.0), vec4(0.0, 0.0, 1.0, 1.0), on);"
GREY = "gl_FragColor = vec4(vec3(0.5 + 0.5 * on), 1.0);"
CHECKERS = "gl_FragColor = vec4(vec3(mod(floor(p.x * 8.0) + floor(p.y * 6.0) + on, 2.0)), 1.0);"
FINE = "gl_FragColor = vec4(vec3(mod(floor(p.x * 32.0) + floor(p.y * 18.0) + on, 2.0)), 1.0);"
CORNER = "gl_FragColor = vec4(vec3(p.x < 0.25 && p.y < 0.25 ? on : 0.3), 1.0);"
SMALL = "gl_FragColor = vec4(vec3(p.x < 0.12 && p.y < 0.12 ? on : 0.3), 1.0);"
LATE = "gl_FragColor = vec4(vec3(TIME < 1.0 ? 0.5 : on), 1.0);"
WAVES = "gl_FragColor = vec4(vec3(0.5 + 0.5 * sin(TIME * 6.2832 * {hz:.1f} + p.x * 12.0)), 1.0);"
Film = tuple[list[np.ndarray], list[np.ndarray], FlashGuard]


@pytest.fixture
def film(tools: Tools) -> Callable[..., Film]:
    """Draws a scene for some seconds: the pictures without the guard, and those with it."""

    def filmed(what: str | Scene, seconds: float = 3.0, size: tuple[int, int] = SIZE, window: bool = False) -> Film:
        wanted = scene(what) if isinstance(what, str) else what
        layout = laid_out(wanted, ())
        row, layers, guard = defaults(layout), Layers(tools, wanted, layout, size), FlashGuard(tools)
        texture, frame = canvas(tools.context, size)
        plain, shown = [], []
        for n in range(round(seconds * FPS)):
            layers.draw(frame, row, Moment(n / FPS, 1 / FPS, n))
            plain.append(rgba(frame, size).copy())
            guard.draw(frame, None if window else texture, size, n / FPS, wanted.name)
            shown.append(rgba(frame, size).copy())
        return plain, shown, guard

    return filmed


def strobe(hz: float, body: str = FULL) -> str:
    return STROBE.format(hz=hz, body=body.format(hz=hz) if "{hz" in body else body)


@pytest.mark.parametrize("hz", [4, 8, 15, 30])
@pytest.mark.parametrize("body", [FULL, RED, GREY, CHECKERS, FINE, CORNER, LATE, WAVES])
def test_what_is_shown_never_has_a_fourth_flash_in_a_second(film: Callable[..., Film], hz: float, body: str) -> None:
    plain, shown, guard = film(strobe(hz, body))
    assert flashes(plain, FPS) > 3
    assert flashes(shown, FPS) <= 3
    assert len(guard.problems) == 1


@pytest.mark.parametrize("hz", [2, 3])
@pytest.mark.parametrize("body", [FULL, RED, CHECKERS, WAVES])
def test_three_flashes_a_second_pass_byte_for_byte(film: Callable[..., Film], hz: float, body: str) -> None:
    plain, shown, _ = film(strobe(hz, body))
    assert flashes(plain, FPS) <= 3
    assert all(np.array_equal(a, b) for a, b in zip(plain, shown, strict=True))


def test_a_small_strobe_passes_byte_for_byte(film: Callable[..., Film]) -> None:
    plain, shown, _ = film(strobe(15, SMALL))
    assert flashes(plain, FPS) == 0
    assert all(np.array_equal(a, b) for a, b in zip(plain, shown, strict=True))


def test_what_flashes_between_two_brights_passes(film: Callable[..., Film]) -> None:
    plain, shown, _ = film(strobe(15, "gl_FragColor = vec4(vec3(0.94 + 0.06 * on), 1.0);"))
    assert all(np.array_equal(a, b) for a, b in zip(plain, shown, strict=True))


NOISE = """/*{}*/
void main() {
    float grain = fract(sin(dot(gl_FragCoord.xy, vec2(12.9898, 78.233)) + TIME) * 43758.5453);
    gl_FragColor = vec4(vec3(grain), 1.0);
}"""


def test_white_noise_is_fine_and_balanced_and_passes(film: Callable[..., Film]) -> None:
    plain, shown, _ = film(NOISE, seconds=1.0, size=(1280, 720))
    assert all(np.array_equal(a, b) for a, b in zip(plain, shown, strict=True))


@pytest.mark.parametrize("name", ["tide", "weft", "learn/02-a-breath"])
def test_a_scene_that_does_not_flash_passes_byte_for_byte(film: Callable[..., Film], name: str) -> None:
    plain, shown, guard = film(library().scene(name), seconds=2.0)
    assert not guard.problems
    assert all(np.array_equal(a, b) for a, b in zip(plain, shown, strict=True))


def test_a_window_without_a_texture_is_guarded_alike(film: Callable[..., Film]) -> None:
    assert flashes(film(strobe(15), window=True)[1], FPS) <= 3


def test_when_the_flashing_ends_the_work_comes_back_gently_and_then_whole(film: Callable[..., Film]) -> None:
    ends = "gl_FragColor = vec4(vec3(TIME < 1.5 ? on : 0.2), 1.0);"
    plain, shown, guard = film(strobe(10, ends), seconds=5.0)
    assert not guard.softens
    assert np.array_equal(plain[-1], shown[-1])
    steps = [abs(int(b[0, 0, 0]) - int(a[0, 0, 0])) for a, b in pairwise(shown[90:])]
    assert max(steps) < 26


def test_it_is_told_once_with_the_scene_and_its_rate(film: Callable[..., Film]) -> None:
    (problem,) = film(strobe(8))[2].problems
    assert problem.told("en").found == "a flashes 8 times a second"
    assert problem.told("fr").found == "a clignote 8 fois par seconde"


def test_frames_that_come_late_are_counted_by_their_time() -> None:
    """A strobe that turns each frame, seen at 20 frames a second: 10 flashes a second."""
    counted, dark = Flashes(), np.zeros((ROWS, COLUMNS, 3), np.float32)
    for n in range(8):
        seen = counted.see(dark + n % 2, n / 20)
        assert not seen.over
        counted.take(seen)
    assert counted.see(dark, 8 / 20).over
    assert not counted.see(dark, 1.2).over


WINDOW = """
import sys
from installation.score.scene import Source, from_shader, laid_out
from installation.stage.flash import FlashGuard
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.pixels import rgba
from installation.stage.surface import Surface
from installation.stage.window import Window
from tests.stage.wcag import flashes
window, scene = Window("a", (192, 108)), from_shader("a", Source("a.fs", sys.argv[1]))
tools, layout = Tools(window.context), laid_out(scene, ())
layers = Layers(tools, scene, layout, (192, 108))
for size in (None, (96, 54)):
    guard, shown = FlashGuard(tools), []
    surface = Surface(tools, window.frame, window.size, size, "fill")
    layers.resize(surface.size)
    for n in range(120):
        layers.draw(surface.target, defaults(layout), Moment(n / 60, 1 / 60, n))
        surface.draw(n / 60, guard, "a")
        shown.append(rgba(window.frame, window.size).copy())
        window.flip()
    print(flashes(shown, 60), guard.softens)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="SDL draws without a screen on Linux")
def test_a_real_window_is_guarded_whether_the_picture_has_its_size_or_another() -> None:
    environment = {**os.environ, "SDL_VIDEODRIVER": "offscreen"}
    command = [sys.executable, "-c", WINDOW, strobe(15)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert done.stdout.splitlines() == ["3 True", "3 True"], done.stderr
