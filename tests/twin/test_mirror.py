"""What the mirror promises, one sentence each; time is a number here, the network a list."""

from __future__ import annotations

import random
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.twin import wire
from installation.twin.mirror import Arrived, Key, Mirror
from tests.twin.network import KEYS, SITES, Network, key


@pytest.fixture
def net() -> Network:
    found = Network()
    found.calm(2.0)
    return found


def touch(net: Network, site: str, name: str, number: float, later: float = 0.1) -> None:
    net.now += later
    net.mirrors[site].touch(f"/scene/{name}", (number,), net.now)


def everywhere(net: Network, name: str) -> list[float]:
    net.calm(2.0)
    return [net.read(site, name) for site in SITES]


def test_the_last_touch_wins_at_every_site(net: Network) -> None:
    touch(net, "paris", "latest", 0.25)
    touch(net, "sf", "latest", 0.75)
    assert everywhere(net, "latest") == pytest.approx([0.75] * 3, abs=1e-5)


def test_an_answer_wins_over_what_it_answers_even_from_a_slow_clock(net: Network) -> None:
    touch(net, "paris", "latest", 0.25)
    net.calm(1.0)
    net.mirrors["sf"].touch("/scene/latest", (0.75,), net.now - 300.0)
    assert everywhere(net, "latest") == pytest.approx([0.75] * 3, abs=1e-5)


def test_a_clock_far_ahead_spoils_no_other_key(net: Network) -> None:
    net.mirrors["paris"].touch("/scene/latest", (0.25,), net.now + 86_400.0)
    net.calm(1.0)
    touch(net, "sf", "other", 0.75)
    touch(net, "kyoto", "other", 0.5)
    assert everywhere(net, "other") == pytest.approx([0.5] * 3, abs=1e-5)


def test_each_rule_merges_as_its_name_says(net: Network) -> None:
    for site, number in zip(SITES, (0.125, 0.25, 0.875), strict=True):
        for name in ("each", "highest", "sum", "mean"):
            touch(net, site, name, number)
    assert everywhere(net, "each") == pytest.approx([0.125, 0.25, 0.875], abs=1e-5)
    assert everywhere(net, "highest") == pytest.approx([0.875] * 3, abs=1e-5)
    assert everywhere(net, "sum") == pytest.approx([1.25] * 3, abs=1e-4)
    assert everywhere(net, "mean") == pytest.approx([1.25 / 3] * 3, abs=1e-4)


def test_what_a_site_does_not_share_is_exact_and_never_sent(net: Network) -> None:
    touch(net, "paris", "own", 1 / 3)
    assert everywhere(net, "own") == [0.5, 1 / 3, 0.5]


def test_a_colour_is_one_touch_and_never_a_mixture(net: Network) -> None:
    net.mirrors["paris"].touch("/scene/colour", (1, 0, 0, 1), net.now)
    net.mirrors["sf"].touch("/scene/colour", (1, 1, 0, 1), net.now)
    net.calm(2.0)
    found = net.mirrors["kyoto"].read(net.now).columns[6:10].tolist()
    assert found == [1, 1, 0, 1]


def test_a_change_below_the_step_is_no_touch_unless_it_is_firm(net: Network) -> None:
    mirror = net.mirrors["paris"]
    assert mirror.touch("/scene/latest", (0.7,), net.now)
    assert not mirror.touch("/scene/latest", (0.7049,), net.now + 1)
    assert mirror.touch("/scene/latest", (0.7051,), net.now + 2)
    assert mirror.touch("/scene/latest", (0.7051,), net.now + 3, firm=True)
    assert mirror.last_touch("/scene/latest") == pytest.approx(net.now + 3)


def test_what_is_no_number_or_no_key_is_refused_and_counted(net: Network) -> None:
    mirror = net.mirrors["paris"]
    assert not mirror.touch("/scene/latest", (float("nan"),), net.now)
    assert not mirror.touch("/scene/lattest", (0.2,), net.now)
    assert not mirror.touch("/scene/latest", (0.2, 0.3), net.now)
    assert mirror.touch("/scene/latest", (float("inf"),), net.now)
    assert net.read("paris", "latest") == 1.0
    assert mirror.counted["refused"] == 3


def test_a_fade_is_one_entry_and_alike_at_every_site(net: Network) -> None:
    net.mirrors["paris"].fade("/scene/latest", (0.0,), (1.0,), net.now, 10.0)
    net.calm(2.0)
    assert net.mirrors["paris"].counted["diverged"] == 0
    for seconds in (0.0, 3.0, 20.0):
        readings = [net.mirrors[site].read(net.now + seconds) for site in SITES]
        assert len({reading.columns[1] for reading in readings}) == 1
    assert net.mirrors["sf"].read(net.now).slopes[1] == pytest.approx(0.1)
    assert net.mirrors["sf"].read(net.now + 20).columns[1] == 1.0


