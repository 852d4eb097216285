"""The journal: an entry to the disk, a start with a long backlog, two cities that rejoin over the Atlantic.

The reference of an entry is what one must do at least, in turns with it: 100 bytes to a file, and `fsync`.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from installation.twin.journal import Journal
from tests.bench.side import Row, row
from tests.twin.sea import Line, free_port
from tests.twin.test_journal_partition import rejoined

ENTRIES, BACKLOG, SIZE = 200, 100_000, 40


def run() -> list[Row]:
    """Rows of the journal."""
    with tempfile.TemporaryDirectory(prefix="jm-", dir="/tmp") as folder:
        place = Path(folder)
        return [*_written(place), *_started(place), *_rejoined(place)]


def _written(folder: Path) -> list[Row]:
    journal, raw = Journal(folder / "one.db", "paris", 1, ["sf"]), os.open(folder / "raw", os.O_CREAT | os.O_WRONLY)
    ours: list[float] = []
    least: list[float] = []
    for n in range(ENTRIES):
        begun = time.perf_counter()
        journal.write("cue", "x" * SIZE, 1.0, 1.0)
        journal.flush()
        ours.append((time.perf_counter() - begun) * 1e3)
        begun = time.perf_counter()
        os.pwrite(raw, b"x" * 100, n * 100)
        os.fsync(raw)
        least.append((time.perf_counter() - begun) * 1e3)
    journal.close()
    os.close(raw)
    word = "100 bytes and fsync"
    return [
        row("an entry on the disk, p50", statistics.median(ours), "ms", word, statistics.median(least)),
        row("an entry on the disk, p99", sorted(ours)[-3], "ms", word, sorted(least)[-3]),
    ]


def _started(folder: Path) -> list[Row]:
    journal = Journal(folder / "long.db", "paris", 1, ["sf"])
    for n in range(BACKLOG):
        journal.done(journal.write("letter", "x" * SIZE, 0.0, 1.0))
        if n % 2000 == 1999:
            journal.keep(None)
            journal.flush(60.0)
    journal.close()
    begun = time.perf_counter()
    journal = Journal(folder / "long.db", "paris", 2, ["sf"])
    took = time.perf_counter() - begun
    assert journal.waiting == BACKLOG
    journal.close()
    return [row("a start with 100,000 entries waiting", took * 1e3, "ms", target="≤ 500")]


def _rejoined(folder: Path) -> list[Row]:
    shore = free_port()
    line = Line(shore, "atlantic", folder)
    line.to = shore  # type: ignore[attr-defined]
    try:
        line.say("hole")
        found = rejoined(line, folder, BACKLOG, SIZE)
    finally:
        line.close()
    grown = found["filled"] - found["before"]
    return [
        row("100,000 entries a side, rejoined", found["seconds"], "s", target="≤ 10"),
        row("memory that the backlog takes", grown, "MB", target="≤ 20"),
        row("memory at most while it crosses", found["most"] - found["before"], "MB"),
    ]


if __name__ == "__main__":
    for one in run():
        print(one)
