"""Where a configuration writes and by which doors it is reached: the same names and bounds by which it runs.

What a run opens is held against these lists by a test, both ways.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import hardware
from hardware import driver
from installation import home
from installation.control.echo_file import AGE, ROOM
from installation.privacy import words
from installation.privacy.flows import Configuration, echoes, end, senses
from installation.score.problem import Say
from installation.score.rig import Peer
from installation.supervisor import LOG_BYTES
from installation.twin import rooms

ALWAYS, SOMETIMES, ASKED = "always", "sometimes", "asked"


class Place(NamedTuple):
    """A file, or several by a pattern (`*` within a folder); `when` it is written: ALWAYS, SOMETIMES, ASKED."""

    path: str
    holds: Say
    kept: Say
    when: str = ALWAYS
    fill: Mapping[str, Any] = MappingProxyType({})

    def told(self, spoken: str) -> dict[str, Any]:
        """As `--json` has it."""
        holds, kept = self.holds.told(spoken, **self.fill), self.kept.told(spoken, **self.fill)
        return {"path": self.path, "holds": holds, "kept": kept, "when": self.when}


class Door(NamedTuple):
    """One end of a socket: `way` is ipc, udp or tcp; `at` a path, or host:port; `out` when we call."""

    way: str
    at: str
    what: Say
    who: Say
    out: bool = False
    when: str = ALWAYS
    fill: Mapping[str, Any] = MappingProxyType({})

    def told(self, spoken: str) -> dict[str, Any]:
        """As `--json` has it."""
        what, who = self.what.told(spoken, **self.fill), self.who.told(spoken, **self.fill)
        direction = "out" if self.out else "in"
        return {"way": self.way, "at": self.at, "direction": direction, "what": what, "who": who, "when": self.when}


def disk(found: Configuration) -> list[Place]:
    """The files of a site, the folders made by nobody for it."""
    rig, root = found.rig, home.home()
    state, post = root / rig.name, rig.letters
    letters = {"album": post.album, "days": f"{post.days:g}"}
    kept = [
        Place(f"{state}/slate", words.SLATE, words.OVERWRITTEN),
        Place(f"{state}/journal.sqlite", words.JOURNAL, words.ACKNOWLEDGED),
        *(Place(f"{state}/journal.sqlite-{one}", words.JOURNAL, words.ACKNOWLEDGED, SOMETIMES)
          for one in ("wal", "shm", "journal")),
        Place(f"{state}/*.aside", words.ASIDE, words.AS_ASKED, SOMETIMES),
    ]  # fmt: skip
    if rig.peers:
        kept += [Place(f"{state}/letters*", words.LETTER_FILE, words.DAYS, SOMETIMES, letters)]
    if echoes(found):
        bounds = {"days": round(AGE / 86400.0), "megabytes": ROOM >> 20}
        kept += [Place(f"{state}/echo/*/*", words.ECHO, words.ECHO_KEPT, SOMETIMES, bounds)]
    return [*kept, Place("*.take", words.TAKE, words.AS_ASKED, ASKED), *_ours(root), *_runtime(found)]


def _ours(root: Path) -> list[Place]:
    """What has nothing of people in it."""
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return [
        Place(f"{root}/keys/*", words.KEYS, words.CHANGED, SOMETIMES),
        Place(f"{root}/rigs/*.toml", words.RIGS, words.CHANGED),
        Place(f"{root}/tables/*", words.TABLES, words.CHANGED, SOMETIMES),
        Place(f"{root}/admitted", words.ADMITTED, words.CHANGED, SOMETIMES),
        *(Place(f"{cache}/**", words.SHADERS, words.DRIVERS_OWN, SOMETIMES)
          for cache in (f"{caches}/mesa_shader_cache*", f"{caches}/nvidia", "~/.nv")),
        Place("*/__pycache__/*", words.PYTHON, words.CHANGED, SOMETIMES),
    ]  # fmt: skip


def _runtime(found: Configuration) -> list[Place]:
    folder, logs = home.doors_folder(found.rig.name), {"mebibytes": 2 * LOG_BYTES >> 20}
    files = [
        *(Place(f"{folder}/{name}", words.PROCESSES, words.WHILE_RUNS) for name in ("processes.*", "site.json")),
        *(Place(f"{folder}/{name}", words.LOG, words.LOG_KEPT, SOMETIMES, logs) for name in ("*.log", "*.log.1")),
    ]
    return files


def memory(found: Configuration) -> list[Place]:
    """What several processes of this machine see in memory."""
    mark = home.doors_folder(found.rig.name).name
    windows = [window.name for window in found.rig.windows]
    previews = [Place(f"/dev/shm/jumelage-{mark}-{one}", words.PREVIEW, words.IN_MEMORY) for one in windows]
    stills = [Place(f"/dev/shm/jumelage-{mark}-{one}-kept", words.STILL, words.IN_MEMORY) for one in windows]
    others = {"/dev/shm/jml-*": words.MEDIA, "memfd:*": words.GRAPHICS}
    return [*previews, *stills, *(Place(at, what, words.IN_MEMORY, SOMETIMES) for at, what in others.items())]


def doors(found: Configuration) -> list[Door]:
    """Local doors, devices, outputs, the line."""
    folder, rig = home.doors_folder(found.rig.name), found.rig
    local = {"feed": words.FEED, "report": words.REPORT, "desk": words.DESK, "tap": words.TAP}
    made = [Door("ipc", f"{folder}/{name}", what, words.ONLY_USER) for name, what in local.items()]
    for one in senses(rig):
        cls = hardware.load(hardware.DRIVERS[one.device.driver])
        if driver.door(cls):
            way, host, port = end(one.device, cls)
            fill = {"name": one.device.name, "host": host}
            made.append(Door(way, f"{host}:{port}", words.HEARS, who(host), fill=fill))
    for output in rig.outputs:
        cls = hardware.load(hardware.OUTPUTS[output.driver])
        if driver.door(cls):
            way, host, port = end(output, cls)
            fill = {"name": output.name, "host": host}
            made.append(Door(way, f"{host}:{port}", words.SAYS, words.THERE, True, SOMETIMES, fill))
    return made + [door for peer in rig.peers for door in _line(found, peer)]


def _line(found: Configuration, peer: Peer) -> list[Door]:
    """The line to one peer."""
    fill = {"name": peer.city or peer.name}
    at = (peer.dial or peer.listen or peer.relay).removeprefix("tcp://")
    fill["host"] = at.rpartition(":")[0].strip("[]")
    if peer.listen:
        return [Door("tcp", at, words.CALLED, who(fill["host"]), fill=fill)]
    ends = [Door("tcp", at, words.MET if peer.relay else words.CALLS, words.THERE, True, fill=fill)]
    if peer.relay:
        local = rooms.door(home.doors_folder(found.rig.name), found.rig.name, peer.name)
        ends.append(Door("ipc", str(local), words.TUNNEL, words.ONLY_USER))
    if reach(fill["host"]) == "name":
        ends.append(Door("udp", "name server", words.SYSTEM, words.THERE, True, SOMETIMES, fill))
    return ends


def who(host: str) -> Say:
    """Who may reach what listens on an address of this machine."""
    return {"machine": words.MACHINE, "network": words.NETWORK}.get(reach(host), words.EVERYONE)


def reach(host: str) -> str:
    """How far an address of ours is heard, or where one of others lies: machine, network (private), world, name."""
    if host in ("", "*", "::", "0.0.0.0"):
        return "world"
    if host == "localhost":
        return "machine"
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return "name"
    if found.is_loopback:
        return "machine"
    broadcast = host == "255.255.255.255"
    return "network" if broadcast or found.is_private or found.is_link_local or found.is_multicast else "world"