def test_a_touch_ends_a_fade(net: Network) -> None:
    net.mirrors["paris"].fade("/scene/latest", None, (1.0,), net.now, 100.0)
    net.calm(2.0)
    touch(net, "sf", "latest", 0.25)
    assert everywhere(net, "latest") == pytest.approx([0.25] * 3, abs=1e-5)


def test_a_cue_given_twice_is_as_once_and_yields_to_a_later_touch(net: Network) -> None:
    mirror = net.mirrors["paris"]
    assert mirror.fade("/scene/latest", (0.0,), (1.0,), net.now, 1.0, stamp=net.now)
    assert not mirror.fade("/scene/latest", (0.0,), (1.0,), net.now, 1.0, stamp=net.now)
    touch(net, "paris", "latest", 0.25)
    assert not mirror.fade("/scene/latest", (0.0,), (1.0,), net.now, 1.0, stamp=net.now - 0.05)
    assert net.read("paris", "latest") == pytest.approx(0.25, abs=1e-5)


def test_a_hold_wins_everywhere_until_it_is_released(net: Network) -> None:
    net.mirrors["paris"].hold("/scene/latest", (0.125,), net.now)
    net.calm(1.0)
    touch(net, "sf", "latest", 0.75)
    assert everywhere(net, "latest") == pytest.approx([0.125] * 3, abs=1e-5)
    net.mirrors["paris"].release("/scene/latest", net.now)
    assert everywhere(net, "latest") == pytest.approx([0.75] * 3, abs=1e-5)


def test_of_two_holds_the_earlier_wins_even_when_it_moves(net: Network) -> None:
    net.mirrors["sf"].hold("/scene/latest", (0.25,), net.now)
    net.mirrors["paris"].hold("/scene/latest", (0.75,), net.now + 1)
    net.now += 2
    net.mirrors["sf"].hold("/scene/latest", (0.5,), net.now)
    assert everywhere(net, "latest") == pytest.approx([0.5] * 3, abs=1e-5)


def test_rises_are_summed_and_doubling_a_frame_adds_none(net: Network) -> None:
    net.mirrors["paris"].rise("/scene/bang", 3)
    net.mirrors["sf"].rise("/scene/bang")
    net.tick(0.1)
    net.under_way += net.under_way
    assert everywhere(net, "bang") == [4, 4, 4]


def test_a_first_sight_of_a_site_or_of_its_new_run_is_no_rise(net: Network) -> None:
    net.mirrors["paris"].rise("/scene/bang", 5)
    net.calm(1.0)
    net.restart("kyoto", None)
    net.calm(2.0)
    assert net.read("kyoto", "bang") == 0
    net.restart("paris", net.mirrors["paris"].saved())
    net.calm(2.0)
    assert net.read("sf", "bang") == 5
    net.mirrors["paris"].rise("/scene/bang")
    assert everywhere(net, "bang") == [1, 6, 6]


def test_a_rise_between_a_restart_and_the_line_s_return_is_counted_once_at_every_site(net: Network) -> None:
    net.mirrors["paris"].rise("/scene/bang", 5)
    net.calm(1.0)
    net.epoch += 1
    again = net.mirrors["paris"] = Mirror("paris", KEYS, net.epoch, net.mirrors["paris"].saved())
    again.rise("/scene/bang", 2)
    net.connect("paris")
    assert everywhere(net, "bang") == [7, 7, 7]
    again.rise("/scene/bang")
    assert everywhere(net, "bang") == [8, 8, 8]


def test_a_scene_without_the_event_and_back_invents_no_rise(net: Network) -> None:
    net.mirrors["paris"].rise("/scene/bang", 5)
    net.calm(1.0)
    for keys in ([key("latest")], KEYS):
        net.mirrors["paris"].declare(keys)
        net.calm(3.0)
        assert net.read("sf", "bang") == 5
    net.mirrors["paris"].rise("/scene/bang")
    net.calm(1.0)
    assert net.read("sf", "bang") == 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 3)), max_size=8))
