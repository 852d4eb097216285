"""What the taster does: compiles a scene, draws it small, then at its size, and says before each step what it begins.

It runs in a process of its own beside the stage; `taster` is the stage's end. What never ends, ends with this process.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

import msgspec
import numpy as np

from installation.score.problem import Fault, sent
from installation.score.scene import Scene, laid_out
from installation.stage.compiling import compiling
from installation.stage.context import headless
from installation.stage.layers import Layers, Moment, Tools
from installation.stage.passes import canvas
from installation.stage.program import ended

LENGTH = struct.Struct("<I")
SMALL = (64, 36)
FRAMES = 3
"""So many small frames: the second reads what the first has left in its buffers."""
COMPILING, DRAWING = 8.0, 3.0
"""Seconds for one program, and for one frame."""
ROOM = 4 << 30
"""Bytes of address space beyond what the driver takes for itself: the last wall, should the stage look too late."""


class Order(msgspec.Struct, frozen=True):
    """A scene to taste, with the numbers that it is to be drawn with and the seconds that its time has reached."""

    number: int
    scene: Scene
    peers: tuple[str, ...]
    row: tuple[float, ...]
    size: tuple[int, int]
    time: float = 0.0


class Said(msgspec.Struct, frozen=True):
    """What the taster says: `ready`, a `step` that it begins (what, and the seconds it may take), or `done`.

    `problems` are as they travel (problem.sent); `costs` are milliseconds by layer for one frame at the size asked.
    """

    kind: str
    number: int = 0
    what: str = ""
    file: str = ""
    seconds: float = 0.0
    problems: list[dict[str, Any]] = []
    costs: dict[str, float] = {}


def taste(tools: Tools, order: Order, say: Callable[[Said], None]) -> Said:
    """Compiles and draws one scene; gives what it costs, or what is wrong with it."""
    scene, layout = order.scene, laid_out(order.scene, order.peers)
    row = np.array(order.row)

    def step(what: str, seconds: float, file: str = "") -> None:
        say(Said("step", order.number, what, file, seconds))

    try:
        programs = ended(compiling(tools.context, scene, lambda file: step("compiling", COMPILING, file)))
        layers = Layers(tools, scene, layout, SMALL, ready=programs)
    except Fault as fault:
        return Said("done", order.number, problems=[sent(problem) for problem in fault.problems])
    try:
        costs = _drawn(tools, layers, row, order, step)
        return Said("done", order.number, problems=[sent(problem) for problem in layers.faults()], costs=costs)
    finally:
        layers.release()


def _drawn(tools: Tools, layers: Layers, row: Any, order: Order, step: Callable[..., None]) -> dict[str, float]:
    """Milliseconds by layer: small first, so that what never ends shows itself while it cannot do harm."""
    file = layers.scene.layers[0].file
    texture, frame = canvas(tools.context, SMALL)
    for _ in layers.warm(frame, row, lambda: step("compiling", COMPILING, file)):
        tools.context.finish()
    # At its time, and at 0, to which it comes back each cycle.
    for index, moment in enumerate((0.0, *(order.time + n / 60.0 for n in range(FRAMES)))):
        step("drawing", DRAWING, file)
        layers.draw(frame, row, Moment(moment, 1.0 / 60.0, index))
        tools.context.finish()
    frame.release()
    texture.release()
    step("drawing", DRAWING, file)
    texture, frame = canvas(tools.context, order.size)
    layers.resize(order.size)
    costs: dict[str, float] = {}
    for index in range(2):
        step("drawing", DRAWING, file)
        costs = _measured(tools, layers, frame, row, Moment(order.time, 1.0 / 60.0, index))
        if sum(costs.values()) > 100.0:  # the first frame is dear by its pages, not by a hundred milliseconds
            break
    frame.release()
    texture.release()
    return costs


def _measured(tools: Tools, layers: Layers, frame: Any, row: Any, moment: Moment) -> dict[str, float]:
    """Draws one frame, each layer to its end before the next."""
    costs: dict[str, float] = {}
    begun = time.monotonic()

    def after(name: str) -> None:
        nonlocal begun
        tools.context.finish()
        now = time.monotonic()
        costs[name] = round(1e3 * (now - begun), 3)
        begun = now

    layers.after = after
    layers.draw(frame, row, moment)
    layers.after = None
    return costs


def bounded(room: int) -> None:
    """This process ends with its parent, goes first when memory runs out, and takes `room` more bytes at most."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as file:
        taken = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (taken + room, taken + room))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _orders(pipe: BinaryIO) -> Any:
    """The orders as they come, until the stage is gone."""
    while len(head := pipe.read(LENGTH.size)) == LENGTH.size:
        body = pipe.read(LENGTH.unpack(head)[0])
        with contextlib.suppress(msgspec.MsgspecError):
            yield msgspec.msgpack.decode(body, type=Order)


def main() -> int:
    """Tastes what comes on stdin, and answers on what was stdout: whatever a driver prints goes to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.dup(1)
    os.dup2(2, 1)

    def say(said: Said) -> None:
        body = msgspec.msgpack.encode(said)
        os.write(out, LENGTH.pack(len(body)) + body)

    tools = Tools(headless())
    bounded(ROOM)
    with contextlib.suppress(BrokenPipeError):
        say(Said("ready"))
        for order in _orders(sys.stdin.buffer):
            say(taste(tools, order, say))
    return 0
