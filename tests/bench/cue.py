"""A cue at a shared instant in two real controls over the simulated ocean: `python -m tests.bench.cue`.

Both run on this machine, so that its own clock tells how far apart they act. The reference acts when the word comes:
one byte over a raw TCP connection through the same line, in the same run.
"""

from __future__ import annotations

import socket
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.side import Row, row
from tests.site.controls import Controls
from tests.site.venue import until
from tests.twin.sea import Line, free_port

COUNT, APART = 60, 0.4
SETTLED = 12.0
"""Seconds of pings before the first cue."""
FRAME = 1000.0 / 60.0


def run() -> list[Row]:
    """Rows of the cue."""
    with tempfile.TemporaryDirectory(prefix="jm-", dir="/tmp") as folder:
        of = "".join(f"[cue.c{n:02d}]\nset = {{ swell = {n / 100} }}\n" for n in range(COUNT))
        cities = Controls(Path(folder), "atlantic", of)
        try:
            return _measured(cities, Path(folder))
        finally:
            cities.close()


def _measured(cities: Controls, folder: Path) -> list[Row]:
    until(cities.linked, 30.0, "they are linked")
    time.sleep(SETTLED)
    raw: list[float] = []
    reference = _Raw(folder)
    given: dict[str, tuple[float, float]] = {}
    names = ("paris", "san_francisco")
    try:
        for n in range(COUNT):
            now = time.monotonic()
            cities.ask(names[n % 2], "go", cue=f"c{n:02d}")
            given[f"c{n:02d}"] = (now, 0.0)
            raw.append(reference.crossed())
            time.sleep(APART)
    finally:
        reference.close()
    until(lambda: all(len(cities.done(name)) >= COUNT for name in names), 20.0, "all are carried out in both")
    done = [{one["name"]: one for one in cities.done(name)} for name in names]
    return _rows(done, given, raw)


def _rows(done: list[dict[str, Any]], given: dict[str, tuple[float, float]], raw: list[float]) -> list[Row]:
    apart = sorted(abs(done[0][name]["at"] - done[1][name]["at"]) * 1e3 for name in given)
    late = sorted(max(one[name]["late_ms"] for one in done) for name in given)
    lead = sorted((max(one[name]["at"] for one in done) - given[name][0]) * 1e3 for name in given)
    against, slow = statistics.median(raw) * 1e3, sorted(raw)[int(len(raw) * 0.99)] * 1e3
    goal = f"≤ {FRAME:.1f} + clock"
    word = "acted on when a raw byte comes"
    return [
        row("a cue in both cities, apart, p50", statistics.median(apart), "ms", word, against, goal),
        row("a cue in both cities, apart, p99", apart[int(COUNT * 0.99)], "ms", word, slow, goal),
        row("a cue after its instant, the later city, p99", late[int(COUNT * 0.99)], "ms", target="≤ a tick"),
        row("from go to the later city, p50", statistics.median(lead), "ms", target="the line's p99 + 150"),
    ]


class _Raw:
    """A byte through the line, and when it is there."""

    def __init__(self, folder: Path) -> None:
        shore = free_port()
        self._ear = socket.create_server(("127.0.0.1", shore))
        self._line = Line(shore, "atlantic", folder, seed=2)
        self._voice = socket.create_connection(("127.0.0.1", self._line.port))
        self._voice.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._far, _ = self._ear.accept()

    def crossed(self) -> float:
        """Seconds until one byte has crossed."""
        begun = time.monotonic()
        self._voice.sendall(b"x")
        self._far.recv(1)
        return time.monotonic() - begun

    def close(self) -> None:
        for one in (self._voice, self._far, self._ear):
            one.close()
        self._line.close()


if __name__ == "__main__":
    for one in run():
        print(one)
