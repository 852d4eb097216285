"""The artist's easel: time stopped and moved, one layer alone, defaults again, presets. Addresses like any other.

All of it is of this site: nothing of it crosses the sea, and a restart plays on. What presets and reset do to the
parameters is a touch like a hand's.
"""

from __future__ import annotations

from typing import Any

from installation.score.parameter import Parameter
from installation.score.patch import Touch
from installation.score.preset import MIX, handles, mixed
from installation.score.scene import Scene

LONGEST = 86400.0
HANDS = {
    "/time/pause": Parameter(name="pause", at="/time/pause", kind="bool", default=(0.0,)),
    "/time/at": Parameter(name="at", at="/time/at", default=(0.0,), high=(LONGEST,), unit="s", step=0.0),
    "/reset": Parameter(name="reset", at="/reset", kind="event", default=(0.0,)),
}


def hands(scene: Scene) -> dict[str, Parameter]:
    """Every address of the easel while this scene is on air."""
    solos = [Parameter(name=one.name, at=f"/solo/{one.name}", kind="bool", default=(0.0,)) for one in scene.layers]
    return {**HANDS, **{one.address: one for one in solos}, **handles(scene.presets)}


class Easel:
    """What is paused and what is alone. `time` is seconds of the scene, None while it plays."""

    def __init__(self) -> None:
        self.time: float | None = None
        self.solo = ""
        self.mix = 0.0
        self.parameters: dict[str, Parameter] = {}

    def lay(self, scene: Scene, again: bool) -> None:
        """Another scene plays from its start, whole; the same one, read again, stays as it is."""
        self.parameters = hands(scene)
        if not again:
            self.time, self.solo, self.mix = None, "", 0.0
        if f"/solo/{self.solo}" not in self.parameters:
            self.solo = ""

    def put(self, control: Any, address: str, numbers: tuple[float, ...], shared: float) -> None:
        """A hand, a device or a cue at one of the addresses."""
        _, kind, *rest = address.split("/", 2)
        if address == "/time/pause":
            self.pause(control, numbers[0] > 0.5, shared)
        elif address == "/time/at":
            self.time = min(max(numbers[0], 0.0), LONGEST)
        elif address == "/reset":
            reset(control, shared)
        elif kind == "solo":
            name = rest[0]
            self.solo = name if numbers[0] > 0.5 else ("" if self.solo == name else self.solo)
        elif address == MIX:
            self.mix = numbers[0]
            for target, found in mixed(control.scene.presets, control.bay.parameters, self.mix).items():
                control.touch(Touch(target, found), shared, firm=True)
        elif kind == "preset":
            recall(control, rest[0], shared)

    def pause(self, control: Any, stop: bool, shared: float) -> None:
        """Stops the scene's time where it is, or lets it go on: from here, unless the cities keep the same time."""
        if stop and self.time is None:
            self.time = control.scene_time(shared)
        elif not stop and self.time is not None:
            control.start, self.time = shared - self.time, None

    def value(self, address: str, time: float) -> tuple[float, ...]:
        """What an address of the easel holds now; `time` is the scene's."""
        _, kind, *rest = address.split("/", 2)
        if address == "/time/pause":
            return (float(self.time is not None),)
        if address == "/time/at":
            return (time if self.time is None else self.time,)
        if kind == "solo":
            return (float(self.solo == rest[0]),)
        return (self.mix if address == MIX else 0.0,)

    @property
    def words(self) -> dict[str, Any]:
        """What the stages must know, beyond the values."""
        return ({} if self.time is None else {"time": self.time}) | ({"solo": self.solo} if self.solo else {})


def reset(control: Any, shared: float, names: tuple[str, ...] = ()) -> list[str]:
    """Brings parameters back to this house's defaults, all of the scene's unless some are named; gives which."""
    found = []
    for parameter in control.scene.parameters:
        address = parameter.address
        if parameter.kind == "event" or (names and address not in names):
            continue
        control.touch(Touch(address, control.mirror.schema.places[address].key.default), shared, firm=True)
        found.append(address)
    for one in control.scene.texts:
        if not names or one.address in names:
            control.touch(Touch(one.address, (), words=one.words), shared)
            found.append(one.address)
    return found


def recall(control: Any, name: str, when: float, fade: float = -1.0) -> bool:
    """Fades every value of a preset from the shared instant `when` on, in its own time or in `fade` seconds."""
    preset = next((one for one in control.scene.presets if one.name == name), None)
    if preset is None:
        return False
    for address, words in preset.texts.items():
        control.said.mirror.write(address, words, when)
    for address, numbers in preset.values.items():
        parameter = control.bay.parameters.get(address)
        if parameter is not None and parameter.kind != "event":
            length = preset.fade if fade < 0 else fade
            control.mirror.fade(address, None, parameter.clamp(numbers), when, length)
            control.fades.touched(address)
    control.kept.once()
    return True
