"""What befalls a disk: it is full, held, taken away, spoilt, put back from a copy. The show goes on, and it is told."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from installation.twin.journal import Journal
from installation.twin.mirror import Arrived
from tests.twin.site import ROOT, until
from tests.twin.test_journal import Pair


def told(journal: Journal) -> list[str]:
    return [str(problem.told()) for problem in journal.problems]


def crossed(pair: Pair, turns: int = 4, seconds: float = 2.1) -> None:
    for _ in range(turns):
        pair.tick(seconds)
        pair.deliver()


FULL = """if True:
    import resource, sys
    from pathlib import Path
    from installation.twin.journal import Journal
    from tests.twin.site import until
    folder = Path(sys.argv[1])
    journal = Journal(folder / "journal.sqlite", "paris", 1, ["sf"])
    write = lambda: journal.write("letter", "x" * 1000, 0.0, 1.0)
    [write() for _ in range(20)]
    assert journal.flush() and journal.safe == 20
    size = max(path.stat().st_size for path in folder.iterdir())
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    [write() for _ in range(300)]
    until(lambda: journal.flush() and journal.failures > 0)
    assert journal.safe == 20, journal.safe
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    until(lambda: journal.flush() and journal.safe == 320)
    assert len(journal.problems) == 1, journal.problems
    journal.close()
    assert len(Journal(folder / "journal.sqlite", "paris", 2, ["sf"]).pending()) == 320
    print("healed")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
def test_a_full_disk_is_told_once_and_what_was_written_meanwhile_is_on_it_when_there_is_room(tmp_path: Path) -> None:
    words = [sys.executable, "-c", FULL, str(tmp_path)]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert found.stdout == "healed\n", found.stderr


def test_a_file_that_another_program_holds_is_waited_for_and_nothing_of_that_time_is_called_safe(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path / "journal.sqlite", "paris", 1, ["sf"])
    journal.write("letter", "before", 0.0, 1.0)
    assert journal.flush()
    other = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    other.execute("begin immediate")
    journal.write("letter", "meanwhile", 0.0, 1.0)
    until(lambda: journal.flush() and journal.failures > 0)
    assert journal.safe == 1
    other.execute("rollback")
    other.close()
    until(lambda: journal.flush() and journal.safe == 2)
    assert len(told(journal)) == 1 and "cannot be written" in told(journal)[0]
    journal.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
@pytest.mark.parametrize("whole", [False, True], ids=["the file", "the folder"])
def test_what_is_removed_under_us_is_written_anew_whole_and_told_once(tmp_path: Path, whole: bool) -> None:
    path = tmp_path / "state" / "journal.sqlite"
    journal = Journal(path, "paris", 1, ["sf"])
    journal.write("letter", "before", 0.0, 1.0)
    assert journal.flush()
    shutil.rmtree(path.parent) if whole else path.unlink()
    journal.write("letter", "after", 0.0, 1.0)
    until(lambda: journal.flush() and journal.safe == 2 and path.exists())
    journal.write("letter", "later", 0.0, 1.0)
    journal.close()
    assert len(told(journal)) == 1 and "removed" in told(journal)[0]
    again = Journal(path, "paris", 2, ["sf"])
    assert [entry.arguments for entry in again.pending()] == ["before", "after", "later"] and not told(again)
    again.close()


