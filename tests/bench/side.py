"""What the benchmarks share: rows, drawings timed in turns, shaders of three weights, a stage without a site."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moderngl
import numpy as np

from installation.clock import RealClock
from installation.feed import Values
from installation.score.layout import Layout
from installation.score.scene import Scene, laid_out
from installation.stage.frame import Stage
from installation.stage.layers import defaults

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


def drawing(context: moderngl.Context, body: str) -> Callable[[float, tuple[int, int]], None]:
    """One of BODIES on the driver, bare: told the time and the picture's size, it draws into the frame in use."""
    program: Any = context.program(vertex_shader=CORNERS, fragment_shader=BARE + body.replace("gl_FragColor", "color"))
    array = context.vertex_array(program, [])

    def draw(now: float, size: tuple[int, int]) -> None:
        for name, value in (("TIME", now), ("RENDERSIZE", size)):
            if name in program:
                program[name].value = value
        array.render(moderngl.TRIANGLES, 3)

    return draw


def staged(window: Any, scene: Scene) -> Stage:
    layout = laid_out(scene, ())
    feed = Feed(layout, scene.name)
    # A rate that no machine is too slow for: nothing must be drawn smaller while it is measured.
    stage = Stage(window, feed, feed, RealClock(), lambda name, peers: (scene, layout), {}, rate=0.1)
    stage.begin(scene.name)
    return stage


def timed(draw: Callable[[], None], count: int, now: Callable[[], float] = time.perf_counter) -> list[float]:
    """Milliseconds of each of `count` drawings; by `time.process_time`, those of all threads together."""
    out = [0.0] * count
    for n in range(count):
        begun = now()
        draw()
        out[n] = 1000.0 * (now() - begun)
    return out


def in_turns(
    first: Callable[[], None],
    second: Callable[[], None],
    blocks: int,
    count: int,
    limit: float = math.inf,
    clock: Callable[[], float] = time.perf_counter,
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
                into += timed(draw, 1, clock)
        one.append(pair[0][1])
        two.append(pair[1][1])
    return one, two


def median_of(blocks: list[list[float]], part: float) -> float:
    return float(np.median([np.percentile(block, part) for block in blocks]))


def above(ours: list[list[float]], theirs: list[list[float]]) -> float:
    """How much longer ours took than its neighbour in time, in the median of all pairs: what else ran fell on both."""
    return float(np.median(np.concatenate([np.subtract(a, b) for a, b in zip(ours, theirs, strict=True)])))


def shown(long: bool, run: Callable[[bool], list[Row]]) -> None:
    """All rows of a benchmark that is run by itself, and how busy the machine was."""
    for found in run(long):
        ratio = f"{found['ratio']:.3f}×" if found["ratio"] is not None else ""
        print(f"{found['name']:70} {found['value']:10.4f} {found['unit']:5} | {found['reference_value']:9.4f} "
              f"{found['reference']:28} {ratio:>8}  target {found['target']}", flush=True)  # fmt: skip
    print(f"load of the machine over a minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
