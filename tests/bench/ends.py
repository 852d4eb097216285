"""One end of a line under the twin's load, in a process of its own: what a rival shares with all the others.

The load: 1,000 values, of which 200 change at 60 Hz, and 20 events a second. The first value is a number that rises
with each frame, so that each crossing can be timed. The parent's end is `End`; it asks on stdin, as `tests.twin.site`.
"""

from __future__ import annotations

import importlib
import json
import random
import subprocess
import sys
import threading
import time
from typing import Any

from tests.twin.site import ROOT

KEYS, CHANGING, RATE, EVENTS = 1000, 200, 60.0, 20.0
REFRESH = 10.0
"""Seconds between full states of those that have no other way to heal."""
Pairs = dict[int, float]


class Rival:
    """The child: a subclass sends what `news` gives, or hands what comes to `take` and `event`."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.sends, self.port = words["do"] == "send", int(words["port"])
        self.values, self.number, self.loaded = [0.0] * KEYS, 0, False
        self.times: dict[int, float] = {}
        self.events: list[int] = []
        self.written = self.payload = 0
        self._chance = random.Random(1)
        self._event_at = self._refresh_at = 0.0

    # What the two ends do, in `run`.

    def run(self) -> None:
        """Opens what it needs and works until its process is ended."""
        raise NotImplementedError

    def send(self, pairs: Pairs, events: list[int], full: bool) -> None:
        """Sends values by number, and events."""
        raise NotImplementedError

    def paced(self) -> None:
        """The sender's loop, for those whose sending does not wait."""
        due = time.monotonic()
        while True:
            self.tick(time.monotonic())
            due = max(due + 1 / RATE, time.monotonic() - 1)
            time.sleep(max(0.0, due - time.monotonic()))

    def tick(self, now: float) -> None:
        pairs, events = self.news(now)
        full = now >= self._refresh_at
        if full:
            self._refresh_at, pairs = now + REFRESH, dict(enumerate(self.values))
        if pairs or events:
            self.send(pairs, events, full)

    def news(self, now: float) -> tuple[Pairs, list[int]]:
        """What changes at this frame. Every value is a multiple of 2^-16, so that a float32 carries it exactly."""
        if not self.loaded:
            self._event_at = now
            return {}, []
        self.number += 1
        pairs = {n: self._chance.getrandbits(16) / 65536 for n in self._chance.sample(range(1, KEYS), CHANGING)}
        pairs[0] = float(self.number)
        self.times[self.number] = time.monotonic()
        for n, value in pairs.items():
            self.values[n] = value
        events = []
        while now >= self._event_at:
            self.written, self._event_at = self.written + 1, self._event_at + 1 / EVENTS
            events.append(self.written)
        return pairs, events

    def take(self, pairs: Any) -> None:
        """Values by number, as they came: a mapping, or pairs."""
        for n, value in pairs.items() if hasattr(pairs, "items") else pairs:
            self.values[int(n)] = value
        number = int(self.values[0])
        if number not in self.times:
            self.times[number] = time.monotonic()

    # What the parent asks.

    def do_load(self, on: bool) -> None:
        self.loaded = on

    def do_cpu(self) -> float:
        return time.process_time()

    def do_payload(self) -> int:
        return self.payload

    def do_times(self) -> dict[int, float]:
        found, self.times = self.times, {}
        return found

    def do_values(self) -> list[float]:
        return list(self.values)

    def do_events(self) -> list[int]:
        return [self.written] if self.sends else list(self.events)

    def hear(self) -> None:
        """Answers the parent; when it has gone, so does this process."""
        print("{}", flush=True)
        for line in sys.stdin:
            word, *rest = json.loads(line)
            print(json.dumps(getattr(self, "do_" + word)(*rest)), flush=True)
        sys.stdout.flush()
        import os

        os._exit(0)


class End:
    """The parent's end of one child."""

    def __init__(self, of: str, do: str, port: int) -> None:
        command = [sys.executable, "-m", "tests.bench.ends", json.dumps({"of": of, "do": do, "port": port})]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def ask(self, *words: Any) -> Any:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            if end:
                end.close()


def main(words: dict[str, Any]) -> None:
    rival = getattr(importlib.import_module("tests.bench.rivals"), words["of"])(words)
    threading.Thread(target=rival.hear, daemon=True).start()
    rival.run()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
