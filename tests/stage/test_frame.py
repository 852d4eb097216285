"""The live stage against a held clock, with a feed and a report that a test holds in its hand."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import moderngl
import numpy as np
import pytest

from installation.clock import HeldClock
from installation.feed import Values
from installation.score.layout import Layout
from installation.score.problem import Problem
from installation.score.scene import Scene, Shelf, Source, laid_out
from installation.score.scene_file import from_toml
from installation.stage.flash import FlashGuard
from installation.stage.frame import DISSOLVE, Stage
from installation.stage.guard.taster import Taster
from installation.stage.heart import Heart
from installation.stage.kept import PERIOD, Kept
from installation.stage.layers import Tools, defaults
from installation.stage.passes import Size, canvas
from installation.stage.pixels import Preview, previewed, rgba
from installation.stage.window import Happening
from tests.stage.conftest import scene

LEVEL = '/*{"INPUTS": [{"NAME": "level", "TYPE": "float"}]}*/\nvoid main() { gl_FragColor = vec4(vec3(level), 1.0); }'
EVENT = (
    '/*{"INPUTS": [{"NAME": "hit", "TYPE": "event"}]}*/\nvoid main() { gl_FragColor = hit ? vec4(1.0) : vec4(0.2); }'
)
CLOCK = "/*{}*/\nvoid main() { gl_FragColor = vec4(vec3(TIME), 1.0); }"
SIZE = "/*{}*/\nvoid main() { gl_FragColor = vec4(RENDERSIZE / 100.0, 0.0, 1.0); }"
BROKEN = "/*{}*/\nvoid main() { gl_FragColor = vec4(nothing); }"


class Held:
    """A window without a screen, on the context of the tests."""

    def __init__(self, context: moderngl.Context, size: Size) -> None:
        self.context, self.done = context, list[Happening]()
        self.closed = self.synced = False
        self.problems = list[Problem]()
        self.resize(size)

    def resize(self, size: Size) -> None:
        self.size = size
        self._texture, self.frame = canvas(self.context, size)

    def happenings(self) -> list[Happening]:
        done, self.done = self.done, []
        return done

    def flip(self) -> None:
        self.context.finish()

    def close(self) -> None:
        pass


@dataclass
class House:
    """A stage, and everything round it."""

    tools: Tools
    scenes: Mapping[str, str | Scene]
    clock: HeldClock = field(default_factory=HeldClock)
    values: Values | None = None
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    size: Size = (8, 4)
    preview: Preview | None = None
    heart: Heart | None = None
    taster: Taster | None = None

    def __post_init__(self) -> None:
        self.window = Held(self.tools.context, self.size)
        self.stage = Stage(
            self.window,
            self,
            self,
            self.clock,
            self.load,
            {},
            preview=self.preview,
            heart=self.heart,
            taster=self.taster,
        )

    def load(self, name: str, peers: tuple[str, ...]) -> tuple[Scene, Layout]:
        given = self.scenes[name]
        found = given if isinstance(given, Scene) else scene(given, f"{name}.fs")
        return found, laid_out(found, peers)

    def newest(self) -> Values | None:
        return self.values

    def send(self, kind: str, **body: Any) -> None:
        self.sent.append((kind, body))

    def say(self, name: str, start: float = 0.0, shared: float = 0.0, override: str = "", **values: Any) -> None:
        """Control publishes: each value is a number, or a number and its slope."""
        layout = self.load(name, ("sf",))[1]
        columns, slopes = defaults(layout), np.zeros(layout.size)
        for key, given in values.items():
            at = layout.slots[f"/scene/{key}"].offset
            columns[at], slopes[at] = given if isinstance(given, tuple) else (given, 0.0)
        words = {"scene": name, "peers": ["sf"], "override": override, "company": "together"}
        tick = self.values.tick + 1 if self.values else 0
        self.values = Values(layout.digest, tick, self.clock.now(), shared, 1.0, start, columns, slopes, words)

    def frame(self, seconds: float = 0.0) -> int:
        """Time passes, a frame is drawn; the red of its first pixel."""
        self.clock.advance(seconds)
        self.stage.frame()
        return int(self.picture()[0, 0, 0])

    def picture(self) -> np.ndarray:
        return rgba(self.window.frame, self.window.size)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [body for sent, body in self.sent if sent == kind]

    def settle(self, name: str, **values: Any) -> None:
        """The scene is on air and its dissolve is over."""
        self.say(name, **values)
        self.frame()
        self.clock.advance(DISSOLVE + 1.0)
        self.say(name, **values)
        self.frame()


@pytest.fixture
def house(tools: Tools) -> Iterator[House]:
    yield House(tools, {"level": LEVEL, "event": EVENT, "clock": CLOCK, "size": SIZE, "broken": BROKEN})


def test_a_value_reaches_the_pixel(house: House) -> None:
    house.settle("level", level=0.2)
    house.say("level", level=0.4)
    assert house.frame() == 102


def test_a_slope_runs_on_for_two_ticks_at_most_and_within_the_range(house: House) -> None:
    house.settle("level")
    for level in (0.1, 0.2):
        house.clock.advance(0.01)
        house.say("level", level=(level, 10.0))
        house.frame()
    assert house.frame(0.01) == round(255 * 0.3)
    assert house.frame(0.5) == round(255 * 0.4)
    house.say("level", level=(0.95, 100.0))
    assert house.frame(0.01) == 255


def test_a_trigger_fires_once_a_rise_on_frames_that_follow(house: House) -> None:
    house.settle("event", hit=7.0)
    assert house.frame() == 51  # what is seen first is no rise
    house.say("event", hit=9.0)
    assert [house.frame() for _ in range(4)] == [255, 255, 51, 51]


def test_of_many_rises_eight_wait_and_the_rest_is_told(house: House) -> None:
    house.settle("event", hit=0.0)
    house.say("event", hit=20.0)
    assert [house.frame() for _ in range(10)] == [255] * 8 + [51] * 2
    told = house.told("problem")[-1]["problems"][0]
    assert told["en"]["found"] == "/scene/hit rose 12 times more than can be shown"
    assert told["fr"]["found"].startswith("/scene/hit a été déclenché 12 fois de trop")


def test_a_scene_is_not_shown_before_its_layout_is_the_feeds(house: House) -> None:
    house.settle("level", level=0.2)
    house.say("size")
    assert house.values is not None
    house.values = house.values._replace(digest=b"another version.")
    assert house.frame(1.0) == 51
    assert house.stage.onair.aired is not None and house.stage.onair.aired.scene.name == "level"


def test_a_shader_that_does_not_compile_leaves_the_last_good_one_and_is_told_once(house: House) -> None:
    house.settle("level", level=0.2)
    house.say("broken")
    assert [house.frame(0.3) for _ in range(3)] == [51, 51, 51]
    (told,) = house.told("problem")
    assert (told["problems"][0]["en"]["file"], told["problems"][0]["en"]["line"]) == ("broken.fs", 2)


def test_a_scene_that_does_not_compile_is_tried_once_and_blamed_for_nothing_after(tools: Tools) -> None:
    read, write = os.pipe()
    house = House(tools, {"level": LEVEL, "broken": BROKEN}, heart=Heart(write))
    house.settle("level")
    house.say("broken")
    for _ in range(5):
        house.frame(1.0)
    os.close(write)
    with os.fdopen(read) as pipe:
        named = [line.split()[1] for line in pipe if line.startswith("scene ")]
    good, bad = (house.load(name, ())[0].digest for name in ("level", "broken"))
    assert named == [good, bad, good, bad, good]  # compiled in one step, told in the next


def test_time_is_seconds_since_the_agreed_start_even_after_years(house: House) -> None:
    years = 5 * 365 * 86400.0
    house.settle("clock", start=years, shared=years)
    house.say("clock", start=years, shared=years + 0.2)
    assert house.frame() == 51
    assert house.frame(1.0 / 60.0) == round(255 * (0.2 + 1.0 / 60.0))


def test_time_begins_anew_each_hour_inside_a_dissolve(house: House) -> None:
    house.settle("clock", start=0.0, shared=3599.0)
    assert house.frame() == 255
    house.say("clock", start=0.0, shared=3600.0)
    first = house.frame()
    assert first == 255  # the still
    assert house.frame(DISSOLVE / 2) > house.stage.onair.moment.time * 100  # half of it is left
    assert house.stage.onair.moment.time == pytest.approx(DISSOLVE / 2)


def test_another_scene_dissolves_in_from_the_last_still(house: House) -> None:
    house.settle("level", level=1.0)
    house.say("size")
    assert house.frame() == 255
    assert house.frame(DISSOLVE / 2) == pytest.approx((255 + 0.08 * 255) / 2, abs=2)
    assert house.frame(DISSOLVE) == 20


def test_when_control_is_silent_values_hold_and_it_is_told_once(house: House) -> None:
    house.settle("level", level=0.2)
    house.sent.clear()
    assert [house.frame(0.6) for _ in range(4)] == [51] * 4
    assert len(house.told("problem")) == 1
    house.say("level", level=0.4)
    assert house.frame() == 102


def test_the_veil_key_works_without_control(house: House) -> None:
    house.settle("level", level=1.0)
    house.window.done = [Happening("key/f9", (1.0,))]
    house.frame()
    assert house.frame(1.0) == 0
    assert house.told("event")[-1]["address"] == "/window/main/key/f9"
    house.window.done = [Happening("key/f9", (1.0,))]
    house.frame()
    assert house.frame(DISSOLVE) == 255


@pytest.mark.parametrize("override", ["veil", "blackout", "pattern"])
def test_the_house_may_hide_the_work_and_bring_it_back(house: House, override: str) -> None:
    house.settle("level", level=1.0)
    house.say("level", override=override, level=1.0)
    house.frame()
    assert house.frame(DISSOLVE) == 0
    house.say("level", level=1.0)
    house.frame()
    assert house.frame(DISSOLVE) == 255


def test_a_resized_window_resizes_the_picture(house: House) -> None:
    house.settle("size")
    assert house.frame() == 20
    house.window.resize((40, 20))
    assert house.frame() == 102 and house.picture().shape == (20, 40, 4)


def test_a_scene_may_be_drawn_at_its_defaults_before_control_speaks(house: House) -> None:
    house.stage.begin("level")
    assert house.frame() in (127, 128)


def test_a_second_stage_on_the_same_feed_draws_the_same_bytes(house: House, tools: Tools) -> None:
    follower = House(tools, house.scenes, clock=HeldClock(now=house.clock.now()))
    for one in (house, follower):
        one.settle("clock", start=10.0, shared=12.0)
        one.frame(0.25)
    assert np.array_equal(house.picture(), follower.picture())


GROWS = """/*{"PASSES": [{"TARGET": "b", "PERSISTENT": true, "FLOAT": true}, {}]}*/
void main() { gl_FragColor = PASSINDEX == 0 ? IMG_THIS_PIXEL(b) + 1.0 / 255.0 : IMG_THIS_PIXEL(b) * 1.0; }"""


def test_a_scene_that_control_has_read_alike_is_not_compiled_again(house: House) -> None:
    house.stage.begin("level", ("sf",))
    first = house.stage.onair.aired
    house.say("level", level=0.2)
    assert house.frame() == 51
    assert house.stage.onair.aired is first and len(house.told("scene")) == 1


def test_a_saved_shader_goes_on_with_its_buffers_and_its_frames(house: House) -> None:
    house.scenes["grows"] = GROWS
    house.settle("grows")
    for _ in range(9):
        before = house.frame()
    assert before == 11
    house.scenes["grows"] = GROWS.replace("* 1.0", "* 2.0")
    house.say("grows")
    house.frame()
    assert house.stage.onair.moment.frame == 11
    house.clock.advance(DISSOLVE)
    assert house.frame() == 2 * 13


def test_another_stage_begins_with_what_the_one_before_left(house: House, tools: Tools) -> None:
    name = "jumelage-test-kept"
    house.stage._kept = Kept(name, house.size)
    house.settle("level", level=0.2)
    house.clock.advance(PERIOD)
    house.frame()
    house.window.done = [Happening("key/f9", (1.0,))]
    house.frame()
    heir = House(tools, {})
    heir.stage._kept = left = Kept(name, house.size)
    try:
        assert left.still == (house.size, bytes([51, 51, 51, 255]) * 32) and left.veiled
        assert heir.stage.recall()
        assert heir.frame() == 0
        heir.window.done = [Happening("key/f9", (1.0,))]
        heir.frame()
        assert heir.frame(DISSOLVE) == 51
    finally:
        left.close()


def test_the_figures_go_up_four_times_a_second(house: House) -> None:
    house.settle("level")
    house.sent.clear()
    for _ in range(60):
        house.frame(1.0 / 60.0)
    rows = house.told("frame")
    assert 3 <= len(rows) <= 5
    assert {"frames", "fps", "p50", "p99", "max", "late", "drawn_ms", "rss_mb"} <= set(rows[-1])


def test_the_scene_now_drawn_is_told(house: House) -> None:
    house.settle("level")
    assert house.stage.onair.aired is not None
    assert house.told("scene")[-1]["digest"] == house.stage.onair.aired.layout.digest.hex()


def test_a_small_picture_lies_in_shared_memory(tools: Tools) -> None:
    preview = Preview("jumelage-test-preview", (4, 2))
    try:
        house = House(tools, {"level": LEVEL}, preview=preview)
        house.settle("level", level=0.2)
        small = previewed("jumelage-test-preview")
        assert small is not None and small.shape == (2, 4, 4) and tuple(small[0, 0]) == (51, 51, 51, 255)
    finally:
        preview.close()
    assert previewed("jumelage-test-preview") is None


def test_the_wall_is_guarded_and_says_which_scene_flashes(tools: Tools) -> None:
    strobe = "/*{}*/\nvoid main() { gl_FragColor = vec4(vec3(mod(floor(TIME * 20.0 + 1e-3), 2.0)), 1.0); }"
    house = House(tools, {"strobe": strobe}, size=(96, 54))
    house.stage.guard = FlashGuard(house.stage.tools)
    house.say("strobe")
    house.frame(2.0)
    seen = [house.frame(1 / 60) for _ in range(120)]
    changes = sum(abs(b - a) > 100 for a, b in pairwise(seen))
    assert changes <= 7
    told = [one["en"]["found"] for body in house.told("problem") for one in body["problems"]]
    assert sum(found.startswith("strobe flashes ") for found in told) == 1
    assert house.told("frame")[-1]["softens"] == 1


MIX = """/*{"INPUTS": [{"NAME": "startImage", "TYPE": "image"}, {"NAME": "endImage", "TYPE": "image"},
  {"NAME": "progress", "TYPE": "float"}]}*/
