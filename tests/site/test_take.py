"""A running site writes its take; the take moves a scene again, the same each time."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq
from PIL import Image

from hardware import take
from installation.control.replay import Replay
from installation.feed import FeedReader, Values
from installation.library import library
from tests.site.test_two_cities import Pair
from tests.site.venue import Site, answer, until

SMALL = ("--size", "60x10")


class Recorded:
    """`record` at a site, while something happens there."""

    def __init__(self, site: Site, *words: str, out: str = "a.take") -> None:
        self.site, self.path = site, site.folder / out
        command = site.verb_command("record", "--site", site.name, "--out", out, *words)
        self.process = subprocess.Popen(
            command, cwd=site.folder, env=site.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        until(lambda: (site.status().get("recording") or {}).get("ticks", 0) > 5, 20.0, "it is being recorded")

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err

    def when(self, address: str) -> float:
        """Seconds of the take at which an address was last heard."""
        ticks = list(take.read(self.path)[1])
        return max(tick.time for tick in ticks for one in tick.events if one.address == address) - ticks[0].time


def drawn(site: Site, *words: str, out: str = "x.png", what: str = "inputs") -> tuple[bytes, Any]:
    done = site.verb("render", what, *SMALL, "--out", out, "--json", *words)
    assert done.returncode == 0, done.stderr
    return (site.folder / out).read_bytes(), answer(done)


def grey(site: Site, column: int, out: str = "x.png") -> int:
    with Image.open(site.folder / out) as image:
        return int(image.getpixel((5 + 10 * column, 5))[0])  # type: ignore[index]


@pytest.fixture
def recorded(site: Site) -> Recorded:
    """Two seconds of a site: amount to 1, then to 0.4, then a trigger, then a hand at the desk."""
    made = Recorded(site, "--seconds", "2", "--json")
    site.osc("/scene/amount", 1.0)
    until(lambda: site.value("/scene/amount") == 1.0)
    site.osc("/scene/amount", 0.4)
    site.osc("/scene/drop")
    until(lambda: site.value("/scene/drop") == 1.0)
    site.desk("set", address="/scene/on", value=[1])
    status, out, err = made.end()
    assert status == 0, err
    assert json.loads(out)["ticks"] >= 100
    return made


def test_a_take_is_drawn_the_same_each_time_and_as_it_was_sent(site: Site, recorded: Recorded) -> None:
    sent = recorded.when("/scene/amount")
    once, again = (drawn(site, "--take", "a.take", "--time", "1.9", out=f"{n}.png")[0] for n in range(2))
    assert once == again
    drawn(site, "--take", "a.take", "--time", f"{sent + 0.001:.4f}")
    assert grey(site, 0) == 102
    drawn(site, "--take", "a.take", "--time", f"{sent - 0.001:.4f}")
    assert grey(site, 0) == 255
    drawn(site, "--take", "a.take", "--time", "0")
    assert grey(site, 0) == 0
    drawn(site, "--take", "a.take", "--time", "1.9")
    assert [grey(site, column) for column in (0, 1, 5)] == [102, 255, 64]


def test_set_and_company_stand_over_the_take(site: Site, recorded: Recorded) -> None:
    drawn(site, "--take", "a.take", "--time", "1.9", "--set", "amount=0.2", "--company", "cut")
    assert [grey(site, column) for column in (0, 1)] == [51, 255]


def test_a_take_that_was_cut_short_or_is_of_another_scene_is_told_and_drawn(site: Site, recorded: Recorded) -> None:
    whole = recorded.path.read_bytes()
    (site.folder / "cut.take").write_bytes(whole[: len(whole) * 3 // 4 - 1])
    (site.folder / "scenes" / "other.fs").write_text(
        '/*{"INPUTS": [{"NAME": "amount", "TYPE": "float", "DEFAULT": 1}]}*/\n'
        "void main() { gl_FragColor = vec4(vec3(amount), 1.0); }"
    )
    _, told = drawn(site, "--take", "cut.take", "--time", "1.9")
    assert "cut short after 1." in told["warnings"][0]["error"] and grey(site, 0) == 102
    _, told = drawn(site, "--take", "a.take", "--time", "1.9", what="other")
    assert "a take of the scene inputs; other;" in told["warnings"][0]["error"] and grey(site, 0) == 102
    _, told = drawn(site, "--take", "a.take", "--time", "9")
    assert "a take of 2." in told["warnings"][0]["error"]
    site.shader.write_text(site.shader.read_text() + "\n// another version")
    _, told = drawn(site, "--take", "a.take", "--time", "1.9")
    assert "another version of inputs" in told["warnings"][0]["error"] and grey(site, 0) == 102


@pytest.mark.parametrize(("name", "content"), [("none.take", None), ("text.take", b"not a take"), (".", None)])
def test_what_is_no_take_is_told(folder: Path, name: str, content: bytes | None) -> None:
    site = Site(folder)
    if content is not None:
        (folder / name).write_bytes(content)
    for words in (("render", "inputs", "--out", "x.png", "--take", name), ("replay", name)):
        done = site.verb(*words)
        assert done.returncode == 1 and "is no take" in done.stderr and "Traceback" not in done.stderr
    assert "n'est pas une prise" in site.verb("--lang", "fr", "replay", name).stderr


def test_a_disk_that_fails_ends_the_take_and_not_the_show(site: Site) -> None:
    if not Path("/dev/full").is_char_device():
        pytest.skip("no /dev/full on this system")
    done = site.verb("record", "--out", "/dev/full", "--seconds", "20")
    assert done.returncode == 1 and "the take ends here: No space left on device" in done.stderr
    status = site.status()
    assert status["recording"]["state"] == "failed"
    assert "la prise s'arrête ici" in status["problems"][-1]["fr"]["found"]
    site.osc("/scene/amount", 1.0)
    until(lambda: site.value("/scene/amount") == 1.0)


def test_a_second_take_waits_for_the_first(site: Site) -> None:
    first = Recorded(site, "--seconds", "3")
    done = site.verb("record", "--out", "b.take")
    assert done.returncode == 1 and "a.take; one at a time" in done.stderr
    first.process.terminate()
    assert first.end()[0] == 0 and take.read(first.path)[0].site == "here"
    assert not (site.folder / "b.take").exists()


def test_record_needs_a_site_that_runs_and_a_place_to_write(site: Site) -> None:
    assert site.verb("record", "--out", "no/a.take").returncode == 1
    assert site.verb("record", "--out", "a.take", "--site", "nowhere").returncode == 2
    assert site.verb("record", "--out", "a.take", "--seconds", "-1").returncode == 2
    assert site.status()["recording"] is None


def test_replay_plays_the_devices_of_a_take_in_a_site_of_its_own(folder: Path) -> None:
    from hardware.driver import Event

    site = Site(folder)
    writer = take.TakeWriter(folder / "a.take", take.Head(scene="inputs"))
    for number in range(400):
        writer.write(number * 0.01, [Event(number * 0.01, "/scene/amount", (0.25 if number < 300 else 0.75,))])
    writer.close()
    again = Site(folder, "replay")
    again.process = subprocess.Popen(
        site.verb_command("replay", "a.take", "--headless", "--json"), cwd=folder, env=site.environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    again.log = open(folder / "replay.log", "w+")  # noqa: SIM115
    try:
        until(lambda: again.status().get("values", {}).get("/scene/amount") == 0.75, 30.0, "its value has come again")
    finally:
        again.stop()


def test_what_control_published_is_had_again_to_the_last_bit(folder: Path) -> None:
    """Two cities: what came from devices, over the line and from the desk, while values glide and company fades."""
    pair = Pair(folder)
    scene = folder / "scenes" / "both" / "scene.toml"
    text = scene.read_text().replace('share = "each"', 'share = "each"\nsmooth = 0.3')
    scene.write_text(text + '[music]\ntempo = 96\n[[patch]]\nfrom = "/tempo/beat"\nto = "middle"\n')
    context: zmq.Context[Any] = zmq.Context()
    try:
        pair.start()
        until(lambda: pair.paris.value("/company") in ("alone", "together"), 15.0, "they know of each other")
        reader = FeedReader(context, f"ipc://{pair.paris.doors()}/feed")
        seen: dict[float, Values] = {}

        def look() -> None:
            if (values := reader.newest()) is not None:
                seen[values.monotonic] = values

        pair.paris.osc("/scene/level", 0.2)
        made = Recorded(pair.paris, "--seconds", "4")
        busy(pair, look)
        assert made.end()[0] == 0
        reader.close()
        head, ticks = take.read(made.path)
        found = library(folder).scene("both")
        replay = Replay(head, ticks, found)
        played = {one.values.monotonic: one.values for one in replay.play(6.0)}
    finally:
        context.destroy(linger=0)
        pair.stop()
    alike = [(seen[at], played[at]) for at in seen if at in played]
    assert len(alike) > 50 and replay.exact
    for was, now in alike:
        assert was.digest == now.digest and was.shared == pytest.approx(now.shared, abs=1e-6)
        assert np.array_equal(now.columns, was.columns) and np.array_equal(now.slopes, was.slopes)
    moved = {name for name, slot in replay.layout.slots.items() for was, _ in alike[-1:]
             if was.columns[slot.offset] != alike[0][0].columns[slot.offset]}  # fmt: skip
    assert {"/scene/level", "/twin/frisco/level", "/scene/foam", "/scene/drop"} <= moved


def busy(pair: Pair, look: Callable[[], Any]) -> None:
    """Something from every side; `look` is asked all the while."""

    def comes(address: str, number: float) -> None:
        until(lambda: (look(), abs(pair.paris.value(address) - number) < 1e-3)[1], 5.0, f"{address} {number}")

    pair.paris.osc("/scene/level", 0.9)
    pair.frisco.osc("/scene/level", 0.7)
    comes("/scene/level", 0.9)
    comes("/twin/frisco/level", 0.7)
    pair.frisco.osc("/scene/foam", 0.5)
    pair.frisco.osc("/scene/drop")
    pair.paris.desk("set", address="/scene/both", value=[0.75], hold=True)
    comes("/scene/drop", 1.0)
    comes("/scene/both", 0.75)
