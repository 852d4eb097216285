"""What a change of scene and a save cost on the wall, and whether memory stays flat: `bench scene`.

With `--long` 1,000 reloads in one process and 300 saves of a running site; else 100 and 10.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from installation.clock import HeldClock
from installation.feed import Values
from installation.score.layout import Layout
from installation.score.scene import Layer, Scene, Source, from_shader, laid_out
from installation.score.shaders import isf
from installation.stage.frame import Stage
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.window import Headless
from tests.bench.side import BODIES, ROOT, Row, drawing, row, shown, timed
from tests.site.venue import Site, until

PERIOD = 1000.0 / 60.0
AROUND = 110
"""Frames that are looked at from a change on: until both a dissolve and a transition of 1.5 s are over."""


class Programme:
    """A feed that says which of some scenes is wanted."""

    def __init__(self, scenes: list[Scene], clock: HeldClock) -> None:
        self.scenes: dict[str, tuple[Scene, Layout]] = {one.name: (one, laid_out(one, ())) for one in scenes}
        self.name, self.clock, self.tick = scenes[0].name, clock, 0

    def newest(self) -> Values:
        layout, now = self.scenes[self.name][1], self.clock.now()
        self.tick += 1
        words = {"scene": self.name, "peers": [], "override": "", "company": "together"}
        row_ = defaults(layout)
        return Values(layout.digest, self.tick, now, now, 1.0, 0.0, row_, np.zeros(layout.size), words)

    def send(self, kind: str, **body: Any) -> None:
        pass


def _scene(name: str, tint: float, transition: bool) -> Scene:
    head = '/*{"INPUTS": [{"NAME": "' + name + '", "TYPE": "float", "DEFAULT": 0.5}]}*/'
    body = BODIES["trivial"].replace("9.0", str(tint))
    base = from_shader(name, Source(f"{name}.fs", head + body))
    if not transition:
        return base
    file = ROOT / "shaders" / "transitions" / "fog_through.fs"
    passage = Layer(name="passage", file=file.name, shader=isf.read(file.read_text(), file.name))
    return msgspec.structs.replace(base, transition=passage)


def changes(window: Headless, times: int) -> list[Row]:
    """The longest frame from a change on, both scenes on the shelf; beside the dearest frame of no change at all."""
    out = []
    for transition in (False, True):
        clock = HeldClock()
        feed = Programme([_scene("a", 9.0, transition), _scene("b", 5.0, transition)], clock)
        stage = Stage(window, feed, feed, clock, lambda name, peers, f=feed: f.scenes[name], {}, rate=0.1)  # type: ignore[misc]
        stage.begin("a")

        def frame(clock: HeldClock = clock, stage: Stage = stage) -> None:
            clock.advance(1.0 / 60.0)
            stage.frame()

        bare = drawing(window.context, BODIES["trivial"])

        def plain(bare: Callable[..., None] = bare) -> None:
            window.frame.use()
            bare(1.0, window.size)
            window.context.finish()

        for name in ("b", "a"):  # compiled, drawn once, put on the shelf
            feed.name = name
            timed(frame, AROUND)
        longest, first, calm, theirs = [], [], [], []
        for n in range(times):
            calm += timed(frame, 10)
            feed.name = "ba"[n % 2]
            took, beside = [], []
            for _ in range(AROUND):
                took += timed(frame, 1)
                beside += timed(plain, 1)
            longest.append(max(took))
            first.append(took[0])
            theirs.append(max(beside))
        how = "by a transition" if transition else "by a dissolve"
        small = f"{window.size[0]}×{window.size[1]}"
        out += [
            row(f"a change {how}, {small}: longest of {AROUND} frames", float(np.median(longest)), "ms",
                "a bare loop's longest meanwhile", float(np.median(theirs)), "≤ 2 periods (33.3 ms)"),
            row(f"a change {how}: its first frame, median", float(np.median(first)), "ms", "a frame without a change",
                float(np.median(calm)), "≤ 2 periods"),
        ]  # fmt: skip
    return out


RELOADED = """/*{"INPUTS": [{"NAME": "glow", "TYPE": "float"}],
"PASSES": [{"TARGET": "kept", "PERSISTENT": true, "FLOAT": true}, {}]}*/
void main() { gl_FragColor = PASSINDEX == 0 ? IMG_THIS_PIXEL(kept) + %s : IMG_THIS_PIXEL(kept) * glow; }"""


def reloads(window: Headless, times: int) -> list[Row]:
    """Resident memory over reloads of two layers that remember, each with another text; beside bare programs."""
    tools = Tools(window.context)

    def ours(n: int) -> None:
        one = from_shader("r", Source("r.fs", RELOADED % f"{n}.0"))
        scene = msgspec.structs.replace(one, layers=(one.layers[0],), composed=True)
        layout = laid_out(scene, ())
        layers = Layers(tools, scene, layout, (64, 36))
        layers.draw(window.frame, defaults(layout), Moment())
        window.context.finish()
        layers.release()

    def bare(n: int) -> None:
        window.frame.use()
        drawing(window.context, BODIES["trivial"].replace("9.0", f"{n}.5"))(1.0, window.size)
        window.context.finish()

    grown = []
    for do in (bare, ours):
        for n in range(30):
            do(n)
        before = resident(os.getpid())
        for n in range(30, 30 + times):
            do(n)
        grown.append((before, resident(os.getpid())))
    (_, _), (before, after) = grown
    kilobytes = [1000.0 * (b - a) / times for a, b in grown]
    return [
        row(f"memory after {times} reloads of layers", after, "MB", "before them", before, "± 1 % over an hour"),
        row("memory a reload", kilobytes[1], "kB", "a bare program, compiled and drawn", kilobytes[0], "flat"),
    ]


def resident(pid: int) -> float:
    """Megabytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


