"""The tables of Python scenes: each from a child that has run its text, and kept by the hash of that text.

A stage finds on disk what control has asked for: it must not wait for a child while it draws.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import msgspec

from installation import __version__, home
from installation.declare import ENDLESS, LIMIT, OVERTIME, Answer
from installation.score.code import Code, parsed
from installation.score.problem import Fault, Problem, Row, reported, sent

STARTING = 20.0
"""Seconds that a child may take to begin, on a machine that is busy."""
KEPT = 256
PACKAGE = Path(__file__).resolve().parent

DIED = Row(
    ("Python itself broke down while this file was read ({code})", "a file that can be read through",
     "take out what was added last; is a library at fault?"),
    ("Python s'est effondré à la lecture de ce fichier ({code})", "un fichier lisible jusqu'au bout",
     "retirez le dernier ajout ; une bibliothèque est-elle en cause ?"),
)  # fmt: skip
NO_CHILD = Row(
    ("no process can be started to read it: {reason}", "a free process", "close other programs and try again"),
    ("aucun processus ne peut être lancé pour le lire : {reason}", "un processus libre", "fermez d'autres programmes"),
)


class Tables:
    """Asks for tables and keeps them, in memory and under `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder, self._asks = folder, False
        self._known: dict[str, Answer] = {}
        self._waiting: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        """A process that is started anew asks for itself."""
        return Tables, (self._folder,)

    def table(self, code: Code) -> Answer:
        """What a scene declares. Raises Fault."""
        parsed(code)
        mark = marked(code)
        with self._one:
            found = self._known.get(mark) or self._read(mark)
            if found is None:
                found = self._asked(code)
                if not found.problems:  # what is at fault today may lack only a library
                    self._write(mark, found)
            self._known[mark] = found
        if found.problems:
            raise Fault([reported(one) for one in found.problems])
        return found

    def _asked(self, code: Code) -> Answer:
        """The child's answer, or why there is none."""
        try:
            child, self._waiting = self._waiting or started(), None
        except OSError as error:
            return _fault(code, NO_CHILD, reason=error.strerror)
        try:
            said, _ = child.communicate(msgspec.msgpack.encode(code), timeout=STARTING + LIMIT)
            return msgspec.json.decode(said, type=Answer)
        except subprocess.TimeoutExpired:
            return _fault(code, ENDLESS, seconds=LIMIT)
        except (msgspec.MsgspecError, OSError):
            # SIGXCPU: all the processor time that it may take.
            over = child.wait() in (-24, -9, OVERTIME)
            return _fault(code, ENDLESS, seconds=LIMIT) if over else _fault(code, DIED, code=child.returncode)
        finally:
            child.kill()
            child.wait()
            self._asks = True

    def _place(self, mark: str) -> Path:
        return (self._folder or home.home() / "tables") / f"{mark}.json"

    def _read(self, mark: str) -> Answer | None:
        try:
            return msgspec.json.decode(self._place(mark).read_bytes(), type=Answer)
        except (OSError, msgspec.MsgspecError):
            return None

    def _write(self, mark: str, found: Answer) -> None:
        """Keeps a table on disk; where there is no room for it, it is asked for again."""
        path = self._place(mark)
        with contextlib.suppress(OSError, ValueError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(msgspec.json.encode(found))
            os.replace(file.name, path)
            old = sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)[:-KEPT]
            for one in old:
                one.unlink(missing_ok=True)

    def prepare(self) -> None:
        """Has a child stand ready, once a table was asked for: whoever saves a scene waits for it. For idle moments."""
        if self._asks and self._waiting is None:
            with self._one, contextlib.suppress(OSError):
                self._waiting = self._waiting or started()

    def close(self) -> None:
        """Ends the child that stands ready."""
        if self._waiting is not None:
            self._waiting.kill()
            self._waiting.communicate()
            self._waiting = None


def _fault(of: Code, row: Row, **words: Any) -> Answer:
    return Answer(problems=[sent(Problem(of.main.file, 0, row, words))])


def started() -> subprocess.Popen[bytes]:
    """A child that waits for its texts. It finds this package from any folder, and nothing else in that."""
    paths = [str(PACKAGE.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    command = [sys.executable, "-P", "-m", "installation.declare", "-"]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=nowhere, env=environment, bufsize=0
    )


def marked(code: Code) -> str:
    """A name for what these texts declare, to this version of the engine."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (__version__, sys.version, _engine(), code.main.path, code.main.file):
        digest.update(part.encode() + b"\0")
    digest.update(msgspec.msgpack.encode(code))
    return digest.hexdigest()


def _engine() -> str:
    """When what makes the tables was last written: an engine under work has no version."""
    files = (PACKAGE / "score" / f"{name}.py" for name in ("behaviour", "class_table", "code", "scene_table"))
    with contextlib.suppress(OSError):
        return " ".join(str(file.stat().st_mtime_ns) for file in files)
    return ""