def test_through_any_restarts_each_remembered_rise_is_counted_once_and_none_is_invented(
    runs: list[tuple[int, bool, int]],
) -> None:
    net = Network(("paris", "sf"))
    net.calm(1.0)
    counted = known = 0
    for before, remembers, early in runs:
        if before:
            net.mirrors["paris"].rise("/scene/bang", before)
        net.calm(1.0)
        counted, known, net.epoch = counted + before, known + before, net.epoch + 1
        saved = net.mirrors["paris"].saved() if remembers else None
        net.mirrors["paris"] = Mirror("paris", KEYS, net.epoch, saved)
        if early:
            net.mirrors["paris"].rise("/scene/bang", early)
        net.connect("paris")
        net.calm(1.0)
        now = known + early if remembers else early
        counted, known = counted + (now - known if now >= known else 0), now
        assert net.read("sf", "bang") == counted


def test_a_restart_keeps_touches_holds_counts_and_a_fade_half_done(net: Network) -> None:
    mirror = net.mirrors["paris"]
    touch(net, "paris", "other", 0.25)
    mirror.hold("/scene/mean", (0.75,), net.now)
    mirror.rise("/scene/bang", 2)
    mirror.touch("/scene/own", (1 / 3,), net.now)
    mirror.fade("/scene/latest", (0.0,), (1.0,), net.now, 10.0)
    again = Mirror("paris", KEYS, 2, mirror.saved())
    for seconds in (0.0, 5.0, 15.0):
        assert (again.read(net.now + seconds).columns == mirror.read(net.now + seconds).columns).all()


@pytest.mark.parametrize("cut", [0, 3, 40, -1])
def test_a_damaged_save_is_counted_and_the_show_begins_anew(net: Network, cut: int) -> None:
    again = Mirror("paris", KEYS, 2, net.mirrors["paris"].saved()[:cut])
    assert again.counted["damaged"] == 1
    assert again.read(0.0).columns[0] == pytest.approx(0.5, abs=1e-5)


def test_values_are_kept_by_address_through_a_change_of_scene(net: Network) -> None:
    touch(net, "paris", "latest", 0.25)
    for mirror in net.mirrors.values():
        mirror.declare([key("sky"), key("latest")])
    net.calm(3.0)
    assert [mirror.read(net.now).columns[1] for mirror in net.mirrors.values()] == pytest.approx([0.25] * 3, abs=1e-5)
    for mirror in net.mirrors.values():
        mirror.declare(KEYS)
    assert everywhere(net, "latest") == pytest.approx([0.25] * 3, abs=1e-5)


def test_scenes_that_differ_meet_by_name_and_what_does_not_match_is_told(net: Network) -> None:
    net.mirrors["sf"].declare([key("other", "each"), key("new"), key("latest")])
    net.calm(3.0)
    touch(net, "paris", "latest", 0.25)
    net.calm(2.0)
    assert net.mirrors["sf"].read(net.now).columns[2] == pytest.approx(0.25, abs=1e-5)
    assert net.mirrors["paris"].unlike == {"sf": ["/scene/other"]}


def test_a_half_tells_what_the_other_site_alone_says(net: Network) -> None:
    touch(net, "sf", "each", 0.75)
    net.calm(2.0)
    columns, known = net.mirrors["paris"].half("sf")
    assert known and columns[0] == pytest.approx(0.75, abs=1e-5)
    assert net.mirrors["paris"].half("lima")[1] is False


@pytest.mark.parametrize("number", [0.1, 0.5, 0.125, 0.3, 0.999])
def test_a_number_that_a_person_would_type_is_itself_again_after_the_crossing(net: Network, number: float) -> None:
    touch(net, "paris", "latest", number)
    assert everywhere(net, "latest") == pytest.approx([number] * 3, abs=1e-12)


def test_the_writer_reads_its_own_values_as_the_others_do(net: Network) -> None:
    touch(net, "paris", "latest", 1 / 3)
    assert len(set(everywhere(net, "latest"))) == 1


def test_nothing_is_made_for_a_site_that_is_full_and_all_of_it_comes_later(net: Network) -> None:
    touch(net, "paris", "latest", 0.25)
    assert net.mirrors["paris"].delta(net.now + 1, without={"sf", "kyoto"}) == {}
    assert everywhere(net, "latest") == pytest.approx([0.25] * 3, abs=1e-5)


def test_a_half_that_rots_in_memory_is_healed_by_digest_and_snapshot(net: Network) -> None:
    touch(net, "paris", "latest", 0.25)
    net.calm(2.0)
    net.mirrors["sf"]._rows["paris"].half.codes[1] ^= 4096
    net.calm(20.0)
    assert net.diverged() == []
    assert net.mirrors["sf"].counted["diverged"] == 1


def test_a_site_whose_clock_went_back_takes_an_epoch_above_the_one_that_is_known(net: Network) -> None:
    net.epoch = -1
    net.restart("paris", None)
    net.calm(5.0)
    touch(net, "paris", "latest", 0.25)
    assert everywhere(net, "latest") == pytest.approx([0.25] * 3, abs=1e-5)


