"""The twin's benchmarks, each beside its reference in one run: `python -m tests.bench.mirror [--long]`.

In under a minute the crossing, the CPU and one outage; `--long` adds the clock, both outages of 10 s, and longer runs
of the rest.
"""

from __future__ import annotations

import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import zmq

from installation.twin import keys
from installation.twin.link import Peer
from installation.twin.mirror import Arrived, Key, Mirror
from installation.twin.ways import Dialled
from tests.twin.sea import Line, free_port
from tests.twin.site import ROOT, Site, until

KEYS, CHANGING, LETTERS = 1000, 200, 20.0
FRAME = 560
"""The length of a delta of 200 of 1,000 keys."""


def _row(name: str, value: float, unit: str, reference: str, against: float, target: str) -> dict[str, Any]:
    ratio = value / against if against else None
    return {
        "name": name, "value": value, "unit": unit, "reference": reference, "reference_value": against,
        "ratio": ratio, "target": target,
    }  # fmt: skip


def _bare(**words: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.twin.bare", json.dumps(words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _answer(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    found = json.loads(process.stdout.readline())
    process.wait()
    process.stdout.close()
    return found


class _Cities:
    """Paris and San Francisco over one line, with a second port of that line for the reference."""

    def __init__(self, folder: Path, profile: str) -> None:
        self.pairs = keys.made(), keys.made()
        options: dict[str, Any] = {"keys": KEYS}
        peer = Peer("paris", self.pairs[0].public)
        self.sf = Site(
            "sf", self.pairs[1], [peer], listen="tcp://127.0.0.1:*", journal=str(folder / "sf.db"), **options
        )
        self.bare = free_port()
        self.line = Line(self.sf.port, profile, folder, also=self.bare)
        self.dial = f"tcp://127.0.0.1:{self.line.port}"
        there = Peer("sf", self.pairs[1].public, self.dial)
        self.paris = Site("paris", self.pairs[0], [there], journal=str(folder / "paris.db"), **options)
        until(lambda: self.paris.connected() and self.sf.connected())

    def close(self) -> None:
        for site in (self.paris, self.sf):
            site.kill()
        self.line.close()


def _percentile(numbers: list[float], part: float) -> float:
    return sorted(numbers)[min(len(numbers) - 1, int(part * len(numbers)))]


def one_way(seconds: float = 10.0, profile: str = "atlantic") -> list[dict[str, Any]]:
    """From the touch that is sent to the value merged there, beside raw bytes on the same line at the same time."""
    with tempfile.TemporaryDirectory() as folder:
        cities = _Cities(Path(folder), profile)
        listener = _bare(do="listen", port=cities.bare, length=FRAME)
        assert listener.stdout and listener.stdout.readline()
        cities.paris.ask("load", CHANGING, LETTERS)
        before = cities.paris.ask("status")["sf"]["sent_bytes"]
        sender = _bare(do="send", port=cities.line.second, length=FRAME, seconds=seconds)
        raw = [delay * 1e3 for _, delay in _answer(listener)]
        sent_bytes = cities.paris.ask("status")["sf"]["sent_bytes"] - before
        sender.wait()
        sent, come = cities.paris.ask("times"), cities.sf.ask("times")
        ours = [(come[n] - sent[n]) * 1e3 for n in sent if n in come]
        cities.close()
    middle, tail = statistics.median(raw), _percentile(raw, 0.99)
    above, late, line = statistics.median(ours) - middle, _percentile(ours, 0.99), "raw TCP, same line"
    return [
        _row("one way p50", statistics.median(ours), "ms", line, middle, f"≤ +0.5 ms (is {above:+.2f})"),
        _row("one way p99", late, "ms", line, tail, f"≤ +3 ms (is {late - tail:+.2f})"),
        _row("payload sent", sent_bytes / seconds, "bytes/s", "pyzmq + msgpack (targets.md)", 168_000, "≤ 0.16×"),
    ]  # fmt: skip


def payload(seconds: float = 8.0) -> list[dict[str, Any]]:
    """Bytes a second of the state alone, in memory, at 60 Hz: how well each load packs."""
    loads = {"the same keys, moving": (False, False), "the same keys, noise": (False, True),
             "other keys each frame, moving": (True, False), "other keys each frame, noise": (True, True)}  # fmt: skip
    found = []
    for name, (anew, noise) in loads.items():
        rate = _bytes_a_second(anew, noise, seconds)
        found.append(_row(f"state, {name}", rate, "bytes/s", "pyzmq + msgpack (targets.md)", 168_000, "≤ 0.16×"))
    return found


def _bytes_a_second(anew: bool, noise: bool, seconds: float) -> float:
    """`anew`: other keys in each frame. `noise`: numbers that nothing foretells; else slow waves."""
    keys_ = [Key(f"/scene/p{n}", "float", "latest", 1, (0.0,), (1.0,), (0.5,)) for n in range(KEYS)]
    here, there, chance = Mirror("here", keys_, 1), Mirror("there", keys_, 1), random.Random(1)
    here.merge([Arrived("there", b"")])
    same, sent = chance.sample(range(KEYS), CHANGING), 0
    pace = [chance.uniform(0.6, 3.0) for _ in range(KEYS)]
    for tick in range(60 + int(60 * seconds)):
        now = 1000.0 + tick / 60
        for n in chance.sample(range(KEYS), CHANGING) if anew else same:
            number = chance.random() if noise else 0.5 + 0.4 * math.sin(n + pace[n] * now)
            here.touch(f"/scene/p{n}", (number,), now, firm=True)
        frames = here.delta(now).get("there", [])
        there.merge([Arrived("here", frame) for frame in frames])
        here.merge([Arrived("there", frame) for frame in there.delta(now).get("here", [])])
        sent += sum(map(len, frames)) if tick >= 60 else 0
    return sent / seconds


def cpu(seconds: float = 2.0, blocks: int = 3) -> list[dict[str, Any]]:
    """CPU above the same link idle, CURVE on, beside bare columns over a plain ZeroMQ pair, in turns; medians."""
    with tempfile.TemporaryDirectory() as folder:
        cities = _Cities(Path(folder), "lan")
        found = [(*_above_idle(cities, seconds), *_bare_above_idle(seconds)) for _ in range(blocks)]
        cities.close()
    sender, reader, bare_sender, bare_reader = (statistics.median(column) for column in zip(*found, strict=True))
    reference, target = "bare columns, no CURVE, no stamps, no letters", "≤ 1.2× prototype"
    return [
        _row("CPU, sender", sender, "% above idle", reference, bare_sender, target),
        _row("CPU, reader", reader, "% above idle", reference, bare_reader, target),
    ]


def _above_idle(cities: _Cities, seconds: float) -> list[float]:
    """Per cent of a core, by the load and the letters, at the two sites."""
    spent = []
    for changing, letters in ((0, 0.0), (CHANGING, LETTERS)):
        cities.paris.ask("load", changing, letters)
        before = [site.ask("cpu") for site in (cities.paris, cities.sf)]
        time.sleep(seconds)
        spent.append([site.ask("cpu") - was for site, was in zip((cities.paris, cities.sf), before, strict=True)])
    cities.paris.ask("load", 0, 0.0)
    return [(loaded - idle) / seconds * 100 for idle, loaded in zip(*spent, strict=True)]


def _bare_above_idle(seconds: float) -> list[float]:
    """The same of two processes that have nothing but the columns."""
    port = free_port()
    ends = [
        _bare(do=do, port=port, changing=changing, seconds=seconds)
        for do, changing in (("bind", CHANGING), ("connect", 0))
    ]
    return [(loaded - idle) / seconds * 100 for idle, loaded in map(_answer, ends)]


def outage(way: str, seconds: float = 10.0) -> list[dict[str, Any]]:
    """From the line's return to equal values at both sites, beside one CURVE handshake on the same line."""
    with tempfile.TemporaryDirectory() as folder:
        cities = _Cities(Path(folder), "atlantic")
        floor = _handshake(cities)
        for site in (cities.paris, cities.sf):
            site.ask("load", CHANGING, LETTERS)
        time.sleep(1.0)
        cities.line.say(way)
        time.sleep(seconds)
        for site in (cities.paris, cities.sf):
            site.ask("load", 0, 0)
        cities.line.say("mend")
        taken = until(lambda: cities.paris.ask("read") == cities.sf.ask("read"), 30.0)
        faults = [site.ask("counted").get("diverged", 0) for site in (cities.paris, cities.sf)]
        wrong = _letters(cities)
        cities.close()
    name = {"hole": "black hole", "reset": "reset"}[way]
    return [
        _row(
            f"converged after {name}, {seconds:.0f} s", taken, "s", "one CURVE handshake, same line", floor, "≤ 1.0 s"
        ),
        _row(f"diverged after {name}", sum(faults), "faults", "", 0, "0"),
        _row(f"letters lost, doubled or out of order after {name}", wrong, "", "", 0, "0"),
    ]


def _letters(cities: _Cities) -> int:
    """How many of the letters are not where they should be, once both have had time."""

    def come() -> bool:
        written = [int(site.ask("write", "last")) for site in (cities.paris, cities.sf)]
        until(lambda: _last(cities.sf) >= written[0] and _last(cities.paris) >= written[1])
        return True

    come()
    wrong = 0
    for site in (cities.paris, cities.sf):
        numbers = [number for _, number in site.ask("given")]
        wrong += sum(one != other for one, other in zip(numbers, range(1, len(numbers) + 1), strict=True))
    return wrong


def _last(site: Site) -> int:
    given = site.ask("given")
    return int(given[-1][1]) if given else 0


def clock(seconds: float = 20.0) -> list[dict[str, Any]]:
    """Both sites asked for the shared time of one instant of the host's clock, which both have."""
    with tempfile.TemporaryDirectory() as folder:
        cities = _Cities(Path(folder), "atlantic")
        time.sleep(8.0)
        errors, true, bounds = [], 0, []
        until_ = time.monotonic() + seconds
        while time.monotonic() < until_:
            at = time.monotonic()
            (here, bound), (there, other) = cities.paris.ask("shared", at), cities.sf.ask("shared", at)
            errors.append(abs(here - there) * 1e3)
            bounds.append(bound * 1e3)
            true += abs(here - there) <= min(bound, other)
        cities.close()
    stated = 100 * true / len(errors)
    return [
        _row("clock error p95", _percentile(errors, 0.95), "ms", "stated bound", statistics.median(bounds), "≤ 1 ms"),
        _row("stated bound true", stated, "%", "samples", len(errors), "≥ 99.9 %"),
    ]


def _handshake(cities: _Cities) -> float:
    context: zmq.Context[Any] = zmq.Context(1)
    began = time.monotonic()
    way = Dialled(context, cities.pairs[0], cities.dial, cities.pairs[1].public, began)
    while way.monitor.poll(5000) and way.event() != "joined":
        pass
    taken = time.monotonic() - began
    way.close()
    context.destroy(0)
    return taken


def run(long: bool = False) -> list[dict[str, Any]]:
    """Rows of targets.md, "The twin", that are due with First light."""
    if not long:
        return [*one_way(6.0), *payload(2.0), *cpu(1.5, 2), *outage("hole", 3.0)]
    return [*one_way(20.0), *payload(), *cpu(4.0, 5), *clock(), *outage("hole"), *outage("reset")]


if __name__ == "__main__":
    for row in run("--long" in sys.argv):
        ratio = f"{row['ratio']:.2f}×" if row["ratio"] is not None else ""
        against = f"{row['reference_value']:.2f} ({row['reference']})" if row["reference"] else ""
        print(f"{row['name']:55} {row['value']:10.2f} {row['unit']:12} {against:55} {ratio:8} {row['target']}")
