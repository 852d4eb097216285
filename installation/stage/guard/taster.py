"""The stage's taster, `python -m installation.stage.guard.taster`: a warm process that draws every new scene first.

The stage asks, goes on drawing, and looks once a frame for the answer; it never waits. A taster that is silent for
longer than its step may take, or takes too much memory, is ended, and that is the answer.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from installation.clock import Clock
from installation.score.problem import Problem, Row, reported
from installation.score.scene import Scene
from installation.stage.guard.admitted import Admitted
from installation.stage.guard.tasting import LENGTH, Order, Said
from installation.stage.passes import Size

NICE = 5
"""Added to the stage's own: tasting takes what the picture leaves."""
STARTING = 20.0
MEMORY = 2 << 30
"""Bytes that a scene may take while it is tasted: its targets, 1 GiB at most, and as much again for the compiler."""
WATCHED = 0.05
PATIENCE = 0.5
"""Seconds that a scene which nobody waits for any more may still be tasted."""
VERDICTS = 16
OUTSIDE = (-signal.SIGTERM, -int(getattr(signal, "SIGKILL", 9)))
LAME = 3
"""So many deaths in a row before a first word, and scenes go on air untasted, as where no process can be started."""

ENDLESS = Row(
    (
        "{name}: a frame had not ended after {seconds:g} s",
        "a frame in a few hundredths of a second",
        "look for a loop without an end, or lighten it; the last good picture stays",
    ),
    (
        "{name} : une image n'était pas finie après {seconds:g} s",
        "une image en quelques centièmes de seconde",
        "cherchez une boucle sans fin, ou allégez-la ; la dernière bonne image reste",
    ),
)
SLOW = Row(
    (
        "{name}: did not finish compiling in {seconds:g} s",
        "a shader that compiles in a second or two",
        "shorten or nest less its loops of constant length (a driver may unroll them); the last good picture stays",
    ),
    (
        "{name} : pas encore compilé après {seconds:g} s",
        "un shader compilé en une seconde ou deux",
        "raccourcissez ou imbriquez moins ses boucles de longueur constante (un pilote peut les dérouler) ; "
        "la dernière bonne image reste",
    ),
)
HEAVY = Row(
    (
        "{name}: takes more than {most} MB of memory",
        "at most {most} MB",
        "make its passes, or its arrays in Python, smaller or fewer; without FLOAT; the last good picture stays",
    ),
    (
        "{name} : prend plus de {most} Mo de mémoire",
        "au plus {most} Mo",
        "réduisez ses passes, ou ses tableaux en Python ; ôtez FLOAT ; la dernière bonne image reste",
    ),
)
DIED = Row(
    (
        "{name}: the graphics driver broke down under it ({code})",
        "a shader that the driver bears",
        "undo the last change, or try a smaller picture; the last good picture stays",
    ),
    (
        "{name} : le pilote graphique y a succombé ({code})",
        "un shader que le pilote supporte",
        "annulez le dernier changement, ou réduisez l'image ; la dernière bonne image reste",
    ),
)


LEFT = Row(
    (
        "{name}: the process that ran it has ended ({code})",
        "Python that leaves its process be",
        "look for os._exit, for signals, for a library that breaks down; the last good picture stays",
    ),
    (
        "{name} : le processus qui l'exécutait a pris fin ({code})",
        "du Python qui laisse vivre son processus",
        "cherchez os._exit, un signal, une bibliothèque qui échoue ; la dernière bonne image reste",
    ),
)


def every(scene: Scene) -> Iterator[Scene]:
    """A scene and those within it."""
    yield scene
    for layer in scene.layers:
        if layer.scene is not None:
            yield from every(layer.scene)


class Verdict(NamedTuple):
    """What became of an order: without problems it is admitted, with milliseconds a frame by layer.

    `overrun` says that the process was lost over it: what it was drawn with may be at fault, not its text.
    """

    key: bytes
    problems: tuple[Problem, ...]
    costs: dict[str, float]
    overrun: bool = False


class Wanted(NamedTuple):
    """An order as the stage knows it."""

    key: bytes
    order: Order


