"""The thread that keeps the other cities' gestures: it writes them, and reads ahead what an echo will need.

A disk that stands still, is full or spoilt holds this alone. Everything is bounded; what is let go is counted.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from installation.control.echo_file import (
    AGE,
    ASIDES,
    FILE_BYTES,
    FILE_SECONDS,
    ROOM,
    Head,
    Rows,
    Span,
    Spoilt,
    begun,
    packed,
    rows_of,
    spans,
)
from installation.score.echo import Stretch
from installation.score.problem import Problem, Row

BATCH = 10.0
"""Seconds of a record, and what a kill may cost."""
GAP = 60.0
"""Seconds of silence within which a stretch goes on."""
AHEAD = 30.0
"""Seconds read ahead for an echo."""
WAITING = 3000
"""Rows that may wait for the disk."""
SPARSE = 1.0
"""Seconds between two rows where more comes than a week's room can hold."""

SPOILT = Row(
    en=(
        "the echo of {site} is damaged here, or of another version",
        "what this version wrote",
        "the rest is played; the file was put aside as {aside}",
    ),
    fr=(
        "l'écho de {site} est abîmé ici, ou d'une autre version",
        "ce que cette version a écrit",
        "le reste est joué ; le fichier est mis de côté : {aside}",
    ),
)
NO_DISK = Row(
    en=("the gestures of {site} are not kept: {found}", "room in {folder}", "free some; the show goes on"),
    fr=(
        "les gestes de {site} ne sont pas gardés : {found}",
        "de la place dans {folder}",
        "libérez-en ; le spectacle continue",
    ),
)


class Wanted(NamedTuple):
    """What an echo needs: rows of these addresses of a city from an instant on; `give` takes them."""

    site: str
    scene: str
    addresses: tuple[tuple[str, str, int], ...]
    first: float
    last: float
    give: Callable[[Rows | None], None]