SAVED = """/*{"INPUTS": [{"NAME": "glow", "TYPE": "float", "DEFAULT": 0.25}]}*/
void main() { gl_FragColor = vec4(vec3(%s.0 / 255.0), 1.0); }
"""


def saves(times: int) -> list[Row]:
    """From a save to the picture on a running site's wall, tasted before; and the memory of its processes."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), shader=SAVED % 10).start()
        try:
            until(lambda: site.pixel(0)[:1] == (10,), 10.0)
            took, sizes = [], []
            for n in range(times + 5):
                value = 20 + n * 7 % 200
                begun = time.monotonic()
                site.shader.write_text(SAVED % value)
                while site.pixel(0)[:1] != (value,):
                    time.sleep(0.002)
                    if time.monotonic() - begun > 10.0:
                        raise TimeoutError(f"save {n} has not come")
                took.append(1000.0 * (time.monotonic() - begun))
                if n == 4:
                    sizes.append(_whole(site))
                time.sleep(0.05)
            sizes.append(_whole(site))
        finally:
            site.stop()
    took = took[5:]
    return [
        row(f"a save to the wall, p50 of {times}", float(np.median(took)), "ms", "glslViewer's poll", 500.0,
            "≤ 300 ms"),
        row("a save to the wall, the worst", max(took), "ms", target="≤ 300 ms"),
        row(f"memory of stage, taster and control after {times} saves", sizes[1], "MB", "before them", sizes[0],
            "flat"),
    ]  # fmt: skip


def _whole(site: Site) -> float:
    stage = site.pid("main")
    children = Path(f"/proc/{stage}/task/{stage}/children").read_text().split()
    return sum(resident(int(pid)) for pid in (stage, site.pid("control"), *children))


def run(long: bool = False) -> list[Row]:
    """All rows."""
    window = Headless((1280, 720))
    found = changes(window, 10 if long else 2)
    return found + reloads(window, 1000 if long else 100) + saves(300 if long else 10)


if __name__ == "__main__":
    shown("--long" in sys.argv, run)
