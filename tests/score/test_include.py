"""`#include` in a shader: each file once, and a driver's line numbers lead back to the artist's file."""

from __future__ import annotations

import pytest

from installation.score.problem import Fault
from installation.score.scene import Source
from installation.score.shaders.include import STRIDE, included, origin

FILES = {
    "noise.glsl": "// one\nfloat noise() { return 0.5; }",
    "warp.glsl": '#include "noise.glsl"\nvec2 warp(vec2 p) { return p + noise(); }',
    "round.glsl": '#include "trip.glsl"\nfloat a;',
    "trip.glsl": '#include "round.glsl"\nfloat b;',
}


def find(name: str, file: str) -> Source | None:
    return Source(f"include/{name}", FILES[name]) if name in FILES else None


def of(text: str) -> Source:
    return included(Source("a.fs", text), find, lambda: FILES)


def numbered(text: str) -> dict[str, tuple[str, int]]:
    """Where each line of an expanded text comes from, as a compiler that obeys #line would count."""
    at, found = 1, {}
    for line in text.splitlines():
        if line.startswith("#line"):
            at = int(line.split()[1])
            continue
        found[line] = origin(text, "a.fs", at)
        at += 1
    return found


def test_each_line_keeps_its_file_and_number() -> None:
    places = numbered(of('/*{}*/\n#include "warp.glsl"\nvoid main() {\n}').text)
    assert places["void main() {"] == ("a.fs", 3)
    assert places["vec2 warp(vec2 p) { return p + noise(); }"] == ("include/warp.glsl", 2)
    assert places["float noise() { return 0.5; }"] == ("include/noise.glsl", 2)


def test_a_file_is_included_once_and_is_one_of_the_scenes_files() -> None:
    found = of('#include "noise.glsl"\n#include "warp.glsl"\n#include "noise.glsl"\n')
    assert found.others == ("include/noise.glsl", "include/warp.glsl")
    assert found.text.count("float noise()") == 1


def test_files_that_include_one_another_come_to_an_end() -> None:
    assert of('#include "round.glsl"').others == ("include/round.glsl", "include/trip.glsl")


def test_what_stands_in_a_comment_is_not_included() -> None:
    text = of('// #include "gone.glsl"\n/*\n#include "gone.glsl"\n*/\nvoid main() {}').text
    assert "#include" not in text and text.count("\n") == 4


def test_one_that_is_missing_is_told_at_its_line_with_the_nearest_name() -> None:
    with pytest.raises(Fault) as stop:
        of('/*{}*/\n#include "nois.glsl"')
    (problem,) = stop.value.problems
    told, french = problem.told("en"), problem.told("fr")
    assert (told.file, told.line) == ("a.fs", 2) and 'did you mean "noise.glsl"' in told.remedy
    assert "introuvable" in french.found and "vouliez-vous dire" in french.remedy


def test_a_number_below_the_first_stride_is_the_files_own() -> None:
    assert origin("", "a.fs", STRIDE - 1) == ("a.fs", STRIDE - 1)
