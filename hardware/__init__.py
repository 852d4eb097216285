"""The technician's folder: one file for each kind of device. It knows nothing of the engine."""

from __future__ import annotations

from importlib import import_module
from typing import Any

DRIVERS = {
    "osc": "hardware.osc:OscInput",
    "midi": "hardware.midi:MidiInput",
    "simulated": "hardware.simulated:SimulatedInput",
    "take": "hardware.take:TakeInput",
    "visitors": "hardware.visitors:Visitors",
}
"""The inputs: the word after `driver =` in a `[device.NAME]` table, and the class that it means."""

OUTPUTS = {
    "osc": "hardware.osc:OscOutput",
}
"""The outputs: the same for `[output.NAME]` tables."""


def load(where: str) -> type[Any]:
    """The class behind an entry of DRIVERS or OUTPUTS; its module is imported only now."""
    module, _, name = where.partition(":")
    found = getattr(import_module(module), name)
    assert isinstance(found, type)
    return found
