"""How far another site is with our journal, and we with its: what it is sent next.

It is given entries in their order, book by book: the next book begins when all of the one before is acknowledged. So
whatever is lost, doubled or reordered, and whoever restarts, a site's entries are applied in their order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from installation.twin import journal_entry as entries
from installation.twin.journal_entry import FRAME_BYTES, FRAME_ENTRIES, Position
from installation.twin.journal_file import Item

WINDOW, WINDOW_BYTES = 8192, 1 << 20
"""Under way to one peer at most."""
AGAIN, AGAIN_AT_MOST = 2.0, 30.0
"""Seconds until what is not acknowledged is sent again; twice as long each time that nothing is heard."""
RECENT, RECENT_BYTES = 1024, 256 << 10
PAGES_AHEAD = 512
"""A page is asked for when fewer than so many entries are left of the one before."""
Ask = Callable[[Position, int], None]


class Own:
    """This site's own entries as peers need them: the books with their last numbers, and the newest entries."""

    def __init__(self) -> None:
        self.books: list[int] = []
        self.last: dict[int, int] = {}
        self.recent: deque[tuple[int, bytes]] = deque()
        self._bytes = 0

    def add(self, book: int, number: int) -> None:
        """Entries of `book` up to `number` may be sent."""
        if book not in self.last:
            self.books.insert(bisect_left(self.books, book), book)
        self.last[book] = max(number, self.last.get(book, 0))

    def note(self, number: int, body: bytes) -> None:
        """An entry of the book of this run, as it is written."""
        self.recent.append((number, body))
        self._bytes += len(body)
        while len(self.recent) > RECENT or self._bytes > RECENT_BYTES:
            self._bytes -= len(self.recent.popleft()[1])

    def forget(self, number: int) -> None:
        """Those up to `number` are let go."""
        while self.recent and self.recent[0][0] <= number:
            self._bytes -= len(self.recent.popleft()[1])

    def after(self, at: Position) -> int:
        """The book of the next entry behind `at`; 0 when there is none."""
        place = bisect_left(self.books, at[0])
        if place < len(self.books) and self.books[place] == at[0] and self.last[at[0]] <= at[1]:
            place += 1
        return self.books[place] if place < len(self.books) else 0

    @property
    def newest(self) -> Position:
        """Where a peer is that has all; (0, 0) before the first entry."""
        return (self.books[-1], self.last[self.books[-1]]) if self.books else (0, 0)


class Peer:
    """One other site. `acknowledged` is up to where our entries are on its disk."""

    def __init__(self, acknowledged: Position = (0, 0)) -> None:
        self.acknowledged = self.sent = acknowledged
        self.stored: dict[int, int] = {}
        self.told: Position = (0, 0)
        self.tell = self.missing = False
        self._sent_at, self._again = -1e9, AGAIN
        self._page: deque[Item] = deque()
        self._asked: Position | None = None
        self._book = 0
        self._flying: deque[tuple[Position, int]] = deque()
        self._bytes = 0

    def up(self) -> None:
        """The line has come up: what is under way may be lost, and how far we are is said again."""
        self._rewind()
        self._sent_at, self._again, self.tell = -1e9, AGAIN, True

    def _rewind(self) -> None:
        self.sent, self._bytes = self.acknowledged, 0
        self._page.clear()
        self._flying.clear()
        self._asked = None

    def acknowledge(self, at: Position) -> bool:
        """The peer has all up to `at` on its disk; False when that is no news."""
        if at <= self.acknowledged:
            return False
        self.acknowledged, self.sent, self.missing = at, max(self.sent, at), False
        self._again = AGAIN
        while self._flying and self._flying[0][0] <= at:
            self._bytes -= self._flying.popleft()[1]
        return True

    def paged(self, after: Position, items: list[Item]) -> None:
        """A page that was asked for has been read."""
        if after == self._asked:
            self._asked = None
            self._page.extend(items)

    def frame(self, now: float, own: Own, current: int, ask: Ask, room: int = FRAME_BYTES) -> bytes | None:
        """The next entries for the peer, of `room` bytes, or one longer; None when there is nothing to send now.
        `current` is the book of this run."""
        if self.sent > self.acknowledged and now - self._sent_at > self._again:
            self._rewind()
            self._again = min(2 * self._again, AGAIN_AT_MOST)
        book = own.after(self.acknowledged)
        if not book:
            return None
        if book != self._book:  # what was read of another book, or will yet be, is nothing of this one
            self._book, self._asked = book, None
            self._page.clear()
        had = self.acknowledged[1] if self.acknowledged[0] == book else 0
        start = self.sent[1] if self.sent[0] == book else had
        last = min(own.last[book], had + WINDOW)
        if start >= last or room <= 0:
            return None
        bodies = self._bodies(book, start, last, room, self._items(book, start, own, current, ask))
        if not bodies:
            return None
        self._sent_at = now
        return entries.frame(book, had, bodies)

    def _bodies(self, book: int, start: int, last: int, room: int, items: Iterator[Item]) -> list[bytes]:
        bodies: list[bytes] = []
        room = min(room, FRAME_BYTES)
        window = WINDOW_BYTES - self._bytes
        for first, number, body in items:
            one = entries.gap(max(first, start + 1), number) if body is None else body
            room, window = room - len(one), window - len(one)
            if number > last or window < 0 or (room < 0 and bodies):
                break
            bodies.append(one)
            self.sent = book, number
            self._flying.append((self.sent, len(one)))
            self._bytes += len(one)
            if len(bodies) == FRAME_ENTRIES:
                break
        return bodies

    def _items(self, book: int, start: int, own: Own, current: int, ask: Ask) -> Iterator[Item]:
        """From memory when they are new; else from the page that was read ahead."""
        recent = own.recent
        if book == current and recent and recent[0][0] <= start + 1:
            self._page.clear()
            self._asked = None
            return (Item(n, n, body) for n, body in islice(recent, start + 1 - recent[0][0], None))
        while self._page and self._page[0].last <= start:
            self._page.popleft()
        until = self._page[-1].last if self._page else start
        end = own.last[book]
        if book == current and recent:
            end = min(end, recent[0][0] - 1)
        if len(self._page) < PAGES_AHEAD and until < end and self._asked is None:
            self._asked = book, until
            ask(self._asked, end)
        return iter(self._page)
