"""Cues: given at one site, written to the journal, carried out at every site at one shared instant, once."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from installation.score import show
from installation.score.show import Cue
from installation.score.text import plain, words_of

LEAD = 0.15
"""Seconds that a cue lies ahead of now, beyond the line's own delay, so that it is everywhere when it is due."""


MOST = 4096
"""Cues that may wait; no show has as many, and a peer that floods takes no more room."""
LATER = 4e-6
"""Seconds between two cues of one instant, so that the later of them wins: a few steps of a stamp."""
LATE = 5.0
"""Seconds after which several that come at once were slept through, and are not played one after another."""


class Due(NamedTuple):
    """A cue that waits for its instant (shared seconds); `entry` is the journal's, None when it stays at home."""

    when: float
    order: int
    cue: Cue
    entry: Any


class Cues:
    """The cues that wait, soonest first."""

    def __init__(self) -> None:
        self._waiting: list[Due] = []
        self._order = 0

    def add(self, cue: Cue, when: float, entry: Any = None) -> bool:
        """Puts a cue in line for the instant `when`; False when as many wait as may, and this one is let go."""
        if len(self._waiting) >= MOST:
            return False
        self._order += 1
        heapq.heappush(self._waiting, Due(when, self._order, cue, entry))
        return True

    def due(self, now: float) -> list[Due]:
        """The cues whose instant has come, in order; a late one comes at once, its fade as far as it should be."""
        found = []
        while self._waiting and self._waiting[0].when <= now:
            found.append(heapq.heappop(self._waiting))
        return found

    @property
    def soonest(self) -> float | None:
        """The instant of the next, None while none waits."""
        return self._waiting[0].when if self._waiting else None

    def waiting(self) -> list[Due]:
        """Those that wait, in no order."""
        return list(self._waiting)

    def __len__(self) -> int:
        return len(self._waiting)


def carried(due: list[Due], now: float) -> list[tuple[Cue, float]]:
    """What is carried out of what is due, and as of when: by each cue's own word on being late. Of what was slept
    through, the last of each name and the last scene alone."""
    found = []
    # A register takes what is later: of several at one instant the last by name is, in every city alike.
    for place, (when, _, cue, _) in enumerate(sorted(due, key=lambda one: (one.when, one.cue.name))):
        late = now - when > cue.late_after
        if not (late and cue.late == "skip"):
            found.append((cue, (now if late and cue.late == "run" else when) + place * LATER))
    slept = {id(cue) for when, _, cue, _ in due if now - when > LATE}
    if len(slept) < 2:
        return found
    last = {cue.name: place for place, (cue, _) in enumerate(found)}
    scene = max((place for place, (cue, _) in enumerate(found) if cue.scene), default=0)
    kept = []
    for place, (cue, when) in enumerate(found):
        if id(cue) in slept and last[cue.name] != place:
            continue
        if id(cue) in slept and place < scene:  # of a scene that is over by now, the values alone may still count
            cue = msgspec.structs.replace(cue, scene="", preset="")
        kept.append((cue, when))
    return kept


LOCAL = ("/time/", "/solo/", "/reset", "/preset/")
"""What an artist does at one site alone, whoever gives the cue elsewhere."""


def abroad(cue: Cue) -> Cue:
    """Another city's cue as it comes into force here."""
    values = {address: numbers for address, numbers in cue.values.items() if not address.startswith(LOCAL)}
    return msgspec.structs.replace(cue, values=values)


def written(cue: Cue) -> dict[str, Any]:
    """A cue as the arguments of a journal entry."""
    return {
        "cue": cue.name,
        "scene": cue.scene,
        "preset": cue.preset,
        "fade": cue.fade,
        "values": {address: list(numbers) for address, numbers in cue.values.items()},
        "release": list(cue.release),
        "here": cue.here,
        "late": cue.late,
        "late_after": cue.late_after,
        "key": cue.key,
        "texts": {address: plain(words) for address, words in cue.texts.items()},
    }


def read(arguments: Any, told: Callable[[str], None]) -> Cue | None:
    """The cue of a journal entry; one that makes no sense is told and passed over, since a peer may be of any age."""
    try:
        return Cue(
            name=str(arguments["cue"]),
            scene=str(arguments.get("scene", "")),
            preset=str(arguments.get("preset", "")),
            fade=min(max(float(arguments.get("fade", 0.0)), -1.0), 86400.0),
            values={str(a): tuple(float(n) for n in numbers) for a, numbers in arguments.get("values", {}).items()},
            release=tuple(str(a) for a in arguments.get("release", ())),
            here=bool(arguments.get("here", False)),
            late=late if (late := str(arguments.get("late", ""))) in show.LATE else show.LATE[0],
            late_after=min(max(float(arguments.get("late_after", show.LATE_AFTER)), 0.0), 604800.0),
            key=str(arguments.get("key", ""))[:200],
            texts={str(a): w for a, text in arguments.get("texts", {}).items() if (w := words_of(text))},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        told(f"{type(error).__name__}: {error}")
        return None
