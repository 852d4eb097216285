"""The letters of two houses, in process: a held clock, real journals on a real disk, a line that the test carries."""

from __future__ import annotations

import datetime
import zoneinfo
from pathlib import Path

import pytest

from installation.control.letter_file import LetterFile
from installation.control.letters import GONE, OPEN, Letters
from installation.score import letter as rules
from installation.score.letter import DAY
from installation.score.rig import rig
from installation.twin.journal import Entry, Journal
from installation.twin.mirror import Arrived

HOURS = 'time_zone = "America/Los_Angeles"\n[site.hours]\n' + "".join(
    f'{day} = ["10:00-18:00"]\n' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
RIG = """[site]
name = "{name}"
{hours}
[peer.{peer}]
{line}
[letters]
seconds = 2
{more}
"""


def at(hour, day=3):
    zone = zoneinfo.ZoneInfo("America/Los_Angeles")
    return datetime.datetime(2027, 5, day, hour, tzinfo=zone).timestamp()


class House:
    def __init__(self, folder: Path, name: str, peer: str, hours: str = "", more: str = "") -> None:
        line = 'dial = "tcp://127.0.0.1:1"' if name == "paris" else 'listen = "tcp://127.0.0.1:1"'
        self.rig = rig(RIG.format(name=name, peer=peer, line=line, hours=hours, more=more), f"{name}.toml")
        self.folder, self.peer, self.told, self.veiled, self.arrived = folder / name, peer, [], False, []
        self.folder.mkdir(exist_ok=True)
        self.open()

    def open(self, now: float = 0.0) -> None:
        self.journal = Journal(self.folder / "journal.sqlite", self.rig.name, 5, [self.peer])
        self.letters = Letters(self.rig, self.journal, LetterFile(self.folder / "letters"), self.told.append)
        for entry in self.journal.pending():
            self.letters.entered(entry, now)

    def close(self) -> None:
        self.letters.close()
        self.journal.close()

    def states(self, now: float) -> list[str]:
        return [next(iter(self.letters.state(one, now).values())) for one in self.letters.all()]

    def holds(self, words: str) -> bool:
        return any(words.encode() in path.read_bytes() for path in self.folder.iterdir())


class Post:
    """Two houses; San Francisco keeps its own hours."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.paris, self.frisco = House(folder, "paris", "frisco"), House(folder, "frisco", "paris", HOURS, more)
        self.now, self.up = at(22), False

    def turn(self, seconds: float = 0.25, times: int = 4) -> None:
        for _ in range(times):
            self.now += seconds
            houses = {"paris": self.paris, "frisco": self.frisco}
            for house in houses.values():
                house.arrived += house.letters.tick(self.now, house.veiled)
                house.journal.keep(b"")
                assert house.journal.flush()
            for name, house in houses.items():
                other = houses[house.peer]
                frames = [Arrived(name, b"")] if not self.up else []
                frames += [Arrived(name, frame) for frame in house.journal.delta(self.now).get(house.peer, [])]
                other.journal.merge(frames)
            self.up = True
            for house in houses.values():
                assert house.journal.flush()
                for entry in house.journal.merge([]):
                    house.letters.entered(entry, self.now)

    def shown(self, turns: int = 6) -> list[str]:
        """What is on San Francisco's wall in the next seconds, each letter once."""
        found = []
        for _ in range(turns):
            self.turn(0.5, 1)
            found.append((self.frisco.letters.on_wall or {"fr": ""})["fr"])
        return [one for one in dict.fromkeys(found) if one]

    def settle(self) -> None:
        """Until both files and both journals are at rest."""
        for _ in range(8):
            self.turn(0.11, 1)
            for house in (self.paris, self.frisco):
                house.letters.file._wake.set()
                while house.letters.file.safe < house.letters.file.number:
                    house.letters.file._wake.set()

    def write(self, text="Il pleut ici.", **more):
        return rules.name_of(
            self.paris.letters.write(text, more.get("strokes", ()), "fr", "", more.get("days"), self.now)
        )

    def close(self) -> None:
        self.paris.close()
        self.frisco.close()


@pytest.fixture
def post(tmp_path):
    made = Post(tmp_path)
    yield made
    made.close()


def test_a_letter_of_the_night_is_delivered_when_the_house_opens_and_not_before(post):
    name = post.write()
    post.settle()
    assert post.frisco.states(post.now) == post.paris.states(post.now) == ["waiting"]
    post.frisco.letters.judge(name, "approved", "steward", post.now)
    post.settle()
    assert post.frisco.states(post.now) == post.paris.states(post.now) == ["approved"]
    post.now = at(9, day=4)
    post.settle()
    assert post.frisco.arrived == [] and post.frisco.letters.on_wall is None
    post.now = at(10, day=4)
    post.settle()
    assert post.frisco.arrived == [1.0] and post.paris.states(post.now) == ["delivered"]
    assert post.shown() == ["Il pleut ici."]
    assert post.paris.letters.on_wall is None


def test_either_city_may_restart_at_any_time_and_the_letter_is_delivered_once(post):
    name = post.write()
    for act in (None, "approved", None):
        post.settle()
        for house in (post.paris, post.frisco):
            house.close()
            house.open(post.now)
        post.up = False
        if act:
            post.frisco.letters.judge(name, act, "steward", post.now)
    post.now = at(11, day=4)
    post.settle()
    for house in (post.paris, post.frisco):
        house.close()
        house.open(post.now)
    post.up = False
    post.settle()
    assert post.frisco.arrived == [1.0]
    assert post.frisco.states(post.now) == post.paris.states(post.now) == ["delivered"]


def test_behind_the_veil_nothing_is_delivered(post):
    name = post.write()
    post.now, post.frisco.veiled = at(12), True
    post.settle()
    post.frisco.letters.judge(name, "approved", "steward", post.now)
    post.settle()
    assert post.frisco.arrived == []
    post.frisco.veiled = False
    post.settle()
    assert post.frisco.arrived == [1.0]


def test_a_letter_that_is_too_old_is_forgotten_in_both_cities_and_on_both_disks(post):
    post.write("violettes de mars", days=0.5)
    post.settle()
    assert post.paris.holds("violettes") and post.frisco.holds("violettes")
    post.now += DAY
    post.settle()
    assert post.paris.states(post.now) == post.frisco.states(post.now) == []
    assert not post.paris.holds("violettes") and not post.frisco.holds("violettes")


def test_a_letter_taken_back_is_taken_back_also_before_it_came(post):
    post.up = True
    name = post.write("violettes de mars")
    assert post.paris.journal.flush()
    post.paris.letters.judge(name, "refused", "steward", post.now)
    post.up = False
    post.settle()
    assert not post.frisco.holds("violettes") and not post.paris.holds("violettes")
    post.now = at(12)
    post.settle()
    assert post.frisco.arrived == []


def test_a_house_that_moderates_afterwards_shows_at_once_and_takes_away(tmp_path):
    post = Post(tmp_path, 'moderation = "after"')
    try:
        name = post.write("violettes de mars")
        post.now = at(12)
        post.settle()
        assert post.shown() == ["violettes de mars"]
        post.frisco.letters.judge(name, "refused", "steward", post.now)
        post.settle()
        assert post.frisco.letters.on_wall is None
        assert not post.frisco.holds("violettes") and not post.paris.holds("violettes")
    finally:
        post.close()


def test_a_letter_that_was_delivered_is_kept_in_the_album_there_and_forgotten_where_it_was_written(tmp_path):
    post = Post(tmp_path, 'moderation = "none"\nalbum = 1')
    try:
        post.now = at(12)
        post.write("violettes de mars")
        post.write("mimosas de juin")
        post.settle()
        assert post.frisco.arrived == [1.0, 2.0]
        assert not post.paris.holds("violettes") and not post.paris.holds("mimosas")
        shown = []
        for _ in range(24):
            shown += post.shown(1)
        post.settle()
        assert list(dict.fromkeys(shown))[:2] == ["violettes de mars", "mimosas de juin"]
        assert not post.frisco.holds("violettes") and post.frisco.holds("mimosas")
    finally:
        post.close()


def test_a_trusted_peer_that_sends_a_hundred_thousand_letters_is_bounded_and_told_once(post):
    letters, now = post.frisco.letters, post.now
    body = rules.arguments("x" * 1000, (), "en", "", now + DAY)
    for number in range(1, 100_001):
        letters.entered(Entry("paris", 5, number, now, 0.0, "letter", body), now)
    assert len(letters.all()) == OPEN and letters.counted["turned away"] == 100_000 - OPEN
    assert len(post.frisco.told) == 1 and all(post.frisco.told[0].told(tongue).found for tongue in ("en", "fr"))
    for number in range(1, 20_001):
        word = {"id": f"paris-5-{number}", "word": "refused"}
        letters.entered(Entry("paris", 5, 100_000 + number, now, 0.0, "verdict", word), now)
    letters.tick(now, False)
    for number in range(1, 20_001):
        letters.entered(Entry("paris", 6, 2 * number, now, 0.0, "letter", body), now)
        word = {"id": f"paris-6-{2 * number}", "word": "refused"}
        letters.entered(Entry("paris", 6, 2 * number + 1, now, 0.0, "verdict", word), now)
        if number % 50 == 0:
            letters.tick(now + number, False)
    assert len(letters.all()) <= OPEN + GONE and len(letters._marks) <= 2 * (OPEN + GONE)


def test_a_third_city_has_no_word_on_a_letter_between_two(post):
    name = post.write()
    post.settle()
    word = {"id": name, "word": "approved"}
    post.frisco.letters.entered(Entry("tokyo", 1, 1, post.now, 0.0, "verdict", word), post.now)
    assert post.frisco.states(post.now) == ["waiting"]


def test_a_damaged_file_is_put_aside_told_and_the_post_begins_anew(post):
    post.write()
    post.settle()
    post.frisco.close()
    file = post.frisco.folder / "letters"
    file.write_bytes(b"JUMELAGE LETTERS 1\n\xff\xff")
    post.frisco.open(post.now)
    assert post.frisco.told and "put aside" in post.frisco.told[0].told("en").remedy
    assert (post.frisco.folder / "letters.aside").exists() and post.frisco.letters.all() == []


def test_letters_spoilt_by_a_flipped_bit_or_cut_short_are_never_taken_for_what_was_said(post):
    post.settle()
    post.write()
    post.settle()
    post.frisco.close()
    file = post.frisco.folder / "letters"
    whole = file.read_bytes()
    for at in range(0, len(whole), 3):
        spoilt = whole[:at] if at % 2 else whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :]
        file.write_bytes(spoilt)
        found = LetterFile(file)
        assert found.read() == b"" and found.aside and not file.exists()
    assert len(list(post.frisco.folder.glob("letters.aside*"))) == 3
    post.frisco.open(post.now)


def test_a_disk_that_takes_nothing_is_told_once_and_the_letters_go_on_in_memory(tmp_path):
    post = Post(tmp_path)
    try:
        post.frisco.letters.file.path = tmp_path / "frisco" / "letters" / "nowhere" / "letters"
        (tmp_path / "frisco" / "letters").write_text("in the way")
        post.write()
        for _ in range(200):
            post.turn(0.11, 1)
            if post.frisco.told:
                break
        post.turn(0.11, 4)
        assert len(post.frisco.told) == 1 and post.frisco.states(post.now) == ["waiting"]
    finally:
        post.frisco.letters.file._ended = True
        post.close()
