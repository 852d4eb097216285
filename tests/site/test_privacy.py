"""What `privacy` tells of a configuration, and what it will not let the notice hide."""

from __future__ import annotations

from pathlib import Path

import pytest

import hardware
from hardware import driver
from installation.library import library
from installation.privacy import flows, places
from installation.privacy.findings import FAULT, findings, told_words
from installation.privacy.flows import Configuration
from installation.privacy.notice import WIDTH, notice
from installation.score.code import Text
from installation.verbs.privacy import configuration
from tests.site.venue import answer, jumelage

RIG = """[site]
name = "mill"
city = "Paris"
contact = "Ada, at the desk"
[show]
scene = "both"
[device.floor]
driver  = "osc"
port    = 9000
address = "/floor"
senses  = { en = "where you stand, by a carpet", fr = "votre place, par un tapis" }
"""
PEER = """[peer.frisco]
city = "San Francisco"
dial = "tcp://203.0.113.7:7410"
"""
SHADER = """/*{"ISFVSN": "2", "INPUTS": [
  {"NAME": "level", "TYPE": "float", "DEFAULT": 0}, {"NAME": "own", "TYPE": "float", "DEFAULT": 0}]}*/
void main() { gl_FragColor = vec4(level + own); }
"""
SCENE = """[[layer]]
shader = "inputs.fs"
[parameter.level]
share = "latest"
label = { en = "Water", fr = "Eau" }
"""
PATCH = '[[patch]]\nfrom = "/floor/{source}"\nto = "level"\n'


def configured(folder: Path, rig: str = RIG + PEER, scene: str = SCENE) -> Configuration:
    inside = folder / "scenes" / "both"
    inside.mkdir(parents=True, exist_ok=True)
    (inside / "scene.toml").write_text(scene)
    (inside / "inputs.fs").write_text(SHADER)
    (folder / "mill.toml").write_text(rig)
    return configuration(library(folder), str(folder / "mill.toml"), None, None)


def faults(found: Configuration) -> list[tuple[str, int]]:
    return [(one.name, one.problem.line) for one in findings(found) if one.state == FAULT]


@pytest.mark.parametrize("spoken", ["en", "fr"])
def test_the_notice_says_what_is_sensed_what_leaves_how_long_and_whom_to_ask(folder: Path, spoken: str) -> None:
    text = notice(configured(folder), spoken)
    said = {"en": ("by a carpet", "water", "San Francisco alone"), "fr": ("par un tapis", "eau", "chiffré")}[spoken]
    plain = " ".join(text.split())
    assert all(word in plain for word in (*said, "Paris", "Ada, at the desk"))
    assert "own" not in plain and max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize(("spoken", "word"), [("en", "letter"), ("fr", "lettre")])
def test_a_house_without_letters_says_nothing_of_letters(folder: Path, spoken: str, word: str) -> None:
    assert word not in notice(configured(folder), spoken).lower()
    assert word in notice(configured(folder, RIG + PEER + "[letters]\ndays = 3\n"), spoken).lower()


def test_a_house_alone_says_that_nothing_leaves(folder: Path) -> None:
    found = configured(folder, RIG)
    assert "\nNothing.\n" in notice(found, "en") and "\nRien.\n" in notice(found, "fr")
    assert flows.told(found, "en")["sea"]["peers"] == []


def test_only_an_echo_speaks_of_gestures_that_are_kept(folder: Path) -> None:
    assert "8 days" not in notice(configured(folder), "en")
    echo = SCENE.replace('"latest"', '"each"') + '[alone]\nlevel_twin = { echo = "24h" }\n'
    found = configured(folder, scene=echo)
    assert "8 days" in notice(found, "en")
    assert any("/echo/" in one.path for one in places.disk(found))


