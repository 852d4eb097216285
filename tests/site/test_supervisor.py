"""The supervisor with real child processes: they are killed, stopped, flooded; waits have deadlines, nothing sleeps."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.supervisor import BACK_OFF, LOG_BYTES, Child, Notice, Supervisor, read

CHILD = str(Path(__file__).with_name("child.py"))
ROOT = Path(__file__).parents[2]


def child(name: str, mode: str = "live", **options: Any) -> Child:
    return Child(name, [sys.executable, "-S", CHILD, mode], **{"start_patience": 20.0, **options})


class Watch:
    """A supervisor stepped until a condition holds, with what it said."""

    def __init__(self, *children: Child) -> None:
        self.notices: list[Notice] = []
        self.supervisor = Supervisor(children, self.notices.append)
        self.supervisor.start()

    def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> float:
        """Seconds it took. Fails at the deadline."""
        start = time.monotonic()
        while not condition():
            assert time.monotonic() - start < seconds, (self.supervisor.status(), self.notices)
            self.supervisor.step(0.05)
        return time.monotonic() - start

    def pid(self, name: str) -> int:
        return int(self.supervisor.status()[name]["pid"])

    def state(self, name: str) -> str:
        return str(self.supervisor.status()[name]["state"])

    def restarts(self, name: str) -> int:
        return int(self.supervisor.status()[name]["restarts"])

    def said(self, kind: str) -> list[Notice]:
        return [notice for notice in self.notices if notice.kind == kind]


@pytest.fixture
def watch() -> Iterator[Callable[..., Watch]]:
    made: list[Watch] = []

    def make(*children: Child) -> Watch:
        made.append(Watch(*children))
        return made[-1]

    yield make
    for one in made:
        one.supervisor.stop()


def alive(pid: int) -> bool:
    """Whether a process lives; a zombie that nobody reaps does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_a_killed_child_is_back_within_two_seconds_and_its_neighbour_undisturbed(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage"), child("control"))
    site.until(site.supervisor.ready)
    stage, control = site.pid("stage"), site.pid("control")
    os.kill(stage, signal.SIGKILL)
    assert site.until(lambda: site.restarts("stage") == 1 and site.state("stage") == "running") < 10.0
    assert site.pid("stage") != stage
    assert (site.pid("control"), site.restarts("control")) == (control, 0)
    assert "SIGKILL" in site.said("died")[0].told()


def test_a_stopped_child_is_killed_and_restarted(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "steady"), child("control"))
    site.until(site.supervisor.ready)
    stage, control = site.pid("stage"), site.pid("control")
    os.kill(stage, signal.SIGSTOP)
    site.until(lambda: site.restarts("stage") == 1 and site.state("stage") == "running")
    assert not alive(stage)
    assert site.said("hung")
    assert (site.pid("control"), site.restarts("control")) == (control, 0)


def test_a_child_that_never_says_a_word_is_restarted_when_its_start_has_lasted_too_long(
    watch: Callable[..., Watch],
) -> None:
    site = watch(child("stage", "mute", start_patience=0.3))
    site.until(lambda: site.restarts("stage") >= 2)
    assert site.said("late")


def test_a_child_that_must_say_ready_and_only_beats_is_restarted(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "slow", start_patience=0.5, patience=0.1, says_ready=True))
    site.until(lambda: site.restarts("stage") >= 1)
    assert site.said("late")


def test_a_child_that_announced_a_compilation_is_left_in_peace(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "compiling", patience=0.4))
    site.until(lambda: site.state("stage") == "compiling")
    site.until(lambda: site.state("stage") == "running")
    assert site.restarts("stage") == 0


def test_a_child_that_floods_its_pipe_is_slowed_down_and_its_neighbour_undisturbed(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "flood", critical=False), child("control"))
    site.until(lambda: bool(site.said("flood")))
    control = site.pid("control")
    os.kill(control, signal.SIGKILL)
    site.until(lambda: site.restarts("control") == 1 and site.state("control") == "running")
    assert site.restarts("stage") == 0


def test_a_child_that_dies_again_and_again_is_restarted_more_and_more_slowly(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "die"), child("control"))
    site.until(lambda: len(site.said("died")) == 4)
    assert [notice.words["delay"] for notice in site.said("died")] == list(BACK_OFF[:4])
    assert "exit 3" in site.said("died")[0].told("fr")
    assert site.restarts("control") == 0


def test_a_command_that_does_not_exist_is_told_and_tried_again(watch: Callable[..., Watch]) -> None:
    site = watch(Child("stage", ["/nowhere/stage"]))
    site.until(lambda: len(site.said("absent")) == 3)
    assert site.pid("stage") == 0


