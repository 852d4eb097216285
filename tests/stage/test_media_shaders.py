"""The engine's shaders that draw an image, a text or the portal: where each texel lands, and when."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.score.scene import Source, from_shader, laid_out
from installation.score.shaders import glsl, isf
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.offline import assign
from installation.stage.passes import canvas
from installation.stage.pixels import rgba

ENGINE = Path(__file__).parents[2] / "shaders" / "engine"
NOISE = np.random.default_rng(11).integers(0, 256, (24, 32, 4), np.uint8)
Paint = Callable[..., np.ndarray]


@pytest.fixture
def paint(tools: Tools) -> Paint:
    """Draws an engine's shader with pictures (top row first) in its image inputs."""

    def painted(
        name: str, size: tuple[int, int], images: dict[str, np.ndarray], time: float = 0.0, **values: Any
    ) -> np.ndarray:
        scene = from_shader(name, Source(f"{name}.fs", (ENGINE / f"{name}.fs").read_text()))
        layout = laid_out(scene, ())
        row = defaults(layout)
        assign(row, layout, scene, {key: str(value) for key, value in values.items()})
        layers = Layers(tools, scene, layout, size)
        for image, pixels in images.items():
            texture = tools.context.texture(pixels.shape[1::-1], 4, np.ascontiguousarray(pixels[::-1]).tobytes())
            texture.repeat_x = texture.repeat_y = False
            layers.feed(image, texture)
        _, frame = canvas(tools.context, size)
        layers.draw(frame, row, Moment(time=time))
        return rgba(frame, size).copy()

    return painted


@pytest.mark.parametrize("fit", [0, 1, 2])
def test_a_picture_of_the_walls_size_is_drawn_byte_for_byte(fit: int, paint: Paint) -> None:
    assert (paint("picture", (32, 24), {"picture": NOISE}, fit=fit) == NOISE).all()


def test_a_wider_picture_that_fills_is_cut_at_its_sides_on_whole_pixels(paint: Paint) -> None:
    for width in (20, 21):
        left = (32 - width + 1) // 2
        seen = paint("picture", (width, 24), {"picture": NOISE}, fit=0)
        assert (seen == NOISE[:, left : left + width]).all()


def test_a_picture_that_fits_has_nothing_beside_it(paint: Paint) -> None:
    seen = paint("picture", (50, 24), {"picture": NOISE}, fit=1)
    assert (seen[:, 9:41] == NOISE).all()
    assert not seen[:, :9].any() and not seen[:, 41:].any()


