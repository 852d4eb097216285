"""pylibremidi behind mido's backend interface: where python-rtmidi has no wheel. Its ports are polled."""

from __future__ import annotations

from typing import Any

import pylibremidi
from mido import Message
from mido.ports import BaseInput


def _inputs() -> list[Any]:
    usual = pylibremidi.midi1_default_api()
    if usual not in pylibremidi.available_apis():
        raise OSError(f"{pylibremidi.get_api_display_name(usual)} is not to be had on this machine")
    return list(pylibremidi.Observer().get_input_ports())


def _name(port: Any) -> str:
    return str(port.display_name or port.port_name)


def get_devices(**options: Any) -> list[dict[str, Any]]:
    """As mido's backends do: one row a port."""
    return [{"name": _name(port), "is_input": True, "is_output": False} for port in _inputs()]


class Input(BaseInput):  # type: ignore[misc]
    """One input port."""

    def _open(self, virtual: bool = False, **options: Any) -> None:
        settings = pylibremidi.InputConfiguration()
        settings.on_raw_data = self._raw
        settings.ignore_timing = False
        self._in = pylibremidi.MidiIn(settings)
        self._device_type = "libremidi"
        if virtual:
            fault = self._in.open_virtual_port(self.name)
        else:
            port = next((one for one in _inputs() if _name(one) == self.name), None)
            if port is None:
                raise OSError(f"unknown port {self.name!r}")
            fault = self._in.open_port(port)
        if fault:
            raise OSError(str(fault))

    def _raw(self, data: Any, stamp: int) -> None:
        try:
            self._messages.append(Message.from_bytes(list(data)))
        except ValueError:
            return

    def _receive(self, block: bool = True) -> None:
        self._in.poll()

    def _close(self) -> None:
        self._in.close_port()
