"""The translation holds under a strict second compiler, glslangValidator, at the lowest and at macOS's version."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from installation.score.shaders.glsl import OURS, translate
from installation.score.shaders.isf import read

VALIDATOR = shutil.which("glslangValidator")
SHADERS = {
    "every input": """/*{"INPUTS": [{"NAME": "f", "TYPE": "float"}, {"NAME": "b", "TYPE": "bool"}, {"NAME": "l", "TYPE":
        "long"}, {"NAME": "e", "TYPE": "event"}, {"NAME": "p", "TYPE": "point2D"}, {"NAME": "c", "TYPE": "color"}]}*/
        void main() { gl_FragColor = b || e ? c : vec4(p, f, float(l)); }""",
    "built-ins": """/*{}*/ void main() { gl_FragColor = vec4(TIME + TIMEDELTA + DATE.w, RENDERSIZE, 1.0)
        + float(FRAMEINDEX + PASSINDEX) + vec4(isf_FragNormCoord, vv_FragNormCoord); }""",
    "nested images": """/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}], "PASSES": [{"TARGET": "b"}, {}]}*/
        #define LOOK(s, p) IMG_NORM_PIXEL(s, p)
        vec4 through(sampler2D s, vec2 p) { return IMG_PIXEL(s, p) + IMG_THIS_PIXEL(s); }
        void main() { gl_FragColor = through(b, IMG_PIXEL(inputImage, IMG_SIZE(b)).xy)
        + LOOK(inputImage, LOOK(b, vec2(0.5)).xy) + IMG_THIS_NORM_PIXEL(b) * _b_imgRect + texture2D(b, vec2(0)); }""",
    "words since reserved": """/*{"INPUTS": [{"NAME": "sample", "TYPE": "float"}]}*/
        float smooth(float filter) { float buffer = filter * sample; return buffer; }
        void main() { gl_FragColor = vec4(smooth(0.5)); }""",
    "old headers": """/*{}*/
        #version 120
        #extension GL_OES_standard_derivatives : enable
        #ifdef GL_ES
        precision highp float;
        #endif
        uniform float TIME;
        void main() { gl_FragData[0] = vec4(fwidth(TIME * gl_FragCoord.x)); }""",
    "shadertoy": """void mainImage(out vec4 c, in vec2 p) { c = vec4(p / iResolution.xy, sin(iTime), iDate.w)
        + texture(iChannel0, p / iChannelResolution[0].xy) + iMouse + float(iFrame); }""",
    "book of shaders": """#ifdef GL_ES
        precision mediump float;
        #endif
        uniform vec2 u_resolution; uniform float u_time, u_own; uniform vec2 u_mouse;
        void main() { gl_FragColor = vec4(gl_FragCoord.xy / u_resolution, sin(u_time) + u_own, u_mouse.x); }""",
    "sandbox": """uniform float time; uniform vec2 resolution;
        void main() { gl_FragColor = vec4(gl_FragCoord.xy / resolution, time, 1.0); }""",
    "its own out": "out vec4 color; void main() { color = vec4(1.0); }",
    "flat stays": "flat in int unused; void main() { gl_FragColor = vec4(1.0); }",
}


@pytest.mark.skipif(VALIDATOR is None, reason="glslangValidator is missing: apt-get install glslang-tools")
@pytest.mark.parametrize("version", [330, 410])
@pytest.mark.parametrize("name", SHADERS)
def test_a_strict_compiler_takes_it(name: str, version: int, tmp_path: Path) -> None:
    program = translate(read(SHADERS[name], "a.fs"), version)
    for stage, text in (("frag", program.fragment), ("vert", program.vertex)):
        file = tmp_path / f"a.{stage}"
        file.write_text(text)
        found = subprocess.run([str(VALIDATOR), str(file)], capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout


def test_the_artists_lines_keep_their_numbers_and_ours_are_apart() -> None:
    program = translate(read("/*{\n}*/\nvoid main() {}", "a.fs"), 330)
    lines = program.fragment.split("\n")
    assert lines[lines.index("#line 1") + 3] == "void isf_main() {}"
    assert lines[1] == f"#line {OURS}"


def test_a_directive_hoisted_leaves_its_line_empty() -> None:
    program = translate(read("#version 300 es\n#extension GL_A : require\nvoid main() {}", "a.fs"), 450)
    assert program.fragment.startswith("#version 450 core\n#extension GL_A : enable\n")
    assert "#line 1\n\n\nvoid isf_main()" in program.fragment


def test_the_block_is_packed_as_std140_lays_it() -> None:
    """Worked out by hand: vec4s at multiples of 4 numbers, vec2s at multiples of 2, then the rest."""
    text = """/*{"INPUTS": [{"NAME": "f", "TYPE": "float"}, {"NAME": "p", "TYPE": "point2D"},
        {"NAME": "c", "TYPE": "color"}]}*/ void main() {}"""
    fields = translate(read(text, "a.fs"), 330).fields
    assert {name: fields[name].at for name in ("DATE", "c", "RENDERSIZE", "p", "TIME", "f")} == {
        "DATE": 0, "c": 4, "RENDERSIZE": 8, "p": 10, "TIME": 12, "f": 16,
    }  # fmt: skip


def test_a_line_that_runs_on_leaves_the_next_its_number() -> None:
    program = translate(read("/*{}*/\n#define A \\\n 1.0\nvoid main() {}", "a.fs"), 330)
    lines = program.fragment.split("\n")
    assert lines[lines.index("#line 1") + 4] == "void isf_main() {}"


def test_names_that_are_read_are_given_in_the_type_they_are_declared_in() -> None:
    text = "uniform vec2 iResolution; uniform float u_frame;"
    text += "void main() { gl_FragColor = vec4(iResolution, u_frame, 1.0); }"
    fragment = translate(read(text, "a.frag"), 330).fragment
    assert "vec2 iResolution = (vec3(isf_RENDERSIZE, 1.0)).xy;" in fragment
    assert "float u_frame = float(isf_FRAMEINDEX);" in fragment


def test_what_a_shader_does_not_read_is_not_given() -> None:
    fragment = translate(read("void mainImage(out vec4 c, in vec2 p) { c = vec4(1.0); }", "a.glsl"), 330).fragment
    assert "iTime" not in fragment and "IMG_" not in fragment
