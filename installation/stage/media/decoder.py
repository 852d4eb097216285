"""The child that decodes: `python -m installation.stage.media.decoder`, asked on its standard input by `decoding`.

A line of JSON is an order: {"order": n, "kind": "image" | "video" | "text", …}, {"drop": n} or {"poke": n}. Answers
are lines too: {"to": n, …}; an empty line is a sign of life. Films have a thread each, images two in all, texts one,
so that a file that hangs holds up none of the others. When the pipe ends, the stage has ended, and so do we.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import shared_memory
from typing import Any

import msgspec

from installation.stage.media.bounds import Refusal
from installation.stage.pixels import untracked

BEAT = 0.5
_MEMORY = 12 << 30
"""Bytes of address space; whatever a file pretends to be, this machine is not brought down by it."""


class Child:
    """The orders in hand, and the way back."""

    def __init__(self, out: int) -> None:
        self._out, self._lock = out, threading.Lock()
        self._films: dict[int, Any] = {}
        self._dropped: set[int] = set()
        self._images: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._texts: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._made = 0
        for source in (self._images, self._images, self._texts):
            threading.Thread(target=self._serve, args=(source,), daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()

    def heard(self, order: dict[str, Any]) -> None:
        """Takes one line of the stage."""
        if "drop" in order:
            self._dropped.add(order["drop"])
            film = self._films.pop(order["drop"], None)
            if film is not None:
                film.stop()
        elif "poke" in order:
            film = self._films.get(order["poke"])
            if film is not None:
                film.wake.set()
        elif order["kind"] == "video":
            threading.Thread(target=self._film, args=(order,), daemon=True).start()
        else:
            (self._texts if order["kind"] == "text" else self._images).put(order)

    def say(self, **answer: Any) -> None:
        """One line to the stage; nothing at all is a sign of life."""
        line = (msgspec.json.encode(answer) if answer else b"") + b"\n"
        with self._lock:
            while line:
                line = line[os.write(self._out, line) :]

    def memory(self, size: int) -> shared_memory.SharedMemory:
        """New shared memory under a name of ours. Raises OSError."""
        with self._lock:
            self._made += 1
            number = self._made
        made = untracked(f"jml-{os.getpid()}-{number}", True, size)
        if hasattr(os, "posix_fallocate"):
            try:  # a full /dev/shm is told now, not by SIGBUS while the pixels are written
                os.posix_fallocate(made._fd, 0, size)  # type: ignore[attr-defined]
            except OSError:
                made.close()
                made.unlink()
                raise
        return made

    def _beat(self) -> None:
        while True:
            self.say()
            threading.Event().wait(BEAT)

    def _serve(self, orders: queue.SimpleQueue[dict[str, Any]]) -> None:
        while True:
            order = orders.get()
            if order["order"] not in self._dropped:
                self._guarded(order, self._still)

    def _film(self, order: dict[str, Any]) -> None:
        self._guarded(order, self._play)

    def _guarded(self, order: dict[str, Any], work: Callable[[dict[str, Any]], None]) -> None:
        """Does one order; whatever stops it is told to the stage and stops nothing else."""
        number = order["order"]
        self.say(to=number, begun=True)
        try:
            work(order)
        except Refusal as refusal:
            self.say(to=number, done=True, fault=refusal.fault, words=refusal.words)
        except (MemoryError, OSError) as stop:
            self.say(to=number, done=True, fault="memory", words={"why": str(stop) or type(stop).__name__})
        except Exception as stop:
            self.say(to=number, done=True, fault="unreadable", words={"why": f"{type(stop).__name__}: {stop}"})

    def _still(self, order: dict[str, Any]) -> None:
        if order["kind"] == "text":
            from installation.stage.media.typesetting import drawn
        else:
            from installation.stage.media.image_file import drawn
        pixels, told = drawn(order)
        for fault, words in told:
            self.say(to=order["order"], fault=fault, words=words)
        memory = self.memory(max(1, pixels.nbytes))
        assert memory.buf is not None
        memory.buf[: pixels.nbytes] = pixels.reshape(-1).data
        size = [pixels.shape[1], pixels.shape[0]]
        memory.close()
        self.say(to=order["order"], done=True, memory=memory.name, size=size)

    def _play(self, order: dict[str, Any]) -> None:
        from installation.stage.media.projector import Projector

        number = order["order"]
        projector = Projector(order, lambda **answer: self.say(to=number, **answer), self.memory)
        self._films[number] = projector
        if number not in self._dropped:
            projector.run()


def _bounded() -> None:
    """Limits what a hostile file may take, and steps back behind the stage."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def main() -> int:
    """Serves until the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    _bounded()
    try:
        child = Child(out)
        for line in sys.stdin.buffer:
            child.heard(msgspec.json.decode(line))
    except BrokenPipeError:
        pass
    os._exit(0)  # a thread that hangs in a file must not keep us


if __name__ == "__main__":
    sys.exit(main())
