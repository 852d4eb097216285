"""The filters and transitions that come with the house, pixel by pixel; what is expected is worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt
import pytest

from installation.score.scene import Source, from_shader, laid_out
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.offline import assign
from installation.stage.passes import canvas
from installation.stage.pixels import rgba

SHADERS = Path(__file__).parents[2] / "shaders"
FILTERS = sorted(path.stem for path in (SHADERS / "filters").glob("*.fs"))
TRANSITIONS = sorted(path.stem for path in (SHADERS / "transitions").glob("*.fs"))
NEUTRAL: dict[str, dict[str, float]] = {
    "bloom": {"glow": 0}, "blur": {"radius": 0}, "fog": {"fog": 0}, "grade": {}, "grain": {"grain": 0},
    "rain": {"rain": 0, "mist": 0},
}  # fmt: skip
"""Settings at which a filter does nothing; where none are listed, `amount` 0."""

Picture = npt.NDArray[np.uint8]
SIZE = (32, 18)


class Bench:
    """One shader of the library, drawn frame by frame with the pictures that are laid into it."""

    def __init__(self, tools: Tools, file: str, size: tuple[int, int] = SIZE, **values: object) -> None:
        path = SHADERS / f"{file}.fs"
        scene = from_shader(path.stem, Source(str(path), path.read_text()))
        layout = laid_out(scene, ())
        self.row = defaults(layout)
        assign(self.row, layout, scene, {name: str(value) for name, value in values.items()})
        self.size, self._tools = size, tools
        self.layers = Layers(tools, scene, layout, size)
        self._texture, self._frame = canvas(tools.context, size)
        self._fed: dict[str, moderngl.Texture] = {}

    def lay(self, **images: Picture) -> None:
        for name, pixels in images.items():
            old = self._fed.get(name)
            texture = self._tools.context.texture(pixels.shape[1::-1], 4, np.ascontiguousarray(pixels[::-1]).tobytes())
            texture.repeat_x = texture.repeat_y = False
            self.layers.feed(name, texture)
            self._fed[name] = texture
            if old is not None:
                old.release()

    def draw(self, moment: Moment) -> npt.NDArray[np.int_]:
        self.layers.draw(self._frame, self.row, moment)
        return rgba(self._frame, self.size).astype(int)

    def release(self) -> None:
        for texture in (*self._fed.values(), self._texture):
            texture.release()
        self._frame.release()
        self.layers.release()


def once(tools: Tools, file: str, size: tuple[int, int] = SIZE, pictures: Any = None, **values: object) -> Any:
    bench = Bench(tools, file, size, **values)
    bench.lay(**(pictures or {}))
    drawn = bench.draw(Moment(3.0, 1 / 60, 180))
    bench.release()
    return drawn


def film(tools: Tools, file: str, frames: Iterable[Picture], step: float, **values: object) -> list[Any]:
    """Every frame that a filter draws of these, `step` seconds apart."""
    bench = Bench(tools, file, **values)
    drawn = []
    for n, frame in enumerate(frames):
        bench.lay(inputImage=frame)
        drawn.append(bench.draw(Moment(n * step, step if n else 0.0, n)))
    bench.release()
    return drawn


def motley(seed: int, size: tuple[int, int] = SIZE) -> Picture:
    """No two pixels alike, some transparent."""
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 4), np.uint8)
    pixels[: size[1] // 2, :, 3] = 255
    return pixels


def flat(*color: int, size: tuple[int, int] = SIZE) -> Picture:
    return np.full((size[1], size[0], 4), color, np.uint8)


def cut_out(size: tuple[int, int]) -> Picture:
    """A white square in the middle half of nothing; nothing is black, as drawing programs leave it."""
    pixels, (w, h) = flat(0, 0, 0, 0, size=size), size
    pixels[h // 4 : 3 * h // 4, w // 4 : 3 * w // 4] = 255
    return pixels


@pytest.mark.parametrize("name", TRANSITIONS)
@pytest.mark.parametrize("size", [SIZE, (20, 20), (18, 32)])
def test_a_transition_begins_with_the_one_picture_and_ends_with_the_other(
    name: str, size: tuple[int, int], tools: Tools
) -> None:
    pictures = {"startImage": motley(1, size), "endImage": motley(2, size)}
    for progress, wanted in ((0, "startImage"), (1, "endImage")):
        drawn = once(tools, f"transitions/{name}", size, pictures, progress=progress)
        seen = pictures[wanted][..., 3:] > 0  # the colour of what is transparent is nobody's business
        assert np.abs((drawn - pictures[wanted]) * seen).max() <= 1
        assert np.abs(drawn - pictures[wanted])[..., 3].max() <= 1


@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_transition_of_a_second_does_not_flash(name: str, tools: Tools) -> None:
    """WCAG 2.3.1 counts a flash as two changes of brightness by a tenth, one up and one down: here, one at most."""
    bench = Bench(tools, f"transitions/{name}")
    bench.lay(startImage=flat(110, 110, 110, 255), endImage=flat(150, 150, 150, 255))
    column = bench.layers.layout.slots
    at = next(slot.offset for address, slot in column.items() if address.endswith("/progress"))
    turns, extreme, way = 0, 110.0, 0
    for n in range(31):
        bench.row[at] = n / 30
        now = float(bench.draw(Moment(n / 30, 1 / 30, n))[..., :3].mean())
        if abs(now - extreme) >= 25.5 and (now > extreme) != (way > 0):
            turns, way, extreme = turns + 1, 1 if now > extreme else -1, now
        elif (now - extreme) * way > 0:
            extreme = now
    bench.release()
    assert turns <= 2


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_at_nothing_leaves_the_picture_alone(name: str, tools: Tools) -> None:
    picture = motley(3)
    drawn = once(tools, f"filters/{name}", SIZE, {"inputImage": picture}, **NEUTRAL.get(name, {"amount": 0}))
    assert np.abs((drawn - picture) * (picture[..., 3:] > 0)).max() <= 1
    assert np.abs(drawn - picture)[..., 3].max() <= 1


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("size", [(40, 24), (24, 24), (24, 40)])
def test_a_filter_draws_something_at_its_defaults_in_every_format(
    name: str, size: tuple[int, int], tools: Tools
) -> None:
    drawn = once(tools, f"filters/{name}", size, {"inputImage": motley(4, size)})
    assert drawn[..., :3].std() > 2.0


@pytest.mark.parametrize("radius", [0.0, 0.004, 0.02, 0.1])
def test_a_blur_leaves_one_colour_as_it_is(radius: float, tools: Tools) -> None:
    drawn = once(tools, "filters/blur", (64, 64), {"inputImage": flat(200, 100, 50, 128, size=(64, 64))}, radius=radius)
    assert np.abs(drawn - (200, 100, 50, 128)).max() <= 1


@pytest.mark.parametrize("radius", [0.02, 0.05, 0.1])
def test_a_blur_spreads_light_and_loses_none(radius: float, tools: Tools) -> None:
    picture = flat(0, 0, 0, 255, size=(64, 64))
    picture[24:40, 24:40, :3] = 255  # 256 of 4096 pixels: a mean of 255 / 16
    drawn = once(tools, "filters/blur", (64, 64), {"inputImage": picture}, radius=radius)[..., 0]
    assert drawn.mean() == pytest.approx(255 / 16, abs=0.3)
    assert drawn[24, 32] + drawn[23, 32] == pytest.approx(255, abs=6)  # an edge stays where it was: half and half
    # σ is half the radius, and the variances of the square (16² / 12) and of the blur add up.
    x = np.arange(64) - 31.5
    assert (drawn.sum(0) * x * x).sum() / drawn.sum() == pytest.approx(16 * 16 / 12 + (32 * radius) ** 2, rel=0.06)


def test_no_dark_rim_grows_round_a_blurred_cut_out(tools: Tools) -> None:
    drawn = once(tools, "filters/blur", (48, 32), {"inputImage": cut_out((48, 32))}, radius=0.1)
    rim = (drawn[..., 3] > 24) & (drawn[..., 3] < 230)
    assert rim.any() and drawn[rim][:, :3].min() >= 250


def test_light_that_spills_beyond_a_cut_out_brings_its_own_alpha(tools: Tools) -> None:
    white = {"glow": 2, "from": 0.5, "spread": 0, "tint": "1,1,1,1"}
    drawn = once(tools, "filters/bloom", (48, 32), {"inputImage": cut_out((48, 32))}, **white)
    beside = drawn[16, 11]  # the square begins at column 12
    assert 20 < beside[3] < 255 and beside[:3].min() >= 235


@pytest.mark.parametrize(
    ("values", "before", "after"),
    [
        ({"gain": 2}, (51, 51, 51), (102, 102, 102)),
        ({"lift": 0.5}, (0, 0, 0), (127.5, 127.5, 127.5)),
        ({"lift": 0.5}, (255, 255, 255), (255, 255, 255)),
        ({"gamma": 2}, (64, 64, 64), (127.75, 127.75, 127.75)),  # √(64 / 255) · 255
        ({"contrast": 0}, (20, 90, 240), (127.5, 127.5, 127.5)),
        ({"saturation": 0}, (255, 0, 0), (54.2, 54.2, 54.2)),  # 0.2126, red's share of luminance in ITU-R BT.709
    ],
)
def test_the_colourists_knobs_do_what_a_colourist_expects(
    values: dict[str, float], before: tuple[int, ...], after: tuple[float, ...], tools: Tools
) -> None:
    drawn = once(tools, "filters/grade", SIZE, {"inputImage": flat(*before, 255)}, **values)
    assert np.abs(drawn[0, 0, :3] - after).max() <= 1


def test_warmth_changes_the_colour_of_grey_and_not_its_brightness(tools: Tools) -> None:
    red, green, blue, _ = once(tools, "filters/grade", SIZE, {"inputImage": flat(120, 120, 120, 255)}, temperature=0.5)[
        0, 0
    ]
    assert red > 125 and blue < 110
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(120, abs=1)


def test_a_trail_has_lost_half_when_its_half_life_is_over(tools: Tools) -> None:
    still = {"fade": 0.5, "drift": "0,0", "grow": 0, "ember": "1,1,1,1", "amount": 1}
    frames = [flat(255, 255, 255, 255), *[flat(0, 0, 0, 255)] * 10]
    drawn = [one[9, 16, 0] for one in film(tools, "filters/trails", frames, 0.1, **still)]
    assert drawn[0] == 255
    assert drawn[5] == pytest.approx(255 / 2, abs=1) and drawn[10] == pytest.approx(255 / 4, abs=1)


def test_a_trail_does_not_depend_on_the_frame_rate(tools: Tools) -> None:
    still = {"fade": 0.5, "drift": "0,0", "grow": 0, "ember": "1,1,1,1", "amount": 1}
    ends = []
    for rate in (10, 60):
        frames = [flat(255, 255, 255, 255), *[flat(0, 0, 0, 255)] * rate]
        ends.append(film(tools, "filters/trails", frames, 1 / rate, **still)[-1][9, 16, 0])
    assert ends[0] == pytest.approx(255 / 4, abs=1) and ends[1] == pytest.approx(ends[0], abs=1)


def test_a_shadow_leaves_a_trail_on_a_bright_ground(tools: Tools) -> None:
    still = {"fade": 0.5, "drift": "0,0", "grow": 0, "trace": 1, "amount": 1}
    frames = [flat(0, 0, 0, 255), *[flat(200, 200, 200, 255)] * 5]
    assert film(tools, "filters/trails", frames, 0.1, **still)[-1][9, 16, 0] == pytest.approx(100, abs=1)


PAGE = 2 / 31  # seconds between two pictures of the album: 62 of them are 4 s


@pytest.mark.parametrize("pages", [2, 15, 62])
def test_a_delayed_frame_comes_back_when_it_is_due(pages: int, tools: Tools) -> None:
    frames = [flat(40 + 3 * n, 0, 0, 255) for n in range(70)]
    plain = {"late": pages * PAGE, "how": 1, "amount": 1, "tint": "1,1,1,1"}
    drawn = [one[9, 16, 0] for one in film(tools, "filters/delay", frames, PAGE, **plain)]
    assert drawn[0] == 40  # before there is a past, the past is the beginning
    for n in range(pages, 70):
        assert drawn[n] == pytest.approx(40 + 3 * (n - pages), abs=1)


def test_between_two_pages_the_past_is_mixed(tools: Tools) -> None:
    frames = [flat(10 * n, 0, 0, 255) for n in range(20)]
    plain = {"late": 4.5 * PAGE, "how": 1, "amount": 1, "tint": "1,1,1,1"}
    assert film(tools, "filters/delay", frames, PAGE, **plain)[-1][9, 16, 0] == pytest.approx(145, abs=1)


def test_a_slow_machine_leaves_no_page_of_the_past_unwritten(tools: Tools) -> None:
    frames = [flat(20 * n, 0, 0, 255) for n in range(12)]  # a frame every three pages
    plain = {"late": 6 * PAGE, "how": 1, "amount": 1, "tint": "1,1,1,1"}
    drawn = [one[9, 16, 0] for one in film(tools, "filters/delay", frames, 3 * PAGE, **plain)]
    assert drawn[11] == pytest.approx(180, abs=1)


def test_uneven_frames_leave_no_page_of_the_past_unwritten(tools: Tools) -> None:
    """Late in an hour, where a float counts in quarters of a millisecond, the past follows the present evenly."""
    bench = Bench(tools, "filters/delay", late=1, how=1, amount=1, tint="1,1,1,1")
    uneven = np.random.default_rng(6).uniform(0.012, 0.022, 300)
    times = 3500.0 + np.concatenate([[0.0], np.cumsum(uneven)])
    seen = []
    for n, time in enumerate(times):
        bench.lay(inputImage=flat(min(255, int(40 * (time - 3500))), 0, 0, 255))
        seen.append(bench.draw(Moment(time, float(time - times[n - 1]) if n else 0.0, n + 9))[9, 16, 0])
    bench.release()
    wanted = [max(0, min(255, 40 * (time - 3501))) for time in times]
    assert np.abs(np.array(seen) - wanted).max() <= 4  # a page is up to a frame old, and lasts 1/15.5 s: 40 / 15.5 + 1


def test_time_that_begins_anew_does_not_stop_the_echo(tools: Tools) -> None:
    bench = Bench(tools, "filters/delay", late=2 * PAGE, how=1, amount=1, tint="1,1,1,1")
    for n, time in enumerate([3600.0, 3600.0 + PAGE, *(k * PAGE for k in range(6))]):
        bench.lay(inputImage=flat(30 * n, 0, 0, 255))
        drawn = bench.draw(Moment(time, PAGE, n))[9, 16, 0]
    bench.release()
    assert drawn == pytest.approx(30 * 5, abs=1)


def test_an_echo_is_laid_over_as_light_and_can_echo_again(tools: Tools) -> None:
    frames = [flat(0, 0, 0, 255), flat(200, 0, 0, 255), *[flat(0, 0, 0, 255)] * 12]
    lit = {"late": 5 * PAGE, "how": 0, "amount": 0.5, "tint": "1,1,1,1", "again": 0.5}
    drawn = [one[9, 16, 0] for one in film(tools, "filters/delay", frames, PAGE, **lit)]
    assert drawn[1] == 200 and drawn[6] == pytest.approx(100, abs=1) and drawn[8] == 0
    assert drawn[11] == pytest.approx(50, abs=1)


def test_one_mirror_makes_the_two_sides_of_a_picture_alike(tools: Tools) -> None:
    drawn = once(tools, "filters/kaleido", (32, 32), {"inputImage": motley(5, (32, 32))}, mirrors=1)
    assert np.abs(drawn - drawn[:, ::-1]).max() <= 2


def test_the_middle_of_a_vignette_is_clear_and_its_corners_alike(tools: Tools) -> None:
    drawn = once(tools, "filters/vignette", SIZE, {"inputImage": flat(200, 200, 200, 255)}, amount=1)
    assert np.abs(drawn[9, 16] - (200, 200, 200, 255)).max() <= 1
    corners = drawn[[0, 0, -1, -1], [0, -1, 0, -1], 0]
    assert corners.max() < 150 and np.ptp(corners) <= 1


def test_fog_takes_all_of_a_dark_picture_at_its_fullest(tools: Tools) -> None:
    drawn = once(tools, "filters/fog", SIZE, {"inputImage": flat(0, 0, 0, 255)}, fog=1, shine=0, colour="0.6,0.6,0.6,1")
    assert np.abs(drawn[..., :3] - 153).max() <= 20


def test_a_hard_wipe_to_the_right_is_half_way_in_the_middle(tools: Tools) -> None:
    pictures = {"startImage": flat(10, 0, 0, 255), "endImage": flat(250, 0, 0, 255)}
    drawn = once(tools, "transitions/wipe", SIZE, pictures, progress=0.5, softness=0, sway=0)
    assert (drawn[:, :15, 0] == 250).all() and (drawn[:, 17:, 0] == 10).all()


def test_a_dissolve_led_by_nothing_is_the_mean_and_one_led_by_light_begins_with_the_bright(tools: Tools) -> None:
    pictures = {"startImage": flat(0, 0, 0, 255), "endImage": flat(200, 0, 0, 255)}
    assert once(tools, "transitions/dissolve", SIZE, pictures, progress=0.5, led=0)[0, 0, 0] == pytest.approx(
        100, abs=1
    )
    start, end = flat(0, 0, 0, 255), flat(60, 60, 60, 255)
    start[:, 16:] = end[:, 16:] = 255
    end[:, 16:, :3] = 200
    drawn = once(tools, "transitions/dissolve", SIZE, {"startImage": start, "endImage": end}, progress=0.4, led=1)
    assert (255 - drawn[0, 20, 0]) / 55 > drawn[0, 4, 0] / 60 + 0.2
