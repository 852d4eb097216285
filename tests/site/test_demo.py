"""Both cities from one command."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.site.venue import ROOT


def demo(folder, *words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": str(folder), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "installation.cli", "demo", "--headless", "--size", "96x54", *words]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_the_two_cities_meet_agree_and_say_how_it_went(folder):
    out, err = demo(folder, "--seconds", "12", "--json", "--out", "both.png").communicate(timeout=90)
    said = json.loads(out)
    assert set(said["sites"]) == {"paris", "san_francisco"} == set(said["link"])
    for name in said["sites"]:
        assert said["sites"][name]["frames"] > 100 and said["sites"][name]["events"] > 0, err
        assert said["sites"][name]["restarts"] == 0
        assert said["link"][name]["connected"] and said["link"][name]["rtt_ms"] > 140
    assert said["diverged"] == 0
    assert said["journal"]["written"] == 1 and said["journal"]["applied"] == 2 and said["journal"]["lost"] == 0
    assert (folder / "both.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def running(folder):
    """The processes whose doors are in this folder."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"XDG_RUNTIME_DIR={folder}".encode() in file.read_bytes().split(b"\0"):
                found.append(int(file.parent.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_all_of_it_and_leaves_nothing_running(folder, number):
    process = demo(folder)
    sites = list(folder.glob("jumelage/*/site.json"))
    end = time.monotonic() + 30
    while len(sites) < 2 and time.monotonic() < end:
        sites = list(folder.glob("jumelage/*/site.json"))
    assert len(sites) == 2, "both cities run"
    assert len(running(folder)) >= 6, "the demo, the ocean, a control and a stage each"
    process.send_signal(number)
    process.communicate(timeout=10)
    assert running(folder) == [] and list(folder.glob("jumelage-demo-*")) == []


def test_an_ocean_that_is_not_there_is_told_with_those_that_are(folder):
    process = demo(folder, "--ocean", "atlantik")
    _, err = process.communicate(timeout=30)
    assert process.returncode == 2 and "atlantic" in err and "Traceback" not in err
