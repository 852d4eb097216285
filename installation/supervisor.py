"""Starts the processes of a site, watches their heartbeats, restarts those that die or hang; knows nothing of the work.

Each child gets `--heartbeat FD` at the end of its command and writes lines there: `beat` (four a second), `compiling N`
(silent for up to N seconds, on purpose), `scene DIGEST` (what it draws from now on), `ready`. Only the supervisor holds
the reading end, so when the supervisor dies the next line fails with EPIPE, and the child exits by itself.

Stdlib only; imports nothing of ours. POSIX only: Windows has no process groups and passes no descriptors.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

BACK_OFF = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 5.0)
"""Seconds before the first, second, … restart in a row."""
WELL = 30.0
"""Seconds of life after which a death counts as the first again."""
BLAMED, BLAME_SPAN = 2, 60.0
"""So many deaths within so many seconds under one scene, and the scene is not loaded again."""
LONGEST_COMPILE = 120.0
READ, LINE, REST = 65536, 512, 0.05
"""Bytes heard of one child in REST seconds at most: beyond them it is not read, and its own full pipe holds it back."""
LOG_BYTES = 1 << 20

SAYINGS = {
    "started": ("{child}: started (process {pid})", "{child} : lancé (processus {pid})"),
    "absent": ("{child}: cannot be started: {why}", "{child} : impossible à lancer : {why}"),
    "died": ("{child}: died ({why}); back in {delay:g} s", "{child} : mort ({why}) ; relancé dans {delay:g} s"),
    "hung": (
        "{child}: no sign of life for {seconds:.1f} s; killed, back in {delay:g} s",
        "{child} : aucun signe de vie depuis {seconds:.1f} s ; tué, relancé dans {delay:g} s",
    ),
    "late": (
        "{child}: not ready after {seconds:.1f} s; killed, back in {delay:g} s",
        "{child} : pas prêt après {seconds:.1f} s ; tué, relancé dans {delay:g} s",
    ),
    "flood": ("{child}: floods its heartbeat pipe; slowed down", "{child} : sature son canal de vie ; ralenti"),
    "avoid": (
        "{child}: brought down by the scene {scene}; it is not loaded again until it changes",
        "{child} : mis à terre par la scène {scene} ; elle n'est plus chargée tant qu'elle ne change pas",
    ),
    "spec": ("{file}: {why}; expected {{\"children\": [{{\"name\", \"command\"}}]}}",
             "{file} : {why} ; attendu : {{\"children\": [{{\"name\", \"command\"}}]}}"),
}  # fmt: skip
"""Each message in English and in French."""


class Notice(NamedTuple):
    """Something a person may want to know of a child: a key of SAYINGS and the words that fill it."""

    kind: str
    words: dict[str, Any]

    def told(self, language: str = "en") -> str:
        """The sentence in `language` ("en" or "fr")."""
        return SAYINGS[self.kind][language == "fr"].format(**self.words)


@dataclass(frozen=True)
class Child:
    """One process to keep alive.

    `patience` is the longest silence in seconds, `start_patience` the longest time to its first line, or to its `ready`
    where `says_ready`. A site is ready when all its `critical` children run. `nice` is added to ours. What the child
    prints goes to `log` (a file kept under 1 MiB, the one before beside it as `.1`), else to our stderr.
    """

    name: str
    command: Sequence[str]
    patience: float = 1.0
    start_patience: float = 20.0
    critical: bool = True
    says_ready: bool = False
    nice: int = 0
    log: str = ""
    environment: dict[str, str] = field(default_factory=dict)


class _Watched:
    """A child as it is now. `due` is when to act: the end of patience while it lives, the restart while it waits."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.pipe = self.end = -1
        self.state, self.since, self.born, self.due, self.deaf_until = "waiting", 0.0, 0.0, 0.0, 0.0
        self.launches = self.failures = 0
        self.rest, self.volume, self.heard_since, self.flooding = b"", 0, 0.0, False
        self.scene, self.avoid, self.overdue = "", "", False
        self.deaths: deque[tuple[float, str]] = deque(maxlen=8)

    def become(self, state: str, now: float) -> None:
        if state != self.state:
            self.state, self.since = state, now

    def command(self, heartbeat: int) -> list[str]:
        avoid = ["--avoid", self.avoid] if self.avoid else []
        return [*self.child.command, *avoid, "--heartbeat", str(heartbeat)]

    def lines(self, data: bytes) -> list[bytes]:
        """The whole lines of what was read; an endless one is cut, not kept."""
        *whole, rest = (self.rest + data).split(b"\n")
        self.rest = rest[:LINE]
        return whole

    def too_much(self, count: int, now: float) -> bool:
        """Whether `count` more bytes are over what a child may say in REST seconds."""
        if now - self.heard_since > REST:
            self.volume, self.heard_since = 0, now
        self.volume += count
        return self.volume >= READ

    def heard(self, line: bytes, now: float) -> None:
        """Takes one line of the heartbeat in. What is no word of it is no sign of life either."""
        word, _, tail = line.strip().partition(b" ")
        if word not in _WORDS:
            return
        if word == b"scene" and _DIGEST.fullmatch(tail):
            self.scene = tail.decode()
        seconds = _seconds(tail) if word == b"compiling" else self.child.patience
        starting = self.state == "starting" and self.child.says_ready and word != b"ready"
        if not starting:
            self.become("compiling" if word == b"compiling" else "running", now)
        self.due = max(self.due, now + seconds) if starting else now + max(seconds, self.child.patience)

    def failed(self, now: float) -> float:
        """Counts one failure; the seconds to wait before the next start."""
        if self.launches and now - self.born >= WELL:
            self.failures = 0
        delay = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
        self.failures += 1
        return delay

    def blame(self, now: float) -> bool:
        """Whether the scene has now brought the child down once too often."""
        # One that outlasts even the time announced for compiling does so again: once is enough.
        self.deaths.extend([(now, self.scene)] * (BLAMED if self.overdue else 1))
        under = [at for at, scene in self.deaths if scene == self.scene and now - at <= BLAME_SPAN]
        if not self.scene or self.scene == self.avoid or len(under) < BLAMED:
            return False
        self.avoid = self.scene
        return True


