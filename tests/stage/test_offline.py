"""Pictures without a screen, as the verb `render` makes them: in a child process, one after the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.score.scene import Scene
from installation.stage.offline import Job, Lacking, moments, render
from tests.stage.conftest import scene

TEXTS = {
    "plain": '/*{"INPUTS": [{"NAME": "c", "TYPE": "color", "DEFAULT": [0.2, 0.4, 0.6, 0.8]}]}*/\n'
    "void main() { gl_FragColor = c; }",
    "time": "/*{}*/ void main() { gl_FragColor = vec4(TIME / 10.0, TIMEDELTA * 6.0, float(FRAMEINDEX) / 255.0, 1.0); }",
    "history": """/*{"PASSES": [{"TARGET": "b", "PERSISTENT": true, "FLOAT": true}, {}]}*/
        void main() { gl_FragColor = IMG_THIS_PIXEL(b) + (PASSINDEX == 0 ? 1.0 / 255.0 : 0.0); }""",
    "broken": "/*{}*/\nvoid main() {\ngl_FragColor = nothing; }",
    "endless": """/*{}*/ void main() { float x = 0.0; for (int i = 0;; i++) { for (int j = 0;; j++) {
        x += sin(x + float(i * j) + gl_FragCoord.x); if (x > 1e30) break; } if (x > 1e35) break; }
        gl_FragColor = vec4(x); }""",
    "filter": """/*{"INPUTS": [{"NAME": "one", "TYPE": "image"}, {"NAME": "two", "TYPE": "image"}]}*/
        void main() { gl_FragColor = vec4(IMG_NORM_PIXEL(one, vec2(0.25, 0.75)).rg, IMG_SIZE(two).x / 255.0, 1.0); }""",
}


def load(name: str) -> Scene:
    return scene(TEXTS[name], f"{name}.fs")


def pixel(path: Path, x: int = 0, y: int = 0) -> tuple[int, ...]:
    from PIL import Image

    with Image.open(path) as image:
        assert image.mode == "RGBA"
        return tuple(int(n) for n in np.asarray(image)[y, x])


def test_a_png_has_the_size_and_the_alpha_that_the_shader_left(tmp_path: Path) -> None:
    (result,) = render([Job("plain", str(tmp_path / "a.png"), (6, 3))], load)
    assert pixel(tmp_path / "a.png") == (51, 102, 153, 204)
    assert (result.problems, result.passes, result.constant) == ((), 1, True)


def test_the_frames_before_are_counted_and_the_last_is_written(tmp_path: Path) -> None:
    list(render([Job("time", str(tmp_path / "a.png"), (4, 4), time=2.0, fps=30.0)], load))
    assert pixel(tmp_path / "a.png") == (51, 51, 60, 255)


def test_the_first_frame_has_no_time_before_it(tmp_path: Path) -> None:
    list(render([Job("time", str(tmp_path / "a.png"), (4, 4))], load))
    assert pixel(tmp_path / "a.png") == (0, 0, 0, 255)


def test_a_scene_with_history_is_drawn_frame_by_frame(tmp_path: Path) -> None:
    list(render([Job("history", str(tmp_path / "a.png"), (4, 4), time=0.5, fps=20.0)], load))
    assert pixel(tmp_path / "a.png")[0] == 11  # the frames 0, 1/20 … 10/20


def test_the_times_are_those_of_the_contract() -> None:
    assert moments(0.0, 0.0, 60.0) == [0.0]
    assert moments(0.1, 0.0, 20.0) == [0.0, 0.05, 0.1]
    assert len(moments(10.0, 0.0, 60.0)) == 601
    assert len(moments(0.0, 2.0, 30.0)) == 60


def test_one_that_fails_or_never_ends_does_not_stop_the_rest(tmp_path: Path) -> None:
    sizes = ((64, 64), (1920, 1080), (64, 64))  # llvmpipe ends every loop at last: many pixels make it last
    jobs = [Job(name, str(tmp_path / f"{n}.png"), sizes[n]) for n, name in enumerate(("broken", "endless", "plain"))]
    broken, endless, plain = render(jobs, load, patience=2.0)
    assert broken.problems[0].told().line == 3
    assert endless.problems[0].told().found == "nothing was drawn for 2 s"
    assert plain.problems == () and pixel(tmp_path / "2.png") == (51, 102, 153, 204)


def test_values_are_set_by_name_and_an_unknown_one_is_told_with_the_nearest(tmp_path: Path) -> None:
    good = Job("plain", str(tmp_path / "a.png"), (4, 4), values={"c": "1,0,0,1"})
    bad = Job("plain", str(tmp_path / "b.png"), (4, 4), values={"cc": "1"})
    narrow = Job("plain", str(tmp_path / "c.png"), (4, 4), values={"c": "1"})
    results = list(render([good, bad, narrow], load))
    assert pixel(tmp_path / "a.png") == (255, 0, 0, 255)
    assert results[1].problems[0].told().remedy == 'did you mean "c"?'
    assert results[2].problems[0].told().remedy == "write --set c=0.2,0.4,0.6,0.8"


def test_images_go_to_the_inputs_in_order_and_their_top_is_up(tmp_path: Path) -> None:
    from PIL import Image

    image = Image.new("RGBA", (2, 2), (0, 0, 0, 255))
    image.putpixel((0, 0), (51, 102, 0, 255))
    image.save(tmp_path / "a.png")
    list(render([Job("filter", str(tmp_path / "b.png"), (4, 4), images=(("", str(tmp_path / "a.png")),))], load))
    assert pixel(tmp_path / "b.png") == (51, 102, 2, 255)


def test_an_image_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (result,) = render([Job("filter", str(tmp_path / "b.png"), (4, 4), images=(("one", "/nowhere.png"),))], load)
    assert "/nowhere.png" in result.problems[0].told().found


def test_a_place_that_cannot_be_written_is_told_and_the_rest_is_drawn(tmp_path: Path) -> None:
    bad, good = Job("plain", str(tmp_path / "no" / "a.png"), (4, 4)), Job("plain", str(tmp_path / "a.png"), (4, 4))
    results = list(render([bad, good], load))
    assert "cannot be written" in results[0].problems[0].told().found
    assert results[1].problems == ()


def test_a_video_has_its_frames(tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="av is missing: pip install av")
    list(render([Job("plain", str(tmp_path / "a.mp4"), (64, 48), seconds=0.5, fps=20.0)], load))
    with av.open(str(tmp_path / "a.mp4")) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 10
    assert np.abs(frames[5][20, 20].astype(int) - (51, 102, 153)).max() <= 4


def test_a_machine_without_gl_is_told_which_package_it_lacks() -> None:
    from installation.stage.context import NoGL

    assert "apt-get install libegl1" in NoGL("libEGL.so not loaded").told()[2]
    assert "apt-get install libgl1" in NoGL("libGL.so not loaded").told("fr")[2]
    assert issubclass(Lacking, Exception)