def test_a_picture_stretched_reaches_every_corner(paint: Paint) -> None:
    quarters = np.zeros((2, 2, 4), np.uint8)
    quarters[0, 0], quarters[0, 1], quarters[1, 0], quarters[1, 1] = (
        (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (255, 255, 255, 255),
    )  # fmt: skip
    seen = paint("picture", (40, 20), {"picture": quarters}, fit=2)
    assert [seen[0, 0].tolist(), seen[0, -1].tolist()] == [[255, 0, 0, 255], [0, 255, 0, 255]]
    assert [seen[-1, 0].tolist(), seen[-1, -1].tolist()] == [[0, 0, 255, 255], [255, 255, 255, 255]]


def test_an_edge_drawn_larger_takes_no_colour_from_what_is_transparent(paint: Paint) -> None:
    edge = np.zeros((4, 4, 4), np.uint8)
    edge[:, 2:] = (200, 100, 50, 255)
    seen = paint("picture", (64, 64), {"picture": edge}).reshape(-1, 4)
    visible = seen[seen[:, 3] > 8]
    assert np.abs(visible[:, :3].astype(int) - (200, 100, 50)).max() <= 1
    assert (visible[:, 3] < 250).sum() > 0


def test_without_a_picture_there_is_nothing(paint: Paint) -> None:
    assert not paint("picture", (8, 8), {"picture": np.zeros((1, 1, 4), np.uint8)}).any()


def letters(alpha: np.ndarray) -> np.ndarray:
    return np.dstack([np.full((*alpha.shape, 3), 255, np.uint8), alpha])


FRENCH, ENGLISH = letters(NOISE[:10, :16, 0]), letters(NOISE[:8, :20, 1])


def inked(seen: np.ndarray, ink: np.ndarray) -> bool:
    """Whether exactly this ink stands in the middle."""
    top, left = math.ceil((seen.shape[0] - ink.shape[0]) / 2), (seen.shape[1] - ink.shape[1]) // 2
    expected = np.zeros(seen.shape[:2], np.uint8)
    expected[top : top + ink.shape[0], left : left + ink.shape[1]] = ink[..., 3]
    return bool((seen[..., 3] == expected).all())


@pytest.mark.parametrize(("language", "ink"), [(1, FRENCH), (2, ENGLISH)])
@pytest.mark.parametrize("size", [(40, 30), (41, 31)])
def test_a_text_stands_in_the_middle_pixel_by_pixel(
    language: int, ink: np.ndarray, size: tuple[int, int], paint: Paint
) -> None:
    seen = paint("text", size, {"fr": FRENCH, "en": ENGLISH}, language=language, color="1,0.5,0,1")
    assert inked(seen, ink) and (seen[..., :3] == (255, 128, 0)).all()


@pytest.mark.parametrize(
    ("time", "ink"), [(0.0, FRENCH), (7.9, FRENCH), (10.0, ENGLISH), (17.9, ENGLISH), (20.0, FRENCH), (30.1, ENGLISH)]
)
def test_both_languages_come_in_turn(time: float, ink: np.ndarray, paint: Paint) -> None:
    assert inked(paint("text", (40, 30), {"fr": FRENCH, "en": ENGLISH}, time, period=10), ink)


def test_one_language_fades_before_the_other_comes(paint: Paint) -> None:
    full = letters(np.full((10, 16), 255, np.uint8))
    shares = [paint("text", (40, 30), {"fr": full, "en": full}, 8.0 + n / 10, period=10)[15, 20, 3] for n in range(21)]
    assert shares[0] == 255 and shares[-1] == 255 and 0 < min(shares) < 80
    assert np.abs(np.diff(np.array(shares, int))).max() < 60


@pytest.mark.parametrize(("given", "ink"), [("fr", FRENCH), ("en", ENGLISH)])
def test_a_text_in_one_language_alone_stays(given: str, ink: np.ndarray, paint: Paint) -> None:
    nothing = np.zeros((1, 1, 4), np.uint8)
    for time in (0.0, 12.0, 18.0):
        seen = paint("text", (40, 30), {"fr": nothing, "en": nothing, given: ink}, time, period=10)
        assert inked(seen, ink)


def test_the_portal_is_dim_and_somebody_is_in_its_middle(paint: Paint) -> None:
    nothing = np.zeros((1, 1, 4), np.uint8)
    for size in ((96, 54), (54, 54), (54, 96)):
        seen = paint("portal", size, {"picture": nothing}, 3.0)[..., :3].mean(2)
        middle = seen[size[1] // 2 :, size[0] // 2 - 5 : size[0] // 2 + 5]
        assert 20 < middle.max() < 230 and seen[:, :3].mean() < 15 and seen.mean() < 60


def test_the_portal_breathes_and_never_blinks(paint: Paint) -> None:
    nothing = {"picture": np.zeros((1, 1, 4), np.uint8)}
    series = [paint("portal", (48, 27), nothing, 2.0 + n / 10)[..., :3].astype(int) for n in range(12)]
    assert all(np.abs(b - a).max() <= 12 for a, b in pairwise(series))
    assert np.abs(series[-1] - series[0]).max() > 3


def test_the_portal_shows_their_picture_where_there_is_one(paint: Paint) -> None:
    bright = np.full((24, 32, 4), (250, 250, 0, 255), np.uint8)
    seen = paint("portal", (96, 54), {"picture": bright}, 1.0, light=1)
    assert seen[27, 48, :2].min() > 200 and seen[27, 48, 2] < 60


@pytest.mark.parametrize("version", [330, 410])
@pytest.mark.parametrize("name", ["picture", "text", "portal"])
def test_a_strict_compiler_takes_them(name: str, version: int, tmp_path: Path) -> None:
    compiler = shutil.which("glslangValidator")
    if compiler is None:
        pytest.skip("glslangValidator is not installed (glslang-tools)")
    program = glsl.translate(isf.read((ENGINE / f"{name}.fs").read_text(), f"{name}.fs"), version)
    (tmp_path / "a.frag").write_text(program.fragment)
    ran = subprocess.run([compiler, str(tmp_path / "a.frag")], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
