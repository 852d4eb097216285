"""What is known of the other cities each tick: the line, the clock, who is there; and the company that follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from hardware.driver import Event
from installation.control.almanac import Almanac
from installation.control.values import Row
from installation.score import company, opening
from installation.score.calendar import Calendar
from installation.score.company import Seen
from installation.score.layout import COMPANY
from installation.score.problem import LANGUAGES
from installation.score.rig import Rig
from installation.twin.link import Link
from installation.twin.mirror import Mirror


class Company:
    """The built-in values, and the states of company with their patience.

    `states` are those of an earlier run, by peer.
    """

    def __init__(self, rig: Rig, states: Mapping[str, str] = MappingProxyType({})) -> None:
        self.rig = rig
        self.built_in: dict[str, float] = {}
        known = {name: state for name, state in states.items() if state in COMPANY}
        self._with = {peer.name: company.Company(known.get(peer.name, "")) for peer in rig.peers}
        self.almanac = Almanac(rig)
        self._told: dict[str, float] = {}
        self._hours: dict[str, tuple[int, bool]] = {}

    @property
    def state(self) -> str:
        """together, alone, asleep or cut."""
        return company.over_all(self.states.values())

    @property
    def states(self) -> dict[str, str]:
        """The state with each peer, by name."""
        return {name: one.state for name, one in self._with.items() if one.state}

    @property
    def doubtful(self) -> bool:
        """Whether a state is about to change, if what is seen now goes on."""
        return any(one.doubt for one in self._with.values())

    def hours(self, shared: float) -> dict[str, dict[str, str]]:
        """When this house and the others open or close next, in words, by site and language."""
        rig = self.rig
        houses = [(rig.name, rig.city, rig.calendar), *((one.name, one.name, one.calendar) for one in rig.peers)]
        return {
            name: {spoken: opening.told(city, calendar, shared, spoken) for spoken in LANGUAGES}
            for name, city, calendar in houses
        }

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
        self._open_here(shared, mirror)
        for peer, one in self._with.items():
            one.update(self._seen(peer, status, shared, mirror, row), now)
        state, states = self.state, self.states
        found = {"/company": float(COMPANY.index(state)), "/clock/bound": link.shared.bound(now)}
        for peer in row.layout.peers:
            line = status.get(peer)
            found[f"/company/{peer}"] = float(COMPANY.index(states.get(peer, state)))
            found[f"/link/{peer}/delay"] = line["rtt_ms"] / 2e3 if line else 0.0
            found[f"/link/{peer}/quality"] = quality(line)
            delay = link.shared.delay(peer)
            found[f"/link/{peer}/jitter"], found[f"/link/{peer}/late"] = delay.jitter, delay.slowest - delay.median
        found |= self.almanac.known(shared)
        self.built_in = found
        return found

    def _open_here(self, shared: float, mirror: Mirror) -> None:
        """A house says itself whether it is open."""
        here = self._open(self.rig.name, self.rig.calendar, shared)
        if (mirror.target("/open")[0] > 0.5) != here:
            mirror.set_local("/open", (float(here),), shared)

    def _seen(self, peer: str, status: dict[str, Any], shared: float, mirror: Mirror, row: Row) -> Seen:
        """Whether another city is linked, open, peopled. What it says itself comes before what our rig knows; without
        a line or hours of it, what it said last stands, and a city that was never heard may be open."""
        columns, fresh = row.halves[peer]
        up = bool(status.get(peer, {}).get("connected"))
        calendar = next(one.calendar for one in self.rig.peers if one.name == peer)
        places = mirror.schema.places
        if fresh and (up or calendar is None):
            opened = bool(columns[places["/open"].offset] > 0.5)
        else:
            opened = self._open(peer, calendar, shared) if calendar else True
        return Seen(up, opened, float(columns[places["/presence"].offset]) if up and fresh else 0.0)

    def _open(self, site: str, calendar: Calendar, shared: float) -> bool:
        """Whether a calendar has the house open, asked once a second: hours are of whole minutes."""
        second, found = self._hours.get(site, (-1, False))
        if second != int(shared):
            found = calendar.open_at(shared)
            self._hours[site] = int(shared), found
        return found


def quality(line: dict[str, Any] | None) -> float:
    """How well a line holds, from 0 (cut) to 1: less for silence and for delay beyond a third of a second."""
    if not line or not line["connected"]:
        return 0.0
    return float(np.clip(1.0 - max(0.0, line["rtt_ms"] - 300.0) / 700.0, 0.1, 1.0))
