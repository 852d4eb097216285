"""An error of the driver is told at the artist's own file and line, in a vertex shader and in each tab too."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.library import Library
from installation.score.problem import Fault
from installation.stage.layers import Tools
from installation.stage.program import compiled

TOY = "void mainImage(out vec4 c, in vec2 p) { c = vec4(%s); }\n"


def places(tools: Tools, folder: Path, **texts: str) -> list[tuple[str, int]]:
    """Where the first file's errors are told to be; files are given by name with _ for the dot."""
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    scene = Library([folder]).scene_at(folder / next(iter(texts)).replace("_", "."))
    with pytest.raises(Fault) as stop:
        compiled(tools.context, scene.layers[0].shader)
    return [(Path(one.file).name, one.line) for one in stop.value.problems]


def test_an_error_in_a_vertex_shader_is_told_at_its_own_line(tools: Tools, tmp_path: Path) -> None:
    vertex = "varying float v;\nvoid main() {\n    isf_vertShaderInit();\n    v = nonsense;\n}\n"
    fragment = "/*{}*/\nvarying float v;\nvoid main() { gl_FragColor = vec4(v); }\n"
    assert places(tools, tmp_path, a_fs=fragment, a_vs=vertex)[0] == ("a.vs", 4)


def test_an_error_in_a_fragment_shader_is_its_own_where_a_vertex_shader_stands_beside_it(
    tools: Tools, tmp_path: Path
) -> None:
    assert places(tools, tmp_path, a_fs="/*{}*/\nvoid main() {\nnonsense; }", a_vs="void main() {}")[0] == ("a.fs", 3)


def test_an_error_in_each_tab_is_told_in_its_file(tools: Tools, tmp_path: Path) -> None:
    texts = {"Image_glsl": TOY % "texture(iChannel0, p)", "BufferA_glsl": "\n" + TOY % "nonsense"}
    assert places(tools, tmp_path, **texts)[0] == ("BufferA.glsl", 2)


def test_an_error_in_common_is_told_once_in_its_file(tools: Tools, tmp_path: Path) -> None:
    texts = {"Image_glsl": TOY % "f()", "Common_glsl": "\n\nfloat f() { return nonsense; }"}
    assert set(places(tools, tmp_path, **texts, BufferA_glsl=TOY % "f()")) == {("Common.glsl", 3)}


def test_an_error_in_a_tab_of_one_file_is_told_at_the_files_line(tools: Tools, tmp_path: Path) -> None:
    text = "float f;\n// Buffer A\n" + TOY % "1" + "// Image\n" + TOY % "nonsense"
    assert places(tools, tmp_path, a_glsl=text)[0] == ("a.glsl", 5)


def test_an_error_in_what_a_vertex_shader_includes_is_told_there(tools: Tools, tmp_path: Path) -> None:
    texts = {"a_fs": "/*{}*/ void main() {}", "a_vs": '#include "b.glsl"\nvoid main() { f(); }',
             "b_glsl": "\nvoid f() { nonsense; }"}  # fmt: skip
    assert places(tools, tmp_path, **texts)[0] == ("b.glsl", 2)


def test_a_text_in_latin_1_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.fs").write_bytes(b"/*{}*/ // d\xe9j\xe0 vu\nvoid main() {}")
    assert "déjà" in Library([tmp_path]).scene_at(tmp_path / "a.fs").layers[0].shader.body


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("/*{}*/\nvoid main() {\n  if (TIME > 1.0) {\n  gl_FragColor = vec4(1.0);\n}\n", 2, "the { that opens here"),
        (
            "/*{}*/\nfloat f() {\n  return 1.0;\n\nvoid main() { gl_FragColor = vec4(f()); }\n",
            2,
            "the { that opens here",
        ),
        ("/*{}*/\nvoid main() { gl_FragColor = vec4(1.0); }\nfloat late =\n", 3, "the text ends in the middle"),
        (
            "/*{}*/\nvoid main() { gl_FragColor = vec4(1.0); }\nfloat late\n// the end\n",
            3,
            "the text ends in the middle",
        ),
    ],
)
def test_a_text_that_is_not_at_its_end_is_told_at_its_own_line_and_not_at_ours(
    tools: Tools, tmp_path: Path, text: str, line: int, found: str
) -> None:
    (tmp_path / "a.fs").write_text(text)
    with pytest.raises(Fault) as stop:
        compiled(tools.context, Library([tmp_path]).scene_at(tmp_path / "a.fs").layers[0].shader)
    first = stop.value.problems[0]
    assert first.line == line and first.told().found.startswith(found), str(first.told())


def test_more_pictures_than_a_driver_has_places_for_are_told_as_that(tools: Tools, tmp_path: Path) -> None:
    names = [f"a{n}" for n in range(64)]
    inputs = ",".join(f'{{"NAME":"{name}","TYPE":"image"}}' for name in names)
    read = "+".join(f"IMG_THIS_PIXEL({name})" for name in names)
    (tmp_path / "a.fs").write_text(f'/*{{"INPUTS":[{inputs}]}}*/ void main() {{ gl_FragColor = {read}; }}')
    with pytest.raises(Fault) as stop:
        compiled(tools.context, Library([tmp_path]).scene_at(tmp_path / "a.fs").layers[0].shader)
    assert stop.value.problems[0].told().found.startswith("more pictures are read")


def test_what_stands_after_a_nul_is_compiled_too(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "a.fs").write_text("/*{}*/\n\0void main() {\0 gl_FragColor = vec4(1.0); }\n")
    compiled(tools.context, Library([tmp_path]).scene_at(tmp_path / "a.fs").layers[0].shader).release()