def _frames() -> list[bytes]:
    net = Network(("paris", "sf"))
    net.calm(1.0)
    for name in ("latest", "sum", "lamp"):
        touch(net, "paris", name, 1.0)
    net.mirrors["paris"].fade("/scene/mean", None, (1.0,), net.now, 3.0)
    net.mirrors["paris"].hold("/scene/other", (1.0,), net.now)
    net.connect("paris")
    frames = []
    for _ in range(40):
        net.tick(0.3)
        frames += [frame for site, _, frame in net.under_way if site == "paris"]
        while net.under_way:
            net.deliver()
    return list(dict.fromkeys(frames))


def test_garbage_truncation_and_lies_are_counted_and_never_raise() -> None:
    chance, frames = random.Random(5), _frames()
    mirror = Mirror("sf", KEYS, 1)
    mirror.merge([Arrived("paris", b""), *(Arrived("paris", frame) for frame in frames)])
    for _ in range(4000):
        rotten = bytearray(chance.choice(frames))
        for _ in range(chance.randrange(4)):
            rotten[chance.randrange(len(rotten))] = chance.randrange(256)
        mirror.merge([Arrived("paris", bytes(rotten[: chance.randrange(1, len(rotten) + 1)]))])
        mirror.merge([Arrived("paris", chance.randbytes(chance.randrange(1, 80)))])
        mirror.delta(float(_))
    assert np.isfinite(mirror.read(1e6).columns).all()
    assert mirror.counted["garbled"] > 100


def _lies() -> list[bytes]:
    """What a trusted peer could say that no honest one would: each frame well formed."""
    far = (1 << 62) + 1
    column = wire.Section(0, 0, *(np.array([n]) for n in (0, wire.LATEST_STAMP - 1, 65000)))
    names = wire.names([Key("/" + "x" * 500, "float", "latest", 1, (0.0,), (1.0,), (0.5,))])
    return [
        *(wire.head(wire.NAMES, n & 0xFFFF, far + n, 1) + names for n in range(3000)),
        wire.head(wire.NAMES, 1, 5, 1) + wire.names([key("latest")]),
        wire.head(wire.SNAPSHOT, 1, 5, 0xFFFFFFFF) + wire.section(column),
        *(wire.head(wire.HAVE, 1, 1, 1) + wire.known(epoch, 0xFFFFFFFF, 1, True) for epoch in (far, (1 << 64) - 1)),
        *(wire.head(wire.DELTA, 1, 5, 1) + bytes(n) for n in range(30)),
    ]


def test_a_trusted_peer_that_lies_spoils_its_own_values_and_no_other_site(net: Network) -> None:
    mirror = net.mirrors["sf"]
    for frame in _lies():
        mirror.merge([Arrived("lima", frame)])
        mirror.delta(net.now)
    assert len(mirror._schemas) < 10 and mirror.epoch < 1 << 62
    assert np.isfinite(mirror.read(net.now).columns).all()
    mirror.down("lima")
    net.calm(2.0)
    touch(net, "paris", "other", 0.25)
    net.calm(2.0)
    assert net.read("sf", "other") == pytest.approx(0.25, abs=1e-5)
    assert mirror.counted["ahead"] and len(mirror.saved()) < 100_000


def test_a_bomb_of_names_is_not_unpacked() -> None:
    mirror = Mirror("sf", KEYS, 1)
    bomb = zlib.compress(bytes(200 << 20), 9)
    mirror.merge([Arrived("paris", wire.head(wire.NAMES, 1, 1, 1) + bomb)])
    assert mirror.counted["garbled"] == 1


def test_a_range_that_cannot_be_carried_is_narrowed_and_the_show_goes_on() -> None:
    wide = Key("/scene/a", "float", "latest", 1, (float("-inf"),), (1e38,), (5.0,))
    turned = Key("/scene/b", "float", "latest", 1, (1.0,), (0.0,), (0.25,))
    mirror = Mirror("sf", [wide, turned], 1)
    assert mirror.read(0.0).columns == pytest.approx([5.0, 0.25], abs=1e-4)
    mirror.touch("/scene/a", (1234.5,), 1.0)
    assert mirror.read(1.0).columns[0] == 1234.5


def test_a_key_that_does_not_fit_its_kind_is_refused_when_it_is_declared() -> None:
    with pytest.raises(wire.Garbled):
        Mirror("sf", [Key("/scene/a", "color", "latest", 1, (0.0,), (1.0,), (0.5,))], 1)
