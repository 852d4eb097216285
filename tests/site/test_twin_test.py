"""`twin-test`, as it is used: real processes, an ocean that is cut, a verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHADER = """/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.5}, {"NAME": "bang", "TYPE": "event"}]}*/
void main() { gl_FragColor = vec4(vec3(level), 1.0); }
"""
TABLE = '[[layer]]\nshader = "a.fs"\n\n[parameter.level]\nshare = "%s"\n\n[parameter.bang]\nshare = "sum"\n'


def scene(folder: Path, share: str) -> str:
    folder.mkdir()
    (folder / "a.fs").write_text(SHADER)
    (folder / "scene.toml").write_text(TABLE % share)
    return str(folder)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "installation.cli", "twin-test", *words, "--seconds", "1"]
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": str(folder), "JUMELAGE_HOME": str(folder / "home"),
    }  # fmt: skip
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=100)


def test_a_scene_that_shares_converges(tmp_path: Path) -> None:
    ran = run(tmp_path, scene(tmp_path / "one", "latest"), "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(ran.stdout)
    assert found["converges"] and found["real"]["agreed"] is not None and found["journal"]["lost"] == 0
    assert [row["address"] for row in found["parameters"]] == ["/scene/level", "/scene/bang"]


def test_two_versions_that_share_one_name_differently_do_not_and_the_line_is_told(tmp_path: Path) -> None:
    one, other = scene(tmp_path / "one", "latest"), scene(tmp_path / "other", "mean")
    ran = run(tmp_path, one, "--against", other, "--ocean", "lan")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "level is float (latest) here, and float (mean) in other/" in ran.stdout
    assert "does not converge" in ran.stdout and "Traceback" not in ran.stderr
