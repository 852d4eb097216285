"""The errors an artist makes most, each told by `check` so that it can be mended without a search, in both languages."""

from __future__ import annotations

import pytest

from tests.site.venue import answer, jumelage

HEADER = '/*{"INPUTS": [\n  {"NAME": "level", "TYPE": "float"},\n  {"NAME": "tint", "TYPE": "color"}\n]}*/\n'
SCENE = '[[layer]]\nshader = "a.fs"\n'
GOOD = HEADER + "void main() { gl_FragColor = vec4(level) * tint; }"
TWIN = (
    '/*{"INPUTS": [{"NAME": "level", "TYPE": "float"}, {"NAME": "level_twin", "TYPE": "float"}]}*/\n'
    "void main() { gl_FragColor = vec4(level, level_twin, 0.0, 1.0); }"
)


def main(line: str) -> str:
    return HEADER + "void main() {\n    " + line + "\n    gl_FragColor = vec4(1.0);\n}"


def scene(more: str = "", shader: str = "a.fs") -> str:
    return f'[[layer]]\nshader = "{shader}"\n{more}'


CASES = {
    "an unknown key": (scene('opcity = 0.5\n'), GOOD, "scene.toml", 3, ('"opcity"', 'did you mean "opacity"?', "vouliez-vous dire « opacity »")),
    "a shader that is not there": (scene(shader="b.fs"), GOOD, "scene.toml", 2, ('no shader "b.fs"', 'did you mean "a.fs"?', "introuvable")),
    "a comma that the header lacks": (scene(), GOOD.replace('"level", ', '"level" '), "a.fs", 2, ("the ISF header cannot be read here", "missing comma", "une virgule")),
    "an input misspelt": (scene(), main("float x = levle;"), "a.fs", 6, ('"levle" is not declared', 'did you mean "level"?', "vouliez-vous dire « level »")),
    "a built-in misspelt": (scene(), main("float x = TMIE;"), "a.fs", 6, ('"TMIE" is not declared', 'did you mean "TIME"?', "vouliez-vous dire « TIME »")),
    "a function misspelt": (scene(), main("float x = smothstep(0.0, 1.0, level);"), "a.fs", 6, ("no function", 'did you mean "smoothstep"?', "n'existe pas")),
    "a float for a vec3": (scene(), main("vec3 c = level;"), "a.fs", 6, ("a float is put where a vec3 is needed", "write vec3(x)", "écrivez vec3(x)")),
    "a vec4 for a vec3": (scene(), main("vec3 c = tint;"), "a.fs", 6, ("a vec4 is put where a vec3 is needed", ".rgb", "prenez ses premières parties")),
    "a call that does not fit": (scene(), main("float x = pow(tint.rgb, 2.0);"), "a.fs", 6, ("pow(vec3, float) does not fit", "vec3(x) for x", "ne convient pas")),
    "a semicolon that is missing": (scene(), main("float x = level"), "a.fs", 6, ("a ; is missing at the end of this line", "add it", "ajoutez-le")),
    "the twin without share": (scene("[alone]\nlevel = 0.1\n"), TWIN, "scene.toml", 0, ('"level" is not shared', 'share = "each"', "n'est pas partagé")),
    "the twin without [alone]": (scene('[parameter.level]\nshare = "each"\n'), TWIN, "scene.toml", 0, ("does not say what it does alone", "add [alone]", "ajoutez [alone]")),
    "a type that is none": (scene(), GOOD.replace('"color"', '"colour"'), "a.fs", 3, ('the type "colour"', 'did you mean "color"?', "vouliez-vous dire « color »")),
    "no main": (scene(), HEADER + "void mian() { gl_FragColor = vec4(1.0); }", "a.fs", 0, ("no function main", 'did you mean "mian"?', "pas de fonction main")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_is_told_at_its_line_with_its_remedy(tmp_path, name):
    toml, shader, file, line, (found, remedy, french) = CASES[name]
    folder = tmp_path / "scenes" / "mine"
    folder.mkdir(parents=True)
    (folder / "scene.toml").write_text(toml)
    (folder / "a.fs").write_text(shader)
    (problem,) = answer(jumelage(tmp_path, "check", "mine", "--json"))["problems"]
    assert problem["file"].endswith(file) and (problem["line"] == line or not line)
    told = f"{problem['found']}; {problem['expected']}; {problem['remedy']}"
    assert found in told and remedy in told
    assert french in jumelage(tmp_path, "--lang", "fr", "check", "mine").stdout


def test_a_default_outside_its_range_is_a_note(tmp_path):
    header = '/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "MIN": 0, "MAX": 1,\n  "DEFAULT": 5}]}*/\n'
    (tmp_path / "a.fs").write_text(header + "void main() { gl_FragColor = vec4(level); }")
    (note,) = answer(jumelage(tmp_path, "check", "a.fs", "--json"))["notes"]
    assert (note["line"], note["expected"]) == (2, "0 to 1") and "1 is taken" in note["found"]


def test_what_is_no_fault_but_surely_not_meant_is_a_note(tmp_path):
    (tmp_path / "a.fs").write_text(
        HEADER + "uniform vec2 place;\nvoid main() { gl_FragColor = vec4(place, level, 1.0); }"
    )
    done = jumelage(tmp_path, "check", "a.fs", "--json")
    assert done.returncode == 0 and answer(done)["problems"] == []
    (note,) = answer(done)["notes"]
    assert note["line"] == 5 and "the uniform place is in no INPUTS" in note["found"]
