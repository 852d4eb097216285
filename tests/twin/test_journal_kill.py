"""Writer and receiver are killed at any instant: what was acknowledged is applied, once, in order."""

from __future__ import annotations

import os
import random
import select
import signal
import struct
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from installation.twin.journal import Journal
from installation.twin.mirror import Arrived
from tests.twin.quill import OTHER, Applied, applied_of, messages
from tests.twin.site import ROOT

SITES = ("paris", "sf")


class Killed:
    """Two quills, a parent that carries their frames, and kill -9."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance, self.runs = folder, random.Random(seed), 0
        self.acknowledged: dict[str, dict[int, int]] = {site: {} for site in SITES}
        self.starts: list[float] = []
        self.data: dict[str, bytearray] = {}
        self.owed: dict[str, bytearray] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        for site in SITES:
            self.start(site)

    def start(self, site: str) -> None:
        self.runs += 1
        self.data[site], self.owed[site] = bytearray(), bytearray()
        self.processes[site] = subprocess.Popen(
            [sys.executable, "-m", "tests.twin.quill", str(self.folder / f"{site}.db"), site, str(self.runs)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        os.set_blocking(self.stdin(site), False)

    def stdin(self, site: str) -> int:
        pipe = self.processes[site].stdin
        assert pipe
        return pipe.fileno()

    def turn(self) -> dict[str, int]:
        """Carries what there is; gives how many messages each site sent."""
        outs = {process.stdout: site for site, process in self.processes.items()}
        heard = dict.fromkeys(SITES, 0)
        writers = {self.stdin(site): site for site in SITES if self.owed[site]}
        readable, writable, _ = select.select(list(outs), list(writers), [], 30.0)
        for number in writable:
            site = writers[number]
            del self.owed[site][: os.write(number, self.owed[site][: 1 << 16])]
        for out in readable:
            site = outs[out]
            got = out.read1(1 << 20)  # type: ignore[union-attr]
            assert got, f"{site} has died by itself"
            self.data[site] += got
            for message in messages(self.data[site]):
                heard[site] += 1
                self.hear(site, message[:1], message[1:])
        return heard

    def hear(self, site: str, kind: bytes, body: bytes) -> None:
        if kind == b"S":
            self.starts.append(msgspec.msgpack.decode(body)[0])
        elif kind == b"A":
            book, number = msgspec.msgpack.decode(body)
            self.acknowledged[site][book] = number
        else:
            self.owed[OTHER[site]] += struct.pack("<I", len(body)) + body

    def kill_one(self) -> None:
        """One of them, after it has said some messages of this run."""
        site, left = self.chance.choice(SITES), self.chance.randrange(1, 25)
        while left > 0:
            left -= self.turn()[site]
        self.end(site)
        self.start(site)

    def end(self, site: str) -> None:
        process = self.processes[site]
        process.send_signal(signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()


def settle(pair: dict[str, Journal], applied: dict[str, Applied], books: int) -> None:
    """What is left crosses, without any more kills: a book takes a turn there and one back."""
    now = 0.0
    for site, journal in pair.items():
        journal.merge([Arrived(OTHER[site], b"")])
        for entry in journal.pending():
            if entry.site != site:
                applied[site].append((entry.epoch, entry.number))
            journal.done(entry)
    for _ in range(200 + 3 * books):
        now += 3.0
        before = {site: len(found) for site, found in applied.items()}
        for site, journal in pair.items():
            assert journal.flush(30.0)
            for frame in journal.delta(now).get(OTHER[site], []):
                pair[OTHER[site]].merge([Arrived(site, frame)])
            assert pair[OTHER[site]].flush(30.0)
            for entry in pair[OTHER[site]].merge([]):
                applied[OTHER[site]].append((entry.epoch, entry.number))
                pair[OTHER[site]].done(entry)
            pair[OTHER[site]].keep(None)
        if all(journal.waiting == 0 for journal in pair.values()) and before == {s: len(a) for s, a in applied.items()}:
            return
    raise AssertionError("it never settles")


def killed_and_whole(folder: Path, kills: int, seed: int) -> list[float]:
    """Kills, then looks; gives the seconds that each start took."""
    killed = Killed(folder, seed)
    for _ in range(kills):
        killed.kill_one()
    for site in SITES:
        killed.end(site)
    pair = {site: Journal(folder / f"{site}.db", site, killed.runs + 1, [OTHER[site]]) for site in SITES}
    applied = {site: applied_of(journal) for site, journal in pair.items()}
    settle(pair, applied, killed.runs)
    for site, journal in pair.items():
        there = applied[OTHER[site]]
        assert len(set(there)) == len(there), "doubled"
        assert there == sorted(there), "out of order"
        last = {book: number for book, number in there}
        lost = [(book, number) for book, number in killed.acknowledged[site].items() if last.get(book, 0) < number]
        assert not lost, "acknowledged, and lost"
        assert all(last[book] == sum(1 for one, _ in there if one == book) for book in last), "a hole"
        assert not journal.problems, [str(problem.told()) for problem in journal.problems]
        journal.close()
    return killed.starts


def test_what_was_acknowledged_is_applied_once_and_in_order_whoever_is_killed(tmp_path: Path) -> None:
    assert len(killed_and_whole(tmp_path, 16, 1)) >= 16


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_thousand_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    starts = sorted(killed_and_whole(tmp_path, 1000, 2))
    print(f"start: median {starts[len(starts) // 2] * 1e3:.0f} ms, worst {starts[-1] * 1e3:.0f} ms")
    assert starts[-1] < 1.0
