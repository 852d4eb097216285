"""A mido backend of one wire in memory, shaped as those of hardware: what its Output sends its Input hears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mido import Message
from mido.ports import BaseInput, BaseOutput

WIRES: dict[str, list[Callable[[Message], Any]]] = {}
PORTS = ["Midi Through Port-0", "nanoKONTROL2 CTRL 20:0", "Launchpad Mini"]


def get_devices(**options: Any) -> list[dict[str, Any]]:
    return [{"name": name, "is_input": True, "is_output": True} for name in PORTS]


class Input(BaseInput):  # type: ignore[misc]
    def _open(self, callback: Callable[[Message], Any], virtual: bool = False, **options: Any) -> None:
        if not virtual and self.name not in PORTS:
            raise OSError(f"unknown port {self.name!r}")
        self._callback = callback
        WIRES.setdefault(self.name, []).append(callback)

    def _close(self) -> None:
        WIRES[self.name].remove(self._callback)


class Output(BaseOutput):  # type: ignore[misc]
    def _open(self, **options: Any) -> None:
        return

    def _send(self, message: Message) -> None:
        for hear in WIRES.get(self.name, []):
            hear(message)
