"""Hears so many events on the JACK port of a name, and prints each: the second program of a test that must be two."""

from __future__ import annotations

import sys
import time

from hardware.driver import Trouble
from hardware.midi import MidiInput
from tests.hardware.conftest import gathered


def opened(port: str, end: float) -> MidiInput:
    """The port as soon as it is there. Raises Trouble after `end`."""
    while True:
        try:
            return MidiInput(port=port, backend="mido.backends.rtmidi/UNIX_JACK")
        except Trouble:
            if time.monotonic() > end:
                raise


def main() -> None:
    port, count, patience = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    device = opened(port, time.monotonic() + patience)
    for event in gathered(device, count):
        print(event.address, *event.value)
    device.close()


if __name__ == "__main__":
    main()
