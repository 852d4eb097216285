"""The simulated line in a process of its own, for tests and benchmarks."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from tests.twin.site import ROOT, until


class Line:
    """`port` is this side's end; `say` gives it a word of control."""

    def __init__(self, to: int, profile: str, folder: Path, seed: int = 1, also: int = 0) -> None:
        self.port, self.second = free_port(), free_port()
        self.door = str(folder / f"sea{self.port}")
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "installation.twin.ocean", "--listen", str(self.port), "--to", f"127.0.0.1:{to}",
                "--profile", profile, "--seed", str(seed), "--control", self.door,
                *(("--listen", str(self.second), "--to", f"127.0.0.1:{also}") if also else ()),
            ],
            cwd=ROOT,
        )  # fmt: skip
        self._voice = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        until(Path(self.door).exists)

    def say(self, word: str) -> None:
        self._voice.sendto(word.encode(), self.door)

    def close(self) -> None:
        self._voice.close()
        self._process.terminate()
        self._process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found
