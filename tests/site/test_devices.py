"""Devices at a running site: programs that are not ours, sensors that are not there, and what breaks and comes back."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from hardware.driver import Event
from hardware.take import Head, TakeWriter
from tests.hardware.conftest import running
from tests.hardware.jack import able, served
from tests.site.venue import RIG, Site, free_port, until


def program(name: str, package: str) -> str:
    return shutil.which(name) or pytest.skip(f"no {name} on this machine: `apt-get install {package}` brings it")


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return len(found) == 4 and all(abs(a - b) <= 1 for a, b in zip(found, wanted, strict=True))


def grey(number: float) -> tuple[int, ...]:
    return (round(number * 255),) * 3 + (255,)


@pytest.fixture
def house(folder: Path) -> Iterator[Site]:
    """A site whose rig a test still writes: `furnished` starts it."""
    made = Site(folder)
    yield made
    made.stop()


def furnished(site: Site, tables: str, rig: str = RIG) -> Site:
    site.rig.write_text(rig.format(name=site.name, port=site.port) + tables)
    return site.start()


def bundle(when: float, *messages: tuple[str, float]) -> object:
    builder = OscBundleBuilder(when)
    for address, number in messages:
        one = OscMessageBuilder(address=address)
        one.add_arg(number, "f")
        builder.add_content(one.build())
    return builder.build()


KEYS = """
[device.keys]
driver = "midi"
port = "player"
backend = "mido.backends.rtmidi/UNIX_JACK"
address = "/keys"
[[patch]]
from = "/keys/note/1/60"
to = "amount"
"""


def test_a_midi_program_we_did_not_write_moves_a_parameter_and_a_pixel(house, tmp_path):
    player = [program("jack_midiseq", "jackd2"), "player", "48000", "0", "60", "24000"]
    with served(program("jackd", "jackd2")) as jack, running(player, jack):
        joined = able(jack, tmp_path)
        house.environment |= {key: value for key, value in joined.items() if key.startswith(("JACK", "PYTHONPATH"))}
        furnished(house, KEYS)
        for number in (64 / 127, 0.0, 64 / 127):
            until(lambda n=number: abs(house.value("/scene/amount") - n) < 1e-6, 5.0, f"the key gives {number}")
            until(lambda n=number: near(house.pixel(0), grey(n)), 5.0, f"the pixel shows {number}")
        assert house.status()["inputs"]["keys"]["state"] == "alive"


def test_bundles_and_patterns_of_python_osc_move_what_they_mean(site):
    client = SimpleUDPClient("127.0.0.1", site.port)
    client.send(bundle(IMMEDIATELY, ("/scene/amount", 0.25), ("/scene/mode", 1.0)))
    until(lambda: (site.value("/scene/amount"), site.value("/scene/mode")) == (0.25, 1.0), 5.0)
    client.send(bundle(IMMEDIATELY, ("/scene/{amount,tint}", 0.75), ("/scene/m?de", 2.0)))
    until(lambda: (site.value("/scene/amount"), site.value("/scene/mode")) == (0.75, 2.0), 5.0)
    until(lambda: near(site.pixel(0), grey(0.75)), 5.0)


def test_patterns_of_oscsend_move_what_they_mean(site):
    oscsend = program("oscsend", "liblo-tools")
    subprocess.run([oscsend, "127.0.0.1", str(site.port), "/scene/{amount,on}", "f", "1"], check=True)
    until(lambda: near(site.pixel(0), grey(1.0)) and near(site.pixel(1), grey(1.0)), 5.0)
    assert site.value("/scene/mode") == 0.0


def test_liblo_hears_a_parameter_that_moves(house):
    port = free_port()
    with running(["stdbuf", "-oL", program("oscdump", "liblo-tools"), str(port)], os.environ) as foreign:
        furnished(house, f'[output.desk]\ndriver = "osc"\nport = {port}\nsend = ["/scene/*"]\n')
        os.set_blocking(foreign.stdout.fileno(), False)
        heard = b""

        def told(line: bytes) -> bool:
            nonlocal heard
            heard += foreign.stdout.read() or b""
            return line in heard

        house.osc("/scene/amount", 0.5)
        until(lambda: told(b"/scene/amount f 0.500000"), 5.0)
        house.verb("set", "tint", "1", "0", "0.5", "1")
        until(lambda: told(b"/scene/tint ffff 1.000000 0.000000 0.500000 1.000000"), 5.0)


def test_what_a_site_sends_to_itself_is_an_echo_and_no_hand(house):
    furnished(house, f'[output.desk]\ndriver = "osc"\nport = {house.port}\nsend = ["/scene/*"]\n')
    for address, value in (("/scene/amount", (0.3,)), ("/scene/drop", (1,)), ("/scene/where", (0.1, 0.7))):
        house.osc(address, *value)
    until(lambda: house.value("/scene/drop") == 1.0, 5.0)
    until(lambda: near(house.pixel(5), grey(0.25)), 5.0)
    ticks, events = (house.status()["sites"]["here"][name] for name in ("ticks", "events"))
    until(lambda: house.status()["sites"]["here"]["ticks"] > ticks + 50, 5.0)
    assert house.status()["sites"]["here"]["events"] - events < 5
    assert house.value("/scene/drop") == 1.0 and house.value("/scene/amount") == pytest.approx(0.3)
    assert house.status()["outputs"]["desk"]["echoes"] > 3


def test_a_device_whose_port_was_taken_acts_again_when_it_is_free(house):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rival:
        rival.bind(("127.0.0.1", house.port))
        furnished(house, "")
        control = house.pid("control")
        assert house.status()["inputs"]["osc"]["state"] == "lost"
    until(lambda: house.status()["inputs"]["osc"]["state"] != "lost", 10.0)
    house.osc("/scene/amount", 0.5)
    until(lambda: near(house.pixel(0), grey(0.5)), 5.0)
    assert house.pid("control") == control
    assert house.said().count(f"port {house.port} on 127.0.0.1 is taken") == 1


def test_a_broken_take_is_told_once_and_played_when_it_is_mended(house):
    take = house.folder / "evening.take"
    take.write_bytes(b"no take at all")
    furnished(house, f'[device.evening]\ndriver = "take"\nfile = "{take}"\nloop = true\n')
    until(lambda: house.status()["inputs"]["evening"]["state"] == "lost", 5.0)
    ticks = house.status()["sites"]["here"]["ticks"]
    until(lambda: house.status()["sites"]["here"]["ticks"] > ticks + 450, 10.0, "it was tried again, twice")
    assert house.said().count("evening.take is no take") == 1
    mended = house.folder / "mended.take"
    writer = TakeWriter(mended, Head())
    for number in range(10):
        writer.write(number / 10, [Event(number / 10, "/scene/amount", (0.5,))])
    writer.close()
    mended.replace(take)
    until(lambda: near(house.pixel(0), grey(0.5)), 10.0)


def test_a_take_that_turns_to_garbage_ends_there_and_the_show_goes_on(house):
    take = house.folder / "cut.take"
    writer = TakeWriter(take, Head())
    writer.write(0.0, [Event(0.0, "/scene/amount", (0.5,))])
    writer.close()
    deep = b"\x94" + msgspec.msgpack.encode(0.1) + b"\x91" * 9999
    with take.open("ab") as file:
        file.write(struct.pack(">I", len(deep)) + deep)
    furnished(house, f'[device.evening]\ndriver = "take"\nfile = "{take}"\n')
    until(lambda: near(house.pixel(0), grey(0.5)), 5.0)
    house.osc("/scene/amount", 1.0)
    until(lambda: near(house.pixel(0), grey(1.0)), 5.0)


def test_a_simulated_sensor_moves_a_pixel(house):
    furnished(
        house,
        '[device.tide]\ndriver = "simulated"\nshape = "square"\nperiod = 1.0\nlow = 0.25\nhigh = 0.75\n'
        '[[patch]]\nfrom = "/simulated"\nto = "amount"\n',
    )
    for number in (0.25, 0.75, 0.25):
        until(lambda n=number: near(house.pixel(0), grey(n)), 5.0, f"the sensor says {number}")


def test_synthetic_visitors_move_a_pixel_and_are_counted_as_whole_people(house):
    furnished(
        house,
        '[device.floor]\ndriver = "visitors"\nalready = 3\nmost = 3\n'
        '[[patch]]\nfrom = "/floor/count"\nto = "/presence"\n'
        '[[patch]]\nfrom = "/floor/x"\nto = "amount"\n',
    )
    assert until(lambda: house.value("/presence"), 5.0) in (1.0, 2.0, 3.0)
    until(lambda: 0 < house.pixel(0)[0] < 255, 5.0, "a visitor stands before the wall")
    first = house.pixel(0)
    until(lambda: house.pixel(0) != first, 10.0, "and walks")


def test_a_buffer_too_small_for_a_burst_is_told_as_flooding_and_the_lost_are_counted(house):
    small = RIG.replace("port = {port}\n", "port = {port}\nbuffer = 4096\n")
    furnished(house, "", rig=small)
    packet, sent = bundle(IMMEDIATELY, ("/scene/amount", 0.5)).dgram, 5_000
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        for _ in range(sent):
            mouth.sendto(packet, ("127.0.0.1", house.port))
    counts = until(lambda: (found := house.status()["inputs"]["osc"])["state"] == "flooding" and found, 5.0)
    assert counts["dropped"] > 0
    lost = until(lambda: (found := house.status()["inputs"]["osc"])["state"] == "alive" and found, 5.0)
    assert lost["received"] + lost["dropped"] == sent
    until(lambda: near(house.pixel(0), grey(0.5)), 5.0)
