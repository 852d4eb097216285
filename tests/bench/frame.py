"""The frame's benchmarks, each beside its reference in the same run, in turns: `python -m tests.bench.frame`.

With `--long` as long as the targets ask; else under 45 seconds.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moderngl
import msgspec
import numpy as np

from installation.clock import RealClock
from installation.feed import Values
from installation.score.layout import Layout
from installation.score.parameter import Parameter
from installation.score.scene import Layer, Scene, Source, from_shader, laid_out
from installation.score.shaders import isf
from installation.stage.frame import Stage
from installation.stage.layers import defaults
from installation.stage.pace import Pace
from installation.stage.passes import canvas
from installation.stage.window import Headless

ROOT = Path(__file__).resolve().parents[2]
BARE = "#version 330 core\nuniform float TIME;\nuniform vec2 RENDERSIZE;\nin vec2 isf_FragNormCoord;\nout vec4 color;\n"
CORNERS = """#version 330 core
out vec2 isf_FragNormCoord;
void main() { vec2 p = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
isf_FragNormCoord = p * 0.5 + 0.5; gl_Position = vec4(p, 0.0, 1.0); }"""
BODIES = {
    "trivial": "void main() { gl_FragColor = vec4(0.5 + 0.5 * sin(isf_FragNormCoord.xyx * 9.0 + TIME), 1.0); }",
    "mid": """
float hash(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }
float noise(vec2 p) { vec2 i = floor(p), f = fract(p); f = f * f * (3.0 - 2.0 * f);
  return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y); }
void main() { vec2 p = isf_FragNormCoord * 6.0 + TIME * 0.1; float v = 0.0, a = 0.5;
  for (int i = 0; i < 5; i++) { v += a * noise(p); p *= 2.03; a *= 0.5; } gl_FragColor = vec4(vec3(v), 1.0); }""",
    "heavy": """
float map(vec3 p) { p = mod(p + 2.0, 4.0) - 2.0;
  return length(p) - 0.6 - 0.08 * sin(7.0 * p.x + TIME) * sin(7.0 * p.y); }
