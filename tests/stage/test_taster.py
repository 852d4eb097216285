"""A real taster beside a real stage: what is admitted, what is refused, and that the picture goes on meanwhile."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.clock import RealClock
from installation.library import Library, own_root
from installation.score.scene import laid_out
from installation.stage.guard.admitted import Admitted
from installation.stage.guard.taster import Taster, Verdict
from installation.stage.layers import Tools, defaults
from installation.tables import Tables
from tests.stage.conftest import scene
from tests.stage.test_frame import LEVEL, SIZE, House

# A software driver ends a loop by itself after 65,535 turns: each turn must be long, then.
TURN = "".join(f"y = sin(y * {1.1 + n / 99:.3f} + float(i));" for n in range(128))
ENDLESS = (
    '/*{"INPUTS": [{"NAME": "level", "TYPE": "float"}]}*/ void main() { float y = gl_FragCoord.x / 999.0; '
    f"for (int i = 0; y < 9.0; i++) {{ {TURN} }} gl_FragColor = vec4(y * level); }}"
)


def slow(seed: str) -> str:
    """A shader whose compiling takes LLVM far longer than eight seconds; `seed` keeps it out of the driver's cache."""
    steps = "".join(f"c += sin(c * {1.1 + n / 99:.3f} + {seed}.0) + tan(c.zxy);" for n in range(1500))
    return f"/*{{}}*/ void main() {{ vec3 c = vec3(gl_FragCoord.xy, TIME); {steps} gl_FragColor = vec4(c, 1.0); }}"


@pytest.fixture
def taster() -> Iterator[Taster]:
    made = Taster(RealClock())
    yield made
    made.close()


def until(true: Callable[[], Any], seconds: float = 30.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)
    return found


def tasted(taster: Taster, text: str, size: tuple[int, int] = (64, 36)) -> Verdict:
    found = scene(text)
    layout = laid_out(found, ())
    taster.taste(layout.digest, found, (), defaults(layout), size, 10.0)

    def verdict() -> Verdict | None:
        taster.poll()
        return taster.verdict(layout.digest)

    verdict_ = until(verdict)
    assert isinstance(verdict_, Verdict)
    return verdict_


def test_a_scene_that_ends_is_admitted_with_its_cost(taster: Taster) -> None:
    verdict = tasted(taster, LEVEL)
    assert not verdict.problems and 0.0 < verdict.costs["a"] < 1000.0


def test_an_error_comes_with_the_artists_line(taster: Taster) -> None:
    (problem,) = tasted(taster, "/*{}*/\nvoid main() {\n  gl_FragColor = oops();\n}").problems[:1]
    assert (problem.file, problem.line) == ("a.fs", 3) and "oops" in problem.told("fr").found


@pytest.mark.parametrize(
    ("text", "en", "fr"),
    [
        (ENDLESS, "a frame had not ended after 3 s", "n'était pas finie après 3 s"),
        (ENDLESS.replace("float y = gl_FragCoord.x / 999.0", "float y = TIME * 9.0"), "3 s", "3 s"),
        (slow(str(os.getpid())), "did not finish compiling in 8 s", "pas encore compilé après 8 s"),
    ],
    ids=["endless", "endless at its beginning", "compiling"],
)
def test_what_does_not_end_is_told_and_the_next_is_tasted(taster: Taster, text: str, en: str, fr: str) -> None:
    verdict = tasted(taster, text)
    assert en in verdict.problems[0].told("en").found and fr in verdict.problems[0].told("fr").found and verdict.overrun
    assert not tasted(taster, LEVEL).problems


def test_python_that_ends_its_process_is_told_as_that_and_no_driver_blamed(taster: Taster, tmp_path: Path) -> None:
    text = "import os\nfrom installation import Layer, Scene\nclass A(Scene):\n    layers = [Layer(points='p')]\n"
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "a.py").write_text(text + "    def start(self):\n        os._exit(3)\n")
    library = Library([tmp_path, own_root()])
    library.tables = Tables(tmp_path / "tables")
    found = library.scene("a")
    layout = laid_out(found, ())
    taster.taste(layout.digest, found, (), defaults(layout), (64, 36), 0.0)

    def verdict() -> Verdict | None:
        taster.poll()
        return taster.verdict(layout.digest)

    (problem,) = until(verdict).problems
    assert problem.file.endswith("scenes/a.py")
    assert "the process that ran it has ended (3)" in problem.told().found and "(3)" in problem.told("fr").found


