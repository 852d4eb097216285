"""The exhibition machine's files: systemd, udev and sysctl find nothing to say against them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hardware.driver import options
from hardware.osc import OscInput
from installation import doctor

HOST = Path(__file__).parents[2] / "hardware" / "host"


def test_systemd_finds_nothing_to_say_against_the_unit(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not installed")
    command = tmp_path / ".local" / "bin" / "jumelage"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    unit = tmp_path / "jumelage@paris.service"
    # %h is the home of whoever verifies, not HOME.
    unit.write_text((HOST / "jumelage@.service").read_text().replace("%h", str(tmp_path)))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "warning"}
    ran = subprocess.run([verify, "--user", "verify", str(unit)], capture_output=True, text=True, env=environment)
    ours = [line for line in (ran.stdout + ran.stderr).splitlines() if "jumelage" in line]
    assert ours == []


def test_the_watchdog_is_slower_than_the_supervisor_and_the_unit_always_restarts() -> None:
    lines = (HOST / "jumelage@.service").read_text().splitlines()
    assert {"Type=notify", "Restart=always", "WatchdogSec=10", "StartLimitIntervalSec=0"} <= set(lines)


def test_each_udev_rule_matches_before_it_assigns() -> None:
    for line in (HOST / "60-jumelage.rules").read_text().splitlines():
        if line and not line.startswith("#"):
            terms = line.split(", ")
            matches = [("==" in term or "!=" in term or term.startswith("TEST")) for term in terms]
            assert matches == sorted(matches, reverse=True), line


def test_the_system_is_asked_for_the_buffer_that_an_osc_device_asks_for() -> None:
    asked = options(OscInput)["buffer"].default
    assert asked == doctor.BUFFER
    assert f"net.core.rmem_max = {asked}\n" in (HOST / "90-jumelage.conf").read_text()
    assert all(str(asked) in said for said in doctor.WORDS["udp small"].action)
