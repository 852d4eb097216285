"""A week of two calendars in seconds, by the same tick: its hours, and its page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHADER = """/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0}, {"NAME": "company", "TYPE": "long",
  "VALUES": [0, 1, 2, 3]}]}*/
void main() { gl_FragColor = vec4(company == 0 ? 1.0 : 0.0, company == 1 ? 1.0 : 0.0, company == 2 ? 1.0 : 0.0, 1.0); }
"""


def week(folder, *words):
    (folder / "scenes").mkdir(exist_ok=True)
    (folder / "scenes" / "state.fs").write_text(SHADER)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUMELAGE_HOME": str(folder), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "installation.cli", "week", "state", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("first", "both"),
    [
        ("2027-03-01", 12.0),  # nine hours apart: three hours on each of four days, none on Sunday
        ("2027-03-15", 16.0),  # San Francisco has gone over to summer time, Paris has not: eight
        ("2027-11-01", 16.0),  # Paris has gone back, San Francisco not yet
    ],
)
def test_the_hours_of_a_week_are_those_of_its_two_calendars(tmp_path, first, both):
    found = json.loads(week(tmp_path, "--from", first, "--hours", "12", "--json").stdout)
    assert found["both_open"] == pytest.approx(both, abs=0.01)
    paris = found["cities"]["paris"]
    assert paris["open"] == pytest.approx(46.0, abs=0.01)
    assert sum(paris["open_hours"].values()) == pytest.approx(46.0, abs=0.01)
    # While both are open they are together or, where nobody has come, alone; while San Francisco is closed it sleeps.
    assert paris["open_hours"]["together"] + paris["open_hours"]["alone"] == pytest.approx(both, abs=0.1)
    assert paris["open_hours"]["together"] > paris["open_hours"]["alone"] > 0.0
    assert paris["hours"]["cut"] == 0.0


def test_the_page_has_each_city_s_pictures_in_the_state_of_their_hour(tmp_path):
    import pygame

    made = week(tmp_path, "--from", "2027-03-01", "--hours", "3", "--size", "32x18", "--out", "week.png")
    assert made.returncode == 0, made.stderr
    page = pygame.image.load(str(tmp_path / "week.png"))
    colours = {tuple(page.get_at((x, y)))[:3] for x in range(0, page.get_width(), 4) for y in range(page.get_height())}
    assert {(255, 0, 0), (0, 0, 255)} <= colours  # together and asleep, at their full light while a house is open
    assert "112" in made.stdout


@pytest.mark.parametrize(
    "words", [("--from", "2027-02-30"), ("--hours", "5"), ("--size", "4000x20"), ("--rig", "laptop")]
)
def test_what_cannot_be_is_told_in_a_sentence(tmp_path, words):
    made = week(tmp_path, *words)
    assert made.returncode == 2 and made.stderr.count("\n") == 1 and "Traceback" not in made.stderr
