"""The shared time over a symmetric line and over one whose way back is another: `jumelage bench clock`.

Both sites are asked for the shared time of one instant of this host's clock, which both have: what they differ by is
the error. What the way back takes longer is the ocean's own truth: the true delays of the pieces that it passed on.
"""

from __future__ import annotations

import json
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

from installation.twin import keys
from installation.twin.link import Peer
from tests.twin.sea import Line
from tests.twin.site import Site, until

WARM, SECONDS = 8.0, 12.0
LINES = {"symmetric": "atlantic", "asymmetric": "tunnel"}


class Cities:
    """Two sites over one ocean, and what the ocean knows of its own delays."""

    def __init__(self, folder: Path, ocean: str) -> None:
        pairs = keys.made(), keys.made()
        self.sf = Site("sf", pairs[1], [Peer("paris", pairs[0].public)], listen="tcp://127.0.0.1:*")
        self.line = Line(self.sf.port, ocean, folder)
        there = Peer("sf", pairs[1].public, f"tcp://127.0.0.1:{self.line.port}")
        self.paris = Site("paris", pairs[0], [there])
        self.voice = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.voice.bind(str(folder / "voice"))
        self.errors: list[float] = []
        self.bounds: list[float] = []

    def look(self) -> None:
        """One sample, in milliseconds."""
        at = time.monotonic()
        (here, bound), (there, other) = self.paris.ask("shared", at), self.sf.ask("shared", at)
        self.errors.append(1e3 * abs(here - there))
        self.bounds.append(1e3 * min(bound, other))

    def asymmetry(self) -> float:
        """Milliseconds that the way back took longer, in the middle."""
        self.voice.sendto(b"status", self.line.door)
        there, back = json.loads(self.voice.recv(1 << 16))["delay_ms"]
        return abs(float(back["p50"] - there["p50"]))

    def close(self) -> None:
        for site in (self.paris, self.sf):
            site.kill()
        self.voice.close()
        self.line.close()


def run() -> list[dict[str, Any]]:
    """Rows of targets.md: the error, and whether what is stated of it is true."""
    with tempfile.TemporaryDirectory() as folder:
        each = {}
        for name, ocean in LINES.items():
            (Path(folder) / name).mkdir()
            each[name] = Cities(Path(folder) / name, ocean)
        try:
            until(lambda: all(one.paris.connected() and one.sf.connected() for one in each.values()), 30.0)
            time.sleep(WARM)
            ends = time.monotonic() + SECONDS
            while time.monotonic() < ends:
                for one in each.values():
                    one.look()
            return [row for name, one in each.items() for row in _rows(name, one)]
        finally:
            for one in each.values():
                one.close()


def _rows(name: str, cities: Cities) -> list[dict[str, Any]]:
    errors, bounds = sorted(cities.errors), sorted(cities.bounds)
    half = cities.asymmetry() / 2
    true = sum(error <= bound for error, bound in zip(cities.errors, cities.bounds, strict=True))
    target = "≤ 1 ms" if name == "symmetric" else f"≤ {half + 1:.1f} ms: half the asymmetry and 1 ms"
    found = (
        (f"{name} line · clock error p95", errors[int(0.95 * len(errors))], "ms", "half the line's asymmetry", half,
         target),
        (f"{name} line · stated error true", 100 * true / len(errors), "%", "", 0.0, "≥ 99.9 %"),
        (f"{name} line · stated error", bounds[len(bounds) // 2], "ms", "", 0.0, ""),
    )  # fmt: skip
    return [
        {"name": what, "value": round(value, 3), "unit": unit, "reference": reference,
         "reference_value": round(against, 3), "ratio": None, "target": goal}
        for what, value, unit, reference, against, goal in found
    ]  # fmt: skip
