"""The simulated line as a process: its options, its ear for words while it runs, its trace.

`python -m installation.twin.ocean --listen PORT --to HOST:PORT --profile atlantic [--project DIR] [--seed N]
[--control PORT_OR_PATH] [--trace FILE] [--heartbeat FD]`. While it runs, one datagram to the control port (UDP on
loopback) or path (Unix) says `profile NAME`, `set jitter 0.05`, `hole` (bytes vanish), `reset` (connections are reset,
new ones too), `drop` (reset once), `stall 0.5`, `mend`, or `status`; who has an address is answered in JSON. SIGUSR1
digs a hole and mends it again; SIGUSR2 resets all connections once. The profile's file is looked at again when it
changes.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from installation.library import Library, Watch, library
from installation.score.ocean import Ocean, Order, ordered
from installation.score.problem import Fault
from installation.twin.sea import Sea

BEAT = 0.2
MOST_TRACED = 64 << 20
"""Bytes of a trace; then it ends with a word."""
LARGEST_WORD = 1024


class Tide:
    """One running ocean: the relay, and what is said to it."""

    def __init__(self, lib: Library, ocean: Ocean, doors: list[tuple[int, tuple[str, int]]], seed: int | None) -> None:
        self.lib, self.watch = lib, Watch([ocean.file])
        self.signalled: list[str] = []
        self.traced: TextIO | None = None
        self.trace_left = MOST_TRACED
        self.sea = Sea(*doors[0], ocean, seed, lib.ocean, self._note)
        for door in doors[1:]:
            self.sea.door(*door)

    def control(self, where: str) -> None:
        """Listens for words at a loopback UDP port, or at a Unix path."""
        family = socket.AF_INET if where.isdigit() else socket.AF_UNIX
        ear = socket.socket(family, socket.SOCK_DGRAM)
        if family == socket.AF_UNIX:
            Path(where).unlink(missing_ok=True)  # left there by an ocean that was killed
        ear.bind(("127.0.0.1", int(where)) if where.isdigit() else where)
        ear.setblocking(False)
        self.sea.ear(ear, lambda: self._heard(ear))

    def trace(self, file: str) -> None:
        """Writes each piece: when it was read, when sent on (monotonic seconds), 0 there or 1 back, bytes."""
        self.traced = open(file, "w", encoding="ascii", buffering=1 << 16)  # noqa: SIM115

    def _note(self, read: float, sent: float, way: int, length: int) -> None:
        if self.traced is None:
            return
        line = f"{read:.6f} {sent:.6f} {way} {length}\n"
        self.trace_left -= len(line)
        with contextlib.suppress(OSError):
            self.traced.write(line)
        if self.trace_left < 0:
            print(f"ocean: the trace has {MOST_TRACED >> 20} MB and ends", file=sys.stderr)
            self.traced.close()
            self.traced = None

    def _heard(self, ear: socket.socket) -> None:
        try:
            said, sender = ear.recvfrom(LARGEST_WORD)
        except OSError:
            return
        answer = self.say(said.decode("utf-8", "replace"))
        if sender:
            with contextlib.suppress(OSError):
                ear.sendto(json.dumps(answer).encode(), sender)

    def say(self, words: str) -> dict[str, Any]:
        """One word; how the ocean is after it. What is not understood is said on stderr too, and changes nothing."""
        verb, _, rest = words.strip().partition(" ")
        try:
            if verb == "stall":
                self.sea.say(Order("stall", str(min(max(float(rest or 0.2), 0.0), 60.0))))
            elif verb == "profile":
                self.sea.say(Order("profile", rest.strip()))
            elif verb != "status":
                self.sea.say(ordered(words))
        except (Fault, ValueError) as fault:
            print(f"ocean: {words!r} is not understood: {fault}", file=sys.stderr, flush=True)
            problems = fault.problems if isinstance(fault, Fault) else ()
            return {"problems": {lang: [str(one.told(lang)) for one in problems] for lang in ("en", "fr")}}
        if verb == "profile":
            self.watch = Watch([self.sea.weather.ocean.file])
        return self.status()

    def status(self) -> dict[str, Any]:
        """How it is: profile, state, what the file says, and what was measured of it here."""
        sea, ocean = self.sea, self.sea.weather.ocean
        line = sea.weather.line
        late = sorted(sea.late)
        return {
            "ocean": ocean.name,
            "title": ocean.title,
            "file": ocean.file,
            "state": sea.state,
            "one_way_ms": [1e3 * n for n in line.one_way],
            "connections": sea.connections,
            "bytes": {str(port): passed for port, passed in sea.passed.items()},
            "late_ms": {"p50": _part(late, 0.5), "p99": _part(late, 0.99)},
            "delay_ms": [{"p50": _part(sorted(way), 0.5), "p99": _part(sorted(way), 0.99)} for way in sea.delays],
        }

    def edited(self) -> None:
        """Takes up the profile's file when it has changed; one that is at fault is told, and the old one stays."""
        if not self.watch.changed():
            return
        ocean = self.sea.weather.ocean
        try:
            self.sea.weather.edit(self.lib.ocean(ocean.file), time.monotonic())
        except Fault as fault:
            print(fault, file=sys.stderr, flush=True)