def _some(folder: Path) -> dict[str, bytes]:
    """The files of a journal in use, some of it in the WAL alone."""
    pair = Pair(folder)
    for n in range(30):
        pair.journals["paris"].write("letter", "a" * (n * 40), 0.0, pair.now)
        pair.journals["sf"].write("letter", "b" * (n * 40), 0.0, pair.now)
        crossed(pair, 1, 0.1)
    files = {path.name: path.read_bytes() for path in folder.glob("paris.db*") if not path.name.endswith("-shm")}
    pair.close()
    files["closed"] = (folder / "paris.db").read_bytes()
    return files


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    match chance.randrange(4):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + bytes(min(512, len(data) - at)) + data[at + 512 :]
        case 2:
            return data[:at] + chance.randbytes(16) + data[at + 16 :]
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def test_a_journal_spoilt_anywhere_starts_and_keeps_what_comes_and_what_was_lost_is_told_once(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    files, asides = _some(made), 0
    for seed in range(90):
        chance, path = random.Random(seed), tmp_path / str(seed) / "journal.sqlite"
        path.parent.mkdir()
        if seed % 3:
            path.write_bytes(_spoilt(files["closed"], chance))
        else:
            whole, torn = files["paris.db"], files["paris.db-wal"]
            path.write_bytes(whole if chance.random() < 0.5 else _spoilt(whole, chance))
            path.with_name("journal.sqlite-wal").write_bytes(_spoilt(torn, chance))
        journal = Journal(path, "paris", 5, ["sf"])
        entry = journal.write("cue", seed, 0.0, 1.0)
        journal.merge([Arrived("sf", b"")])
        journal.delta(1.0)
        until(lambda journal=journal: journal.flush() and journal.safe == 1)  # type: ignore[misc]
        asides += path.with_name("journal.sqlite.aside").exists()
        assert len(told(journal)) <= 2, (seed, told(journal))
        journal.close()
        again = Journal(path, "paris", 6, ["sf"])
        assert [one for one in again.pending() if one.name == "cue"] == [entry], seed
        assert not told(again), (seed, told(again))
        again.close()
    assert asides > 10


def test_an_own_entry_that_the_disk_spoilt_is_a_gap_and_holds_no_later_one_up(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    written = [pair.journals["paris"].write("letter", n, 0.0, pair.now) for n in range(5)]
    pair.journals["paris"].close()
    base = sqlite3.connect(tmp_path / "paris.db")
    base.execute("update mine set body = x'c1' where number = 3")
    base.execute("update pending set body = x'c1' where number = 3")
    base.commit()
    base.close()
    pair.journals["paris"] = pair.opened("paris")
    pair.connect()
    crossed(pair)
    assert pair.given["sf"] == written[:2] + written[3:]
    assert pair.journals["paris"].garbled == 1
    pair.close()


def test_a_copy_that_was_taken_while_the_site_wrote_starts(tmp_path: Path) -> None:
    """A copy may meet the file in mid-write: then it is told and put aside; else it holds all up to some instant."""
    (tmp_path / "state").mkdir()
    journal, good = Journal(tmp_path / "state" / "journal.sqlite", "paris", 1, ["sf"]), 0
    for copy in range(12):
        for _ in range(40):
            journal.write("letter", "x" * 2000, 1.0, 1.0)
        folder = Path(shutil.copytree(tmp_path / "state", tmp_path / f"copy{copy}"))
        found = Journal(folder / "journal.sqlite", "paris", 2, ["sf"])
        numbers = [entry.number for entry in found.pending()]
        assert numbers == list(range(1, len(numbers) + 1))
        good += not told(found)
        found.write("letter", "after", 0.0, 1.0)
        assert found.flush() and found.safe == 1
        found.close()
    assert good, "none of twelve copies was whole"
    journal.close()


@pytest.mark.parametrize("clock", [0, 1000], ids=["the clock set back too", "the clock as it should be"])
def test_a_state_put_back_from_a_copy_is_told_in_both_cities_and_doubles_and_loses_nothing_new(
    tmp_path: Path, clock: int
) -> None:
    pair = Pair(tmp_path)
    first = [pair.journals[site].write("letter", f"{site} early", 0.0, pair.now) for site in ("paris", "sf")]
    crossed(pair)
    pair.journals["paris"].close()
    copy = (tmp_path / "paris.db").read_bytes()
    pair.runs -= 1 - bool(clock)
    pair.journals["paris"] = pair.opened("paris")
    pair.connect()
    for n in range(5):
        first += [pair.journals[site].write("letter", n, 0.0, pair.now) for site in ("paris", "sf")]
    crossed(pair)
    pair.journals["paris"].close()
    for path in tmp_path.glob("paris.db*"):
        path.unlink()
    (tmp_path / "paris.db").write_bytes(copy)
    pair.runs += clock - 1
    pair.journals["paris"] = paris = pair.opened("paris")
    pair.connect()
    crossed(pair)
    later = [pair.journals[site].write("letter", f"{site} later", 0.0, pair.now) for site in ("paris", "sf")]
    crossed(pair, 8)
    assert [one.arguments for one in pair.given["sf"]].count("paris later") == 1
    assert [one.arguments for one in pair.given["paris"]].count("sf later") == 1
    keys = [one.key for one in pair.given["sf"]]
    assert len(set(keys)) == len(keys) and {one.key for one in first if one.site == "paris"} <= set(keys)
    assert paris.behind == 5 and sum("no longer known" in one for one in told(paris)) == 1
    assert later and len(told(paris)) <= 2
    pair.close()


@pytest.mark.parametrize("order", [list, lambda sites: sites[::-1]], ids=["forth", "back"])
def test_among_five_one_that_never_comes_holds_nobody_up_and_is_forgotten_when_the_rig_lets_it_go(
    tmp_path: Path, order: Callable[[list[str]], list[str]]
) -> None:
    sites = ["paris", "sf", "tokyo", "lagos", "never"]
    journals = {
        site: Journal(tmp_path / f"{site}.db", site, 1, [one for one in sites if one != site], cap=50)
        for site in sites[:-1]
    }
    for site, journal in journals.items():
        journal.merge([Arrived(other, b"") for other in journals if other != site])
    given: dict[str, list[tuple[str, int]]] = {site: [] for site in journals}
    for turn in range(30):
        for site in order(list(journals)):
            for _ in range(4):
                journals[site].write("letter", turn, 0.0, float(turn))
            assert journals[site].flush()
            for to, frames in journals[site].delta(float(turn)).items():
                if to in journals:
                    journals[to].merge([Arrived(site, frame) for frame in frames])
                    assert journals[to].flush()
            for other in journals:
                given[other] += [(one.site, one.number) for one in journals[other].merge([])]
    for site in journals:
        for other in journals:
            if other != site:
                numbers = [number for whose, number in given[site] if whose == other]
                assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 100
    gaps = [one for one in told(journals["paris"]) if "never" in one]
    assert len(gaps) == 1 and journals["paris"].waiting <= 50 + 4
    for journal in journals.values():
        journal.close()
    smaller = Journal(tmp_path / "paris.db", "paris", 2, ["sf", "tokyo", "lagos"], cap=50)
    assert ["no longer in the rig" in one for one in told(smaller)] == [True]
    assert smaller.waiting <= 8
    smaller.close()
    again = Journal(tmp_path / "paris.db", "paris", 3, ["sf", "tokyo", "lagos"], cap=50)
    assert not told(again)
    again.close()


def test_an_entry_of_a_name_that_is_not_known_here_is_counted_told_once_and_done(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    for n in range(6):
        pair.journals["paris"].write("perfume" if n % 2 else "cue", n, 0.0, pair.now)
    crossed(pair)
    sf = pair.journals["sf"]
    for entry in sf.pending():
        if entry.name == "perfume":
            sf.strange(entry)
    assert sf.unknown == 3 and [entry.name for entry in sf.pending()] == ["cue"] * 3
    assert len(told(sf)) == 1 and "perfume" in told(sf)[0]
    pair.close()