_WORDS = frozenset((b"beat", b"compiling", b"scene", b"ready"))
_DIGEST = re.compile(rb"[0-9A-Za-z][0-9A-Za-z:._-]{0,127}")
# A death that comes from outside (an operator, the machine running out of memory) says nothing against the scene.
_OUTSIDE = frozenset((-signal.SIGTERM, -signal.SIGINT, -getattr(signal, "SIGKILL", 9), -getattr(signal, "SIGHUP", 1)))


class Supervisor:
    """Keeps children alive. Drive it by `run` (in a thread, or as a process) or call `step` from a loop of your own."""

    def __init__(
        self,
        children: Sequence[Child],
        log: Callable[[Notice], object] = lambda notice: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watched = {child.name: _Watched(child) for child in children}
        self._log, self._clock = log, clock
        self._lock = threading.RLock()
        self._selector = selectors.DefaultSelector()
        self._ear, self._wake = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._wake, False)
        self._selector.register(self._ear, selectors.EVENT_READ, None)
        self._stopping = False
        self._systemd = Systemd(os.environ)

    def start(self) -> None:
        """Starts every child."""
        with self._lock:
            for watched in self._watched.values():
                self._launch(watched)

    def run(self) -> None:
        """Starts the children and keeps them alive until `stop` is called from elsewhere (a thread, a signal)."""
        self.start()
        while not self._stopping:
            self.step(5.0)

    def step(self, longest: float = 0.0) -> None:
        """Waits up to `longest` seconds for something to happen, then does all that is due."""
        heard = self._selector.select(self._patience(longest))
        with contextlib.suppress(BlockingIOError):
            os.read(self._ear, READ)
        with self._lock:
            if self._stopping:
                return
            for key, _ in heard:
                self._hear(key)
            for watched in self._watched.values():
                self._judge(watched, self._clock())
            self._systemd.tell(self._clock(), self.ready())

    def ready(self) -> bool:
        """Whether every critical child has started and lives."""
        return all(w.state in ("running", "compiling") for w in self._watched.values() if w.child.critical)

    def status(self) -> dict[str, dict[str, Any]]:
        """Each child's pid (0 while it has none), state, restarts, and since when (on our clock) it is so."""
        with self._lock:
            return {
                name: {
                    "pid": watched.process.pid if watched.process else 0,
                    "state": watched.state,
                    "restarts": max(0, watched.launches - 1),
                    "since": watched.since,
                }
                for name, watched in self._watched.items()
            }

    def hush(self) -> None:
        """Ends `run` at its next step; safe in a signal handler. `stop` then ends the children."""
        self._stopping = True
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake, b".")

    def stop(self, seconds: float = 0.5) -> None:
        """Ends every child with its whole process group: SIGTERM, and SIGKILL for those left after `seconds`."""
        self.hush()
        with self._lock:
            self._systemd.say("STOPPING=1")
            alive = [w for w in self._watched.values() if w.process]
            for watched in alive:
                _signal_group(watched, signal.SIGTERM)
                _signal_group(watched, signal.SIGCONT)
            _await(alive, time.monotonic() + seconds)
            for watched in alive:
                self._bury(watched)
            for watched in self._watched.values():
                watched.become("stopped", self._clock())

    def _patience(self, longest: float) -> float:
        """Seconds until the first thing that is due; 0 when one is."""
        now = self._clock()
        dues = [w.due for w in self._watched.values()] + [w.deaf_until for w in self._watched.values() if w.deaf_until]
        if not hasattr(os, "pidfd_open"):
            dues.append(now + 0.1)
        return max(0.0, min([longest, *(due - now for due in dues), self._systemd.next - now]))

    def _launch(self, watched: _Watched) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        now = self._clock()
        watched.launches += 1
        watched.born, watched.rest, watched.scene, watched.deaf_until = now, b"", "", 0.0
        watched.flooding = watched.overdue = False
        try:
            watched.process = _spawn(watched, writer)
        except OSError as error:
            os.close(reader)
            self._fall(watched, "absent", why=error.strerror or str(error))
            return
        finally:
            os.close(writer)
        watched.pipe, watched.due = reader, now + watched.child.start_patience
        watched.become("starting", now)
        self._selector.register(reader, selectors.EVENT_READ, watched)
        if hasattr(os, "pidfd_open"):
            watched.end = os.pidfd_open(watched.process.pid)
            self._selector.register(watched.end, selectors.EVENT_READ, watched)
        self._log(Notice("started", {"child": watched.child.name, "pid": watched.process.pid}))

    def _hear(self, key: selectors.SelectorKey) -> None:
        """Reads one child's pipe."""
        watched: _Watched | None = key.data
        if watched is None or key.fd != watched.pipe:
            return
        try:
            data = os.read(watched.pipe, READ)
        except BlockingIOError:
            return
        now = self._clock()
        for line in watched.lines(data):
            watched.heard(line, now)
        if not data:
            self._deafen(watched, float("inf"))
        elif watched.too_much(len(data), now):
            self._deafen(watched, now + REST)
            if not watched.flooding:
                watched.flooding = True
                self._log(Notice("flood", {"child": watched.child.name}))

    def _deafen(self, watched: _Watched, until: float) -> None:
        self._selector.unregister(watched.pipe)
        watched.deaf_until = until

    def _judge(self, watched: _Watched, now: float) -> None:
        """Does what is due for one child: restart it, bury it, kill it, or let it be."""
        if watched.deaf_until and now >= watched.deaf_until:
            watched.deaf_until = 0.0
            self._selector.register(watched.pipe, selectors.EVENT_READ, watched)
        if watched.process is None:
            if now >= watched.due:
                self._launch(watched)
            return
        _bound(watched.child.log)
        code = watched.process.poll()
        if code is not None:
            self._fall(watched, "died", code not in _OUTSIDE, why=_cause(code, watched.child.log))
        elif now >= watched.due:
            late, watched.overdue = watched.state == "starting", watched.state == "compiling"
            patience = watched.child.start_patience if late else now - watched.due + watched.child.patience
            self._fall(watched, "late" if late else "hung", not _halted(watched.process.pid), seconds=patience)

    def _fall(self, watched: _Watched, kind: str, guilty: bool = False, **words: Any) -> None:
        """A child is lost: clears up after it and sets the time of its return."""
        now = self._clock()
        self._bury(watched)
        delay = watched.failed(now)
        watched.due = now + delay
        watched.become("waiting", now)
        self._log(Notice(kind, {"child": watched.child.name, "delay": delay, **words}))
        if guilty and watched.blame(now):
            self._log(Notice("avoid", {"child": watched.child.name, "scene": watched.avoid}))
        if not delay and not self._stopping:
            self._launch(watched)

    def _bury(self, watched: _Watched) -> None:
        """Kills what is left of a child's process group, reaps it, closes its descriptors."""
        if watched.process is None:
            return
        _signal_group(watched, signal.SIGKILL)
        # One stuck in the driver (state D) cannot be reaped now; it is left to init rather than waited for.
        with contextlib.suppress(subprocess.TimeoutExpired):
            watched.process.wait(0.3)
        for number in (watched.pipe, watched.end):
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(number)
            if number >= 0:
                os.close(number)
        watched.pipe = watched.end = -1
        watched.process, watched.deaf_until = None, 0.0


