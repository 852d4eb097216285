"""A Python scene on stage: its arrays at the expected pixels, its errors told by the line, the last picture kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.library import Library, own_root
from installation.score.layout import Layout
from installation.score.scene import Scene, laid_out
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.offline import Job, render
from installation.stage.passes import canvas
from installation.stage.pixels import rgba
from installation.tables import Tables
from tests.stage.conftest import Draw

HEAD = (
    "import numpy as np\nfrom installation import Layer, Parameter, Scene\n\n\nclass One(Scene):\n    dither = False\n"
)
DOTS = HEAD + "    layers = [Layer(points='dots')]\n"
FIELD = '/*{"INPUTS":[{"NAME":"field","TYPE":"image"}]}*/ void main() { gl_FragColor = IMG_THIS_PIXEL(field); }'
SEEN = HEAD + "    layers = [Layer(shader='field.fs')]\n"


def read(folder: Path, text: str, shader: str = FIELD) -> Scene:
    place = folder / "scenes" / "one"
    place.mkdir(parents=True, exist_ok=True)
    (place / "scene.py").write_text(text, encoding="utf-8")
    (place / "field.fs").write_text(shader)
    library = Library([folder, own_root()])
    library.tables = Tables(folder / "tables")
    return library.scene("one")


class Wall:
    """A scene being drawn: `frame` draws the next one, a sixtieth of a second later."""

    def __init__(self, tools: Tools, scene: Scene, size: tuple[int, int], old: Wall | None = None) -> None:
        self.tools, self.size = tools, size
        self.layout: Layout = laid_out(scene, ("north",))
        self.row = defaults(self.layout)
        self.layers = Layers(tools, scene, self.layout, size)
        if old is not None:
            self.layers.inherit(old.layers)
        self.number = old.number if old is not None else 0
        self._texture, self._frame = canvas(tools.context, size)

    def set(self, address: str, *numbers: float) -> None:
        at = self.layout.slots[address].offset
        self.row[at : at + len(numbers)] = numbers

    def frame(self, time: float | None = None) -> np.ndarray:
        delta = 1 / 60 if self.number else 0.0
        moment = Moment(self.number / 60 if time is None else time, delta, self.number)
        self.number += 1
        self.layers.draw(self._frame, self.row, moment)
        return rgba(self._frame, self.size).copy()

    def problems(self) -> list[str]:
        return [str(one.told()) for one in self.layers.problems()]

    @property
    def acting(self) -> Any:
        assert self.layers.behaviour is not None
        return self.layers.behaviour._acting

    def close(self) -> None:
        self.layers.release()
        self._frame.release()
        self._texture.release()


Make = Callable[..., Wall]


@pytest.fixture
def wall(tools: Tools, tmp_path: Path) -> Iterator[Make]:
    made: list[Wall] = []

    def make(text: str, size: tuple[int, int] = (16, 9), old: Wall | None = None, shader: str = FIELD) -> Wall:
        made.append(Wall(tools, read(tmp_path, text, shader), size, old))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_dot_is_where_its_x_and_y_say_and_round_on_every_wall(wall: Make) -> None:
    # Its middle is that of pixel 4 from the left and 6 from below; 8 pixels wide, 4 in radius.
    for size in ((16, 16), (32, 16), (9, 16)):
        text = (
            DOTS
            + f"    def update(self, time, delta):\n        self.points['dots'] = [[4.5 / {size[0]}, 6.5 / 16, 0.5]]\n"
        )
        picture = wall(text, size).frame()[::-1].astype(int)  # the bottom row first
        # (1 - r²)² with r in radii: 1 at the middle, 1 pixel off (15/16)², 2 off (3/4)², 4 off 0.
        assert abs(picture[6, 4] - (255, 255, 255, 255)).max() <= 1
        for away, light in ((1, 0.8789), (2, 0.5625), (3, 0.1914), (4, 0.0)):
            for y, x in ((6, 4 + away), (6, 4 - away), (6 + away, 4), (6 - away, 4)):
                assert abs(picture[y, x, 0] - 255 * light) <= 1, (size, away)


def test_dots_have_their_colour_and_alpha(wall: Make) -> None:
    rows = "[[4.5 / 16, 4.5 / 16, 0.5, 1.0, 0.0, 0.0, 1.0], [12.5 / 16, 4.5 / 16, 0.5, 0.0, 0.2, 0.4, 0.5]]"
    picture = wall(
        DOTS + f"    def update(self, time, delta):\n        self.points['dots'] = {rows}\n", (16, 16)
    ).frame()
    assert abs(picture[::-1][4, 4].astype(int) - (255, 0, 0, 255)).max() <= 1
    assert abs(picture[::-1][4, 12].astype(int) - (0, 25, 51, 255)).max() <= 1  # half of it over black


def test_dots_of_an_add_layer_sum_their_light_and_others_cover(wall: Make) -> None:
    rows = "[[0.5, 0.5, 0.9, 0.6, 0, 0, 0.5], [0.5, 0.5, 0.9, 0, 0.6, 0, 0.5]]"
    text = DOTS + f"    def update(self, time, delta):\n        self.points['dots'] = {rows}\n"
    over = wall(text, (9, 9)).frame()[4, 4].astype(int)
    assert abs(over[:3] - (255 * 0.15, 255 * 0.3, 0)).max() <= 1
    add = wall(text.replace("points='dots'", "points='dots', blend='add'"), (9, 9)).frame()[4, 4].astype(int)
    assert abs(add[:3] - (255 * 0.3, 255 * 0.3, 0)).max() <= 1


def test_a_dot_smaller_than_a_pixel_is_as_much_fainter_and_not_lost(wall: Make) -> None:
    # 1 pixel wide is drawn as one of 3: a ninth of the light at its middle.
    text = DOTS + "    def update(self, time, delta):\n        self.points['dots'] = [[0.5, 0.5, 1 / 9]]\n"
    assert abs(int(wall(text, (9, 9)).frame()[4, 4, 0]) - 255 / 9) <= 1


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        ("np.array([[0, 51], [102, 255]], np.uint8)", ((0, 0, 0), (51, 51, 51), (102, 102, 102), (255, 255, 255))),
        ("np.array([[0, 0.2], [0.4, 1]], np.float32)", ((0, 0, 0), (51, 51, 51), (102, 102, 102), (255, 255, 255))),
        ("np.array([[0, 0.2], [0.4, 1]])", ((0, 0, 0), (51, 51, 51), (102, 102, 102), (255, 255, 255))),
        ("np.array([[0, 0.2], [0.4, 1]], np.float16)", ((0, 0, 0), (51, 51, 51), (102, 102, 102), (255, 255, 255))),
        ("np.array([[[9, 8]] * 2] * 2, np.uint8)", ((9, 8, 0),) * 4),
        ("np.array([[[9, 8, 7]] * 2] * 2, np.uint8)", ((9, 8, 7),) * 4),
        ("np.array([[[255, 0, 51, 255]] * 2] * 2, np.uint8)", ((255, 0, 51),) * 4),
    ],
)
def test_a_texture_is_read_where_it_was_written_row_0_below(array: str, expected: Any, wall: Make) -> None:
    text = SEEN + f"    def start(self):\n        self.textures['field'] = {array}\n"
    picture = wall(text, (2, 2)).frame()[::-1].astype(int)
    assert abs(picture.reshape(4, 4)[:, :3] - np.array(expected)).max() <= 1


def test_an_array_that_is_written_to_in_place_is_drawn_anew(wall: Make) -> None:
    text = SEEN + (
        "    def start(self):\n        self.field = self.textures['field'] = np.zeros((2, 2), np.uint8)\n"
        "    def update(self, time, delta):\n        self.field[:] = 10 * round(time * 60)\n"
    )
    one = wall(text, (2, 2))
    assert [int(one.frame()[0, 0, 0]) for _ in range(4)] == [0, 10, 20, 30]


def test_steps_are_sixtieths_of_a_second_however_often_it_is_drawn(wall: Make) -> None:
    text = DOTS + (
        "    def start(self):\n        self.seen = []\n"
        "    def update(self, time, delta):\n        self.seen.append((round(time * 60), delta))\n"
    )
    one = wall(text)
    for time in (0.0, 1 / 120, 1 / 60, 3 / 120, 2 / 60, 5 / 60):
        one.frame(time)
    assert one.acting.seen == [(n, 1 / 60) for n in (0, 1, 2, 3, 4, 5)]
    one.frame(15 / 60)  # ten are due: four are made, and it is told
    assert [n for n, _ in one.acting.seen[6:]] == [12, 13, 14, 15]
    (told,) = one.problems()
    assert "scene.py:10: fewer than 15 frames a second were drawn, and steps of `update` were skipped" in told
    one.frame(500.0)  # the time was moved: that is no delay
    one.frame(0.0)
    assert [n for n, _ in one.acting.seen[10:]] == [30000, 0]
    one.frame(15 / 60)
    assert one.problems() == []


def test_values_are_those_of_the_row(wall: Make) -> None:
    text = HEAD + (
        "    hand = Parameter((0.5, 0.5), share='each')\n    calm = Parameter(0.4)\n    many = Parameter(3, max=9)\n"
        "    on = Parameter(False)\n    layers = [Layer(points='dots')]\n    alone = {}\n"
        "    def update(self, time, delta):\n"
        "        self.seen = self.hand, self.twin.hand, self.calm, self.many, self.on, self.company, self.presence\n"
    )
    one = wall(text)
    for address, numbers in {
        "/scene/hand": (0.1, 0.2), "/twin/north/hand": (0.3, 0.4), "/scene/calm": (0.7,), "/scene/many": (5.0,),
        "/scene/on": (1.0,), "/company": (3.0,), "/presence": (2.0,),
    }.items():  # fmt: skip
        one.set(address, *numbers)
    one.frame()
    hand, twin, *rest = one.acting.seen
    assert (hand.tolist(), twin.tolist()) == ([0.1, 0.2], [0.3, 0.4])
    assert rest == [0.7, 5, True, "cut", 2]
    assert type(rest[1]) is int and rest[2] is True


def test_an_event_is_true_for_one_step_and_waits_for_it(wall: Make) -> None:
    text = HEAD + (
        "    panic = Parameter(None)\n    layers = [Layer(points='dots')]\n    seen = None\n".replace("seen", "_seen")
        + "    def start(self):\n        self.seen = []\n"
        "    def update(self, time, delta):\n        self.seen.append(self.panic)\n"
    )
    one = wall(text)
    one.frame(0.0)
    one.set("/scene/panic", 1.0)
    one.frame(1 / 120)  # no step here
    one.set("/scene/panic", 0.0)
    one.frame(3 / 60)
    assert one.acting.seen == [False, True, False, False]


def test_chance_is_the_seed_s_and_the_bytes_are_alike_on_two_stages(wall: Make) -> None:
    body = (
        "    def start(self):\n        self.fish = self.random.random((40, 2))\n"
        "    def update(self, time, delta):\n"
        "        self.fish += 0.01 * self.random.standard_normal((40, 2))\n        self.points['dots'] = self.fish\n"
    )
    one, two, other = wall(DOTS + body), wall(DOTS + body), wall(DOTS + "    seed = 7\n" + body)
    pictures = [[each.frame() for _ in range(5)][-1] for each in (one, two, other)]
    assert (pictures[0] == pictures[1]).all() and (pictures[0] != pictures[2]).any()


def test_offline_every_step_is_drawn_and_twice_the_same_bytes(tmp_path: Path) -> None:
    text = DOTS + (
        "    def start(self):\n        self.x = 0\n    def update(self, time, delta):\n"
        "        self.x += 1\n        self.points['dots'] = [[(self.x - 0.5) / 200, 0.5, 0.5]]\n"
    )
    scene = read(tmp_path, text)
    jobs = [Job("one", str(tmp_path / f"{n}.png"), (200, 9), 2.0, fps=fps) for n, fps in enumerate((60.0, 60.0, 5.0))]
    assert [one.problems for one in render(jobs, {"one": scene}.__getitem__)] == [(), (), ()]
    first, second, slow = (Path(job.out).read_bytes() for job in jobs)
    assert first == second == slow
    from PIL import Image

    with Image.open(tmp_path / "0.png") as image:
        row = np.asarray(image)[4, :, 0]
    assert row.argmax() == 120  # the frames 0 … 120 are 121 steps


def test_what_update_raises_is_told_once_by_its_line_and_the_last_picture_stays(wall: Make) -> None:
    text = DOTS + (
        "    def update(self, time, delta):\n        self.points['dots'] = [[time * 30, 0.5, 0.5]]\n"
        "        if time > 0.02:\n            self.points['dots'] = np.zeros((3, 2))[7:9] + self.nothing\n"
    )
    one = wall(text)
    one.frame()
    kept = one.frame()
    assert kept.any() and one.problems() == []
    for _ in range(3):
        assert (one.frame() == kept).all()
    (told,) = one.problems()
    assert 'scenes/one/scene.py:11: this scene has no "nothing"; a scene that runs; correct' in told


@pytest.mark.parametrize("stop", ["BaseException", "KeyboardInterrupt", "GeneratorExit", "SystemExit"])
def test_not_even_what_passes_every_except_ends_the_show(stop: str, wall: Make) -> None:
    scene = wall(DOTS + f"    def update(self, time, delta):\n        raise {stop}\n")
    scene.frame()
    (problem,) = scene.layers.problems()
    assert problem.told().found == stop and problem.line == 9


def test_what_a_scene_prints_fills_no_disk(wall: Make, capsys: pytest.CaptureFixture[str]) -> None:
    scene = wall(DOTS + "    def update(self, time, delta):\n        print('x' * 100_000)\n")
    for _ in range(60):
        scene.frame()
    printed = capsys.readouterr().out
    assert 10 * 100_000 <= len(printed) < 12 * 100_000 and printed.count("left out") == 1


def test_what_is_asked_in_vain_is_told_in_french_too(wall: Make) -> None:
    one = wall(DOTS + "    calm = Parameter(0.5)\n    def start(self):\n        self.clam\n")
    one.frame()
    (told,) = (problem.told("fr") for problem in one.layers.problems())
    assert (told.line, told.found) == (10, "la scène n'a pas de « clam » ; vouliez-vous dire « calm » ?")


def test_what_start_raises_is_told_and_the_show_goes_on(wall: Make) -> None:
    one = wall(DOTS + "    def start(self):\n        1 / 0\n")
    one.frame()
    assert "scene.py:9: ZeroDivisionError: division by zero" in one.problems()[0]
    one.frame()
    assert one.problems() == []


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("self.points['dots'] = np.zeros((4, 5))", "`dots` has the shape 4×5; N×2 (x, y), N×3"),
        ("self.points['dots'] = 'many'", '`dots` is "many"; a NumPy array of numbers'),
        ("self.points['dots'] = [[0, 1], [2]]", "`dots` is [[0, 1], [2]]; a NumPy array of numbers"),
        ("self.points['dots'] = [[0.1, np.nan]]", "`dots` holds 1 values that are not numbers (nan, inf)"),
        ("self.points['dots'] = np.zeros((100_001, 2))", "`dots` has 100001 points; 100000 at most"),
        (
            "self.points['dts'] = np.zeros((1, 2))",
            'points are written to "dts", which no layer takes; one of dots; did',
        ),
        ("self.textures['fields'] = np.zeros((1, 2))", 'textures are written to "fields", which no layer takes'),
        ("self.textures['field'] = np.zeros(3)", "`field` has the shape 3; height × width"),
        ("self.textures['field'] = np.zeros((5000, 1))", "`field` has the shape 5000×1; height × width"),
        ("self.textures['field'] = np.zeros((2, 2, 5))", "`field` has the shape 2×2×5; height × width"),
        ("self.textures['field'] = np.zeros((2, 2), int)", "`field` is of int64; float32, float16 or uint8"),
        ("self.textures['field'] = np.full((2, 2), np.inf)", "`field` holds 4 values that are not numbers"),
    ],
)
def test_an_array_that_cannot_be_drawn_is_told_once_and_the_scene_goes_on(given: str, found: str, wall: Make) -> None:
    text = (
        HEAD
        + "    layers = [Layer(shader='field.fs'), Layer(points='dots')]\n"
        + (f"    steps = 0\n    def update(self, time, delta):\n        {given}\n        self.steps += 1\n")
        .replace("    steps = 0", "    STEPS = 0")
        .replace("self.steps += 1", "self.STEPS += 1")
    )
    one = wall(text)
    for _ in range(3):
        one.frame()
    (told,) = one.problems()
    assert f"scene.py:10: {found}" in told
    assert one.acting.STEPS == 3


def test_points_that_are_no_numbers_are_left_out(wall: Make) -> None:
    text = (
        DOTS
        + "    def update(self, time, delta):\n        self.points['dots'] = [[np.nan, 0.5, 1], [4.5 / 9, 0.5, 1]]\n"
    )
    assert wall(text, (9, 9)).frame()[4, 4, 0] > 0


def test_a_shader_s_input_may_have_a_name_that_a_scene_has(wall: Make) -> None:
    shader = FIELD.replace('"image"}', '"image"}, {"NAME":"size","TYPE":"float"}')
    one = wall(SEEN + "    def update(self, time, delta):\n        self.seen = self.size\n", (16, 9), shader=shader)
    one.frame()
    assert one.problems() == [] and one.acting.seen == (16, 9)


def test_a_value_cannot_be_written_to(wall: Make) -> None:
    for line, found in (
        ("self.calm = 1", "calm is moved by patches"),
        ("self.hand[0] = 1", "read-only"),
        ("self.points = {}", "`points` takes values by name"),
    ):
        text = HEAD + (
            "    calm = Parameter(0.5)\n    hand = Parameter((0.5, 0.5))\n    layers = [Layer(points='dots')]\n"
            f"    def update(self, time, delta):\n        {line}\n"
        )
        one = wall(text)
        one.frame()
        (told,) = one.problems()
        assert found in told and "scene.py:11:" in told


def test_a_reload_hands_on_the_state_and_the_values(wall: Make) -> None:
    text = DOTS.replace("    dither", "    calm = Parameter(0.4)\n    dither") + (
        "    def start(self):\n        self.count = 0\n"
        "    def update(self, time, delta):\n        self.count += 1\n        self.seen = self.calm\n"
        "    def state(self):\n        return {'count': self.count}\n"
        "    def restore(self, state):\n        self.count = state['count']\n"
    )
    old = wall(text)
    for _ in range(5):
        old.frame()
    new = wall(text.replace("+= 1", "+= 10"), old=old)
    new.set("/scene/calm", 0.9)
    new.frame()
    assert (new.acting.count, new.acting.seen) == (15, 0.9)


def test_a_reload_without_state_starts_again_and_shows_the_old_arrays_while_it_is_at_fault(wall: Make) -> None:
    text = DOTS + "    def update(self, time, delta):\n        self.points['dots'] = [[0.5, 0.5, 0.9]]\n"
    old = wall(text)
    kept = old.frame()
    new = wall(text.replace("[[0.5", "[[nothing"), old=old)
    assert (new.frame() == kept).all()
    assert "name 'nothing' is not defined" in new.problems()[0]


def test_what_it_remembers_is_forgotten(wall: Make) -> None:
    text = DOTS + (
        "    def start(self):\n        self.n = 0\n    def update(self, time, delta):\n        self.n += 1\n"
        "        self.points['dots'] = [[self.random.random(), 0.5, 0.3]]\n"
    )
    one = wall(text)
    first = one.frame()
    one.frame()
    one.layers.forget()
    assert (one.frame() == first).all() and one.acting.n == 1


def test_what_is_told_comes_as_events_and_is_bounded(wall: Make) -> None:
    text = DOTS + (
        "    def update(self, time, delta):\n        self.tell('/shoal/panic', 0.7)\n"
        "        self.tell('/shoal/where', np.array([1, 2]))\n        if time > 0.01:\n"
        "            for n in range(99):\n                self.tell('/flood')\n"
    )
    one = wall(text)
    one.frame()
    assert one.layers.tells() == [("/shoal/panic", (0.7,)), ("/shoal/where", (1.0, 2.0))]
    one.frame()
    assert len(one.layers.tells()) == 64
    assert "scene.py:13: 65 things were told in one frame; 64 at most" in one.problems()[0]


def test_words_are_given_to_a_text_layer(tmp_path: Path, draw: Draw) -> None:
    text = HEAD + "    layers = [Layer(text='i', name='line', size=0.5)]\n"
    said = text + "    def start(self):\n        self.texts['line'] = 'WWWW'\n"
    thin, wide = (draw(read(tmp_path, one), size=(96, 32), settled=True) for one in (text, said))
    assert int(wide[..., 0].sum()) > 4 * int(thin[..., 0].sum()) > 0


def test_a_python_scene_may_be_a_layer_of_another(tmp_path: Path, draw: Draw) -> None:
    read(tmp_path, SEEN + "    calm = Parameter(0.2)\n    def update(self, time, delta):\n"
         "        self.textures['field'] = np.full((2, 2), self.calm, np.float32)\n")  # fmt: skip
    (tmp_path / "scenes/two").mkdir()
    (tmp_path / "scenes/two/scene.toml").write_text('dither=false\n[[layer]]\nscene="one"\nname="in"\n')
    library = Library([tmp_path, own_root()])
    library.tables = Tables(tmp_path / "tables")
    scene = library.scene("two")
    assert tuple(draw(scene)[0, 0]) == (51, 51, 51, 255)
    assert tuple(draw(scene, **{"in/calm": "0.4"})[0, 0]) == (102, 102, 102, 255)


def test_a_hundred_thousand_points_are_drawn_and_the_buffer_grows(wall: Make) -> None:
    text = DOTS + (
        "    def update(self, time, delta):\n        n = 100 if time < 0.01 else 100_000\n"
        "        self.points['dots'] = np.column_stack([np.linspace(0, 1, n), np.full(n, 0.5)])\n"
    )
    one = wall(text, (32, 9))
    one.frame()
    assert (one.frame()[4, 1:-1, 0] > 200).all()


def test_the_scene_of_the_readme_and_the_template_draw_as_they_stand(tmp_path: Path, wall: Make) -> None:
    readme = (own_root() / "scenes/README.md").read_text(encoding="utf-8")
    template = (own_root() / "scenes/template_python/scene.py").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.S)
    assert template.count("\n") <= 30
    for text in (blocks[0] + "\n" + blocks[1], template):
        one = wall(text, (64, 36))
        first = one.frame()
        for _ in range(5):
            last = one.frame()
        assert (first != last).any() and one.problems() == []
