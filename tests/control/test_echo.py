"""Two cities on a held clock: what one did is seen again in the other while it is away."""

from __future__ import annotations

import itertools
import math
import struct
import threading

import msgspec
import numpy as np
import pytest

from hardware.driver import Event
from hardware.take import Head as TakeHead
from hardware.take import TakeWriter
from hardware.take import read as read_take
from installation.control import recording
from installation.control.echo_file import Head, Rows, Spoilt, begun, packed, rows_of, spans, unpacked
from installation.control.echo_keeping import Keeping
from installation.control.echo_take import shipped
from installation.control.rehearsal import Rehearsal
from installation.control.replay import Replay
from installation.score.rig import rig
from installation.score.scene import Shelf, Source
from installation.score.scene_file import from_toml

SHADER = """/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.25}, {"NAME": "level_twin", "TYPE": "float",
  "DEFAULT": 0.25}, {"NAME": "drop", "TYPE": "event"}, {"NAME": "own", "TYPE": "float"}]}*/
void main() { gl_FragColor = vec4(level, level_twin, drop ? 1.0 : own, 1.0); }"""
TOML = """{top}
[[layer]]
shader = "a.fs"
[parameter.level]
share = "each"
[parameter.drop]
share = "sum"
[alone]
fade = 1.0
[cut]
level_twin = {{ echo = "{back}" }}
fade = 1.0
"""
RIG = """[site]
name = "{name}"
[peer.{peer}]
dial = "tcp://127.0.0.1:7410"
"""
UTC = 1_800_000_000.0
TWIN = "/twin/frisco/level"


def scene(back="20s", top="", states="", files=None):
    text = TOML.format(back=back, top=top) + states
    return from_toml("a", Source("scene.toml", text), Shelf(lambda name: Source(name, SHADER), (files or {}).get))


def wave(seconds):
    return 0.5 + 0.4 * math.sin(seconds)


class Evening(Rehearsal):
    """Paris keeps what San Francisco does in `folder`; San Francisco moves `level` like a wave while it is heard."""

    def __init__(self, made, folder):
        names = (("paris", "frisco"), ("frisco", "paris"))
        super().__init__(made, [rig(RIG.format(name=n, peer=p), "") for n, p in names], UTC)
        self.paris = self.towns["paris"]
        self.keeping = Keeping(folder)
        self.paris.control.echo.open(self.keeping, shipped)

    def settled(self):
        """The thread that keeps has done what it was asked so far."""
        done = threading.Event()
        self.keeping.run(done.set)
        assert done.wait(20)

    def run(self, seconds, moving=True, each=1 / 50):
        """So many seconds of the evening; gives what Paris sees of San Francisco at each."""
        seen = []
        begin = self.utc
        for n in range(round(seconds / each)):
            utc = begin + (n + 1) * each
            hand = [Event(0.0, "/scene/level", (wave(utc - UTC),))] if moving else []
            self.tick(utc, {"frisco": hand})
            if not self.paris.line.up and n % 20 == 0:
                self.settled()
            seen.append((utc, self.paris.value(TWIN)[0]))
        return seen

    def close(self):
        self.keeping.close(20)


@pytest.fixture
def evening(tmp_path):
    made = Evening(scene(), tmp_path)
    yield made
    made.close()


def test_when_the_line_is_cut_what_the_other_city_did_is_seen_again_exactly_so_long_ago(evening):
    evening.run(30.0)
    evening.cut()
    seen = evening.run(20.0, moving=False)
    assert evening.paris.control.company.state == "cut"
    late = [(utc, value) for utc, value in seen if 8.0 < utc - UTC - 30.0 < 19.0]
    assert late and all(abs(value - wave(utc - 20.0 - UTC)) < 0.02 for utc, value in late)


def test_the_echo_comes_in_with_the_state_s_fade_and_live_gestures_win_as_soon_as_the_city_is_back(evening):
    evening.run(30.0)
    evening.cut()
    seen = evening.run(12.0, moving=False)
    steps = [abs(b - a) for (_, a), (_, b) in itertools.pairwise(seen)]
    assert max(steps) < 0.05
    evening.join()
    seen = evening.run(10.0)
    steps = [abs(b - a) for (_, a), (_, b) in itertools.pairwise(seen)]
    assert max(steps[100:]) < 0.05  # the half itself steps to where the city is now
    lags = [n / 100.0 for n in range(40)]  # another city's hand is shown a little late
    assert all(min(abs(value - wave(utc - UTC - lag)) for lag in lags) < 0.02 for utc, value in seen[-200:])