def _part(sorted_: list[float], part: float) -> float:
    return 1e3 * sorted_[min(len(sorted_) - 1, int(part * len(sorted_)))] if sorted_ else 0.0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("installation.twin.ocean", description="A simulated line between two sites.")
    parser.add_argument("--listen", type=int, required=True, action="append", help="a port; again with --to for more")
    parser.add_argument("--to", required=True, action="append", help="HOST:PORT")
    parser.add_argument("--profile", default="atlantic", help="an ocean's name or file")
    parser.add_argument("--project", help="a folder with hardware/oceans/")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", help="a UDP port on loopback, or a path")
    parser.add_argument("--trace", help="a file for each piece's true delay")
    parser.add_argument("--heartbeat", type=int, help="a file number that gets a line at least each 0.25 s")
    return parser.parse_args(words)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)


def main(words: list[str] | None = None) -> int:
    options = _options(words)
    doors = [(listen, _address(to)) for listen, to in zip(options.listen, options.to, strict=True)]
    lib = library(options.project)
    try:
        tide = Tide(lib, lib.ocean(options.profile), doors, options.seed)
        stop = _signals(tide)
        if options.control:
            tide.control(options.control)
        if options.trace:
            tide.trace(options.trace)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"ocean: {error.filename or ''} {error.strerror or error}", file=sys.stderr)
        return 3
    gc.freeze()
    _run(tide, options.heartbeat, stop)
    _close(tide, options.control)
    return 0


def _signals(tide: Tide) -> list[int]:
    """What tells the process to end, as a list that is no longer empty then; other signals become words."""
    stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.append(1))
    if sys.platform != "win32":
        signal.signal(signal.SIGUSR1, lambda *_: tide.signalled.append("mend" if tide.sea.state != "open" else "hole"))
        signal.signal(signal.SIGUSR2, lambda *_: tide.signalled.append("drop"))
    return stop


def _run(tide: Tide, heartbeat: int | None, stop: list[Any]) -> None:
    beaten = 0.0
    while not stop:
        tide.sea.turn()
        while tide.signalled:  # not in the signal itself, which may come in the middle of a turn
            tide.say(tide.signalled.pop(0))
        if time.monotonic() - beaten >= BEAT:
            beaten = time.monotonic()
            tide.edited()
            try:
                if heartbeat is not None:
                    os.write(heartbeat, b"beat\n")
            except OSError:
                return


def _close(tide: Tide, control: str | None) -> None:
    tide.sea.close()
    if tide.traced is not None:
        tide.traced.close()
    if control and not control.isdigit():
        Path(control).unlink(missing_ok=True)


if __name__ == "__main__":
    raise SystemExit(main())
