"""A JACK server of the tests' own, without a sound card, and a Python that can join it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.conftest import DEADLINE, running

ROOT = Path(__file__).resolve().parents[2]
Environment = dict[str, str]
EAR = [sys.executable, "-m", "tests.hardware.midi_ear"]


@contextlib.contextmanager
def served(jackd: str) -> Iterator[Environment]:
    """The server, its own by name, and the environment that leads to it."""
    environment = os.environ | {"JACK_DEFAULT_SERVER": f"jumelage{os.getpid()}", "JACK_NO_AUDIO_RESERVATION": "1"}
    command = [jackd, "--no-realtime", "--no-mlock", "-d", "dummy", "-r", "48000", "-p", "256"]
    with running(command, environment):
        waited = subprocess.run(["jack_wait", "-w", "-t", "10"], env=environment, capture_output=True, text=True)
        if waited.returncode:
            pytest.skip(f"jackd does not start on this machine: {waited.stdout.strip()[-200:]}")
        yield environment


def heard(jack: Environment, count: int, patience: float) -> str:
    """What another program of ours hears of the player, one line for each event; "" when it could not join."""
    command = [*EAR, "player", str(count), str(patience)]
    return subprocess.run(command, env=jack, cwd=ROOT, capture_output=True, text=True, timeout=3 * DEADLINE).stdout


def able(jack: Environment, folder: Path) -> Environment:
    """The environment in which a Python of ours hears the player, which plays already: as it is, or with a library
    built against this JACK, which the ready-made one may be unable to join."""
    if heard(jack, 1, 3.0):
        return jack | {"PYTHONPATH": str(ROOT)}
    return jack | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(built(folder))))}


def built(folder: Path) -> Path:
    """python-rtmidi made on this machine against its own JACK."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-binary", "python-rtmidi", "--target", str(folder)]
    done = subprocess.run([*command, "python-rtmidi"], capture_output=True, text=True, timeout=100.0)
    if done.returncode:
        pytest.skip(
            "the python-rtmidi installed cannot join this JACK, and none could be built here (it takes `apt-get "
            f"install g++ python3-dev libasound2-dev libjack-jackd2-dev`): {done.stderr.strip()[-200:]}"
        )
    return folder
