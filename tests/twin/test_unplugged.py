"""What may become of a line: cut at one end, one of three, a restart while it comes up, one key for two names; IPv6.

A plug pulled and a reset, a hang, a power cut and a second run stand in `test_two_processes.py`, an old version in
`test_versions.py`, a stepped date in `test_link.py`, a full disk in `test_journal.py`.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.twin.resolve import _ordered
from tests.twin.sea import free_port
from tests.twin.site import until
from tests.twin.test_two_processes import Cities

SOON = 60.0
"""Seconds after which a condition counts as never true."""


@pytest.fixture
def cities(tmp_path: Path) -> Iterator[Cities]:
    found = Cities(tmp_path)
    yield found
    for end in reversed(found.ends):
        end()


def test_of_a_line_that_only_one_end_believes_in_a_new_one_is_made(cities: Cities) -> None:
    """San Francisco loses its power behind a hole and comes back: Paris has a connection to nobody."""
    paris, sf, line = cities.linked()
    paris.ask("touch", "/scene/p3", [0.9])
    until(lambda: sf.ask("read")[3] > 0.8, SOON)
    line.say("hole")
    port = sf.port
    sf.kill()
    again = cities.site("sf", {"paris": None}, epoch=2, listen=f"tcp://127.0.0.1:{port}")
    again.ask("touch", "/scene/p4", [0.9])
    line.say("mend")
    until(lambda: again.ask("read")[3] > 0.8 and paris.ask("read")[4] > 0.8, SOON)


def test_with_one_of_three_lines_cut_the_other_two_go_on(cities: Cities) -> None:
    sf = cities.site("sf", {"paris": None, "kyoto": None}, listen="tcp://127.0.0.1:*")
    paris = cities.site("paris", {"sf": f"tcp://127.0.0.1:{sf.port}", "kyoto": None}, listen="tcp://127.0.0.1:*")
    line = cities.line(paris.port)
    kyoto = cities.site("kyoto", {"sf": f"tcp://127.0.0.1:{sf.port}", "paris": f"tcp://127.0.0.1:{line.port}"})
    three = (sf, paris, kyoto)
    until(lambda: all(site.connected() for site in three), SOON)
    line.say("hole")
    until(lambda: not kyoto.ask("status")["paris"]["connected"] and not paris.ask("status")["kyoto"]["connected"], SOON)
    for n, site in enumerate(three):
        site.ask("touch", f"/scene/p{n}", [0.9])
    until(lambda: min(sf.ask("read")[:3]) > 0.8 and paris.ask("read")[0] > 0.8 and kyoto.ask("read")[0] > 0.8, SOON)
    assert paris.ask("read")[2] < 0.8 and kyoto.ask("read")[1] < 0.8
    line.say("mend")
    until(lambda: paris.ask("read") == sf.ask("read") == kyoto.ask("read"), SOON)


def test_restarts_while_the_line_is_coming_up_leave_both_cities_agreed(cities: Cities) -> None:
    sf = cities.site("sf", {"paris": None}, listen="tcp://127.0.0.1:*", keys=500)
    line, journal = cities.line(sf.port, "atlantic"), str(cities.folder / "paris.db")
    dial: dict[str, str | None] = {"sf": f"tcp://127.0.0.1:{line.port}"}
    for n in range(0, 500, 5):
        sf.ask("touch", f"/scene/p{n}", [0.9])
    paris = cities.site("paris", dial, keys=500, journal=journal)
    for epoch in (2, 3):
        until(lambda: paris.ask("status")["sf"]["received_bytes"] > 0, SOON)  # noqa: B023
        paris.ask("touch", f"/scene/p{epoch}", [0.8])
        assert paris.ask("keep")
        paris.kill()
        paris = cities.site("paris", dial, epoch=epoch, keys=500, journal=journal)
    until(lambda: paris.ask("read") == sf.ask("read"), SOON)
    assert min(sf.ask("read")[2:4]) > 0.7 and paris.ask("read")[495] > 0.8


def test_a_known_key_under_another_name_is_kept_out_and_told_at_both_ends(cities: Cities) -> None:
    sf = cities.site("sf", {"paris": None, "kyoto": None}, listen="tcp://127.0.0.1:*")
    kyoto = cities.site("kyoto", {"sf": f"tcp://127.0.0.1:{sf.port}"}, pair="paris")
    for site in (kyoto, sf):
        until(lambda: any("calls itself" in told for told in site.ask("problems")), SOON)  # noqa: B023
    kyoto.ask("touch", "/scene/p3", [0.9])
    assert not kyoto.connected() and sf.ask("sites") == ["sf"]


def _six() -> bool:
    """Whether this machine has an IPv6 address of its own."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


@pytest.mark.skipif(not _six(), reason="no IPv6 on this machine")
def test_one_port_takes_callers_by_ipv6_and_ipv4(cities: Cities) -> None:
    sf = cities.site("sf", {"paris": None, "kyoto": None}, listen=f"tcp://*:{free_port()}")
    paris = cities.site("paris", {"sf": f"tcp://[::1]:{sf.port}"})
    kyoto = cities.site("kyoto", {"sf": f"tcp://127.0.0.1:{sf.port}"})
    until(lambda: all(site.connected() for site in (sf, paris, kyoto)), SOON)
    paris.ask("touch", "/scene/p3", [0.9])
    kyoto.ask("touch", "/scene/p4", [0.9])
    until(lambda: min(sf.ask("read")[3:5]) > 0.8, SOON)


@pytest.mark.skipif(not _six(), reason="no IPv6 on this machine")
@pytest.mark.parametrize("listen", ["tcp://[::1]", "tcp://127.0.0.1"])
def test_a_name_is_dialled_by_each_of_its_addresses_until_one_answers(cities: Cities, listen: str) -> None:
    sf = cities.site("sf", {"paris": None}, listen=f"{listen}:*")
    if not any(end[4][0] == listen[6:].strip("[]") for end in socket.getaddrinfo("localhost", sf.port)):
        pytest.skip("localhost has not both addresses here")
    paris = cities.site("paris", {"sf": f"tcp://localhost:{sf.port}"})
    until(lambda: paris.connected() and sf.connected(), SOON)


def test_addresses_of_both_families_take_turns() -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    given = [(six, 0, 0, "", ("::1", 0, 0, 0)), (six, 0, 0, "", ("::2", 0, 0, 0)), (four, 0, 0, "", ("127.0.0.1", 0))]
    assert _ordered(given, 7) == ("tcp://[::1]:7", "tcp://127.0.0.1:7", "tcp://[::2]:7")
