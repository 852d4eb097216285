"""`sheet`: a page of pictures, whatever fails among them."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.site.venue import answer, jumelage

FILES = {
    "red.fs": "/*{}*/\nvoid main() { gl_FragColor = vec4(1.0, 0.0, 0.0, 1.0); }",
    "inverts.fs": '/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/\n'
    "void main() { gl_FragColor = vec4(1.0 - IMG_THIS_PIXEL(inputImage).rgb, 1.0); }",
    "goes.fs": '/*{"INPUTS": [{"NAME": "startImage", "TYPE": "image"}, {"NAME": "endImage", "TYPE": "image"},'
    '{"NAME": "progress", "TYPE": "float"}]}*/\n'
    "void main() { gl_FragColor = mix(IMG_THIS_PIXEL(startImage), IMG_THIS_PIXEL(endImage), step(0.2, progress)); }",
}
BROKEN = "/*{}*/\nvoid main() {\n    gl_FragColor = vec4(nothing);\n}"


@pytest.fixture
def artist(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_page_has_every_picture_at_its_size(artist):
    done = jumelage(artist, "sheet", *FILES, "--out", "all.png", "--size", "160x90", "--columns", "1")
    assert done.returncode == 0 and done.stdout == "all.png (3)\n"
    page = Image.open(artist / "all.png").convert("RGB")
    assert page.width > 160 and page.height > 3 * 90
    reds = sum(count for count, colour in page.getcolors(1 << 24) if colour == (255, 0, 0))
    assert abs(reds - 160 * 90) < 500


def test_a_filter_and_a_transition_are_given_something_to_work_on(artist):
    done = jumelage(artist, "sheet", "inverts.fs", "goes.fs", "--out", "two.png", "--size", "160x90")
    assert done.returncode == 0
    assert len(Image.open(artist / "two.png").convert("RGB").getcolors(1 << 24)) > 500


def test_what_fails_is_a_card_and_the_rest_is_drawn(artist):
    (artist / "broken.fs").write_text(BROKEN)
    (artist / "torn.fs").write_text('/*{"INPUTS": [{"NAME": "a", "TYPE": "flaot"}]}*/ void main() {}')
    words = ("sheet", "red.fs", "broken.fs", "torn.fs", "--out", "all.png", "--size", "160x90", "--json")
    done = jumelage(artist, *words)
    assert done.returncode == 1
    told = answer(done)
    assert told["drawn"] == ["red.fs"]
    assert [(one["what"], one["line"]) for one in told["failed"]] == [("broken.fs", 3), ("torn.fs", 1)]
    assert "broken.fs:3: " in done.stderr
    assert (artist / "all.png").exists()


def test_wrong_use_is_told_before_anything_is_drawn(artist):
    assert jumelage(artist, "sheet", "red.fs", "--out", "a.png", "--columns", "0").returncode == 2
    assert jumelage(artist, "sheet", "red.fs", "--out", "a.png", "--time", "-1").returncode == 2
    assert jumelage(artist, "sheet", "rde.fs", "--out", "a.png").returncode == 1
    assert jumelage(artist, "sheet", "red.fs", "--out", "nowhere/a.png").returncode == 1


def test_a_cue_that_recalls_no_preset_is_told_by_check(artist):
    scenes = artist / "scenes"
    (scenes / "mine").mkdir(parents=True)
    (scenes / "shows").mkdir()
    (scenes / "mine" / "a.fs").write_text('/*{"INPUTS": [{"NAME": "level", "TYPE": "float"}]}*/ void main() {}')
    (scenes / "mine" / "scene.toml").write_text('[[layer]]\nshader = "a.fs"\n[preset.dusk]\nlevel = 1\n')
    show = 'scene = "mine"\n[cue.evening]\npreset = "{}"\n'
    (scenes / "shows" / "s.toml").write_text(show.format("dsuk"))
    (problem,) = answer(jumelage(artist, "check", "scenes/shows/s.toml", "--json"))["problems"]
    assert (problem["line"], problem["remedy"]) == (2, 'did you mean "dusk"?')
    (scenes / "shows" / "s.toml").write_text(show.format("dusk"))
    assert jumelage(artist, "check", "scenes/shows/s.toml").returncode == 0


def test_shaders_are_listed_with_what_they_are_for(artist):
    (artist / "shaders").mkdir()
    for name in FILES:
        (artist / name).rename(artist / "shaders" / name)
    rows = {row["name"]: row for row in answer(jumelage(artist, "list", "shaders", "--json"))["shaders"]}
    kinds = [(rows[name]["kind"], rows[name]["inputs"], rows[name]["passes"]) for name in FILES]
    assert kinds == [("generator", 0, 1), ("filter", 1, 1), ("transition", 3, 1)]
    assert rows["engine/veil.fs"]["kind"] == "engine"


def test_render_may_be_guarded_from_flashes_and_tells_what_flashed(artist):
    strobe = "/*{}*/ void main() { gl_FragColor = vec4(vec3(mod(floor(TIME * 16.0), 2.0)), 1.0); }"
    (artist / "strobe.fs").write_text(strobe)
    words = ("render", "strobe.fs", "--time", "1.6", "--size", "96x54")
    assert "strobe flashes 8 times a second" in jumelage(artist, *words, "--flash-guard").stderr
    assert jumelage(artist, *words).stderr == ""
    assert artist.joinpath("strobe.png").exists()


def test_a_seed_makes_another_picture_and_the_same_seed_the_same(artist):
    seed = '/*{"INPUTS": [{"NAME": "seed", "TYPE": "float"}]}*/ void main() { gl_FragColor = vec4(vec3(seed), 1.0); }'
    (artist / "seed.fs").write_text(seed)
    for name, number in (("a", "1"), ("b", "2"), ("c", "1")):
        words = ("render", "seed.fs", "--seed", number, "--size", "4x4", "--out", f"{name}.png")
        assert jumelage(artist, *words).returncode == 0
    a, b, c = (Image.open(artist / f"{name}.png").tobytes() for name in "abc")
    assert a == c and a != b
