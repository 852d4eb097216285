"""States of company drawn on request, and a picture at the end of a demo that remembers what came before it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.feed import Values
from installation.score.scene import Scene, Shelf, Source, laid_out
from installation.score.scene_file import from_toml
from installation.stage.layers import Tools, defaults
from installation.stage.offline import Job, render
from tests.stage.conftest import scene

SHADER = """/*{"INPUTS": [
  {"NAME": "level", "TYPE": "float", "DEFAULT": 0}, {"NAME": "level_twin", "TYPE": "float", "DEFAULT": 0},
  {"NAME": "company", "TYPE": "long", "VALUES": [0, 1, 2, 3]}]}*/
void main() { gl_FragColor = vec4(level, level_twin, float(company) / 5.0, 1.0); }"""
TOML = """dither = false
[[layer]]
shader = "a.fs"
[parameter.level]
share = "each"
[asleep]
level = 0.2
level_twin = 0.6
fade = 60.0
[alone]
fade = 1.0
"""
COUNTS = """/*{"INPUTS": [{"NAME": "drop", "TYPE": "event"}],
  "PASSES": [{"TARGET": "n", "PERSISTENT": true, "FLOAT": true, "WIDTH": 1, "HEIGHT": 1}, {}]}*/
void main() {
    vec4 n = IMG_NORM_PIXEL(n, vec2(0.5));
    if (PASSINDEX == 0) gl_FragColor = n + vec4(1.0, drop ? 1.0 : 0.0, 0.0, 0.0);
    else gl_FragColor = vec4(n.rg / 255.0, 0.0, 1.0);
}"""


def load(name: str) -> Scene:
    if name == "heavy":
        noises = "".join(f"c += fract(sin(c * {n}.7 + sin(c * {n}.3) * cos(c)) * 43758.5);" for n in range(1, 200))
        return scene("void main() { float c = gl_FragCoord.x; " + noises + " gl_FragColor = vec4(c); }")
    if name == "plain":
        return scene("void main() { gl_FragColor = vec4(1.0); }")
    return from_toml("a", Source("scene.toml", TOML), Shelf(lambda name: Source(name, SHADER)))


def pixel(path: Path) -> tuple[int, ...]:
    with Image.open(path) as image:
        return tuple(int(n) for n in np.asarray(image)[0, 0])


@pytest.mark.parametrize(
    ("state", "given", "wanted"),
    [
        ("", {}, (0, 0, 0, 255)),
        ("asleep", {}, (51, 153, 102, 255)),
        ("asleep", {"level_twin": "1"}, (51, 255, 102, 255)),
        ("cut", {}, (0, 0, 153, 255)),
    ],
)
def test_a_state_of_company_is_drawn_all_faded_in(
    tmp_path: Path, state: str, given: dict[str, str], wanted: tuple[int, ...]
) -> None:
    (result,) = render([Job("a", str(tmp_path / "a.png"), (4, 4), company=state, values=given)], load)
    assert not result.problems
    assert pixel(tmp_path / "a.png") == wanted
    assert len(result.warnings) == (state == "cut")


def test_a_scene_that_says_nothing_of_a_state_is_drawn_and_that_is_told(tmp_path: Path) -> None:
    (result,) = render([Job("plain", str(tmp_path / "a.png"), (4, 4), company="alone")], load)
    assert pixel(tmp_path / "a.png") == (255, 255, 255, 255)
    assert result.warnings[0].told().found == "a says nothing of `alone`"
    assert result.warnings[0].told("fr").found == "a ne dit rien de `alone`"


def test_the_time_of_a_frame_is_without_the_compiling_of_its_shader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred noises in a row take this driver seconds to compile, and no time to draw four pixels of."""
    monkeypatch.setenv("MESA_SHADER_CACHE_DISABLE", "true")
    begun = time.monotonic()
    (result,) = render([Job("heavy", str(tmp_path / "a.png"), (2, 2))], load)
    assert not result.problems and result.ms < 1000.0 * (time.monotonic() - begun) / 4.0


def test_a_picture_of_a_show_remembers_its_last_seconds(tmp_path: Path, tools: Tools) -> None:
    """Half a second of rows, 30 a second, drawn at 60: 31 frames, the first among them; one trigger, true for one."""
    from installation.stage import film

    counts = scene(COUNTS)
    layout = laid_out(counts, ("twin",))
    rows = []
    for number in range(16):
        row = defaults(layout)
        row[layout.slots["/scene/drop"].offset] = 5.0 + (number >= 8)
        words = {"scene": "a", "peers": ["twin"]}
        rows.append(Values(layout.digest, number, number / 30, number / 30, 1.0, 0.0, row, row * 0.0, words))
    film.side_by_side(str(tmp_path / "a.png"), [rows, rows], lambda name: counts, (4, 4), 30.0, tools)
    assert pixel(tmp_path / "a.png")[:2] == (31, 1)
