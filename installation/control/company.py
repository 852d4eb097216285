"""What is known of the other cities each tick: the line, the clock, who is there; and the company that follows."""

from __future__ import annotations

from typing import Any

import numpy as np

from hardware.driver import Event
from installation.control.almanac import Almanac
from installation.control.values import Row
from installation.score import company
from installation.score.company import Seen
from installation.score.layout import COMPANY
from installation.score.rig import Rig
from installation.twin.link import Link
from installation.twin.mirror import Mirror


class Company:
    """The built-in values, and the state of company with its patience."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.built_in: dict[str, float] = {}
        self.almanac = Almanac(rig)
        self._company = company.Company()
        self._told: dict[str, float] = {}

    @property
    def state(self) -> str:
        """together, alone, asleep or cut."""
        return self._company.state

    def events(self, now: float) -> list[Event]:
        """What is built in, as events where it changed: delay and company are inputs like any sensor."""
        events = []
        for address, number in self.built_in.items():
            if self._told.get(address) != number:
                self._told[address] = number
                events.append(Event(now, address, (number,)))
        return events

    def known(self, now: float, shared: float, link: Link, mirror: Mirror, row: Row) -> dict[str, float]:
        """The built-in values by address, as of this tick."""
        status = link.status()
        self._company.update(self._seen(status, shared, mirror, row), now)
        found = {"/company": float(COMPANY.index(self.state)), "/clock/bound": link.shared.bound(now)}
        for peer in row.layout.peers:
            line = status.get(peer)
            found[f"/link/{peer}/delay"] = line["rtt_ms"] / 2e3 if line else 0.0
            found[f"/link/{peer}/quality"] = quality(line)
            delay = link.shared.delay(peer)
            found[f"/link/{peer}/jitter"], found[f"/link/{peer}/late"] = delay.jitter, delay.slowest - delay.median
        found |= self.almanac.known(shared)
        self.built_in = found
        return found

    def _seen(self, status: dict[str, Any], shared: float, mirror: Mirror, row: Row) -> Seen:
        """Whether any other city is linked, open, peopled. A house says itself whether it is open."""
        here = self.rig.calendar.open_at(shared)
        if (mirror.target("/open")[0] > 0.5) != here:
            mirror.set_local("/open", (float(here),), shared)
        if not self.rig.peers:
            return Seen(True, True, 0.0)
        linked, opened, visitors = False, False, 0.0
        places = mirror.schema.places
        for peer in self.rig.peers:
            columns, fresh = row.halves[peer.name]
            up = bool(status.get(peer.name, {}).get("connected"))
            linked |= up
            if up and fresh:
                opened |= bool(columns[places["/open"].offset] > 0.5)
                visitors += columns[places["/presence"].offset]
            else:
                opened |= peer.calendar.open_at(shared) if peer.calendar else True
        return Seen(linked, opened, float(visitors))


def quality(line: dict[str, Any] | None) -> float:
    """How well a line holds, from 0 (cut) to 1: less for silence and for delay beyond a third of a second."""
    if not line or not line["connected"]:
        return 0.0
    return float(np.clip(1.0 - max(0.0, line["rtt_ms"] - 300.0) / 700.0, 0.1, 1.0))