class Systemd:
    """Tells systemd that the site is ready and that we live (sd_notify's datagrams), where it listens."""

    def __init__(self, environment: Any) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        microseconds = environment.get("WATCHDOG_USEC", "")
        self._period = int(microseconds) / 2e6 if self._address and microseconds.isdigit() else float("inf")
        self.next = float("-inf") if self._period < float("inf") else float("inf")
        self._ready = False

    def tell(self, now: float, ready: bool) -> None:
        """READY=1 once, WATCHDOG=1 at half the interval that systemd gave."""
        if ready and not self._ready:
            self._ready = True
            self.say("READY=1")
        if now >= self.next:
            self.next = now + self._period
            self.say("WATCHDOG=1")

    def say(self, words: str) -> None:
        """One datagram; a systemd that does not listen is no matter."""
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.sendto(words.encode(), self._address)


def _spawn(watched: _Watched, heartbeat: int) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own. Its output never reaches our stdout, which may carry JSON."""
    child = watched.child
    ours = {key: value for key, value in os.environ.items() if key not in ("NOTIFY_SOCKET", "WATCHDOG_USEC")}
    with _log(child.log) as out:
        process = subprocess.Popen(
            watched.command(heartbeat),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=(heartbeat,),
            start_new_session=True,
            env={**ours, **child.environment},
        )
    if child.nice:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + child.nice)
    return process


def _log(path: str) -> Any:
    """Where a child prints: its log, or our stderr when it has none or the disk gives none. Its folder may be gone."""
    if path:
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
            return open(path, "ab")
    return contextlib.nullcontext(2)


def _signal_group(watched: _Watched, number: int) -> None:
    if watched.process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(watched.process.pid, number)


def _await(alive: list[_Watched], deadline: float) -> None:
    """Waits for children to end, all of them together until `deadline`."""
    for watched in alive:
        if watched.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                watched.process.wait(max(0.0, deadline - time.monotonic()))


def _seconds(tail: bytes) -> float:
    try:
        return min(max(float(tail), 0.0), LONGEST_COMPILE)
    except ValueError:
        return 0.0


def _cause(code: int, log: str) -> str:
    """An exit status in a person's words, with the last line that the child printed."""
    try:
        name = f"exit {code}" if code >= 0 else signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    last = _last_line(log)
    return f"{name}: {last}" if last else name


