"""What the site says in words: its text parameters and the twin's, merged, and handed to the stages with a revision."""

from __future__ import annotations

from typing import Any

import msgspec

from installation.score.parameter import Parameter
from installation.score.scene import Scene
from installation.score.text import Words
from installation.twin.texts import Text, Texts

LETTER = "/letter/in"
"""Where the stages find the letter that is shown."""

_pack = msgspec.msgpack.Encoder().encode


def keys(scene: Scene) -> list[Text]:
    """The mirror's texts for a scene."""
    return [Text(one.address, one.share, one.words) for one in scene.texts]


class Said:
    """The words on air by address. What the stages are sent is packed once for each revision, not for each tick."""

    def __init__(self, mirror: Texts, peers: tuple[str, ...]) -> None:
        self.mirror, self.peers = mirror, peers or ("twin",)
        self.more: dict[str, Any] = {}
        self._changed, self._packed, self._seen = 0, b"", (-1, -1)

    def lay(self, scene: Scene) -> None:
        """Another scene is on air."""
        self.mirror.declare(keys(scene))
        self._twins = {
            f"/twin/{peer}{one.address.removeprefix('/scene')}": (peer, one.address)
            for peer in self.peers
            for one in scene.texts
            if one.share
        }

    def put(self, address: str, value: Any) -> bool:
        """Something else that stages show: a letter. None takes it away. True where it is news."""
        if self.more.get(address) is value:
            return False
        self._changed += 1
        self.more.pop(address, None)
        if value is not None:
            self.more[address] = value
        return True

    @property
    def addresses(self) -> list[str]:
        """What can be read."""
        return [*self.mirror.keys, *self._twins]

    def value(self, address: str) -> Words:
        """What an address says now. Raises KeyError."""
        if address in self._twins:
            return self.mirror.of(*self._twins[address])
        return self.mirror.read(address)

    def words(self) -> dict[str, Any]:
        """For the feed: the revision, and all of it packed. Nothing for a scene without words."""
        if not self.mirror.keys and not self.more:
            return {}
        seen = self.mirror.revision, self._changed
        if seen != self._seen:
            self._seen = seen
            self._packed = _pack({**{address: self.value(address) for address in self.addresses}, **self.more})
        return {"texts": [[self.mirror.epoch, *seen], self._packed]}


def defaults(texts: tuple[Parameter, ...]) -> dict[str, Words]:
    """The words of a scene that nobody has moved, by address."""
    return {one.address: one.words for one in texts}
