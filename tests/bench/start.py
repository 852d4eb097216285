"""From the command to the picture, beside a bare moderngl program in the same run, in turns.

`python -m tests.bench.start`; seven times each with `--long`, else three.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.bench.side import BARE, BODIES, CORNERS, ROOT, Row, row

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
