"""Sites in memory, and a network between them that loses, doubles and reorders as it is told."""

from __future__ import annotations

from installation.twin.mirror import Arrived, Key, Mirror

SITES = ("kyoto", "paris", "sf")


def key(name: str, rule: str = "latest", kind: str = "float", width: int = 1, step: float = 0.005) -> Key:
    default = 0.0 if kind in ("event", "bool", "long") else 0.5
    return Key(f"/scene/{name}", kind, rule, width, (0.0,) * width, (1.0,) * width, (default,) * width, step)


KEYS = (
    key("each", "each"),
    key("latest"),
    key("other"),
    key("highest", "highest"),
    key("sum", "sum"),
    key("mean", "mean"),
    key("colour", "latest", "color", 4),
    key("lamp", "latest", "bool"),
    key("bang", "sum", "event"),
    key("own", ""),
)
WIDE = (*KEYS, key("hand", "latest")._replace(ttl=2.0), *(key(f"each{n}", "each") for n in range(20)))
"""The same, with a value that lives for two seconds, and more than a narrow line carries at once."""


class Network:
    """Frames under way between mirrors, and the one shared time."""

    def __init__(
        self, sites: tuple[str, ...] = SITES, keys: tuple[Key, ...] = KEYS, kind: type[Mirror] = Mirror
    ) -> None:
        self.now, self.kind, self.keys, self.epoch = 1000.0, kind, keys, 1
        self.skew = dict.fromkeys(sites, 0.0)
        self.budgets: dict[str, float] = {}
        self.cut: set[frozenset[str]] = set()
        self.mirrors = {site: kind(site, keys, 1) for site in sites}
        self.under_way: list[tuple[str, str, bytes]] = []
        for one in sites:
            self.connect(one)

    def connect(self, one: str) -> None:
        """The line between `one` and all the others comes up."""
        for other in self.mirrors:
            if other != one:
                self.mirrors[one].merge([Arrived(other, b"")])
                self.mirrors[other].merge([Arrived(one, b"")])

    def tick(self, seconds: float = 1 / 60) -> None:
        """Time passes, and each site sends what it has to send."""
        self.now += seconds
        for site, mirror in self.mirrors.items():
            for to, frames in mirror.delta(self.now + self.skew[site]).items():
                if frozenset((site, to)) not in self.cut:
                    self.under_way += [(site, to, frame) for frame in frames]
            mirror.read(self.now + self.skew[site], self.now)

    def part(self, one: str, other: str) -> None:
        """The line between two sites is a hole, of which neither knows."""
        self.cut.add(frozenset((one, other)))

    def mend(self) -> None:
        """All lines are whole, and come up again."""
        for one, other in map(sorted, self.cut):
            self.mirrors[one].merge([Arrived(other, b"")])
            self.mirrors[other].merge([Arrived(one, b"")])
        self.cut.clear()

    def deliver(self, which: int = 0) -> None:
        """One frame arrives."""
        site, to, frame = self.under_way.pop(which)
        self.mirrors[to].merge([Arrived(site, frame)])

    def calm(self, seconds: float = 20.0, pace: float = 0.3) -> None:
        """A good line for as long as it takes two digests and a snapshot."""
        self.mend()
        for _ in range(int(seconds / pace)):
            self.tick(pace)
            while self.under_way:
                self.deliver()

    def restart(self, site: str, saved: bytes | None) -> None:
        self.epoch += 1
        self.mirrors[site] = self.kind(site, self.keys, self.epoch, saved, self.budgets)
        self.connect(site)

    def read(self, site: str, name: str) -> float:
        """What `/scene/NAME` is at `site` now."""
        offset = 0
        for each in self.keys:
            if each.address == f"/scene/{name}":
                return float(self.mirrors[site].read(self.now, self.now).columns[offset])
            offset += each.width
        raise KeyError(name)

    def diverged(self) -> list[str]:
        """What the sites do not agree on: a half, or a merged value that follows from all halves."""
        found = [f"garbled at {site}" for site, mirror in self.mirrors.items() if mirror.counted["garbled"]]
        merged = {site: _comparable(mirror, self.now) for site, mirror in self.mirrors.items()}
        if len(set(merged.values())) > 1:
            found.append("values")
        for site, mirror in self.mirrors.items():
            truth = mirror._half.digest(mirror._lasting)
            for reader in self.mirrors.values():
                if reader is not mirror and (site not in reader.sites or _digest(reader, site) != truth):
                    found.append(f"half of {site} at {reader.site}")
        return found


def _comparable(mirror: Mirror, now: float) -> bytes:
    """The merged columns as bytes, without those that are a site's own affair."""
    columns = mirror.read(now, now).columns
    own = [
        column
        for place in mirror._schema.places.values()
        if place.key.rule in ("", "each") or place.key.kind == "event"
        for column in range(place.offset, place.offset + place.width)
    ]
    columns[own] = 0.0
    return columns.tobytes()


def _digest(reader: Mirror, site: str) -> bytes:
    half = reader._rows[site].half
    return half.digest(half.schema.lasting)
