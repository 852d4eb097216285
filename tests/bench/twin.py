"""The twin beside what people use today: one load, one line, each rival as its own pair of processes.

The load: 1,000 values, 200 changing at 60 Hz, 20 events a second. The line: the Atlantic's, 72.5 ms each way, 5 ms of
jitter, bursts of 200 ms; 1 % loss for datagrams. All pairs run all the time; their loads come in turns, and raw bytes
cross beside each of them, so that what the machine and the line do falls on both. Then a reset of 10 s for all at once.
A rival whose library is not here is named with the way to bring it, and its row is left out.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from installation.score.problem import Say
from installation.speech import language, tell
from installation.twin import keys
from installation.twin.link import Peer
from tests.bench import ends
from tests.twin.sea import free_port
from tests.twin.site import ROOT, Site, until

ROUNDS, BLOCK, SETTLE, CUT, LONGEST = 3, 4.0, 0.7, 10.0, 12.0
STALE_AFTER = 2.0
RIVALS = {
    "pyzmq PUB/SUB, msgpack": ("Pyzmq", ("zmq", "msgspec"), "pip install pyzmq msgspec"),
    "Yjs (pycrdt, websockets)": ("Yjs", ("pycrdt", "websockets"), "pip install pycrdt websockets"),
    "Zenoh, a frame a tick": ("Zenoh", ("zenoh",), "pip install eclipse-zenoh"),
    "OSC over UDP, 1 % loss": ("Osc", ("pythonosc",), "pip install python-osc"),
}
MISSING = Say("{name}: its library is not here; {remedy}", "{name} : bibliothèque absente ; {remedy}")
OURS, RAW = "Jumelage, CURVE on", "raw bytes"
COLUMNS = {
    "p50": Say("one way p50", "aller p50"), "p99": Say("p99", "p99"), "above": Say("above raw", "de plus que brut"),
    "payload": Say("payload B/s", "charge o/s"), "line": Say("on the line B/s", "sur la ligne o/s"),
    "send": Say("CPU % send", "CPU % envoi"), "receive": Say("receive", "réception"),
    "lost": Say("events lost", "év. perdus"), "converged": Say("converged s", "accord s"),
    "stale": Say("stale at 2 s", "périmées à 2 s"),
}  # fmt: skip
UNITS = {"p50": "ms", "p99": "ms", "above": "ms", "payload": "bytes/s", "line": "bytes/s", "send": "%", "receive": "%",
         "lost": "events", "converged": "s", "stale": "values"}  # fmt: skip
TARGETS = {"above": "p50 ≤ +0.5 ms", "payload": "≤ 0.16× pyzmq", "lost": "0", "converged": "≤ 1.0 s", "stale": "0"}


class Line:
    """The ocean with a door for each pair, all under one weather; datagrams have a relay of their own."""

    def __init__(self, folder: Path, doors: dict[int, int], datagrams: tuple[int, int]) -> None:
        import socket

        self.door, own = str(folder / "sea"), str(folder / "voice")
        words = [word for near, far in doors.items() for word in ("--listen", str(near), "--to", f"127.0.0.1:{far}")]
        command = [sys.executable, "-m", "installation.twin.ocean", *words, "--seed", "1", "--control", self.door]
        self.sea = subprocess.Popen([*command, "--profile", "atlantic"], cwd=ROOT)
        self.udp = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.datagrams", *map(str, datagrams), "0.01"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        assert self.udp.stdout
        self.udp.stdout.readline()
        until(Path(self.door).exists)
        self.voice = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.voice.bind(own)

    def say(self, word: str) -> dict[str, Any]:
        self.voice.sendto(word.encode(), self.door)
        found: dict[str, Any] = json.loads(self.voice.recv(1 << 16))
        if word in ("reset", "mend"):
            assert self.udp.stdin
            self.udp.stdin.write({"reset": "hole"}.get(word, word) + "\n")
            self.udp.stdin.flush()
        return found

    def close(self) -> None:
        self.voice.close()
        for process in (self.sea, self.udp):
            process.terminate()
            process.wait()
        for end in (self.udp.stdin, self.udp.stdout):
            if end:
                end.close()


class Pair:
    """One rival's two processes. `near` is the ocean's port, `far` where the one who listens does."""

    def __init__(self, name: str, of: str) -> None:
        self.name, self.of, self.near, self.far = name, of, free_port(), free_port()

    def start(self) -> None:
        listens = "send" if self.of == "Pyzmq" else "receive"
        ports = {do: self.far if do == listens else self.near for do in ("send", "receive")}
        first = ends.End(self.of, listens, ports[listens])
        other = "receive" if listens == "send" else "send"
        second = ends.End(self.of, other, ports[other])
        self.sender, self.reader = (first, second) if listens == "send" else (second, first)

    def load(self, on: bool) -> None:
        self.sender.ask("load", on)

    def cpu(self) -> list[float]:
        return [end.ask("cpu") for end in (self.sender, self.reader)]

    def payload(self) -> int:
        return int(self.sender.ask("payload"))

    def times(self) -> tuple[dict[str, float], dict[str, float]]:
        return self.sender.ask("times"), self.reader.ask("times")

    def stale(self) -> int:
        here, there = self.sender.ask("values"), self.reader.ask("values")
        return sum(one != other for one, other in zip(here, there, strict=True))

    def events(self) -> tuple[int, int]:
        """How many were written, and how many of them came."""
        return self.sender.ask("events")[0], len(set(self.reader.ask("events")))

    def close(self) -> None:
        for end in (self.sender, self.reader):
            end.close()


class Ours(Pair):
    """Mirror, journal and link, as in a running site, at a tick of 100 Hz."""

    def __init__(self, folder: Path) -> None:
        super().__init__(OURS, "")
        self.folder = folder

    def start(self) -> None:
        pairs = keys.made(), keys.made()
        options: dict[str, Any] = {"keys": ends.KEYS}
        self.reader: Any = Site(
            "sf", pairs[1], [Peer("paris", pairs[0].public)], listen=f"tcp://127.0.0.1:{self.far}",
            journal=str(self.folder / "sf.db"), **options,
        )  # fmt: skip
        there = Peer("sf", pairs[1].public, f"tcp://127.0.0.1:{self.near}")
        self.sender: Any = Site("paris", pairs[0], [there], journal=str(self.folder / "paris.db"), **options)

    def load(self, on: bool) -> None:
        self.sender.ask("load", ends.CHANGING if on else 0, ends.EVENTS if on else 0.0)

    def payload(self) -> int:
        return int(self.sender.ask("status")["sf"]["sent_bytes"])

    def stale(self) -> int:
        here, there = self.sender.ask("read"), self.reader.ask("read")
        return sum(one != other for one, other in zip(here, there, strict=True))

    def events(self) -> tuple[int, int]:
        given = {number for site, number in self.reader.ask("given") if site == "paris"}
        return self.sender.ask("written"), len(given)

    def close(self) -> None:
        for site in (self.sender, self.reader):
            site.kill()


def _part(numbers: list[float], part: float) -> float:
    return sorted(numbers)[min(len(numbers) - 1, int(part * len(numbers)))] if numbers else float("nan")


class Table:
    """What was measured of each pair, a list of each column, and its idle CPU."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.delays: dict[str, list[float]] = {pair.name: [] for pair in pairs}
        self.raw: dict[str, list[float]] = {pair.name: [] for pair in pairs}
        self.spent: dict[str, list[list[float]]] = {pair.name: [] for pair in pairs}
        self.idle: dict[str, list[list[float]]] = {pair.name: [] for pair in pairs}
        self.bytes: dict[str, list[tuple[float, float]]] = {pair.name: [] for pair in pairs}
        self.outage: dict[str, dict[str, float]] = {pair.name: {} for pair in pairs}


