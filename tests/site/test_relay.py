"""Two venues that nobody can call meet at a relay, which can be killed, and reads nothing."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.twin import keys
from tests.site.test_two_cities import RIG, SCENE, SHADER
from tests.site.venue import ROOT, Site, free_port, until


class Wiretap:
    """Stands before the relay and keeps what it sees."""

    def __init__(self, to: int) -> None:
        self.seen, self._to = bytearray(), to
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                continue
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            while True:
                for end in select.select((near, far), (), ())[0]:
                    try:
                        piece = end.recv(65536)
                        (far if end is near else near).sendall(piece)
                    except OSError:
                        piece = b""
                    if not piece:
                        return
                    if len(self.seen) < 4 << 20:
                        self.seen += piece


class Houses:
    """Paris, San Francisco, and a relay with a wiretap before it. No house listens anywhere."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port(socket.SOCK_STREAM)
        self.tap = Wiretap(self.port)
        inside = folder / "scenes" / "both"
        inside.mkdir(parents=True)
        (inside / "scene.toml").write_text(SCENE)
        (inside / "inputs.fs").write_text(SHADER)
        own = {name: keys.new(folder / f"home-{name}" / "keys") for name in ("paris", "frisco")}
        line = f'relay = "tcp://127.0.0.1:{self.tap.port}"'
        self.paris, self.frisco = (
            Site(folder, name, RIG, peer=peer, line=line, key=own[peer].public)
            for name, peer in (("paris", "frisco"), ("frisco", "paris"))
        )
        self.open()
        file = folder / "home-relay" / "keys" / "relay"
        until(file.exists, 20.0, "the relay has a secret")
        for site in (self.paris, self.frisco):
            said = site.verb("relay", "join", file.read_text().strip())
            assert said.returncode == 0, said.stderr

    def open(self) -> None:
        """Starts the relay."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUMELAGE_HOME": str(self.folder / "home-relay")}
        command = [sys.executable, "-m", "installation.cli", "relay", "--port", str(self.port), "--host", "127.0.0.1"]
        self.relay = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    def linked(self) -> bool:
        pairs = ((self.paris, "frisco"), (self.frisco, "paris"))
        return all(site.status().get("link", {}).get(peer, {}).get("connected") for site, peer in pairs)

    def stop(self) -> None:
        for site in (self.paris, self.frisco):
            site.stop()
        self.relay.kill()
        self.relay.wait()


@pytest.fixture
def houses(folder: Path) -> Iterator[Houses]:
    made = Houses(folder)
    made.paris.start()
    made.frisco.start()
    yield made
    made.stop()


def test_two_houses_meet_at_a_relay_that_reads_nothing_and_may_be_killed(houses):
    until(houses.linked, 30.0, "they are linked")
    houses.paris.osc("/scene/level", 0.75)
    until(lambda: abs(houses.frisco.value("/twin/paris/level") - 0.75) < 1e-3, 20.0, "Paris is seen in San Francisco")
    houses.frisco.osc("/scene/foam", 0.25)
    until(lambda: abs(houses.paris.value("/scene/foam") - 0.25) < 1e-3, 20.0, "and the other way")
    for word in (b"jumelage 0", b"/scene/", b"frisco"):
        assert word not in houses.tap.seen
    assert b"CURVE" in houses.tap.seen
    houses.relay.send_signal(signal.SIGKILL)
    houses.relay.wait()
    until(lambda: not houses.linked(), 20.0, "the line is cut")
    houses.paris.osc("/scene/level", 0.5)
    houses.open()
    until(houses.linked, 30.0, "they are linked again")
    until(lambda: abs(houses.frisco.value("/twin/paris/level") - 0.5) < 1e-3, 20.0, "what was missed is there")


def test_a_house_without_the_secret_is_told_what_to_do_and_plays_on(folder):
    keys.new(folder / "home-paris" / "keys")
    other = keys.new(folder / "home-frisco" / "keys").public
    inside = folder / "scenes" / "both"
    inside.mkdir(parents=True)
    (inside / "scene.toml").write_text(SCENE)
    (inside / "inputs.fs").write_text(SHADER)
    site = Site(folder, "paris", RIG, peer="frisco", line='relay = "tcp://127.0.0.1:9"', key=other).start()
    try:
        until(lambda: "relay join" in site.said(), 20.0, "it is told")
        assert site.status()["stages"]["main"]["frames"] > 0
    finally:
        site.stop()
