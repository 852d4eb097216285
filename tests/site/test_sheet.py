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
    assert done.returncode == 0 and done.stdout == "all.png: 3 pictures\n"
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
