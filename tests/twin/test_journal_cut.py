"""The power is cut between any two system calls: what was acknowledged had been synced.

A kill proves only the death of a process: the kernel still has what it wrote. So a real process is watched
(strace), and from its system calls the disk is built as a cut leaves it: what was synced, and of the rest nothing, or
any part. A file's name is there once its folder has been synced.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from installation.twin.journal import Journal
from tests.twin.quill import OTHER
from tests.twin.site import ROOT

CALLS = "openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename"
_LINE = re.compile(r"^(\d+) +(\w+)\((.*?)(?:\) += (-?\d+).*| <unfinished \.\.\.>)$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>.* = (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")


class Call(NamedTuple):
    """One system call on one file; `at` is an offset or a length."""

    name: str
    path: str
    data: bytes = b""
    at: int = 0


class Disk:
    """Files as a cut leaves them."""

    def __init__(self) -> None:
        self.synced: dict[str, bytes] = {}
        self.written: dict[str, list[Call]] = {}
        self.named: set[str] = set()

    def do(self, call: Call) -> None:
        path = call.path
        if call.name in ("pwrite64", "ftruncate"):
            self.written.setdefault(path, []).append(call)
        elif call.name == "unlink":
            for known in (self.synced, self.written):
                known.pop(path, None)
            self.named.discard(path)
        elif call.name in ("fsync", "fdatasync"):
            if path in self.written or path in self.synced:
                self.synced[path] = played(self.synced.get(path, b""), self.written.pop(path, []))
            else:  # a folder
                self.named |= {name for name in (*self.written, *self.synced) if str(Path(name).parent) == path}

    def laid(self, folder: Path, chance: random.Random | None) -> None:
        """The files in `folder`: what was synced, and of what was not any part in any order, or nothing."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path in self.synced.keys() | self.written.keys():
            calls = [call for call in self.written.get(path, []) if chance and chance.random() < 0.5]
            if chance:
                chance.shuffle(calls)
            if path in self.named or (chance and chance.random() < 0.5):
                (folder / Path(path).name).write_bytes(played(self.synced.get(path, b""), calls))


def played(body: bytes, calls: list[Call]) -> bytes:
    found = bytearray(body)
    for call in calls:
        if call.name == "ftruncate":
            found = found[: call.at].ljust(call.at, b"\0")
        else:
            found = found.ljust(call.at, b"\0")
            found[call.at : call.at + len(call.data)] = call.data
    return bytes(found)


def bare(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def calls(log: Path) -> Iterator[Call]:
    """What the log has, each write when it begins and each sync when it is over."""
    begun: dict[str, Call] = {}
    for line in log.read_text().splitlines():
        if found := _LINE.match(line):
            pid, name, given, answer = found.groups()
            call = read(name, given)
            if call is None or (answer or "").startswith("-"):
                continue
            if answer is None and name in ("fsync", "fdatasync"):
                begun[pid] = call
                continue
            yield call
        elif (found := _RESUMED.match(line)) and (waited := begun.pop(found[1], None)):
            assert found[3] == "0"
            yield waited


def read(name: str, given: str) -> Call | None:
    texts = [bare(text) for text in _TEXT.findall(given)]
    if name in ("unlink", "openat", "rename"):
        return Call(name, texts[0].decode())
    file = _FILE.match(given)
    assert file, given
    path = bare(file[1]).decode()
    last = given.rpartition(", ")[2]
    return Call(name, path, texts[0] if texts else b"", int(last) if name in ("pwrite64", "ftruncate") else 0)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The system calls of a process with two journals, on their files and on its `acks`."""
    if shutil.which("strace") is None:
        pytest.skip("no strace")
    folder = tmp_path_factory.mktemp("cut")
    files = [folder, folder / "acks", *(folder / f"{site}.db{tail}" for site in OTHER for tail in ("", "-wal"))]
    paths = [word for file in files for word in ("-P", str(file))]
    words = ["strace", "-f", "-y", "-xx", "-s", "100000", "-e", f"trace={CALLS}", *paths, "-o", str(folder / "log")]
    child = [sys.executable, "-m", "tests.twin.quill", str(folder), "both", "6"]
    done = subprocess.run([*words, *child], cwd=ROOT, capture_output=True, text=True, timeout=100)
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip(f"no process may be watched here: {done.stderr[:200]}")
    assert done.returncode == 0, done.stderr
    return folder / "log"


def holds(folder: Path, site: str) -> dict[str, dict[int, int]]:
    """By site and book, the number up to which the journal in `folder` has entries."""
    journal = Journal(folder / f"{site}.db", site, 99, [OTHER[site]])
    assert not journal.problems, [str(problem.told()) for problem in journal.problems]
    own = {book: last for book, last in journal._own.last.items()}
    theirs = {book: last for book, last in journal._writer._reached.get(OTHER[site], {}).items()}
    journal.close()
    return {site: own, OTHER[site]: theirs}


def cut(log: Path, folder: Path, chance: random.Random | None, every: int) -> int:
    """Cuts behind each `every`th call; gives the number of acknowledgements that were held against the disk."""
    disk, acknowledged, checked = Disk(), list[tuple[str, str, int, int]](), 0
    for count, call in enumerate(calls(log)):
        if call.path.endswith("/acks"):
            words = call.data.decode().split() if call.name == "write" else []
            if words:
                acknowledged.append((words[0], words[1], int(words[2]), int(words[3])))
        else:
            disk.do(call)
        if not acknowledged or (count % every and not call.path.endswith("/acks")):
            continue
        disk.laid(folder, chance)
        found = {site: holds(folder, site) for site in OTHER}
        for at, site, book, number in acknowledged:
            assert found[at][site].get(book, 0) >= number, f"{at} acknowledged {site} {book}:{number}, call {count}"
            checked += 1
    return checked


def test_each_acknowledgement_follows_the_sync_of_what_it_speaks_of(log: Path, tmp_path: Path) -> None:
    assert cut(log, tmp_path / "disk", None, 12) > 100


def test_a_cut_that_leaves_any_part_of_what_was_not_synced_loses_nothing_acknowledged(
    log: Path, tmp_path: Path
) -> None:
    assert cut(log, tmp_path / "disk", random.Random(5), 12) > 100


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_cut_behind_every_single_call_loses_nothing_acknowledged(log: Path, tmp_path: Path) -> None:
    print(cut(log, tmp_path / "disk", None, 1))
    for seed in range(5):
        cut(log, tmp_path / "disk", random.Random(seed), 1)


def test_a_write_that_is_not_synced_is_not_there_after_a_cut(tmp_path: Path) -> None:
    disk = Disk()
    disk.do(Call("pwrite64", "/d/a", b"one"))
    disk.do(Call("fsync", "/d/a"))
    disk.do(Call("fsync", "/d"))
    disk.do(Call("pwrite64", "/d/a", b"two"))
    disk.laid(tmp_path / "disk", None)
    assert (tmp_path / "disk" / "a").read_bytes() == b"one"
