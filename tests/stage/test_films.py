"""Films as textures: each frame against one decoded by itself, at its time, across seams and after jumps."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.score.picture import Picture
from installation.stage.layers import Tools
from installation.stage.media.decoding import Decoding
from installation.stage.media.films import Film
from tests.stage.sources import card, film, frames, shown, told

av: Any = pytest.importorskip("av")
Load = Callable[..., Film]
HALF = Fraction(1, 50)


@pytest.fixture(scope="module")
def decoding() -> Iterator[Decoding]:
    made = Decoding()
    yield made
    made.close()


@pytest.fixture
def load(tools: Tools, decoding: Decoding) -> Iterator[Load]:
    made: list[Film] = []

    def loaded(path: Path, child: Decoding = decoding, **more: Any) -> Film:
        made.append(Film(tools.context, Picture("video", str(path), **more), child))
        return made[-1]

    yield loaded
    for one in made:
        one.release()


def decoded(path: Path, matrix: str = "bt601", full: bool = False) -> list[np.ndarray]:
    """Every frame by PyAV and ffmpeg's own `scale` filter, the matrix named as ffmpeg's users name it."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        graph = av.filter.Graph()
        source = graph.add_buffer(template=stream)
        flags = "bilinear+full_chroma_int+accurate_rnd+bitexact"
        size = f"{stream.width}:{stream.height}:flags={flags}"
        scale = graph.add("scale", f"{size}:in_color_matrix={matrix}:in_range={'pc' if full else 'tv'}:out_range=pc")
        form, sink = graph.add("format", "rgba"), graph.add("buffersink")
        graph.link_nodes(source, scale, form, sink).configure()
        found = []
        for frame in container.decode(stream):
            graph.push(frame)
            found.append(graph.pull().to_ndarray())
        return found


def nearest(picture: np.ndarray, all_: list[np.ndarray]) -> int:
    """Which of the frames it is."""
    return int(np.argmin([np.abs(picture.astype(int) - one).mean() for one in all_]))


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.mp4", "libx264", "yuv444p"),
        ("b.mp4", "libx264", "yuv420p"),
        ("deep.mkv", "libx264", "yuv420p10le"),
        ("a.webm", "libvpx-vp9", "yuv420p"),
        ("a.avi", "mpeg4", "yuv420p"),
        ("a.mov", "prores_ks", "yuv422p10le"),
        ("rgb.mkv", "ffv1", "bgr0"),
        ("rle.mov", "qtrle", "rgb24"),
    ],
)
def test_each_frame_is_the_one_of_ffmpeg(name: str, codec: str, form: str, tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / name, range(40), codec, form)
    expected = decoded(path)
    one = load(path)
    for number in (*range(40), 7, 39, 0, 23):
        assert one.settle(float(number * Fraction(1, 25) + HALF)), told(one)
        assert np.abs(shown(one).astype(int) - expected[number]).max() <= 1, number
    assert not one.problems and one.size == (64, 48)


def test_a_frame_is_shown_from_its_own_instant_on(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(50))
    expected = decoded(path)
    one = load(path)
    for number in (0, 1, 2, 24, 25, 49):
        one.settle(number / 25)
        assert nearest(shown(one), expected) == number
        one.settle((number + 1) / 25 - 1e-4)
        assert nearest(shown(one), expected) == number


def test_a_loop_has_no_seam(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(50))
    one, expected = load(path), decoded(path)
    assert one.settle(0.0) and one.duration == 2.0
    for number in range(45, 160, 3):
        assert one.settle(float(number * Fraction(1, 25) + HALF))
        assert nearest(shown(one), expected) == number % 50


def test_the_seam_is_decoded_before_it_comes(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(50))
    one = load(path)
    one.settle(1.9)
    ring = one._ring
    assert ring is not None and ring.count < 50
    frames(one, lambda: ring.covering(0.1) >= 0, at=lambda: 1.9)


