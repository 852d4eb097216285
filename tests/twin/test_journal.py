"""Entries are kept, sent, and applied once, whatever dies on the way."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installation.twin.journal import Entry, Journal
from installation.twin.mirror import Arrived


class Pair:
    """Two journals on disk and a line that may lose, double and reorder."""

    def __init__(self, folder: Path, cap: int = 1000) -> None:
        self.folder, self.cap, self.now, self.runs = folder, cap, 1000.0, 0
        self.journals = {site: self.opened(site) for site in ("paris", "sf")}
        self.given: dict[str, list[Entry]] = {"paris": [], "sf": []}
        self.under_way: list[tuple[str, str, bytes]] = []
        self.connect()

    def opened(self, site: str) -> Journal:
        self.runs += 1
        return Journal(self.folder / f"{site}.db", site, self.runs, {"paris", "sf"} - {site}, self.cap)

    def connect(self) -> None:
        for site, other in (("paris", "sf"), ("sf", "paris")):
            self.journals[site].merge([Arrived(other, b"")])

    def tick(self, seconds: float = 0.1) -> None:
        self.now += seconds
        for site, journal in self.journals.items():
            assert journal.flush()
            for to, frames in journal.delta(self.now).items():
                self.under_way += [(site, to, frame) for frame in frames]

    def deliver(self) -> None:
        for site, to, frame in self.under_way:
            self.journals[to].merge([Arrived(site, frame)])
        self.under_way = []
        for site, journal in self.journals.items():
            assert journal.flush()
            self.given[site] += journal.merge([])

    def close(self) -> None:
        for journal in self.journals.values():
            journal.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    found = Pair(tmp_path)
    yield found
    found.close()


def test_an_entry_arrives_once_with_all_that_it_says(pair: Pair) -> None:
    entry = pair.journals["paris"].write("cue", {"name": "dawn", "n": 3}, 1001.5, 1000.25)
    for _ in range(4):
        pair.tick()
        pair.deliver()
    assert pair.given["sf"] == [entry]
    assert pair.journals["sf"].pending() == [entry]


def test_entries_come_in_order_and_once_through_loss_doubling_and_reordering(pair: Pair) -> None:
    chance = random.Random(7)
    written = []
    for n in range(60):
        written.append(pair.journals["paris"].write("letter", n, 0, pair.now))
        pair.tick(0.5)
        frames = [f for f in pair.under_way if chance.random() > 0.4]
        pair.under_way = frames + [f for f in frames if chance.random() < 0.3]
        chance.shuffle(pair.under_way)
        pair.deliver()
    for _ in range(10):
        pair.tick(2.1)
        pair.deliver()
    assert pair.given["sf"] == written


def test_an_entry_that_was_not_done_is_given_again_after_a_power_cut(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    entries = [pair.journals["paris"].write("cue", n, 0, pair.now) for n in range(3)]
    for _ in range(3):
        pair.tick()
        pair.deliver()
    pair.journals["sf"].done(entries[0])
    pair.journals["sf"].keep(b"after the first")
    pair.journals["sf"].done(entries[1])
    assert pair.journals["sf"].flush()
    again = pair.opened("sf")
    assert again.pending() == entries[1:]
    assert again.kept() == b"after the first"
    again.close()
    pair.close()


def test_a_restarted_site_takes_up_where_its_disk_left_off(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    first = pair.journals["paris"].write("cue", 1, 0, pair.now)
    for _ in range(3):
        pair.tick()
        pair.deliver()
    pair.journals["paris"].close()
    pair.journals["paris"] = pair.opened("paris")
    second = pair.journals["paris"].write("cue", 2, 0, pair.now)
    pair.connect()
    for _ in range(3):
        pair.tick()
        pair.deliver()
    assert pair.given["sf"] == [first, second]
    assert (second.epoch, second.number) > (first.epoch, first.number)
    pair.close()


@pytest.mark.parametrize("count", [3, 9], ids=["a shorter book", "a longer book"])
def test_a_page_that_is_read_too_late_is_not_taken_for_one_of_the_next_book(tmp_path: Path, count: int) -> None:
    """A city comes back that has all of an earlier book, which we had begun to read for it."""
    pair = Pair(tmp_path)
    written = [pair.journals["paris"].write("letter", f"first {n}", 0, pair.now) for n in range(5)]
    pair.tick()
    pair.deliver()
    assert pair.given["sf"] == written
    pair.journals["paris"].close()
    pair.journals["paris"] = pair.opened("paris")
    written += [pair.journals["paris"].write("letter", f"second {n}", 0, pair.now) for n in range(count)]
    pair.journals["paris"].close()
    pair.journals["paris"] = paris = pair.opened("paris")
    assert paris.waiting == 5 + count
    pair.connect()
    paris.delta(pair.now)
    paris.merge([Arrived("sf", frame) for frame in pair.journals["sf"].delta(pair.now)["paris"]])
    for _ in range(8):
        pair.tick()
        pair.deliver()
    assert pair.given["sf"] == written and paris.waiting == 0
    pair.close()


def test_beyond_the_cap_the_oldest_are_let_go_and_the_gap_is_told(tmp_path: Path) -> None:
    pair = Pair(tmp_path, cap=10)
    written = [pair.journals["paris"].write("letter", n, 0, pair.now) for n in range(25)]
    for _ in range(4):
        pair.tick(2.1)
        pair.deliver()
    assert pair.given["sf"] == written[15:]
    assert pair.journals["sf"].lost == 15
    told = [str(problem.told()) for problem in pair.journals["paris"].problems]
    assert len(told) == 1 and "sf" in told[0] and "10" in told[0]
    pair.close()


def test_what_all_have_is_forgotten(pair: Pair) -> None:
    for n in range(20):
        pair.journals["paris"].write("letter", n, 0, pair.now)
    for _ in range(4):
        pair.tick()
        pair.deliver()
    assert pair.journals["paris"].waiting == 0


def test_garbage_is_counted_and_nothing_else_comes_of_it(pair: Pair) -> None:
    chance = random.Random(3)
    pair.journals["paris"].write("cue", {"a": [1, 2, 3]}, 0, 1.0)
    pair.tick()
    frame = next(f for _, _, f in pair.under_way if f[0] == 32)
    for cut in range(1, len(frame)):
        pair.journals["sf"].merge([Arrived("paris", frame[:cut])])
    for _ in range(500):
        rotten = bytearray(frame)
        rotten[chance.randrange(16, len(frame))] ^= 1 << chance.randrange(8)
        pair.journals["sf"].merge([Arrived("paris", bytes(rotten[: chance.randrange(17, len(frame) + 1)]))])
    assert pair.journals["sf"].garbled > 0


def test_a_disk_that_cannot_be_written_is_told_once_and_the_show_goes_on(tmp_path: Path) -> None:
    (tmp_path / "paris.db-wal").mkdir()
    pair = Pair(tmp_path)
    entry = pair.journals["paris"].write("cue", 1, 0, pair.now)
    for _ in range(3):
        pair.tick()
        pair.deliver()
    told = [problem.told("fr").found for problem in pair.journals["paris"].problems]
    assert len(told) == 1 and told[0].startswith("le journal ne peut pas être écrit")
    assert pair.given["sf"] == [entry]
    pair.close()


def test_an_entry_too_long_to_cross_is_refused_when_it_is_written(pair: Pair) -> None:
    with pytest.raises(ValueError, match="bytes"):
        pair.journals["paris"].write("letter", "x" * 40_000, 0, 0)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(os.urandom(5000)),
        lambda path: _shaped(
            path,
            "create table kept (one integer primary key, book text, state blob)",
            "insert into kept values (1, 'x', 'y')",
        ),
        lambda path: _shaped(path, "create table entry (site text)"),
        lambda path: _shaped(path, "pragma user_version=99"),
    ],
    ids=["noise", "other types", "other columns", "another version"],
)
def test_a_journal_that_cannot_be_read_is_put_aside_and_a_new_one_begun(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path = tmp_path / "journal.sqlite"
    spoil(path)
    journal = Journal(path, "paris", 1, ["sf"])
    assert journal.write("cue", {}, 0.0, 1.0).number == 1
    assert journal.flush()
    assert journal.delta(1.0) is not None
    assert (tmp_path / "journal.sqlite.aside").stat().st_size > 0
    assert "put aside" in str(journal.problems[0].told()) and "mis de côté" in str(journal.problems[0].told("fr"))
    journal.close()
    assert [entry.number for entry in Journal(path, "paris", 2, ["sf"]).pending()] == [1]


def _shaped(path: Path, *orders: str) -> None:
    base = sqlite3.connect(path)
    for order in orders:
        base.execute(order)
    base.commit()
    base.close()
