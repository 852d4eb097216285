"""A whole site, as the command line starts it: real processes, real sockets, a real GL context without a window."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

SHADER = """/*{"ISFVSN": "2", "INPUTS": [
  {"NAME": "amount", "TYPE": "float", "MIN": 0, "MAX": 1, "DEFAULT": 0},
  {"NAME": "on", "TYPE": "bool", "DEFAULT": false},
  {"NAME": "mode", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["a", "b", "c"], "DEFAULT": 0},
  {"NAME": "tint", "TYPE": "color", "DEFAULT": [0, 0, 0, 1]},
  {"NAME": "where", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 1], "DEFAULT": [0, 0]},
  {"NAME": "drop", "TYPE": "event"}],
  "PASSES": [{"TARGET": "drops", "PERSISTENT": true, "WIDTH": "4", "HEIGHT": "4", "FLOAT": true}, {}]}*/
// One column a kind of input, so that each can be seen to change its own pixels. The event is remembered in a buffer.
void main() {
    if (PASSINDEX == 0) {
        gl_FragColor = IMG_NORM_PIXEL(drops, vec2(0.5)) + (drop ? vec4(0.25) : vec4(0.0));
        return;
    }
    float x = floor(isf_FragNormCoord.x * 6.0);
    vec3 c = vec3(0.0);
    if (x == 0.0) c = vec3(amount);
    if (x == 1.0) c = vec3(on ? 1.0 : 0.0);
    if (x == 2.0) c = vec3(float(mode) / 2.0);
    if (x == 3.0) c = tint.rgb;
    if (x == 4.0) c = vec3(where, 0.0);
    if (x == 5.0) c = vec3(IMG_NORM_PIXEL(drops, vec2(0.5)).r);
    gl_FragColor = vec4(c, 1.0);
}
"""
RIG = """[site]
name = "{name}"
city = "Test"
[show]
scene = "inputs"
[device.osc]
driver = "osc"
port = {port}
[window.main]
size = [96, 54]
"""


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(condition: Callable[[], Any], seconds: float = 10.0, why: str = "") -> Any:
    """Waits for a condition, with a deadline; gives what it gave."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found or (found == 0.0 and not isinstance(found, bool)):
            return found
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} s: {why or condition}")
        time.sleep(0.01)


class Site:
    """A running site and what can be asked of it from outside."""

    headless = True
    before: tuple[str, ...] = ()
    """What stands before the command line, for instance a program that watches it."""
    patience = 30.0

    def __init__(self, folder: Path, name: str = "here", rig: str = RIG, shader: str = SHADER, **fill: Any) -> None:
        self.folder, self.name, self.port = folder, name, free_port()
        (folder / "scenes").mkdir(parents=True, exist_ok=True)
        self.shader = folder / "scenes" / "inputs.fs"
        self.shader.write_text(shader)
        self.rig = folder / f"{name}.toml"
        self.rig.write_text(rig.format(name=name, port=self.port, **fill))
        self.environment = {
            **os.environ,
            "JUMELAGE_HOME": str(folder / f"home-{name}"),
            "XDG_RUNTIME_DIR": str(folder),
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str) -> Site:
        command = [*self.before, sys.executable, "-m", "installation.cli", "run", str(self.rig), "--json", *words]
        command += ["--headless"] if self.headless else []
        self.log = open(self.folder / f"{self.name}.log", "w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        until(self.on_the_wall, self.patience, "a scene is on the wall of each window")
        return self

    def on_the_wall(self) -> bool:
        """Whether each stage that reports draws a scene: what is sent before finds nobody to see it."""
        stages = self.status().get("stages", {})
        return bool(stages) and all(one["scene"] for one in stages.values())

    def verb_command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "installation.cli", *words]

    def verb(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command as a person types it."""
        command = self.verb_command(*words)
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def desk(self, do: str, **body: Any) -> dict[str, Any]:
        """One request to the desk, without a process of its own."""
        import zmq

        from installation.feed import Desk

        context: zmq.Context[Any] = zmq.Context()
        desk = Desk(context, f"ipc://{self.doors()}/desk", 1.0)
        try:
            return desk.ask(do, **body)
        except TimeoutError:
            return {}
        finally:
            desk.close()
            context.term()

    def doors(self) -> Path:
        found = sorted((self.folder / "jumelage").glob(f"{self.name}-*"))
        return found[0] if found else self.folder

    def status(self) -> dict[str, Any]:
        assert self.process is None or self.process.poll() is None, "the site has ended"
        return self.desk("status") if (self.doors() / "desk").exists() else {}

    def value(self, address: str) -> Any:
        return self.desk("get", address=address).get("value")

    def pid(self, child: str) -> int:
        return int(self.status().get("processes", {}).get(child, {}).get("pid", 0))

    def pixel(self, column: int) -> tuple[int, ...]:
        """The colour in the middle of one of the six columns, from the stage's small picture."""
        picture = self.picture()
        if picture is None:
            return ()
        height, width = picture.shape[:2]
        return tuple(int(n) for n in picture[height // 2, int((column + 0.5) / 6 * width)])

    def picture(self, window: str = "main") -> Any:
        """A stage's small picture; None while there is none."""
        from installation.stage.pixels import previewed

        return previewed(f"jumelage-{self.doors().name}-{window}")

    def osc(self, address: str, *values: Any) -> None:
        from pythonosc.udp_client import SimpleUDPClient

        SimpleUDPClient("127.0.0.1", self.port).send_message(address, list(values))

    def stop(self) -> str:
        if self.process is None:
            return ""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=30)
        self.process = None
        self.log.close()
        return out

    def said(self) -> str:
        """What the site and its children have told."""
        return "".join(file.read_text() for file in [self.folder / f"{self.name}.log", *self.doors().glob("*.log")])


def answer(process: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(process.stdout)


def jumelage(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as a person types it, in a folder of their own."""
    given = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "JUMELAGE_HOME": str(folder / "home"),
        "LANG": "C.UTF-8",
        **environment,
    }
    command = [sys.executable, "-m", "installation.cli", *words]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False, timeout=60)
