"""What a Python scene declares: `python -m installation.declare FILE` prints its table as JSON.

Control never runs an artist's Python. This child does, with a limit of time and memory, and hands back plain data; it
is no cage for hostile code, which is not run at all. With `-` it takes the texts from stdin (score.code.Code).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Any

import msgspec

from installation.score.class_table import declared
from installation.score.code import Code, Overtime
from installation.score.problem import Fault, Problem, Row, sent

LIMIT = 5.0
"""Seconds in which a scene's file must have been read through."""
ROOM = 1 << 30
"""Bytes of memory beyond what Python and NumPy take for themselves."""

OVERTIME = 124
"""How the child ends that an alarm did not stop."""

ENDLESS = Row(
    ("its file was still being read after {seconds:g} s", "an import that ends at once",
     "look for a loop without an end; do long work in `start`"),
    ("son fichier n'était pas lu après {seconds:g} s", "un import qui finit aussitôt",
     "cherchez une boucle sans fin ; faites les longs calculs dans `start`"),
)  # fmt: skip


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The table with the line of each path, or the problems that kept it from being had (problem.sent)."""

    table: dict[str, Any] = {}
    lines: list[tuple[list[str | int], int]] = []
    problems: list[dict[str, Any]] = []


def answer(code: Code, seconds: float = LIMIT) -> Answer:
    """What a scene declares; its text is run for it."""
    try:
        with _limited(seconds):
            found = declared(code)
        return Answer(found.table, found.lines)
    except Fault as fault:
        return Answer(problems=[sent(problem) for problem in fault.problems])
    except Overtime as stop:
        return Answer(problems=[sent(_overtime(stop, code, seconds))])


def _overtime(stop: BaseException, code: Code, seconds: float) -> Problem:
    file, line, trace = code.main.file, 0, stop.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in code.files:
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return Problem(file, line, ENDLESS, {"seconds": seconds})


@contextlib.contextmanager
def _limited(seconds: float) -> Any:
    """Raises Overtime when the time is up; what even that cannot stop is stopped by the system a second later."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    alarms = iter((Overtime,))

    def up(number: int, frame: Any) -> None:
        for alarm in alarms:
            raise alarm
        os._exit(OVERTIME)  # the first was caught by an `except` of everything

    signal.signal(signal.SIGALRM, up)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    _walled(seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def _walled(seconds: float) -> None:
    """The system's own limits: processor time for what no exception reaches, and memory."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open("/proc/self/statm") as file:
            taken = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, taken + ROOM))


def read(file: str) -> Code:
    """The texts of a scene's file. Raises Fault."""
    from pathlib import Path

    from installation.library import Library

    return Library([]).code(Path(file))


def main() -> int:
    """Answers on what was stdout: whatever an artist prints goes to stderr. 0 with a table, 1 with problems."""
    given = sys.argv[1:]
    if len(given) != 1 or given[0].startswith("--"):
        print("usage: python -m installation.declare FILE", file=sys.stderr)
        return 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.dup(1)
    os.dup2(2, 1)
    try:
        code = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Code) if given[0] == "-" else read(given[0])
        found = answer(code)
    except Fault as fault:
        found = Answer(problems=[sent(problem) for problem in fault.problems])
    except msgspec.MsgspecError:
        return 2  # nothing came: who asked has gone
    with os.fdopen(out, "wb") as pipe:
        pipe.write(msgspec.json.encode(found))
        pipe.flush()
        # Threads that the file has left behind are not waited for.
        os._exit(1 if found.problems else 0)


if __name__ == "__main__":
    sys.exit(main())
