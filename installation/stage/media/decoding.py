"""The child that decodes images and films and sets type, as the stage sees it.

One child for all sources of a stage. It is asked through a pipe and answers through another; pixels come in shared
memory. Nothing here waits but `until`, which is for loading and for offline drawing. A child that dies, stops or
hangs is replaced; an order under which it died of its own doing three times is given up and told.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import shared_memory
from pathlib import Path
from typing import Any, Protocol

import msgspec

from installation.stage.pixels import taken_away, untracked

BEAT = 0.5
"""Seconds between two signs of life of the child."""
PATIENCE = 5.0
"""Seconds of silence after which it is replaced."""
START = 20.0
"""Seconds that it may take to start."""
LONGEST = 30.0
"""Seconds that reading one file may take."""
TRIES = 3
_RESTS = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
_OUTSIDE = (-signal.SIGTERM, -signal.SIGINT, -getattr(signal, "SIGKILL", 9), 0)


class Asker(Protocol):
    """A source: whoever asks the child for pixels."""

    def answered(self, answer: dict[str, Any]) -> None:
        """Takes one answer: a "fault", a "memory" that is ready, or what the order's kind has."""

    def busy(self) -> bool:
        """Whether the child was at work for it a moment ago, so that its death may be its doing."""


class Order:
    """What was asked, and for whom; asked again of the next child."""

    def __init__(self, number: int, work: dict[str, Any], asker: Asker) -> None:
        self.number, self.work, self.asker = number, work, asker
        self.begun = 0.0
        self.done = False
        self.deaths = 0


def taken(name: str) -> shared_memory.SharedMemory:
    """Memory that the child made, from now on ours alone: its name is gone, so it ends with us. Raises OSError."""
    memory = untracked(name)
    if os.name != "nt":
        kept = untracked(name)
        taken_away(kept)
    return memory


class Decoding:
    """The child, started with the first order. `close` when the stage ends."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, command: tuple[str, ...] = ()) -> None:
        self._clock = clock
        self._command = command or (sys.executable, "-m", "installation.stage.media.decoder")
        self._orders: dict[int, Order] = {}
        self._number = self._falls = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._in = self._out = -1
        self._unsent, self._rest = b"", b""
        self._born = self._heard = self._polled = self._due = 0.0
        self._ready = False
        self._dead: list[subprocess.Popen[bytes]] = []

    @property
    def pid(self) -> int:
        """The child's process number; 0 while there is none."""
        return self._process.pid if self._process else 0

    def ask(self, work: dict[str, Any], asker: Asker) -> int:
        """Asks for work; the answers come to `asker` during `poll`. Gives the order's number, for `drop`."""
        self._number += 1
        order = self._orders[self._number] = Order(self._number, work, asker)
        if self._process is not None:
            self._tell(order)
        self.poll()
        return self._number

    def drop(self, number: int) -> None:
        """Nobody wants this any more."""
        if self._orders.pop(number, None) is not None and self._process is not None:
            self._put({"drop": number})

    def poke(self, number: int) -> None:
        """Wakes whoever fills a ring."""
        if self._process is not None:
            self._put({"poke": number})

    def poll(self) -> None:
        """Hears and says what there is; once a frame at least. Never waits."""
        now = self._clock()
        if self._process is None:
            if self._orders and now >= self._due:
                self._start(now)
            return
        if now - self._polled > 1.0:
            self._heard = max(self._heard, now)  # it was we who were away
        self._polled = now
        self._send()
        if not self._receive(now):
            self._fall(now)
        elif now - self._heard > (PATIENCE if self._ready else START):
            self._fall(now, halted=True)
        else:
            self._weary(now)

    def until(self, met: Callable[[], bool], seconds: float) -> bool:
        """Waits until `met`, at most `seconds`; whether it was. Not for a frame on air."""
        end = self._clock() + seconds
        while not met():
            if self._clock() >= end:
                return False
            if self._out >= 0:
                select.select([self._out], [], [], 0.002)
            else:
                time.sleep(0.002)
            self.poll()
        return True

    def close(self) -> None:
        """Ends the child."""
        self._orders.clear()
        self._bury()
        for process in self._dead:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)

    def _start(self, now: float) -> None:
        self._born = self._heard = self._polled = now
        self._ready, self._unsent, self._rest = False, b"", b""
        try:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as stop:
            self._due = now + 5.0
            self._all({"fault": "no decoder", "words": {"why": stop.strerror or str(stop)}})
            return
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        for order in self._orders.values():
            if not order.done:
                self._tell(order)
        self._send()

    def _all(self, answer: dict[str, Any]) -> None:
        for order in list(self._orders.values()):
            order.asker.answered(answer)

    def _tell(self, order: Order) -> None:
        order.begun = 0.0
        self._put({"order": order.number, **order.work})

    def _put(self, message: dict[str, Any]) -> None:
        self._unsent += msgspec.json.encode(message) + b"\n"

    def _send(self) -> None:
        while self._unsent:
            try:
                self._unsent = self._unsent[os.write(self._in, self._unsent[:65536]) :]
            except (BlockingIOError, BrokenPipeError):
                return

    def _receive(self, now: float) -> bool:
        """Takes what the child says; False when it has ended."""
        for _ in range(16):
            try:
                data = os.read(self._out, 65536)
            except BlockingIOError:
                return True
            if not data:
                return False
            self._heard, self._ready = now, True
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                self._hear(line, now)
        return True

    def _hear(self, line: bytes, now: float) -> None:
        answer = msgspec.json.decode(line) if line else {}
        order = self._orders.get(answer.get("to", 0))
        if order is None:
            if "memory" in answer:
                with contextlib.suppress(OSError):
                    taken(answer["memory"]).close()
            return
        if "begun" in answer:
            order.begun = now
            return
        if answer.get("done") or "memory" in answer:
            order.begun = 0.0
        order.done = order.done or bool(answer.get("done"))
        order.asker.answered(answer)

    def _weary(self, now: float) -> None:
        """An order that takes too long ends the child that hangs on it."""
        for order in self._orders.values():
            if order.begun and not order.done and now - order.begun > LONGEST:
                order.done = True
                order.asker.answered({"fault": "hung", "words": {"seconds": LONGEST}})
                self._fall(now, halted=True)
                return

    def _fall(self, now: float, halted: bool = False) -> None:
        """The child is lost: who was to blame, and when the next one starts."""
        if not halted and self._ended() not in _OUTSIDE:
            self._blame()
        self._bury()
        self._falls = 0 if now - self._born > 30.0 else self._falls + 1
        self._due = now + _RESTS[min(self._falls, len(_RESTS) - 1)]
        for order in self._orders.values():
            if not order.done:
                order.asker.answered({"lost": True})
        self.poll()

    def _ended(self) -> int:
        """The exit status of a child whose pipe has ended; 0 when it is not to be had at once."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(0.02) if self._process is not None else 0
        return 0

    def _blame(self) -> None:
        for order in self._orders.values():
            if order.done or not (order.begun or order.asker.busy()):
                continue
            order.deaths += 1
            if order.deaths >= TRIES:
                order.done = True
                order.asker.answered({"fault": "fatal", "words": {"times": TRIES}})

    def _bury(self) -> None:
        """Kills what is left of the child. One that cannot be reaped at once is reaped later."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._in = self._out = -1
        self._dead = [one for one in (*self._dead, process) if one.poll() is None]
        for left in Path("/dev/shm").glob(f"jml-{process.pid}-*"):  # made, and not yet taken
            with contextlib.suppress(OSError):
                left.unlink()
