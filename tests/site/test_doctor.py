"""Doctor on machines that are told to it: each ailment has a finding, and each finding an action, in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from installation.doctor import (
    CHECKS,
    FAULT,
    OK,
    WARNING,
    Finding,
    Machine,
    Ran,
    examine,
    flashes,
    lacking,
    packages_for,
    report,
)
from installation.doctor_words import GL_PACKAGES, WORDS

GOOD = {
    "chronyc": Ran(0, "Leap status     : Normal\n", ""),
    "xset": Ran(0, "  timeout:  0    cycle:  600\nDPMS is Disabled\n", ""),
    "survey": Ran(0, json.dumps([{"name": "rtmidi/JACK", "works": True, "ports": [], "fault": ""}]), ""),
    "python": Ran(0, json.dumps({"version": 460, "renderer": "Radeon"}), ""),
}


class Told(Machine):
    """A machine of a test: its files, programs, packages and libraries are what the test says."""

    platform = "linux"
    version = (3, 12, 1)

    def __init__(self, environment: Mapping[str, str], rig: str = "", **told: Any) -> None:
        super().__init__(rig, environment)
        self.files: dict[str, str] = told.get("files", {"/proc/sys/net/core/rmem_max": "16777216"})
        self.programs: dict[str, Ran] = {**GOOD, **told.get("programs", {})}
        self.packages: dict[str, str] = told.get("packages", {"pygame-ce": "2.5.8", "python-rtmidi": "1.5.8"})
        self.libraries: bool = told.get("libraries", True)
        self.room: int = told.get("room", 50_000_000_000)
        self.held: tuple[int, ...] = told.get("held", ())

    def home(self) -> Path:
        return Path(self.environment["JUMELAGE_HOME"])

    def text(self, path: str) -> str:
        return self.files.get(path, "")

    def run(self, *command: str, seconds: float = 15.0) -> Ran:
        return self.programs.get(command[0], Ran(127, "", ""))

    def python(self, program: str) -> Ran:
        return self.programs["survey" if "survey" in program else "python"]

    def package(self, name: str) -> str:
        return self.packages.get(name, "")

    def library(self, name: str) -> bool:
        return self.libraries

    def free(self, folder: Path) -> int:
        return self.room

    def taken(self, kind: str, host: str, port: int) -> bool:
        return port in self.held


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "site.key").touch(mode=0o600)
    return {"JUMELAGE_HOME": str(tmp_path), "DISPLAY": ":0"}


def states(machine: Machine) -> dict[str, str]:
    return {finding.name: finding.state for finding in examine(machine)}


def row(machine: Machine, name: str) -> Finding:
    return next(finding for finding in examine(machine) if finding.name == name)


def test_a_well_kept_machine_has_nothing_to_do(home: dict[str, str]) -> None:
    findings = examine(Told(home))
    assert {finding.state for finding in findings} == {OK}
    assert not any(finding.told()["action"] for finding in findings)


@pytest.mark.parametrize(
    ("complaint", "package"),
    [
        ("Exception: libGL.so not loaded", "libgl1"),
        ("Exception: libEGL.so not loaded", "libegl1"),
        ("eglInitialize failed (0x3001)", "libgl1-mesa-dri"),
    ],
)
def test_a_missing_library_is_named_with_the_package_that_brings_it(
    home: dict[str, str], complaint: str, package: str
) -> None:
    machine = Told(home, programs={"python": Ran(1, "", f"Traceback\n{complaint}\n")})
    finding = row(machine, "gl")
    assert finding.state == FAULT
    assert finding.told("fr")["action"] == f"sudo apt-get install -y {package}"
    assert lacking(machine) == list(GL_PACKAGES)


def test_a_complaint_that_nobody_knows_brings_all_packages() -> None:
    assert packages_for("the dog ate it") == GL_PACKAGES


def test_a_machine_that_draws_lacks_only_the_windows_libraries(home: dict[str, str]) -> None:
    assert lacking(Told(home)) == []
    assert "libx11-6" in lacking(Told(home, libraries=False))
    assert lacking(Told({**home, "DISPLAY": ""}, libraries=False)) == []


def test_a_processor_that_draws_is_a_warning(home: dict[str, str]) -> None:
    software = json.dumps({"version": 450, "renderer": "llvmpipe (LLVM 15.0.6)"})
    assert row(Told(home, programs={"python": Ran(0, software, "")}), "renderer").state == WARNING


def test_both_pygames_are_a_fault(home: dict[str, str]) -> None:
    packages = {"pygame": "2.6.1", "pygame-ce": "2.5.8", "python-rtmidi": "1"}
    assert row(Told(home, packages=packages), "pygame").row == "pygame both"


def test_a_small_receive_buffer_is_a_warning_with_the_command_that_widens_it(home: dict[str, str]) -> None:
    finding = row(Told(home, files={"/proc/sys/net/core/rmem_max": "212992"}), "udp")
    assert finding.state == WARNING
    assert "sysctl -w net.core.rmem_max=16777216" in finding.told()["action"]


def test_midi_says_which_backend_and_why_not_the_better_one(home: dict[str, str]) -> None:
    found = [
        {"name": "rtmidi/ALSA", "works": False, "ports": [], "fault": "no sequencer"},
        {"name": "pygame", "works": True, "ports": [], "fault": ""},
    ]
    finding = row(Told(home, programs={"survey": Ran(0, json.dumps(found), "")}), "midi")
    assert (finding.row, finding.words["backend"]) == ("midi instead", "pygame")
    assert "no sequencer" in finding.told()["detail"]


@pytest.mark.parametrize(
    "answer", [Ran(-6, "", "terminate called\n"), Ran(0, '[{"name": "a", "works": false, "fault": "none"}]', "")]
)
def test_a_machine_without_midi_is_a_warning(home: dict[str, str], answer: Ran) -> None:
    finding = row(Told(home, programs={"survey": answer}), "midi")
    assert (finding.state, finding.row) == (WARNING, "midi refused")


@pytest.mark.parametrize(("answer", "state"), [("yes\n", OK), ("no\n", WARNING), ("", WARNING)])
def test_the_clock_is_asked_of_systemd_where_there_is_no_chrony(home: dict[str, str], answer: str, state: str) -> None:
    programs = {"chronyc": Ran(127, "", ""), "timedatectl": Ran(0, answer, "")}
    assert row(Told(home, programs=programs), "clock").state == state


@pytest.mark.parametrize(("room", "state"), [(-1, FAULT), (500_000_000, WARNING), (5_000_000_000, OK)])
def test_room_for_the_state_is_looked_at(home: dict[str, str], room: int, state: str) -> None:
    assert row(Told(home, room=room), "disk").state == state


def test_a_secret_key_that_others_may_read_is_a_fault(home: dict[str, str]) -> None:
    (Path(home["JUMELAGE_HOME"]) / "keys" / "site.key").chmod(0o644)
    assert row(Told(home), "keys").row == "keys open"


def test_a_screen_that_sleeps_is_a_warning(home: dict[str, str]) -> None:
    assert row(Told(home, programs={"xset": Ran(0, "timeout:  600\n", "")}), "display").row == "display sleeps"


def test_a_port_of_the_rig_that_is_taken_is_a_fault(home: dict[str, str], tmp_path: Path) -> None:
    rig = tmp_path / "paris.toml"
    rig.write_text('[device.desk]\ndriver = "osc"\nport = 9000\n[peer.sf]\nlisten = "tcp://*:5700"\n')
    assert row(Told(home, str(rig)), "ports").state == OK
    finding = row(Told(home, str(rig), held=(5700,)), "ports")
    assert finding.told()["detail"] == "already taken: tcp 0.0.0.0:5700"


def test_a_rig_that_is_no_toml_is_told(home: dict[str, str], tmp_path: Path) -> None:
    rig = tmp_path / "paris.toml"
    rig.write_text("[device")
    assert row(Told(home, str(rig)), "ports").row == "ports unread"


def test_a_check_that_fails_itself_stops_no_other(home: dict[str, str]) -> None:
    def broken(machine: Machine) -> Finding:
        raise RuntimeError("boom")

    first, second = examine(Told(home), (("odd", broken), CHECKS[0]))
    assert (first.name, first.row, second.name) == ("odd", "unexamined", "python")


def test_this_machine_is_examined_and_reported_in_both_languages() -> None:
    findings = examine(Machine())
    assert all(finding.told(language)["detail"] for finding in findings for language in ("en", "fr"))
    assert len(report(findings, "fr").splitlines()) >= len(findings)


@pytest.mark.parametrize("name", WORDS)
def test_what_is_wrong_has_an_action(name: str) -> None:
    wrong = (" " in name or name == "unexamined") and name != "udp unknown"
    assert bool(WORDS[name].action.en) == wrong


@pytest.mark.parametrize(("line", "state"), [("", "ok"), ("flash_guard = false", "warning")])
def test_a_window_without_its_flash_guard_is_told(tmp_path: Path, line: str, state: str) -> None:
    rig = tmp_path / "a.toml"
    rig.write_text(f'[site]\nname = "a"\n[window.wall]\n{line}\n')
    (found,) = flashes(Machine(str(rig)))
    assert found.state == state
    assert ("wall" in found.told("fr")["detail"]) == bool(line)
