"""Letters between two sites that run: written in one city, looked at in the other, delivered, refused, forgotten."""

from __future__ import annotations

import os
import signal

import pytest

from tests.site.test_two_cities import Pair
from tests.site.venue import answer, until

SCENE = """
[[layer]]
text = "letter:in"
size = 0.9
language = "fr"
"""
SECRET, WORD = "violettes-de-mars-7", "H"


class Post(Pair):
    def __init__(self, folder):
        super().__init__(folder)
        (folder / "scenes" / "both" / "scene.toml").write_text(SCENE)
        for site in (self.paris, self.frisco):
            site.rig.write_text(site.rig.read_text() + "\n[letters]\nseconds = 2\n")


@pytest.fixture
def pair(folder):
    made = Post(folder)
    try:
        yield made.start()
    finally:
        made.stop()


def states(site):
    found = site.desk("letter", act="list").get("letters", [])
    return {one["id"]: next(iter(one["states"].values())) for one in found}


def lit(site):
    picture = site.picture()
    return picture is not None and int(picture[..., :3].max()) > 100


def on_disk(site, words):
    folder = site.folder / f"home-{site.name}"
    return [str(path) for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


def killed(site):
    before = site.pid("control")
    os.kill(before, signal.SIGKILL)
    until(lambda: site.pid("control") not in (0, before), 10.0)
    until(lambda: "letters" in site.desk("letter", act="list"), 10.0, "control answers again")


def test_a_letter_waits_for_a_steward_is_delivered_once_and_a_refused_one_leaves_no_word_on_any_disk(pair):
    paris, frisco = pair.paris, pair.frisco
    good = answer(paris.verb("letter", "write", WORD, "--site", "paris", "--json"))["id"]
    paris.osc("/letter/write/fr", SECRET)
    until(lambda: list(states(frisco).values()) == ["waiting", "waiting"], 10.0, "both have come, and wait")
    until(lambda: list(states(paris).values()) == ["waiting", "waiting"], 10.0, "and Paris knows it")
    bad = next(name for name in states(frisco) if name != good)
    assert not lit(frisco) and on_disk(frisco, SECRET) and on_disk(paris, SECRET)
    killed(frisco)
    assert states(frisco) == {good: "waiting", bad: "waiting"}
    listed = frisco.verb("letter", "list", "--site", "frisco", "--lang", "fr").stdout
    assert SECRET in listed and "attend un mot" in listed
    assert frisco.verb("letter", "refuse", bad, "--site", "frisco").returncode == 0
    until(lambda: states(paris).get(bad) == "refused" == states(frisco).get(bad), 10.0)
    until(lambda: not on_disk(frisco, SECRET), 10.0, "nothing of it is left here")
    until(lambda: not on_disk(paris, SECRET), 10.0, "nor there")
    wrong = paris.verb("letter", "approve", good, "--site", "paris")
    assert wrong.returncode == 1 and "house that receives" in wrong.stderr
    frisco.verb("veil", "on", "--site", "frisco")
    assert frisco.verb("letter", "approve", good, "--site", "frisco").returncode == 0
    until(lambda: states(paris).get(good) == "approved", 10.0, "nothing is delivered behind the veil")
    assert frisco.verb("letter", "write", "x", "--site", "frisco").returncode == 1, "nor does anything leave"
    frisco.verb("veil", "off", "--site", "frisco")
    until(lambda: states(paris).get(good) == "delivered", 10.0)
    until(lambda: lit(frisco), 15.0, "it is on the wall")
    killed(frisco)
    killed(paris)
    until(lambda: states(paris) == states(frisco) == {good: "delivered", bad: "refused"}, 10.0, "and stays so")
    assert frisco.status()["letters"]["album"] == 1