def test_a_jump_backwards_and_forwards_lands_on_the_very_frame(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "long.mp4", range(300), options={"crf": "0", "g": "100"})
    one, expected = load(path), decoded(path)
    for second in (11.9, 0.3, 7.1, 7.06, 3.98, 4.02, 11.98, 0.0, 5.5, 5.46, 9.0):
        assert one.settle(second)
        assert nearest(shown(one), expected) == int(second * 25 + 1e-3)


def test_a_film_runs_backwards_at_a_speed_below_zero(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(50))
    one, expected = load(path, speed=-1.0), decoded(path)
    for number in range(0, 60):
        assert one.settle(float(number * Fraction(1, 25) + HALF))
        assert nearest(shown(one), expected) == (49 - number) % 50


def test_start_and_speed_move_the_film(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(50))
    one, expected = load(path, start=0.5, speed=0.5), decoded(path)
    for time, second in ((0.0, 0.5), (1.0, 1.0), (3.5, 0.25)):
        one.settle(time + 0.02)
        assert nearest(shown(one), expected) == int(second * 25 + 0.25)


def test_a_film_that_does_not_loop_holds_its_first_and_last_frame(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(50))
    one, expected = load(path, loop=False, start=-1.0), decoded(path)
    for time, number in ((0.0, 0), (0.99, 0), (2.02, 25), (2.99, 49), (3.0, 49), (900.0, 49)):
        assert one.settle(time)
        assert nearest(shown(one), expected) == number


def test_a_variable_rate_is_followed_by_the_frames_own_times(tmp_path: Path, load: Load) -> None:
    times = [0, 10, 15, 100, 101, 250, 260, 500]
    path = film(tmp_path / "a.mkv", times, tick=Fraction(1, 1000))
    one, expected = load(path, loop=False), decoded(path)
    for number, when in enumerate(times):
        for millisecond in (when, (times[number + 1] if number < 7 else 505) - 1):
            assert one.settle(millisecond / 1000)
            assert nearest(shown(one), expected) == number, millisecond


def test_a_frame_in_a_container_of_milliseconds_is_there_at_its_time(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mkv", range(30), tick=Fraction(1, 30))
    one, expected = load(path), decoded(path)
    for number in range(30):
        assert one.settle(number / 30)
        assert nearest(shown(one), expected) == number


FLAT = {"red": (255, 0, 0), "green": (0, 255, 0), "grey": (128, 128, 128), "skin": (224, 172, 138)}


def yuv(rgb: tuple[int, int, int], kr: float, kb: float, full: bool) -> np.ndarray:
    """ITU-R BT.601-7 and BT.709-6, 8 bits, worked out from their luma coefficients."""
    r, g, b = (value / 255.0 for value in rgb)
    y = kr * r + (1.0 - kr - kb) * g + kb * b
    u, v = (b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr))
    wide = (255, 255, 0) if full else (219, 224, 16)
    return np.array([wide[2] + wide[0] * y, 128 + wide[1] * u, 128 + wide[1] * v]).round().clip(0, 255)


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.parametrize(
    ("size", "space", "full", "kr", "kb"),
    [
        ((64, 48), 2, False, 0.299, 0.114),
        ((1280, 720), 2, False, 0.2126, 0.0722),
        ((64, 48), 1, False, 0.2126, 0.0722),
        ((1280, 720), 5, False, 0.299, 0.114),
        ((64, 48), 1, True, 0.2126, 0.0722),
        ((64, 48), 9, False, 0.2627, 0.0593),
    ],
)
def test_colours_come_by_the_matrix_and_range_of_the_film(
    name: str, size: tuple[int, int], space: int, full: bool, kr: float, kb: float, tmp_path: Path, load: Load
) -> None:
    path = tmp_path / "flat.mkv"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv444p"
        stream.codec_context.colorspace, stream.codec_context.color_range = space, 2 if full else 1
        planes = np.broadcast_to(yuv(FLAT[name], kr, kb, full)[:, None, None], (3, size[1], size[0])).astype(np.uint8)
        for number in range(2):
            frame: Any = av.VideoFrame.from_ndarray(np.ascontiguousarray(planes), format="yuv444p")
            frame.colorspace, frame.color_range, frame.pts = space, 2 if full else 1, number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    one = load(path)
    assert one.settle(0.0), told(one)
    assert np.abs(shown(one)[10, 10].astype(int) - (*FLAT[name], 255)).max() <= 2


