"""What follows from the shared time and the rig alone: both suns, the houses' clocks, which of the sites this is."""

from __future__ import annotations

import datetime
import math
import zoneinfo

from installation.score import sun
from installation.score.layout import HERE
from installation.score.rig import Rig


class Almanac:
    """Worked out once a second; in between it costs nothing."""

    def __init__(self, rig: Rig) -> None:
        names = sorted((rig.name, *(peer.name for peer in rig.peers)))
        self._known: dict[str, float] = {"/site/index": float(names.index(rig.name))}
        self._places = {HERE: rig.place, **{peer.name: peer.place for peer in rig.peers}}
        zones = {"/clock": rig.calendar.zone}
        for peer in rig.peers:
            zones[f"/clock/{peer.name}"] = peer.zone or (peer.calendar.zone if peer.calendar else "")
        self._zones = {name: zoneinfo.ZoneInfo(zone) for name, zone in zones.items() if zone}
        self._second = math.nan

    def known(self, shared: float) -> dict[str, float]:
        """By address; a place that the rig does not say has no address here."""
        if math.floor(shared) != self._second:
            self._second = math.floor(shared)
            self._look(self._second)
        return self._known

    def _look(self, second: float) -> None:
        for name, place in self._places.items():
            if place is not None:
                elevation, azimuth = sun.position(second, place)
                self._known[f"/sun/{name}/elevation"] = float(elevation)
                self._known[f"/sun/{name}/azimuth"] = float(azimuth)
        for name, zone in self._zones.items():
            local = datetime.datetime.fromtimestamp(second, zone)
            self._known[f"{name}/local"] = float(local.hour * 3600 + local.minute * 60 + local.second)