class _Writing:
    """What is being written of one city: the rows of a batch, the file of the hour."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.times: list[float] = []
        self.values: list[Any] = []
        self.path: Path | None = None
        self.began = self.size = 0.0

    @property
    def rows(self) -> Rows:
        return Rows(np.array(self.times), np.array(self.values, np.float32))


class Keeping:
    """Keeps in `folder`, a folder for each city. `stretches` says by city and scene when something was recorded."""

    def __init__(self, folder: Path, room: int = ROOM, age: float = AGE) -> None:
        self.folder, self.room, self.age = folder, room, age
        self.stretches: dict[tuple[str, str], tuple[Stretch, ...]] = {}
        self.counted = dict.fromkeys(("kept", "thinned", "dropped", "pruned", "spoilt"), 0)
        self.problems: queue.SimpleQueue[Problem] = queue.SimpleQueue()
        self._asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._spans: dict[str, list[Span]] = {}
        self._writing: dict[str, _Writing] = {}
        self._told: set[str] = set()
        self._spare, self._then = room / 8, 0.0
        self._thread = threading.Thread(target=self._run, name="echo", daemon=True)
        self._thread.start()

    def keep(self, head: Head, now: float, values: Any) -> None:
        """A row of a city's half, as of the shared instant `now`; the array is ours from then on."""
        if self._asked.qsize() < WAITING:
            self._asked.put((self._row, head, now, values))
        else:
            self.counted["dropped"] += 1

    def rest(self, site: str) -> None:
        """The city is not heard any more for now: what waits is written."""
        self._asked.put((self._rest, site))

    def want(self, wanted: Wanted) -> None:
        """Rows that an echo will need; `give` is called in the thread."""
        self._asked.put((self._read, wanted))

    def run(self, act: Callable[[], None]) -> None:
        """Something else that a tick must not wait for."""
        self._asked.put((act,))

    def close(self, patience: float = 1.0) -> None:
        """Writes what waits, for so many seconds at most."""
        self._asked.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            self._scan()
        while (asked := self._asked.get()) is not None:
            act, *words = asked
            try:
                act(*words)
            except Exception:  # one row or one window is lost; the echo goes on
                self.counted["dropped"] += 1
        for site in list(self._writing):
            with contextlib.suppress(OSError):
                self._rest(site)

    def _scan(self) -> None:
        """What earlier runs left."""
        for path in sorted(self.folder.glob("*/*.echo")):
            site, found = path.parent.name, []
            try:
                for span in spans(path):
                    if span.head.site == site:
                        found.append(span)
            except Spoilt:
                self._aside(path, site)
                continue
            except OSError:
                continue
            self._spans.setdefault(site, []).extend(found)
        for site, found in self._spans.items():
            found.sort(key=lambda span: span.first)
            self._index(site)

    def _aside(self, path: Path, site: str) -> None:
        aside = path.with_suffix(".aside")
        with contextlib.suppress(OSError):
            path.rename(aside)
        self._spans[site] = [span for span in self._spans.get(site, []) if span.path != path]
        self.counted["spoilt"] += 1
        self.problems.put(Problem(str(path), 0, SPOILT, {"site": site, "aside": aside}))
        for old in sorted(self.folder.glob("*/*.aside"))[:-ASIDES]:
            with contextlib.suppress(OSError):
                old.unlink()

    def _row(self, head: Head, now: float, values: Any) -> None:
        writing = self._writing.get(head.site)
        if writing is None or writing.head != head:
            self._rest(head.site)
            writing = self._writing[head.site] = _Writing(head)
        if writing.times:
            self._spare = min(self.room / 8, self._spare + max(0.0, now - self._then) * self.room / self.age)
            self._then = now
            if now <= writing.times[-1]:  # a clock that was set back: a record's times rise
                self._flush(writing)
            elif self._spare < 0 and now - writing.times[-1] < SPARSE:
                self.counted["thinned"] += 1
                return
        writing.times.append(now)
        writing.values.append(values)
        self.counted["kept"] += 1
        if now - writing.times[0] >= BATCH:
            self._flush(writing)
        else:
            self._extend(head, now)

    def _extend(self, head: Head, now: float) -> None:
        """The last stretch goes on to `now`."""
        stretches = self.stretches.get((head.site, head.scene), ())
        if stretches and 0 <= now - stretches[-1][1] <= GAP:
            self.stretches[head.site, head.scene] = (*stretches[:-1], (stretches[-1][0], now))
        else:
            self._index(head.site)

    def _rest(self, site: str) -> None:
        writing = self._writing.pop(site, None)
        if writing is not None:
            self._flush(writing)

    def _flush(self, writing: _Writing) -> None:
        """One record to the disk; a disk that does not take it loses these seconds, told once."""
        if not writing.times:
            return
        rows, head = writing.rows, writing.head
        writing.times, writing.values = [], []
        record = packed(rows)
        self._spare -= len(record)
        first, last = float(rows.times[0]), float(rows.times[-1])
        try:
            at = self._append(writing, record, first)
        except OSError as fault:
            writing.path = None
            self.counted["dropped"] += len(rows.times)
            if head.site not in self._told:
                self._told.add(head.site)
                words = {"site": head.site, "found": fault.strerror or fault, "folder": self.folder}
                self.problems.put(Problem(str(self.folder), 0, NO_DISK, words))
            return
        assert writing.path is not None
        span = Span(writing.path, head, at, len(record), first, last)
        self._spans.setdefault(head.site, []).append(span)
        self._prune(last)
        self._index(head.site)

    def _append(self, writing: _Writing, record: bytes, first: float) -> int:
        """Writes a record at the end of the hour's file; gives where it begins."""
        if writing.path is None or first - writing.began > FILE_SECONDS or writing.size > FILE_BYTES:
            folder = self.folder / writing.head.site
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            number = int(first * 1000)
            while (path := folder / f"{number:015d}.echo").exists():
                number += 1
            start = begun(writing.head)
            with path.open("wb") as file:
                file.write(start)
            writing.path, writing.began, writing.size = path, first, len(start)
        at = int(writing.size)
        with writing.path.open("r+b") as file:
            file.seek(at)
            file.write(record)
            file.truncate()
        writing.size += len(record)
        return at

    def _prune(self, now: float) -> None:
        """Lets the oldest go: what is older than `age`, and what is more than `room`."""
        files: dict[Path, tuple[float, int, str]] = {}
        for site, found in self._spans.items():
            for span in found:
                last, size, _ = files.get(span.path, (0.0, 0, ""))
                files[span.path] = max(last, span.last), size + span.size, site
        total = sum(size for _, size, _ in files.values())
        writing = {one.path for one in self._writing.values()}
        for path, (last, size, site) in sorted(files.items(), key=lambda item: item[1]):
            if path in writing or (total <= self.room and now - last <= self.age):
                continue
            total -= size
            path.unlink(missing_ok=True)
            self._spans[site] = [span for span in self._spans[site] if span.path != path]
            self.counted["pruned"] += 1
            self._index(site)

    def _index(self, site: str) -> None:
        """When something was recorded of a city, by scene: records that follow one another are one stretch."""
        found: dict[str, list[Stretch]] = {}
        for scene, first, last in sorted(self._covered(site), key=lambda one: one[1]):
            stretches = found.setdefault(scene, [])
            if stretches and 0 <= first - stretches[-1][1] <= GAP:
                stretches[-1] = stretches[-1][0], max(last, stretches[-1][1])
            else:
                stretches.append((first, last))
        for scene, stretches in found.items():
            self.stretches[site, scene] = tuple(stretches)

    def _covered(self, site: str) -> list[tuple[str, float, float]]:
        found = [(span.head.scene, span.first, span.last) for span in self._spans.get(site, [])]
        writing = self._writing.get(site)
        if writing is not None and writing.times:
            found.append((writing.head.scene, writing.times[0], writing.times[-1]))
        return found

    def _read(self, wanted: Wanted) -> None:
        """Rows of what is wanted, from just before `first` on; whatever happens, an answer."""
        rows = None
        try:
            rows = self._found(wanted)
        finally:
            wanted.give(rows)

    def _found(self, wanted: Wanted) -> Rows | None:
        found = []
        for span in self._spans.get(wanted.site, []):
            if span.head.scene == wanted.scene and span.last >= wanted.first - GAP and span.first <= wanted.last:
                try:
                    found.append(_columns(rows_of(span), span.head, wanted))
                except (Spoilt, OSError):
                    self._aside(span.path, wanted.site)
                    self._index(wanted.site)
        writing = self._writing.get(wanted.site)
        if writing is not None and writing.times and writing.head.scene == wanted.scene:
            found.append(_columns(writing.rows, writing.head, wanted))
        if not found:
            return None
        times = np.concatenate([rows.times for rows in found])
        values = np.concatenate([rows.values for rows in found])
        order = np.argsort(times, kind="stable")
        return Rows(times[order], values[order])


def _columns(rows: Rows, head: Head, wanted: Wanted) -> Rows:
    """The wanted columns; what the recording does not have, or has as something else, is NaN."""
    places, offset = {}, 0
    for address, kind, width in head.keys:
        places[address, kind, width] = offset
        offset += width
    values = np.full((len(rows.times), sum(width for _, _, width in wanted.addresses)), np.nan)
    at = 0
    for key in wanted.addresses:
        if key in places:
            values[:, at : at + key[2]] = rows.values[:, places[key] : places[key] + key[2]]
        at += key[2]
    return Rows(rows.times, values)