def _last_line(log: str) -> str:
    try:
        with open(log, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 4096))
            lines = file.read().decode(errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")


def _halted(pid: int) -> bool:
    """Whether the process is stopped (SIGSTOP, a debugger) rather than hung by its own doing; Linux only."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] in (b"T", b"t")
    except (OSError, IndexError):
        return False


def _bound(log: str) -> None:
    """Keeps a log under LOG_BYTES. Emptied in place, since the child holds it open (for appending)."""
    if log:
        with contextlib.suppress(OSError):
            if os.stat(log).st_size > LOG_BYTES:
                shutil.copyfile(log, log + ".1")
                os.truncate(log, 0)


def language() -> str:
    """The person's language by the environment: "fr" or "en"."""
    spoken = (
        os.environ.get("JUMELAGE_LANG")
        or os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or ""
    )
    return "fr" if spoken.lower().startswith("fr") else "en"


def read(file: str) -> list[Child]:
    """The children of a specification (JSON: {"children": [{"name", "command", … as in Child}]}). Raises ValueError."""
    try:
        with open(file, encoding="utf-8") as text:
            return [Child(**row) for row in json.load(text)["children"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(Notice("spec", {"file": file, "why": error}).told(language())) from None


def main(arguments: Sequence[str]) -> int:
    """`python -m installation.supervisor SPEC.json`: runs until SIGTERM or SIGINT."""
    if len(arguments) != 1:
        print("python -m installation.supervisor SPEC.json", file=sys.stderr)
        return 2
    try:
        children = read(arguments[0])
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    spoken = language()
    supervisor = Supervisor(children, lambda notice: print(notice.told(spoken), file=sys.stderr, flush=True))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: supervisor.hush())
    supervisor.run()
    supervisor.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