def test_an_echo_is_a_reading_and_writes_nothing_into_the_state(evening):
    evening.run(30.0)
    evening.cut()
    before = evening.paris.control.mirror.saved()
    half = evening.paris.control.mirror.half("frisco")[0].copy()
    evening.run(15.0, moving=False)
    evening.paris.control.mirror.read(evening.utc)
    assert (evening.paris.control.mirror.half("frisco")[0] == half).all()
    assert evening.paris.control.mirror.saved() == before
    assert evening.paris.value(TWIN)[0] != pytest.approx(half[0], abs=1e-3)


def test_after_its_end_an_echo_begins_anew_without_a_jump(evening):
    evening.run(25.0)
    evening.cut()
    seen = evening.run(80.0, moving=False)
    values = [value for _, value in seen]
    steps = np.abs(np.diff(values))
    assert steps.max() < 0.05 and np.ptp(values[-1500:]) > 0.6


def test_a_site_that_restarts_still_has_what_it_kept(tmp_path):
    first = Evening(scene(), tmp_path)
    first.run(30.0)
    first.cut()
    first.run(3.0, moving=False)
    first.close()
    again = Evening(scene(), tmp_path)
    again.cut()
    again.settled()
    again.utc = first.utc
    for town in again.towns.values():
        town.line.shared.line = town.line.shared.line._replace(shared=first.utc)
    again.settled()
    seen = again.run(16.0, moving=False)
    again.close()
    late = [(utc, value) for utc, value in seen if utc - UTC < 49.0 and utc - again.utc > -4.0]
    assert late and all(abs(value - wave(utc - 20.0 - UTC)) < 0.02 for utc, value in late)


def test_with_nothing_recorded_an_echo_is_the_default(evening):
    evening.cut()
    seen = evening.run(15.0, moving=False)
    assert all(value == pytest.approx(0.25) for _, value in seen)


def test_with_nothing_recorded_the_take_that_the_scene_ships_is_played(tmp_path):
    path = tmp_path / "day.take"
    writer = TakeWriter(path, TakeHead(scene="a"))
    for n in range(400):
        writer.write(5.0 + n / 40, [Event(5.0 + n / 40, "/scene/level", (n / 400,))])
    writer.close()
    made = scene(top='echo_take = "day.take"', files={"day.take": Source(str(path), "1:1")})
    evening = Evening(made, tmp_path / "echo")
    evening.cut()
    seen = evening.run(30.0, moving=False)
    evening.close()
    late = [(utc % 9.975, value) for utc, value in seen if utc - UTC > 14.0]
    inside = [(at, value) for at, value in late if 2.5 < at < 9.7]
    assert inside and all(abs(value - at / 10) < 0.01 for at, value in inside)


def test_a_take_has_what_was_echoed_and_plays_it_to_the_last_bit(evening, tmp_path):
    evening.run(30.0)
    control, take = evening.paris.control, tmp_path / "evening.take"
    evening.cut()
    evening.run(6.0, moving=False)
    control.take.begin(str(take), recording.head(control), control.link.shared.line, control.clock.now())
    rows = []
    for n in range(200):
        evening.tick(evening.utc + 0.01)
        if n % 20 == 0:
            evening.settled()
        rows.append(evening.paris.values.columns)
    control.take.close()
    head, ticks = read_take(take)
    replay = Replay(head, ticks, control.scene)
    played = list(replay.play(10.0))
    slot = control.layout.slots[TWIN].offset
    found = [one.values.columns[slot] for one in played[1:200]]
    assert found == [row[slot] for row in rows[:199]]
    assert np.ptp(found) > 0.01


def test_a_trigger_of_the_other_city_is_heard_again_once_for_each_time(evening):
    made = Evening(scene(states="drop_twin = { echo = '20s' }\n"), evening.keeping.folder / "more")
    rises = (5.0, 9.0, 12.5)
    for n in range(1250):
        utc = UTC + (n + 1) / 50
        fallen = [Event(0.0, "/scene/drop", ()) for at in rises if utc - 0.02 < UTC + at <= utc]
        made.tick(utc, {"frisco": fallen})
    live = made.paris.value("/twin/frisco/drop")[0]
    made.cut()
    made.run(15.0, moving=False)
    assert made.paris.value("/twin/frisco/drop")[0] == live + 2  # of 9 and of 12.5 seconds; 5 was before the cut
    made.close()