def test_a_taster_that_is_killed_is_started_again(taster: Taster) -> None:
    tasted(taster, LEVEL)
    before = taster.pid
    os.kill(before, signal.SIGKILL)
    assert not tasted(taster, LEVEL).problems and taster.pid not in (0, before)


def test_where_no_taster_can_be_had_the_stage_does_without(tools: Tools) -> None:
    lame = Taster(RealClock(), command=("/nowhere/taster",))
    house = House(tools, {"level": LEVEL}, taster=lame)
    house.say("level", level=0.2)
    house.frame()
    assert lame.lame and house.stage.onair.aired is not None


def test_what_was_admitted_is_remembered_for_this_driver_alone(tmp_path: Path) -> None:
    first, again = Admitted(tmp_path / "admitted"), Admitted(tmp_path / "admitted")
    for one in (first, again):
        one.of("llvmpipe 22.3")
    first.add("abc")
    again = Admitted(tmp_path / "admitted")
    again.of("llvmpipe 22.3")
    assert again.has("abc") and not again.has("abd")
    again.of("another")
    assert not again.has("abc")


def faults(house: House) -> list[str]:
    """What has been told of scenes."""
    found = [one["en"]["found"] for told in house.told("problem") for one in told["problems"]]
    return [one for one in found if "silent" not in one]


@pytest.fixture
def house(tools: Tools, taster: Taster) -> House:
    """A stage whose first scene has been tasted and is on air."""
    made = House(tools, {"level": LEVEL, "size": SIZE, "endless": ENDLESS}, taster=taster)
    made.say("level", level=0.2)
    until(lambda: (made.frame(0.02), made.stage.onair.aired)[1])
    made.frame(3.0)
    return made


def test_while_a_scene_is_tasted_the_one_on_air_is_live(house: House) -> None:
    house.scenes["level"] = ENDLESS
    drawn = []
    for n in range(200):
        house.say("level", level=n / 255.0)
        drawn.append(house.frame(0.02) == n)
        time.sleep(0.001)
    assert all(drawn[1:]) and house.stage.onair.coming.works
    until(lambda: (house.frame(0.1), faults(house))[1])
    assert "had not ended" in faults(house)[0]
    house.scenes["level"] = LEVEL.replace("vec3(level)", "vec3(0.0, level, level)")
    house.say("level", level=1.0)
    until(lambda: house.frame(0.2) == 0)


def test_the_scenes_of_the_show_are_ready_before_they_are_needed(house: House) -> None:
    house.scenes["broken"] = "/*{}*/\nvoid main() { gl_FragColor = oops; }"
    assert house.values is not None
    words = house.values.words | {"show": ["level", "broken", "size"]}
    house.values = house.values._replace(words=words)
    until(lambda: (house.frame(0.02), house.stage.onair.coming.ready("size"))[1])
    assert "oops" in faults(house)[0]
    house.say("size")
    house.frame(0.02)
    assert house.stage.onair.aired is not None and house.stage.onair.aired.scene.name == "size"
    assert house.frame(3.0) == 20


def test_a_scene_that_comes_back_is_as_new_and_compiled_no_more(house: House) -> None:
    assert house.stage.onair.aired is not None
    first = house.stage.onair.aired.layers
    for name in ("size", "level"):
        house.say(name)
        until(lambda name=name: (house.frame(0.02), house.stage.onair.aired.scene.name == name)[1])  # type: ignore[misc]
        house.frame(3.0)
    assert house.stage.onair.aired.layers is first and house.stage.onair.moment.frame <= 2


def test_a_second_save_while_the_first_is_tasted_wins(house: House) -> None:
    house.scenes["level"] = ENDLESS
    house.say("level")
    house.frame(0.02)
    house.scenes["level"] = LEVEL.replace("vec3(level)", "vec3(1.0)")
    house.say("level")
    until(lambda: house.frame(0.02) == 255)
    house.frame(1.0)
    assert not faults(house), "the first was given up, not waited for until it could be blamed"
