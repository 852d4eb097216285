"""Keys of two running houses: one is changed, told of within the line, forgotten, taken back; none restarts."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.twin import keys
from tests.site.test_two_cities import SCENE, SHADER
from tests.site.venue import Site, free_port, until

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
"""


@pytest.fixture(scope="module")
def houses() -> Iterator[tuple[Site, Site]]:
    """Paris dials San Francisco; each keeps the other's key in its folder, not in the rig."""
    folder = Path(tempfile.mkdtemp(prefix="jm-", dir="/tmp"))
    inside, port = folder / "scenes" / "both", free_port(socket.SOCK_STREAM)
    inside.mkdir(parents=True)
    (inside / "scene.toml").write_text(SCENE)
    (inside / "inputs.fs").write_text(SHADER)
    own = {name: keys.new(folder / f"home-{name}" / "keys") for name in ("paris", "frisco")}
    keys.trust(folder / "home-paris" / "keys", "frisco", own["frisco"].public)
    keys.trust(folder / "home-frisco" / "keys", "paris", own["paris"].public)
    dial, listen = f'dial = "tcp://127.0.0.1:{port}"', f'listen = "tcp://127.0.0.1:{port}"'
    made = Site(folder, "paris", RIG, peer="frisco", line=dial), Site(folder, "frisco", RIG, peer="paris", line=listen)
    for site in made:
        site.start()
    yield made
    for site in made:
        site.stop()
    shutil.rmtree(folder, ignore_errors=True)


def line(site: Site, peer: str) -> dict[str, Any]:
    found: dict[str, Any] = site.status().get("link", {}).get(peer, {})
    return found


def linked(houses: tuple[Site, Site]) -> bool:
    return bool(line(houses[0], "frisco").get("connected") and line(houses[1], "paris").get("connected"))


def said(site: Site, *words: str) -> dict[str, Any]:
    answer = site.verb("keys", *words, "--json")
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_a_house_changes_its_key_while_both_run(houses: tuple[Site, Site]) -> None:
    paris, frisco = houses
    until(lambda: linked(houses), 30.0, "they are linked")
    fresh = said(frisco, "next")
    until(lambda: line(frisco, "paris").get("has_next_key"), 30.0, "Paris has been told")
    assert fresh["fingerprint"] in paris.said()
    assert said(frisco, "turn")["public"] == fresh["public"]
    until(lambda: said(paris, "show")["trusted"] == {"frisco": [fresh["fingerprint"]]}, 30.0, "only the new one counts")
    until(lambda: linked(houses), 30.0, "they are linked under it")
    assert line(paris, "frisco")["key"] == fresh["fingerprint"]
    paris.osc("/scene/level", 0.75)
    until(lambda: abs(frisco.value("/twin/paris/level") - 0.75) < 1e-3, 30.0, "Paris is seen in San Francisco")


def test_a_peer_that_is_forgotten_is_cut_and_may_be_taken_back(houses: tuple[Site, Site]) -> None:
    paris, frisco = houses
    until(lambda: linked(houses), 30.0, "they are linked")
    public = said(paris, "show")["public"]
    said(frisco, "forget", "paris")
    until(lambda: line(frisco, "paris").get("state") == "untrusted", 30.0, "the line is cut")
    said(frisco, "trust", "paris", public)
    until(lambda: linked(houses), 30.0, "they are linked again")


def test_a_key_is_not_changed_while_a_peer_does_not_know_the_next_one(houses: tuple[Site, Site]) -> None:
    paris, frisco = houses
    until(lambda: linked(houses), 30.0, "they are linked")
    paris.stop()
    until(lambda: not line(frisco, "paris").get("connected", True), 30.0, "Paris is away")
    said(frisco, "next")
    answer = frisco.verb("keys", "turn")
    assert answer.returncode == 2 and "paris" in answer.stderr
    assert frisco.verb("keys", "turn", "--anyway").returncode == 0
