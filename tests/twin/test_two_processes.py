"""Two and three sites in processes of their own, over real sockets and a simulated line."""

from __future__ import annotations

import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.twin import keys
from installation.twin.link import Peer
from tests.twin.sea import Line, free_port
from tests.twin.site import Site, until

PAIRS = {site: keys.made() for site in ("kyoto", "paris", "sf", "stranger")}


class Cities:
    """Sites and lines of one test; all are ended with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ends = folder, list[Callable[[], None]]()

    def site(self, site: str, peers: dict[str, str | None], pair: str = "", **options: Any) -> Site:
        known = [Peer(peer, PAIRS[peer].public, dial) for peer, dial in peers.items()]
        found = Site(site, PAIRS[pair or site], known, **options)
        self.ends.append(found.kill)
        return found

    def line(self, to: int, profile: str = "lan") -> Line:
        found = Line(to, profile, self.folder)
        self.ends.append(found.close)
        return found

    def linked(self, profile: str = "lan", **options: Any) -> tuple[Site, Site, Line]:
        """San Francisco listens, Paris dials it through a line."""
        sf = self.site("sf", {"paris": None}, listen="tcp://127.0.0.1:*", **options)
        line = self.line(sf.port, profile)
        paris = self.site("paris", {"sf": f"tcp://127.0.0.1:{line.port}"}, **options)
        until(lambda: paris.connected() and sf.connected())
        return paris, sf, line


@pytest.fixture
def cities(tmp_path: Path) -> Iterator[Cities]:
    found = Cities(tmp_path)
    yield found
    for end in reversed(found.ends):
        end()


def test_a_touch_in_one_city_is_the_value_in_both(cities: Cities) -> None:
    paris, sf, _ = cities.linked("atlantic")
    paris.ask("touch", "/scene/p3", [0.9])
    until(lambda: sf.ask("read")[3] > 0.8)
    assert sf.ask("read") == paris.ask("read")
    sf.ask("touch", "/scene/p3", [0.1])
    until(lambda: paris.ask("read")[3] < 0.2)


def test_three_cities_agree(cities: Cities) -> None:
    sf = cities.site("sf", {"paris": None, "kyoto": None}, listen="tcp://127.0.0.1:*")
    paris = cities.site("paris", {"sf": f"tcp://127.0.0.1:{sf.port}", "kyoto": None}, listen="tcp://127.0.0.1:*")
    kyoto = cities.site("kyoto", {"sf": f"tcp://127.0.0.1:{sf.port}", "paris": f"tcp://127.0.0.1:{paris.port}"})
    three = (sf, paris, kyoto)
    until(lambda: all(site.connected() for site in three))
    for n, site in enumerate(three):
        site.ask("touch", f"/scene/p{n}", [0.9])
    until(lambda: all(min(site.ask("read")[:3]) > 0.8 for site in three))
    assert paris.ask("read") == sf.ask("read") == kyoto.ask("read")


def test_when_both_dial_there_is_still_one_line(cities: Cities) -> None:
    ports = free_port(), free_port()
    paris = cities.site("paris", {"sf": f"tcp://127.0.0.1:{ports[1]}"}, listen=f"tcp://127.0.0.1:{ports[0]}")
    sf = cities.site("sf", {"paris": f"tcp://127.0.0.1:{ports[0]}"}, listen=f"tcp://127.0.0.1:{ports[1]}")
    until(lambda: paris.connected() and sf.connected())
    paris.ask("touch", "/scene/p3", [0.9])
    sf.ask("touch", "/scene/p4", [0.9])
    until(lambda: all(min(site.ask("read")[3:5]) > 0.8 for site in (paris, sf)))
    assert [paris.ask("problems"), sf.ask("problems")] == [[], []]


@pytest.mark.parametrize("way", ["hole", "reset"])
def test_after_an_outage_both_cities_agree_again(cities: Cities, way: str) -> None:
    paris, sf, line = cities.linked("atlantic", keys=200)
    line.say(way)
    until(lambda: not paris.connected() and not sf.connected())
    paris.ask("touch", "/scene/p3", [0.9])
    sf.ask("touch", "/scene/p4", [0.9])
    written = paris.ask("write", "letter")
    line.say("mend")
    until(lambda: paris.ask("read")[4] > 0.8 and sf.ask("read")[3] > 0.8)
    until(lambda: sf.ask("given") == [["paris", written]])
    assert sf.ask("read") == paris.ask("read")
    assert paris.ask("counted").get("diverged", 0) == 0


def test_a_city_that_lost_its_power_comes_back_with_its_values(cities: Cities) -> None:
    journal = str(cities.folder / "paris.db")
    sf = cities.site("sf", {"paris": None}, listen="tcp://127.0.0.1:*")
    dial: dict[str, str | None] = {"sf": f"tcp://127.0.0.1:{sf.port}"}
    paris = cities.site("paris", dial, journal=journal)
    until(paris.connected)
    paris.ask("touch", "/scene/p3", [0.9])
    sf.ask("touch", "/scene/p4", [0.9])
    paris.ask("rise")
    until(lambda: paris.ask("read")[4] > 0.8)
    assert paris.ask("keep")
    paris.kill()
    again = cities.site("paris", dial, epoch=2, journal=journal)
    assert again.ask("read")[3] > 0.8 and again.ask("read")[4] > 0.8
    until(lambda: again.connected() and sf.ask("sites") == ["paris", "sf"])
    again.ask("touch", "/scene/p3", [0.2])
    until(lambda: sf.ask("read")[3] < 0.3)
    assert (again.ask("problems"), sf.ask("problems")) == ([], [])


def test_entries_written_before_and_after_a_power_cut_all_arrive_once(cities: Cities) -> None:
    journal = str(cities.folder / "paris.db")
    sf = cities.site("sf", {"paris": None}, listen="tcp://127.0.0.1:*")
    dial: dict[str, str | None] = {"sf": f"tcp://127.0.0.1:{sf.port}"}
    paris = cities.site("paris", dial, journal=journal)
    until(paris.connected)
    paris.ask("write", "one")
    until(lambda: sf.ask("given") == [["paris", 1]])
    assert paris.ask("write", "two") == 2 and paris.ask("keep")
    paris.kill()
    again = cities.site("paris", dial, epoch=2, journal=journal)
    assert again.ask("write", "three") == 1  # of its own book
    until(lambda: sf.ask("given") == [["paris", 1], ["paris", 2], ["paris", 1]])


def test_a_city_that_hangs_is_told_silent_and_is_heard_again_when_it_wakes(cities: Cities) -> None:
    paris, sf, _ = cities.linked()
    sf.process.send_signal(signal.SIGSTOP)
    until(lambda: paris.ask("status")["sf"]["state"] == "silent")
    paris.ask("touch", "/scene/p3", [0.9])
    sf.process.send_signal(signal.SIGCONT)
    until(lambda: sf.ask("read")[3] > 0.8 and paris.connected() and sf.connected())
    assert [paris.ask("problems"), sf.ask("problems")] == [[], []]


@pytest.mark.soak
def test_after_half_a_minute_of_storm_nothing_is_lost_and_nothing_differs(cities: Cities) -> None:
    paris, sf, line = cities.linked("storm", keys=200)
    for site in (paris, sf):
        site.ask("load", 40, 20)
    until(lambda: sf.ask("status")["paris"]["received_bytes"] > 300_000, 90.0)
    for site in (paris, sf):
        site.ask("load", 0, 0)
    line.say("profile lan")
    last = [int(site.ask("write", "last")) for site in (paris, sf)]
    until(lambda: sf.ask("read") == paris.ask("read"))
    until(lambda: sf.ask("given")[-1][1] == last[0] and paris.ask("given")[-1][1] == last[1])
    for site, count in ((sf, last[0]), (paris, last[1])):
        assert [number for _, number in site.ask("given")] == list(range(1, count + 1))
        assert site.ask("counted").get("diverged", 0) == 0


@pytest.mark.soak
def test_thirty_power_cuts_at_random_lose_and_double_nothing(cities: Cities) -> None:
    chance, journal = random.Random(2), str(cities.folder / "paris.db")
    sf = cities.site("sf", {"paris": None}, listen="tcp://127.0.0.1:*")
    line, last = cities.line(sf.port, "lan"), 0
    dial: dict[str, str | None] = {"sf": f"tcp://127.0.0.1:{line.port}"}
    for run in range(30):
        paris = cities.site("paris", dial, epoch=run + 1, journal=journal)
        paris.ask("load", 5, 50)
        for _ in range(chance.randrange(1, 400)):
            last = int(paris.ask("write", "mark"))
        assert paris.ask("keep")
        for _ in range(chance.randrange(100)):
            paris.ask("write", "unkept")
        paris.kill()
    paris = cities.site("paris", dial, epoch=99, journal=journal)
    until(lambda: bool(sf.ask("given")) and sf.ask("given")[-1][1] >= last, 30.0)
    numbers = [number for _, number in sf.ask("given")]
    assert numbers == list(range(1, len(numbers) + 1))
    until(lambda: sf.ask("read") == paris.ask("read"))


def test_a_wrong_key_is_kept_out_and_told_at_the_door(cities: Cities) -> None:
    sf = cities.site("sf", {"paris": None}, listen="tcp://127.0.0.1:*")
    paris = cities.site("paris", {"sf": f"tcp://127.0.0.1:{sf.port}"}, pair="stranger")
    until(lambda: paris.ask("status")["sf"]["state"] == "refused")
    paris.ask("touch", "/scene/p3", [0.9])
    told = sf.ask("problems")
    assert len(told) == 1 and keys.fingerprint(PAIRS["stranger"].public) in told[0]
    assert sf.ask("sites") == ["sf"] and not sf.connected()
    assert len(paris.ask("problems")) == 1


def test_a_second_run_of_one_city_is_refused_and_told_at_all_three(cities: Cities) -> None:
    paris, sf, line = cities.linked()
    double = cities.site("paris", {"sf": f"tcp://127.0.0.1:{line.port}"}, epoch=2)
    until(lambda: double.ask("status")["sf"]["state"] == "refused")
    double.ask("touch", "/scene/p3", [0.9])
    for site in (double, sf, paris):
        until(lambda: any("two runs" in told for told in site.ask("problems")))  # noqa: B023
    assert paris.connected() and sf.connected()
    assert sf.ask("read")[3] < 0.8


def test_bytes_that_are_no_handshake_do_not_disturb_the_line(cities: Cities) -> None:
    paris, sf, _ = cities.linked()
    for noise in (b"GET / HTTP/1.0\r\n\r\n", b"\xff" * 4096, b""):
        with socket.create_connection(("127.0.0.1", sf.port)) as stranger:
            stranger.sendall(noise)
    paris.ask("touch", "/scene/p3", [0.9])
    until(lambda: sf.ask("read")[3] > 0.8)
    assert paris.connected()


def test_the_two_cities_share_one_time_within_the_bound_that_they_state(cities: Cities) -> None:
    paris, sf, _ = cities.linked("atlantic")
    until(lambda: max(site.ask("shared", time.monotonic())[1] for site in (paris, sf)) < 1.0)
    for _ in range(50):
        at = time.monotonic()
        (here, bound), (there, other) = paris.ask("shared", at), sf.ask("shared", at)
        assert abs(here - there) <= min(bound, other)