void main() { vec2 u = (gl_FragCoord.xy * 2.0 - RENDERSIZE) / RENDERSIZE.y; vec3 o = vec3(0.0, 0.0, TIME);
  vec3 d = normalize(vec3(u, 1.5)); float t = 0.0; for (int i = 0; i < 64; i++) { t += map(o + d * t) * 0.7; }
  gl_FragColor = vec4(vec3(1.0 / (1.0 + t * t * 0.05)), 1.0); }""",
}
Row = dict[str, Any]


def row(name: str, value: float, unit: str, reference: str = "", reference_value: float = 0.0, target: str = "") -> Row:
    ratio = round(value / reference_value, 4) if reference_value else None
    return {
        "name": name, "value": round(value, 4), "unit": unit, "reference": reference,
        "reference_value": round(reference_value, 4), "ratio": ratio, "target": target,
    }  # fmt: skip


class Feed:
    """A feed whose values change at each look, and a report that nobody reads."""

    def __init__(self, layout: Layout, name: str) -> None:
        self._layout, self._clock, self._tick = layout, RealClock(), 0
        self._words = {"scene": name, "peers": [], "override": "", "company": "together"}
        self._columns = [defaults(layout), np.clip(defaults(layout) + 0.1, 0, 1)]
        self._slopes = np.full(layout.size, 0.01)

    def newest(self) -> Values:
        self._tick += 1
        now = self._clock.now()
        return Values(
            self._layout.digest,
            self._tick,
            now,
            now,
            1.0,
            0.0,
            self._columns[self._tick % 2],
            self._slopes,
            self._words,
        )

    def send(self, kind: str, **body: Any) -> None:
        if kind == "problem":
            raise AssertionError(body)


def staged(window: Any, scene: Scene) -> Stage:
    layout = laid_out(scene, ())
    feed = Feed(layout, scene.name)
    stage = Stage(window, feed, feed, RealClock(), lambda name, peers: (scene, layout), {})
    stage.begin(scene.name)
    return stage


def timed(draw: Callable[[], None], count: int) -> list[float]:
    """Milliseconds of each of `count` drawings."""
    now, out = time.perf_counter, [0.0] * count
    for n in range(count):
        begun = now()
        draw()
        out[n] = 1000.0 * (now() - begun)
    return out


def in_turns(
    first: Callable[[], None], second: Callable[[], None], blocks: int, count: int, limit: float = math.inf
) -> tuple[list[list[float]], ...]:
    """Both in turns, a frame each, after some that do not count; who comes first turns with each block.

    A frame each and not a block each: what else the machine does changes over seconds, and falls on both alike.
    After `limit` seconds no block is begun, but for the first three.
    """
    timed(first, 3), timed(second, 3)
    one: list[list[float]] = []
    two: list[list[float]] = []
    begun = time.perf_counter()
    for block in range(blocks):
        if block >= 3 and time.perf_counter() - begun > limit:
            break
        pair: Any = ((first, []), (second, []))
        for _ in range(count):
            for draw, into in pair[:: 1 if block % 2 else -1]:
                into += timed(draw, 1)
        one.append(pair[0][1])
        two.append(pair[1][1])
    return one, two


def median_of(blocks: list[list[float]], part: float) -> float:
    return float(np.median([np.percentile(block, part) for block in blocks]))


def above(ours: list[list[float]], theirs: list[list[float]]) -> float:
    """How much longer ours took than its neighbour in time, in the median of all pairs: what else ran fell on both."""
    return float(np.median(np.concatenate([np.subtract(a, b) for a, b in zip(ours, theirs, strict=True)])))


def one_layer(window: Headless, blocks: int, scale: int) -> list[Row]:
    out: list[Row] = []
    size = f"{window.size[0]}×{window.size[1]}"
    for name, count, target in (("trivial", 60, "≤ +0.15 ms"), ("mid", 15, "≤ 1.03×"), ("heavy", 1, "≤ 1.03×")):
        stage = staged(window, from_shader(name, Source(f"{name}.fs", "/*{}*/" + BODIES[name])))
        text = BARE + BODIES[name].replace("gl_FragColor", "color")
        program = window.context.program(vertex_shader=CORNERS, fragment_shader=text)
        array = window.context.vertex_array(program, [])
        begun = time.monotonic()

        def bare(program: Any = program, array: Any = array, begun: float = begun) -> None:
            if "TIME" in program:
                program["TIME"].value = time.monotonic() - begun
            if "RENDERSIZE" in program:
                program["RENDERSIZE"].value = window.size
            window.frame.use()
            array.render(moderngl.TRIANGLES, 3)
            window.context.finish()

        ours, theirs = in_turns(stage.frame, bare, blocks, count * scale, 7.0 if scale == 1 else math.inf)
        if name == "trivial":
            out.append(row(f"one layer, {name}, {size}, above bare, p50 of the pairs", above(ours, theirs), "ms",
                           target=target))  # fmt: skip
        for part, what in ((50, "p50"), (99, "p99")):
            aim = target if part == 50 else "≤ 1.10×"
            out.append(
                row(
                    f"one layer, {name}, {size}, {what} ({len(ours)} blocks)",
                    median_of(ours, part),
                    "ms",
                    "bare moderngl loop",
                    median_of(theirs, part),
                    aim,
                )
            )
    return out


NULL = "void main() { gl_FragColor = vec4(0.0); }"


def five_layers() -> Scene:
    """Five layers with 40 parameters each."""
    layers: list[Layer] = []
    parameters: list[Parameter] = []
    for n in range(5):
        inputs = ",".join(f'{{"NAME":"p{n}_{k}","TYPE":"float"}}' for k in range(40))
        shader = isf.read('/*{"INPUTS":[' + inputs + "]}*/" + NULL, f"l{n}.fs")
        layers.append(Layer(name=f"l{n}", file=f"l{n}.fs", shader=shader))
        parameters += shader.parameters
    base = from_shader("five", Source("five.fs", "/*{}*/" + NULL))
    return msgspec.structs.replace(base, layers=tuple(layers), parameters=tuple(parameters))


def own_time(window: Headless, blocks: int, scale: int) -> list[Row]:
    stage = staged(window, five_layers())
    text = BARE + NULL.replace("gl_FragColor", "color")
    null = window.context.program(vertex_shader=CORNERS, fragment_shader=text)
    array = window.context.vertex_array(null, [])
    (one, into), (two, onto) = (canvas(window.context, window.size) for _ in range(2))
    (_, upon), blend = canvas(window.context, window.size), stage.tools.blending

    def bare() -> None:
        for n in range(9):  # five layers, four blends
            (upon if n % 2 else into if n % 4 else onto).use()
            if n % 2:
                one.use(0)
                two.use(1)
            (blend if n % 2 else array).render(moderngl.TRIANGLES, 3)
        window.context.finish()

    ours, theirs = in_turns(stage.frame, bare, blocks, 200 * scale)
    out = []
    for part, target in ((50, "≤ 0.15 ms"), (99, "≤ 0.4 ms")):
        value, driver = median_of(ours, part), median_of(theirs, part)
        name = f"the stage's own time, 200 parameters, 5 layers, 64×36, p{part}"
        out.append(row(name, value - driver, "ms", "the same nine drawings bare", driver, target))
    return out


def uniforms(window: Headless, blocks: int, scale: int) -> list[Row]:
    """Decision 0020: 200 values one by one, or in one block."""
    names = [f"u{n}" for n in range(200)]
    total = " + ".join(names)
    loose = "".join(f"uniform float {name};\n" for name in names)
    block = "layout(std140) uniform Block {\n" + "".join(f"float {name};\n" for name in names) + "};\n"
    head, tail = "#version 330 core\nout vec4 color;\n", f"void main() {{ color = vec4({total}); }}"
    one = window.context.program(vertex_shader=CORNERS, fragment_shader=head + loose + tail)
    all_ = window.context.program(vertex_shader=CORNERS, fragment_shader=head + block + tail)
    members: list[Any] = [one[name] for name in names]
    values, spread = np.random.default_rng(1).random(200), np.arange(200) * 4
    floats, buffer = np.zeros(800, np.float32), window.context.buffer(reserve=3200, dynamic=True)
    all_["Block"].binding = 0  # type: ignore[union-attr]
    buffer.bind_to_uniform_block(0)

    def singly() -> None:
        for member, value in zip(members, values, strict=True):
            member.value = value

    def at_once() -> None:
        floats[spread] = values
        buffer.write(floats)

    ours, theirs = in_turns(at_once, singly, blocks, 300 * scale)
    return [
        row(
            "200 values to the driver, p50",
            1000 * median_of(ours, 50),
            "µs",
            "one by one",
            1000 * median_of(theirs, 50),
        )
    ]


def waited(count: int) -> tuple[list[float], list[float]]:
    """When ours and a bare waiter of the same kind came back, in turns: the bare one half a period after ours."""
    period, pace = 1.0 / 60.0, Pace(RealClock(), 60.0)
    origin = pace.wait()
    ours: list[float] = []
    bare: list[float] = []
    for n in range(1, count + 1):
        pace.wait()
        ours.append(time.monotonic())
        due = origin + (n + 0.5) * period
        while (left := due - time.monotonic()) > 0.001:
            time.sleep(left - 0.001)
        while time.monotonic() < due:
            pass
        bare.append(time.monotonic())
    return ours, bare


def pacing(blocks: int, seconds: float) -> list[Row]:
    """Errors of the period at 60 Hz: ours and a bare waiter of the same kind, in turns."""
    period = 1.0 / 60.0
    pairs = [waited(int(seconds * 60)) for _ in range(blocks)]
    errors = [[1000 * np.abs(np.diff(one) - period) for one in pair] for pair in pairs]
    quiet = [n for n, pair in enumerate(errors) if np.percentile(pair[1], 99) <= QUIET]
    said = f"{blocks - len(quiet)} of {blocks} blocks dropped"
    if not quiet:
        quiet, said = list(range(blocks)), f"none of {blocks} blocks was quiet: all are counted"
    rate = float(np.mean([(len(pairs[n][0]) - 1) / (pairs[n][0][-1] - pairs[n][0][0]) for n in quiet]))
    out = [row(f"pacing, mean rate ({said})", rate, "Hz", "the grid", 60.0, "60 ± 0.01")]
    for part, target in ((50, "≤ 0.02 ms"), (99, "≤ bare + 0.1 ms")):
        ours_, bare_ = (float(np.median([np.percentile(errors[n][k], part) for n in quiet])) for k in (0, 1))
        out.append(row(f"pacing at 60 Hz, error p{part}", ours_, "ms", "the same waiter bare", bare_, target))
    return out


QUIET = 0.3
"""Milliseconds: where the bare waiter's p99 is beyond, the machine did something else."""


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


def run(long: bool = False) -> list[Row]:
    """All of it; under 45 seconds, or with `long` as the targets have it."""
    blocks, scale = 9, 5 if long else 1
    window = Headless((1280, 720))
    out = one_layer(window, blocks, scale)
    out += uniforms(window, blocks, scale)
    out += _small(window, blocks, scale)
    out += pacing(blocks, 10.0 if long else 1.5)
    return out + start(7 if long else 3)


def _small(window: Headless, blocks: int, scale: int) -> list[Row]:
    """The same context, a smaller canvas."""
    window.size = (64, 36)
    window._texture, window.frame = canvas(window.context, window.size)
    return own_time(window, blocks, scale)


def main() -> None:
    for found in run("--long" in sys.argv):
        ratio = f"{found['ratio']:.3f}×" if found["ratio"] is not None else ""
        print(f"{found['name']:66} {found['value']:10.4f} {found['unit']:3} | {found['reference_value']:9.4f} "
              f"{found['reference']:28} {ratio:>8}  target {found['target']}")  # fmt: skip


if __name__ == "__main__":
    main()
