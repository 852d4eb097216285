"""The letters of this house: those written here, those that came, what has been said of each, and which is on the wall.

What must not be lost is in the journal; an entry is done here only once what it led to is in the letters' own file.
What a person wrote is forgotten, on every disk, when it is refused, taken back, too old, or has left the album.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from installation.control.letter_file import LetterFile
from installation.score import letter as rules
from installation.score.letter import Letter, Stroke
from installation.score.parameter import Parameter
from installation.score.problem import LANGUAGES, Problem, Row
from installation.score.rig import Rig
from installation.score.text import TEXT
from installation.twin.journal import Entry, Journal

OPEN = 100
"""Letters of one city that wait here at once, and letters written here that are on their way."""
GONE, EARLY = 100, 100
"""Letters of one city of which the name is still known here, and those that it took back before they came."""
LOOK = 0.1
"""Seconds between two looks at hours, ages and turns."""
AGAIN = 3
"""Every so many turns of the wall a letter of the album comes up again, when no new one waits."""

WRITE = {"/letter/write": "", "/letter/write/fr": "fr", "/letter/write/en": "en"}
"""Where a device writes a letter, a text, and in which language."""

HANDS = tuple(
    Parameter(name="write", kind=TEXT, at=at, default=(), low=(), high=(), words=dict.fromkeys(LANGUAGES, ""))
    for at in WRITE
)

FULL = Row(
    en=(
        "{most} letters of this house are on their way",
        "less than that",
        "the next was not taken; some must come first",
    ),
    fr=("{most} lettres de ce site sont en chemin", "moins que cela", "la suivante n'a pas été prise : attendez"),
)
FLOOD = Row(
    en=(
        "{site} sends more letters than can wait here",
        "at most {most} that nobody has looked at",
        "approve or refuse some; those beyond were turned away",
    ),
    fr=(
        "{site} envoie plus de lettres qu'il n'en peut attendre ici",
        "au plus {most} que personne n'a regardées",
        "acceptez-en ou refusez-en ; celles en trop ont été renvoyées",
    ),
)
NO_DISK = Row(
    en=("the letters cannot be kept: {found}", "a disk that takes them", "free some room; they are in memory only"),
    fr=(
        "les lettres ne peuvent pas être gardées : {found}",
        "un disque qui les reçoive",
        "libérez de la place ; elles ne sont qu'en mémoire",
    ),
)
NOT_READ = Row(
    en=("the letters' file cannot be read", "the file as this version writes it", "begun anew; put aside as {aside}"),
    fr=(
        "le fichier des lettres est illisible",
        "le fichier tel que cette version l'écrit",
        "on repart de zéro ; il est mis de côté : {aside}",
    ),
)


class Mark(msgspec.Struct):
    """What was said of a letter: by site its words; `until`, when that may be forgotten too."""

    until: float
    said: dict[str, list[str]] = {}


class Stored(msgspec.Struct):
    """The file."""

    letters: list[Letter] = []
    marks: dict[str, Mark] = {}
    fresh: list[str] = []
    album: list[str] = []


class Letters:
    """`entered` takes what the journals bring, `tick` does what time and hours bring, `list` tells."""

    def __init__(
        self,
        rig: Rig,
        journal: Journal,
        file: LetterFile | None = None,
        tell: Callable[[Problem], None] = lambda problem: None,
    ) -> None:
        self.rig, self.site, self.post, self.journal, self.tell = rig, rig.name, rig.letters, journal, tell
        self.file = file or LetterFile(None)
        self.counted: Counter[str] = Counter()
        self.arrived = 0
        self._stored = self._read()
        self._letters = {one.id: one for one in self._stored.letters}
        self._marks, self._fresh, self._album = self._stored.marks, self._stored.fresh, self._stored.album
        self._waits = Counter(one.sender for one in self._letters.values() if one.kind)
        self._gone = {
            site: [one.id for one in self.all() if one.sender == site and not one.kind] for site in self._waits
        }
        self._owed: deque[tuple[int, Entry]] = deque()
        self._last = 0
        self._dirty, self._changed, self._next, self._turn = False, True, -1e9, 0
        self._hours, self._oldest = (False, False), -1e9
        self._shown: dict[str, Any] | None = None
        self._told: set[str] = set()
        self._early = self._counted_early()
        self._on_wall: tuple[str, float] = "", 0.0

    def _read(self) -> Stored:
        body = self.file.read()
        found = Stored()
        try:
            found = msgspec.msgpack.decode(body, type=Stored) if body else found
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.file.strange()
        if self.file.aside:
            self.tell(Problem(str(self.file.path), 0, NOT_READ, {"aside": self.file.aside}))
        return found

    # What the journals bring.

    def entered(self, entry: Entry, now: float) -> bool:
        """Takes a "letter" or a "verdict" of any site; False for an entry that is neither. Twice does no harm."""
        if entry.name not in ("letter", "verdict"):
            return False
        changed = (self._take if entry.name == "letter" else self._hear)(entry, now)
        if changed:
            self._dirty = self._changed = True
            self._owed.append((self.file.number + 1, entry))
        else:
            self.journal.done(entry)
        return True

    def _take(self, entry: Entry, now: float) -> bool:
        one = rules.read(entry)
        if one is None or (one.sender != self.site and not one.goes(self.site)) or one.id in self._letters:
            return False
        said = self._said(one.id)
        if self._over(one, said, now):
            self.counted["late"] += 1
            self._erase(one.id)
            return False
        if self._waits[one.sender] >= OPEN:
            self.counted["turned away"] += 1
            self._once(f"flood {one.sender}", FLOOD, site=one.sender, most=OPEN)
            return False
        self._letters[one.id] = one
        self._waits[one.sender] += 1
        if one.sender != self.site and not said.get(self.site):
            self._say(one.id, rules.first_word(self.post), "rule", now)
        return True

    def _hear(self, entry: Entry, now: float) -> bool:
        given = entry.arguments if isinstance(entry.arguments, dict) else {}
        name, word = given.get("id"), given.get("word")
        if not isinstance(name, str) or not 0 < len(name) <= 96 or word not in rules.WORDS:
            return False
        one, site = self._letters.get(name), entry.site
        if one is None:
            # Of three cities, one may take back what has not come here yet. Nobody else's word matters before it.
            if word != "refused" or _place(name)[0] != site or self._early[site] >= EARLY:
                return False
            self._early[site] += 1
        elif not (one.goes(site) or (site == one.sender and word == "refused")):
            return False
        new = self._note(name, site, word, now)
        if new and one is not None and site == self.site and word == "delivered" and one.kind:
            self._fresh.append(name)  # said by the run before this one, that was killed before it kept its file
        return new

    def _note(self, name: str, site: str, word: str, now: float) -> bool:
        """Remembers a word of a site; True when it is news."""
        one = self._letters.get(name)
        mark = self._marks.setdefault(name, Mark(one.expires if one else now + rules.LONGEST_WAY))
        words = mark.said.setdefault(site, [])
        if word in words:
            return False
        words.append(word)
        return True

    def _said(self, name: str) -> dict[str, list[str]]:
        mark = self._marks.get(name)
        return mark.said if mark else {}

    def _say(self, name: str, word: str, by: str, now: float) -> Entry:
        """This house's word on a letter: noted here, and told to every city."""
        self._note(name, self.site, word, now)
        self._dirty = self._changed = True
        entry = self.journal.write("verdict", {"id": name, "word": word, "by": by}, 0.0, now)
        self._last = entry.number
        self._owed.append((self.file.number + 1, entry))
        return entry

    # What time and hours bring.

    def tick(self, shared: float, veiled: bool) -> list[float]:
        """Delivers, forgets, turns the page. Gives one number for each letter that has just arrived: how many have."""
        if 0.0 < self._next - shared <= LOOK:
            return []
        self._next, new = shared + LOOK, []
        hours = self.rig.calendar.open_at(shared), veiled
        if self._changed or hours != self._hours or shared >= self._oldest:
            self._changed, self._hours = False, hours
            new = self._deliver(shared) if hours == (True, False) else []
            self._forget(shared)
        self._show(shared, veiled)
        self._keep()
        return new

    def _deliver(self, now: float) -> list[float]:
        found = []
        for one in sorted(self._letters.values(), key=lambda one: (one.written, one.id)):
            if one.goes(self.site) and rules.state(one, self._said(one.id), self.site, now) == "approved":
                self._say(one.id, "delivered", "rule", now)
                self._fresh.append(one.id)
                self.arrived += 1
                found.append(float(self.arrived))
        return found

    def _over(self, one: Letter, said: rules.Said, now: float) -> bool:
        """Whether nothing of what was written is needed here any more."""
        states = [rules.state(one, said, site, now) for site in self._receivers(one)]
        done = ("refused", "expired") if one.sender != self.site else ("refused", "expired", "delivered")
        return all(state in done for state in states)

    def _receivers(self, one: Letter) -> list[str]:
        """The sites that this house knows the letter goes to; of another's letter, itself alone."""
        if one.sender != self.site:
            return [self.site]
        return [peer.name for peer in self.rig.peers if one.goes(peer.name)] or [one.to]

    def _forget(self, now: float) -> None:
        """What was refused, taken back, delivered elsewhere or too old is forgotten; of the album what is beyond it."""
        for one in list(self._letters.values()):
            if one.kind and self._over(one, self._said(one.id), now):
                self._blank(one)
            if now >= one.expires:
                self._drop(one.id)
        while len(self._album) > self.post.album:
            gone = self._letters.get(self._album.pop(0))
            if gone is not None:
                self._blank(gone)
        for name in [name for name, mark in self._marks.items() if now >= mark.until]:
            del self._marks[name]
            self._dirty = True
        ends = (*(one.expires for one in self._letters.values()), *(mark.until for mark in self._marks.values()))
        self._oldest = min(ends, default=now + rules.DAY)
        self._early = self._counted_early()

    def _blank(self, one: Letter) -> None:
        """Nothing of the letter but its name stays, here and in the journal's file."""
        if one.kind:
            self._letters[one.id] = one.blank
            self._waits[one.sender] -= 1
            self._told.discard(f"flood {one.sender}")
            self._out(one.id)
            self._erase(one.id)
            gone = self._gone.setdefault(one.sender, [])
            gone.append(one.id)
            if len(gone) > GONE:
                self._marks.pop(gone[0], None)
                self._drop(gone[0])

    def _drop(self, name: str) -> None:
        self._out(name)
        one = self._letters.pop(name, None)
        if one is not None and name in self._gone.get(one.sender, ()):
            self._gone[one.sender].remove(name)
        self._dirty = True

    def _out(self, name: str) -> None:
        self._fresh[:] = [one for one in self._fresh if one != name]
        self._album[:] = [one for one in self._album if one != name]
        self._dirty = True

    def _erase(self, name: str) -> None:
        self.journal.blank(*_place(name))

    # The wall.

    def _show(self, now: float, veiled: bool) -> None:
        """One letter a turn: each new one once, then now and then one of the album."""
        before = self._on_wall
        self._turn_page(now, veiled)
        if self._on_wall != before:
            one = self._letters.get(self._on_wall[0])
            self._shown = rules.shown(one, self._on_wall[1]) if one is not None and one.kind else None

    def _turn_page(self, now: float, veiled: bool) -> None:
        page = rules.turn(now, self.post.seconds)
        name = self._on_wall[0]
        if name and (name not in self._letters or not self._letters[name].kind):
            self._on_wall = "", now
        if page == self._turn or veiled:
            return
        first, self._turn = self._turn == 0, page
        at = page * self.post.seconds
        if self._fresh:
            name = self._fresh.pop(0)
            self._album.append(name)
            self._dirty = self._changed = True
            self._on_wall = name, at
        elif self._album and page % AGAIN == 0 and not first:
            self._on_wall = self._album[(page // AGAIN) % len(self._album)], at
        else:
            self._on_wall = "", at

    @property
    def on_wall(self) -> dict[str, Any] | None:
        """The letter that is shown, as the stages are told; None while there is none."""
        return self._shown

    @property
    def showing(self) -> float:
        """0 while no letter is on the wall, 1 for words, 2 for strokes."""
        shown = self.on_wall
        return 0.0 if shown is None else 2.0 if shown["strokes"] else 1.0

    # The disk.

    def _keep(self) -> None:
        """Writes what changed, and has done what is written."""
        # What this house said is on the disk before what it led to: a kill between the two makes it do so again.
        if self._dirty and (self.journal.safe >= self._last or self.journal.failures):
            self._dirty = False
            stored = Stored(list(self._letters.values()), self._marks, self._fresh, self._album)
            self.file.write(msgspec.msgpack.encode(stored))
        if self.file.trouble:
            self._once("disk", NO_DISK, found=self.file.trouble)
        safe = self.file.number if self.file.trouble else self.file.safe  # the show goes on, in memory
        while self._owed and self._owed[0][0] <= safe:
            self.journal.done(self._owed.popleft()[1])
            self.settled = True

    settled = False
    """Whether entries were done since this was last set to False: the journal may let them go."""

    def _once(self, what: str, row: Row, **words: Any) -> None:
        if what not in self._told:
            self._told.add(what)
            self.tell(Problem("", 0, row, words))

    def _counted_early(self) -> Counter[str]:
        """How many words each city has on letters that have not come."""
        return Counter(_place(name)[0] for name in self._marks if name not in self._letters)

    # What people ask.

    @property
    def room(self) -> bool:
        """Whether one more can be written here."""
        return self._waits[self.site] < OPEN

    def write(
        self, text: str, strokes: Iterable[bytes], language: str, to: str, days: float | None, now: float
    ) -> Entry:
        """A letter of a visitor of this house, into the journal. Raises ValueError when the entry is too long."""
        last = now + min((days or self.post.days) * rules.DAY, rules.LONGEST_WAY)
        body = rules.arguments(text, tuple(strokes), language, to, last)
        entry = self.journal.write("letter", body, 0.0, now)
        self._last = entry.number
        self.entered(entry, now)
        return entry

    def written(self, address: str, text: str, veiled: bool, now: float) -> None:
        """A letter that a device writes. None is taken behind the veil, nor beyond those that may be on their way."""
        text = text.strip()
        if text and not veiled and self.room:
            self.write(text, (), WRITE[address], "", None, now)
        elif text and not veiled:
            self.counted["not taken"] += 1
            self._once("full", FULL, most=OPEN)

    def judge(self, name: str, word: str, by: str, now: float) -> Entry:
        """A steward's word."""
        return self._say(name, word, by, now)

    def meant(self, given: str) -> list[str]:
        """The letters whose name this is, or ends so."""
        if given in self._letters:
            return [given]
        return [name for name in self._letters if name.endswith(f"-{given}") or name.startswith(given)]

    def state(self, one: Letter, now: float) -> dict[str, str]:
        """How a letter stands, by the sites to which it goes."""
        return {site: rules.state(one, self._said(one.id), site, now) for site in self._receivers(one)}

    def get(self, name: str) -> Letter:
        """One letter. Raises KeyError."""
        return self._letters[name]

    def all(self) -> list[Letter]:
        """Every letter that is known here, the oldest first."""
        return sorted(self._letters.values(), key=lambda one: (one.written, one.id))

    def strokes(self, one: Letter) -> list[Stroke]:
        """What was drawn."""
        return rules.unpacked(one.strokes)

    def told(self, now: float) -> dict[str, Any]:
        """How many stand how, for `status`."""
        states = Counter(state for one in self._letters.values() for state in self.state(one, now).values())
        return {**states, **self.counted, "album": len(self._album), "shown": self._on_wall[0]}

    def close(self) -> None:
        """Writes what waits."""
        self._keep()
        self.file.close()


def _place(name: str) -> tuple[str, int, int]:
    """Where a letter's entry is: site, book, number; of a name that is none, nowhere."""
    site, _, rest = name.partition("-")
    book, _, number = rest.partition("-")
    try:
        return site, int(book, 16), int(number)
    except ValueError:
        return "", 0, 0
