"""A rig's devices: none can stop the tick, and each is told once and tried again."""

from __future__ import annotations

from hardware.driver import Event
from installation.clock import HeldClock
from installation.control.devices import AGAIN, Devices, Socket
from installation.score.rig import rig

RIG = '[site]\nname = "here"\n[device.sway]\ndriver = "simulated"\nrate = 100.0\n'


class Broken:
    """A driver that keeps no promise: it raises at each poll, and when it is closed."""

    def poll(self, now, limit):
        raise ValueError("a loose cable")

    def close(self):
        raise OSError("not even that")


def test_a_driver_that_raises_is_told_once_and_opened_again():
    clock, told = HeldClock(), []
    devices = Devices(rig(RIG, "here.toml"), clock, told.append)
    for _ in range(2):
        devices.sockets[0] = Socket(devices.sockets[0].device, Broken(), 0.0)
        assert devices.poll(clock.now()) == []
    assert [str(problem.told()) for problem in told] == [
        "here.toml:3: [device.sway] failed: a loose cable; a driver that never raises; "
        "the rest of the show goes on; see the log"
    ]
    assert devices.health()["sway"]["state"] == "lost" and "a loose cable" in devices.health()["sway"]["why"]
    clock.advance(AGAIN)
    devices.poll(clock.now())
    clock.advance(0.1)
    assert all(isinstance(event, Event) for event in devices.poll(clock.now()))
    assert devices.health()["sway"]["state"] == "alive"
    devices.close()


def test_a_driver_that_breaks_again_after_it_was_well_is_told_again():
    clock, told = HeldClock(), []
    devices = Devices(rig(RIG, "here.toml"), clock, told.append)
    for _ in range(2):
        devices.sockets[0] = Socket(devices.sockets[0].device, Broken(), 0.0)
        devices.poll(clock.now())
        clock.advance(AGAIN)
        devices.poll(clock.now())
    assert len(told) == 2
    devices.close()
