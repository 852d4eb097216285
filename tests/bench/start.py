"""From the command to the picture, beside a bare moderngl program in the same run, in turns.

`python -m tests.bench.start`; seven times each with `--long`, else twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.bench.side import BARE, BODIES, CORNERS, ROOT, Row, row, shown
from tests.site.venue import Site, until

BARE_START = """
import os, sys, moderngl
context = moderngl.create_standalone_context(require=330, backend="egl")
program = context.program(vertex_shader=sys.argv[2], fragment_shader=sys.argv[3])
array, frame = context.vertex_array(program, []), context.simple_framebuffer((1280, 720), 4)
frame.use()
array.render(moderngl.TRIANGLES, 3)
context.finish()
os.write(int(sys.argv[1]), b"ready\\n")
while True: array.render(moderngl.TRIANGLES, 3); context.finish()
"""


def started(command: Callable[[int], list[str]]) -> tuple[float, float]:
    """Seconds from the process's start to its first frame, and its share of the memory in MB."""
    read, write = os.pipe()
    begun = time.perf_counter()
    process = subprocess.Popen(command(write), pass_fds=[write], env={**os.environ, "PYTHONPATH": str(ROOT)})
    os.close(write)
    said = b""
    while b"ready" not in said:
        more = os.read(read, 4096)
        if not more:
            raise RuntimeError(f"{command(0)[:4]} ended before its first frame")
        said += more
    seconds, megabytes = time.perf_counter() - begun, pss(process.pid)
    process.kill()
    process.wait()
    os.close(read)
    return seconds, megabytes


def pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


SHADER = "/*{}*/ void main() { gl_FragColor = vec4(0.2, 0.4, 0.6, 1.0); }"


def walls(folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds from `jumelage run` to its stage's first frame, and to its scene on the wall."""
    site = Site(folder, shader=SHADER)
    site.environment |= environment
    begun = time.perf_counter()
    words = [*site.verb_command("run", str(site.rig)), "--json", "--headless"]
    site.log = open(folder / "here.log", "w+")  # noqa: SIM115
    site.process = subprocess.Popen(words, cwd=folder, env=site.environment, stdout=subprocess.PIPE, stderr=site.log,
                                    text=True)  # fmt: skip
    try:
        until(lambda: site.picture() is not None and site.picture().any(), 20.0)
        first = time.perf_counter() - begun
        until(lambda: site.pixel(0)[:3] == (51, 102, 153), 20.0)
        return first, time.perf_counter() - begun
    finally:
        site.stop()


def render(folder: Path) -> float:
    """Seconds of `jumelage render` from its start to its end, one small picture."""
    (folder / "one.fs").write_text(SHADER)
    words = [sys.executable, "-m", "installation.cli", "render", str(folder / "one.fs"), "--size", "64x36"]
    begun = time.perf_counter()
    subprocess.run([*words, "--out", str(folder / "one.png")], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
                   capture_output=True)  # fmt: skip
    return time.perf_counter() - begun


def commands(times: int) -> list[Row]:
    """The commands that a person types: `render`, and `run` in a fresh home and in one that knows the scene."""
    rendered, fresh, known, bare = [], [], [], []
    text = BARE + BODIES["trivial"].replace("gl_FragColor", "color")
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            cache = {"MESA_SHADER_CACHE_DIR": str(folder / "cache")}
            bare.append(started(lambda pipe: [sys.executable, "-c", BARE_START, str(pipe), CORNERS, text])[0])
            rendered.append(render(folder))
            fresh.append(walls(folder, cache))
            known.append(walls(folder, cache))
    reference = float(np.median(bare))
    found = [("render, start to end", float(np.median(rendered)), "≤ 0.5 s")]
    for how, both in (("a fresh home", fresh), ("a known home", known)):
        first, scene = np.median(both, axis=0)
        found.append((f"run in {how}, first frame", float(first), "≤ 0.8 s"))
        found.append((f"run in {how}, the scene whole on the wall (1.5 s of it a dissolve)", float(scene), "≤ 2.3 s"))
    return [row(name, value, "s", "bare moderngl", reference, target) for name, value, target in found]


def start(times: int) -> list[Row]:
    text = BARE + BODIES["mid"].replace("gl_FragColor", "color")
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"jumelage-bench-{os.getpid()}"
    (folder / "scenes").mkdir(parents=True, exist_ok=True)
    (folder / "scenes" / "mid.fs").write_text("/*{}*/" + BODIES["mid"])
    stage = [sys.executable, "-m", "installation.stage", "--headless", "--scene", "mid", "--project", str(folder)]
    both = [
        (
            started(lambda pipe: [*stage, "--size", "1280x720", "--heartbeat", str(pipe)]),
            started(lambda pipe: [sys.executable, "-c", BARE_START, str(pipe), CORNERS, text]),
        )
        for _ in range(times)
    ]
    (folder / "scenes" / "mid.fs").unlink()
    (folder / "scenes").rmdir()
    folder.rmdir()
    ours, theirs = (np.median([pair[k] for pair in both], axis=0) for k in (0, 1))
    return [
        row("stage, start to first frame", float(ours[0]), "s", "bare moderngl", float(theirs[0]), "run ≤ 0.8 s"),
        row("stage, memory (PSS)", float(ours[1]), "MB", "bare moderngl", float(theirs[1]), "with control ≤ +170 MB"),
    ]


def run(long: bool = False) -> list[Row]:
    """All rows."""
    times = 7 if long else 2
    return [*commands(times), *start(times)]


if __name__ == "__main__":
    shown("--long" in sys.argv, run)