def _crossed(pair: Pair) -> list[float]:
    sent, come = pair.times()
    return [1e3 * (come[n] - sent[n]) for n in sent if n in come]


def _block(pair: Pair, raw: Pair, pairs: list[Pair], line: Line, table: Table) -> None:
    """One pair's load for some seconds, beside raw bytes; the others idle, and what that costs them is kept."""
    pair.load(True)
    time.sleep(SETTLE)
    _crossed(pair), _crossed(raw)
    began, before, payload = time.monotonic(), {one.name: one.cpu() for one in pairs}, pair.payload()
    passed = sum(line.say("status")["bytes"].get(str(pair.near), [0]))
    time.sleep(BLOCK)
    seconds = time.monotonic() - began
    for one in pairs:
        per_cent = [100 * (now - was) / seconds for now, was in zip(one.cpu(), before[one.name], strict=True)]
        (table.spent if one is pair else table.idle)[one.name].append(per_cent)
    on_line = sum(line.say("status")["bytes"].get(str(pair.near), [0])) - passed
    table.bytes[pair.name].append(((pair.payload() - payload) / seconds, on_line / seconds))
    pair.load(False)
    time.sleep(SETTLE)
    table.delays[pair.name] += _crossed(pair)
    table.raw[pair.name] += _crossed(raw)


def _outage(pairs: list[Pair], line: Line, table: Table) -> None:
    """All loads at once, the line reset for 10 s; the loads end as it returns, and each pair has time to agree."""
    before = {pair.name: pair.events() for pair in pairs}
    for pair in pairs:
        pair.load(True)
    time.sleep(1.0)
    line.say("reset")
    time.sleep(CUT)
    for pair in pairs:
        pair.load(False)
    line.say("mend")
    began, agreed = time.monotonic(), dict[str, float]()
    stale: dict[str, int] = {}
    while len(agreed) < len(pairs) and time.monotonic() - began < LONGEST:
        for pair in pairs:
            if pair.name not in agreed:
                wrong = pair.stale()
                if not wrong:
                    agreed[pair.name] = time.monotonic() - began
                if time.monotonic() - began <= STALE_AFTER:
                    stale[pair.name] = wrong
        time.sleep(0.01)
    for pair in pairs:
        written, come = pair.events()
        written, come = written - before[pair.name][0], come - before[pair.name][1]
        table.outage[pair.name] = {
            "lost": written - come, "of": written, "converged": agreed.get(pair.name, float("nan")),
            "stale": stale.get(pair.name, 0),
        }  # fmt: skip


