"""A sine sent at 30 Hz over the simulated Atlantic, drawn at 60 fps; and what showing it so costs a tick.

`python -m tests.bench.smooth [SECONDS]` prints the rows; `jumelage bench smooth` does, too. The truth is the sine as it
was so long ago as the picture says. Beside it, from the same run: the newest value as it came, measured against the
sine at the delay that flatters it most; and each sample held until the next is due.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from installation.clock import RealClock
from installation.twin import keys
from installation.twin.link import Link, Peer
from installation.twin.mirror import Arrived, Key, Mirror
from installation.twin.playout import LINEAR
from installation.twin.shown import Shown, plain
from tests.twin.sea import Line, free_port

SECONDS, TURN, HANDS, TICK, FRAME = 40.0, 3.0, 1 / 30, 0.01, 1 / 60
"""The sine turns once in TURN seconds, over its whole range: at its fastest a range a second."""
COLUMNS, MOVING, TICKS = 1000, 200, 800
SETTLED, STALLED = 5.0, 0.03
KEY = Key("/scene/hand", "float", "each", 1, (0.0,), (1.0,), (0.5,), 0.0)


class Frame(NamedTuple):
    """One picture: when (shared seconds of who draws), what was drawn, the newest value, the sample that was due, the
    delay in force, whether the line had been silent for long."""

    at: float
    drawn: float
    newest: float
    held: float
    lag: float
    stalled: bool


class _City:
    """One site's mirror and link, ticked by hand."""

    def __init__(self, name: str, peer: Peer, pair: keys.Pair, listen: str | None = None) -> None:
        self.clock = RealClock()
        self.mirror = Mirror(name, [KEY], 1)
        self.link = Link(name, 1, pair, [peer], self.clock, listen=listen)

    def tick(self) -> float:
        """Sends and takes; the shared time of it."""
        now, arrived = self.clock.now(), self.link.received()
        shared = self.link.shared.shared(now)
        self.link.send(self.mirror.delta(shared, self.link.full()))
        self.mirror.merge(arrived)
        return shared

    def linked(self) -> bool:
        return any(peer["connected"] for peer in self.link.status().values())


def sine(shared: float) -> float:
    return 0.5 + 0.5 * math.sin(2 * math.pi * shared / TURN)


def _watch(here: _City, there: _City, seconds: float) -> list[Frame]:
    """What `there` draws of the hand at `here`."""
    shown = Shown(there.mirror)
    shown.lay(plain(there.mirror.schema.size)._replace(between=np.full(there.mirror.schema.size, LINEAR, np.int8)))
    frames: list[Frame] = []
    samples: list[tuple[float, float]] = []
    begun = due_tick = due_hand = due_frame = time.monotonic()
    tick, value, speed, heard = begun, 0.5, 0.0, begun
    while (now := time.monotonic()) < begun + seconds:
        if now >= due_tick:
            due_tick += TICK
            if now >= due_hand:
                due_hand += HANDS
                shared = here.link.shared.shared(here.clock.now())
                here.mirror.touch(KEY.address, (sine(shared),), shared, firm=True)
                samples = [*samples[-99:], (shared, sine(shared))]
            here.tick()
            before = there.mirror.half("here")[0][0]
            tick, at = time.monotonic(), there.tick()
            shown.read(at)
            value, speeds = float(shown.half("here")[0][0]), shown.slopes("here")
            speed = 0.0 if speeds is None else float(speeds[0])
            heard = tick if there.mirror.half("here")[0][0] != before else heard
        if now >= due_frame:
            due_frame += FRAME
            ahead, lag = min(time.monotonic() - tick, 2 * TICK), shown.lag("here")
            at = there.link.shared.shared(there.clock.now())
            held = max((one for one in samples if one[0] <= at - lag), default=(0.0, 0.5))[1]
            newest = float(there.mirror.half("here")[0][0])
            drawn = min(max(value + speed * ahead, 0.0), 1.0)
            frames.append(Frame(at, drawn, newest, held, lag, now - heard > HANDS + STALLED))
        time.sleep(max(0.0, min(due_tick, due_frame) - time.monotonic()))
    return frames[int(SETTLED / FRAME) :]


def crossing(seconds: float, profile: str) -> list[Frame]:
    """Two cities, the line between them."""
    with tempfile.TemporaryDirectory() as folder:
        pairs = keys.made(), keys.made()
        shore = free_port()
        there = _City("there", Peer("here", pairs[0].public), pairs[1], f"tcp://127.0.0.1:{shore}")
        line = Line(shore, profile, Path(folder), seed=3)
        here = _City("here", Peer("there", pairs[1].public, f"tcp://127.0.0.1:{line.port}"), pairs[0])
        try:
            while not (here.linked() and there.linked()):
                here.tick()
                there.tick()
                time.sleep(TICK)
            return _watch(here, there, seconds + SETTLED)
        finally:
            here.link.close()
            there.link.close()
            line.close()