void main() { gl_FragColor = mix(IMG_THIS_PIXEL(startImage), IMG_THIS_PIXEL(endImage), progress); }"""


def with_transition(text: str) -> Scene:
    toml = 'dither=false\ntransition={shader="mix.fs", seconds=2.0}\n[[layer]]\nshader="a.fs"'
    texts = {"mix.fs": MIX, "a.fs": text}
    return from_toml("b", Source("scene.toml", toml), Shelf(lambda name: Source(name, texts[name])))


def test_a_scene_with_a_transition_comes_in_by_it_while_both_move(tools: Tools) -> None:
    house = House(
        tools, {"a": CLOCK, "b": with_transition("/*{}*/ void main() { gl_FragColor = vec4(0.0, 0.0, 0.0, 1.0); }")}
    )
    house.say("a", shared=0.2)
    house.frame(), house.frame(DISSOLVE)
    house.say("a", shared=0.2)
    house.frame()
    house.say("b", shared=0.2)
    # The old scene's clock runs on from 0.2 while the passage goes from nought to all of the black one.
    assert house.frame() == pytest.approx(255 * 0.2, abs=2)
    assert house.frame(0.5) == pytest.approx(255 * 0.7 * 0.75, abs=2)
    assert house.frame(0.5) == pytest.approx(255 * 0.5, abs=2)
    assert house.frame(1.1) == 0 and house.stage.passage is None


def test_a_veil_falls_over_a_transition_at_once(tools: Tools) -> None:
    house = House(tools, {"a": CLOCK, "b": with_transition("/*{}*/ void main() { gl_FragColor = vec4(1.0); }")})
    house.say("a", shared=0.2)
    house.frame(), house.frame(DISSOLVE)
    house.say("a", shared=0.2)
    house.frame()
    house.say("b", shared=0.2)
    house.frame(), house.frame(0.3)
    house.say("b", shared=0.5, override="blackout")
    assert house.frame() > 0 and house.frame(0.3) == 0
