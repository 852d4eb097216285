"""Reading, translating and compiling 300 shaders, beside the driver's own time for the same texts: `bench shaders`.

The corpus and the library, each text many times with another constant in it, so that no cache of ours helps; in a
process of its own, since a driver decides at its start whether it keeps what it compiled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from installation.library import Library
from tests.bench.side import ROOT, Row, row, shown

COUNT = 300
NAIVE = 3
"""So many processes that compile one shader each."""


def texts() -> list[Path]:
    """Every shader file that stands by itself."""
    every = [*(ROOT / "tests" / "corpus").rglob("*"), *(ROOT / "shaders").rglob("*.fs")]
    return sorted(one for one in every if one.suffix in (".fs", ".frag", ".glsl") and "include" not in one.parts
                  and "engine" not in one.parts and one.parent.name != "folder")  # fmt: skip


def changed(folder: Path, count: int) -> list[Path]:
    """`count` files of the same texts in folders of their own, each with a constant that no other has."""
    found = texts()
    out = []
    for n in range(count):
        file = found[n % len(found)]
        inside = folder / str(n // len(found)) / file.parent.name
        inside.mkdir(parents=True, exist_ok=True)
        for beside in [*file.parent.glob("*.png"), *file.parent.glob("pictures"), *file.parent.glob(f"{file.stem}.vs")]:
            if not (inside / beside.name).exists():
                (inside / beside.name).symlink_to(beside)
        (inside / file.name).write_text(f"{file.read_text()}\nfloat bench_{n}() {{ return {n}.25; }}\n")
        out.append(inside / file.name)
    return out


def child(folder: Path, count: int) -> dict[str, list[float]]:
    """Milliseconds of CPU for each shader: reading and translating, compiling as we do, the same texts bare."""
    from installation.score.problem import Fault
    from installation.score.shaders.glsl import translate
    from installation.stage.context import headless, version
    from installation.stage.program import compiled

    context = headless()
    shelves = [folder, ROOT]
    clock = time.process_time
    found: dict[str, list[float]] = {"read": [], "translate": [], "ours": [], "bare": []}
    for n, file in enumerate(changed(folder, count)):
        try:
            begun = clock()
            shader = Library(shelves).scene_at(file).layers[0].shader
            read = clock()
            program = translate(shader, version(context))
            translated = clock()
            for one in ("ours", "bare") if n % 2 else ("bare", "ours"):
                begun_ = clock()
                if one == "ours":
                    compiled(context, shader).release()
                else:
                    for at, stages in enumerate(program.stages):
                        other = f"\nfloat bare_{n}_{at}() {{ return {n}.75; }}\n"
                        context.program(vertex_shader=stages.vertex, fragment_shader=stages.fragment + other).release()
                found[one].append(1000 * (clock() - begun_))
            found["read"].append(1000 * (read - begun))
            found["translate"].append(1000 * (translated - read))
        except Fault:
            continue
    return found


def measured(count: int, cache: Path | None) -> dict[str, list[float]]:
    """The child's numbers; `cache` is where the driver keeps what it compiles, None for nowhere."""
    driver = {"MESA_SHADER_CACHE_DIR": str(cache)} if cache else {"MESA_SHADER_CACHE_DISABLE": "true"}
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tests.bench.shaders", "--child", folder, str(count)]
        environment = {**os.environ, **driver, "PYTHONPATH": str(ROOT)}
        out = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
    found: dict[str, list[float]] = json.loads(out)
    return found


def naive() -> float:
    """Seconds for one shader in a process of its own, all told; the least of some."""
    words = [sys.executable, "-m", "installation.cli", "check", str(ROOT / "shaders" / "filters" / "fog.fs")]
    took = []
    for _ in range(NAIVE):
        begun = time.perf_counter()
        subprocess.run(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
        took.append(time.perf_counter() - begun)
    return min(took)


def run(long: bool = False) -> list[Row]:
    """All rows; 300 shaders always."""
    with tempfile.TemporaryDirectory() as cache:
        cold = measured(COUNT, None)
        measured(COUNT // 3, Path(cache))
        warm = measured(COUNT // 3, Path(cache))
    alone = 1000 * naive()
    return [*_rows("no driver cache", cold, alone), *_rows("driver cache warm", warm, alone)]


def _rows(how: str, found: dict[str, list[float]], alone: float) -> list[Row]:
    read, ours, bare = (np.array(found[name]) for name in ("read", "ours", "bare"))
    beyond = read + ours - bare
    many = len(ours)
    rows: list[Any] = [
        ("read, translated and compiled, p50", np.median(read + ours), "the driver alone", np.median(bare), ""),
        ("beyond the driver, mean", beyond.mean(), "a process each (check)", alone, "≤ 30 ms"),
        ("beyond the driver, p99", np.percentile(beyond, 99), "the driver's p99", np.percentile(bare, 99), "≤ 30 ms"),
        ("translating alone, p50", np.median(found["translate"]), "", 0.0, ""),
    ]
    return [row(f"{many} shaders, {how}: {name}", float(value), "ms", against, float(other), target)
            for name, value, against, other, target in rows]  # fmt: skip


if __name__ == "__main__":
    if "--child" in sys.argv:
        print(json.dumps(child(Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        shown("--long" in sys.argv, run)
