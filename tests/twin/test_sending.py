"""What a line may carry, what goes first, and how small it is; time is a number here, the network a list."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.twin import packing, wire
from installation.twin.mirror import Arrived, Key, Mirror
from tests.twin.network import key


class Pair:
    """Two mirrors and a line between them that loses nothing; `sent` are the bytes towards sf, by instant."""

    def __init__(self, keys: list[Key], budget: float = 0.0) -> None:
        self.now, self.sent = 1000.0, list[tuple[float, int]]()
        self.paris = Mirror("paris", keys, 1, None, {"sf": budget} if budget else None)
        self.sf = Mirror("sf", keys, 1)
        self.connect()

    def connect(self) -> None:
        self.paris.merge([Arrived("sf", b"")])
        self.sf.merge([Arrived("paris", b"")])

    def tick(self, deaf: bool = False) -> int:
        self.now += 1 / 60
        frames = self.paris.delta(self.now).get("sf", [])
        if not deaf:
            self.sf.merge([Arrived("paris", frame) for frame in frames])
            self.paris.merge([Arrived("sf", frame) for frame in self.sf.delta(self.now).get("paris", [])])
        size = sum(map(len, frames))
        self.sent.append((self.now, size))
        return size

    def rest(self, seconds: float = 12.0) -> None:
        for _ in range(int(seconds * 60)):
            self.tick()

    def same(self) -> bool:
        theirs = self.sf._rows["paris"].half
        return theirs.digest(theirs.schema.lasting) == self.paris._half.digest(self.paris._lasting)

    def worst_second(self) -> int:
        times, sizes = np.array(self.sent).T
        return max(int(sizes[(times >= first) & (times < first + 1)].sum()) for first in times)


def many(count: int, **words: str) -> list[Key]:
    return [key(f"p{n}", **words) for n in range(count)]


def storm(pair: Pair, count: int, ticks: int, seed: int = 1) -> None:
    chance = random.Random(seed)
    for _ in range(ticks):
        for n in chance.sample(range(count), count // 2):
            pair.paris.touch(f"/scene/p{n}", (chance.random(),), pair.now)
        pair.tick()


@pytest.mark.parametrize("budget", [1000, 4000, 20_000])
def test_no_second_carries_more_than_its_budget_and_in_the_end_all_is_exact(budget: float) -> None:
    pair = Pair(many(200), budget)
    storm(pair, 200, 400)
    assert pair.worst_second() <= budget
    pair.rest(20.0)
    assert pair.worst_second() <= budget and pair.same()
    assert pair.sf.counted["diverged"] == pair.sf.counted["garbled"] == 0


def test_a_replay_of_the_journal_leaves_the_mirror_half_of_the_line() -> None:
    pair, written = Pair(many(50), 4000.0), 0
    pair.rest(3.0)
    pair.sent.clear()
    for _ in range(300):
        pair.paris.touch("/scene/p1", (random.random(),), pair.now, firm=True)
        room = pair.paris.letters(pair.now)["sf"]
        pair.paris.spent("sf", room)
        written += room
        pair.tick()
    assert 0.3 * 4000 < written / 5 <= 0.5 * 4000
    assert sum(size > 0 for _, size in pair.sent) > 30


def test_an_event_goes_before_all_that_flows_on_a_line_that_is_too_narrow() -> None:
    pair = Pair([*many(200), key("bang", "sum", "event")], 1500.0)
    pair.rest(8.0)
    for n in range(200):
        pair.paris.touch(f"/scene/p{n}", (0.9,), pair.now)
    pair.paris.rise("/scene/bang", now=pair.now)
    while not pair.tick():
        pass
    theirs = pair.sf.half("paris")[0]
    assert theirs[-1] == 1 and (theirs[:-1] < 0.6).any()


def test_what_flows_has_its_turn_however_much_happens() -> None:
    pair = Pair([key("p0", "each"), *(key(f"q{n}", "latest", "bool") for n in range(300))], 1000.0)
    pair.rest(8.0)
    pair.paris.touch("/scene/p0", (1.0,), pair.now)
    for tick in range(600):
        for n in range(300):
            pair.paris.touch(f"/scene/q{n}", (float(tick % 2),), pair.now)
        pair.tick()
    pair.sf.read(pair.now)
    assert pair.sf.half("paris")[0][0] == pytest.approx(1.0, abs=0.01)


def test_what_the_scene_calls_important_goes_first() -> None:
    keys = many(200)
    keys[150] = keys[150]._replace(importance=1.0)
    pair = Pair(keys, 1500.0)
    pair.rest(8.0)
    for n in range(200):
        pair.paris.touch(f"/scene/p{n}", (0.9,), pair.now)
    while not pair.tick():
        pass
    assert pair.sf._rows["paris"].half.stamps[150] > 0


def test_a_catch_up_after_an_outage_is_small() -> None:
    pair = Pair(many(1000))
    storm(pair, 1000, 30)
    pair.rest(1.0)
    chance = random.Random(2)
    for _ in range(600):
        for n in chance.sample(range(1000), 200):
            pair.paris.touch(f"/scene/p{n}", (chance.random(),), pair.now)
        pair.now += 1 / 60
    pair.connect()
    assert sum(pair.tick() for _ in range(30)) <= 10_000 and pair.same()


def test_a_lost_frame_is_asked_for_again_and_nothing_is_counted_from_what_never_came() -> None:
    pair, chance = Pair(many(100)), random.Random(3)
    pair.rest(1.0)
    for _ in range(300):
        for n in range(40):
            pair.paris.touch(f"/scene/p{n}", (chance.random(),), pair.now)
        pair.tick(deaf=chance.random() < 0.1)
    pair.rest(2.0)
    assert pair.same() and pair.sf.counted["diverged"] == 0


@pytest.mark.parametrize("budget", [0.0, 1500.0])
def test_a_small_array_crosses_as_one_and_is_merged_column_by_column(budget: float) -> None:
    keys = [key(f"a{n}", rule, "array", 16) for n, rule in enumerate(("latest", "sum", "highest") * 4)]
    pair = Pair(keys, budget)
    pair.rest(3.0)
    for n in range(12):
        pair.sf.touch(f"/scene/a{n}", [0.25] * 16, pair.now)
    for step in range(60):
        for n in range(12):
            pair.paris.touch(f"/scene/a{n}", [(step + i) % 60 / 120 for i in range(16)], pair.now + 0.1)
        pair.tick()
        stamps = pair.sf._rows["paris"].half.stamps.reshape(12, 16)
        assert (stamps.max(1) == stamps.min(1)).all()
    pair.rest(5.0)
    row = [(59 + i) % 60 / 120 for i in range(16)]
    found = pair.sf.read(pair.now).columns.reshape(12, 16)[:3]
    assert found[0] == pytest.approx(row, abs=1e-4)
    assert found[1] == pytest.approx([0.25 + number for number in row], abs=1e-4)
    assert found[2] == pytest.approx([max(0.25, number) for number in row], abs=1e-4)


@pytest.mark.parametrize("width", [1, 65])
def test_an_array_has_from_two_to_sixty_four_columns(width: int) -> None:
    with pytest.raises(wire.Garbled):
        Mirror("sf", [key("a", "latest", "array", width)], 1)


def test_a_value_with_a_time_to_live_ends_by_the_reader_s_own_clock() -> None:
    pair = Pair([key("hand", "latest")._replace(ttl=2.0), key("lamp")])
    pair.paris.touch("/scene/hand", (0.9,), pair.now)
    pair.tick()
    assert pair.sf.read(0.0, 50.0).columns[0] == pytest.approx(0.9, abs=1e-4)
    assert pair.sf.read(0.0, 51.9).columns[0] == pytest.approx(0.9, abs=1e-4)
    assert pair.sf.read(0.0, 52.1).columns[0] == 0.5


def test_a_fade_that_begins_later_ends_no_value_before_its_time() -> None:
    pair = Pair([key("hand", "latest")._replace(ttl=2.0), key("lamp")])
    pair.paris.touch("/scene/hand", (0.9,), pair.now)
    pair.paris.read(pair.now, 50.0)
    pair.paris.fade("/scene/lamp", None, (1.0,), pair.now + 3600.0, 1.0)
    assert pair.paris.read(pair.now, 51.0).columns[0] == pytest.approx(0.9, abs=1e-4)
    assert pair.paris.read(pair.now, 52.1).columns[0] == 0.5


def test_who_goes_on_from_a_save_reads_what_comes_next_without_asking() -> None:
    """So a take, which begins with a save, replays to the last bit."""
    pair = Pair([*many(100), key("hand", "latest")._replace(ttl=2.0)])
    storm(pair, 100, 50)
    pair.paris.touch("/scene/hand", (0.9,), pair.now)
    pair.tick()
    pair.sf.read(pair.now)
    again = Mirror("sf", [*many(100), key("hand", "latest")._replace(ttl=2.0)], 2, pair.sf.saved())
    for tick in range(100):
        pair.paris.touch(f"/scene/p{tick}", (tick / 100,), pair.now, firm=True)
        pair.now += 1 / 60
        frames = [Arrived("paris", frame) for frame in pair.paris.delta(pair.now).get("sf", [])]
        for mirror in (pair.sf, again):
            mirror.merge(frames)
        assert np.array_equal(again.half("paris")[0], pair.sf.half("paris")[0])
        assert np.array_equal(again.read(pair.now).columns, pair.sf.read(pair.now).columns)


def test_a_hand_that_rests_keeps_its_value_alive() -> None:
    pair = Pair([key("hand", "latest")._replace(ttl=2.0)])
    for _ in range(600):
        pair.paris.touch("/scene/hand", (0.9,), pair.now)
        pair.tick()
        assert pair.paris.read(pair.now).columns[0] == pytest.approx(0.9, abs=1e-4)
    assert pair.sf.read(pair.now).columns[0] == pytest.approx(0.9, abs=1e-4)
    assert sum(size > 40 for _, size in pair.sent) < 40


def test_what_has_outlived_its_time_is_in_no_snapshot_and_counts_as_no_difference() -> None:
    pair = Pair([key("hand", "latest")._replace(ttl=2.0), key("lamp")])
    pair.paris.touch("/scene/hand", (0.9,), pair.now)
    pair.paris.touch("/scene/lamp", (0.9,), pair.now)
    pair.now += 10.0
    pair.rest()
    columns = pair.sf.read(pair.now).columns
    assert columns[0] == 0.5 and columns[1] == pytest.approx(0.9, abs=1e-4)
    assert pair.sf._rows["paris"].half.stamps[0] == 0 and pair.sf.counted["differences"] == 0


def test_an_ended_value_loses_to_a_living_one_whatever_their_stamps() -> None:
    pair = Pair([key("hand", "latest")._replace(ttl=2.0)])
    pair.sf.touch("/scene/hand", (0.1,), pair.now)
    pair.sf._flush()
    pair.paris.touch("/scene/hand", (0.9,), pair.now + 1.0)
    pair.tick()
    assert pair.sf.read(0.0, 50.0).columns[0] == pytest.approx(0.9, abs=1e-4)
    pair.sf._own.heard(np.array([0]))
    assert pair.sf.read(0.0, 51.0).columns[0] == pytest.approx(0.9, abs=1e-4)
    assert pair.sf.read(0.0, 52.5).columns[0] == pytest.approx(0.1, abs=1e-4)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(st.integers(0, 99), st.integers(0, 65000), min_size=1), min_size=1, max_size=12))
def test_what_is_packed_is_what_is_unpacked(frames: list[dict[int, int]]) -> None:
    here, there, types = packing.Trail(100), packing.Trail(100), np.zeros(100, np.uint8)
    for number, frame in enumerate(frames):
        ids = np.array(sorted(frame))
        codes, stamps = np.array([frame[n] for n in sorted(frame)]), np.arange(ids.size) % 3 + number + 1
        coarse = bool(number % 2)
        codes = codes // packing.COARSE * packing.COARSE if coarse else codes
        data = packing.packed(here, wire.RANGE16, ids, ids, stamps, codes, coarse)
        here.took(wire.RANGE16, ids, ids, codes)
        ((part, rough),) = packing.unpacked(memoryview(data), types, there)
        assert (part.ids == ids).all() and (part.numbers == codes).all() and (part.stamps == stamps).all()
        assert rough == coarse


def test_pieces_make_their_frame_in_order_and_nothing_out_of_it() -> None:
    frame, before = random.Random(1).randbytes(5000), list[bytes]()
    parts = wire.pieces(frame, 300)
    assert max(map(len, parts)) <= 300
    assert [wire.joined(part, before) for part in parts] == [None] * (len(parts) - 1) + [frame]
    assert [wire.joined(part, before) for part in parts[::-1]] == [None] * len(parts)
    mixed = [*wire.pieces(frame, 300)[:3], *wire.pieces(frame[::-1], 300)[3:]]
    assert [wire.joined(part, before) for part in mixed] == [None] * len(mixed) and not before


def test_pieces_without_end_are_not_kept() -> None:
    mirror = Mirror("sf", many(1), 1)
    for number in range(200):
        piece = struct.pack("<BBHHI", wire.PIECE, wire.WIRE, number, 201, 0) + bytes(10_000)
        mirror.merge([Arrived("paris", piece)])
    assert mirror.counted["garbled"] == 1
    assert sum(map(len, mirror._peers["paris"].partial)) <= wire.LARGEST


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_rubbish_in_a_packed_frame_is_garbled_and_nothing_worse(data: bytes) -> None:
    trail = packing.Trail(100)
    trail.sure[:], trail.sets[0] = True, np.arange(50)
    try:
        packing.unpacked(memoryview(data), np.zeros(100, np.uint8), trail)
    except wire.Garbled:
        assert trail.codes.size == 100


def test_a_thousand_scenes_leave_no_more_behind_than_is_promised_and_it_is_told() -> None:
    pair, sizes = Pair(many(1)), []
    for scene in range(1000):
        keys = [key(f"{scene}x{n}") for n in range(8)] + [key(f"{scene}bang", "sum", "event")]
        for mirror in (pair.paris, pair.sf):
            mirror.declare(keys)
            mirror.touch(f"/scene/{scene}x1", (0.9,), pair.now)
            mirror.rise(f"/scene/{scene}bang", now=pair.now)
        for _ in range(3):
            pair.now += 0.4
            pair.tick()
        sizes.append(len(pair.paris.saved()))
    for mirror in (pair.paris, pair.sf):
        assert len(mirror._attic) <= 4096 and len(mirror._schemas) < 6 and len(mirror._carried) <= 4200
    assert pair.same() and max(sizes[-100:]) < 100_000


def test_of_ended_scenes_the_oldest_are_let_go_first_and_the_number_is_known() -> None:
    mirror = Mirror("paris", [key("first")], 1)
    mirror.touch("/scene/first", (0.9,), 1000.0)
    for scene in range(5):
        mirror.declare([key(f"{scene}x{n}") for n in range(1000)])
        for n in range(1000):
            mirror.touch(f"/scene/{scene}x{n}", (0.9,), 1000.0 + scene)
    mirror.declare([key("first"), key("4x999")])
    assert mirror.read(1010.0).columns == pytest.approx([0.5, 0.9], abs=1e-4)
    assert mirror.forgotten == (5001 - 4096, "/scene/first")


def test_what_was_put_away_for_a_season_is_let_go() -> None:
    mirror = Mirror("paris", [key("first")], 1)
    mirror.touch("/scene/first", (0.9,), 1000.0)
    mirror.declare([key("second")])
    mirror.touch("/scene/second", (0.9,), 1000.0 + 91 * 86_400.0)
    mirror.declare([key("third")])
    mirror.declare([key("first")])
    assert mirror.read(1e8).columns == pytest.approx([0.5], abs=1e-4) and mirror.forgotten[0] == 1


def test_a_site_that_the_rig_no_longer_names_is_let_go_with_its_part_of_the_sum() -> None:
    pair = Pair([key("p0", "sum")])
    pair.paris.touch("/scene/p0", (0.25,), pair.now)
    pair.sf.touch("/scene/p0", (0.5,), pair.now)
    pair.rest(1.0)
    assert pair.sf.read(pair.now).columns[0] == pytest.approx(0.75, abs=1e-4)
    assert pair.sf.only(["lima"]) == ["paris"]
    assert pair.sf.read(pair.now).columns[0] == pytest.approx(0.5, abs=1e-4)
