"""One site in a process of its own: mirror, journal and link, with a tick of 100 Hz and an ear on stdin.

The parent's end is `Site`: `site.ask("touch", "/scene/p1", [0.5])` sends one line and gives the answer.
"""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from installation.clock import RealClock
from installation.twin.journal import Journal
from installation.twin.keys import Pair
from installation.twin.link import Link, Peer
from installation.twin.mirror import Key, Mirror

ROOT = Path(__file__).parents[2]
PERIOD = 0.01


def some_keys(count: int) -> list[Key]:
    keys = [Key(f"/scene/p{n}", "float", "latest", 1, (0.0,), (1.0,), (0.5,)) for n in range(count)]
    return [*keys, Key("/scene/bang", "event", "sum", 1, (0.0,), (1.0,), (0.0,))]


def resident() -> float:
    """Megabytes of this process that are in memory; 0 where that cannot be had."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


class Child:
    """The loop of the child."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.clock = RealClock()
        self.site, epoch = options["site"], options["epoch"]
        path = Path(options["journal"]) if options.get("journal") else None
        self.journal = Journal(path, self.site, epoch, [peer[0] for peer in options["peers"]])
        self.mirror = Mirror(self.site, some_keys(options["keys"]), epoch, self.journal.kept() or None)
        self.link = Link(
            self.site, epoch, Pair(*options["pair"]), [Peer(*peer) for peer in options["peers"]], self.clock,
            listen=options.get("listen"),
        )  # fmt: skip
        self.count, self.changing, self.pace, self.loaded_at = options["keys"], 0, 1 / 60, 0.0
        self.letters_at, self.letters, self.kept_at = 0.0, 0.0, 0.0
        self.given: list[list[Any]] = []
        self.random = random.Random(f"{self.site} {epoch}")
        self.addresses = [f"/scene/p{n}" for n in range(self.count)]
        self.sequence, self.seen, self.times = 0, -1, dict[int, float]()

    def tick(self) -> None:
        now = self.clock.now()
        arrived, shared = self.link.received(), self.link.shared.shared(now)
        if self.changing and now >= self.loaded_at:
            self.loaded_at = max(self.loaded_at + self.pace, now - 1)
            for n in self.random.sample(range(1, self.count), self.changing):
                self.mirror.touch(self.addresses[n], (self.random.random(),), shared)
            self.sequence += 1
            self.mirror.touch("/scene/p0", (self.sequence / 65000,), shared, firm=True)
            self.times[self.sequence] = self.clock.now()
        if self.letters and now >= self.letters_at:
            self.letters_at = max(self.letters_at + 1 / self.letters, now - 1)
            self.journal.write("letter", self.journal.written, 0, shared)
        full = self.link.full()
        self.link.send(self.mirror.delta(shared, full))
        for frame in arrived:
            began = self.clock.spent()
            self.mirror.merge((frame,))
            self.link.charge(frame.site, self.clock.spent() - began)
            self.note(frame.site)
        for entry in self.journal.merge(arrived):
            self.given.append([entry.site, entry.number])
        for entry in self.journal.pending():
            self.journal.done(entry)
        if self.journal.laden or (self.journal.applied and now >= self.kept_at):
            self.kept_at = now + 1.0
            self.journal.keep(None)
        self.link.send(self.journal.delta(now, self.link.full("journal")))

    def note(self, site: str) -> None:
        """When each number of the other's sequence was here and merged; for benchmarks."""
        row = self.mirror._rows.get(site)
        if row and (code := int(row.half.codes[0])) != self.seen:
            self.seen = code
            self.times.setdefault(code, self.clock.now())

    def run(self) -> None:
        print(json.dumps({"endpoint": self.link.endpoint}), flush=True)
        deadline, pending = self.clock.now(), b""
        while True:
            self.tick()
            deadline = max(deadline + PERIOD, self.clock.now())
            left = max(0.0, deadline - self.clock.now())
            ready, _, _ = select.select([0, self.link.wake], [], [], left)
            if 0 in ready:
                data = os.read(0, 65536)
                if not data:
                    return
                pending += data
                *lines, pending = pending.split(b"\n")
                for line in lines:
                    word, *rest = json.loads(line)
                    print(json.dumps(getattr(self, "do_" + word)(*rest)), flush=True)

    def do_touch(self, address: str, numbers: list[float]) -> bool:
        return self.mirror.touch(address, numbers, self.link.shared.shared(self.clock.now()), firm=True)

    def do_rise(self) -> bool:
        return self.mirror.rise("/scene/bang")

    def do_read(self, at: float = 0.0) -> list[float]:
        return [float(n) for n in self.mirror.read(at).columns]

    def do_status(self) -> dict[str, Any]:
        return self.link.status()

    def do_problems(self) -> list[str]:
        return [str(problem.told()) for problem in self.link.problems()]

    def do_counted(self) -> dict[str, int]:
        return dict(self.mirror.counted)

    def do_load(self, changing: int, letters: float = 0.0) -> None:
        self.changing, self.letters = changing, letters
        self.loaded_at = self.letters_at = self.clock.now()

    def do_write(self, name: str) -> int:
        return self.journal.write(name, None, 0, 0).number

    def do_written(self) -> int:
        return self.journal.written

    def do_fill(self, count: int, size: int) -> list[float]:
        """Writes so many entries and waits for the disk; gives the resident memory before and after, MB."""
        before, text = resident(), "x" * size
        for n in range(count):
            self.journal.done(self.journal.write("letter", text, 0, 0))
            if n % 2000 == 1999:
                self.journal.keep(None)
                assert self.journal.flush(60.0)
        self.journal.keep(None)
        assert self.journal.flush(60.0)
        return [before, resident()]

    def do_rejoined(self) -> dict[str, float]:
        """How many entries came, whether each in its order, what others lack of ours, and the memory now, MB."""
        numbers = [number for _, number in self.given]
        right = numbers == list(range(1, len(numbers) + 1))
        return {"came": len(numbers), "right": right, "waiting": self.journal.waiting, "rss": resident()}

    def do_given(self) -> list[list[Any]]:
        return self.given

    def do_cpu(self) -> float:
        return time.process_time()

    def do_times(self) -> dict[int, float]:
        found, self.times = self.times, {}
        return found

    def do_keep(self) -> bool:
        self.journal.keep(self.mirror.saved())
        return self.journal.flush()

    def do_shared(self, at: float) -> list[float]:
        return [self.link.shared.shared(at), self.link.shared.bound(at)]

    def do_sites(self) -> list[str]:
        return list(self.mirror.sites)


class Site:
    """The parent's end of one child."""

    def __init__(
        self, site: str, pair: Pair, peers: list[Peer], epoch: int = 1, keys: int = 20,
        module: str = "tests.twin.site", **options: Any,
    ) -> None:  # fmt: skip
        words = {"site": site, "epoch": epoch, "pair": list(pair), "peers": peers, "keys": keys, **options}
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, json.dumps(words)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        self.endpoint = self._answer()["endpoint"]

    def _answer(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    def ask(self, *words: Any) -> Any:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def connected(self) -> bool:
        return all(line["connected"] for line in self.ask("status").values())

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            if end:
                end.close()


def until(true: Callable[[], bool], seconds: float = 15.0) -> float:
    """Waits for a condition, and gives the seconds it took. Fails when it does not come true in time."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not come true in time"
        time.sleep(0.005)
    return time.monotonic() - began


if __name__ == "__main__":
    Child(json.loads(sys.argv[1])).run()