def glass(number: int, size: tuple[int, int]) -> np.ndarray:
    picture = np.empty((size[1], size[0], 4), np.uint8)
    picture[:] = (200, 60, 30, 255)
    picture[:, : size[0] // 2, 3] = 40 * (number % 6)
    return picture


@pytest.mark.parametrize(
    ("name", "codec", "form", "near"),
    [
        ("a.mov", "prores_ks", "yuva444p10le", 4),
        ("b.mov", "qtrle", "argb", 0),
        ("a.mkv", "ffv1", "bgra", 0),
        ("a.webm", "libvpx-vp9", "yuva420p", 24),
    ],
)
def test_a_film_keeps_its_transparency(name: str, codec: str, form: str, near: int, tmp_path: Path, load: Load) -> None:
    one = load(film(tmp_path / name, range(6), codec, form, picture=glass))
    for number in (0, 1, 5, 2):
        assert one.settle(number / 25 + 0.02), told(one)
        assert np.abs(shown(one)[..., 3].astype(int) - glass(number, (64, 48))[..., 3]).max() <= near


def test_odd_sizes_are_whole(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "odd.mp4", range(10), size=(61, 37))
    one = load(path)
    assert one.settle(0.1) and one.size == (61, 37)
    assert np.abs(shown(one).astype(int) - decoded(path)[2]).max() <= 1


def test_oblong_pixels_are_drawn_square(tmp_path: Path, load: Load) -> None:
    one = load(film(tmp_path / "wide.mp4", range(5), size=(72, 48), sample_aspect_ratio=Fraction(4, 3)))
    assert one.settle(0.0), told(one)
    assert one.size == (96, 48)


def test_a_film_from_a_telephone_held_upright_stands_upright(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mov", range(5), size=(64, 48))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"tkhd") + 4 + 40  # the track's matrix: a quarter turn clockwise, ISO/IEC 14496-12
    quarter = (0, 0x10000, 0, -0x10000, 0, 0, 48 << 16, 0, 0x40000000)
    raw[at : at + 36] = b"".join(number.to_bytes(4, "big", signed=True) for number in quarter)
    path.write_bytes(raw)
    one = load(path)
    assert one.settle(0.0) and one.size == (48, 64)
    assert np.abs(shown(one)[..., :3].astype(int) - np.rot90(card(0, (64, 48)), -1)).max() <= 3


def test_playing_shows_every_frame_in_its_order_and_never_waits(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(50))
    one, expected = load(path), decoded(path)
    frames(one, lambda: one.size != (1, 1))
    clock, seen = iter(n / 120 for n in range(10_000)), []

    def at() -> float:
        seen.append(nearest(shown(one), expected))
        return next(clock)

    longest = frames(one, lambda: len(seen) > 150, at=at)
    assert longest < 0.25 and not one.problems
    steps = np.diff([number for number in seen if number >= 0]) % 50
    # A machine under load may leave a frame out; never does it go back.
    assert steps.max() < 25 and (steps <= 1).mean() > 0.9


def test_a_file_decoded_slower_than_it_plays_is_told_once_and_goes_on(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mp4", range(250), size=(320, 240), options={"crf": "0", "g": "250"})
    one = load(path, speed=97.7)
    clock = iter(n / 60 for n in range(100_000))
    frames(one, lambda: bool(one.problems), at=lambda: next(clock))
    assert "slower than it plays" in told(one) and one.size == (320, 240)
    one.update(next(clock))
    assert len(one.problems) == 1


def half(path: Path, source: Path, flags: str) -> None:
    film(source, range(200), options={"crf": "10", "g": "10"}, container={"movflags": flags} if flags else {})
    path.write_bytes(source.read_bytes()[: source.stat().st_size * 6 // 10])


def test_a_film_cut_off_shows_what_there_is_and_says_so(tmp_path: Path, load: Load) -> None:
    half(tmp_path / "cut.mp4", tmp_path / "whole.mp4", "+faststart")
    one, expected = load(tmp_path / "cut.mp4"), decoded(tmp_path / "whole.mp4")
    assert one.settle(1.02) and nearest(shown(one), expected) == 25
    assert one.settle(7.9) and 60 < nearest(shown(one), expected) < 190
    assert one.settle(0.5) and nearest(shown(one), expected) == 12
    frames(one, lambda: "its last good frame is held" in told(one))


def test_a_film_whose_index_is_cut_off_is_told(tmp_path: Path, load: Load) -> None:
    half(tmp_path / "cut.mp4", tmp_path / "whole.mp4", "")
    one = load(tmp_path / "cut.mp4")
    assert not one.settle(0.0)
    assert "no film that can be read" in told(one) and one.size == (1, 1)


def sound(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "there is no such file"),
    "text": (lambda path: path.write_text("no film\n" * 99), "no film that can be read"),
    "empty": (lambda path: path.touch(), "no film that can be read"),
    "noise": (lambda path: path.write_bytes(np.random.default_rng(2).bytes(50_000)), "no film that can be read"),
    "folder": (lambda path: path.mkdir(), "folder"),
    "pipe": (lambda path: os.mkfifo(path), "pipe"),
    "sound": (sound, "no picture in it"),
    "no frames": (lambda path: film(path, ()), "no "),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_film_is_told_once_and_the_placeholder_stays(kind: str, tmp_path: Path, load: Load) -> None:
    make, said = HOSTILE[kind]
    path = tmp_path / "hostile.mp4"
    make(path)
    one = load(path)
    assert frames(one, lambda: bool(one.problems)) < 0.25
    assert not one.settle(0.0) and len(one.problems) == 1 and said in told(one)
    assert one.size == (1, 1) and shown(one).tolist() == [[[0, 0, 0, 0]]]


def test_damage_in_the_middle_is_told_and_the_film_goes_on(tmp_path: Path, load: Load) -> None:
    path = film(tmp_path / "a.mkv", range(100), options={"crf": "5", "g": "10"})
    whole, raw = decoded(path), bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 3000] = np.random.default_rng(5).bytes(3000)
    path.write_bytes(raw)
    one = load(path)
    for number in (0, 20, 95):
        assert one.settle(number / 25 + 0.02), told(one)
        assert nearest(shown(one), whole) == number
    assert one.settle(2.0)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_film_goes_on_under_the_next_child(how: signal.Signals, tmp_path: Path, load: Load) -> None:
    path, child = film(tmp_path / "a.mp4", range(50)), Decoding()
    one, expected = load(path, child), decoded(path)
    assert one.settle(0.5)
    before, held = child.pid, shown(one).copy()
    os.kill(before, how)
    one.update(0.5)
    assert (shown(one) == held).all()
    assert frames(one, lambda: child.pid not in (0, before) and one._ring is not None, at=lambda: 0.5) < 0.25
    for number in (30, 3, 49):
        assert one.settle(number / 25 + 0.02) and nearest(shown(one), expected) == number
    assert not one.problems
    child.close()


def test_two_films_and_a_file_that_is_none_share_the_child(tmp_path: Path, load: Load) -> None:
    first, second = film(tmp_path / "a.mp4", range(30)), film(tmp_path / "b.mp4", range(100, 130))
    (tmp_path / "c.mp4").write_text("no film")
    a, b, c = load(first), load(second, speed=2.0), load(tmp_path / "c.mp4")
    for time in (0.1, 0.9, 0.4):
        assert a.settle(time) and b.settle(time) and not c.settle(time)
        assert nearest(shown(a), decoded(first)) == int(time * 25)
        assert nearest(shown(b), decoded(second)) == int(time * 50) % 30


def test_without_the_library_the_extra_is_named(tmp_path: Path, load: Load) -> None:
    (tmp_path / "av.py").write_text("raise ImportError")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from installation.stage.media.decoder import main; main()"
    )
    child = Decoding(command=(sys.executable, "-c", program))
    one = load(film(tmp_path / "a.mp4", range(3)), child)
    assert not one.settle(0.0)
    assert "pip install 'jumelage[video]'" in told(one)
    child.close()
