"""pylibremidi behind mido's backend interface: where python-rtmidi has no wheel. Its ports are polled.

An API may follow the name, as with mido's own: `hardware.midi_libremidi/ALSA_RAW` needs no sequencer in the kernel.
"""

from __future__ import annotations

from typing import Any

import pylibremidi
from mido import Message
from mido.ports import BaseInput


def _system(api: str | None) -> Any:
    """The interface asked for, or this system's usual one. Raises OSError when this machine has it not."""
    asked = getattr(pylibremidi.API, api, None) if api else pylibremidi.midi1_default_api()
    if asked is None or asked not in pylibremidi.available_apis():
        raise OSError(f"{api or pylibremidi.get_api_display_name(asked)} is not to be had on this machine")
    return asked


def _inputs(api: str | None) -> list[Any]:
    return list(pylibremidi.Observer(pylibremidi.ObserverConfiguration(), _system(api)).get_input_ports())


def _name(port: Any) -> str:
    return str(port.display_name or port.port_name)


def get_devices(api: str | None = None, **options: Any) -> list[dict[str, Any]]:
    """As mido's backends do: one row a port."""
    return [{"name": _name(port), "is_input": True, "is_output": False} for port in _inputs(api)]


class Input(BaseInput):  # type: ignore[misc]
    """One input port."""

    def _open(self, virtual: bool = False, api: str | None = None, **options: Any) -> None:
        settings = pylibremidi.InputConfiguration()
        settings.on_raw_data = self._raw
        settings.ignore_timing = False
        self._in = pylibremidi.MidiIn(settings, _system(api))
        self._device_type = "libremidi"
        fault = self._in.open_virtual_port(self.name) if virtual else self._in.open_port(self._found(api))
        if fault:
            raise OSError(str(fault))

    def _found(self, api: str | None) -> Any:
        for port in _inputs(api):
            if _name(port) == self.name:
                return port
        raise OSError(f"unknown port {self.name!r}")

    def _raw(self, data: Any, stamp: int) -> None:
        try:
            self._messages.append(Message.from_bytes(list(data)))
        except ValueError:
            return

    def _receive(self, block: bool = True) -> None:
        self._in.poll()

    def _close(self) -> None:
        self._in.close_port()
