"""The frame's benchmarks, each beside its reference in the same run, in turns: `python -m tests.bench.frame`.

With `--long` as long as the targets ask; else under 40 seconds.
"""

from __future__ import annotations

import math
import sys
import time
from typing import Any

import moderngl
import msgspec
import numpy as np

from installation.clock import RealClock
from installation.score.parameter import Parameter
from installation.score.scene import Layer, Scene, Source, from_shader
from installation.score.shaders import isf
from installation.stage.blending import Over
from installation.stage.pace import Pace
from installation.stage.passes import canvas
from installation.stage.window import Headless
from tests.bench import composed
from tests.bench.side import BARE, BODIES, CORNERS, Row, above, drawing, in_turns, median_of, row, shown, staged


def one_layer(window: Headless, blocks: int, scale: int) -> list[Row]:
    out: list[Row] = []
    size = f"{window.size[0]}×{window.size[1]}"
    for name, count, target in (("trivial", 60, "≤ +0.15 ms"), ("mid", 15, "≤ 1.03×"), ("heavy", 1, "≤ 1.03×")):
        stage = staged(window, from_shader(name, Source(f"{name}.fs", "/*{}*/" + BODIES[name])))
        plain, begun = drawing(window.context, BODIES[name]), time.monotonic()

        def bare(plain: Any = plain, begun: float = begun) -> None:
            window.frame.use()
            plain(time.monotonic() - begun, window.size)
            window.context.finish()

        ours, theirs = in_turns(stage.frame, bare, blocks, count * scale, 2.5 if scale == 1 else math.inf)
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
    (_, upon), blend = canvas(window.context, window.size), stage.tools.blender(Over().kind(False)).array

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


def run(long: bool = False) -> list[Row]:
    """All of it; under 40 seconds, or with `long` as the targets have it."""
    blocks, scale = 9, 5 if long else 1
    window = Headless((1280, 720))
    out = one_layer(window, blocks, scale)
    out += composed.rows(window, 5, scale)
    out += uniforms(window, blocks, scale)
    out += _small(window, blocks, scale)
    return out + pacing(blocks, 10.0 if long else 0.7)


def _small(window: Headless, blocks: int, scale: int) -> list[Row]:
    """The same context, a smaller canvas."""
    window.size = (64, 36)
    window._texture, window.frame = canvas(window.context, window.size)
    return own_time(window, blocks, scale)


if __name__ == "__main__":
    shown("--long" in sys.argv, run)
