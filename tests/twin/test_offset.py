"""The shared time, with clocks and a line that the test makes up: the stated bound must be true of every sample."""

from __future__ import annotations

import random

import pytest

from installation.twin.offset import FAST, SLEW, UNKNOWN, Line, Offset, SharedTime


class Host:
    """A host's monotonic clock, off by `start` and running `ppm` fast, and its shared time."""

    def __init__(self, start: float, ppm: float = 0.0, wall: float = 1.8e9, kept: bool = False) -> None:
        self.start, self.speed, self.kept = start, 1 + ppm * 1e-6, kept
        self.wall, self.suspended = wall, 0.0
        self.shared = SharedTime(self.at(0.0), wall)

    def look(self, true: float) -> None:
        """Looks at its own date, as a link does every few seconds."""
        self.shared.steer(self.at(true), self.wall + true, self.kept, self.suspended)

    def at(self, true: float) -> float:
        return self.start + (true - self.suspended) * self.speed

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
                host.look(self.true)
                for other, far in self.hosts.items():
                    if one != other:
                        self._ping(host, other, far, one < other)

    def pass_in_silence(self, seconds: float) -> None:
        """The line is cut; each looks at its own date, every ten minutes."""
        end = self.true + seconds
        while self.true < end:
            self.true += 600.0
            for host in self.hosts.values():
                host.look(self.true)

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


def test_a_host_whose_date_is_stepped_by_an_hour_under_the_show_moves_nothing() -> None:
    hosts = two()
    hosts["paris"].kept = hosts["sf"].kept = True
    pings = Pings(hosts)
    pings.run(60)
    before = hosts["paris"].time(pings.true) - pings.true
    hosts["paris"].wall += 3600.0
    for _ in range(60):
        pings.run(1)
        assert hosts["paris"].time(pings.true) - pings.true == pytest.approx(before, abs=0.02)
        assert pings.apart() <= 1e-3


def test_after_a_week_of_silence_shared_time_is_that_of_the_date_that_was_kept() -> None:
    hosts = {"paris": Host(100.0, ppm=30.0, kept=True), "sf": Host(9.0, ppm=45.0)}
    pings = Pings(hosts)
    pings.run(300)
    pings.pass_in_silence(604_800.0)
    assert hosts["paris"].time(pings.true) == pytest.approx(1.8e9 + pings.true, abs=0.5)
    pings.run(60)
    assert hosts["sf"].bound(pings.true) > pings.apart() > 10.0
    pings.run(2 * 3600)  # half a minute, at five thousandths
    for host in hosts.values():
        assert host.time(pings.true) == pytest.approx(1.8e9 + pings.true, abs=0.5)


def test_a_lone_site_that_began_before_its_date_was_right_steps_to_it_once() -> None:
    lone = Host(50.0, wall=1.7e9)
    for true in range(0, 40, 4):
        lone.look(float(true))
    assert lone.time(40.0) == pytest.approx(1.7e9 + 40, abs=0.01)
    lone.wall, lone.kept = 1.8e9, True
    for true in range(40, 80, 4):
        lone.look(float(true))
    assert lone.time(80.0) == pytest.approx(1.8e9 + 80, abs=0.01)


def test_of_two_newcomers_the_one_whose_date_is_kept_is_believed() -> None:
    hosts = {"paris": Host(100.0, kept=True), "sf": Host(9.0, wall=1.8e9 - 5e6)}
    for host in hosts.values():
        for true in range(-20, 0, 4):
            host.look(float(true))
    pings = Pings(hosts)
    pings.run(20)
    assert hosts["sf"].time(pings.true) == pytest.approx(1.8e9 + pings.true, abs=0.5)


@pytest.mark.parametrize("apart", [0.5, 10.0])
def test_sites_that_drifted_apart_in_silence_meet_again_without_a_step_and_say_how_far_they_are(apart: float) -> None:
    hosts = two()
    pings = Pings(hosts)
    pings.run(60)
    pings.pass_in_silence(600.0)
    hosts["sf"].start += apart  # three days of quartz, in one second
    was, false = {site: host.time(pings.true) for site, host in hosts.items()}, 0
    for _ in range(int(apart / 2 / FAST) + 600):
        pings.run(1)
        for site, host in hosts.items():
            now = host.time(pings.true)
            assert now - was[site] == pytest.approx(1.0, abs=2 * FAST)
            was[site] = now
        times = [host.time(pings.true + 0.5) for host in hosts.values()]
        false += any(abs(times[0] - times[1]) > host.bound(pings.true + 0.5) for host in hosts.values())
    assert pings.apart() <= 2e-3
    assert false <= 5  # a clock that is pushed is no clock: until the next pings show it, nobody can know


def test_a_host_that_was_suspended_for_an_hour_is_right_again_at_once() -> None:
    hosts = two()
    pings = Pings(hosts)
    pings.run(60)
    for _ in range(6):
        pings.true += 600.0
        hosts["paris"].look(pings.true)
    hosts["sf"].suspended = 3600.0
    pings.run(30)
    assert pings.apart() <= 20e-3


def test_a_site_that_is_rebooted_with_another_date_joins_the_time_of_the_others() -> None:
    hosts = two()
    pings = Pings(hosts)
    pings.run(60)
    before = hosts["paris"].time(pings.true) - pings.true
    hosts["sf"] = Host(3.0, wall=1.6e9)
    pings.run(20)
    assert hosts["paris"].time(pings.true) - pings.true == pytest.approx(before, abs=2e-3)
    assert pings.apart() <= 5e-3


def test_far_fewer_than_one_in_a_thousand_statements_are_false_over_an_evening_of_any_line() -> None:
    false = samples = 0
    for ways, ppm in (((0.0725, 0.0725), 20.0), ((0.02, 0.12), -60.0), ((0.1, 0.05), 100.0)):
        hosts = two(ppm)
        pings = Pings(hosts, *ways, jitter=0.03)
        pings.run(10)
        for _ in range(600):
            pings.run(1)
            for ahead in (0.1, 0.9):
                times = [host.time(pings.true + ahead) for host in hosts.values()]
                false += sum(abs(times[0] - times[1]) > host.bound(pings.true + ahead) for host in hosts.values())
                samples += 2
    assert false / samples <= 1e-3
