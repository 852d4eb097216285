"""Shaders without an ISF header: which kind each is, what it reads, where its tabs stand."""

from __future__ import annotations

import pytest

from installation.score.shaders.isf import read
from installation.score.shaders.shader import Beside, Shader, Source

TOY = "void mainImage(out vec4 c, in vec2 p) { c = vec4(%s); }\n"


def beside(**texts: str) -> Beside:
    """Files beside a shader, by name with _ for the dot."""
    found = {name.replace("_", "."): text for name, text in texts.items()}
    return Beside(
        lambda name: Source(f"dir/{name}", found[name]) if name in found else None,
        lambda name: Source(f"/dir/{name}", "hash") if name in found else None,
    )


def toy(text: str, file: str = "a.glsl", near: Beside | None = None) -> Shader:
    return read(text, file, beside=near)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (TOY % "1", "shadertoy"),
        ("uniform float u_time; void main() {}", "glsl"),
        ("vec4 materialColorForPixel( vec2 texCoord ) { return vec4(1); }", "madmapper"),
        ("// void main() {}\n" + TOY % "1", "shadertoy"),
        (TOY % "1" + "void main() { mainImage(gl_FragColor, gl_FragCoord.xy); }", "glsl"),
    ],
)
def test_the_kind_is_found_from_the_functions(text: str, kind: str) -> None:
    assert read(text, "a.glsl").kind == kind


def test_only_a_shader_that_reads_the_mouse_has_it_as_a_parameter() -> None:
    assert toy(TOY % "1").parameters == ()
    (mouse,) = toy(TOY % "iMouse").parameters
    assert (mouse.name, mouse.kind, mouse.default) == ("mouse", "point2D", (0.0, 0.0))
    assert read("uniform vec2 mouse; void main() {}", "a.frag").parameters[0].name == "mouse"
    assert read("float mouse; void main() {}", "a.frag").parameters == ()


def test_channels_that_are_read_are_image_inputs() -> None:
    shader = toy(TOY % "texture(iChannel2, p) + texture(iChannel0, p)")
    assert [image.name for image in shader.images] == ["iChannel0", "iChannel2"]


def test_tabs_in_one_file_keep_their_lines() -> None:
    text = "float f;\n// Buffer A\n" + TOY % "1" + "// Image\n" + TOY % "texture(iChannel0, p)"
    shader = toy(text)
    assert [one.target for one in shader.passes] == ["isf_bufferA", ""]
    assert [part.line for part in shader.parts] == [2, 4]
    assert [part.body for part in shader.parts[0].before] == ["float f;\n"]
    assert shader.parts[1].channels == {"iChannel0": "isf_bufferA"}


def test_a_comment_that_names_a_tab_divides_nothing_where_there_is_one_main() -> None:
    assert toy("// Image\n" + TOY % "1").parts[0].body.startswith("// Image")


def test_a_folders_tabs_are_found_beside_its_image_and_are_part_of_the_hash() -> None:
    near = beside(BufferA_glsl=TOY % "1", Common_glsl="float x;")
    shader = toy(TOY % "texture(iChannel0, p)", "dir/Image.glsl", near)
    assert [one.target for one in shader.passes] == ["isf_bufferA", ""]
    assert shader.files == ("dir/Common.glsl", "dir/BufferA.glsl")


def test_a_line_wires_a_channel_to_itself_to_a_file_or_to_a_picture() -> None:
    near = beside(flow_glsl=TOY % "1", noise_png="")
    text = (
        '#iChannel0 "self"\n#iChannel1 "file://flow.glsl"\n#iChannel2 "file://noise.png"\n'
        '#iChannel2::WrapMode "Repeat"\n'
        + TOY
        % "texture(iChannel0, p) + texture(iChannel1, p) + texture(iChannel2, p)"
    )
    shader = toy(text, near=near)
    assert shader.parts[-1].channels == {
        "iChannel0": "isf_image", "iChannel1": "isf_bufferflow", "iChannel2": "isf_image_iChannel2",
    }  # fmt: skip
    assert (shader.imported[0].files, shader.imported[0].wrap) == (("/dir/noise.png",), "repeat")
    assert shader.passes[-1].persistent and "#iChannel" not in shader.parts[-1].body


def test_a_shader_on_somebody_elses_disk_is_looked_for_by_its_name() -> None:
    near = beside(bufferA_glsl=TOY % "1")
    shader = toy('#iChannel0 "file://D:/shaders/bufferA.glsl"\n' + TOY % "texture(iChannel0, p)", near=near)
    assert shader.parts[-1].channels == {"iChannel0": "isf_bufferA"}


def test_a_file_that_a_channel_names_and_that_is_not_there_is_told_at_its_line() -> None:
    shader = toy('\n#iChannel0 "file://gone.glsl"\n' + TOY % "texture(iChannel0, p)", near=beside())
    assert [(one.line, one.told("fr").remedy) for one in shader.warnings] == [(2, "placez-le là, ou corrigez la ligne")]


def test_a_vertex_shader_and_pictures_beside_a_shader_are_part_of_its_hash() -> None:
    text = '/*{"IMPORTED": {"a": {"PATH": "a.png"}, "b": {"PATH": "../b.png"}}}*/ void main() {}'
    shader = read(text, "dir/x.fs", beside=beside(x_vs="void main() {}", a_png=""))
    assert (shader.vertex, shader.vertex_file) == ("void main() {}", "dir/x.vs")
    assert shader.files == ("dir/x.vs", "/dir/a.png")
    assert [image.files for image in shader.imported] == [("/dir/a.png",), ("",)]
    assert [one.told().found for one in shader.warnings] == ['the picture "../b.png" of b is not there, and is black']


def test_generators_are_values_of_the_time() -> None:
    text = """/*{"GENERATORS": [{"NAME": "t", "TYPE": "time_base", "PARAMS": {"speed": 2}},
        {"NAME": "odd", "TYPE": "oracle"}]}*/ vec4 materialColorForPixel(vec2 p) { return vec4(t + odd); }"""
    shader = read(text, "a.fs")
    assert shader.generators == {"t": "float t = (TIME * (2.0) * 1.0 + 0.0);", "odd": "float odd = 0.0;"}
    assert [one.line for one in shader.warnings] == [2]