def test_a_scene_under_which_a_child_died_twice_is_avoided(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "fatal"))
    site.until(lambda: site.state("stage") == "running" and site.restarts("stage") == 2)
    assert site.said("avoid")[0].words["scene"] == "bad1"
    site.supervisor.step(0.2)
    assert site.restarts("stage") == 2


def test_a_scene_that_never_ends_compiling_is_avoided_at_once(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "endless", patience=0.5))
    site.until(lambda: site.state("stage") == "running" and site.restarts("stage") == 1)
    assert site.said("avoid")[0].words["scene"] == "bad1"


def test_a_scene_is_not_blamed_for_a_death_that_came_from_outside(watch: Callable[..., Watch]) -> None:
    site = watch(child("stage", "steady"))
    for number in (1, 2):
        site.until(lambda: site.state("stage") == "running")
        os.kill(site.pid("stage"), signal.SIGKILL)
        site.until(lambda number=number: site.restarts("stage") == number)  # type: ignore[misc]
    assert not site.said("avoid")


def test_stop_ends_the_stubborn_the_stopped_and_the_grandchildren_in_under_a_second(
    watch: Callable[..., Watch], tmp_path: Path
) -> None:
    log = tmp_path / "parent.log"
    site = watch(child("stage", "stubborn"), child("frozen"), child("parent", "parent", log=str(log)))
    site.until(site.supervisor.ready)
    os.kill(site.pid("frozen"), signal.SIGSTOP)
    pids = [int(log.read_text().split()[1]), *(site.pid(name) for name in ("stage", "frozen", "parent"))]
    site.supervisor.stop()
    assert not any(alive(pid) for pid in pids)
    assert {row["state"] for row in site.supervisor.status().values()} == {"stopped"}


def test_the_grandchildren_of_a_child_that_died_are_killed_with_it(watch: Callable[..., Watch], tmp_path: Path) -> None:
    log = tmp_path / "parent.log"
    site = watch(child("parent", "parent", log=str(log)))
    site.until(site.supervisor.ready)
    below = int(log.read_text().split()[1])
    os.kill(site.pid("parent"), signal.SIGKILL)
    site.until(lambda: not alive(below))


def test_what_a_child_prints_is_kept_within_bounds(watch: Callable[..., Watch], tmp_path: Path) -> None:
    log = tmp_path / "stage.log"
    site = watch(child("stage", "chatty", log=str(log)))
    site.until(lambda: Path(f"{log}.1").exists())
    site.supervisor.stop()
    assert log.stat().st_size < 64 * LOG_BYTES


def test_it_runs_in_a_thread_and_stops_from_another(watch: Callable[..., Watch]) -> None:
    supervisor = Supervisor([child("stage")])
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    deadline = time.monotonic() + 20.0
    reached = threading.Event()
    while not supervisor.ready() and time.monotonic() < deadline:
        reached.wait(0.01)
    pid = supervisor.status()["stage"]["pid"]
    assert supervisor.ready()
    supervisor.stop()
    thread.join(5.0)
    assert not thread.is_alive()
    assert not alive(pid)


def test_as_a_program_it_tells_systemd_and_its_children_leave_when_it_is_killed(tmp_path: Path) -> None:
    spec = tmp_path / "site.json"
    spec.write_text(json.dumps({"children": [{"name": "stage", "command": [sys.executable, "-S", CHILD, "live"]}]}))
    door = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(door))
        ear.settimeout(20.0)
        environment = {**os.environ, "NOTIFY_SOCKET": str(door), "WATCHDOG_USEC": "200000", "LANG": "fr_FR.UTF-8"}
        environment.pop("LC_ALL", None)
        with subprocess.Popen(
            [sys.executable, "-m", "installation.supervisor", str(spec)],
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stderr is not None
            told = process.stderr.readline()
            heard = {ear.recv(64)}
            while heard < {b"READY=1", b"WATCHDOG=1"}:
                heard.add(ear.recv(64))
            process.kill()
    assert "lancé" in told
    pid = int(told.split()[-1].rstrip(")"))
    deadline = time.monotonic() + 10.0
    while alive(pid) and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            os.sched_yield()
    assert not alive(pid)


def test_as_a_program_it_ends_its_children_on_sigterm(tmp_path: Path) -> None:
    spec = tmp_path / "site.json"
    spec.write_text(json.dumps({"children": [{"name": "stage", "command": [sys.executable, "-S", CHILD, "live"]}]}))
    with subprocess.Popen(
        [sys.executable, "-m", "installation.supervisor", str(spec)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        pid = int(process.stderr.readline().split()[-1].rstrip(")"))
        process.terminate()
        assert process.wait(10.0) == 0
    assert not alive(pid)


def test_a_specification_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    spec = tmp_path / "site.json"
    spec.write_text('{"children": [{"nam": "stage"}]}')
    with pytest.raises(ValueError, match=r"site\.json"):
        read(str(spec))
