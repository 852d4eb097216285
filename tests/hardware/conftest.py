"""Foreign programs that the tests of the hardware talk to; a missing one skips loudly and names its package."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from hardware.driver import Event, Input

Gather = Callable[[Input, int], list[Event]]
DEADLINE = 10.0


class Held:
    """A clock held in the hand; it stands until it is moved on."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> float:
        """Moves on; gives the new time."""
        self.now += seconds
        return self.now


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on this machine: `apt-get install {package}` brings it")
    return found


@contextlib.contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A foreign program, ended with the block whatever happens in it; what it prints is in `stdout`."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as program:
        try:
            yield program
        finally:
            program.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.communicate(timeout=5.0)
            program.kill()


@pytest.fixture
def oscsend() -> str:
    return _program("oscsend", "liblo-tools")


@pytest.fixture
def oscdump() -> str:
    return _program("oscdump", "liblo-tools")


@pytest.fixture
def jackd() -> str:
    return _program("jackd", "jackd2")


@pytest.fixture
def jack_midiseq() -> str:
    return _program("jack_midiseq", "jackd2")


@pytest.fixture
def gather() -> Gather:
    """Polls an input, asleep on its `wait`, until it gave so many events or the deadline is past."""
    return gathered


def gathered(device: Input, least: int, limit: int = 1000) -> list[Event]:
    """See `gather`."""
    events: list[Event] = []
    end = time.monotonic() + DEADLINE
    while len(events) < least and (left := end - time.monotonic()) > 0:
        asleep(device.wait(), min(left, 0.05))
        events += device.poll(time.monotonic(), limit)
    return events


def asleep(number: int | None, longest: float) -> bool:
    """Waits until a file number is readable; whether it was."""
    if number is None:
        os.sched_yield()
        return False
    with selectors.DefaultSelector() as doors:
        doors.register(number, selectors.EVENT_READ)
        return bool(doors.select(longest))
