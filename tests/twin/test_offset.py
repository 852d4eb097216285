"""The shared time, with clocks and a line that the test makes up: the stated bound must be true of every sample."""

from __future__ import annotations

import random

import pytest

from installation.twin.offset import SLEW, UNKNOWN, Line, Offset, SharedTime


class Host:
    """A host's monotonic clock, off by `start` and running `ppm` fast, and its shared time."""

    def __init__(self, start: float, ppm: float = 0.0, wall: float = 1.8e9) -> None:
        self.start, self.speed = start, 1 + ppm * 1e-6
        self.shared = SharedTime(self.at(0.0), wall)

    def at(self, true: float) -> float:
        return self.start + true * self.speed

    def time(self, true: float) -> float:
        return self.shared.shared(self.at(true))

    def bound(self, true: float) -> float:
        return self.shared.bound(self.at(true))


class Pings:
    """Hosts that ping each other over ways of `there` and `back` seconds, with jitter and now and then a stall."""

    def __init__(
        self, hosts: dict[str, Host], there: float = 0.0725, back: float = 0.0725, jitter: float = 0.005
    ) -> None:
        self.hosts, self.ways, self.jitter, self.true = hosts, (there, back), jitter, 0.0
        self.chance = random.Random(4)

    def run(self, seconds: float) -> None:
        end = self.true + seconds
        while self.true < end:
            self.true += 0.25 if self.true < 5 else 1.0
            for one, host in self.hosts.items():
                for other, far in self.hosts.items():
                    if one != other:
                        self._ping(host, other, far, one < other)

    def _ping(self, host: Host, other: str, far: Host, forth: bool) -> None:
        there, back = (
            way + self.chance.uniform(0, self.jitter) + (0.2 if self.chance.random() < 0.02 else 0.0)
            for way in (self.ways if forth else self.ways[::-1])
        )
        sent, heard = self.true, self.true + there
        answered, line = heard + 1e-4, far.shared.line
        told = Line(far.at(answered), line.time(far.at(answered)), line.rate, line.agreed, line.bound)
        stamps = (host.at(sent), far.at(heard), far.at(answered), host.at(answered + back))
        host.shared.hear(other, stamps, told)

    def apart(self) -> float:
        times = [host.time(self.true + 0.5) for host in self.hosts.values()]
        return max(times) - min(times)


def two(ppm: float = 0.0, wall: float = 1.8e9) -> dict[str, Host]:
    return {"paris": Host(100.0), "sf": Host(90_000.0, ppm, wall)}


def test_on_a_symmetric_line_two_sites_are_within_a_millisecond() -> None:
    pings, apart = Pings(two(ppm=40)), []
    pings.run(60)
    for _ in range(200):
        pings.run(1)
        apart.append(pings.apart())
    assert sorted(apart)[190] <= 1e-3


@pytest.mark.parametrize("ppm", [0, 80, -150])
@pytest.mark.parametrize("ways", [(0.0725, 0.0725), (0.03, 0.115)])
def test_the_stated_bound_is_true_of_every_sample(ppm: float, ways: tuple[float, float]) -> None:
    hosts = two(ppm, wall=1.8e9 + 0.4)
    pings = Pings(hosts, *ways)
    for _ in range(300):
        pings.run(1)
        for host in hosts.values():
            for ahead in (0.0, 0.5, 1.0):
                times = [each.time(pings.true + ahead) for each in hosts.values()]
                assert abs(times[0] - times[1]) <= host.bound(pings.true + ahead)


def test_an_asymmetric_line_costs_half_of_its_asymmetry_and_no_more() -> None:
    pings = Pings(two(), 0.0725, 0.0825)
    pings.run(200)
    assert pings.apart() <= 0.005 + 0.001


def test_dates_an_hour_apart_meet_half_way_at_the_first_agreement() -> None:
    hosts = two(wall=1.8e9 + 3600)
    pings = Pings(hosts)
    pings.run(10)
    assert pings.apart() < 0.01
    assert hosts["paris"].time(pings.true) == pytest.approx(1.8e9 + 1800 + pings.true, abs=0.1)


def test_after_the_first_agreement_time_is_slewed_and_never_stepped() -> None:
    hosts = two()
    pings = Pings(hosts)
    pings.run(20)
    hosts["kyoto"] = Host(5.0, wall=1.7e9)
    before = pings.true
    was = {site: host.time(before) for site, host in hosts.items()}
    for _ in range(30):
        pings.run(1)
        for site in ("paris", "sf"):
            passed = hosts[site].time(pings.true) - was[site]
            assert passed == pytest.approx(pings.true - before, rel=2 * SLEW)
    assert pings.apart() < 0.01


def test_before_any_agreement_the_bound_says_that_nothing_is_known() -> None:
    assert SharedTime(0.0, 1.8e9).bound(5.0) == UNKNOWN


def test_in_silence_the_bound_grows() -> None:
    hosts = two()
    pings = Pings(hosts)
    pings.run(30)
    paris = hosts["paris"]
    assert paris.bound(pings.true + 3600) > paris.bound(pings.true) + 1.0


def test_stamps_that_cannot_be_true_are_refused() -> None:
    offset = Offset()
    assert not offset.hear(10.0, 5.0, 4.0, 11.0)
    assert not offset.hear(10.0, 5.0, 6.5, 10.1)
    assert not offset.hear(10.0, float("nan"), 6.0, 11.0)
    assert offset.refused == 3 and offset.estimate is None


def test_a_peer_that_lies_about_its_time_is_not_heard() -> None:
    shared = SharedTime(0.0, 1.8e9)
    for at in range(10):
        line = Line(at, float("inf"), 1.0, True, 0.0)
        shared.hear("sf", (at, at + 0.1, at + 0.1, at + 0.2), line)
    assert shared.shared(10.0) == pytest.approx(1.8e9 + 10)
