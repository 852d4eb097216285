"""`privacy`: every flow of a configuration, what its notice must not hide, and the notice for the wall."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from installation import home, library
from installation.library import Library
from installation.privacy import flows, places, words
from installation.privacy.findings import FAULT, Finding, findings
from installation.privacy.flows import Configuration
from installation.privacy.notice import notice
from installation.score.problem import Fault, Say
from installation.score.scene import Scene
from installation.score.show import Show
from installation.speech import show_json, tell
from installation.twin import keys
from installation.verbs.site import checked

RIG = "laptop"
CLEAN = Say("nothing that the notice hides", "rien que l'avis cacherait")


def privacy(given: argparse.Namespace) -> int:
    """Tells the flows; 1 where the configuration does something that the notice must not hide. Raises Fault."""
    found = configuration(library.library(given.project), given.rig or RIG, given.scene, given.show)
    if given.notice:
        spoken = ("fr", "en") if given.notice == "both" else (given.notice,)
        print("\n\n\n".join(notice(found, one) for one in spoken))
    faults = findings(found)
    if given.json and not given.notice:
        show_json(_json(found, faults, given.lang))
    elif not given.notice:
        print("\n".join(_page(found, given.lang)))
    if not given.json or given.notice:
        for one in faults:
            tell(f"{one.state}: ", one.problem.told(given.lang))
    return 1 if any(one.state == FAULT for one in faults) else 0


def configuration(lib: Library, rig: str, scene: str | None, show: str | None) -> Configuration:
    """What would run: the rig, its scene and show or those that are given, each scene once. Raises Fault."""
    found = checked(lib, rig)
    plays: Show | None = lib.show(show or found.show) if show or (found.show and not scene) else None
    names = [scene] if scene else [name for name in ("" if show else found.scene, *(plays.scenes if plays else ()))]
    scenes: list[Scene] = [lib.scene(name) for name in dict.fromkeys(filter(None, names))]
    return Configuration(found, tuple(scenes), plays, _keys(found.peers))


def _keys(peers: Iterable[Any]) -> dict[str, str]:
    """The peers' public keys: the rig's own, else those that are trusted here. This house's need not be there."""
    try:
        folder: Path = home.home() / "keys"
        trusted = keys.trusted(folder)
    except (OSError, Fault):
        trusted = {}
    return {peer.name: peer.key or trusted.get(peer.name, "") for peer in peers}


def _json(found: Configuration, faults: list[Finding], spoken: str) -> dict[str, Any]:
    return {
        "site": found.rig.name,
        "city": found.rig.city,
        "scenes": [scene.name for scene in found.scenes],
        "show": found.show.name if found.show else "",
        **flows.told(found, spoken),
        "disk": [one.told(spoken) for one in places.disk(found)],
        "memory": [one.told(spoken) for one in places.memory(found)],
        "doors": [one.told(spoken) for one in places.doors(found)],
        "findings": [one.told(spoken) for one in faults],
        "notice": {one: notice(found, one) for one in ("fr", "en")},
    }


def _page(found: Configuration, spoken: str) -> Iterator[str]:
    """The same for a person."""
    told = _json(found, [], spoken)
    rows = {
        "senses": [f"{one['device']} ({one['address']}): {one['senses']}" for one in told["senses"]],
        "sea": list(_sea(told["sea"], spoken)),
        "outputs": [f"{one['output']}: {' '.join(one['send'])} → {one['to']}" for one in told["outputs"]],
        "disk": [f"{one['path']}: {one['holds']}; {one['kept']}" for one in told["disk"]],
        "memory": [f"{one['path']}: {one['holds']}; {one['kept']}" for one in told["memory"]],
        "doors": [f"{one['way']} {one['at']}: {one['what']} · {one['who']}" for one in told["doors"]],
        "never": told["never"],
        "notice": ["", *told["notice"][spoken].splitlines()],
    }
    for head, lines in rows.items():
        yield f"\n{words.HEADINGS[head].told(spoken)}"
        yield from (f"  {line}".rstrip() for line in lines or [words.NOTHING.told(spoken)])


def _sea(sea: dict[str, Any], spoken: str) -> Iterator[str]:
    if not sea["peers"]:
        yield words.NO_PEER.told(spoken)
        return
    for one in sea["peers"]:
        fill = {**one, "kilobytes": one["most_bytes_per_second"] / 1000.0}
        fill["key"] = one["key"] or words.UNKNOWN_KEY.told(spoken)
        yield words.TO_PEER.told(spoken, **fill)
    for one in sea["parameters"]:
        rate = words.PER_SECOND.told(spoken, rate=one["per_second"])
        moved = f" ← {', '.join(one['moved_by'])}" if one["moved_by"] else ""
        yield f"{one['address']} ({one['rule']}): {one['carried']}; {rate}{moved}"
    yield words.PRESENCE.told(spoken, steps=", ".join(map(str, sea["presence"])))
    yield from (*sea["journal"], sea["clock"])
