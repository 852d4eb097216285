"""What ails this machine, and what to do about it: a table of checks, each one finding, in English and in French.

A check asks the machine through one door (`Machine`) and judges; it never repairs. `python -m installation.doctor
--lacking` prints the system packages without which nothing is drawn; the launcher installs them.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.metadata
import json
import os
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from installation import home
from installation.doctor_words import GL_PACKAGES, MISSING, SOFTWARE, WORDS, X_LIBRARIES

OK, WARNING, FAULT = "ok", "warning", "fault"
BUFFER = 16 << 20  # what hardware/osc.py asks for
ROOM = 1_000_000_000
GL = (3, 3)


class Finding(NamedTuple):
    """One thing looked at. `state` is ok, warning or fault; `row` a key of WORDS, filled with `words`."""

    name: str
    state: str
    row: str
    words: dict[str, Any]

    def told(self, language: str = "en") -> dict[str, str]:
        """{"name", "state", "detail", "action"}, in `language` ("en" or "fr")."""
        advice = WORDS[self.row]
        return {
            "name": self.name,
            "state": self.state,
            "detail": advice.detail.told(language, **self.words),
            "action": advice.action.told(language, **self.words),
        }


class Ran(NamedTuple):
    """What a program did: 127 when it is not here, 124 when it did not end in time."""

    code: int
    out: str
    err: str


class Machine:
    """The one door through which doctor looks at a machine. `rig` is the file of the rig whose ports count, or ""."""

    platform = sys.platform
    version = sys.version_info[:3]

    def __init__(self, rig: str = "", environment: Mapping[str, str] = os.environ) -> None:
        self.rig, self.environment = rig, environment

    def home(self) -> Path:
        """The folder of the state and the keys."""
        return home.home()

    def text(self, path: str) -> str:
        """A file's text; "" when it cannot be read."""
        try:
            return Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def run(self, *command: str, seconds: float = 15.0) -> Ran:
        """Runs a program to its end."""
        program = shutil.which(command[0])
        if program is None:
            return Ran(127, "", "")
        try:
            done = subprocess.run(
                [program, *command[1:]], capture_output=True, text=True, errors="replace", timeout=seconds,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Ran(124, "", f"no answer in {seconds:g} s")
        return Ran(done.returncode, done.stdout, done.stderr)

    def python(self, program: str) -> Ran:
        """Runs a few lines of Python in a process of their own, which may crash."""
        return self.run(sys.executable, "-c", program)

    def package(self, name: str) -> str:
        """The version of an installed Python package, "" when it is not installed."""
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return ""

    def library(self, name: str) -> bool:
        """Whether a shared library loads."""
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    def free(self, folder: Path) -> int:
        """Bytes free for a folder, or for what is to hold it; -1 when it cannot be written to."""
        standing = next(path for path in (folder, *folder.parents) if path.exists())
        return shutil.disk_usage(standing).free if os.access(standing, os.W_OK) else -1

    def taken(self, kind: str, host: str, port: int) -> bool:
        """Whether a port of this machine is in use; `kind` is "udp" or "tcp"."""
        form = socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM
        with socket.socket(socket.AF_INET, form) as door:
            if kind == "tcp":
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((host, port))
            except OSError:
                return True
        return False


def python(machine: Machine) -> Finding:
    version = ".".join(map(str, machine.version))
    old = machine.version < (3, 11)
    return Finding("python", FAULT if old else OK, "python old" if old else "python", {"version": version})


def pygame(machine: Machine) -> Finding:
    version, other = machine.package("pygame-ce"), machine.package("pygame")
    row = "pygame none" if not version else "pygame both" if other else "pygame"
    return Finding("pygame", OK if row == "pygame" else FAULT, row, {"version": version, "other": other})


# A standalone context in a process of its own: the window's path must not find one made before it.
CONTEXT = """
import json, sys, moderngl
backend = {"backend": "egl"} if sys.platform.startswith("linux") else {}
context = moderngl.create_context(standalone=True, **backend)
print(json.dumps({"version": context.version_code, "renderer": context.info["GL_RENDERER"]}))
"""


def _context(machine: Machine) -> dict[str, Any] | str:
    """What GL is here, or the driver's complaint."""
    ran = machine.python(CONTEXT)
    if ran.code == 0:
        context: dict[str, Any] = json.loads(ran.out.strip().splitlines()[-1])
        return context
    last = [line for line in ran.err.strip().splitlines() if line.strip()]
    return last[-1] if last else f"exit {ran.code}"


def picture(machine: Machine) -> Iterator[Finding]:
    """Whether GL draws, and whether a graphics card does it."""
    context = _context(machine)
    if isinstance(context, str):
        words = {"why": context, "packages": " ".join(packages_for(context))}
        yield Finding("gl", FAULT, "gl none", words)
        return
    version, renderer = divmod(context["version"] // 10, 10), context["renderer"]
    old = version < GL
    words = {"version": "{}.{}".format(*version), "renderer": renderer}
    yield Finding("gl", FAULT if old else OK, "gl old" if old else "gl", words)
    software = bool(SOFTWARE.search(renderer))
    yield Finding("renderer", WARNING if software else OK, "renderer software" if software else "renderer", words)


def packages_for(complaint: str) -> tuple[str, ...]:
    """Debian's packages against a driver's complaint; all of them when it is not in the table."""
    return next((packages for pattern, packages in MISSING if pattern.search(complaint)), GL_PACKAGES)


def windows(machine: Machine) -> Iterator[Finding]:
    """Whether a window can open, where there is an X display to open it on."""
    if not machine.platform.startswith("linux") or not machine.environment.get("DISPLAY"):
        return
    missing = [name for name in X_LIBRARIES if not machine.library(name)]
    words = {"missing": ", ".join(missing), "packages": " ".join(X_LIBRARIES[name] for name in missing)}
    yield Finding("windows", FAULT if missing else OK, "windows none" if missing else "windows", words)


def display(machine: Machine) -> Iterator[Finding]:
    """Whether there is a display, and whether it stays lit."""
    if not machine.platform.startswith("linux"):
        return
    shown = machine.environment.get("WAYLAND_DISPLAY") or machine.environment.get("DISPLAY") or ""
    if not shown:
        yield Finding("display", WARNING, "display none", {})
        return
    told = machine.run("xset", "q", seconds=3.0).out
    dark = "DPMS is Enabled" in told or ("timeout:" in told and told.split("timeout:")[1].split()[0] != "0")
    yield Finding("display", WARNING if dark else OK, "display sleeps" if dark else "display", {"display": shown})


def udp(machine: Machine) -> Finding:
    limit = machine.text("/proc/sys/net/core/rmem_max").strip()
    if not limit.isdigit():
        return Finding("udp", OK, "udp unknown", {})
    small = int(limit) < BUFFER
    words = {"mebibytes": int(limit) / (1 << 20), "kibibytes": int(limit) // 1024}
    return Finding("udp", WARNING if small else OK, "udp small" if small else "udp", words)


# In a process of its own, since some of these libraries end the process when the system has no MIDI.
SURVEY = """
import json
from hardware import midi_backends
print(json.dumps([found._asdict() for found in midi_backends.survey()]))
"""


def midi(machine: Machine) -> Finding:
    """Which library carries MIDI, and why not a better one."""
    ran = machine.python(SURVEY)
    if ran.code != 0:
        why = (ran.err.strip().splitlines() or [f"exit {ran.code}"])[-1]
        return Finding("midi", WARNING, "midi refused", {"backend": "-", "why": why})
    found = json.loads(ran.out.strip().splitlines()[-1])
    first, works = found[0], [row["name"] for row in found if row["works"]]
    if not works:
        return Finding("midi", WARNING, "midi refused", {"backend": first["name"], "why": first["fault"]})
    if works[0] == first["name"]:
        return Finding("midi", OK, "midi", {"backend": works[0]})
    words = {"backend": works[0], "better": first["name"], "why": first["fault"]}
    return Finding("midi", WARNING, "midi instead", words)


def clock(machine: Machine) -> Finding:
    """Whether the clock is held by NTP: two sites tell the same time only then."""
    chrony = machine.run("chronyc", "-n", "tracking", seconds=3.0)
    if chrony.code == 0:
        held = "Leap status     : Normal" in chrony.out
        return Finding("clock", OK if held else WARNING, "clock" if held else "clock free", {"by": "chrony"})
    systemd = machine.run("timedatectl", "show", "-p", "NTPSynchronized", "--value", seconds=3.0)
    if systemd.code == 0 and systemd.out.strip() in ("yes", "no"):
        held = systemd.out.strip() == "yes"
        return Finding("clock", OK if held else WARNING, "clock" if held else "clock free", {"by": "timedatectl"})
    return Finding("clock", WARNING, "clock unknown", {})


def disk(machine: Machine) -> Finding:
    folder = machine.home()
    free = machine.free(folder)
    words = {"gigabytes": free / 1e9, "folder": folder}
    if free < 0:
        return Finding("disk", FAULT, "disk closed", words)
    return Finding("disk", WARNING if free < ROOM else OK, "disk low" if free < ROOM else "disk", words)


def keys(machine: Machine) -> Finding:
    """Whether the site has its key pair, and keeps it to itself."""
    file = machine.home() / "keys" / "site.key"
    if not file.is_file():
        return Finding("keys", WARNING, "keys none", {})
    if os.name == "posix" and file.stat().st_mode & 0o077:
        return Finding("keys", FAULT, "keys open", {"file": file})
    return Finding("keys", OK, "keys", {"folder": file.parent})


def _doors(rig: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """The doors that a rig opens on this machine: kind, host, port."""
    for table in rig.get("device", {}).values():
        if isinstance(table.get("port"), int) and isinstance(table.get("driver"), str):
            yield "udp", str(table.get("host", "127.0.0.1")), table["port"]
    for table in rig.get("peer", {}).values():
        host, _, port = str(table.get("listen", "")).rpartition(":")
        if port.isdigit():
            yield "tcp", host.rpartition("/")[2].replace("*", "0.0.0.0") or "0.0.0.0", int(port)
    if isinstance(rig.get("console", {}).get("port"), int):
        yield "tcp", str(rig["console"].get("host", "127.0.0.1")), rig["console"]["port"]


def ports(machine: Machine) -> Iterator[Finding]:
    """Whether another program holds a port that the rig wants."""
    if not machine.rig:
        return
    try:
        doors = list(_doors(tomllib.loads(Path(machine.rig).read_text(encoding="utf-8"))))
    except (OSError, tomllib.TOMLDecodeError, AttributeError) as error:
        yield Finding("ports", FAULT, "ports unread", {"rig": machine.rig, "why": error})
        return
    taken = [door for door in doors if machine.taken(*door)]
    told = ", ".join(f"{kind} {host}:{port}" for kind, host, port in taken or doors)
    row = "ports taken" if taken else "ports"
    yield Finding("ports", FAULT if taken else OK, row, {"ports": told, "rig": machine.rig})


def flashes(machine: Machine) -> Iterator[Finding]:
    """Whether every window of the rig is kept from flashing."""
    if not machine.rig:
        return
    try:
        windows = dict(tomllib.loads(Path(machine.rig).read_text(encoding="utf-8")).get("window", {}))
        off = [name for name, table in windows.items() if table.get("flash_guard") is False]
    except (OSError, ValueError, TypeError, AttributeError):
        return  # the ports' check tells of a rig that cannot be read
    words = {"windows": ", ".join(off)}
    yield Finding("flashes", WARNING if off else OK, "flashes unguarded" if off else "flashes", words)


def inotify(machine: Machine) -> Iterator[Finding]:
    """Whether enough files may be watched for reload on save."""
    watches = machine.text("/proc/sys/fs/inotify/max_user_watches").strip()
    instances = machine.text("/proc/sys/fs/inotify/max_user_instances").strip()
    if watches.isdigit() and instances.isdigit():
        few = int(watches) < 8192 or int(instances) < 32
        words = {"watches": int(watches), "instances": int(instances)}
        yield Finding("inotify", WARNING if few else OK, "inotify few" if few else "inotify", words)


Check = Callable[[Machine], "Finding | Iterator[Finding]"]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("python", python),
    ("pygame", pygame),
    ("gl", picture),
    ("windows", windows),
    ("display", display),
    ("udp", udp),
    ("midi", midi),
    ("clock", clock),
    ("disk", disk),
    ("keys", keys),
    ("ports", ports),
    ("flashes", flashes),
    ("inotify", inotify),
)


def examine(machine: Machine, checks: tuple[tuple[str, Check], ...] = CHECKS) -> list[Finding]:
    """Every finding. A check that fails itself is a finding too and stops none of the others."""
    findings: list[Finding] = []
    for name, check in checks:
        try:
            found = check(machine)
            findings += [found] if isinstance(found, Finding) else found
        except Exception as error:
            findings.append(Finding(name, WARNING, "unexamined", {"why": f"{type(error).__name__}: {error}"}))
    return findings


def lacking(machine: Machine) -> list[str]:
    """Debian's packages without which nothing is drawn here; all that a window needs when GL itself is missing."""
    if not machine.platform.startswith("linux"):
        return []
    if isinstance(_context(machine), str):
        return list(GL_PACKAGES)
    return [name for finding in windows(machine) for name in finding.words["packages"].split()]


MARKS = {OK: "ok     ", WARNING: "warning", FAULT: "fault  "}
MARKS_FR = {OK: "bon      ", WARNING: "attention", FAULT: "défaut   "}


def report(findings: list[Finding], language: str) -> str:
    """The findings for a person, one line each, the action beneath."""
    marks = MARKS_FR if language == "fr" else MARKS
    lines = []
    for finding in findings:
        told = finding.told(language)
        lines.append(f"{marks[finding.state]}  {told['name']:9} {told['detail']}")
        if told["action"]:
            lines.append(f"{'':{len(marks[OK]) + 12}}→ {told['action']}")
    return "\n".join(lines)


def main(arguments: list[str], language: str = "en") -> int:
    """`jumelage doctor [--json] [--rig FILE]`. 0, or 3 where a finding is a fault."""
    parser = argparse.ArgumentParser(prog="jumelage doctor", epilog="jumelage doctor --json")
    parser.add_argument("--json", action="store_true", help='{"findings": [{"name", "state", "detail", "action"}]}')
    parser.add_argument("--rig", default="", help="look at the ports of this rig file, too")
    parser.add_argument("--lacking", action="store_true", help="print only the system packages that drawing needs")
    asked = parser.parse_args(arguments)
    machine = Machine(asked.rig)
    if asked.lacking:
        sys.stdout.writelines(f"{package}\n" for package in lacking(machine))
        return 0
    findings = examine(machine)
    told = {"findings": [finding.told(language) for finding in findings]}
    print(json.dumps(told, ensure_ascii=False) if asked.json else report(findings, language))
    return 3 if any(finding.state == FAULT for finding in findings) else 0


if __name__ == "__main__":
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    sys.exit(main(sys.argv[1:], "fr" if spoken.lower().startswith("fr") else "en"))
