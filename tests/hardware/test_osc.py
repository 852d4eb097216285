"""OSC on real sockets: from and to foreign programs, dated ahead, in floods, and as garbage."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from hardware.driver import Trouble
from hardware.osc import NTP_1970, OscInput, OscOutput
from tests.hardware.conftest import DEADLINE, Gather, Held, asleep, running


@pytest.fixture
def ear() -> Iterator[OscInput]:
    device = OscInput(port=0, address="/floor")
    yield device
    device.close()


def send(device: OscInput, *packets: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        for packet in packets:
            mouth.sendto(packet, ("127.0.0.1", device.port))


def test_python_osc_is_heard(ear: OscInput, gather: Gather) -> None:
    SimpleUDPClient("127.0.0.1", ear.port).send_message("/distance", [1.5, "two", 3])
    (event,) = gather(ear, 1)
    assert event.address == "/floor/distance" and event.value == (1.5, "two", 3)


def test_liblo_is_heard_with_every_type_it_sends(ear: OscInput, gather: Gather, oscsend: str) -> None:
    types = ["/x", "ifsShdcTFNI", "7", "0.5", "mot", "symbole", "5", "0.25", "A"]
    subprocess.run([oscsend, "127.0.0.1", str(ear.port), *types], check=True, timeout=DEADLINE)
    (event,) = gather(ear, 1)
    assert event.value == (7, 0.5, "mot", "symbole", 5, 0.25, "A", True, False, None, True)


def test_liblo_hears_us(oscdump: str) -> None:
    port = free_port()
    mouth = OscOutput(port=port, address="/out")
    with running(["stdbuf", "-oL", oscdump, str(port)], os.environ) as foreign:
        assert foreign.stdout is not None
        heard, end = b"", time.monotonic() + DEADLINE
        while not heard and time.monotonic() < end:
            mouth.write(0.0, "/level", (0.5, 7, "mot", True))
            if asleep(foreign.stdout.fileno(), 0.1):
                heard = os.read(foreign.stdout.fileno(), 1000)
    assert heard.splitlines()[0].endswith(b'/out/level fisT 0.500000 7 "mot" #T')


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def message(address: str, *values: float) -> OscMessageBuilder:
    builder = OscMessageBuilder(address=address)
    for value in values:
        builder.add_arg(value)
    return builder


def bundle(at: float, *addresses: str) -> bytes:
    builder = OscBundleBuilder(at)  # type: ignore[arg-type]
    for address in addresses:
        builder.add_content(message(address, 1.0).build())
    return builder.build().dgram


def test_a_bundle_dated_ahead_waits_for_its_time_and_one_of_the_past_does_not() -> None:
    ear = OscInput(port=0, wall=Held(1000.0))
    send(ear, bundle(1000.4, "/later"), bundle(999.0, "/late"), bundle(0, "/now"))
    assert [event.address for event in ear.poll(5.0, 10)] == ["/late", "/now"]
    assert ear.poll(5.39, 10) == []
    assert [(event.time, event.address) for event in ear.poll(5.41, 10)] == [(5.41, "/later")]


def test_a_bundle_dated_too_far_ahead_is_played_at_the_horizon() -> None:
    ear = OscInput(port=0, horizon=2.0, wall=Held(1000.0))
    send(ear, bundle(90000.0, "/later"))
    assert ear.poll(0.0, 10) == [] and ear.counts()["clamped"] == 1
    assert len(ear.poll(2.0, 10)) == 1


def test_bundles_dated_ahead_do_not_pile_up_for_ever() -> None:
    ear = OscInput(port=0, wall=Held(1000.0), clock=Held())
    full = bundle(1001.0, *["/x"] * 500)
    for _ in range(10):
        send(ear, full)
        ear.poll(0.0, 10)
    assert ear.counts()["waiting"] == 4096 and ear.counts()["refused"] == 5000 - 4096
    assert ear.health() == "flooding"


def test_a_large_message_dated_ahead_is_refused() -> None:
    ear = OscInput(port=0, wall=Held(1000.0))
    send(ear, bundle(1001.0, "/" + "x" * 5000))
    assert ear.poll(0.0, 10) == [] and ear.counts()["refused"] == 1


def test_a_poll_gives_its_limit_and_keeps_the_rest_in_order(ear: OscInput) -> None:
    send(ear, bundle(0, "/a", "/b", "/c"), message("/d").build().dgram, bundle(0, "/e", "/f"))
    polled = [[event.address[-1] for event in ear.poll(0.0, 2)] for _ in range(4)]
    assert polled == [["a", "b"], ["c", "d"], ["e", "f"], []]


def test_many_bundles_are_taken_in_one_poll(ear: OscInput) -> None:
    send(ear, *[bundle(0, "/a", "/b")] * 50)
    assert len(ear.poll(0.0, 1000)) == 100


def test_garbage_is_counted_and_hinders_nobody(ear: OscInput) -> None:
    good = message("/x", 0.5).build().dgram
    send(ear, b"", b"\0", os.urandom(100), b"#bundle\0" + b"\1" * 30, b"/x\0\0,q\0\0", good[:-2], good)
    assert [event.address for event in ear.poll(0.0, 100)] == ["/floor/x"]
    assert ear.counts()["malformed"] == 6


def test_garbage_counts_towards_the_limit_of_a_poll(ear: OscInput) -> None:
    send(ear, *[b"?"] * 50)
    ear.poll(0.0, 20)
    assert ear.counts()["malformed"] == 20


def test_packets_for_which_the_kernel_had_no_room_are_counted_and_told() -> None:
    ear = OscInput(port=0, buffer=4096, clock=Held())
    send(ear, *[message("/x", 0.5).build().dgram] * 1000)
    taken = len(ear.poll(0.0, 2000))
    assert 0 < taken < 1000 and ear.counts()["dropped"] == 1000 - taken and ear.health() == "flooding"


def test_a_sender_that_falls_silent_is_told() -> None:
    clock = Held()
    ear = OscInput(port=0, silence=5.0, clock=clock)
    assert ear.health() == "silent"
    send(ear, message("/x", 0.5).build().dgram)
    ear.poll(0.0, 10)
    assert ear.health() == "alive"
    clock.advance(6.0)
    assert ear.health() == "silent"


def flood(device: OscInput, rate: int, seconds: float) -> int:
    """Sends on a grid of milliseconds, as fast as asked; how many."""
    packet, total = message("/x", 0.5).build().dgram, int(rate * seconds)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        mouth.connect(("127.0.0.1", device.port))
        start = time.monotonic()
        for sent in range(0, total, rate // 1000):
            while time.monotonic() < start + sent / rate:
                os.sched_yield()
            for _ in range(rate // 1000):
                mouth.send(packet)
    return total


def heard_of(device: OscInput, rate: int, seconds: float) -> tuple[int, int]:
    sender = threading.Thread(target=flood, args=(device, rate, seconds))
    sender.start()
    heard, total, end = 0, int(rate * seconds), time.monotonic() + seconds + DEADLINE
    while heard < total and time.monotonic() < end and device.counts()["dropped"] == 0:
        heard += len(device.poll(time.monotonic(), 256))
    sender.join()
    return heard, total


def test_ten_thousand_messages_a_second_are_all_heard(ear: OscInput) -> None:
    heard, total = heard_of(ear, 10_000, 0.5)
    assert heard == total


@pytest.mark.soak
def test_twenty_thousand_messages_a_second_are_all_heard_for_ten_seconds(ear: OscInput) -> None:
    heard, total = heard_of(ear, 20_000, 10.0)
    assert heard == total


def test_a_burst_of_thirty_thousand_is_heard_whole_or_the_lost_are_counted(ear: OscInput) -> None:
    send(ear, *[message("/x", 0.5).build().dgram] * 30_000)
    heard = 0
    while some := len(ear.poll(0.0, 4096)):
        heard += some
    assert heard + ear.counts()["dropped"] == 30_000
    assert heard == 30_000 or ear.buffer_granted < 30_000 * 832


def told(fault: Trouble) -> str:
    return "; ".join(fault.en) + " | " + "; ".join(fault.fr)


def test_a_taken_port_is_told_with_the_remedy(ear: OscInput) -> None:
    with pytest.raises(Trouble) as caught:
        OscInput(port=ear.port)
    assert f"port {ear.port} on 127.0.0.1 is taken" in told(caught.value)
    assert f"le port {ear.port} sur 127.0.0.1 est pris" in told(caught.value)


@pytest.mark.parametrize(
    ("host", "port", "found"),
    [
        ("192.0.2.1", 9000, "no address 192.0.2.1"),
        ("127.0.0.1", 70000, "not allowed"),
        ("x" * 64, 9, "nowhere"),
    ],
)
def test_an_ear_that_cannot_be_had_says_why(host: str, port: int, found: str) -> None:
    with pytest.raises(Trouble) as caught:
        OscInput(port=port, host=host)
    assert found in told(caught.value)


def test_an_output_to_a_host_that_is_not_says_so() -> None:
    with pytest.raises(Trouble) as caught:
        OscOutput(port=9000, host="x" * 64)
    assert "leads nowhere" in told(caught.value) and "ne mène nulle part" in told(caught.value)


def test_an_output_survives_values_that_osc_has_no_type_for(ear: OscInput) -> None:
    mouth = OscOutput(port=ear.port)
    mouth.write(0.0, "/x", (object(),))
    mouth.write(0.0, "/x", (1e300,))
    mouth.write(0.0, "/x", (2**70,))
    mouth.write(0.0, "", (1,))
    mouth.write(0.0, "/x", ((1, 2), [3.0]))
    assert mouth.counts() == {"sent": 1, "malformed": 4, "dropped": 0}
    assert [event.value for event in ear.poll(0.0, 10)] == [((1, 2), (3.0,))]


def test_a_closed_output_takes_writes_and_does_nothing(ear: OscInput) -> None:
    mouth = OscOutput(port=ear.port)
    mouth.close()
    mouth.close()
    mouth.write(0.0, "/x", (1,))
    assert mouth.counts()["sent"] == 0


def test_the_date_of_ntp_is_that_of_the_standard() -> None:
    assert NTP_1970 == (70 * 365 + 17) * 86400
