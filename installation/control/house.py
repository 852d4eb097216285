"""What the house says over everything: the veil, the blackout, the test pattern; and what holds a parameter.

Precedence, in one sentence: veil and mute over hold over touch over fade or cue over default.
"""

from __future__ import annotations

from installation.score.parameter import Parameter

OVERRIDES = ("", "pattern", "blackout", "veil")
"""From weakest to strongest: of several that are on, the last one shows."""

SWITCHES = {
    f"/house/{name}": Parameter(name=name, at=f"/house/{name}", kind="bool", default=(0.0,)) for name in OVERRIDES[1:]
}
"""The overrides as addresses: any device may be the steward's key, by a patch `to = "/house/veil"` or by OSC."""


class House:
    """Which overrides are on."""

    def __init__(self, on: set[str] | None = None) -> None:
        self.on = {name for name in on or () if name in OVERRIDES[1:]}

    def put(self, name: str, state: bool | None) -> bool:
        """Sets one override on or off, or to the other of the two; gives what it now is."""
        wanted = name not in self.on if state is None else state
        (self.on.add if wanted else self.on.discard)(name)
        return wanted

    @property
    def shown(self) -> str:
        """The override that the stages draw, "" for the work itself."""
        return max(self.on, key=OVERRIDES.index, default="")