def test_each_parameter_that_crosses_is_told_with_its_rule_and_what_moves_it(folder: Path) -> None:
    found = configured(folder, scene=SCENE + PATCH.format(source="distance"))
    rows = {one["address"]: one for one in flows.told(found, "en")["sea"]["parameters"]}
    assert set(rows) == {"/scene/level", "/presence", "/open", "/tempo"}
    assert rows["/scene/level"]["rule"] == "latest" and rows["/scene/level"]["moved_by"] == ["floor"]
    assert configured(folder).scenes and not flows.crossings(configured(folder))[0].moved_by


@pytest.mark.parametrize(
    ("host", "open_"),
    [("0.0.0.0", True), ("::", True), ("127.0.0.1", False), ("192.168.1.7", False), ("8.8.8.8", True)],
)
def test_a_device_that_the_world_can_reach_is_a_fault_with_its_line(folder: Path, host: str, open_: bool) -> None:
    rig = RIG.replace("port    = 9000", f'port    = 9000\nhost    = "{host}"')
    assert faults(configured(folder, rig)) == ([("doors", 10)] if open_ else [])


def test_values_sent_in_the_clear_beyond_the_house_are_a_fault(folder: Path) -> None:
    output = '[output.desk]\ndriver = "osc"\nport = 9001\nsend = ["/scene/level"]\nhost = "{}"\n'
    assert faults(configured(folder, RIG + output.format("192.168.1.9"))) == []
    assert faults(configured(folder, RIG + output.format("8.8.8.8"))) == [("outputs", 16)]


@pytest.mark.parametrize(("way", "fault"), [("before", False), ("after", True), ("none", True)])
def test_letters_that_nobody_reads_first_are_a_fault(folder: Path, way: str, fault: bool) -> None:
    found = configured(folder, RIG + PEER + f'[letters]\nmoderation = "{way}"\n')
    assert faults(found) == ([("letters", 16)] if fault else [])


@pytest.mark.parametrize(
    ("patch", "exact"),
    [("", True), ("in = [0, 12]\n", True), ("in = [0, 4]\n", False)],
)
def test_a_count_that_crosses_exactly_by_another_way_is_a_fault(folder: Path, patch: str, exact: bool) -> None:
    found = configured(folder, scene=SCENE + PATCH.format(source="count") + patch)
    assert faults(found) == ([("counts", 6)] if exact else [])


def test_a_scene_in_python_that_tells_words_is_found_by_its_line() -> None:
    lines = ("self.tell('/a', 1.0)", "self.tell('/b', f'{x}')", "self.tell('/letter/write', x)", "self.tell('/c', x)")
    assert [line for line, _ in told_words(Text("s.py", "/s.py", "\n".join(lines)))] == [2, 3]


def test_the_scenes_and_rigs_that_ship_do_nothing_that_their_notice_hides() -> None:
    shelf = library(None)
    for name, _ in shelf.scenes():
        assert faults(configuration(shelf, "paris", name, None)) == [], name
    for name, _ in shelf.rigs():
        assert faults(configuration(shelf, name, None, None)) == [], name


def test_the_verb_ends_with_1_and_names_the_line(folder: Path) -> None:
    configured(folder, RIG.replace("port    = 9000", 'port    = 9000\nhost    = "0.0.0.0"'))
    ran = jumelage(folder, "privacy", "mill.toml", "--json")
    assert ran.returncode == 1
    told = answer(ran)
    assert [(one["name"], one["line"]) for one in told["findings"]] == [("doors", 10)]
    assert {"senses", "sea", "outputs", "disk", "memory", "doors", "never", "notice"} <= set(told)


def test_a_driver_that_says_nothing_of_people_senses_what_its_address_says() -> None:
    class Silent:
        """A driver of somebody's own."""

    assert driver.senses(Silent, "/carpet") == ("what its address says: /carpet", "ce que dit son adresse : /carpet")
    assert driver.senses(hardware.load(hardware.DRIVERS["visitors"]), "/floor") is driver.NOBODY
    for name, where in hardware.DRIVERS.items():
        assert hasattr(hardware.load(where), "senses"), f"{name} ships and says what it senses"
