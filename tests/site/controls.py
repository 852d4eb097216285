"""Two controls over the simulated ocean, without supervisor or stage: for what happens between the cities alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import zmq

from installation.feed import Desk
from installation.twin import keys
from tests.site.venue import ROOT, until
from tests.twin.sea import Line, free_port

PLACES = {
    "paris": 'city = "Paris"\ntime_zone = "Europe/Paris"\nlatitude = 48.8665\nlongitude = 2.3533',
    "san_francisco": 'city = "San Francisco"\ntime_zone = "America/Los_Angeles"\nlatitude = 37.8\nlongitude = -122.4',
}
SHADER = """/*{"INPUTS": [{"NAME": "swell", "TYPE": "float", "DEFAULT": 0}]}*/
void main() { gl_FragColor = vec4(swell); }"""
SCENE = '[[layer]]\nshader = "a.fs"\n[parameter.swell]\nshare = "latest"\n'


class Controls:
    """`line` is the ocean; `ask` speaks to the desk of one of the two."""

    def __init__(self, folder: Path, profile: str, of: str) -> None:
        self.folder = folder
        place = folder / "scenes" / "both"
        place.mkdir(parents=True)
        (place / "scene.toml").write_text(SCENE)
        (place / "a.fs").write_text(SHADER)
        (folder / "evening.toml").write_text(of)
        shore = free_port()
        self.line = Line(shore, profile, folder)
        ways = {"paris": f'dial = "tcp://127.0.0.1:{self.line.port}"', "san_francisco": f'listen = "tcp://*:{shore}"'}
        own = {name: keys.new(folder / name / "keys") for name in ways}
        for name, peer in (tuple(ways), tuple(reversed(ways))):
            (folder / f"{name}.toml").write_text(
                f'[site]\nname = "{name}"\n{PLACES[name]}\n[show]\nscene = "both"\n'
                f"[peer.{peer}]\n{ways[name]}\nkey = '{own[peer].public}'\n{PLACES[peer]}\n"
            )
        self.context = zmq.Context()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.desks: dict[str, Desk] = {}
        for name in ways:
            self.start(name)

    def start(self, name: str) -> None:
        """Starts one of the two, and waits until its desk answers."""
        environment = {
            **os.environ, "JUMELAGE_HOME": str(self.folder / name), "XDG_RUNTIME_DIR": str(self.folder),
            "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8",
        }  # fmt: skip
        command = [sys.executable, "-m", "installation.control", "--rig", str(self.folder / f"{name}.toml")]
        log = open(self.folder / f"{name}.log", "ab")  # noqa: SIM115 (the process holds it)
        self.processes[name] = subprocess.Popen(
            [*command, "--show", str(self.folder / "evening.toml"), "--project", str(self.folder)],
            cwd=self.folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        log.close()
        door = until(lambda: next(iter(self.folder.glob(f"jumelage/{name}-*/desk")), None), 30.0, f"{name} is there")
        self.desks[name] = Desk(self.context, f"ipc://{door}")
        until(lambda: self.ask(name, "status"), 30.0, f"{name} answers")

    def ask(self, name: str, do: str, **body: Any) -> dict[str, Any]:
        """One request; {} while nobody answers."""
        try:
            return self.desks[name].ask(do, **body)
        except TimeoutError:
            return {}

    def verb(self, *words: str) -> str:
        """What a command says, as a person types it at the first site."""
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(self.folder), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
        command = [sys.executable, "-m", "installation.cli", *words, "--site", "paris"]
        found = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=True)
        return found.stdout

    def kill(self, name: str) -> None:
        """kill -9."""
        self.processes[name].kill()
        self.processes[name].wait()
        self.desks[name].close()

    def linked(self) -> bool:
        """Whether both have a line, and a clock in common."""
        lines = [line for name in self.desks for line in self.ask(name, "status").get("link", {}).values()]
        return len(lines) == 2 and all(line["connected"] and line["clock_bound_ms"] < 1000 for line in lines)

    def done(self, name: str) -> list[dict[str, Any]]:
        """The cues that it has carried out since it started."""
        found: list[dict[str, Any]] = self.ask(name, "status").get("cues", {}).get("last", [])
        return found

    def close(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
        for desk in self.desks.values():
            desk.close()
        self.context.destroy(linger=0)
        self.line.close()