def _columns(name: str, table: Table, udp: bool) -> dict[str, float]:
    idle = [statistics.median(column) for column in zip(*table.idle[name], strict=True)]
    busy = [statistics.median(column) for column in zip(*table.spent[name], strict=True)]
    payload, on_line = (statistics.median(column) for column in zip(*table.bytes[name], strict=True))
    return {
        "p50": _part(table.delays[name], 0.5),
        "p99": _part(table.delays[name], 0.99),
        "above": _part(table.delays[name], 0.5) - _part(table.raw[name], 0.5),
        "payload": payload,
        "line": payload if udp else on_line,
        "send": busy[0] - idle[0],
        "receive": busy[1] - idle[1],
        **table.outage[name],
    }


def _measured(folder: Path, names: dict[str, str]) -> dict[str, dict[str, float]]:
    raw, ours = Pair(RAW, "Raw"), Ours(folder)
    pairs: list[Pair] = [ours, *(Pair(name, of) for name, of in names.items())]
    tcp = [pair for pair in (raw, *pairs) if pair.of != "Osc"]
    udp = next(((pair.near, pair.far) for pair in pairs if pair.of == "Osc"), (free_port(), free_port()))
    line = Line(folder, {pair.near: pair.far for pair in tcp}, udp)
    table = Table(pairs)
    try:
        for pair in (raw, *pairs):
            pair.start()
        until(lambda: ours.sender.connected() and ours.reader.connected())
        for pair in (raw, *pairs):  # what a first connection costs is no part of it
            pair.load(True)
        time.sleep(2.0)
        for pair in pairs:
            pair.load(False)
        for turn in range(ROUNDS):
            for pair in pairs if turn % 2 == 0 else reversed(pairs):
                _block(pair, raw, pairs, line, table)
        _outage(pairs, line, table)
    finally:
        for pair in (raw, *pairs):
            pair.close()
        line.close()
    found = {pair.name: _columns(pair.name, table, pair.of == "Osc") for pair in pairs}
    every = [delay for delays in table.raw.values() for delay in delays]
    return {RAW: {"p50": _part(every, 0.5), "p99": _part(every, 0.99)}, **found}


def run() -> list[dict[str, Any]]:
    """The table of targets.md, "The twin": a row for each rival and column, pyzmq the reference of each."""
    names = {}
    for name, (of, modules, remedy) in RIVALS.items():
        if all(importlib.util.find_spec(module) for module in modules):
            names[name] = of
        else:
            tell(MISSING.told(language(sys.argv), name=name, remedy=remedy))
    with tempfile.TemporaryDirectory() as folder:
        found = _measured(Path(folder), names)
    return [
        _row(name, column, value, found)
        for name, columns in found.items()
        for column, value in columns.items()
        if column != "of"
    ]


def _row(name: str, column: str, value: float, found: dict[str, dict[str, float]]) -> dict[str, Any]:
    of = next(iter(RIVALS))
    against = found.get(of, {}).get(column, 0.0) if name != of else 0.0
    known = value == value
    return {
        "name": f"{name} · {COLUMNS[column].en}", "who": name, "column": column,
        "value": round(value, 3) if known else None, "unit": UNITS[column], "of": found[name].get("of"),
        "reference": of if against and against == against else "", "reference_value": round(against, 3) or 0.0,
        "ratio": round(value / against, 4) if against and against == against and known else None,
        "target": TARGETS.get(column, "") if name == OURS else "",
    }  # fmt: skip


def show(rows: list[dict[str, Any]], spoken: str) -> None:
    """The rows as one table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Shown

    shown = Shown(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("")
    for said in COLUMNS.values():
        shown.add_column(said.told(spoken), justify="right")
    for name in dict.fromkeys(row["who"] for row in rows):
        cells = {row["column"]: _cell(row) for row in rows if row["who"] == name}
        shown.add_row(name, *(cells.get(column, "") for column in COLUMNS), style="bold" if name == OURS else "")
    Console(width=None if sys.stdout.isatty() else 150).print(shown)


def _cell(row: dict[str, Any]) -> str:
    value = row["value"]
    if value is None:
        return f"> {LONGEST:.0f}" if row["column"] == "converged" else "–"
    if row["column"] == "lost":
        return f"{value:.0f} / {row['of']:.0f}"
    if row["unit"] in ("bytes/s", "values"):
        return f"{value:,.0f}"
    return f"{value:+.2f}" if row["column"] == "above" else f"{value:.2f}" if row["unit"] == "s" else f"{value:.1f}"


if __name__ == "__main__":
    show(run(), "en")
