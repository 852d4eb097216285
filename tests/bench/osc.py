"""OSC, decoded and brought to parameters, against python-osc; bursts and floods against its server and a plain socket.

`run()` gives the rows that `jumelage bench osc` prints. Each pair is measured interleaved, in blocks; medians.
"""

from __future__ import annotations

import select
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_message import OscMessage
from pythonosc.osc_server import ThreadingOSCUDPServer

from hardware.driver import Event
from hardware.osc import OscInput
from hardware.osc_format import Reader
from hardware.osc_pattern import matches
from installation.score.parameter import Parameter
from installation.score.patch import Patchbay

BLOCKS, MESSAGES = 9, 2000
BURST = 30_000
FLOOD, SECONDS = 20_000, 2.0
LIMIT = 512
NAMES = [f"p{number}" for number in range(64)]
PACKETS = [f"/scene/{name}".encode().ljust(12, b"\0") + b",f\0\0" + struct.pack(">f", 0.25) for name in NAMES]

SENDER = """
import socket, sys, time
port, rate, total = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
mouth.connect(("127.0.0.1", port))
packet = b"/scene/p1\\0\\0\\0,f\\0\\0\\0\\0\\0\\0"
start = time.monotonic()
for sent in range(total):
    if rate and sent % 20 == 0:
        time.sleep(max(0.0, start + sent / rate - time.monotonic()))
    mouth.send(packet)
"""


def row(name: str, value: float, unit: str, reference: str, other: float, target: str) -> dict[str, Any]:
    """One line of the report; the ratio is ours to the reference's."""
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "reference": reference,
        "reference_value": round(other, 3),
        "ratio": round(value / other, 3) if other else None,
        "target": target,
    }


def interleaved(*works: Callable[[], None]) -> list[float]:
    """Microseconds a message for each, the median over the blocks."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(BLOCKS):
        for work, found in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            found.append((time.perf_counter() - start) / MESSAGES * 1e6)
    return [statistics.median(found) for found in times]


def rounds() -> list[bytes]:
    """The messages of one block, through all the addresses."""
    return [PACKETS[number % len(PACKETS)] for number in range(MESSAGES)]


def decoding() -> dict[str, Any]:
    """Bytes to an address and values."""
    packets, message = rounds(), Reader().message

    def ours() -> None:
        for packet in packets:
            message(packet)

    def theirs() -> None:
        for packet in packets:
            _ = OscMessage(packet).params

    mine, other = interleaved(ours, theirs)
    return row("osc decode", mine, "µs/message", "python-osc OscMessage", other, "≤ 1 µs")


def to_a_parameter() -> dict[str, Any]:
    """Bytes to a touch of one of 64 parameters; reception is counted for neither."""
    packets, reader = rounds(), Reader()
    house, dispatcher = Patchbay([Parameter(name=name) for name in NAMES], (), matches), Dispatcher()
    for name in NAMES:
        dispatcher.map(f"/scene/{name}", lambda address, *values: None)

    def ours() -> None:
        house.apply([Event(0.0, *reader.message(packet)) for packet in packets])

    def theirs() -> None:
        for packet in packets:
            dispatcher.call_handlers_for_packet(packet, ("127.0.0.1", 9))

    mine, other = interleaved(ours, theirs)
    return row("osc to a parameter", mine, "µs/message", "python-osc Dispatcher, 64 handlers", other, "≤ 3 µs")


def received() -> dict[str, Any]:
    """Packets that wait in a socket to events, 512 a poll, against nothing but recv."""
    ear, plain = OscInput(port=0), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 2**20)
    plain.bind(("127.0.0.1", 0))
    plain.setblocking(False)

    def ours() -> None:
        while ear.poll(0.0, LIMIT):
            pass

    found = [
        [
            filled(rounds(), port, work)
            for port, work in ((ear.port, ours), (plain.getsockname()[1], lambda: drain(plain)))
        ]
        for _ in range(BLOCKS)
    ]
    ear.close()
    plain.close()
    mine, other = (statistics.median(column) for column in zip(*found, strict=True))
    return row("osc socket to event", mine, "µs/message", "a bare recv loop", other, "≤ 3 µs")


def filled(packets: list[bytes], port: int, work: Callable[[], object]) -> float:
    """Microseconds a message of `work`, once the packets wait on that port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        for packet in packets:
            mouth.sendto(packet, ("127.0.0.1", port))
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) / len(packets) * 1e6


def sender(port: int, rate: float, total: int) -> subprocess.Popen[bytes]:
    """Another process that sends so many, at so many a second (0: as fast as it can)."""
    return subprocess.Popen([sys.executable, "-c", SENDER, str(port), str(rate), str(total)])


def heard(ear: OscInput, foreign: subprocess.Popen[bytes]) -> int:
    """What an ear hears, polled as a tick does, until the sender is done and nothing is left."""
    total, events = 0, [Event(0.0, "", ())]
    number = ear.wait()
    assert number is not None
    while foreign.poll() is None or events:
        select.select([number], [], [], 0.01)
        events = ear.poll(time.monotonic(), LIMIT)
        total += len(events)
    return total


def burst() -> dict[str, Any]:
    """30,000 at once from another process, and nobody polls until they are sent: the kernel's buffer alone."""
    ear, plain = OscInput(port=0), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    plain.bind(("127.0.0.1", 0))
    plain.setblocking(False)
    sender(ear.port, 0, BURST).wait()
    sender(plain.getsockname()[1], 0, BURST).wait()
    lost = BURST - heard(ear, sender(ear.port, 0, 0))
    assert lost == ear.counts()["dropped"], "packets were lost that nobody counted"
    granted = ear.buffer_granted
    ear.close()
    other = BURST - drain(plain)
    plain.close()
    name = f"osc burst of 30,000, nobody polling, {granted / 2**20:.1f} MiB granted"
    return row(name, lost, "lost", "a socket with its default buffer", other, "0")


def drain(door: socket.socket) -> int:
    """How many packets a socket held."""
    total = 0
    while True:
        try:
            door.recv(2048)
            total += 1
        except BlockingIOError:
            return total


def flood() -> dict[str, Any]:
    """20,000 messages a second from another process for two seconds, polled as a tick does."""
    total = int(FLOOD * SECONDS)
    ear = OscInput(port=0)
    lost = total - heard(ear, sender(ear.port, FLOOD, total))
    ear.close()
    other = total - threaded(total)
    return row("osc 20,000 a second", lost, "lost", "python-osc ThreadingOSCUDPServer", other, "0")


def threaded(total: int) -> int:
    """What python-osc's threading server hears of the same."""
    count: list[int] = []
    dispatcher = Dispatcher()
    dispatcher.map("/scene/p1", lambda address, *values: count.append(1))
    server = ThreadingOSCUDPServer(("127.0.0.1", 0), dispatcher)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    sender(server.server_address[1], FLOOD, total).wait()
    time.sleep(0.5)
    server.shutdown()
    server.server_close()
    return len(count)


def run() -> list[dict[str, Any]]:
    """All the rows."""
    return [decoding(), to_a_parameter(), received(), burst(), flood()]


if __name__ == "__main__":
    for found in run():
        print(found)
