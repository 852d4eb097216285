"""Two running sites over a simulated ocean: what one does the other sees; what one loses the other survives."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zmq

from installation.feed import FeedReader
from installation.library import library
from installation.score.scene import laid_out
from installation.twin import keys
from tests.site.venue import ROOT, Site, free_port, until

SHADER = """/*{"ISFVSN": "2", "INPUTS": [
  {"NAME": "level", "TYPE": "float", "MIN": 0, "MAX": 1, "DEFAULT": 0},
  {"NAME": "level_twin", "TYPE": "float", "MIN": 0, "MAX": 1, "DEFAULT": 0},
  {"NAME": "foam", "TYPE": "float", "DEFAULT": 0}, {"NAME": "most", "TYPE": "float", "DEFAULT": 0},
  {"NAME": "both", "TYPE": "float", "MAX": 2, "DEFAULT": 0}, {"NAME": "middle", "TYPE": "float", "DEFAULT": 0},
  {"NAME": "parted", "TYPE": "float", "DEFAULT": 0}, {"NAME": "drop", "TYPE": "event"}]}*/
void main() {
    float x = floor(isf_FragNormCoord.x * 6.0);
    gl_FragColor = vec4(vec3(x == 0.0 ? level : x == 1.0 ? level_twin : x == 2.0 ? foam : parted), 1.0);
}
"""
SCENE = """[[layer]]
shader = "inputs.fs"
[parameter.level]
share = "each"
[parameter.foam]
share = "latest"
[parameter.most]
share = "highest"
[parameter.both]
share = "sum"
[parameter.middle]
share = "mean"
[parameter.drop]
share = "sum"
[together]
fade = 0.2
[alone]
fade = 0.2
[cut]
parted = 1.0
fade = 0.2
"""
RIG = """[site]
name = "{name}"
[show]
scene = "both"
[device.osc]
driver = "osc"
port = {port}
[window.main]
size = [96, 54]
[peer.{peer}]
{line}
key = '{key}'
"""


class Pair:
    """Paris, San Francisco and the ocean between them."""

    def __init__(self, folder: Path, profile: str = "lan") -> None:
        self.shore, self.sea = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
        lines = {"paris": f'dial = "tcp://127.0.0.1:{self.sea}"', "frisco": f'listen = "tcp://127.0.0.1:{self.shore}"'}
        own = {name: keys.new(folder / f"home-{name}" / "keys") for name in lines}
        inside = folder / "scenes" / "both"
        inside.mkdir(parents=True)
        (inside / "scene.toml").write_text(SCENE)
        (inside / "inputs.fs").write_text(SHADER)
        self.ocean = subprocess.Popen(
            [sys.executable, "-m", "installation.twin.ocean", "--listen", str(self.sea),
             "--to", f"127.0.0.1:{self.shore}", "--profile", profile], cwd=ROOT,
        )  # fmt: skip
        self.paris, self.frisco = (
            Site(folder, name, RIG, peer=peer, line=lines[name], key=own[peer].public)
            for name, peer in (("paris", "frisco"), ("frisco", "paris"))
        )

    def start(self) -> Pair:
        self.paris.start()
        self.frisco.start()
        until(lambda: self.linked(self.paris, "frisco") and self.linked(self.frisco, "paris"), 15.0, "they are linked")
        return self

    def linked(self, site: Site, peer: str) -> bool:
        return bool(site.status().get("link", {}).get(peer, {}).get("connected"))

    def stop(self) -> None:
        self.ocean.send_signal(signal.SIGCONT)
        self.ocean.kill()
        self.ocean.wait()
        self.paris.stop()
        self.frisco.stop()


@pytest.fixture
def pair(folder):
    made = Pair(folder)
    try:
        yield made.start()
    finally:
        made.stop()


def test_what_one_city_does_the_other_sees_by_each_rule(pair):
    for name, there, here in (("level", 0.6, 0.2), ("most", 0.7, 0.4), ("both", 0.5, 0.25), ("middle", 1.0, 0.5)):
        pair.frisco.osc(f"/scene/{name}", there)
        pair.paris.osc(f"/scene/{name}", here)
    pair.frisco.osc("/scene/foam", 0.9)
    until(lambda: pair.paris.value("/scene/foam"), 5.0, "the halves have met; what is seen first is no rise")
    pair.frisco.osc("/scene/drop", 1)

    def near(address, wanted):
        return lambda: abs((pair.paris.value(address) or 0.0) - wanted) < 1e-4

    for address, wanted in (
        ("/scene/level", 0.2), ("/twin/frisco/level", 0.6), ("/scene/most", 0.7), ("/scene/both", 0.75),
        ("/scene/middle", 0.75), ("/scene/foam", 0.9), ("/scene/drop", 1.0),
    ):  # fmt: skip
        until(near(address, wanted), 5.0, f"{address} is {wanted} in Paris")
    until(lambda: abs(pair.paris.pixel(1)[0] - 153) <= 1, 5.0, "and is drawn there")
    pair.paris.osc("/scene/foam", 0.1)
    until(lambda: abs((pair.frisco.value("/scene/foam") or 0) - 0.1) < 1e-4, 5.0, "the last hand wins there too")


def test_a_frozen_city_changes_the_picture_of_the_other_and_comes_back(pair):
    until(lambda: pair.paris.status()["company"] == "alone", 10.0)
    until(lambda: pair.paris.pixel(5)[0] == 0, 5.0)
    control = pair.frisco.pid("control")
    supervisor = pair.frisco.process.pid
    os.kill(supervisor, signal.SIGSTOP)
    os.kill(control, signal.SIGSTOP)
    try:
        until(lambda: pair.paris.status()["company"] == "cut", 10.0, "Paris knows that the line is cut")
        until(lambda: pair.paris.pixel(5)[0] == 255, 5.0, "and shows it")
        pair.paris.osc("/scene/foam", 0.4)
        until(lambda: pair.paris.value("/scene/foam"), 5.0)
    finally:
        os.kill(control, signal.SIGCONT)
        os.kill(supervisor, signal.SIGCONT)
    until(lambda: pair.paris.status()["company"] == "alone", 20.0, "the line is up again")
    until(lambda: pair.frisco.value("/scene/foam") and pair.frisco.status()["diverged"] == 0, 10.0)


def test_behind_the_veil_nothing_of_what_happens_leaves_the_house(pair):
    pair.paris.osc("/scene/level", 0.3)
    until(lambda: abs((pair.frisco.value("/twin/paris/level") or 0) - 0.3) < 1e-4, 5.0)
    pair.paris.verb("veil", "on", "--site", "paris")
    pair.paris.osc("/scene/level", 0.9)
    pair.frisco.osc("/scene/level", 0.5)
    until(lambda: abs((pair.paris.value("/twin/frisco/level") or 0) - 0.5) < 1e-4, 5.0, "what comes in goes on")
    assert abs(pair.frisco.value("/twin/paris/level") - 0.3) < 1e-4
    pair.paris.verb("veil", "off", "--site", "paris")
    until(lambda: abs((pair.frisco.value("/twin/paris/level") or 0) - 0.9) < 1e-4, 5.0, "and is told when it lifts")


def test_what_is_held_is_held_whatever_the_company(pair):
    until(lambda: pair.paris.status()["company"] == "alone", 10.0)
    pair.paris.verb("set", "parted", "0.25", "--hold", "--site", "paris")
    pair.ocean.send_signal(signal.SIGSTOP)
    until(lambda: pair.paris.status()["company"] == "cut", 10.0)
    assert until(lambda: pair.paris.value("/scene/parted"), 5.0) == 0.25
    pair.paris.verb("set", "parted", "--release", "--site", "paris")
    until(lambda: pair.paris.value("/scene/parted") == 1.0, 5.0, "released, it is what the scene says of being cut")


def test_a_killed_control_reads_its_half_back_and_the_pair_agrees(pair):
    pair.paris.osc("/scene/level", 0.8)
    until(lambda: abs((pair.frisco.value("/twin/paris/level") or 0) - 0.8) < 1e-4, 10.0)
    pair.paris.osc("/scene/drop", 1)
    until(lambda: pair.frisco.value("/scene/drop") == 1.0, 5.0)
    before = pair.paris.pid("control")
    os.kill(before, signal.SIGKILL)
    until(lambda: pair.paris.pid("control") not in (0, before), 10.0)
    until(lambda: pair.paris.value("/scene/level"), 10.0, "control answers again")
    until(lambda: pair.linked(pair.frisco, "paris"), 10.0)
    until(lambda: abs((pair.frisco.value("/twin/paris/level") or 0) - 0.8) < 1e-4, 10.0)
    pair.paris.osc("/scene/drop", 1)
    until(lambda: pair.frisco.value("/scene/drop") == 2.0, 10.0, "a restart is no rise, a rise after it is one")


def test_a_peer_with_the_wrong_key_is_refused_and_told_and_the_show_goes_on(folder):
    pair = Pair(folder)
    stranger = keys.made().public
    rig = pair.frisco.rig.read_text()
    own = keys.read(folder / "home-paris" / "keys").public
    pair.frisco.rig.write_text(rig.replace(own, stranger))
    try:
        pair.paris.start()
        pair.frisco.start()
        until(lambda: "key" in pair.frisco.said(), 15.0, "San Francisco tells of the stranger")
        assert not pair.linked(pair.paris, "frisco")
        pair.paris.osc("/scene/level", 0.5)
        until(lambda: abs((pair.paris.value("/scene/level") or 0) - 0.5) < 1e-4, 5.0)
    finally:
        pair.stop()


def test_a_hand_of_the_other_city_moves_smoothly_over_an_ocean_and_comes_to_rest_where_it_is(folder):
    pair = Pair(folder, "atlantic").start()
    context = zmq.Context()
    reader = FeedReader(context, f"ipc://{pair.paris.doors()}/feed")
    seen: dict[int, float] = {}

    def look() -> bool:
        """Everything that Paris publishes, while a hand in San Francisco goes up a staircase of thirty steps."""
        if (values := reader.newest()) is not None:
            seen[values.tick] = float(values.columns[at])
        return abs(seen.get(max(seen, default=0), 0.0) - 0.9) < 1e-4

    try:
        pair.frisco.osc("/scene/level", 0.0)
        until(lambda: pair.paris.value("/twin/frisco/level") == 0.0, 10.0)
        scene = library(folder).scene("both")
        at = laid_out(scene, ("frisco",)).slots["/twin/frisco/level"].offset
        for step in range(1, 31):
            pair.frisco.osc("/scene/level", 0.03 * step)
            end = time.monotonic() + 1 / 30
            until(lambda end=end: (look(), time.monotonic() >= end)[1], 5.0)
        until(look, 10.0, "it comes to rest on the last value")
        lag = pair.paris.value("/link/frisco/lag")
        assert lag > 0.07 and pair.paris.status()["link"]["frisco"]["lag_ms"] > 70
        between = [value for value in seen.values() if abs(value / 0.03 - round(value / 0.03)) > 0.02]
        assert len(between) > 3, "values that no hand ever gave, between those that one did"
    finally:
        reader.close()
        context.destroy(linger=0)
        pair.stop()