class Taster:
    """One process, started at `start` and again whenever it has died. `poll` is called once a frame."""

    def __init__(self, clock: Clock, admitted: Admitted | None = None, command: tuple[str, ...] = ()) -> None:
        self._clock, self.admitted = clock, admitted or Admitted(None)
        self._command = command or (sys.executable, "-m", "installation.stage.guard.taster")
        self._process: subprocess.Popen[bytes] | None = None
        self._number = self._deaths = self._killed = 0
        self._ready = self._hurried = False
        self._now: Wanted | None = None
        self._next: Wanted | None = None
        self._verdicts: dict[bytes, Verdict] = {}
        self._step, self._due, self._look = Said("ready"), 0.0, 0.0
        self._out, self._in = bytearray(), bytearray()
        self._dead: list[subprocess.Popen[bytes]] = []

    @property
    def lame(self) -> bool:
        """Whether no taster can be had on this machine."""
        return self._deaths >= LAME

    @property
    def busy(self) -> bool:
        """Whether anything is being tasted."""
        return self._now is not None or self._next is not None

    @property
    def pid(self) -> int:
        """The process; 0 while there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Starts the process; an order does so too."""
        if self._process is not None or self.lame:
            return
        self._ready, self._due = False, self._clock.now() + STARTING
        self._out, self._in = bytearray(), bytearray()
        # Half the machine at most is taken from the picture where the driver draws with the processor.
        environment = {**os.environ, "LP_NUM_THREADS": "1"}
        try:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0
            )
        except OSError:
            self._deaths = LAME
            return
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + NICE)

    def taste(
        self, key: bytes, scene: Scene, peers: tuple[str, ...], row: npt.NDArray[np.float64], size: Size, time: float
    ) -> None:
        """Asks for a verdict on a scene, under a key of the stage's; of several that wait, the last one counts."""
        self._number += 1
        self._verdicts.pop(key, None)
        self._next = Wanted(key, Order(self._number, scene, peers, tuple(row.tolist()), size, time))
        if self._now is not None:
            self._due, self._hurried = min(self._due, self._clock.now() + PATIENCE), True
        self.start()

    def verdict(self, key: bytes) -> Verdict | None:
        """The verdict under this key, given once; None while there is none."""
        return self._verdicts.pop(key, None)

    def knows(self, key: bytes) -> bool:
        """Whether there is a verdict under this key, or will be."""
        return key in self._verdicts or any(one is not None and one.key == key for one in (self._now, self._next))

    def poll(self) -> None:
        """Takes in what has come, judges what has not. Never waits."""
        now = self._clock.now()
        process = self._process
        if process is None:
            if self.busy:
                self.start()
            return
        self._hear(now)
        if process.poll() is not None:
            self._lost(DIED)
        elif (self._now is not None or not self._ready) and now >= self._due:
            self._lost(SLOW if self._step.what == "compiling" else ENDLESS)
        elif self._now is not None and now >= self._look:
            self._look = now + WATCHED
            if resident(process.pid) > MEMORY:
                self._lost(HEAVY)
        if self._now is None and self._next is not None and self._ready:
            self._now, self._next, self._hurried = self._next, None, False
            body = msgspec.msgpack.encode(self._now.order)
            self._out += LENGTH.pack(len(body)) + body
            self._due = now + STARTING
        self._send()

    def _hear(self, now: float) -> None:
        assert self._process is not None and self._process.stdout is not None
        with contextlib.suppress(BlockingIOError, OSError):
            while data := os.read(self._process.stdout.fileno(), 65536):
                self._in += data
        while len(self._in) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._in)[0]
            if len(self._in) < end:
                return
            said = msgspec.msgpack.decode(bytes(self._in[LENGTH.size : end]), type=Said)
            del self._in[:end]
            self._take(said, now)

    def _take(self, said: Said, now: float) -> None:
        if said.kind == "ready":
            self._ready, self._deaths = True, 0
        elif self._now is not None and said.number == self._now.order.number:
            self._step = said
            self._due = min(self._due, now + said.seconds) if self._hurried else now + said.seconds
            if said.kind == "done":
                self._done(tuple(reported(one) for one in said.problems), said.costs)

    def _done(self, problems: tuple[Problem, ...], costs: dict[str, float], overrun: bool = False) -> None:
        assert self._now is not None
        if not problems:
            self.admitted.add(self._now.order.scene.digest)
        self._verdicts[self._now.key] = Verdict(self._now.key, problems, costs, overrun)
        self._now = None
        while len(self._verdicts) > VERDICTS:  # those of texts that were written over meanwhile
            del self._verdicts[next(iter(self._verdicts))]

    def _lost(self, why: Row) -> None:
        """The process is at fault or gone: it is ended, what it tasted is refused, and another is started."""
        assert self._process is not None
        if not self._ready:
            self._deaths += 1
        code = self._end()
        if self._now is not None and self._hurried:
            self._now = None  # not judged: it was given too little time
        elif self._now is not None and code in OUTSIDE and self._killed != self._now.order.number:
            # An operator, or a machine short of memory: once, that says nothing against the scene.
            self._killed = self._now.order.number
            self._next, self._now = self._next or self._now, None
        elif self._now is not None:
            scene = self._now.order.scene
            why = LEFT if why is DIED and any(one.code for one in every(scene)) else why
            words = {"name": scene.name, "seconds": self._step.seconds, "most": MEMORY >> 20, "code": code}
            # A step of Python's is taken while the engine's own shader is drawn, which is not what is at fault.
            own = scene.code.main.file if scene.code and self._step.what == "drawing" else self._step.file
            file = own or (scene.files[0] if scene.files else scene.name)
            self._done((Problem(file, 0, why, words),), {}, overrun=True)
        self.start()

    def _send(self) -> None:
        if self._out and self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(BlockingIOError, BrokenPipeError):
                del self._out[: os.write(self._process.stdin.fileno(), self._out)]

    def _end(self) -> int | None:
        """Ends the process without waiting for it; gives the exit code that it has come to by itself."""
        process, self._process = self._process, None
        if process is None:
            return None
        code = process.poll()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        # One stuck in the driver is not waited for; it is reaped when it has gone.
        self._dead = [one for one in (*self._dead, process) if one.poll() is None]
        return code

    def close(self) -> None:
        """Ends the process."""
        self._end()
        for process in self._dead:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)


def resident(pid: int) -> int:
    """A process's resident memory in bytes; 0 where it cannot be told."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    from installation.stage.guard.tasting import main

    sys.exit(main())