def _error(at: np.ndarray, drawn: np.ndarray) -> float:
    """RMS in per cent of the range."""
    truth = 0.5 + 0.5 * np.sin(2 * np.pi * at / TURN)
    return float(np.sqrt(np.mean((drawn - truth) ** 2)) * 100)


def smoothness(seconds: float, profile: str = "atlantic") -> list[dict[str, Any]]:
    """RMS and jumps, over the whole time and between the line's stalls."""
    columns = np.array(crossing(seconds, profile), np.float64).T
    at, drawn, newest, held, lag = columns[:5]
    stalled = columns[5] > 0
    # A second after a stall what was late has been eased in.
    calm = ~np.convolve(stalled, np.ones(61), "full")[: stalled.size].astype(bool)
    raw = min(_error(at - delay, newest) for delay in np.arange(0.05, 0.25, 0.001))
    jump, jumped = (np.abs(np.diff(one)) * 100 for one in (drawn, newest))
    steady = calm[1:] & calm[:-1]
    as_it_came, until_next = "the newest as it came, best delay", "each sample held until the next is due"
    return [
        _row("sine at 30 Hz drawn at 60 fps, RMS", _error(at - lag, drawn), "%", as_it_came, raw, "≤ 1 % of range"),
        _row("the same between the stalls, RMS", _error((at - lag)[calm], drawn[calm]), "%", until_next,
             _error((at - lag)[calm], held[calm]), "≤ 1 % of range"),
        _row("greatest step a frame, between the stalls", float(jump[steady].max()), "%", as_it_came,
             float(jumped[steady].max()), "≤ 5 % of range"),
        _row("greatest step a frame, stalls and all", float(jump.max()), "%", as_it_came, float(jumped.max()), ""),
        _row("delay at which it is shown", float(np.median(lag)) * 1e3, "ms", "", 0.0, "one way + 50 to 300 ms"),
    ]  # fmt: skip


def cost() -> list[dict[str, Any]]:
    """Reading 1,000 columns of another city, 200 of them moving at 50 Hz: as shown, beside as known."""
    names = [KEY._replace(address=f"/scene/p{n}") for n in range(COLUMNS)]
    here, there = Mirror("here", names, 1), Mirror("there", names, 1)
    shown, now, chance = Shown(there), 1000.0, np.random.default_rng(1)
    shown.lay(plain(COLUMNS)._replace(between=np.full(COLUMNS, LINEAR, np.int8)))
    here.merge([Arrived("there", b"")])
    there.merge([Arrived("here", b"")])
    way: list[tuple[float, bytes]] = []
    ours, theirs, rest = [], [], []
    for tick in range(TICKS):
        now += TICK
        if tick % 2 == 0 and tick < TICKS // 2:
            for name in names[:MOVING]:
                here.touch(name.address, (float(chance.random()),), now)
        way += [(now + 0.08, frame) for frame in here.delta(now).get("there", [])]
        here.merge([Arrived("there", frame) for frame in there.delta(now).get("here", [])])
        there.merge([Arrived("here", frame) for due, frame in way if due <= now])
        way = [one for one in way if one[0] > now]
        begun = time.perf_counter()
        there.read(now)
        there.half("here")
        between = time.perf_counter()
        shown.read(now)
        shown.half("here")
        spent = time.perf_counter() - between
        if 100 < tick < TICKS // 2:
            ours.append(spent)
            theirs.append(between - begun)
        elif tick > TICKS * 3 // 4:
            rest.append(spent)
    exact = float(np.median(theirs)) * 1e3
    return [
        _row("a reading, 1,000 columns, 200 moving", float(np.median(ours)) * 1e3, "ms", "exact", exact, "≤ 0.15 ms"),
        _row("a reading, 1,000 columns at rest", float(np.median(rest)) * 1e3, "ms", "exact", exact, ""),
    ]


def _row(name: str, value: float, unit: str, reference: str, other: float, target: str) -> dict[str, Any]:
    return {
        "name": name, "value": round(value, 3), "unit": unit, "reference": reference,
        "reference_value": round(other, 3), "ratio": round(value / other, 3) if other else None, "target": target,
    }  # fmt: skip


def run(seconds: float = SECONDS) -> list[dict[str, Any]]:
    """All rows."""
    return [*smoothness(seconds), *cost()]


if __name__ == "__main__":
    from installation.verbs.machine import shown as printed

    for row in run(*map(float, sys.argv[1:2])):
        print(printed(row))