def test_a_record_comes_back_as_it_was_and_says_what_changed_alone():
    rng = np.random.default_rng(1)
    values = np.cumsum(rng.integers(0, 2, (300, 7)), axis=0).astype(np.float32)
    rows = Rows(np.arange(300) / 30 + UTC, values)
    record = packed(rows)
    again = unpacked(record[struct.calcsize("<IIdd") :], 7)
    assert (again.values == values).all() and (again.times == rows.times).all()
    still = packed(Rows(rows.times, np.ones((300, 7), np.float32)))
    assert len(still) < 300 * 4


def written(path, count=3):
    head = Head("frisco", "a", (("/scene/level", "float", 1),))
    parts = [packed(Rows(UTC + 10 * n + np.arange(5.0), np.full((5, 1), n, np.float32))) for n in range(count)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(begun(head) + b"".join(parts))
    return [len(part) for part in parts]


def test_a_file_cut_short_anywhere_gives_what_came_before(tmp_path):
    path = tmp_path / "frisco" / "1.echo"
    sizes = written(path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        ends = [len(whole) - sum(sizes[n:]) + sizes[n] for n in range(3)]
        assert len(list(_read(path))) == sum(length >= end for end in ends)


def _read(path):
    try:
        return [rows_of(span) for span in spans(path)]
    except Spoilt:
        return []


@pytest.mark.parametrize("spoil", ["noise", "version", "body"])
def test_a_spoilt_file_is_set_aside_and_told_and_the_rest_is_played(tmp_path, spoil):
    path = tmp_path / "frisco" / "000000000000001.echo"
    written(path)
    data = bytearray(path.read_bytes())
    if spoil == "noise":
        data = bytearray(b"no echo at all, but text")
    elif spoil == "version":
        data[4] = 9
    else:
        data[-3] ^= 255
    path.write_bytes(data)
    made = Evening(scene(), tmp_path)
    made.run(25.0)
    made.cut()
    seen = made.run(12.0, moving=False)
    found = list(made.paris.control.echo.problems())
    made.close()
    assert len(found) == 1 and path.with_suffix(".aside").exists()
    assert "frisco" in found[0].told("fr").sentence()
    assert np.ptp([value for _, value in seen[-300:]]) > 0.3


def test_what_is_kept_stays_within_its_room_and_its_age(tmp_path):
    keeping = Keeping(tmp_path, room=30_000, age=1e6)
    head = Head("frisco", "a", (("/scene/level", "float", 1),))
    rng = np.random.default_rng(2)
    for n in range(20):  # hours
        for m in range(200):
            keeping.keep(head, UTC + 3700.0 * n + m, rng.random(1).astype(np.float32))
        keeping.rest("frisco")
        wait(keeping)
    size = sum(path.stat().st_size for path in tmp_path.glob("*/*.echo"))
    assert size <= 35_000 and keeping.counted["pruned"] > 0
    old = keeping.stretches["frisco", "a"][0][0]
    assert old > UTC
    keeping.close(20)
    aged = Keeping(tmp_path, age=4000.0)
    aged.keep(head, UTC + 3700.0 * 21, rng.random(1).astype(np.float32))
    aged.rest("frisco")
    wait(aged)
    aged.close(20)
    assert len(list(tmp_path.glob("*/*.echo"))) <= 2


def wait(keeping):
    done = threading.Event()
    keeping.run(done.set)
    assert done.wait(20)


def test_a_disk_that_takes_nothing_is_told_once_and_costs_the_tick_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    made = Evening(scene(), tmp_path / "file")
    made.run(45.0)
    made.settled()
    found = list(made.paris.control.echo.problems())
    assert len(found) == 1 and "frisco" in str(found[0].told())
    assert made.keeping.counted["dropped"] > 0
    made.close()


def test_a_scene_without_an_echo_keeps_nothing(tmp_path):
    made = Evening(msgspec.structs.replace(scene(), company={}), tmp_path)
    made.run(12.0)
    made.close()
    assert not list(tmp_path.glob("*/*.echo"))
