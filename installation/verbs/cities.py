"""The demo's two cities: a home, keys and a rig for each, and the simulated ocean between them."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path
from typing import NamedTuple

from installation import assembly, home, library
from installation.supervisor import Child
from installation.twin import keys as curve

RIG = """# Made by `jumelage demo`; gone when it ends.
[site]
name = "{name}"
city = "{city}"
time_zone = "{zone}"
latitude = {latitude}
longitude = {longitude}

[show]
scene = "{scene}"
file = "crossing"

[values]
side = {side}

[device.osc]
driver = "osc"
port = {osc}

[device.visitors]
driver = "visitors"
address = "/floor"
seed = {seed}

[window.main]
size = [{width}, {height}]
title = "Jumelage · {city}"

[peer.{peer}]
{line}
key = '{key}'
city = "{peer_city.city}"
time_zone = "{peer_city.zone}"
latitude = {peer_city.latitude}
longitude = {peer_city.longitude}

[[patch]]
from = "/floor/count"
to = "/presence"
"""


class City(NamedTuple):
    """One of the two, as the demo knows it."""

    name: str
    city: str
    zone: str
    side: float
    seed: int
    osc: int
    latitude: float
    longitude: float


PARIS = City("paris", "Paris", "Europe/Paris", -1.0, 75, 9000, 48.8665, 2.3533)
SAN_FRANCISCO = City("san_francisco", "San Francisco", "America/Los_Angeles", 1.0, 94, 9001, 37.8008, -122.3983)
CITIES = (PARIS, SAN_FRANCISCO)


def prepare(
    folder: Path, given: argparse.Namespace, scene: str, pixels: tuple[int, int], headless: bool
) -> tuple[list[assembly.Plan], Child]:
    """Two homes with keys that trust each other, two rigs, and the ocean between them."""
    keys = {}
    for city in CITIES:
        (folder / city.name).mkdir()
        keys[city.name] = curve.new(home.keys_folder(folder / city.name)).public
    shore, sea = _free_port(), _free_port()
    lines = (f'dial = "tcp://127.0.0.1:{sea}"', f'listen = "tcp://127.0.0.1:{shore}"')
    lib, plans = library.library(given.project), []
    for place, (city, peer, line) in enumerate(zip(CITIES, reversed(CITIES), lines, strict=True)):
        file = folder / f"{city.name}.toml"
        file.write_text(_rig(city, peer, scene, pixels, line, keys[peer.name]), encoding="utf-8")
        plan = assembly.Plan(
            lib.rig(str(file)),
            scene=scene,
            project=given.project or "",
            headless=headless,
            position=(40 + (pixels[0] + 4) * place, 80),
            environment={"JUMELAGE_HOME": str(folder / city.name)},
            prefix=f"{city.name}.",
            quiet=True,
        )
        plans.append(plan)
    command = [sys.executable, "-m", "installation.twin.ocean", "--listen", str(sea), "--to", f"127.0.0.1:{shore}"]
    command += ["--profile", given.ocean, *(["--project", given.project] if given.project else [])]
    command += ["--control", str(home.ocean_door())] if sys.platform != "win32" else []
    return plans, Child("ocean", command, log=str(folder / "ocean.log"))


def _rig(city: City, peer: City, scene: str, pixels: tuple[int, int], line: str, key: str) -> str:
    """A city's rig file: `line` is how it meets its peer, `key` the peer's public key."""
    return RIG.format(
        **city._replace(osc=_port_or_free(city.osc))._asdict(),
        scene=scene,
        width=pixels[0],
        height=pixels[1],
        peer=peer.name,
        peer_city=peer,
        line=line,
        key=key,
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _port_or_free(port: int) -> int:
    """The customary OSC port where it is free, else any: two demos may run at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        try:
            found.bind(("127.0.0.1", port))
            return port
        except OSError:
            found.bind(("127.0.0.1", 0))
            return int(found.getsockname()[1])


def osc_port(plan: assembly.Plan) -> int:
    """The UDP port on which a city hears OSC."""
    return next(int(device.options["port"]) for device in plan.rig.devices if device.name == "osc")
